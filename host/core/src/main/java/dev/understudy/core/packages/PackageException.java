package dev.understudy.core.packages;

/** A package cannot be had as it is asked for; the message says why, in words that stand after a colon. */
final class PackageException extends Exception {
    private static final long serialVersionUID = 1;

    PackageException(String message) {
        super(message);
    }
}
