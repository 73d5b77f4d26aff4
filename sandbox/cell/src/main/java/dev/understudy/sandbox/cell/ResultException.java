package dev.understudy.sandbox.cell;

/** A script's result or contract is not as it must be; the message is for its author. */
final class ResultException extends Exception {
    private static final long serialVersionUID = 1;

    private final String forAuthor;

    ResultException(String forAuthor) {
        super(forAuthor);
        this.forAuthor = forAuthor;
    }

    String forAuthor() {
        return forAuthor;
    }
}
