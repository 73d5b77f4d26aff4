package dev.understudy.core.secrets;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.core.config.DataHome;
import dev.understudy.core.config.ExclusiveFile;
import dev.understudy.core.problem.UserException;
import dev.understudy.sandbox.control.Secrets;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The secrets of a data home: their values in the system's keyring where there is one, else in a file that only its owner
 * reads, sealed by a key beside it. Which names there are, and where each value is, that file says in any case. Safe for use
 * by several threads and processes.
 */
public final class SecretStore implements SecretSource {
    /** Shorter ones stand in too much of what scripts say, all of which would have to be taken out. */
    static final int MIN_LENGTH = 4;

    /** A variable of the environment takes 128 KiB, and keys are far shorter. */
    public static final int MAX_BYTES = 32 << 10;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SEALED = "sealed";
    private static final String SINCE = "since";

    private final Path folder;
    private final Optional<Keyring> keyring;
    private final Clock clock;

    SecretStore(DataHome home, Optional<Keyring> keyring, Clock clock) {
        this.folder = home.root().resolve("secrets");
        this.keyring = keyring;
        this.clock = clock;
    }

    /**
     * Those of a data home.
     *
     * @param environment of the process, which says where the keyring is
     */
    public static SecretStore of(DataHome home, Map<String, String> environment, Clock clock) {
        return new SecretStore(
                home,
                KeyringProgram.find(System.getProperty("os.name", ""), environment, shortened(home.root())),
                clock);
    }

    /** Tells data homes apart: two of one person shall not share a secret because they gave it the same name. */
    private static String shortened(Path root) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(root.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Where a value may go. */
    public enum Choice {
        /** Into the keyring, and where that does not work into the file. */
        KEYRING_OR_FILE,
        /** Into the file, as for a host that starts before anybody has opened a keyring. */
        FILE
    }

    /**
     * Where a value went.
     *
     * @param place what people call it
     * @param why it is not the keyring: a clause; empty if it is, or if nobody asked for it
     */
    public record Kept(String place, String why) {}

    /** A secret without its value. */
    public record Listed(String name, String place, Instant since) {}

    /**
     * Keeps a value, in place of an earlier one.
     *
     * @throws UserException if the name or the value cannot be one, or it cannot be written
     */
    public Kept set(String name, String value, Choice choice) {
        requireName(name);
        requireValue(name, value);
        try (var _ = lock()) {
            ObjectNode all = read();
            ObjectNode entry = JSON.createObjectNode()
                    .put(SINCE, clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
            String why = choice == Choice.FILE ? "" : intoKeyring(name, value);
            boolean inFile = choice == Choice.FILE || !why.isEmpty();
            if (inFile) {
                if (isInKeyring(all.get(name)) && keyring.isPresent())
                    keyring.get().remove(name);
                entry.put(SEALED, key().seal(name, value));
            }
            all.set(name, entry);
            write(all);
            return new Kept(inFile ? place() : keyring.orElseThrow().title(), why);
        } catch (IOException e) {
            throw unusable("The secret " + name + " was not kept", e);
        }
    }

    /** Why it did not go there: a clause; empty if it did. */
    private String intoKeyring(String name, String value) {
        if (keyring.isEmpty()) return "this machine has no keyring that can be used now";
        try {
            keyring.get().put(name, value);
            return "";
        } catch (IOException e) {
            return keyring.get().title() + " did not take it: " + e.getMessage();
        }
    }

    private String place() {
        return file().toString();
    }

    private static void requireName(String name) {
        if (!Secrets.isName(name))
            throw UserException.badInput(
                    "There can be no secret '" + name + "'", "a name is " + Secrets.FORM, "Choose such a name");
    }

    private static void requireValue(String name, String value) {
        String problem = value.length() < MIN_LENGTH
                ? "its value has fewer than " + MIN_LENGTH + " characters, which stand in too much of what scripts say"
                : value.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES
                        ? "its value is longer than " + MAX_BYTES + " bytes"
                        : value.indexOf('\0') >= 0
                                ? "its value holds a NUL character, which no program can be given"
                                : "";
        if (!problem.isEmpty())
            throw UserException.badInput("The secret " + name + " was not kept", problem, "Give it another value");
    }

    /** All secrets by name, without their values. */
    public List<Listed> list() {
        try {
            var listed = new ArrayList<Listed>();
            for (Map.Entry<String, JsonNode> each : read().properties())
                listed.add(new Listed(
                        each.getKey(),
                        isInKeyring(each.getValue())
                                ? keyring.map(Keyring::title).orElse("a keyring")
                                : place(),
                        Instant.parse(each.getValue().path(SINCE).asText(Instant.EPOCH.toString()))));
            return listed.stream()
                    .sorted((one, other) -> one.name().compareTo(other.name()))
                    .toList();
        } catch (IOException e) {
            throw unusable("The secrets cannot be listed", e);
        }
    }

    /** Removes a secret; false if there was none. */
    public boolean remove(String name) {
        if (Files.notExists(file())) return false;
        try (var _ = lock()) {
            ObjectNode all = read();
            JsonNode entry = all.remove(name);
            if (entry == null) return false;
            if (isInKeyring(entry) && keyring.isPresent()) keyring.get().remove(name);
            write(all);
            return true;
        } catch (IOException e) {
            throw unusable("The secret " + name + " was not removed", e);
        }
    }

    @Override
    public Optional<String> value(String name) {
        try {
            JsonNode entry = read().get(name);
            if (entry == null) return Optional.empty();
            if (!isInKeyring(entry))
                return Optional.of(key().open(name, entry.path(SEALED).asText()));
            if (keyring.isEmpty()) throw new IOException("it lies in a keyring, which cannot be reached from here");
            Optional<String> value = keyring.get().get(name);
            if (value.isEmpty()) throw new IOException(keyring.get().title() + " does not have it any more");
            return value;
        } catch (IOException e) {
            throw unusable("The secret " + name + " cannot be read", e);
        }
    }

    private static boolean isInKeyring(@Nullable JsonNode entry) {
        return entry != null && !entry.has(SEALED);
    }

    private Path file() {
        return folder.resolve("secrets.json");
    }

    private SealingKey key() throws IOException {
        return SealingKey.in(folder.resolve("key"));
    }

    private ExclusiveFile lock() throws IOException {
        DataHome.createPrivate(folder);
        return ExclusiveFile.take(folder.resolve("lock"));
    }

    private ObjectNode read() throws IOException {
        try {
            if (JSON.readTree(Files.readString(file())) instanceof ObjectNode all) return all;
            throw new IOException(file() + " holds something else");
        } catch (NoSuchFileException _) {
            return JSON.createObjectNode();
        }
    }

    private void write(ObjectNode all) throws IOException {
        Path next = folder.resolve("secrets.json.new");
        Files.deleteIfExists(next);
        DataHome.createPrivateFile(next);
        Files.writeString(next, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(all), StandardOpenOption.SYNC);
        Files.move(next, file(), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private static UserException unusable(String what, IOException e) {
        return UserException.failed(
                what, String.valueOf(e.getMessage()), "'secrets set NAME' keeps it anew, 'secrets list' says where", e);
    }
}
