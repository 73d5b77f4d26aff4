package dev.understudy.core.workflow;

import dev.understudy.core.problem.UserException;
import dev.understudy.core.store.Database;
import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.ScriptRunner;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Runs workflows. Each step is a run of its own: its changes are committed when it has succeeded, and those of the steps
 * before it stand whatever becomes of it. Safe for use by several threads.
 */
public final class WorkflowRunner {
    private final WorkflowStore store;
    private final Clock clock;
    private final int maxConcurrent;
    private final Unchanged unchanged;

    /** What becomes of a pure step that is given what it was given before. */
    public enum Unchanged {
        RUNS,
        /** It has the result that it had then. */
        IS_SKIPPED
    }

    /** @param maxConcurrent how many steps of one workflow run at once, at least 1 */
    public WorkflowRunner(Database database, Clock clock, int maxConcurrent, Unchanged unchanged) {
        this.store = new WorkflowStore(database);
        this.clock = clock;
        this.maxConcurrent = maxConcurrent;
        this.unchanged = unchanged;
    }

    /**
     * What to run.
     *
     * @param workflow names it in the store: an automation's id, or a text of its own for a script of unknown origin
     * @param scriptSha256 of the whole script
     * @param base the request of a run of the whole script, which is what each step's run is like
     * @param steps without two of a name and without a circle
     */
    public record Request(String workflow, String scriptSha256, RunRequest base, List<Step> steps) {
        public Request {
            if (base.mode() != RunRequest.Mode.COMMIT)
                throw new IllegalArgumentException("a rehearsal of all steps is one run (" + workflow + ")");
            steps = List.copyOf(steps);
        }
    }

    /**
     * What a run that did not succeed was given, for it to go on with.
     *
     * @param parametersJson a JSON object
     */
    public record Resumption(String runId, String parametersJson, Path workingDirectory) {}

    /** Starts the run of one step, as {@link ScriptRunner#start}. */
    public interface Starter {
        ScriptRunner.Run start(RunRequest request, RunListener listener);
    }

    /** Starts at the first step. */
    public ScriptRunner.Run start(Request request, Starter starter, RunListener listener) {
        return start(request, starter, listener, List.of());
    }

    /**
     * What the latest run of a workflow was given, if it can go on.
     *
     * @throws UserException if there was none, if it succeeded, or if the script is another one now
     */
    public Resumption resumption(String workflow, String scriptSha256) {
        WorkflowStore.Unfinished unfinished = store.unfinished(workflow)
                .orElseThrow(() -> UserException.badInput(
                        "There is nothing to resume",
                        "no run of " + workflow + " was kept that did not succeed",
                        "Run it without --resume"));
        if (!unfinished.scriptSha256().equals(scriptSha256))
            throw UserException.notAllowed(
                    "The workflow " + workflow + " cannot go on",
                    "its script has changed since that run",
                    "Run it from the start, without --resume");
        return new Resumption(unfinished.runId(), unfinished.parametersJson(), unfinished.workingDirectory());
    }

    /** Starts with the steps that did not succeed in an earlier run; the others keep the results that they had there. */
    public ScriptRunner.Run resume(Request request, Resumption resumption, Starter starter, RunListener listener) {
        List<StepReport> done = store.steps(resumption.runId()).stream()
                .filter(StepReport::succeeded)
                .toList();
        return start(request, starter, listener, done);
    }

    private ScriptRunner.Run start(Request request, Starter starter, RunListener listener, List<StepReport> done) {
        Instant now = clock.instant();
        String runId = request.base().runIdFrom(now, ThreadLocalRandom.current());
        store.begin(runId, request, now, done);
        var run = new WorkflowRun(runId, request, starter, listener, store, clock, maxConcurrent, unchanged, done);
        Thread.ofPlatform().daemon().name("workflow-" + runId).start(run);
        return run;
    }

    /** How the steps of a run went, in the order in which they began; empty if it was no workflow. */
    public List<StepReport> steps(String runId) {
        return store.steps(runId);
    }
}
