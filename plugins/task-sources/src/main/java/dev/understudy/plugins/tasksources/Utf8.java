package dev.understudy.plugins.tasksources;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Decodes UTF-8 so that no byte is lost.
 *
 * <p>A byte {@code b} that is no part of well-formed UTF-8 becomes the private use character U+EF00 + {@code b}, that is
 * U+EF80 to U+EFFF, and so do the bytes of well-formed characters of that very range. So different bytes give different
 * texts, and unlike a lone surrogate such a character passes through JSON and SQLite unharmed.
 */
final class Utf8 {

    private static final char RAW_BYTES = '\uEF00';
    private static final char FIRST_RAW_BYTE = '\uEF80';
    private static final char LAST_RAW_BYTE = '\uEFFF';

    private Utf8() {}

    static String decode(byte[] bytes, int from, int to) {
        // The JDK's own decoder is the fast way; a replacement character shows that this text may need the careful one.
        String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\uFFFD' || (c >= FIRST_RAW_BYTE && c <= LAST_RAW_BYTE)) return decodeCarefully(bytes, from, to);
        }
        return text;
    }

    private static String decodeCarefully(byte[] bytes, int from, int to) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer source = ByteBuffer.wrap(bytes, from, to - from);
        CharBuffer wellFormed = CharBuffer.allocate(to - from);
        var text = new StringBuilder(to - from);
        while (true) {
            CoderResult result = decoder.decode(source, wellFormed, true);
            appendWellFormed(wellFormed.flip(), text);
            if (!result.isError()) return text.toString();
            for (int i = 0; i < result.length(); i++) appendRaw(source.get(), text);
            wellFormed.clear();
        }
    }

    private static void appendWellFormed(CharBuffer characters, StringBuilder text) {
        while (characters.hasRemaining()) {
            char c = characters.get();
            if (c < FIRST_RAW_BYTE || c > LAST_RAW_BYTE) {
                text.append(c);
            } else {
                for (byte each : String.valueOf(c).getBytes(StandardCharsets.UTF_8)) appendRaw(each, text);
            }
        }
    }

    private static void appendRaw(byte each, StringBuilder text) {
        text.append((char) (RAW_BYTES + (each & 0xFF)));
    }
}
