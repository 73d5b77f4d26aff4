package dev.understudy.core.triggers;

import dev.understudy.sandbox.control.files.FileNames;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The files that a path trigger means.
 *
 * @param path a file or a folder; absolute
 * @param names which of a folder's files are meant
 * @param hidden whether those whose name starts with a dot are
 */
record WatchedFiles(Path path, PathMatcher names, boolean hidden) {

    static WatchedFiles of(Trigger.FileChange trigger, Path userHome) {
        String text = trigger.path();
        Path path = text.equals("~")
                ? userHome
                : text.startsWith("~/") ? userHome.resolve(text.substring(2)) : Path.of(text);
        PathMatcher names = FileSystems.getDefault().getPathMatcher("glob:" + trigger.pattern());
        return new WatchedFiles(
                path.toAbsolutePath().normalize(), names, trigger.pattern().startsWith("."));
    }

    /** The folder whose events matter. */
    Path folder() {
        Path parent = path.getParent();
        return parent == null || Files.isDirectory(path) ? path : parent;
    }

    /**
     * Fingerprints of all that is there, by path.
     *
     * @param wasFile whether a single file has been there: it may come and go, but a folder that went away is missed
     * @throws IOException if the folder is not there or cannot be read
     */
    Map<String, String> list(boolean wasFile) throws IOException {
        var listing = new TreeMap<String, String>();
        if (!Files.isDirectory(path)) {
            if (!Files.exists(path) && !wasFile) throw new NoSuchFileException(path.toString());
            put(listing, path);
            return listing;
        }
        try (var entries = Files.newDirectoryStream(path)) {
            for (Path file : entries) {
                Path name = file.getFileName();
                if (names.matches(name) && (hidden || !name.toString().startsWith("."))) put(listing, file);
            }
        } catch (java.nio.file.DirectoryIteratorException e) {
            throw e.getCause();
        }
        return listing;
    }

    private static void put(Map<String, String> listing, Path file) {
        String fingerprint = fingerprint(file);
        if (fingerprint != null) listing.put(FileNames.text(file), fingerprint);
    }

    /** Tells one state of a regular file from another; null if it is none, or went away. */
    static @Nullable String fingerprint(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(FileNames.onDisk(file), BasicFileAttributes.class);
            if (!attributes.isRegularFile()) return null;
            return attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS) + " " + attributes.size() + " "
                    + attributes.fileKey();
        } catch (IOException _) {
            return null;
        }
    }

    /** When the file was last written or renamed, which nobody can set to an earlier time; {@code now} if that is unknown. */
    static Instant written(Path file, Instant now) {
        try {
            return Files.getAttribute(file, "unix:ctime") instanceof FileTime time ? time.toInstant() : now;
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException _) {
            return now;
        }
    }

    /** When the file of a fingerprint was modified, in nanoseconds of the epoch. */
    static long modified(String fingerprint) {
        return Long.parseLong(fingerprint.substring(0, fingerprint.indexOf(' ')));
    }

    /** The path without links, or as it is where that cannot be told. */
    static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException _) {
            return path.toAbsolutePath().normalize();
        }
    }
}
