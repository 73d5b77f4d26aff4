package dev.understudy.app.web;

import dev.understudy.core.config.DataHome;
import dev.understudy.core.problem.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Pattern;

/** The token that lets its holder in: 256 bits in a file that nobody but its owner may read. */
final class AccessToken {
    private static final int BYTES = 32;
    private static final Pattern TEXT = Pattern.compile("[0-9a-f]{64}");
    private static final Set<PosixFilePermission> OWNER =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private AccessToken() {}

    static Path file(DataHome home) {
        return home.root().resolve("dashboard.token");
    }

    /**
     * The token, made if there is none. Deleting the file gives another one at the next start, and so does a file that others
     * could read: they may have.
     */
    static String read(DataHome home) {
        Path file = file(home);
        try {
            if (Files.exists(file) && isPrivate(file)) {
                String token = Files.readString(file).strip();
                if (TEXT.matcher(token).matches()) return token;
            }
            return make(file);
        } catch (IOException e) {
            throw UserException.failed(
                    "The dashboard's token cannot be kept",
                    file + ": " + e.getClass().getSimpleName() + " " + e.getMessage(),
                    "Make the data home writable",
                    e);
        }
    }

    private static boolean isPrivate(Path file) throws IOException {
        return !hasPermissions(file) || OWNER.containsAll(Files.getPosixFilePermissions(file));
    }

    private static boolean hasPermissions(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    private static String make(Path file) throws IOException {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        String token = HexFormat.of().formatHex(bytes);
        // Made private by its creation, and whole by the move.
        Path next = Files.createTempFile(file.getParent(), ".token", "");
        Files.writeString(next, token + "\n");
        Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        return token;
    }
}
