package dev.understudy.sandbox.control.files;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A folder of the host as a value: each path below it with kind, permissions and content. */
public final class Tree {
    private Tree() {}

    public static Map<String, String> of(Path root) throws IOException {
        Map<String, String> tree = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                if (!path.equals(root)) tree.put(root.relativize(path).toString(), describe(path));
            }
        }
        return tree;
    }

    private static String describe(Path path) throws IOException {
        if (Files.isSymbolicLink(path)) return "link to " + Files.readSymbolicLink(path);
        int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        String permissions = Integer.toOctalString(mode & 07777);
        if (Files.isDirectory(path)) return "folder " + permissions;
        if (!Files.isRegularFile(path)) return "special " + permissions;
        return "file " + permissions + " " + Files.readString(path, ISO_8859_1);
    }

    public static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                Files.copy(
                        path,
                        to.resolve(from.relativize(path)),
                        LinkOption.NOFOLLOW_LINKS,
                        StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }
}
