package dev.understudy.core.automation;

import dev.understudy.core.audit.AuditKind;
import dev.understudy.core.audit.AuditLog;
import dev.understudy.core.audit.AuditLog.Entries;
import dev.understudy.core.automation.Automation.RehearsalScore;
import dev.understudy.core.automation.Automation.RunScore;
import dev.understudy.core.automation.AutomationVersion.Author;
import dev.understudy.core.automation.RehearsalResult.Compared;
import dev.understudy.core.config.Config;
import dev.understudy.core.config.DataHome;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.store.Database;
import dev.understudy.spi.ScriptLanguage;
import dev.understudy.spi.TaskPattern;
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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Automations, their versions and their runs; scripts also lie as files for people to read and edit. */
final class AutomationStore {
    private static final String SELECT = """
            SELECT a.*, v.file_name, v.language, v.sha256, v.rehearsed_at, v.cases_passed, v.cases_total, v.evidence_json,
                (SELECT count(*) FROM automation_run r WHERE r.automation_id = a.id) AS runs,
                (SELECT count(*) FROM automation_run r WHERE r.automation_id = a.id AND r.outcome = 'succeeded') AS good_runs
            FROM automation a JOIN automation_version v ON v.automation_id = a.id AND v.version = a.current_version
            """;

    private static final Pattern VERSION = Pattern.compile("v(\\d{1,9})\\.[a-z]+");

    private final Database database;
    private final AuditLog audit;
    private final Path folder;
    private final Clock clock;
    private final double minSuccessRate;

    /** @param minSuccessRate of a rehearsal from which on a version may be deployed */
    AutomationStore(Database database, AuditLog audit, DataHome home, Clock clock, double minSuccessRate) {
        this.minSuccessRate = minSuccessRate;
        this.database = database;
        this.audit = audit;
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

    /** As {@link #require}, in a transaction of its own. */
    Automation get(String id) {
        return database.read(handle -> require(handle, id));
    }

    /** A version's text as it was kept, read. */
    AutomationFile read(String id, int version, Config.Sandbox settings) {
        return AutomationFile.parse(file(id, version).toString(), script(id, version), settings);
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
     * yet, or not at all. One that was rejected waits for a decision again.
     */
    KeptAutomation keep(TaskPattern pattern, AutomationFile draft, int maxAutomations) {
        String patternId = pattern.id();
        return audit.write((handle, entries) -> {
            Automation known = find(handle, "a.pattern_id", patternId).orElse(null);
            if (known != null) noteSeen(handle, pattern);
            if (known == null) {
                if (isFull(handle, maxAutomations)) return new KeptAutomation(Kept.TOO_MANY, null);
                Automation created = create(handle, patternId, draft);
                noteSeen(handle, pattern);
                entries.add(
                        AuditKind.CREATED,
                        created.id(),
                        Map.of(
                                "version",
                                1,
                                "sha256",
                                created.sha256(),
                                "pattern",
                                patternId,
                                "template",
                                draft.template()));
                return new KeptAutomation(Kept.CREATED, created);
            }
            if (known.state() == AutomationState.RETIRED) return new KeptAutomation(Kept.RETIRED, known);
            if (known.state() == AutomationState.REJECTED) known = proposeAgain(handle, entries, known);
            String text = AutomationReader.withId(draft.text(), known.id());
            String generated = handle.createQuery("SELECT generated_sha256 FROM automation WHERE id = ?")
                    .bind(0, known.id())
                    .mapTo(String.class)
                    .one();
            boolean waits = known.state() == AutomationState.DRAFT || known.state() == AutomationState.REHEARSED;
            // What a person approved stays as it is, and what a person has edited is theirs.
            if (!waits || generated.equals(sha256(text)) || !known.sha256().equals(generated) || isEdited(known))
                return new KeptAutomation(Kept.UNCHANGED, known);
            addVersion(handle, known.id(), known.version() + 1, draft.language(), text, Author.TEMPLATE);
            entries.add(
                    AuditKind.NEW_VERSION, known.id(), newVersion(known.version() + 1, sha256(text), Author.TEMPLATE));
            handle.execute(
                    "UPDATE automation SET state = 'draft', generated_sha256 = ?, template = ? WHERE id = ?",
                    sha256(text),
                    draft.template(),
                    known.id());
            return new KeptAutomation(Kept.UPDATED, require(handle, known.id()));
        });
    }

    private static void noteSeen(Handle handle, TaskPattern pattern) {
        handle.execute(
                "UPDATE automation SET task_millis = ?, task_type = ?, occurrences = ? WHERE pattern_id = ?",
                pattern.averageDuration().toMillis(),
                pattern.taskType(),
                pattern.occurrences(),
                pattern.id());
    }

    private Automation proposeAgain(Handle handle, Entries entries, Automation rejected) {
        boolean good = rejected.rehearsal().filter(RehearsalScore::deployable).isPresent();
        setState(handle, rejected.id(), good ? AutomationState.REHEARSED : AutomationState.DRAFT);
        entries.add(AuditKind.PROPOSED_AGAIN, rejected.id(), Map.of("version", rejected.version()));
        return require(handle, rejected.id());
    }

    /** Notes that a person approved an automation, which takes back that they rejected it. */
    static void noteApproval(Handle handle, String id) {
        handle.execute(
                "UPDATE automation SET approved_by_person = 1, rejections = 0, rejected_occurrences = NULL WHERE id = ?",
                id);
    }

    /** Notes that a person rejected an automation, and at what evidence. */
    static void noteRejection(Handle handle, String id) {
        handle.execute(
                "UPDATE automation SET rejections = rejections + 1, rejected_occurrences = occurrences WHERE id = ?",
                id);
    }

    /** Those whose triggers a person has stopped, with the moment. */
    Map<String, Instant> pausedTriggers() {
        return database.read(handle -> handle
                .createQuery("SELECT id, triggers_paused_at FROM automation WHERE triggers_paused_at IS NOT NULL")
                .map((row, _) -> Map.entry(row.getString(1), Instant.ofEpochMilli(row.getLong(2))))
                .list()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    /** Stops or starts the triggers of an automation; false if they were so already. */
    boolean pauseTriggers(Handle handle, String id, @Nullable Instant since) {
        return handle.execute(
                        "UPDATE automation SET triggers_paused_at = ? WHERE id = ? AND (triggers_paused_at IS NULL) = ?",
                        since == null ? null : since.toEpochMilli(),
                        id,
                        since == null ? 0 : 1)
                > 0;
    }

    private static final String DECIDED = """
            SELECT a.pattern_id, a.task_type, a.occurrences, a.approved_by_person, a.rejections, a.rejected_occurrences, a.state,
                (SELECT coalesce(sum(v.saved_millis), 0) FROM automation_version v WHERE v.automation_id = a.id) AS saved_millis
            FROM automation a WHERE a.pattern_id IS NOT NULL
            """;

    /** What was decided about the automations that were made for patterns. */
    List<Decisions.Decided> decided() {
        return database.read(handle ->
                handle.createQuery(DECIDED).map((row, _) -> decided(row)).list());
    }

    private static Decisions.Decided decided(ResultSet row) throws SQLException {
        String taskType = row.getString("task_type");
        return new Decisions.Decided(
                row.getString("pattern_id"),
                taskType == null ? "" : taskType,
                row.getInt("occurrences"),
                row.getBoolean("approved_by_person"),
                row.getInt("rejections"),
                row.getInt("rejected_occurrences"),
                AutomationState.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                Duration.ofMillis(row.getLong("saved_millis")));
    }

    /** Which template wrote the automation of a pattern; empty if there is none yet. */
    Optional<String> templateOf(String patternId) {
        return database.read(handle -> find(handle, "a.pattern_id", patternId)).map(Automation::template);
    }

    private static boolean isFull(Handle handle, int maxAutomations) {
        int count = handle.createQuery("SELECT count(*) FROM automation WHERE state NOT IN ('retired', 'rejected')")
                .mapTo(Integer.class)
                .one();
        return count >= maxAutomations;
    }

    /**
     * Keeps a script that a person wrote as a file: as a new automation, as a new version of the one with its id, or not
     * at all if it is that one's newest version.
     */
    KeptAutomation keepOwn(AutomationFile script, int maxAutomations) {
        if (find(script.id()).isPresent()) adoptEdit(script.id());
        return audit.write((handle, entries) -> keepOwn(handle, entries, script, Origin.PERSON, maxAutomations));
    }

    /** As {@link #keepOwn}, for what a program has proposed and a person takes; decides on the proposal if it is kept. */
    KeptAutomation keepProposed(AutomationFile script, Proposal proposal, String by, int maxAutomations) {
        if (find(script.id()).isPresent()) adoptEdit(script.id());
        var origin = new Origin(
                Author.PROGRAM, Map.of("proposal", proposal.number(), "proposedBy", proposal.by(), "by", by));
        return audit.write((handle, entries) -> {
            KeptAutomation kept = keepOwn(handle, entries, script, origin, maxAutomations);
            boolean taken = kept.kept() == Kept.CREATED || kept.kept() == Kept.UPDATED;
            Automation automation = kept.automation();
            if (taken && automation != null)
                Proposals.decide(handle, proposal.number(), Proposal.State.TAKEN, automation.version(), clock);
            return kept;
        });
    }

    /**
     * Where a version comes from.
     *
     * @param details what the log says of it beside its author
     */
    private record Origin(Author author, Map<String, Object> details) {
        static final Origin PERSON = new Origin(Author.PERSON, Map.of());
    }

    private KeptAutomation keepOwn(
            Handle handle, Entries entries, AutomationFile script, Origin origin, int maxAutomations) {
        Automation known = find(handle, "a.id", script.id()).orElse(null);
        if (known == null) {
            if (isFull(handle, maxAutomations)) return new KeptAutomation(Kept.TOO_MANY, null);
            adopt(handle, entries, script.id(), 1, script, origin);
            return new KeptAutomation(Kept.CREATED, require(handle, script.id()));
        }
        if (known.state() == AutomationState.RETIRED) return new KeptAutomation(Kept.RETIRED, known);
        if (known.sha256().equals(sha256(script.text()))) return new KeptAutomation(Kept.UNCHANGED, known);
        return new KeptAutomation(
                Kept.UPDATED, addEdited(handle, entries, known, script.language(), script.text(), origin));
    }

    /** The latest version that has this very text; empty if none has. */
    Optional<Integer> versionOf(String id, String text) {
        return database.read(handle -> handle.createQuery(
                        "SELECT max(version) FROM automation_version WHERE automation_id = ? AND sha256 = ?")
                .bind(0, id)
                .bind(1, sha256(text))
                .mapTo(Integer.class)
                .findOne());
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
        addVersion(handle, id, 1, draft.language(), text, Author.TEMPLATE);
        return require(handle, id);
    }

    private static Map<String, Object> newVersion(int version, String sha256, Author author) {
        return newVersion(version, sha256, new Origin(author, Map.of()));
    }

    private static Map<String, Object> newVersion(int version, String sha256, Origin origin) {
        var details = new LinkedHashMap<String, Object>();
        details.put("version", version);
        details.put("sha256", sha256);
        details.put("author", origin.author().id());
        details.putAll(origin.details());
        return details;
    }

    /**
     * Makes automations again of the scripts that lie in the data home and are unknown here, each the newest of its folder,
     * as drafts: what was approved and rehearsed of them is not known any more.
     *
     * @param reader gives what a script says of itself
     * @return their ids
     */
    List<String> adopt(Function<Path, Optional<AutomationFile>> reader) {
        var adopted = new ArrayList<String>();
        for (Path place : entries(folder)) {
            String id = String.valueOf(place.getFileName());
            if (!Files.isDirectory(place) || find(id).isPresent()) continue;
            Optional<Path> newest = entries(place).stream()
                    .filter(file ->
                            VERSION.matcher(String.valueOf(file.getFileName())).matches())
                    .max(Comparator.comparingInt(AutomationStore::versionOf));
            Optional<AutomationFile> script = newest.flatMap(reader);
            if (script.isEmpty() || !script.get().id().equals(id)) continue;
            int version = versionOf(newest.orElseThrow());
            audit.write((handle, entries) -> {
                adopt(handle, entries, id, version, script.get(), Origin.PERSON);
                return true;
            });
            adopted.add(id);
        }
        return adopted;
    }

    private void adopt(Handle handle, Entries entries, String id, int version, AutomationFile script, Origin origin) {
        handle.execute(
                "INSERT INTO automation (id, state, current_version, template, created_at) VALUES (?, 'draft', ?, ?, ?)"
                        + " ON CONFLICT (id) DO UPDATE SET state = 'draft', deployed_version = NULL",
                id,
                version,
                script.template(),
                clock.millis());
        handle.execute("DELETE FROM automation_version WHERE automation_id = ? AND version = ?", id, version);
        addVersion(handle, id, version, script.language(), script.text(), origin.author());
        entries.add(AuditKind.ADOPTED, id, newVersion(version, sha256(script.text()), origin));
    }

    private static int versionOf(Path file) {
        Matcher matcher = VERSION.matcher(String.valueOf(file.getFileName()));
        if (!matcher.matches()) throw new IllegalArgumentException(file + " is no version's file");
        return Integer.parseInt(matcher.group(1));
    }

    private static List<Path> entries(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        } catch (IOException e) {
            throw UserException.failed(
                    "The folder " + folder + " cannot be read", String.valueOf(e.getMessage()), "Make it readable", e);
        }
    }

    private void addVersion(
            Handle handle, String id, int version, ScriptLanguage language, String text, Author author) {
        String fileName = "v" + version + "." + language.fileExtension();
        write(folder.resolve(id).resolve(fileName), text);
        handle.execute(
                "INSERT INTO automation_version (automation_id, version, file_name, language, sha256, script, created_at,"
                        + " author) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                id,
                version,
                fileName,
                language.id(),
                sha256(text),
                text,
                clock.millis(),
                author.id());
        handle.execute("UPDATE automation SET current_version = ? WHERE id = ?", version, id);
    }

    /** Whether a person has edited the newest version's file since it was written. */
    boolean isEdited(Automation automation) {
        return !sha256(readText(automation.file())).equals(automation.sha256());
    }

    /** Makes a new version of what a person has edited, and gives the old version its text back. */
    Automation adoptEdit(String id) {
        Automation known = database.read(handle -> require(handle, id));
        if (!isEdited(known)) return known;
        return audit.write((handle, entries) -> {
            Automation automation = require(handle, id);
            String edited = readText(automation.file());
            if (sha256(edited).equals(automation.sha256())) return automation;
            String old = script(handle, id, automation.version());
            Automation changed = addEdited(handle, entries, automation, language(automation), edited, Origin.PERSON);
            write(automation.file(), old);
            return changed;
        });
    }

    private static ScriptLanguage language(Automation automation) {
        for (ScriptLanguage language : ScriptLanguage.values()) {
            if (language.id().equals(automation.language())) return language;
        }
        throw new IllegalStateException(automation.id() + " is written in " + automation.language());
    }

    /** Makes a new version of a text by a person, unless it is that of the newest one. */
    Automation addEdited(String id, ScriptLanguage language, String text) {
        return audit.write((handle, entries) -> {
            Automation automation = require(handle, id);
            return sha256(text).equals(automation.sha256())
                    ? automation
                    : addEdited(handle, entries, automation, language, text, Origin.PERSON);
        });
    }

    private Automation addEdited(
            Handle handle,
            Entries entries,
            Automation automation,
            ScriptLanguage language,
            String text,
            Origin origin) {
        String id = automation.id();
        int version = automation.version() + 1;
        addVersion(handle, id, version, language, text, origin.author());
        entries.add(AuditKind.NEW_VERSION, id, newVersion(version, sha256(text), origin));
        boolean wasLookedAt =
                automation.state() == AutomationState.REHEARSED || automation.state() == AutomationState.REJECTED;
        if (wasLookedAt) setState(handle, id, AutomationState.DRAFT);
        return require(handle, id);
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
        audit.write((handle, entries) -> {
            entries.add(
                    AuditKind.REHEARSED,
                    result.automationId(),
                    Map.of("version", result.version(), "passed", result.passed(), "total", result.total()));
            handle.execute(
                    "UPDATE automation_version SET rehearsed_at = ?, cases_passed = ?, cases_total = ?, evidence_json = ?"
                            + " WHERE automation_id = ? AND version = ?",
                    clock.millis(),
                    result.passed(),
                    result.total(),
                    evidenceJson,
                    result.automationId(),
                    result.version());
            Automation automation = require(handle, result.automationId());
            boolean good =
                    automation.rehearsal().filter(RehearsalScore::deployable).isPresent();
            boolean waits =
                    automation.state() == AutomationState.DRAFT || automation.state() == AutomationState.REHEARSED;
            if (waits && automation.version() == result.version())
                setState(handle, automation.id(), good ? AutomationState.REHEARSED : AutomationState.DRAFT);
            return true;
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

    /** All versions, oldest first. */
    List<AutomationVersion> versions(String id) {
        return database.read(handle -> {
            require(handle, id);
            return handle.createQuery("SELECT * FROM automation_version WHERE automation_id = ? ORDER BY version")
                    .bind(0, id)
                    .map((row, _) -> version(row))
                    .list();
        });
    }

    /** Who wrote a version. */
    AutomationVersion.Author authorOf(String id, int version) {
        return version(id, version).author();
    }

    AutomationVersion version(String id, int version) {
        return database.read(handle -> version(handle, id, version));
    }

    AutomationVersion version(Handle handle, String id, int version) {
        return handle.createQuery("SELECT * FROM automation_version WHERE automation_id = ? AND version = ?")
                .bind(0, id)
                .bind(1, version)
                .map((row, _) -> version(row))
                .findOne()
                .orElseThrow(() -> UserException.badInput(
                        "The automation " + id + " has no version " + version,
                        "nothing was kept under this number",
                        "'automations show " + id + " --versions' lists them"));
    }

    private AutomationVersion version(ResultSet row) throws SQLException {
        long runs = row.getLong("runs");
        long failures = row.getLong("failures");
        long good = row.getLong("good_millis");
        return new AutomationVersion(
                row.getInt("version"),
                Author.valueOf(row.getString("author").toUpperCase(Locale.ROOT)),
                Instant.ofEpochMilli(row.getLong("created_at")),
                row.getString("sha256"),
                folder.resolve(row.getString("automation_id")).resolve(row.getString("file_name")),
                rehearsal(row),
                instant(row, "approved_at"),
                instant(row, "rolled_back_at"),
                new AutomationVersion.Figures(
                        runs,
                        failures,
                        runs == failures ? Optional.empty() : Optional.of(Duration.ofMillis(good / (runs - failures))),
                        number(row, "saved_millis").map(Duration::ofMillis)));
    }

    static Optional<Long> number(ResultSet row, String column) throws SQLException {
        long number = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(number);
    }

    static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        return number(row, column).map(Instant::ofEpochMilli);
    }

    private Optional<RehearsalScore> rehearsal(ResultSet row) throws SQLException {
        int passed = row.getInt("cases_passed");
        int total = row.getInt("cases_total");
        String evidence = row.getString("evidence_json");
        var compared = evidence == null ? new Compared(0, 0) : RehearsalEvidence.compared(evidence);
        return instant(row, "rehearsed_at").map(at -> new RehearsalScore(passed, total, at, compared, minSuccessRate));
    }

    private static void setState(Handle handle, String id, AutomationState state) {
        handle.execute("UPDATE automation SET state = ? WHERE id = ?", state.id(), id);
    }

    Automation require(Handle handle, String id) {
        return find(handle, "a.id", id).orElseThrow(() -> unknown(id));
    }

    static UserException retired(String id) {
        return UserException.notAllowed(
                "The automation " + id + " is retired", "it was given up for good", "Write a new one");
    }

    private static UserException unknown(String id) {
        return UserException.badInput(
                "There is no automation " + id,
                "nothing kept has this id",
                // An id has neither, so a file is meant, and it has to become an automation first.
                id.contains(".") || id.contains("/")
                        ? "'adopt " + id + "' makes an automation of a script file"
                        : "'automations' lists them all");
    }

    private Automation automation(ResultSet row) throws SQLException {
        int deployed = row.getInt("deployed_version");
        Optional<Integer> deployedVersion = row.wasNull() ? Optional.empty() : Optional.of(deployed);
        Optional<RehearsalScore> rehearsal = rehearsal(row);
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
            Path place = file.toAbsolutePath().getParent();
            if (place == null) throw new IllegalStateException(file + " lies in no folder");
            DataHome.createPrivate(place);
            Path next = Files.createTempFile(place, ".new", "");
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

    /** A text as it lies in a file. */
    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String sha256(String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(bytes(text)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
