package dev.understudy.core.automation;

import dev.understudy.core.audit.AuditLog;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.store.Database;
import dev.understudy.core.workflow.Outcomes;
import dev.understudy.sandbox.control.RunIds;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.ScriptRunner;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs for real that programs ask for. Each is asked for under a key that the program makes up: whoever asks again under the
 * same key, since an answer was lost, gets the run that was started the first time, and none is ever started twice. What a
 * run gave is kept to be read later. Safe for use by several threads; one host at a time starts such runs.
 */
public final class RequestedRuns {
    /** How long a key is remembered, and with it the result. */
    public static final Duration KEPT = Duration.ofDays(30);

    /** A longer result is not kept. */
    public static final int MAX_RESULT_CHARACTERS = 256 << 10;

    /** Who starts them, for the log. */
    private static final String BY = "api";

    private static final String NOT_BEGUN = "not_begun";

    private final Database database;
    private final AuditLog audit;
    private final AutomationRuns runs;
    private final Path userHome;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    /** Those that this process is to begin or has under way, by their ids; counted down when they have ended. */
    private final Map<String, CountDownLatch> own = new ConcurrentHashMap<>();

    RequestedRuns(Database database, AuditLog audit, AutomationRuns runs, Path userHome, Clock clock) {
        this.database = database;
        this.audit = audit;
        this.runs = runs;
        this.userHome = userHome;
        this.clock = clock;
    }

    /**
     * What was started.
     *
     * @param repeated whether the key was known, and so nothing was started now
     */
    public record Started(String runId, String automationId, boolean repeated) {}

    /**
     * How far a run is.
     *
     * @param state {@code waiting}, {@code running}, how it ended as the log says it, {@code interrupted}, or
     *     {@code not_begun}
     * @param resultJson what the script gave; empty unless it succeeded, or if that was too long to be kept
     * @param error why it did not succeed; empty if it did, or is under way
     */
    public record Result(String runId, String automationId, String state, Optional<String> resultJson, String error) {}

    private record Kept(
            String key,
            String sha256,
            String runId,
            String automationId,
            Optional<String> outcome,
            Optional<String> resultJson,
            String error) {}

    /**
     * Starts an approved automation, unless the key was used before.
     *
     * @param key 1 to 200 printable ASCII characters
     * @param parameters as a person would type them
     * @param problems hears of a run that did not begin when its turn had come, one line
     * @throws UserException if it may not run or the parameters do not fit, and then the key is as good as unused; or if
     *     something else was asked for under this key
     */
    public synchronized Started start(
            String key, String id, Map<String, String> parameters, Consumer<String> problems) {
        if (!key.matches("[ -~]{1,200}"))
            throw UserException.badInput(
                    "The run is not started",
                    "its idempotency key is no text of 1 to 200 printable ASCII characters",
                    "Make one up for each run that you want, for example a random UUID");
        // In one order, whatever order they came in.
        String sha256 = AutomationStore.sha256(id + "\n" + AutomationFile.json(new TreeMap<>(parameters)));
        String runId = RunIds.at(clock.instant(), random);
        own.put(runId, new CountDownLatch(1));
        Kept kept;
        try {
            kept = claim(key, sha256, runId, id);
        } catch (RuntimeException e) {
            forget(runId);
            throw e;
        }
        if (!kept.runId().equals(runId)) {
            forget(runId);
            if (!kept.sha256().equals(sha256))
                throw UserException.notAllowed(
                        "The run is not started",
                        "this idempotency key was used for another one (" + kept.runId() + " of " + kept.automationId()
                                + ")",
                        "Make up a new key for each run that you want");
            return new Started(kept.runId(), kept.automationId(), true);
        }
        try {
            var asked = new Occasion(BY, Optional.of(runId), Optional.empty());
            ScriptRunner.Run run = runs.start(
                    id,
                    RunOrder.of(parameters, RunRequest.Mode.COMMIT, userHome).on(asked));
            Thread.ofPlatform().daemon().name("run-" + runId).start(() -> await(run, runId, id, problems));
            return new Started(runId, id, false);
        } catch (RuntimeException e) {
            forgetUnlessBegun(runId, id);
            throw e;
        }
    }

    /** The row of this key: one that was there, or a new one for this run. */
    private Kept claim(String key, String sha256, String runId, String id) {
        return database.write(handle -> {
            handle.execute(
                    "DELETE FROM requested_run WHERE requested_at < ?",
                    clock.instant().minus(KEPT).toEpochMilli());
            handle.execute(
                    "INSERT INTO requested_run (idempotency_key, request_sha256, run_id, automation_id, requested_at)"
                            + " VALUES (?, ?, ?, ?, ?) ON CONFLICT (idempotency_key) DO NOTHING",
                    key,
                    sha256,
                    runId,
                    id,
                    clock.millis());
            return handle.createQuery("SELECT * FROM requested_run WHERE idempotency_key = ?")
                    .bind(0, key)
                    .map((row, _) -> kept(row))
                    .one();
        });
    }

    /** Its key can be used again where the log says that nothing began. */
    private void forgetUnlessBegun(String runId, String id) {
        forget(runId);
        if (logged(id, runId).isEmpty())
            database.write(handle -> handle.execute("DELETE FROM requested_run WHERE run_id = ?", runId));
    }

    private Optional<LoggedRun> logged(String id, String runId) {
        return new RunLog(audit).find(id, runId);
    }

    /** Its end is entered in the log by whoever waits for it. */
    private void await(ScriptRunner.Run run, String runId, String id, Consumer<String> problems) {
        try {
            RunReport report = run.await();
            String result = report.outcome() instanceof RunOutcome.Succeeded succeeded ? succeeded.resultJson() : null;
            boolean kept = result != null && result.length() <= MAX_RESULT_CHARACTERS;
            // What else is to be known of it, the log tells without secrets.
            keep(runId, Outcomes.id(report.outcome()), kept ? result : null, null);
        } catch (UserException e) {
            keep(runId, NOT_BEGUN, null, e.getMessage());
            problems.accept("the run " + runId + " of " + id + " did not begin: " + e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            forget(runId);
        }
    }

    private void forget(String runId) {
        CountDownLatch ended = own.remove(runId);
        if (ended != null) ended.countDown();
    }

    private void keep(String runId, String outcome, @Nullable String resultJson, @Nullable String error) {
        database.write(handle -> handle.execute(
                "UPDATE requested_run SET outcome = ?, result_json = ?, error = ? WHERE run_id = ?",
                outcome,
                resultJson,
                error,
                runId));
    }

    /**
     * How far a run is that was asked for here; empty for any other, and for one that is not remembered any more.
     *
     * @param wait how long to wait for its end, if it is under way in this process
     */
    public Optional<Result> find(String runId, Duration wait) throws InterruptedException {
        CountDownLatch ended = own.get(runId);
        if (ended != null && wait.isPositive()) {
            boolean _ = ended.await(wait.toNanos(), TimeUnit.NANOSECONDS);
        }
        return database.read(handle -> handle.createQuery("SELECT * FROM requested_run WHERE run_id = ?")
                        .bind(0, runId)
                        .map((row, _) -> kept(row))
                        .findOne())
                .map(this::result);
    }

    private Result result(Kept kept) {
        boolean mine = own.containsKey(kept.runId());
        Optional<LoggedRun> logged = logged(kept.automationId(), kept.runId());
        String state = kept.outcome()
                .or(() -> logged.flatMap(LoggedRun::outcome))
                .orElse(logged.isPresent() ? "running" : mine ? "waiting" : NOT_BEGUN);
        String error = !kept.error().isEmpty()
                ? kept.error()
                : logged.map(LoggedRun::error)
                        .orElse(state.equals(NOT_BEGUN) ? "its host ended before its turn came" : "");
        return new Result(kept.runId(), kept.automationId(), state, kept.resultJson(), error);
    }

    private static Kept kept(ResultSet row) throws SQLException {
        String error = row.getString("error");
        return new Kept(
                row.getString("idempotency_key"),
                row.getString("request_sha256"),
                row.getString("run_id"),
                row.getString("automation_id"),
                Optional.ofNullable(row.getString("outcome")),
                Optional.ofNullable(row.getString("result_json")),
                error == null ? "" : error);
    }
}
