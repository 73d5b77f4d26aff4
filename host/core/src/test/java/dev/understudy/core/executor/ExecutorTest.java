package dev.understudy.core.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.core.automation.RunnerKey;
import dev.understudy.core.config.ExecutorSettings;
import dev.understudy.core.config.ExecutorSettings.Switch;
import dev.understudy.core.store.Database;
import dev.understudy.sandbox.control.Grants;
import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunReport.FileChange;
import dev.understudy.sandbox.control.RunReport.OutputLine;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.RunRequest.Promise;
import dev.understudy.sandbox.control.RunRequest.ScriptRuntime;
import dev.understudy.sandbox.control.ScriptRunner;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExecutorTest {
    private static final Set<Promise> PURE = Set.of(Promise.PURE);
    private static final Set<Promise> EITHER = Set.of(Promise.EITHER_RUNTIME);

    private final FakeRunner bare = new FakeRunner();
    private final BreakerStates states = BreakerStates.inMemory();
    private final List<Executor> opened = new ArrayList<>();
    private Instant now = Instant.parse("2026-11-30T08:00:00Z");

    private Executor executor(ExecutorSettings settings) {
        return executor(settings, states);
    }

    private Executor executor(ExecutorSettings settings, BreakerStates kept) {
        var executor = new Executor(FakeRunner.everywhere(bare), settings, kept, () -> now);
        opened.add(executor);
        return executor;
    }

    @AfterEach
    void close() {
        bare.mayEnd.countDown();
        opened.forEach(Executor::close);
    }

    private static ScriptRunner.Run start(Executor executor, RunRequest request) {
        var key = new RunnerKey(request.language(), request.runtime());
        return Objects.requireNonNull(executor.runners().get(key)).start(request, RunListener.SILENT);
    }

    private static RunReport run(Executor executor, RunRequest request) throws InterruptedException {
        return start(executor, request).await();
    }

    private void outcomes(int times, RunOutcome outcome) {
        for (int i = 0; i < times; i++) bare.outcomes.add(outcome);
    }

    @Nested
    class WithEverySwitchOff {
        @Test
        void isNotThere() {
            Map<RunnerKey, ScriptRunner> runners = FakeRunner.everywhere(bare);
            var executor = new Executor(runners, ExecutorSettings.PLAIN, states, () -> now);
            opened.add(executor);
            assertThat(executor.runners()).isSameAs(runners);
        }
    }

    @Nested
    class WithAnySwitch {
        @ParameterizedTest
        @EnumSource
        void reportsWhatTheRunnerReports(Switch each) throws InterruptedException {
            outcomes(1, FakeRunner.FAILED);
            Executor executor = executor(FakeRunner.settings(each, ""));
            assertThat(run(executor, FakeRunner.request("a")).outcome()).isEqualTo(FakeRunner.FAILED);
            RunReport report = run(executor, FakeRunner.request("b").withRunId("run-7"));
            assertThat(report.outcome()).isEqualTo(FakeRunner.SUCCEEDED);
            assertThat(report.runId()).isEqualTo("run-7");
        }

        @Test
        void cancelsARunInItsRunner() throws InterruptedException {
            bare.mayEnd = new CountDownLatch(1);
            ScriptRunner.Run run =
                    start(executor(FakeRunner.settings(Switch.PERFORMANCE_MONITORING, "")), FakeRunner.request("a"));
            run.cancel();
            assertThat(run.await().outcome()).isEqualTo(new RunOutcome.Cancelled());
        }
    }

    @Nested
    class TheResultCache {
        private final Executor executor = executor(FakeRunner.settings(Switch.CACHE_OPTIMIZATION, ""));

        @Test
        void givesTheResultOfAPureScriptAgainWithItsOutputUnderTheRunsOwnId() throws InterruptedException {
            bare.output = List.of(new OutputLine("info", "hello"));
            RunReport first = run(executor, FakeRunner.request("a", "{\"x\":1}", PURE));
            RunReport second =
                    run(executor, FakeRunner.request("a", "{\"x\":1}", PURE).withRunId("second"));
            assertThat(bare.requests).hasSize(1);
            assertThat(second.outcome()).isEqualTo(first.outcome());
            assertThat(second.output()).isEqualTo(first.output());
            assertThat(second.tier()).isEqualTo(first.tier());
            assertThat(second.runId()).isEqualTo("second");
        }

        @Test
        void runsForOtherParametersAndOtherScripts() throws InterruptedException {
            run(executor, FakeRunner.request("a", "{\"x\":1}", PURE));
            run(executor, FakeRunner.request("a", "{\"x\":2}", PURE));
            run(executor, FakeRunner.request("b", "{\"x\":1}", PURE));
            assertThat(bare.requests).hasSize(3);
        }

        @Test
        void runsWhatIsNotDeclaredPure() throws InterruptedException {
            for (int i = 0; i < 2; i++) run(executor, FakeRunner.request("a"));
            assertThat(bare.requests).hasSize(2);
        }

        @Test
        void neverAnswersARehearsalNorKeepsOne() throws InterruptedException {
            RunRequest real = FakeRunner.request("a", "{}", PURE);
            RunRequest rehearsal = FakeRunner.with(real, Grants.NONE, RunRequest.Mode.REHEARSE);
            run(executor, rehearsal);
            run(executor, real);
            run(executor, rehearsal);
            assertThat(bare.requests).hasSize(3);
        }

        @Test
        void keepsNothingOfWhatIsGrantedAnything() throws InterruptedException {
            var grants = new Grants(List.of(Path.of("/data")), List.of(), List.of(), List.of());
            RunRequest request = FakeRunner.with(FakeRunner.request("a", "{}", PURE), grants, RunRequest.Mode.COMMIT);
            for (int i = 0; i < 2; i++) run(executor, request);
            assertThat(bare.requests).hasSize(2);
        }

        @Test
        void keepsNoFailureAndNothingThatChangedFiles() throws InterruptedException {
            outcomes(1, FakeRunner.FAILED);
            run(executor, FakeRunner.request("a", "{}", PURE));
            bare.changes = List.of(new FileChange(
                    Path.of("/a"), FileChange.Kind.CREATED, false, 0, 1, Optional.empty(), Optional.empty()));
            run(executor, FakeRunner.request("a", "{}", PURE));
            run(executor, FakeRunner.request("a", "{}", PURE));
            assertThat(bare.requests).hasSize(3);
        }

        @Test
        void forgetsWhenItsTimeIsOver() throws InterruptedException {
            var nanos = new long[1];
            var cache = new ResultCache(
                    FakeRunner.settings(Switch.CACHE_OPTIMIZATION, "result_cache_ttl_seconds: 10")
                            .cache(),
                    () -> now,
                    () -> nanos[0]);
            var runs = new int[1];
            Stage.Next counting = call -> {
                runs[0]++;
                return bare.start(call.request(), call.listener()).await();
            };
            RunRequest request = FakeRunner.request("a", "{}", PURE);
            for (long second : new long[] {0, 9, 11}) {
                nanos[0] = TimeUnit.SECONDS.toNanos(second);
                cache.run(Call.of(request, RunListener.SILENT, () -> now), counting);
            }
            assertThat(runs[0]).isEqualTo(2);
        }
    }

    @Nested
    class TheCircuitBreaker {
        private final ExecutorSettings settings = FakeRunner.settings(
                Switch.CIRCUIT_BREAKER, "circuit_breaker_failures: 3, circuit_breaker_open_seconds: 60");
        private final Executor executor = executor(settings);

        @Test
        void startsNothingAfterSoManyFailuresInARow() throws InterruptedException {
            outcomes(3, FakeRunner.FAILED);
            for (int i = 0; i < 3; i++) run(executor, FakeRunner.request("a"));
            assertThat(run(executor, FakeRunner.request("a")).outcome())
                    .isEqualTo(new RunOutcome.Refused(
                            "the circuit breaker of a is open: it failed 3 times in a row",
                            "mend what makes it fail; from 2026-11-30T08:01:00Z on one run may try"));
            assertThat(bare.requests).hasSize(3);
            assertThat(executor.breaker("a"))
                    .contains(new BreakerStatus(
                            "a", BreakerStatus.State.OPEN, 3, Optional.of(Instant.parse("2026-11-30T08:01:00Z"))));
            assertThat(run(executor, FakeRunner.request("b")).outcome()).isEqualTo(FakeRunner.SUCCEEDED);
        }

        @Test
        void countsFromTheLastSuccess() throws InterruptedException {
            outcomes(2, FakeRunner.FAILED);
            outcomes(1, FakeRunner.SUCCEEDED);
            outcomes(2, FakeRunner.FAILED);
            for (int i = 0; i < 6; i++) run(executor, FakeRunner.request("a"));
            assertThat(bare.requests).hasSize(6);
        }

        @Test
        void letsOneRunTryWhenItsTimeIsOver() throws InterruptedException {
            outcomes(3, FakeRunner.FAILED);
            for (int i = 0; i < 3; i++) run(executor, FakeRunner.request("a"));
            now = now.plusSeconds(60);
            bare.mayEnd = new CountDownLatch(1);
            bare.requests.clear();
            ScriptRunner.Run first = start(executor, FakeRunner.request("a"));
            while (bare.requests.isEmpty()) Thread.onSpinWait();
            assertThat(run(executor, FakeRunner.request("a")).outcome()).isInstanceOf(RunOutcome.Refused.class);
            bare.mayEnd.countDown();
            assertThat(first.await().outcome()).isEqualTo(FakeRunner.SUCCEEDED);
            assertThat(run(executor, FakeRunner.request("a")).outcome()).isEqualTo(FakeRunner.SUCCEEDED);
            assertThat(executor.breaker("a")).map(BreakerStatus::state).contains(BreakerStatus.State.CLOSED);
        }

        @Test
        void opensAgainWhereTheTrialFails() throws InterruptedException {
            outcomes(4, FakeRunner.FAILED);
            for (int i = 0; i < 3; i++) run(executor, FakeRunner.request("a"));
            now = now.plusSeconds(60);
            run(executor, FakeRunner.request("a"));
            now = now.plusSeconds(59);
            assertThat(run(executor, FakeRunner.request("a")).outcome()).isInstanceOf(RunOutcome.Refused.class);
        }

        @Test
        void countsStepsEachForItself() throws InterruptedException {
            for (int i = 0; i < 3; i++) {
                outcomes(1, FakeRunner.SUCCEEDED);
                outcomes(1, FakeRunner.FAILED);
                run(executor, FakeRunner.request("flow/fetch"));
                run(executor, FakeRunner.request("flow/store"));
            }
            assertThat(run(executor, FakeRunner.request("flow/fetch")).outcome())
                    .isInstanceOf(RunOutcome.Refused.class);
        }

        @Test
        void letsRehearsalsThrough() throws InterruptedException {
            outcomes(3, FakeRunner.FAILED);
            for (int i = 0; i < 3; i++) run(executor, FakeRunner.request("a"));
            RunRequest rehearsal = FakeRunner.with(FakeRunner.request("a"), Grants.NONE, RunRequest.Mode.REHEARSE);
            assertThat(run(executor, rehearsal).outcome()).isEqualTo(FakeRunner.SUCCEEDED);
        }

        @Test
        void knowsInTheNextProcessWhatItKnewInThisOne(@TempDir Path folder) throws InterruptedException {
            try (var database = Database.open(folder.resolve("store.db"))) {
                outcomes(3, FakeRunner.FAILED);
                Executor first = executor(settings, new StoredBreakerStates(() -> database));
                for (int i = 0; i < 3; i++) run(first, FakeRunner.request("a"));
                Executor second = executor(settings, new StoredBreakerStates(() -> database));
                assertThat(run(second, FakeRunner.request("a")).outcome()).isInstanceOf(RunOutcome.Refused.class);
                assertThat(second.breakers()).isEqualTo(first.breakers()).hasSize(1);
            }
        }
    }

    @Nested
    class ErrorHandling {
        private final Executor executor =
                executor(FakeRunner.settings(Switch.OPTIMIZED_ERROR_HANDLING, "error_retries: 2, error_wait_ms: 0"));

        @Test
        void triesAgainWhatFailedByNoFaultOfItsScript() throws InterruptedException {
            outcomes(1, FakeRunner.CONFLICT);
            outcomes(1, new RunOutcome.Failed("the cell ended unexpectedly", "", RunOutcome.Failed.Cause.HOST));
            assertThat(run(executor, FakeRunner.request("a")).outcome()).isEqualTo(FakeRunner.SUCCEEDED);
            assertThat(bare.requests).hasSize(3);
        }

        @Test
        void givesUpAfterSoManyTries() throws InterruptedException {
            outcomes(4, FakeRunner.CONFLICT);
            assertThat(run(executor, FakeRunner.request("a")).outcome()).isEqualTo(FakeRunner.CONFLICT);
            assertThat(bare.requests).hasSize(3);
        }

        @Test
        void triesOnceWhereTheScriptIsToBlame() throws InterruptedException {
            outcomes(1, FakeRunner.FAILED);
            run(executor, FakeRunner.request("a"));
            assertThat(bare.requests).hasSize(1);
        }

        @Test
        void neverRepeatsWhatMayHaveDoneMoreThanChangeFiles() throws InterruptedException {
            for (Grants each : List.of(
                    new Grants(List.of(), List.of(), List.of("example.org"), List.of()),
                    new Grants(List.of(), List.of(), List.of(), List.of("git")))) {
                outcomes(1, FakeRunner.CONFLICT);
                run(executor, FakeRunner.with(FakeRunner.request("a"), each, RunRequest.Mode.COMMIT));
            }
            assertThat(bare.requests).hasSize(2);
        }
    }

    @Nested
    class TheChoiceOfRuntime {
        private final Executor executor =
                executor(FakeRunner.settings(Switch.ALGORITHM_OPTIMIZATION, "algorithm_trials: 2"));

        private long under(ScriptRuntime runtime) {
            return bare.requests.stream()
                    .filter(each -> each.runtime() == runtime)
                    .count();
        }

        @Test
        void goesToTheOneThatIsFasterOnceBothWereMeasured() throws InterruptedException {
            bare.duration = each -> Duration.ofMillis(each.runtime() == ScriptRuntime.NATIVE ? 3 : 30);
            for (int i = 0; i < 20; i++) run(executor, FakeRunner.request("a", "{}", EITHER));
            assertThat(under(ScriptRuntime.POLYGLOT)).isEqualTo(2);
            assertThat(under(ScriptRuntime.NATIVE)).isEqualTo(18);
        }

        @Test
        void staysWhereTheScriptSaysNothing() throws InterruptedException {
            bare.duration = each -> Duration.ofMillis(each.runtime() == ScriptRuntime.NATIVE ? 3 : 30);
            for (int i = 0; i < 6; i++) run(executor, FakeRunner.request("a"));
            assertThat(under(ScriptRuntime.NATIVE)).isZero();
        }

        @Test
        void leavesARuntimeThatRefuses() throws InterruptedException {
            outcomes(1, FakeRunner.SUCCEEDED);
            outcomes(1, new RunOutcome.Refused("no python3 here", "install it"));
            for (int i = 0; i < 6; i++)
                assertThat(run(executor, FakeRunner.request("a", "{}", EITHER)).outcome())
                        .isEqualTo(FakeRunner.SUCCEEDED);
            assertThat(under(ScriptRuntime.NATIVE)).isEqualTo(1);
        }

        @Test
        void changesNothingElseOfTheRequest() throws InterruptedException {
            RunRequest request = FakeRunner.request("a", "{}", EITHER);
            for (int i = 0; i < 2; i++) run(executor, request);
            assertThat(bare.requests).containsExactly(request, request.withRuntime(ScriptRuntime.NATIVE));
        }
    }

    @Nested
    class TheGate {
        @Test
        void letsSoManyThroughAtOnceAndTheOthersInTheirOrder() throws InterruptedException {
            Executor executor = executor(FakeRunner.settings(Switch.CONCURRENCY_OPTIMIZATION, "concurrency_limit: 2"));
            bare.mayEnd = new CountDownLatch(1);
            Gate gate = executor.gate().orElseThrow();
            var runs = new ArrayList<ScriptRunner.Run>();
            for (String name : List.of("a", "b", "c", "d")) {
                runs.add(start(executor, FakeRunner.request(name)));
                int came = runs.size();
                await(() -> {
                    Gate.Load load = gate.look();
                    return load.inside() + load.waiting() == came && bare.requests.size() == Math.min(2, came);
                });
            }
            assertThat(gate.look()).isEqualTo(new Gate.Load(2, 2, 2, 4));
            assertThat(bare.requests).hasSize(2);
            runs.get(3).cancel();
            assertThat(runs.get(3).await().outcome()).isEqualTo(new RunOutcome.Cancelled());
            bare.mayEnd.countDown();
            for (ScriptRunner.Run run : runs) run.await();
            assertThat(bare.requests).extracting(RunRequest::name).containsExactly("a", "b", "c");
        }

        @Test
        void letsMoreThroughAsSoonAsItMay() throws InterruptedException {
            Executor executor = executor(FakeRunner.settings(Switch.CONCURRENCY_OPTIMIZATION, "concurrency_limit: 1"));
            bare.mayEnd = new CountDownLatch(1);
            for (String name : List.of("a", "b")) start(executor, FakeRunner.request(name));
            Gate gate = executor.gate().orElseThrow();
            await(() -> gate.look().waiting() == 1);
            gate.limit(2);
            await(() -> bare.requests.size() == 2);
            assertThat(gate.look().inside()).isEqualTo(2);
        }

        private static void await(java.util.function.BooleanSupplier condition) {
            while (!condition.getAsBoolean()) Thread.onSpinWait();
        }
    }

    @Nested
    class Monitoring {
        @Test
        void tellsHowLongRunsWereThere() throws InterruptedException {
            Executor executor = executor(FakeRunner.settings(Switch.PERFORMANCE_MONITORING, ""));
            assertThat(executor.times()).isEmpty();
            bare.duration = _ -> Duration.ofNanos(1);
            for (int i = 0; i < 3; i++) run(executor, FakeRunner.request("a"));
            assertThat(executor.times())
                    .extracting(StageTimes::stage, StageTimes::runs)
                    .containsExactly(
                            org.assertj.core.api.Assertions.tuple("queue", 3L),
                            org.assertj.core.api.Assertions.tuple("run", 3L),
                            org.assertj.core.api.Assertions.tuple("cpu", 3L),
                            org.assertj.core.api.Assertions.tuple("executor", 3L));
            assertThat(executor.times().get(1).p50Micros()).isEqualTo(0.001);
        }
    }
}
