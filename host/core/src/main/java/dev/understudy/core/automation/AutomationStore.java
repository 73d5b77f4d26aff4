package dev.understudy.core.automation;

import dev.understudy.core.UserException;
import dev.understudy.core.automation.Automation.RehearsalScore;
import dev.understudy.core.automation.Automation.RunScore;
import dev.understudy.core.config.DataHome;
import dev.understudy.core.store.Database;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Automations, their versions and their runs; scripts also lie as files for people to read and edit. */
final class AutomationStore {
    /** How many runs of an automation are remembered, and counted in its success rate. */
    private static final int MAX_RUNS = 1000;

    private static final String SELECT = """
            SELECT a.*, v.file_name, v.language, v.sha256, v.rehearsed_at, v.cases_passed, v.cases_total,
                (SELECT count(*) FROM automation_run r WHERE r.automation_id = a.id) AS runs,
                (SELECT count(*) FROM automation_run r WHERE r.automation_id = a.id AND r.outcome = 'succeeded') AS good_runs
            FROM automation a JOIN automation_version v ON v.automation_id = a.id AND v.version = a.current_version
            """;

    private final Database database;
    private final Path folder;
    private final Clock clock;

    AutomationStore(Database database, DataHome home, Clock clock) {
        this.database = database;
        this.folder = home.folder("automations");
        this.clock = clock;
    }

    List<Automation> list() {
        return database.read(handle -> handle.createQuery(SELECT + "ORDER BY a.created_at, a.id")
                .map((row, _) -> automation(row))
                .list());
    }

    Optional<Automation> find(String id) {
        return database.read(handle -> find(handle, "a.id", id));
    }

    private Optional<Automation> find(Handle handle, String column, String value) {
        return handle.createQuery(SELECT + "WHERE " + column + " = :value")
                .bind("value", value)
                .map((row, _) -> automation(row))
                .findOne();
    }

    /** What {@link #keep} found and did. */
    enum Kept {
        CREATED,
        UPDATED,
        UNCHANGED,
        RETIRED,
        TOO_MANY
    }

    record KeptAutomation(Kept kept, @Nullable Automation automation) {}

    /**
     * Keeps what a template wrote for a pattern: as a new automation, as a new version of one that nobody has approved
     * yet, or not at all.
     */
    KeptAutomation keep(String patternId, AutomationFile draft, int maxAutomations) {
        return database.write(handle -> {
            Automation known = find(handle, "a.pattern_id", patternId).orElse(null);
            if (known == null) {
                int count = handle.createQuery("SELECT count(*) FROM automation WHERE state <> 'retired'")
                        .mapTo(Integer.class)
                        .one();
                if (count >= maxAutomations) return new KeptAutomation(Kept.TOO_MANY, null);
                return new KeptAutomation(Kept.CREATED, create(handle, patternId, draft));
            }
            if (known.state() == AutomationState.RETIRED) return new KeptAutomation(Kept.RETIRED, known);
            String text = AutomationReader.withId(draft.text(), known.id());
            String generated = handle.createQuery("SELECT generated_sha256 FROM automation WHERE id = ?")
                    .bind(0, known.id())
                    .mapTo(String.class)
                    .one();
            boolean waits = known.state() == AutomationState.DRAFT || known.state() == AutomationState.REHEARSED;
            // What a person approved stays as it is, and what a person has edited is theirs.
            if (!waits || generated.equals(sha256(text)) || !known.sha256().equals(generated) || isEdited(known))
                return new KeptAutomation(Kept.UNCHANGED, known);
            addVersion(
                    handle, known.id(), known.version() + 1, draft.language().fileExtension(), known.language(), text);
            handle.execute(
                    "UPDATE automation SET state = 'draft', generated_sha256 = ? WHERE id = ?",
                    sha256(text),
                    known.id());
            return new KeptAutomation(Kept.UPDATED, require(handle, known.id()));
        });
    }

    private Automation create(Handle handle, String patternId, AutomationFile draft) {
        String id = draft.id();
        for (int i = 2; find(handle, "a.id", id).isPresent(); i++) {
            String suffix = "-" + i;
            id = draft.id().substring(0, Math.min(draft.id().length(), 60 - suffix.length())) + suffix;
        }
        String text = AutomationReader.withId(draft.text(), id);
        handle.execute(
                "INSERT INTO automation (id, state, current_version, pattern_id, template, generated_sha256, created_at)"
                        + " VALUES (?, 'draft', 1, ?, ?, ?, ?)",
                id,
                patternId,
                draft.template(),
                sha256(text),
                clock.millis());
        addVersion(
                handle,
                id,
                1,
                draft.language().fileExtension(),
                draft.language().id(),
                text);
        return require(handle, id);
    }

    private void addVersion(Handle handle, String id, int version, String extension, String language, String text) {
        String fileName = "v" + version + "." + extension;
        write(folder.resolve(id).resolve(fileName), text);
        handle.execute(
                "INSERT INTO automation_version (automation_id, version, file_name, language, sha256, script, created_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?)",
                id,
                version,
                fileName,
                language,
                sha256(text),
                text,
                clock.millis());
        handle.execute("UPDATE automation SET current_version = ? WHERE id = ?", version, id);
    }

    /** Whether a person has edited the newest version's file since it was written. */
    boolean isEdited(Automation automation) {
        return !sha256(readText(automation.file())).equals(automation.sha256());
    }

    /** Makes a new version of what a person has edited, and gives the old version its text back. */
    Automation adoptEdit(String id) {
        return database.write(handle -> {
            Automation automation = require(handle, id);
            String edited = readText(automation.file());
            if (sha256(edited).equals(automation.sha256())) return automation;
            String name = String.valueOf(automation.file().getFileName());
            String extension = name.substring(name.lastIndexOf('.') + 1);
            addVersion(handle, id, automation.version() + 1, extension, automation.language(), edited);
            write(automation.file(), script(handle, id, automation.version()));
            AutomationState state =
                    automation.state() == AutomationState.REHEARSED ? AutomationState.DRAFT : automation.state();
            setState(handle, id, state);
            return require(handle, id);
        });
    }

    /** The text of a version as it was made. */
    String script(String id, int version) {
        return database.read(handle -> script(handle, id, version));
    }

    private static String script(Handle handle, String id, int version) {
        return handle.createQuery("SELECT script FROM automation_version WHERE automation_id = ? AND version = ?")
                .bind(0, id)
                .bind(1, version)
                .mapTo(String.class)
                .one();
    }

    /** Where a version's text lies for people. */
    Path file(String id, int version) {
        String name = database.read(handle -> handle.createQuery(
                        "SELECT file_name FROM automation_version WHERE automation_id = ? AND version = ?")
                .bind(0, id)
                .bind(1, version)
                .mapTo(String.class)
                .one());
        return folder.resolve(id).resolve(name);
    }

    void recordRehearsal(RehearsalResult result, String evidenceJson) {
        database.change(handle -> {
            handle.execute(
                    "UPDATE automation_version SET rehearsed_at = ?, cases_passed = ?, cases_total = ?, evidence_json = ?"
                            + " WHERE automation_id = ? AND version = ?",
                    clock.millis(),
                    result.passed(),
                    result.total(),
                    evidenceJson,
                    result.automationId(),
                    result.version());
            boolean good = result.total() > 0 && result.passed() == result.total();
            Automation automation = require(handle, result.automationId());
            boolean waits =
                    automation.state() == AutomationState.DRAFT || automation.state() == AutomationState.REHEARSED;
            if (waits && automation.version() == result.version())
                setState(handle, automation.id(), good ? AutomationState.REHEARSED : AutomationState.DRAFT);
        });
    }

    /** The evidence of a version's rehearsal as JSON. */
    Optional<String> evidence(String id, int version) {
        return database.read(handle -> handle.createQuery(
                        "SELECT evidence_json FROM automation_version WHERE automation_id = ? AND version = ?"
                                + " AND evidence_json IS NOT NULL")
                .bind(0, id)
                .bind(1, version)
                .mapTo(String.class)
                .findOne());
    }

    /** Deploys the newest version, if it is still the one that was looked at. */
    Automation deploy(String id, String sha256) {
        return database.write(handle -> {
            Automation automation = require(handle, id);
            if (!automation.sha256().equals(sha256))
                throw UserException.failed(
                        "The automation " + id + " was not approved",
                        "another process has changed it meanwhile",
                        "Look at it and approve it again");
            handle.execute(
                    "UPDATE automation SET state = 'deployed', deployed_version = current_version WHERE id = ?", id);
            return require(handle, id);
        });
    }

    Automation changeState(String id, AutomationState state) {
        return database.write(handle -> {
            setState(handle, id, state);
            return require(handle, id);
        });
    }

    /** Deploys the latest version before the deployed one that passed all its cases. */
    Optional<Automation> rollBack(String id) {
        return database.write(handle -> {
            Automation automation = require(handle, id);
            int deployed = automation.deployedVersion().orElse(0);
            Optional<Integer> good = handle.createQuery(
                            "SELECT max(version) FROM automation_version WHERE automation_id = ? AND version < ?"
                                    + " AND cases_total > 0 AND cases_passed = cases_total")
                    .bind(0, id)
                    .bind(1, deployed)
                    .mapTo(Integer.class)
                    .findOne();
            if (good.isEmpty()) return Optional.empty();
            handle.execute(
                    "UPDATE automation SET state = 'rolled_back', deployed_version = ? WHERE id = ?", good.get(), id);
            return Optional.of(require(handle, id));
        });
    }

    void recordRun(String id, int version, RunReport report) {
        // A run that was refused or cancelled says nothing of how well the script works.
        if (report.outcome() instanceof RunOutcome.Refused || report.outcome() instanceof RunOutcome.Cancelled) return;
        database.change(handle -> {
            handle.execute(
                    "INSERT INTO automation_run (run_id, automation_id, version, started_at, duration_millis, outcome)"
                            + " VALUES (?, ?, ?, ?, ?, ?)",
                    report.runId(),
                    id,
                    version,
                    report.started().toEpochMilli(),
                    report.duration().toMillis(),
                    Outcomes.id(report.outcome()));
            handle.execute(
                    "DELETE FROM automation_run WHERE automation_id = ? AND run_id NOT IN (SELECT run_id FROM automation_run"
                            + " WHERE automation_id = ? ORDER BY started_at DESC, run_id DESC LIMIT ?)",
                    id,
                    id,
                    MAX_RUNS);
        });
    }

    private static void setState(Handle handle, String id, AutomationState state) {
        handle.execute("UPDATE automation SET state = ? WHERE id = ?", state.id(), id);
    }

    private Automation require(Handle handle, String id) {
        return find(handle, "a.id", id).orElseThrow(() -> unknown(id));
    }

    static UserException unknown(String id) {
        return UserException.badInput(
                "There is no automation " + id, "nothing kept has this id", "'automations' lists them all");
    }

    private Automation automation(ResultSet row) throws SQLException {
        int deployed = row.getInt("deployed_version");
        Optional<Integer> deployedVersion = row.wasNull() ? Optional.empty() : Optional.of(deployed);
        long rehearsed = row.getLong("rehearsed_at");
        Optional<RehearsalScore> rehearsal = row.wasNull()
                ? Optional.empty()
                : Optional.of(new RehearsalScore(
                        row.getInt("cases_passed"), row.getInt("cases_total"), Instant.ofEpochMilli(rehearsed)));
        String patternId = row.getString("pattern_id");
        String id = row.getString("id");
        return new Automation(
                id,
                AutomationState.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                row.getInt("current_version"),
                deployedVersion,
                patternId == null ? "" : patternId,
                row.getString("template"),
                row.getString("language"),
                folder.resolve(id).resolve(row.getString("file_name")),
                row.getString("sha256"),
                rehearsal,
                new RunScore(row.getLong("good_runs"), row.getLong("runs")));
    }

    private static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Path next = Files.createTempFile(file.getParent(), ".new", "");
            Files.writeString(next, text);
            Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw UserException.failed(
                    "The automation's file " + file + " cannot be written",
                    e.getClass().getSimpleName() + " " + e.getMessage(),
                    "Free some space or make the data home writable",
                    e);
        }
    }

    static String readText(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw UserException.failed(
                    "The automation's file " + file + " cannot be read",
                    "somebody has deleted it",
                    "Put it back, or retire the automation",
                    e);
        } catch (IOException e) {
            throw UserException.failed(
                    "The automation's file " + file + " cannot be read",
                    e.getClass().getSimpleName() + " " + e.getMessage(),
                    "Make it a readable UTF-8 file, or retire the automation",
                    e);
        }
    }

    static String sha256(String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
