package dev.understudy.sandbox.control.files;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.util.Optional;

/** Tells text from other data and finds its encoding. */
final class PlainText {
    /** Of a hundred characters of text, at most this many are control characters other than white space. */
    private static final int MAX_CONTROLS_PERCENT = 2;

    private PlainText() {}

    /**
     * The text of a file: UTF-16 by its byte order mark, else UTF-8, else ISO 8859-1, in which every byte is something.
     * Empty if it holds a zero byte or too many control characters.
     */
    static Optional<String> decode(byte[] bytes) {
        if (startsWith(bytes, 0xFF, 0xFE)) return decode(bytes, 2, UTF_16LE);
        if (startsWith(bytes, 0xFE, 0xFF)) return decode(bytes, 2, UTF_16BE);
        for (byte each : bytes) if (each == 0) return Optional.empty();
        int mark = startsWith(bytes, 0xEF, 0xBB, 0xBF) ? 3 : 0;
        return decode(bytes, mark, UTF_8).or(() -> decode(bytes, 0, ISO_8859_1));
    }

    private static boolean startsWith(byte[] bytes, int... mark) {
        if (bytes.length < mark.length) return false;
        for (int i = 0; i < mark.length; i++) if ((bytes[i] & 0xFF) != mark[i]) return false;
        return true;
    }

    private static Optional<String> decode(byte[] bytes, int from, Charset charset) {
        try {
            String text = charset.newDecoder()
                    .decode(ByteBuffer.wrap(bytes, from, bytes.length - from))
                    .toString();
            long controls = text.chars().filter(PlainText::isControl).count();
            return controls * 100 > (long) text.length() * MAX_CONTROLS_PERCENT ? Optional.empty() : Optional.of(text);
        } catch (CharacterCodingException _) {
            return Optional.empty();
        }
    }

    private static boolean isControl(int character) {
        return Character.isISOControl(character) && !Character.isWhitespace(character);
    }
}
