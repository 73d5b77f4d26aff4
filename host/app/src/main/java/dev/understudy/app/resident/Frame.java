package dev.understudy.app.resident;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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

    /** The host wants what comes next of the standard input, at most so many bytes as the content says, in four bytes. */
    static final byte READ = 'R';
    /** Of the standard input, as an answer to {@link #READ}; empty at its end. */
    static final byte INPUT = 'J';
    /** How many bytes could be read without waiting; asked by the host with nothing, answered in four bytes. */
    static final byte AVAILABLE = 'A';
    /** The host wants the terminal; answered with what {@link TerminalState} holds, or with nothing if there is none. */
    static final byte TERMINAL = 'T';
    /** How the terminal shall treat what is typed and shown: a byte of {@link TerminalState}. */
    static final byte MODE = 'M';
    /** The terminal has another size now: columns and rows, in four bytes each. */
    static final byte SIZE = 'Z';
    /** A signal has come, while the host has the terminal; the content is its name without SIG. */
    static final byte SIGNAL = 'G';

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
        return of(EXIT, code);
    }

    static Frame of(byte kind, int... numbers) {
        var content = ByteBuffer.allocate(numbers.length * Integer.BYTES);
        for (int each : numbers) content.putInt(each);
        return new Frame(kind, content.array());
    }

    static Frame of(byte kind, String text) {
        return new Frame(kind, text.getBytes(StandardCharsets.UTF_8));
    }

    /** @throws IOException if it holds none */
    int number() throws IOException {
        return number(0);
    }

    /** @throws IOException if it holds no more than {@code index} */
    int number(int index) throws IOException {
        if (content.length < (index + 1) * Integer.BYTES)
            throw new IOException("a message of kind " + kind + " without its number");
        return ByteBuffer.wrap(content).getInt(index * Integer.BYTES);
    }

    String text() {
        return new String(content, StandardCharsets.UTF_8);
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
