package dev.understudy.sandbox.control.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The symbolic links that runs have made, each with what the run was granted. The links on the way to a granted path are
 * followed as those of the person who granted it; one that a run has made is not that, and gives no run more than the one
 * that made it had. A link is known by its identity, wherever it is moved, and forgotten once it is replaced by another.
 *
 * <p>Used by one thread of one process at a time, under the lock of commits, but for {@link #read}.
 */
final class MadeLinks {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** From here on, links that are gone are dropped. */
    private static final int MANY = 1000;

    private final Path file;

    MadeLinks(Path file) {
        this.file = file;
    }

    /**
     * One link.
     *
     * @param path where it was made
     * @param key its identity, with its time, since a file system gives the number of a deleted file to a new one
     * @param granted what the run that made it could read or write
     */
    record Made(String path, String key, String modified, List<String> granted) {
        Made {
            granted = List.copyOf(granted);
        }

        boolean is(HostStatus status) {
            return status.kind() == FileView.Kind.SYMBOLIC_LINK
                    && status.key().equals(key)
                    && status.modified().toString().equals(modified);
        }

        boolean is(Journal.Side side) {
            return side.is(Journal.Side.Kind.LINK)
                    && side.key().equals(key)
                    && side.modified().equals(modified);
        }

        boolean mayLeadTo(Path path) {
            return granted.stream().anyMatch(path::startsWith);
        }
    }

    /** All that is known now. */
    List<Made> read() throws IOException {
        List<Made> all = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(file)) {
                try {
                    all.add(JSON.readValue(line, Made.class));
                } catch (JsonProcessingException _) {
                    // The line that a full disk or a crash has cut short; the commit that wrote it did not come to
                    // pass.
                }
            }
        } catch (NoSuchFileException _) {
            return List.of();
        }
        return all;
    }

    static Optional<Made> find(List<Made> all, HostStatus status) {
        return all.stream().filter(each -> each.is(status)).findFirst();
    }

    /** Is on the disk when this returns. */
    void add(List<Made> links) throws IOException {
        if (links.isEmpty()) return;
        List<Made> all = new ArrayList<>(read());
        boolean many = all.size() > MANY;
        if (many) all.removeIf(each -> !isThere(each));
        all.addAll(links);
        var text = new StringBuilder();
        for (Made each : many ? all : links)
            text.append(JSON.writeValueAsString(each)).append('\n');
        Path target = many ? file.resolveSibling(file.getFileName() + ".new") : file;
        if (many) Files.deleteIfExists(target);
        try (FileChannel channel = FileChannel.open(
                target,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            // Behind what may have been cut short.
            var bytes = StandardCharsets.UTF_8.encode((many || channel.size() == 0 ? "" : "\n") + text);
            while (bytes.hasRemaining()) channel.write(bytes);
            channel.force(true);
        }
        if (many) Files.move(target, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static boolean isThere(Made link) {
        try {
            return link.is(HostStatus.read(FileNames.onDisk(Path.of(link.path)), LinkOption.NOFOLLOW_LINKS));
        } catch (IOException _) {
            return false;
        }
    }
}
