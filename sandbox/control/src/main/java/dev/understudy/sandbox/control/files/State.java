package dev.understudy.sandbox.control.files;

import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What is at a path before or after a run. */
sealed interface State {
    enum Absent implements State {
        ABSENT
    }

    /** Permissions are the lowest twelve bits of the mode. */
    record Folder(int mode, Instant modified, Time time, Traits traits) implements State {}

    record File(Content content, long size, int mode, Instant modified, Traits traits) implements State {}

    /** A link's own time is null where it came about. */
    record Link(Path target, @Nullable Instant modified, Traits traits) implements State {
        boolean leadsAs(State other) {
            return other instanceof Link link && link.target.equals(target);
        }
    }

    /** Whether the time of a folder was chosen or simply came about. */
    enum Time {
        CHOSEN,
        INCIDENTAL
    }

    default boolean isFolder() {
        return this instanceof Folder;
    }

    default long size() {
        return switch (this) {
            case File file -> file.size;
            case Link link -> link.target.toString().length();
            case Absent _, Folder _ -> 0;
        };
    }
}
