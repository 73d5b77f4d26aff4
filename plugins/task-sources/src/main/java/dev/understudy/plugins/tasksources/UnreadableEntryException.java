package dev.understudy.plugins.tasksources;

/** An entry that cannot be read; the message is for people and holds nothing of the entry's text. */
final class UnreadableEntryException extends Exception {

    enum Cause {
        /** More text could make it readable: a quote or a substitution is still open. */
        INCOMPLETE,
        MALFORMED
    }

    private final transient Cause kind;

    UnreadableEntryException(Cause kind, String reason) {
        // Broken lines come by the million at worst, and nobody reads where in the reader they were noticed.
        super(reason, null, false, false);
        this.kind = kind;
    }

    boolean incomplete() {
        return kind == Cause.INCOMPLETE;
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
