package dev.understudy.plugins.tasksources;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * The lines of a stream as bytes, without their line ends ({@code \n} or {@code \r\n}) and without a byte order mark.
 *
 * <p>A run of NUL characters ends a line, too: no shell writes one, but a machine that crashes leaves them where the rest
 * of a line, or a whole block, was not yet on the disk, and what was written after that follows them.
 *
 * <p>A line is a range of {@link #buffer()} that holds until the next call of {@link #next()}.
 */
final class ByteLines {

    /** Longer lines are passed over, so that a file without line ends does not fill the memory. */
    static final int MAX_LINE_BYTES = 16 << 20;

    private final InputStream stream;
    private byte[] buffer = new byte[1 << 16];
    /** Where the bytes that are not yet given out begin and end. */
    private int position;

    private int limit;
    private boolean ended;
    private int start;
    private int end;
    private long number;
    private boolean tooLong;
    private boolean lineEnded = true;
    private boolean nulsSeen;

    ByteLines(InputStream stream) {
        this.stream = stream;
    }

    /** Moves to the next line; false at the end of the stream. */
    boolean next() throws IOException {
        while (nextPart()) if (end > start || lineEnded || tooLong) return true;
        return false;
    }

    private boolean nextPart() throws IOException {
        tooLong = false;
        int scanned = position;
        while (true) {
            int lineEnd = indexOfLineFeed(scanned);
            if (lineEnd >= 0) {
                give(lineEnd, lineEnd + 1);
                return true;
            }
            scanned = limit;
            if (ended) {
                if (position == limit) return false;
                give(limit, limit);
                return true;
            }
            if (limit - position > MAX_LINE_BYTES) {
                passOver();
                return true;
            }
            scanned -= fill();
        }
    }

    private int indexOfLineFeed(int from) {
        byte[] bytes = buffer;
        int to = limit;
        for (int i = from; i < to; i++) if (bytes[i] == '\n' || bytes[i] == 0) return i;
        return -1;
    }

    private void give(int lineEnd, int nextStart) {
        start = position;
        end = lineEnd > position && buffer[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd;
        position = nextStart;
        count(lineEnd < nextStart && buffer[lineEnd] == 0);
        boolean byteOrderMark = number == 1
                && end - start >= 3
                && buffer[start] == (byte) 0xEF
                && buffer[start + 1] == (byte) 0xBB
                && buffer[start + 2] == (byte) 0xBF;
        if (byteOrderMark) start += 3;
    }

    /** Drops the rest of a line that is too long. */
    private void passOver() throws IOException {
        while (true) {
            int lineEnd = indexOfLineFeed(position);
            position = lineEnd >= 0 ? lineEnd + 1 : limit;
            if (lineEnd >= 0 || ended) break;
            fill();
        }
        start = position;
        end = position;
        count(false);
        tooLong = true;
    }

    /** Counts a line, or the part of one that a NUL character ends. */
    private void count(boolean endedByNul) {
        if (lineEnded) number++;
        lineEnded = !endedByNul;
        nulsSeen |= endedByNul;
    }

    /** Reads more; returns by how much the bytes that were there moved towards the front. */
    private int fill() throws IOException {
        int moved = position;
        System.arraycopy(buffer, position, buffer, 0, limit - position);
        limit -= position;
        position = 0;
        if (limit == buffer.length) buffer = Arrays.copyOf(buffer, buffer.length * 2);
        int read = stream.read(buffer, limit, buffer.length - limit);
        if (read < 0) ended = true;
        else limit += read;
        return moved;
    }

    byte[] buffer() {
        return buffer;
    }

    int start() {
        return start;
    }

    int end() {
        return end;
    }

    /** The number of this line, counted from 1. */
    long number() {
        return number;
    }

    /** Whether this line was longer than {@value #MAX_LINE_BYTES} bytes; it is given as an empty one then. */
    boolean tooLong() {
        return tooLong;
    }

    /** Whether there were NUL characters, which are left out. */
    boolean nulsSeen() {
        return nulsSeen;
    }

    /** Whether this line holds nothing but blanks. */
    boolean blank() {
        for (int i = start; i < end; i++) if (buffer[i] != ' ' && buffer[i] != '\t') return false;
        return true;
    }
}
