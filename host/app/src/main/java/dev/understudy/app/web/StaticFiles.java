package dev.understudy.app.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * The pages' files, from the class path alone. A name has no dot at the beginning of a part and ends as one of the known types
 * does, so there is no way out and no folder to list. Safe for use by several threads.
 */
final class StaticFiles {
    private static final Pattern NAME =
            Pattern.compile("(?:[A-Za-z0-9_-][A-Za-z0-9._-]*/)*[A-Za-z0-9_-][A-Za-z0-9._-]*");
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html;charset=utf-8",
            "js", "text/javascript;charset=utf-8",
            "css", "text/css;charset=utf-8",
            "svg", "image/svg+xml",
            "png", "image/png",
            "ico", "image/x-icon",
            "txt", "text/plain;charset=utf-8");

    private final Map<String, Optional<File>> known = new ConcurrentHashMap<>();

    /** One file. */
    static final class File {
        private final byte[] bytes;
        private final String type;
        private final String tag;

        private File(byte[] bytes, String type) {
            this.bytes = bytes;
            this.type = type;
            this.tag = '"' + sha256(bytes).substring(0, 32) + '"';
        }

        /** Its content; not to be changed. */
        byte[] bytes() {
            return bytes;
        }

        String type() {
            return type;
        }

        /** Changes with its bytes. */
        String tag() {
            return tag;
        }
    }

    /** The file of this path; empty if there is none. {@code /} is the page itself. */
    Optional<File> find(String path) {
        String name = path.equals("/") ? "index.html" : path.substring(1);
        if (!NAME.matcher(name).matches()) return Optional.empty();
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        if (type == null) return Optional.empty();
        // What is not there is not remembered: its names are without end.
        Optional<File> found = known.get(name);
        if (found != null) return found;
        Optional<File> read = read(name, type);
        if (read.isPresent()) known.put(name, read);
        return read;
    }

    private static Optional<File> read(String name, String type) {
        try (InputStream stream = StaticFiles.class.getResourceAsStream("static/" + name)) {
            if (stream == null) return Optional.empty();
            return Optional.of(new File(stream.readAllBytes(), type));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of()
                    .formatHex(
                            java.security.MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
