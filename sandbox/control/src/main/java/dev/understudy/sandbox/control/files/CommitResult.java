package dev.understudy.sandbox.control.files;

import java.util.List;

/** How a commit or an undo ended. Unless it is {@link Committed}, nothing has changed. */
public sealed interface CommitResult {

    /** All changes stand. */
    record Committed() implements CommitResult {}

    /**
     * Files are not any more what they were when the run saw them, or since the run changed them.
     *
     * @param reasons one line for each, with the path and what is different
     */
    record Conflict(List<String> reasons) implements CommitResult {
        public Conflict {
            reasons = List.copyOf(reasons);
        }
    }

    /** The machine or the configuration does not allow it; {@code reason} says why and how to mend it. */
    record Refused(String reason) implements CommitResult {}
}
