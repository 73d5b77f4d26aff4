package dev.understudy.core.automation;

import dev.understudy.core.audit.AuditKind;
import dev.understudy.core.audit.AuditLog.Entries;
import dev.understudy.core.automation.Experiment.Arm;
import dev.understudy.core.automation.Experiment.End;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.statistics.Comparison;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Experiments: two versions of one automation on alternate runs. At most one is under way for each automation. */
final class ExperimentStore {
    private final Clock clock;

    ExperimentStore(Clock clock) {
        this.clock = clock;
    }

    void start(Handle handle, Entries entries, String id, int versionA, int versionB, int runsEach, String by) {
        if (underWay(handle, id).isPresent())
            throw UserException.notAllowed(
                    "No experiment was started",
                    "one is under way for " + id,
                    "'automations ab " + id + "' shows it, '--stop' ends it");
        handle.execute(
                "INSERT INTO experiment (automation_id, version_a, version_b, runs_each, started_at) VALUES (?, ?, ?, ?, ?)",
                id,
                versionA,
                versionB,
                runsEach,
                clock.millis());
        entries.add(
                AuditKind.EXPERIMENT_STARTED, id, Map.of("a", versionA, "b", versionB, "runsEach", runsEach, "by", by));
    }

    Optional<Experiment> underWay(Handle handle, String id) {
        return find(handle, id, "AND ended_at IS NULL");
    }

    /** The last one, under way or not. */
    Optional<Experiment> latest(Handle handle, String id) {
        return find(handle, id, "");
    }

    private static Optional<Experiment> find(Handle handle, String id, String condition) {
        return handle.createQuery(
                        "SELECT * FROM experiment WHERE automation_id = ? " + condition + " ORDER BY id DESC LIMIT 1")
                .bind(0, id)
                .map((row, _) -> experiment(handle, row))
                .findOne();
    }

    private static Experiment experiment(Handle handle, ResultSet row) throws SQLException {
        long id = row.getLong("id");
        Optional<Instant> ended = AutomationStore.instant(row, "ended_at");
        String verdict = row.getString("verdict");
        String reason = row.getString("reason");
        return new Experiment(
                id,
                row.getString("automation_id"),
                row.getInt("runs_each"),
                arm(handle, id, row.getInt("version_a")),
                arm(handle, id, row.getInt("version_b")),
                Instant.ofEpochMilli(row.getLong("started_at")),
                ended.map(at -> new End(at, Comparison.Verdict.valueOf(verdict.toUpperCase(Locale.ROOT)), reason)));
    }

    private static Arm arm(Handle handle, long experiment, int version) {
        int runs = handle.createQuery("SELECT count(*) FROM automation_run WHERE experiment_id = ? AND version = ?")
                .bind(0, experiment)
                .bind(1, version)
                .mapTo(Integer.class)
                .one();
        var durations = handle.createQuery("SELECT duration_millis FROM automation_run"
                        + " WHERE experiment_id = ? AND version = ? AND outcome = 'succeeded' ORDER BY rowid")
                .bind(0, experiment)
                .bind(1, version)
                .mapTo(Double.class)
                .list();
        return new Arm(version, new Comparison.Arm(runs, durations));
    }

    /** Which version runs next: the one with fewer runs, those under way counted. */
    static int next(Handle handle, Experiment experiment) {
        return started(handle, experiment, experiment.b()) < started(handle, experiment, experiment.a())
                ? experiment.b().version()
                : experiment.a().version();
    }

    private static int started(Handle handle, Experiment experiment, Arm arm) {
        int open = handle.createQuery("SELECT count(*) FROM open_run WHERE experiment_id = ? AND version = ?")
                .bind(0, experiment.id())
                .bind(1, arm.version())
                .mapTo(Integer.class)
                .one();
        return arm.runs().runs() + open;
    }

    void end(
            Handle handle,
            Entries entries,
            Experiment experiment,
            Comparison.Verdict verdict,
            String reason,
            String by) {
        handle.execute(
                "UPDATE experiment SET ended_at = ?, verdict = ?, reason = ? WHERE id = ?",
                clock.millis(),
                verdict.name().toLowerCase(Locale.ROOT),
                reason,
                experiment.id());
        entries.add(
                AuditKind.EXPERIMENT_ENDED,
                experiment.automationId(),
                Map.of(
                        "a", experiment.a().version(),
                        "b", experiment.b().version(),
                        "verdict", verdict.name().toLowerCase(Locale.ROOT),
                        "reason", reason,
                        "by", by));
    }

    /** Ends the experiment under way, if there is one, without a verdict. */
    void stop(Handle handle, Entries entries, String id, String reason, String by) {
        underWay(handle, id)
                .ifPresent(
                        experiment -> end(handle, entries, experiment, Comparison.Verdict.NO_DIFFERENCE, reason, by));
    }
}
