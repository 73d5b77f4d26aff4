package dev.understudy.sandbox.protocol;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * Messages on a pair of pipes: four bytes of length, one byte of type, the fields in order. Reading is strict: a length
 * beyond the bound, an unknown type, text that is not UTF-8, a field out of range or a byte too many end the talk.
 *
 * <p>Several threads may write; one at a time may read.
 */
public final class Frames {
    /** The version of this protocol; both ends come from one build, so it only guards against mixed installations. */
    public static final int VERSION = 3;

    /** The most bytes that one read or write of a file carries. */
    public static final int CHUNK_BYTES = 64 * 1024;

    /** Bound for frames that carry neither a script nor a result: a chunk, or the names in a large folder. */
    public static final int USUAL_BOUND = 1 << 20;

    /** The most bytes that a program's input or a request's body has. */
    public static final int BODY_BYTES = 8 << 20;

    private final InputStream in;
    private final OutputStream out;
    private final Object writing = new Object();
    private final byte[] header = new byte[4];

    public Frames(InputStream in, OutputStream out) {
        this.in = new BufferedInputStream(in, 16 * 1024);
        this.out = out;
    }

    /** Writes a message and flushes it. */
    public void write(Message message) throws IOException {
        byte[] frame = Encoder.frame(message);
        synchronized (writing) {
            out.write(frame);
            out.flush();
        }
    }

    /**
     * Reads what a host says.
     *
     * @throws EOFException if the other end is gone
     */
    public ToCell readToCell(int boundBytes) throws IOException {
        return Decoder.toCell(body(boundBytes));
    }

    /**
     * Reads what a cell says.
     *
     * @throws EOFException if the other end is gone
     * @throws ProtocolException if it is no valid frame of at most {@code boundBytes}
     */
    public FromCell readFromCell(int boundBytes) throws IOException {
        return Decoder.fromCell(body(boundBytes));
    }

    /** Whether bytes have arrived that nobody has read. */
    public boolean pending() throws IOException {
        return in.available() > 0;
    }

    private byte[] body(int boundBytes) throws IOException {
        if (in.readNBytes(header, 0, 4) != 4) throw new EOFException("the other end has closed");
        int length = ByteBuffer.wrap(header).getInt();
        if (length < 1 || length > boundBytes)
            throw new ProtocolException(
                    "a frame of " + Integer.toUnsignedString(length) + " bytes, allowed are 1 to " + boundBytes);
        byte[] body = in.readNBytes(length);
        if (body.length != length) throw new EOFException("the other end has closed in the middle of a frame");
        return body;
    }
}
