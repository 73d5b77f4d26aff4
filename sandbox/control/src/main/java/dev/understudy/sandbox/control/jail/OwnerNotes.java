package dev.understudy.sandbox.control.jail;

import dev.understudy.sandbox.control.files.FileView;
import dev.understudy.sandbox.control.files.FileView.Kind;
import dev.understudy.sandbox.control.files.FileView.Links;
import dev.understudy.sandbox.control.files.FileViewException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a jailed script has noted of owners, for a host that is root: in the jail all files belong to the jail's user, and what
 * a program keeps of owners as root it cannot keep there. The notes are words that each end with a NUL:
 *
 * <ul>
 *   <li>{@code like}, a file or folder, another: the second gets the owner that the first had when the run began, a folder its
 *       set-group-ID and sticky bits as well, and what is in it likewise
 *   <li>{@code moved}, from where, to where: what is there now is what was there
 *   <li>{@code is}, user, its number, group, its number, a path: owned by them, by name where the machine knows the name
 * </ul>
 *
 * <p>A script that lies gives away what it could write anyway. Used by one thread.
 */
final class OwnerNotes {
    /** In the folder of the result. */
    static final String FILE = "owners";

    private static final long MAX_BYTES = 32L << 20;
    private static final int FOLDER_BITS = 03000;
    private static final Path USERS = Path.of("/etc/passwd");
    private static final Path GROUPS = Path.of("/etc/group");

    private final Map<Path, Path> moved = new HashMap<>();
    private final List<Like> likes = new ArrayList<>();
    private final List<Is> owners = new ArrayList<>();
    private final Map<Path, FileView.Attributes> before = new HashMap<>();
    private final Map<String, OptionalInt> numbers = new HashMap<>();

    private record Like(Path original, Path path) {}

    private record Is(String user, int uid, String group, int gid, Path path) {}

    private OwnerNotes() {}

    /** What was noted in a folder that the jail could write to; nothing where the notes are no such words. */
    static OwnerNotes read(Path folder) throws IOException {
        var notes = new OwnerNotes();
        Path file = folder.resolve(FILE);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > MAX_BYTES) return notes;
        try (InputStream stream = Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            notes.take(new String(stream.readAllBytes(), StandardCharsets.UTF_8).split("\0", -1));
        } catch (InvalidPathException | NumberFormatException _) {
            // The words before count.
            return notes;
        }
        return notes;
    }

    static OwnerNotes none() {
        return new OwnerNotes();
    }

    private void take(String... words) {
        int at = 0;
        while (at + 2 < words.length) {
            switch (words[at]) {
                case "like" -> likes.add(new Like(path(words[at + 1]), path(words[at + 2])));
                case "moved" -> moved.put(path(words[at + 2]), path(words[at + 1]));
                case "is" -> {
                    if (at + 5 >= words.length) return;
                    owners.add(new Is(
                            words[at + 1],
                            Integer.parseInt(words[at + 2]),
                            words[at + 3],
                            Integer.parseInt(words[at + 4]),
                            path(words[at + 5])));
                    at += 3;
                }
                default -> {
                    return;
                }
            }
            at += 3;
        }
    }

    private static Path path(String text) {
        Path path = Path.of(text).normalize();
        if (!path.isAbsolute()) throw new InvalidPathException(text, "not absolute");
        return path;
    }

    /** Where what is at a path now was before; empty if it was not moved there. */
    Optional<Path> movedFrom(Path path) {
        return Optional.ofNullable(moved.get(path));
    }

    /** To be called before the view learns of what the run did, which may have taken the originals away. */
    void remember(FileView view) throws FileViewException {
        for (Like like : likes) {
            Optional<FileView.Attributes> original = found(view, like.original);
            if (original.isPresent()) before.put(like.original, original.get());
        }
    }

    /** Gives the owners that were noted. */
    void apply(FileView view) throws FileViewException {
        for (Like like : likes) {
            FileView.Attributes original = before.get(like.original);
            if (original != null) apply(view, like.original, original, like.path);
        }
        for (Is is : owners)
            give(
                    view,
                    is.path,
                    number(USERS, is.user).orElse(is.uid),
                    number(GROUPS, is.group).orElse(is.gid));
    }

    private void apply(FileView view, Path original, FileView.Attributes of, Path path) throws FileViewException {
        Optional<FileView.Attributes> there = found(view, path);
        if (there.isEmpty()) return;
        give(view, path, of.uid(), of.gid());
        if (of.kind() != Kind.DIRECTORY || there.get().kind() != Kind.DIRECTORY) return;
        // Nor can the jail make a folder that gives its group to what is in it.
        int bits = of.posixMode() & FOLDER_BITS;
        if ((there.get().posixMode() & bits) != bits)
            view.setAttributes(path, null, there.get().posixMode() | bits);
        for (String name : view.list(original)) {
            Optional<FileView.Attributes> child = found(view, original.resolve(name));
            if (child.isPresent()) apply(view, original.resolve(name), child.get(), path.resolve(name));
        }
    }

    private static Optional<FileView.Attributes> found(FileView view, Path path) throws FileViewException {
        try {
            return view.find(path, Links.NOFOLLOW);
        } catch (FileViewException refused) {
            if (refused.code() == FileViewException.Code.NOT_GRANTED) return Optional.empty();
            throw refused;
        }
    }

    private static void give(FileView view, Path path, int uid, int gid) throws FileViewException {
        try {
            view.setOwner(path, uid, gid);
        } catch (FileViewException refused) {
            switch (refused.code()) {
                // What was noted is not there, or none of the run's.
                case NOT_FOUND, NOT_GRANTED, NOT_A_DIRECTORY, INVALID -> {}
                default -> throw refused;
            }
        }
    }

    /** The number of a user or group, as {@code tar} looks it up; its lines begin with a name, a word and a number. */
    private OptionalInt number(Path table, String name) {
        return numbers.computeIfAbsent(table + ":" + name, _ -> {
            try {
                for (String line : Files.readAllLines(table)) {
                    String[] fields = line.split(":", -1);
                    if (fields.length > 2 && fields[0].equals(name)) return OptionalInt.of(Integer.parseInt(fields[2]));
                }
            } catch (IOException | NumberFormatException _) {
                return OptionalInt.empty();
            }
            return OptionalInt.empty();
        });
    }
}
