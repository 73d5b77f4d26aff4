package dev.understudy.core.workflow;

import dev.understudy.core.store.Database;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;

/** Which steps of which workflow have been done, and what they gave. */
final class WorkflowStore {
    /** How many runs of one workflow are remembered. */
    private static final int MAX_RUNS = 100;

    private final Database database;

    WorkflowStore(Database database) {
        this.database = database;
    }

    /**
     * A run that did not succeed.
     *
     * @param scriptSha256 of the script that ran
     */
    record Unfinished(String runId, String scriptSha256, String parametersJson, Path workingDirectory) {}

    void begin(String runId, WorkflowRunner.Request request, Instant started, List<StepReport> done) {
        database.change(handle -> {
            handle.execute(
                    "INSERT INTO workflow_run (run_id, workflow, script_sha256, parameters_json, working_directory, started_at)"
                            + " VALUES (?, ?, ?, ?, ?, ?)",
                    runId,
                    request.workflow(),
                    request.scriptSha256(),
                    request.base().parametersJson(),
                    String.valueOf(request.base().workingDirectory()),
                    started.toEpochMilli());
            for (StepReport step : done) record(handle, runId, step);
            handle.execute(
                    "DELETE FROM workflow_run WHERE workflow = ? AND run_id NOT IN (SELECT run_id FROM workflow_run"
                            + " WHERE workflow = ? ORDER BY started_at DESC, run_id DESC LIMIT ?)",
                    request.workflow(),
                    request.workflow(),
                    MAX_RUNS);
        });
    }

    /** Keeps how a step went; durable on return. */
    void record(String workflowRunId, StepReport step) {
        database.change(handle -> record(handle, workflowRunId, step));
    }

    private static void record(Handle handle, String workflowRunId, StepReport step) {
        handle.execute(
                "INSERT OR REPLACE INTO workflow_step (workflow_run_id, name, run_id, outcome, attempts, error, result_json,"
                        + " started_at, duration_millis, cpu_micros, peak_memory_bytes, io_bytes)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                workflowRunId,
                step.name(),
                step.runId(),
                step.outcome(),
                step.attempts(),
                step.error(),
                step.resultJson(),
                step.started().toEpochMilli(),
                step.duration().toMillis(),
                TimeUnit.NANOSECONDS.toMicros(step.cpuTime().toNanos()),
                step.peakMemoryBytes(),
                step.ioBytes().isPresent() ? step.ioBytes().getAsLong() : null);
    }

    void end(String runId, String outcome) {
        database.change(
                handle -> handle.execute("UPDATE workflow_run SET outcome = ? WHERE run_id = ?", outcome, runId));
    }

    /** The latest run of a workflow, unless it succeeded; a host that was killed leaves one without an end. */
    Optional<Unfinished> unfinished(String workflow) {
        return database.read(handle -> handle.createQuery(
                        "SELECT * FROM workflow_run WHERE workflow = ? ORDER BY started_at DESC, run_id DESC LIMIT 1")
                .bind(0, workflow)
                .map((row, _) -> unfinished(row))
                .findOne()
                .flatMap(found -> found));
    }

    private static Optional<Unfinished> unfinished(ResultSet row) throws SQLException {
        if ("succeeded".equals(row.getString("outcome"))) return Optional.empty();
        return Optional.of(new Unfinished(
                row.getString("run_id"),
                row.getString("script_sha256"),
                row.getString("parameters_json"),
                Path.of(row.getString("working_directory"))));
    }

    /** What a step gave the last time, if it was given the same. */
    Optional<String> known(String workflow, String step, String givenSha256) {
        return database.read(handle -> handle.createQuery(
                        "SELECT result_json FROM step_result WHERE workflow = ? AND name = ? AND given_sha256 = ?")
                .bind(0, workflow)
                .bind(1, step)
                .bind(2, givenSha256)
                .mapTo(String.class)
                .findOne());
    }

    /** Keeps what a step gave for what it was given. */
    void know(String workflow, String step, String givenSha256, String resultJson) {
        database.change(handle -> handle.execute(
                "INSERT OR REPLACE INTO step_result (workflow, name, given_sha256, result_json) VALUES (?, ?, ?, ?)",
                workflow,
                step,
                givenSha256,
                resultJson));
    }

    private static OptionalLong ioBytes(ResultSet row) throws SQLException {
        long bytes = row.getLong("io_bytes");
        return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(bytes);
    }

    /** The steps of a run that have been tried, in the order in which they ended. */
    List<StepReport> steps(String runId) {
        return database.read(handle -> handle.createQuery(
                        "SELECT * FROM workflow_step WHERE workflow_run_id = ? ORDER BY started_at, rowid")
                .bind(0, runId)
                .map((row, _) -> new StepReport(
                        row.getString("name"),
                        row.getString("run_id"),
                        row.getString("outcome"),
                        row.getInt("attempts"),
                        row.getString("error"),
                        row.getString("result_json"),
                        Instant.ofEpochMilli(row.getLong("started_at")),
                        Duration.ofMillis(row.getLong("duration_millis")),
                        Duration.of(row.getLong("cpu_micros"), ChronoUnit.MICROS),
                        row.getLong("peak_memory_bytes"),
                        ioBytes(row)))
                .list());
    }
}
