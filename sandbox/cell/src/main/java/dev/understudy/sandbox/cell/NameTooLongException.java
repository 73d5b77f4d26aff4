package dev.understudy.sandbox.cell;

import java.nio.file.FileSystemException;

/** A name that no file can have, so that none has it. */
final class NameTooLongException extends FileSystemException {
    private static final long serialVersionUID = 1;

    NameTooLongException(String path) {
        // By the system's own words Python knows it.
        super(path, null, "File name too long");
    }
}
