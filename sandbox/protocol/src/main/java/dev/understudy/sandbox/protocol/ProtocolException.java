package dev.understudy.sandbox.protocol;

import java.io.IOException;

/** A frame that is malformed, too large, unknown, or out of order. Whoever sent it is not to be talked to again. */
public final class ProtocolException extends IOException {
    private static final long serialVersionUID = 1;

    public ProtocolException(String message) {
        super(message);
    }
}
