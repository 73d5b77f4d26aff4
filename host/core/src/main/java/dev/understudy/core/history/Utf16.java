package dev.understudy.core.history;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Text in UTF-16, as the redirections and editors of Windows write it, with a byte order mark and without one. Task
 * sources never see it: they are given the same text in UTF-8.
 */
enum Utf16 {
    LITTLE_ENDIAN(StandardCharsets.UTF_16LE),
    BIG_ENDIAN(StandardCharsets.UTF_16BE);

    private static final char MARK = '\uFEFF';
    private static final int MARK_BYTES = 2;
    private static final int BUFFER_CHARS = 8192;

    private final Charset charset;

    Utf16(Charset charset) {
        this.charset = charset;
    }

    /**
     * The one in which a file is written that begins so; none if it is no text in UTF-16. What has no mark is one if
     * all of it can be read as lines and most of it is ASCII, as commands and JSON are in any language: no binary file
     * and no history of ksh, which also holds NUL characters, looks so.
     */
    static Optional<Utf16> of(byte[] head) {
        for (Utf16 order : values()) {
            boolean marked = order.marks(head);
            String text = order.decode(head, marked ? MARK_BYTES : 0);
            if (marked && head.length == MARK_BYTES) return Optional.of(order);
            if (text.isEmpty() || !text.chars().allMatch(Utf16::isText)) continue;
            if (marked
                    || (text.indexOf('\n') >= 0
                            && text.chars().filter(c -> c < 0x80).count() * 2 > text.length()))
                return Optional.of(order);
        }
        return Optional.empty();
    }

    /** Whether a file that begins so says that it is UTF-16, be it or not. */
    static boolean isMarked(byte[] head) {
        return LITTLE_ENDIAN.marks(head) || BIG_ENDIAN.marks(head);
    }

    private boolean marks(byte[] head) {
        return head.length >= MARK_BYTES && unit(head, 0) == MARK;
    }

    private static boolean isText(int c) {
        return c >= ' ' ? c != 0x7f && c != 0xFFFE : c == '\n' || c == '\r' || c == '\t' || c == 0x1b;
    }

    /** The text; empty if the bytes are none. A pair that the end of the head cuts in two counts as none of it. */
    private String decode(byte[] head, int from) {
        int to = head.length - (head.length - from) % 2;
        if (to - from >= 2 && Character.isHighSurrogate(unit(head, to - 2))) to -= 2;
        try {
            return charset.newDecoder()
                    .decode(ByteBuffer.wrap(head, from, to - from))
                    .toString();
        } catch (CharacterCodingException none) {
            return "";
        }
    }

    private char unit(byte[] bytes, int at) {
        return new String(bytes, at, 2, charset).charAt(0);
    }

    /** The head in UTF-8, without the mark. */
    byte[] toUtf8(byte[] head) {
        return decode(head, marks(head) ? MARK_BYTES : 0).getBytes(StandardCharsets.UTF_8);
    }

    /** The whole file in UTF-8, without the mark; what is malformed further on in it becomes U+FFFD. */
    InputStream toUtf8(byte[] head, InputStream rest) throws IOException {
        var whole = new SequenceInputStream(new ByteArrayInputStream(head), rest);
        if (marks(head)) whole.skipNBytes(MARK_BYTES);
        return new Utf8Stream(new InputStreamReader(whole, charset));
    }

    /** The characters of a reader, which gives the two halves of a pair together, as UTF-8. */
    private static final class Utf8Stream extends InputStream {
        private final Reader reader;
        private final char[] chars = new char[BUFFER_CHARS];
        private ByteBuffer bytes = ByteBuffer.allocate(0);

        Utf8Stream(Reader reader) {
            this.reader = reader;
        }

        private boolean fill() throws IOException {
            while (!bytes.hasRemaining()) {
                int count = reader.read(chars);
                if (count < 0) return false;
                bytes = StandardCharsets.UTF_8.encode(CharBuffer.wrap(chars, 0, count));
            }
            return true;
        }

        @Override
        public int read() throws IOException {
            return fill() ? bytes.get() & 0xFF : -1;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (length == 0) return 0;
            if (!fill()) return -1;
            int count = Math.min(length, bytes.remaining());
            bytes.get(target, offset, count);
            return count;
        }
    }
}
