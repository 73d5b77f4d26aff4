package dev.understudy.sandbox.control.files;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The folder in which one commit says what it is about to do and keeps what was there before.
 *
 * <p>It holds {@code journal}, a JSON object a line: the plan, then that all is prepared, then that all is done; and
 * before-images by number. Each line is on the disk before what it announces begins. A line without its line feed
 * counts as not written.
 */
final class Journal {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FILE = "journal";
    private static final String LEFTOVER = "deleted-";

    private final Path folder;

    Journal(Path folder) {
        this.folder = folder;
    }

    /** What a path was, is to be or became. Times are ISO 8601; what a kind does not have is zero or empty. */
    record Side(
            Kind kind,
            int mode,
            long size,
            String modified,
            String key,
            int uid,
            int gid,
            String target,
            Map<String, String> extended) {
        static final Side ABSENT = new Side(Kind.ABSENT, 0, 0, "", "", 0, 0, "", Map.of());

        Side {
            // Journals of earlier versions say nothing of them.
            extended = extended == null ? Map.of() : Map.copyOf(extended);
        }

        /** The same, made in a folder that gives what is made in it an access control list. */
        Side withInherited(byte[] folders, NewModes newModes) {
            // The umask does not count there, and these permissions are likely those that it has left.
            int usual = kind == Kind.FOLDER ? newModes.folder() : newModes.file();
            int all = kind == Kind.FOLDER ? 0777 : 0666;
            byte[] list = AccessLists.inherited(folders, mode == usual ? all : mode);
            Map<String, String> more = new HashMap<>(extended);
            more.put(Traits.ACCESS, Base64.getEncoder().encodeToString(list));
            return withMode((mode & 07000) | AccessLists.mode(list), more);
        }

        Side withMode(int other, Map<String, String> attributes) {
            return new Side(kind, other, size, modified, key, uid, gid, target, attributes);
        }

        enum Kind {
            ABSENT,
            FOLDER,
            FILE,
            LINK
        }

        boolean is(Kind other) {
            return kind == other;
        }
    }

    /**
     * The change of one path.
     *
     * @param act how it is brought about
     * @param temporary beside its target, where new content waits; empty if there is none
     * @param from where a renamed file was, or the first name of one with several; empty if neither
     * @param image number of the before-image; 0 if none is needed
     */
    record Step(String path, Side before, Side after, Act act, String temporary, String from, int image) {
        enum Act {
            /** New content, or none. */
            PUT,
            /** A file of the host that is renamed, inode and all. */
            RENAME,
            /** One more name of the file that {@code from} is after the commit. */
            LINK,
            /** Only permissions or times. */
            ATTRIBUTES
        }

        Path at() {
            return Path.of(path);
        }
    }

    record Plan(List<Step> steps, long imageBytes) {}

    /** What new content has been given as identity, step by step; empty where there is none. */
    record Prepared(List<String> keys) {}

    /** What each path is after the commit, step by step. */
    record Done(String committed, List<Side> sides) {
        Instant time() {
            return Instant.parse(committed);
        }
    }

    /** As far as a journal has got. */
    record Contents(Optional<Plan> plan, Optional<Prepared> prepared, Optional<Done> done) {}

    Path folder() {
        return folder;
    }

    Path image(int number) {
        return folder.resolve(Integer.toString(number));
    }

    void create(Plan plan) throws IOException {
        Files.createDirectory(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        append("plan", plan);
        sync(folder);
        Path parent = folder.getParent();
        if (parent != null) sync(parent);
    }

    void prepared(Prepared prepared) throws IOException {
        sync(folder);
        append("prepared", prepared);
    }

    void done(Done done) throws IOException {
        append("done", done);
    }

    private void append(String name, Object value) throws IOException {
        ObjectNode line = JSON.createObjectNode();
        line.set(name, JSON.valueToTree(value));
        ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        try (FileChannel channel = FileChannel.open(
                folder.resolve(FILE),
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            while (bytes.hasRemaining()) channel.write(bytes);
            channel.force(true);
        }
    }

    Contents read() throws IOException {
        String text;
        try {
            text = Files.readString(folder.resolve(FILE));
        } catch (NoSuchFileException _) {
            text = "";
        }
        Optional<Plan> plan = Optional.empty();
        Optional<Prepared> prepared = Optional.empty();
        Optional<Done> done = Optional.empty();
        String whole = text.substring(0, text.lastIndexOf('\n') + 1);
        for (String line : whole.lines().toList()) {
            JsonNode record = JSON.readTree(line);
            if (record.has("plan")) plan = Optional.of(JSON.treeToValue(record.get("plan"), Plan.class));
            if (record.has("prepared"))
                prepared = Optional.of(JSON.treeToValue(record.get("prepared"), Prepared.class));
            if (record.has("done")) done = Optional.of(JSON.treeToValue(record.get("done"), Done.class));
        }
        return new Contents(plan, prepared, done);
    }

    /** Deletes all of it; a kill in between leaves a folder that {@link #isLeftover} knows. */
    void delete() throws IOException {
        if (!Files.isDirectory(folder)) return;
        Path gone = folder.resolveSibling(LEFTOVER + folder.getFileName());
        Files.move(folder, gone, StandardCopyOption.ATOMIC_MOVE);
        deleteFlat(gone);
    }

    static boolean isLeftover(Path folder) {
        return folder.getFileName().toString().startsWith(LEFTOVER);
    }

    /** Deletes a folder that holds files only. */
    static void deleteFlat(Path folder) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) Files.delete(file);
        }
        Files.delete(folder);
    }

    static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
