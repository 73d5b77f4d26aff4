package dev.understudy.sandbox.control.files;

/** An operation on a view that did not work, with a code that the cell turns into its language's own error. */
public final class FileViewException extends Exception {
    private static final long serialVersionUID = 1;

    private final Code code;

    public FileViewException(Code code, String message) {
        super(message);
        this.code = code;
    }

    public Code code() {
        return code;
    }

    /** Why an operation did not work; the order is part of the wire format, so new ones go last. */
    public enum Code {
        NOT_FOUND,
        ALREADY_EXISTS,
        /** Outside the grants, or a write where only reading is granted. The message names the grant that would do. */
        NOT_GRANTED,
        NOT_A_DIRECTORY,
        IS_A_DIRECTORY,
        DIRECTORY_NOT_EMPTY,
        NOT_A_LINK,
        TOO_MANY_LINKS,
        BAD_HANDLE,
        LIMIT_EXCEEDED,
        INVALID,
        INPUT_OUTPUT,
        /** Longer than any file system takes, wherever it is to be. */
        NAME_TOO_LONG
    }
}
