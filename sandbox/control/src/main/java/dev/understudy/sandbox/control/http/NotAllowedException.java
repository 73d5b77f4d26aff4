package dev.understudy.sandbox.control.http;

/** What the guest asked for is refused. */
final class NotAllowedException extends Exception {
    private static final long serialVersionUID = 1;

    private final String reason;

    NotAllowedException(String reason) {
        super(reason);
        this.reason = reason;
    }

    /** For the guest to read. */
    String reason() {
        return reason;
    }
}
