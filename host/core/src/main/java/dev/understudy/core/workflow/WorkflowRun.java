package dev.understudy.core.workflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunOutcome.LimitExceeded;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunReport.OutputLine;
import dev.understudy.sandbox.control.RunReport.Usage;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.ScriptRunner;
import dev.understudy.sandbox.control.Tier;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** One run of a workflow: starts each step when those that it waits for have ended. */
final class WorkflowRun implements ScriptRunner.Run, Runnable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String runId;
    private final WorkflowRunner.Request request;
    private final StepGraph graph;
    private final WorkflowRunner.Starter starter;
    private final RunListener listener;
    private final WorkflowStore store;
    private final Clock clock;
    private final int maxConcurrent;
    private final WorkflowRunner.Unchanged unchanged;
    private final Instant started;
    private final CountDownLatch done = new CountDownLatch(1);
    private final Map<String, JsonNode> results = new LinkedHashMap<>();
    private final Set<String> ended = new LinkedHashSet<>();
    private final List<String> tolerated = new ArrayList<>();
    private final ChangesOfSteps changes = new ChangesOfSteps();
    private final List<OutputLine> output = new ArrayList<>();
    private Usage usage = Usage.NONE;
    private Tier tier = Tier.NONE;
    private @Nullable RunOutcome stoppedBy;
    private volatile @Nullable RunReport report;

    /** Of the steps under way. */
    private final Map<String, ScriptRunner.Run> runs = new HashMap<>();

    private boolean cancelled;

    /** A step that has ended. */
    private record Ended(Step step, RunReport report, int attempts) {}

    /** @param earlier steps that need not run, since they succeeded before */
    WorkflowRun(
            String runId,
            WorkflowRunner.Request request,
            WorkflowRunner.Starter starter,
            RunListener listener,
            WorkflowStore store,
            Clock clock,
            int maxConcurrent,
            WorkflowRunner.Unchanged unchanged,
            List<StepReport> earlier) {
        this.runId = runId;
        this.request = request;
        this.graph = StepGraph.of(request.steps());
        this.starter = starter;
        this.listener = listener;
        this.store = store;
        this.clock = clock;
        this.maxConcurrent = maxConcurrent;
        this.unchanged = unchanged;
        started = clock.instant();
        for (StepReport step : earlier) {
            results.put(step.name(), parse(step.resultJson()));
            ended.add(step.name());
        }
    }

    @Override
    public RunReport await() throws InterruptedException {
        done.await();
        RunReport all = report;
        if (all == null) throw new IllegalStateException("the workflow " + request.workflow() + " ended by a bug");
        return all;
    }

    @Override
    public void cancel() {
        List<ScriptRunner.Run> current;
        synchronized (runs) {
            cancelled = true;
            current = List.copyOf(runs.values());
        }
        current.forEach(ScriptRunner.Run::cancel);
    }

    private boolean isCancelled() {
        synchronized (runs) {
            return cancelled;
        }
    }

    @Override
    public void run() {
        try (var threads = Executors.newFixedThreadPool(
                maxConcurrent,
                Thread.ofPlatform().daemon().name("workflow-step-", 1).factory())) {
            runSteps(threads);
        } catch (InterruptedException _) {
            stoppedBy = new RunOutcome.Cancelled();
            Thread.currentThread().interrupt();
        } finally {
            conclude();
        }
    }

    private void runSteps(ExecutorService threads) throws InterruptedException {
        var waiting = new ArrayList<>(graph.inOrder());
        waiting.removeIf(step -> ended.contains(step.name()));
        var underWay = new ExecutorCompletionService<Ended>(threads);
        int running = 0;
        while (true) {
            boolean goesOn = stoppedBy == null && !isCancelled();
            for (Step step : List.copyOf(waiting)) {
                if (!goesOn || !ended.containsAll(step.after())) continue;
                waiting.remove(step);
                RunRequest stepRequest = request(step);
                underWay.submit(() -> attempt(step, stepRequest));
                running++;
            }
            if (running == 0) return;
            try {
                take(underWay.take().get());
            } catch (ExecutionException e) {
                throw new IllegalStateException("a step of " + request.workflow() + " ended by a bug", e.getCause());
            }
            running--;
        }
    }

    private RunRequest request(Step step) {
        RunRequest base = request.base();
        ObjectNode parameters = (ObjectNode) parse(base.parametersJson());
        ObjectNode steps = parameters.putObject("steps");
        for (String before : graph.before(step))
            if (results.containsKey(before)) steps.set(before, results.get(before));
        return new RunRequest(
                        base.name() + "/" + step.name(),
                        base.trustDomain(),
                        base.language(),
                        StepScript.of(base.language(), base.source(), step),
                        parameters.toString(),
                        base.runtime(),
                        base.isolation(),
                        base.limits(),
                        base.grants(),
                        base.mode(),
                        base.reuse(),
                        Map.of(),
                        base.workingDirectory())
                .withPromises(promises(step));
    }

    /** What is promised of the whole script is promised of its steps. */
    private Set<RunRequest.Promise> promises(Step step) {
        var promises = new HashSet<>(request.base().promises());
        if (step.purity() == Step.Purity.PURE) promises.add(RunRequest.Promise.PURE);
        return promises;
    }

    private Ended attempt(Step step, RunRequest stepRequest) throws InterruptedException {
        boolean skips = unchanged == WorkflowRunner.Unchanged.IS_SKIPPED
                && stepRequest.promises().contains(RunRequest.Promise.PURE)
                // It may have another value by now, of which nothing must be kept to compare it with.
                && stepRequest.grants().secrets().isEmpty();
        if (!skips) return tried(step, stepRequest);
        String given = Unchanging.sha256(stepRequest);
        Optional<String> known = store.known(request.workflow(), step.name(), given);
        if (known.isPresent()) return new Ended(step, skipped(known.get()), 1);
        Ended ended = tried(step, stepRequest);
        if (ended.report().outcome() instanceof RunOutcome.Succeeded succeeded
                && ended.report().changes().isEmpty())
            store.know(request.workflow(), step.name(), given, succeeded.resultJson());
        return ended;
    }

    /** The report of a step that did not run, since it was given what it was given before. */
    private RunReport skipped(String resultJson) {
        return new RunReport(
                "",
                new RunOutcome.Succeeded(resultJson),
                request.base().isolation(),
                Tier.NONE,
                clock.instant(),
                Duration.ZERO,
                List.of(),
                List.of(),
                Usage.NONE);
    }

    private Ended tried(Step step, RunRequest stepRequest) throws InterruptedException {
        int attempts = 0;
        while (true) {
            attempts++;
            RunReport one = once(step, stepRequest);
            boolean again = one.outcome() instanceof RunOutcome.Failed || one.outcome() instanceof LimitExceeded;
            if (!again || attempts > step.retries() || isCancelled()) return new Ended(step, one, attempts);
        }
    }

    private RunReport once(Step step, RunRequest stepRequest) throws InterruptedException {
        ScriptRunner.Run run = starter.start(stepRequest, listener);
        boolean late;
        synchronized (runs) {
            late = cancelled;
            runs.put(step.name(), run);
        }
        if (late) run.cancel();
        try {
            return run.await();
        } finally {
            synchronized (runs) {
                runs.remove(step.name());
            }
        }
    }

    private void take(Ended one) {
        String name = one.step().name();
        RunReport step = one.report();
        ended.add(name);
        output.addAll(step.output());
        usage = sum(usage, step.usage());
        if (step.tier() != Tier.NONE) tier = step.tier();
        String error = "";
        JsonNode result = JSON.nullNode();
        if (step.outcome() instanceof RunOutcome.Succeeded succeeded) {
            result = parse(succeeded.resultJson());
            results.put(name, result);
            changes.add(step.changes());
        } else {
            error = reason(step.outcome());
            boolean goesOn =
                    one.step().onError() == Step.OnError.CONTINUE && !(step.outcome() instanceof RunOutcome.Cancelled);
            if (goesOn) {
                tolerated.add(name);
                log("warn", "The step '" + name + "' failed: " + error);
            } else if (stoppedBy == null) stoppedBy = ofWorkflow(name, step.outcome());
        }
        store.record(
                runId,
                new StepReport(
                        name,
                        step.runId(),
                        Outcomes.id(step.outcome()),
                        one.attempts(),
                        error,
                        result.toString(),
                        step.started(),
                        step.duration(),
                        step.usage().cpuTime(),
                        step.usage().peakMemoryBytes(),
                        step.usage().ioBytes()));
        listener.progress(ended.size() / (double) request.steps().size(), name);
    }

    private void log(String channel, String text) {
        var line = new OutputLine(channel, text);
        output.add(line);
        listener.output(line);
    }

    private RunOutcome ofWorkflow(String name, RunOutcome outcome) {
        return switch (outcome) {
            case RunOutcome.Failed failed ->
                new RunOutcome.Failed(
                        "the step '" + name + "' failed: " + failed.error() + standing(), failed.detail());
            case LimitExceeded exceeded -> {
                log("error", "The step '" + name + "' exceeded a limit" + standing() + ".");
                yield exceeded;
            }
            case RunOutcome.Refused refused ->
                new RunOutcome.Refused("the step '" + name + "' was refused: " + refused.reason(), refused.mend());
            case RunOutcome.Cancelled cancel -> cancel;
            case RunOutcome.Succeeded _ -> throw new IllegalArgumentException("no failure: " + name);
        };
    }

    /** What becomes of the steps before a failed one. */
    private String standing() {
        if (results.isEmpty()) return "";
        return " (done before it: " + String.join(", ", results.keySet())
                + "; run it with --resume to go on from there)";
    }

    private void conclude() {
        RunOutcome outcome = stoppedBy;
        if (outcome == null && isCancelled()) outcome = new RunOutcome.Cancelled();
        if (outcome == null) outcome = new RunOutcome.Succeeded(resultJson());
        report = new RunReport(
                runId,
                outcome,
                request.base().isolation(),
                tier,
                started,
                Duration.between(started, clock.instant()),
                changes.all(),
                output,
                usage);
        store.end(runId, Outcomes.id(outcome));
        done.countDown();
    }

    private String resultJson() {
        ObjectNode json = JSON.createObjectNode().put("success", true);
        ObjectNode steps = json.putObject("steps");
        graph.inOrder().forEach(step -> {
            if (results.containsKey(step.name())) steps.set(step.name(), results.get(step.name()));
        });
        var failed = json.putArray("failed");
        tolerated.forEach(failed::add);
        return json.toString();
    }

    private static Usage sum(Usage one, Usage other) {
        return new Usage(
                one.cpuTime().plus(other.cpuTime()),
                Math.max(one.peakMemoryBytes(), other.peakMemoryBytes()),
                one.outputBytes() + other.outputBytes(),
                one.diskBytes() + other.diskBytes(),
                Math.max(one.processes(), other.processes()),
                Math.max(one.openFiles(), other.openFiles()),
                sum(one.ioBytes(), other.ioBytes()));
    }

    private static OptionalLong sum(OptionalLong one, OptionalLong other) {
        if (one.isEmpty() || other.isEmpty()) return one.isEmpty() ? other : one;
        return OptionalLong.of(one.getAsLong() + other.getAsLong());
    }

    private static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the sandbox gave a result that is no JSON", e);
        }
    }

    private static String reason(RunOutcome outcome) {
        return switch (outcome) {
            case RunOutcome.Succeeded _ -> "";
            case RunOutcome.Failed failed -> failed.error();
            case LimitExceeded exceeded -> Outcomes.describe(exceeded);
            case RunOutcome.Refused refused -> refused.reason();
            case RunOutcome.Cancelled _ -> "cancelled";
        };
    }
}
