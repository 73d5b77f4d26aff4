package dev.understudy.core.triggers;

import dev.understudy.core.problem.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.HexFormat;

/** The webhooks' tokens, a file each in a folder that nobody but its owner may look into. */
final class HookTokens {
    private static final int TOKEN_BYTES = 32;

    private final Path folder;
    private final SecureRandom random = new SecureRandom();

    HookTokens(Path folder) {
        this.folder = folder;
    }

    Path folder() {
        return folder;
    }

    /** The token of an automation, made if it has none. Deleting the file gives it another one at the next start. */
    String token(String automationId) {
        Path file = folder.resolve(automationId);
        try {
            if (Files.exists(file)) {
                String token = Files.readString(file).strip();
                if (!token.isEmpty()) return token;
            }
            byte[] bytes = new byte[TOKEN_BYTES];
            random.nextBytes(bytes);
            String token = HexFormat.of().formatHex(bytes);
            // Made private by its creation, and whole by the move.
            Path next = Files.createTempFile(folder, ".token", "");
            Files.writeString(next, token + "\n");
            Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            return token;
        } catch (IOException e) {
            throw UserException.failed(
                    "The token of the webhook " + automationId + " cannot be kept",
                    file + ": " + e.getClass().getSimpleName() + " " + e.getMessage(),
                    "Make the data home writable",
                    e);
        }
    }
}
