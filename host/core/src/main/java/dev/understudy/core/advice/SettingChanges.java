package dev.understudy.core.advice;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.understudy.core.config.Config;
import dev.understudy.core.config.ConfigurationText;
import dev.understudy.core.config.DataHome;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.store.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Versions of the configuration file that advice has made. The text before and after each is kept in the store, so that one can
 * be taken back exactly as it was. Safe for use by several threads and processes.
 */
final class SettingChanges {
    private static final Duration WAIT = Duration.ofSeconds(10);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Database database;
    private final DataHome home;
    private final Path file;
    private final Clock clock;

    /** @param file of the configuration; it need not be there */
    SettingChanges(Database database, DataHome home, Path file, Clock clock) {
        this.database = database;
        this.home = home;
        this.file = file;
        this.clock = clock;
    }

    /** A row of the store. */
    private record Kept(long version, Path file, @Nullable String before, String after, List<String> lines) {
        private static Kept of(ResultSet row) throws SQLException {
            return new Kept(
                    row.getLong("version"),
                    Path.of(row.getString("file")),
                    row.getString("text_before"),
                    row.getString("text_after"),
                    lines(row.getString("changes_json")));
        }

        private static List<String> lines(String json) {
            try {
                return JSON.readValue(json, new TypeReference<>() {});
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("the store holds no list: " + json, e);
            }
        }
    }

    /**
     * Writes settings into the file.
     *
     * @return empty if it says all of them already
     * @throws UserException if one of them is not what it may be, the file is in a form that only a person should change, or it
     *     cannot be written; nothing is changed then
     */
    Optional<AdviceService.Outcome.Settings> apply(String recommendationId, Map<String, Object> settings)
            throws InterruptedException {
        try (DataHome.Lock _ = home.lock("configuration", "changing the configuration", WAIT)) {
            Optional<String> before = read();
            String text = before.orElse("");
            var lines = new ArrayList<String>();
            // What is put in comes first in its section, so the last goes first.
            for (Map.Entry<String, Object> each :
                    List.copyOf(settings.entrySet()).reversed()) {
                List<String> path = List.of(each.getKey().split("\\."));
                String value = String.valueOf(each.getValue());
                Optional<String> was = ConfigurationText.value(text, path);
                if (was.equals(Optional.of(value))) continue;
                text = ConfigurationText.with(text, path, each.getValue())
                        .orElseThrow(() -> byHand(each.getKey(), value));
                lines.addFirst(each.getKey() + ": " + value
                        + was.map(earlier -> " (was " + earlier + ")").orElse(" (was not set)"));
            }
            if (lines.isEmpty()) return Optional.empty();
            Config.parse(file.toString(), text);
            long version = keep(recommendationId, before, text, lines);
            try {
                write(file, text);
            } catch (IOException e) {
                database.change(
                        handle -> handle.execute("DELETE FROM configuration_change WHERE version = ?", version));
                throw unwritable(file, e);
            }
            return Optional.of(new AdviceService.Outcome.Settings(version, file, lines));
        }
    }

    private UserException byHand(String setting, String value) {
        return UserException.failed(
                "The setting " + setting + " cannot be written into " + file,
                "its YAML is in a form that only its author should change",
                "Set it to " + value + " by hand, then say 'recommend accept'");
    }

    private static UserException unwritable(Path file, IOException e) {
        return UserException.failed(
                "The configuration " + file + " cannot be written",
                String.valueOf(e),
                "Nothing was changed; make it writable and try again",
                e);
    }

    private Optional<String> read() {
        if (Files.notExists(file)) return Optional.empty();
        try {
            return Optional.of(Files.readString(file));
        } catch (IOException e) {
            throw UserException.failed(
                    "The configuration " + file + " cannot be read", String.valueOf(e), "Make it readable", e);
        }
    }

    private long keep(String recommendationId, Optional<String> before, String after, List<String> lines) {
        return database.write(handle -> handle.createUpdate(
                        "INSERT INTO configuration_change (recommendation_id, file, text_before, text_after, changes_json,"
                                + " changed_at) VALUES (:id, :file, :before, :after, :lines, :at)")
                .bind("id", recommendationId)
                .bind("file", file.toAbsolutePath().normalize().toString())
                .bind("before", before.orElse(null))
                .bind("after", after)
                .bind("lines", json(lines))
                .bind("at", clock.instant().toEpochMilli())
                .executeAndReturnGeneratedKeys("version")
                .mapTo(Long.class)
                .one());
    }

    private static String json(List<String> lines) {
        try {
            return JSON.writeValueAsString(lines);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a list of texts", e);
        }
    }

    /**
     * Takes back what a recommendation has changed and still stands; the file is as it was before, byte for byte.
     *
     * @return what was taken back, one line each; empty if nothing stands
     * @throws UserException if the file was changed since, or cannot be written; nothing is changed then
     */
    List<String> undo(String recommendationId) throws InterruptedException {
        try (DataHome.Lock _ = home.lock("configuration", "changing the configuration", WAIT)) {
            Optional<Kept> standing = standing(recommendationId);
            if (standing.isEmpty()) return List.of();
            Kept kept = standing.get();
            requireUntouched(kept);
            try {
                if (kept.before() == null) Files.deleteIfExists(kept.file());
                else write(kept.file(), kept.before());
            } catch (IOException e) {
                throw unwritable(kept.file(), e);
            }
            database.change(handle -> handle.execute(
                    "UPDATE configuration_change SET undone_at = ? WHERE version = ?",
                    clock.instant().toEpochMilli(),
                    kept.version()));
            return kept.lines();
        }
    }

    private Optional<Kept> standing(String recommendationId) {
        return database.read(handle -> handle.createQuery(
                        "SELECT * FROM configuration_change WHERE recommendation_id = ? AND undone_at IS NULL"
                                + " ORDER BY version DESC LIMIT 1")
                .bind(0, recommendationId)
                .map((row, _) -> Kept.of(row))
                .findOne());
    }

    private static void requireUntouched(Kept kept) {
        try {
            if (Files.readString(kept.file()).equals(kept.after())) return;
        } catch (IOException _) {
            // Whatever became of it, it is not what was written.
        }
        throw UserException.failed(
                "The configuration " + kept.file() + " is left as it is",
                "it was changed since this advice was applied",
                "Change by hand what it set: " + String.join("; ", kept.lines()));
    }

    /** In one step, at the file that a link leads to, with the permissions that it has. */
    private static void write(Path file, String text) throws IOException {
        Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
        boolean isNew = Files.notExists(target, LinkOption.NOFOLLOW_LINKS);
        Path folder = target.getParent();
        if (folder == null) throw new IOException(file + " is no file");
        Files.createDirectories(folder);
        Path next = Files.createTempFile(folder, ".understudy-", ".yaml");
        try {
            Files.writeString(next, text);
            if (!isNew) Files.setPosixFilePermissions(next, Files.getPosixFilePermissions(target));
            Files.move(next, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(next);
        }
    }
}
