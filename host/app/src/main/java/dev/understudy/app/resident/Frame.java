package dev.understudy.app.resident;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/** One message between a command and the host: a byte that tells its kind, the length of its content in four bytes, and that. */
final class Frame {
    /** A command that wants to be served. */
    static final byte REQUEST = 'Q';
    /** The person wants it to end. */
    static final byte END = 'I';
    /** The host shall end. */
    static final byte STOP = 'S';
    /** How the host stands. */
    static final byte STATUS = '?';
    /** The host has taken the command. */
    static final byte TAKEN = 'Y';
    /** The command shall work in its own process; the content says why. */
    static final byte NOT_SERVED = 'N';

    static final byte OUT = 'O';
    static final byte ERR = 'E';
    /** The command has ended; the content is its exit code, in four bytes. */
    static final byte EXIT = 'X';

    /** Arguments and environment together, as the system bounds them. */
    private static final int MAX_CONTENT = 8 << 20;

    private static final int HEAD = 5;

    private final byte kind;
    private final byte[] content;

    Frame(byte kind, byte... content) {
        this.kind = kind;
        this.content = content;
    }

    byte kind() {
        return kind;
    }

    byte[] content() {
        return content;
    }

    static Frame exit(int code) {
        return new Frame(EXIT, ByteBuffer.allocate(Integer.BYTES).putInt(code).array());
    }

    int number() {
        return ByteBuffer.wrap(content).getInt();
    }

    /** In one piece, so that frames of several threads never mix where they take turns. */
    void write(OutputStream stream) throws IOException {
        stream.write(ByteBuffer.allocate(HEAD + content.length)
                .put(kind)
                .putInt(content.length)
                .put(content)
                .array());
        stream.flush();
    }

    /** The next one; empty at the end of the stream. */
    static Optional<Frame> read(InputStream stream) throws IOException {
        int kind = stream.read();
        if (kind < 0) return Optional.empty();
        var data = new DataInputStream(stream);
        int length = data.readInt();
        if (length < 0 || length > MAX_CONTENT) throw new IOException("a message of " + length + " bytes");
        byte[] content = stream.readNBytes(length);
        if (content.length < length) throw new EOFException("a message that was cut off");
        return Optional.of(new Frame((byte) kind, content));
    }
}
