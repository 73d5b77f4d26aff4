package dev.understudy.core.automation;

import dev.understudy.core.problem.UserException;
import dev.understudy.core.secrets.SecretSource;
import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.RunIds;
import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.ScriptRunner;
import dev.understudy.sandbox.control.Secrets;
import dev.understudy.sandbox.control.Tier;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * All runners as one: each request goes to the one for its language and runtime. Whoever made them closes them.
 *
 * <p>Here a run for real gets the values of the secrets that it was granted, and from here on nobody hears of them: what it
 * says comes back without. A rehearsal keeps the stand-ins that it came with, and what it says is cleared all the same.
 */
final class Runners implements ScriptRunner {
    private final Map<RunnerKey, ScriptRunner> byKey;
    private final SecretSource secrets;
    private final InstantSource clock;

    Runners(Map<RunnerKey, ScriptRunner> byKey, SecretSource secrets, InstantSource clock) {
        this.secrets = secrets;
        this.byKey = Map.copyOf(byKey);
        this.clock = clock;
    }

    /** The day that it is on this machine. */
    LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ZoneId.systemDefault());
    }

    @Override
    public Run start(RunRequest request, RunListener listener) {
        ScriptRunner runner = byKey.get(new RunnerKey(request.language(), request.runtime()));
        if (runner == null)
            return refused(
                    request,
                    "nothing here runs " + request.language() + " with the runtime " + request.runtime(),
                    "'doctor' shows what this machine can do");
        if (request.grants().secrets().isEmpty()) return runner.start(request, listener);
        return switch (request.mode()) {
            case COMMIT -> startKnowing(runner, request, listener);
            case REHEARSE -> startUnknowing(runner, request, listener);
        };
    }

    /** The script has stand-ins, but a file of the person's that it reads or changes may hold what an earlier run has written. */
    private Run startUnknowing(ScriptRunner runner, RunRequest request, RunListener listener) {
        var values = new LinkedHashMap<String, String>();
        for (String name : request.grants().secrets().names()) {
            try {
                secrets.value(name).ifPresent(value -> values.put(name, value));
            } catch (UserException _) {
                // A rehearsal needs none, and one that cannot be read here no run here has written.
            }
        }
        var scrubber = new SecretScrubber(Secrets.of(values));
        return new ScrubbedRun(runner.start(request, scrubber.listener(listener)), scrubber);
    }

    private Run startKnowing(ScriptRunner runner, RunRequest request, RunListener listener) {
        var values = new LinkedHashMap<String, String>();
        for (String name : request.grants().secrets().names()) {
            try {
                Optional<String> value = secrets.value(name);
                if (value.isEmpty())
                    return refused(
                            request, "there is no secret " + name, "Give it one: understudy secrets set " + name);
                values.put(name, value.get());
            } catch (UserException e) {
                UserException.Parts parts = e.parts();
                return refused(request, parts.what() + ": " + parts.why(), parts.mend());
            }
        }
        Secrets known = Secrets.of(values);
        var scrubber = new SecretScrubber(known);
        return new ScrubbedRun(runner.start(request.withSecrets(known), scrubber.listener(listener)), scrubber);
    }

    private Run refused(RunRequest request, String reason, String mend) {
        return new EndedRun(report(
                request.runIdFrom(clock.instant(), ThreadLocalRandom.current()),
                request.isolation(),
                new RunOutcome.Refused(reason, mend)));
    }

    /** The report of a run that was not started. */
    RunReport notStarted(IsolationLevel isolation, RunOutcome outcome) {
        return report(RunIds.at(clock.instant(), ThreadLocalRandom.current()), isolation, outcome);
    }

    private RunReport report(String runId, IsolationLevel isolation, RunOutcome outcome) {
        return new RunReport(
                runId,
                outcome,
                isolation,
                Tier.NONE,
                clock.instant(),
                Duration.ZERO,
                List.of(),
                List.of(),
                RunReport.Usage.NONE);
    }

    @Override
    public void close() {
        // They are not ours.
    }

    /** A run whose report tells no secrets. */
    private record ScrubbedRun(Run run, SecretScrubber scrubber) implements Run {
        @Override
        public RunReport await() throws InterruptedException {
            return scrubber.report(run.await());
        }

        @Override
        public void cancel() {
            run.cancel();
        }
    }

    /** A run that ended before it began. */
    private record EndedRun(RunReport report) implements Run {
        @Override
        public RunReport await() {
            return report;
        }

        @Override
        public void cancel() {
            // It has ended.
        }
    }
}
