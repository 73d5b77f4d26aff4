package dev.understudy.app.resident;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Where the host of a data home listens, as it wrote it down there: the launcher reads it, too.
 *
 * @param socket the path of its socket
 * @param build which build it is of
 */
public record HostAddress(Path socket, String build) {
    /** Linux takes 107 bytes and the end of the text, others fewer. */
    private static final int MAX_SOCKET_PATH = 100;

    /**
     * In a data home; a line each for the socket, the build, the Java that a command can ask it with, and the commands that it
     * serves.
     */
    public static final String FILE = "host/address";

    private static final String SOCKET = "socket";

    /** The address that a host has left; empty if there is none. */
    public static Optional<HostAddress> read(Path home) {
        try {
            List<String> lines = Files.readAllLines(home.resolve(FILE));
            return lines.size() < 2
                    ? Optional.empty()
                    : Optional.of(new HostAddress(Path.of(lines.get(0)), lines.get(1)));
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    /**
     * Makes it known.
     *
     * @param commands that the host serves
     */
    void write(Path home, Collection<String> commands) throws IOException {
        Path file = home.resolve(FILE);
        Path next = file.resolveSibling("address.new");
        Files.deleteIfExists(next);
        Files.createFile(next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Files.writeString(next, socket + "\n" + build + "\n" + java + "\n" + String.join(" ", commands) + "\n");
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /**
     * Where a host of a data home can listen: in the data home, which no script is ever given, else, where the path of that is
     * too long for a socket's, in the person's runtime folder. Only its owner enters either.
     *
     * @param runtime the value of XDG_RUNTIME_DIR; empty if it is not set
     * @param id tells the data homes of one person apart
     * @throws IOException if the path of that is too long for a socket's
     */
    static Path choose(Path home, String runtime, String id) throws IOException {
        Path own = home.resolve("host").resolve(SOCKET);
        if (fits(own)) return own;
        if (runtime.startsWith("/")) {
            Path folder = Path.of(runtime, "understudy");
            Path socket = folder.resolve(id + "." + SOCKET);
            if (fits(socket) && isPrivate(folder)) return socket;
        }
        throw new IOException("the path of a socket holds at most " + MAX_SOCKET_PATH + " bytes, and " + own
                + " is longer; set XDG_RUNTIME_DIR, or use a data home with a shorter path");
    }

    private static boolean fits(Path socket) {
        return socket.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8).length <= MAX_SOCKET_PATH;
    }

    private static boolean isPrivate(Path folder) {
        try {
            if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS))
                Files.createDirectory(
                        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            return Files.getOwner(folder).equals(Files.getOwner(Path.of("/proc/self")))
                    && PosixFilePermissions.toString(Files.getPosixFilePermissions(folder))
                            .equals("rwx------");
        } catch (IOException _) {
            return false;
        }
    }
}
