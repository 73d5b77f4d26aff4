package dev.understudy.sandbox.control.files;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * Names of files as texts, whatever bytes they are made of. Linux allows any but NUL and the slash; Java's texts hold those
 * that are UTF-8. Each other byte stands here as a character of its own, from U+F780 for 0x80 to U+F7FF for 0xFF, in Unicode's
 * range for private use; a name that really holds such a character is written byte for byte in the same way, so that every
 * name has one text and the other way round.
 *
 * <p>All paths of a view and of a commit are made of such texts, which are turned where they meet the disk.
 */
public final class FileNames {
    private static final int BASE = 0xF700;
    private static final int FIRST = 0xF780;
    private static final int LAST = 0xF7FF;
    /** Linux's NAME_MAX. */
    private static final int MOST_BYTES = 255;

    private FileNames() {}

    /** The text of a path that Java got from the system. */
    public static String text(Path onDisk) {
        String usual = onDisk.toString();
        return usual.chars().anyMatch(c -> c == '\ufffd' || isByte(c)) ? decode(bytesOf(onDisk)) : usual;
    }

    /** The bytes of a name, for a system call. */
    static byte[] bytes(String text) {
        var bytes = new ByteArrayOutputStream(text.length() + 8);
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            if (!isByte(text.charAt(i))) continue;
            bytes.writeBytes(text.substring(start, i).getBytes(StandardCharsets.UTF_8));
            bytes.write(text.charAt(i) - BASE);
            start = i + 1;
        }
        bytes.writeBytes(text.substring(start).getBytes(StandardCharsets.UTF_8));
        return bytes.toByteArray();
    }

    /** A path made of such texts as Java's own, for what it does on the disk. */
    public static Path onDisk(Path path) {
        if (isUtf8(path)) return path;
        // The one way by which Java takes any bytes for a path.
        var uri = new StringBuilder("file://").append(path.isAbsolute() ? "" : "/");
        for (byte each : bytes(path.toString())) {
            if (each == '/') uri.append('/');
            else uri.append('%').append(HexFormat.of().toHexDigits(each));
        }
        Path whole = Path.of(URI.create(uri.toString()));
        return path.isAbsolute() ? whole : Path.of("/").relativize(whole);
    }

    /** Whether a path made of such texts can be named to a program, which takes UTF-8. */
    public static boolean isUtf8(Path path) {
        return path.toString().chars().noneMatch(FileNames::isByte);
    }

    /** Whether a name takes more bytes than one can have; a folder that is not on the disk yet does not say so. */
    static boolean isTooLong(String text) {
        // Of no character are more than three bytes made for each of Java's.
        return text.length() > MOST_BYTES / 3 && bytes(text).length > MOST_BYTES;
    }

    private static boolean isByte(int character) {
        return character >= FIRST && character <= LAST;
    }

    private static byte[] bytesOf(Path onDisk) {
        String encoded = Path.of("/").resolve(onDisk).toUri().getRawPath();
        var bytes = new ByteArrayOutputStream(encoded.length());
        for (int i = onDisk.isAbsolute() ? 0 : 1; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            if (c == '%') {
                bytes.write(HexFormat.fromHexDigits(encoded, i + 1, i + 3));
                i += 2;
            } else {
                bytes.write(c);
            }
        }
        return bytes.toByteArray();
    }

    private static String decode(byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        var text = new StringBuilder(bytes.length);
        while (true) {
            CharBuffer part = CharBuffer.allocate(bytes.length);
            CoderResult result = decoder.decode(in, part, true);
            appendPart(text, part.flip());
            if (!result.isError()) return text.toString();
            for (int i = 0; i < result.length(); i++) text.append((char) (BASE + (in.get() & 0xFF)));
        }
    }

    private static void appendPart(StringBuilder text, CharBuffer part) {
        for (char c : part.toString().toCharArray()) {
            if (isByte(c)) {
                for (byte each : String.valueOf(c).getBytes(StandardCharsets.UTF_8))
                    text.append((char) (BASE + (each & 0xFF)));
            } else {
                text.append(c);
            }
        }
    }
}
