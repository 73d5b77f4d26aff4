package dev.understudy.sandbox.control.cells;

import dev.understudy.sandbox.control.ProcessIdentity;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A folder in which one process makes what others are to use. It says whose it is, so that what a process left there that
 * is gone, after a kill or a power cut, is removed by the next one that looks.
 */
public final class Workshop implements AutoCloseable {
    /** Of one process: its number stands in the name from the first moment on. */
    private static final Pattern OWN = Pattern.compile("(?:new|user)-(\\d{1,18})-.*");

    private static final String CLAIMED = "making-";

    /** Earlier versions' folders say nobody's name. */
    private static final Pattern WORKSHOP = Pattern.compile("(?:new|making|aot|unpack)-.*");

    private static final String OWNER = "owner";

    private final Path path;

    private Workshop(Path path) {
        this.path = path;
    }

    /** A new one of this process, which nobody else may read. */
    public static Workshop open(Path folder) throws IOException {
        Path path = Files.createTempDirectory(folder, ownPrefix("new"));
        Files.writeString(path.resolve(OWNER), ProcessIdentity.thisProcess().text());
        return new Workshop(path);
    }

    /** The only one for this purpose; empty while another process that lives has it. */
    static Optional<Workshop> claim(Path folder, String purpose) throws IOException {
        Path place = folder.resolve(CLAIMED + purpose);
        if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
            if (isInUse(place)) return Optional.empty();
            remove(place);
        }
        Workshop fresh = open(folder);
        try {
            // A folder that is not empty is never replaced, so of several that try at once one gets it.
            Files.move(fresh.path, place, StandardCopyOption.ATOMIC_MOVE);
            return Optional.of(new Workshop(place));
        } catch (IOException e) {
            fresh.close();
            if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) return Optional.empty();
            throw e;
        }
    }

    /** A file that says that this process uses a folder, until it is deleted or the process ends. */
    static Path markUse(Path folder) throws IOException {
        Path mark = Files.createTempFile(folder, ownPrefix("user"), "");
        return Files.writeString(mark, ProcessIdentity.thisProcess().text());
    }

    private static String ownPrefix(String kind) {
        return kind + "-" + ProcessHandle.current().pid() + "-";
    }

    public Path path() {
        return path;
    }

    /** Makes another process the owner, which then need not be outlived by this one. */
    void giveTo(ProcessHandle process) throws IOException {
        Path next = path.resolve(OWNER + ".new");
        Files.writeString(next, ProcessIdentity.of(process).text());
        Files.move(next, path.resolve(OWNER), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Removes it with all that is in it. */
    @Override
    public void close() throws IOException {
        remove(path);
    }

    /** Removes the workshops and marks in a folder whose processes are gone; whether any is left. */
    public static boolean sweep(Path folder) throws IOException {
        boolean inUse = false;
        for (Path entry : entries(folder)) {
            String name = entry.getFileName().toString();
            if (!WORKSHOP.matcher(name).matches() && !OWN.matcher(name).matches()) continue;
            if (isInUse(entry)) inUse = true;
            else remove(entry);
        }
        return inUse;
    }

    static List<Path> entries(Path folder) throws IOException {
        var entries = new ArrayList<Path>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
            all.forEach(entries::add);
        }
        return entries;
    }

    private static boolean isInUse(Path entry) {
        Optional<ProcessIdentity> owner = owner(entry);
        if (owner.isPresent()) return owner.get().lives();
        // Its process has just made it and not yet said more.
        Matcher own = OWN.matcher(entry.getFileName().toString());
        return own.matches()
                && ProcessHandle.of(Long.parseLong(own.group(1)))
                        .filter(ProcessHandle::isAlive)
                        .isPresent();
    }

    private static Optional<ProcessIdentity> owner(Path entry) {
        Path file = Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS) ? entry.resolve(OWNER) : entry;
        try {
            return ProcessIdentity.parse(Files.readString(file));
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    /** Removes a file, or a folder with all that is in it; what somebody else removes at the same time is no fault. */
    static void remove(Path root) throws IOException {
        if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) return;
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(path);
        } catch (java.io.UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
