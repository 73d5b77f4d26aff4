package dev.understudy.core.performance;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Files of traces as Protocol Buffers. */
final class TraceFile {
    private static final int PEEKED_BYTES = 256;
    private static final int MAX_MESSAGE_BYTES = 64 << 20;

    /** An object of which the first key, or nothing, follows; a message begins with a line feed, too. */
    private static final Pattern JSON = Pattern.compile("\\A(\\x{feff}|ï»¿)?\\s*\\{\\s*([\"}]|\\z)");

    private TraceFile() {}

    /** What a file holds. */
    enum Form {
        TEXT,
        /** Export requests, one after the other. */
        MESSAGES,
        /** Each after its length in four bytes, the highest first, as the OpenTelemetry collector writes them. */
        FRAMED_MESSAGES
    }

    static Form formOf(Path file) throws IOException {
        byte[] start;
        try (InputStream stream = Files.newInputStream(file)) {
            start = stream.readNBytes(PEEKED_BYTES);
        }
        if (start.length >= 5 && start[0] == 0 && start[4] == '\n') return Form.FRAMED_MESSAGES;
        boolean message = start.length > 0
                && start[0] == '\n'
                && !JSON.matcher(new String(start, StandardCharsets.ISO_8859_1)).find();
        return message ? Form.MESSAGES : Form.TEXT;
    }

    /**
     * Reads a file of messages, however long it is.
     *
     * @throws InvalidProtocolBufferException if it holds something else
     */
    static void read(Path file, Consumer<OtlpJson.Spans> taker) throws IOException {
        try (InputStream stream = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            if (formOf(file) == Form.MESSAGES) OtlpProtobuf.read(stream, taker);
            else readFramed(new DataInputStream(stream), Files.size(file), taker);
        }
    }

    private static void readFramed(DataInputStream data, long bytes, Consumer<OtlpJson.Spans> taker)
            throws IOException {
        for (long left = bytes; left > 0; ) {
            int length = left < Integer.BYTES ? -1 : data.readInt();
            left -= Integer.BYTES;
            if (length < 0 || length > MAX_MESSAGE_BYTES || length > left)
                throw new InvalidProtocolBufferException("a message has " + length + " bytes");
            taker.accept(OtlpProtobuf.read(data.readNBytes(length)));
            left -= length;
        }
    }
}
