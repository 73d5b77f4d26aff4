package dev.understudy.sandbox.cell;

import dev.understudy.sandbox.protocol.ToCell;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Finds the paths that a pattern matches: {@link NamePattern} between slashes, {@code **} for any folders, which leads
 * through no link, alternatives in braces. A slash at its end asks for folders. A name that leads nowhere matches, too.
 */
final class PathPattern {
    private final GuestFiles files;
    private final TreeSet<String> found = new TreeSet<>();

    private PathPattern(GuestFiles files) {
        this.files = files;
    }

    /** The paths, sorted; {@code pattern} is absolute. */
    static List<String> find(GuestFiles files, String pattern) throws IOException {
        var paths = new PathPattern(files);
        for (String each : NamePattern.alternatives(pattern)) {
            var parts = new ArrayList<String>();
            for (String part : each.split("/+")) if (!part.isEmpty() && !part.equals(".")) parts.add(part);
            paths.search(Path.of("/"), parts, each.endsWith("/"));
        }
        return List.copyOf(paths.found);
    }

    private void search(Path at, List<String> parts, boolean foldersOnly) throws IOException {
        if (parts.isEmpty()) {
            if (!foldersOnly) found.add(at.toString());
            else if (isFolder(at)) found.add(at.toString().equals("/") ? "/" : at + "/");
            return;
        }
        String part = parts.getFirst();
        List<String> rest = parts.subList(1, parts.size());
        if (part.equals("**")) {
            below(at, rest, foldersOnly);
        } else if (!NamePattern.isPattern(part)) {
            Path next = at.resolve(NamePattern.plain(part));
            if (isThere(next)) search(next, rest, foldersOnly);
        } else {
            NamePattern names = NamePattern.of(part);
            for (String name : names(at)) if (names.matches(name)) search(at.resolve(name), rest, foldersOnly);
        }
    }

    /** Here and in all folders below; at the end of a pattern all that is there. */
    private void below(Path at, List<String> rest, boolean foldersOnly) throws IOException {
        if (!rest.isEmpty()) search(at, rest, foldersOnly);
        for (String name : names(at)) {
            if (name.startsWith(".")) continue;
            Path path = at.resolve(name);
            if (rest.isEmpty()) search(path, rest, foldersOnly);
            if (files.info(path, LinkOption.NOFOLLOW_LINKS).kind() == ToCell.FileKind.DIRECTORY)
                below(path, rest, foldersOnly);
        }
    }

    /** The names in a folder; none where there is no folder, or one that may not be looked into. */
    private List<String> names(Path folder) throws IOException {
        return isFolder(folder) ? files.names(folder) : List.of();
    }

    private boolean isThere(Path path) throws IOException {
        try {
            files.info(path, LinkOption.NOFOLLOW_LINKS);
            return true;
        } catch (NoSuchFileException | AccessDeniedException | NotDirectoryException | NameTooLongException _) {
            return false;
        }
    }

    private boolean isFolder(Path path) throws IOException {
        try {
            return files.info(path).kind() == ToCell.FileKind.DIRECTORY;
        } catch (FileSystemException _) {
            // Nothing there, not granted, or a link that leads in a circle.
            return false;
        }
    }
}
