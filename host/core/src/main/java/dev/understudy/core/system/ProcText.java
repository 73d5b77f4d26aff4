package dev.understudy.core.system;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads a small file of {@code /proc} word by word, without making an object for each. Used by one thread.
 *
 * <p>Past a line's end, words are empty and numbers 0: a kernel that tells less than we know of is no error.
 */
final class ProcText {
    private static final int MAX_BYTES = 1 << 20;

    private byte[] bytes = new byte[4096];
    private int size;
    private int position;

    /** Reads the file and goes to its start. */
    void open(String file) throws IOException {
        size = 0;
        position = 0;
        try (var in = new FileInputStream(file)) {
            int read;
            while ((read = in.read(bytes, size, bytes.length - size)) > 0) {
                size += read;
                if (size == bytes.length) {
                    if (size >= MAX_BYTES) throw new IOException(file + " has more than " + MAX_BYTES + " bytes");
                    bytes = Arrays.copyOf(bytes, size * 2);
                }
            }
        }
    }

    /** Forgets what was read: there is no more. */
    void close() {
        size = 0;
        position = 0;
    }

    /** Whether the end has not been reached. */
    boolean hasMore() {
        return position < size;
    }

    void nextLine() {
        while (position < size && bytes[position] != '\n') position++;
        position++;
    }

    /** Goes behind the last place of a character; stays if it is not there. */
    void skipPastLast(char character) {
        for (int i = size - 1; i >= position; i--) {
            if (bytes[i] != character) continue;
            position = i + 1;
            return;
        }
    }

    void skipWords(int count) {
        for (int i = 0; i < count; i++) {
            skipSpaces();
            while (position < size && bytes[position] > ' ') position++;
        }
    }

    String word() {
        skipSpaces();
        int start = position;
        while (position < size && bytes[position] > ' ') position++;
        return text(start, position);
    }

    /** The text from here to a character of this line, without spaces around it; goes behind the character. */
    String wordUntil(char character) {
        skipSpaces();
        int start = position;
        while (position < size && bytes[position] != character && bytes[position] != '\n') position++;
        String word = text(start, position);
        if (position < size && bytes[position] == character) position++;
        return word;
    }

    /** The text between the first and the last place of two characters; goes behind the last. */
    String between(char first, char last) {
        while (position < size && bytes[position] != first) position++;
        int start = Math.min(position + 1, size);
        skipPastLast(last);
        return text(start, Math.max(start, position - 1));
    }

    /** A decimal number; goes behind its word. Numbers beyond 63 bits are cut. */
    long number() {
        skipSpaces();
        boolean negative = position < size && bytes[position] == '-';
        if (negative) position++;
        long number = 0;
        while (position < size && bytes[position] >= '0' && bytes[position] <= '9')
            number = number * 10 + (bytes[position++] - '0');
        while (position < size && bytes[position] > ' ') position++;
        return negative ? -number : number & Long.MAX_VALUE;
    }

    private void skipSpaces() {
        while (position < size && (bytes[position] == ' ' || bytes[position] == '\t')) position++;
    }

    private String text(int start, int end) {
        return new String(bytes, start, end - start, StandardCharsets.UTF_8);
    }
}
