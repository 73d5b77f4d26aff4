package dev.understudy.app.mcp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Lines of a stream, of bounded length: what is longer is read away and not kept. Used by one thread. */
final class Lines {
    private final InputStream in;
    private final int maxBytes;
    private final byte[] buffer = new byte[8192];
    private int from;
    private int to;

    Lines(InputStream in, int maxBytes) {
        this.in = in;
        this.maxBytes = maxBytes;
    }

    /** A line without its end. */
    sealed interface Line {
        record Whole(String text) implements Line {}

        record TooLong() implements Line {}
    }

    /** The next line; empty at the end. A last line without an end counts, too. */
    Optional<Line> next() throws IOException {
        var bytes = new ByteArrayOutputStream();
        boolean tooLong = false;
        while (true) {
            if (from == to) {
                from = 0;
                to = Math.max(0, in.read(buffer));
                if (to == 0)
                    return bytes.size() == 0 && !tooLong ? Optional.empty() : Optional.of(line(bytes, tooLong));
            }
            int end = from;
            while (end < to && buffer[end] != '\n') end++;
            if (bytes.size() + end - from > maxBytes) {
                tooLong = true;
                bytes.reset();
            }
            if (!tooLong) bytes.write(buffer, from, end - from);
            boolean ended = end < to;
            from = ended ? end + 1 : end;
            if (ended) return Optional.of(line(bytes, tooLong));
        }
    }

    private static Line line(ByteArrayOutputStream bytes, boolean tooLong) {
        return tooLong
                ? new Line.TooLong()
                : new Line.Whole(bytes.toString(StandardCharsets.UTF_8).strip());
    }
}
