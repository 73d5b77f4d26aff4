package dev.understudy.core.automation;

import dev.understudy.core.store.Database;
import dev.understudy.core.workflow.Outcomes;
import dev.understudy.sandbox.control.RunReport;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Runs for real that ended, those that are under way, and what the person is still to be told. */
final class RunStore {
    /** How many runs of an automation are remembered, and counted in its success rate. */
    private static final int MAX_RUNS = 1000;

    private final Database database;
    private final Clock clock;

    RunStore(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** A run, or an undo, of which no end is recorded yet. */
    record OpenRun(
            String runId,
            String automationId,
            Optional<Integer> version,
            @Nullable Long experimentId,
            Instant started) {}

    void open(Handle handle, OpenRun run) {
        handle.execute(
                "INSERT INTO open_run (run_id, automation_id, version, experiment_id, started_at) VALUES (?, ?, ?, ?, ?)",
                run.runId(),
                run.automationId(),
                run.version().orElse(null),
                run.experimentId(),
                run.started().toEpochMilli());
    }

    void close(Handle handle, String runId) {
        handle.execute("DELETE FROM open_run WHERE run_id = ?", runId);
    }

    List<OpenRun> open() {
        return database.read(handle -> handle.createQuery("SELECT * FROM open_run ORDER BY started_at, run_id")
                .map((row, _) -> new OpenRun(
                        row.getString("run_id"),
                        row.getString("automation_id"),
                        AutomationStore.number(row, "version").map(Long::intValue),
                        AutomationStore.number(row, "experiment_id").orElse(null),
                        Instant.ofEpochMilli(row.getLong("started_at"))))
                .list());
    }

    /** Counts a run of a version; {@code taskMillis} is what the task takes that it stands for. */
    void count(
            Handle handle,
            String id,
            int version,
            @Nullable Long experimentId,
            Optional<Long> taskMillis,
            String runId,
            RunReport report) {
        String outcome = Outcomes.id(report.outcome());
        long millis = report.duration().toMillis();
        boolean good = outcome.equals("succeeded");
        Long saved = good ? taskMillis.map(task -> task - millis).orElse(null) : null;
        handle.execute(
                "INSERT INTO automation_run (run_id, automation_id, version, started_at, duration_millis, outcome,"
                        + " experiment_id, saved_millis) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                runId,
                id,
                version,
                report.started().toEpochMilli(),
                millis,
                outcome,
                experimentId,
                saved);
        int bad = good ? 0 : 1;
        handle.execute(
                "UPDATE automation_version SET runs = runs + 1, failures = failures + ?,"
                        + " watched_runs = watched_runs + 1, watched_failures = watched_failures + ?"
                        + " WHERE automation_id = ? AND version = ?",
                bad,
                bad,
                id,
                version);
        if (good)
            handle.execute(
                    "UPDATE automation_version SET good_millis = good_millis + ?,"
                            + " saved_millis = CASE WHEN ? IS NULL THEN saved_millis ELSE coalesce(saved_millis, 0) + ? END"
                            + " WHERE automation_id = ? AND version = ?",
                    millis,
                    saved,
                    saved,
                    id,
                    version);
        handle.execute(
                "DELETE FROM automation_run WHERE automation_id = ? AND run_id NOT IN (SELECT run_id FROM automation_run"
                        + " WHERE automation_id = ? ORDER BY rowid DESC LIMIT ?)",
                id,
                id,
                MAX_RUNS);
    }

    /** What the tasks take that an automation stands for, as recorded; empty if none was. */
    static Optional<Long> taskMillis(Handle handle, String id) {
        return handle.createQuery("SELECT task_millis FROM automation WHERE id = ? AND task_millis IS NOT NULL")
                .bind(0, id)
                .mapTo(Long.class)
                .findOne();
    }

    /** What a version's success rate is watched over: its runs since it was deployed. */
    record Watched(long runs, long failures, List<Boolean> lastFailed) {}

    static Watched watched(Handle handle, String id, int version, int last) {
        return handle.createQuery("SELECT watched_runs, watched_failures FROM automation_version"
                        + " WHERE automation_id = ? AND version = ?")
                .bind(0, id)
                .bind(1, version)
                .map((row, _) -> {
                    long runs = row.getLong("watched_runs");
                    return new Watched(
                            runs,
                            row.getLong("watched_failures"),
                            lastFailed(handle, id, version, Math.min(runs, last)));
                })
                .one();
    }

    private static List<Boolean> lastFailed(Handle handle, String id, int version, long limit) {
        return handle.createQuery("SELECT outcome <> 'succeeded' FROM automation_run"
                        + " WHERE automation_id = ? AND version = ? ORDER BY rowid DESC LIMIT ?")
                .bind(0, id)
                .bind(1, version)
                .bind(2, limit)
                .mapTo(Boolean.class)
                .list();
    }

    /** The latest runs of an automation, oldest first. */
    List<RunRecord> latest(String id, int limit) {
        return database.read(handle -> handle.createQuery(
                                "SELECT * FROM automation_run WHERE automation_id = ? ORDER BY rowid DESC LIMIT ?")
                        .bind(0, id)
                        .bind(1, limit)
                        .map((row, _) -> record(row))
                        .list())
                .reversed();
    }

    private static RunRecord record(ResultSet row) throws SQLException {
        return new RunRecord(
                row.getString("run_id"),
                row.getInt("version"),
                Instant.ofEpochMilli(row.getLong("started_at")),
                Duration.ofMillis(row.getLong("duration_millis")),
                row.getString("outcome"),
                AutomationStore.instant(row, "undone_at"));
    }

    /** Which automation a remembered run was of. */
    Optional<String> automationOf(String runId) {
        return database.read(handle -> handle.createQuery("SELECT automation_id FROM automation_run WHERE run_id = ?")
                .bind(0, runId)
                .mapTo(String.class)
                .findOne());
    }

    void markUndone(Handle handle, String runId) {
        handle.execute("UPDATE automation_run SET undone_at = ? WHERE run_id = ?", clock.millis(), runId);
    }

    void addNotice(Handle handle, String automationId, String text) {
        handle.execute(
                "INSERT INTO notice (automation_id, text, created_at) VALUES (?, ?, ?)",
                automationId,
                text,
                clock.millis());
    }

    /** What the person has not been told yet, oldest first; they count as told from now on. */
    List<String> takeNotices() {
        boolean some = database.read(handle -> handle.createQuery("SELECT EXISTS (SELECT 1 FROM notice)")
                .mapTo(Boolean.class)
                .one());
        if (!some) return List.of();
        return database.write(handle -> {
            List<String> texts = handle.createQuery("SELECT text FROM notice ORDER BY id")
                    .mapTo(String.class)
                    .list();
            handle.execute("DELETE FROM notice");
            return texts;
        });
    }
}
