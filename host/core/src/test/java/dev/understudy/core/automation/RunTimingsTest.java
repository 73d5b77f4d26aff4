package dev.understudy.core.automation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.understudy.core.config.Config;
import dev.understudy.core.config.DataHome;
import dev.understudy.core.performance.PerformanceHistory;
import dev.understudy.core.plugin.PluginHost.Provided;
import dev.understudy.core.secrets.SecretSource;
import dev.understudy.core.store.Database;
import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunReport.Usage;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.ScriptRunner;
import dev.understudy.sandbox.control.Tier;
import dev.understudy.spi.AutomationTemplate;
import dev.understudy.spi.ScriptLanguage;
import dev.understudy.spi.TaskPattern;
import dev.understudy.spi.performance.ExecutionState;
import dev.understudy.spi.performance.PerformanceMetric;
import dev.understudy.spi.performance.StepExecution;
import dev.understudy.spi.performance.WorkflowExecution;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs for real as executions of workflows. */
class RunTimingsTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final Duration TIME = Duration.ofMillis(40);
    private static final String PLAIN = """
            # /// automation
            # id = "copy"
            # description = "Copies a note."
            # language = "python"
            # limits = { memory = "64MiB" }
            # [[tests]]
            # expect = { success = true }
            # ///
            def execute(params): ...
            """;
    private static final String STEPS = """
            # /// automation
            # id = "copy"
            # description = "Copies a note."
            # language = "python"
            # limits = { memory = "64MiB" }
            # [[steps]]
            # name = "fetch"
            # [[steps]]
            # name = "store"
            # [[tests]]
            # expect = { success = true }
            # ///
            def fetch(params): ...
            def store(params): ...
            """;

    private final DataHome home;
    private final Database database;
    private final PerformanceHistory history;
    private final Set<String> failing = new HashSet<>();

    RunTimingsTest(@TempDir Path folder) {
        home = DataHome.open(folder.resolve("home"));
        database = Database.open(home.database());
        history = PerformanceHistory.of(Config.DEFAULT, database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    /** Takes 40 ms and of them 10 ms of processor time, 16 MiB, and reads and writes 3,000 bytes. */
    private final class Timed implements ScriptRunner {
        @Override
        public Run start(RunRequest request, RunListener listener) {
            String step = request.name().substring(request.name().indexOf('/') + 1);
            var report = new RunReport(
                    request.runIdFrom(NOW, new java.util.Random(1)),
                    failing.contains(step)
                            ? new RunOutcome.Failed("no such file", "")
                            : new RunOutcome.Succeeded("{\"success\":true}"),
                    request.isolation(),
                    Tier.PROCESS,
                    NOW,
                    TIME,
                    List.of(),
                    List.of(),
                    new Usage(Duration.ofMillis(10), 16L << 20, 0, 0, 1, 1, OptionalLong.of(3000)));
            return new Run() {
                @Override
                public RunReport await() {
                    return report;
                }

                @Override
                public void cancel() {
                    // It has ended.
                }
            };
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }

    private record OneScript(String name, String description, String text) implements AutomationTemplate {
        @Override
        public Answer propose(TaskPattern pattern, Request request) {
            return new Answer.Draft("copy", ScriptLanguage.PYTHON, text);
        }
    }

    private AutomationService deployed(String script) throws InterruptedException {
        return deployed(Config.DEFAULT, script);
    }

    private AutomationService deployed(Config config, String script) throws InterruptedException {
        var service = new AutomationService(
                config,
                database,
                home,
                history,
                () -> List.of(new Provided<>("test", "t", new OneScript("t", "t", script))),
                Map.of(new RunnerKey(RunRequest.Language.PYTHON, RunRequest.ScriptRuntime.POLYGLOT), new Timed()),
                SecretSource.NONE,
                TestAutomations.packages(home),
                Path.of("/home/me"),
                Clock.fixed(NOW, ZoneOffset.UTC));
        service.drafter().create(TestAutomations.pattern());
        service.rehearsals().rehearse("copy");
        service.life().approve("copy", Actor.PERSON);
        return service;
    }

    private static void run(AutomationService service, RunRequest.Mode mode) throws InterruptedException {
        service.runs()
                .start("copy", RunOrder.of(Map.of(), mode, Path.of("/work")))
                .await();
    }

    private List<WorkflowExecution> executions() {
        return history.executions("automation:copy", Instant.EPOCH, NOW.plusSeconds(60))
                .executions();
    }

    @Nested
    class WithOptimizedTelemetry {
        private AutomationService service(String settings) throws InterruptedException {
            return deployed(
                    Config.parse("config.yaml", "executor: { enable_optimized_telemetry: true, " + settings + " }"),
                    PLAIN);
        }

        @Test
        void writesSeveralRunsAtATimeAndTheRestWhenAsked() throws InterruptedException {
            AutomationService service = service("telemetry_sampling: 1.0, telemetry_batch_size: 10");
            for (int i = 0; i < 9; i++) run(service, RunRequest.Mode.COMMIT);
            assertThat(executions()).isEmpty();
            run(service, RunRequest.Mode.COMMIT);
            assertThat(executions()).hasSize(10);
            run(service, RunRequest.Mode.COMMIT);
            service.runs().flush();
            assertThat(executions()).hasSize(11);
        }

        @Test
        void keepsAShareOfTheTimingsAndCountsEverySuccess() throws InterruptedException {
            AutomationService service = service("telemetry_sampling: 0.2, telemetry_batch_size: 10");
            for (int i = 0; i < 60; i++) run(service, RunRequest.Mode.COMMIT);
            service.runs().flush();
            // With 60 runs fewer than one or more than 30 of them come in one of a million times.
            assertThat(executions()).hasSizeBetween(1, 30);
            assertThat(service.get("copy").runs().succeeded()).isEqualTo(60);
        }
    }

    @Nested
    class ARunForReal {
        @Test
        void isAnExecutionWithOneStepThatSaysWhatItUsed() throws InterruptedException {
            run(deployed(PLAIN), RunRequest.Mode.COMMIT);

            assertThat(executions()).singleElement().satisfies(execution -> {
                assertThat(execution.start()).isEqualTo(NOW);
                assertThat(execution.duration()).isEqualTo(TIME);
                assertThat(execution.state()).isEqualTo(ExecutionState.SUCCEEDED);
                assertThat(execution.steps()).singleElement().satisfies(step -> {
                    assertThat(step.name()).isEqualTo("run");
                    // 10 of 40 ms, 16 of 64 MiB.
                    assertThat(step.use().cpuPercent()).isEqualTo(25);
                    assertThat(step.use().memoryPercent()).isEqualTo(25);
                    assertThat(step.use().ioBytes()).isEqualTo(3000);
                });
            });
        }

        @Test
        void ofAPureScriptSaysByADigestWhatItWasGiven() throws InterruptedException {
            AutomationService pure = deployed(PLAIN.replace("# [[tests]]", "# pure = true\n# [[tests]]"));
            run(pure, RunRequest.Mode.COMMIT);
            run(pure, RunRequest.Mode.COMMIT);

            assertThat(executions())
                    .extracting(execution -> execution.steps().getFirst().attributes())
                    .hasSize(2)
                    .allSatisfy(attributes -> assertThat(attributes).containsOnlyKeys("parameters_sha256"));
            assertThat(executions())
                    .extracting(execution -> execution.steps().getFirst().attributes())
                    .containsOnly(executions().getFirst().steps().getFirst().attributes());
        }

        @Test
        void ofAnyOtherSaysNothingOfIt() throws InterruptedException {
            run(deployed(PLAIN), RunRequest.Mode.COMMIT);
            assertThat(executions().getFirst().steps().getFirst().attributes()).isEmpty();
        }

        @Test
        void isToldToWhoeverIsFedOnceItStands() throws InterruptedException {
            // Issue 13: runs of a person's own automations never reached the dashboard's live charts.
            var heard = new ArrayList<String>();
            history.feed(executions -> executions.forEach(each -> {
                assertThat(executions()).contains(each);
                heard.add(each.workflow() + " " + each.durationMillis());
            }));

            run(deployed(PLAIN), RunRequest.Mode.COMMIT);

            assertThat(heard).containsExactly("automation:copy 40.0");
        }

        @Test
        void isAMetricOfItsProcess() throws InterruptedException {
            run(deployed(PLAIN), RunRequest.Mode.COMMIT);

            assertThat(history.metrics("automation:copy", NOW, NOW.plusSeconds(60)))
                    .singleElement()
                    .satisfies(metric -> {
                        assertThat(metric.duration()).isEqualTo(TIME);
                        assertThat(metric.cpuUsage()).isCloseTo(25, within(1e-9));
                        assertThat(metric.memoryUsage()).isBetween(0.0, 100.0);
                        assertThat(metric.success()).isTrue();
                        assertThat(metric.ioBytes()).isEqualTo(3000);
                    });
        }

        @Test
        void thatFailsIsAnExecutionThatFailed() throws InterruptedException {
            AutomationService service = deployed(PLAIN);
            failing.add("copy");
            run(service, RunRequest.Mode.COMMIT);

            assertThat(executions()).extracting(WorkflowExecution::state).containsExactly(ExecutionState.FAILED);
            assertThat(history.metrics("automation:copy", NOW, NOW.plusSeconds(60)))
                    .extracting(PerformanceMetric::success)
                    .containsExactly(false);
        }
    }

    @Nested
    class ASequence {
        @Test
        void isAnExecutionWithItsSteps() throws InterruptedException {
            run(deployed(STEPS), RunRequest.Mode.COMMIT);

            assertThat(executions())
                    .singleElement()
                    .satisfies(execution -> assertThat(execution.steps())
                            .extracting(
                                    StepExecution::name,
                                    StepExecution::duration,
                                    StepExecution::state,
                                    step -> step.use().cpuPercent(),
                                    step -> step.use().memoryPercent(),
                                    step -> step.use().ioBytes())
                            .containsExactly(
                                    tuple("fetch", TIME, ExecutionState.SUCCEEDED, 25.0, 25.0, 3000.0),
                                    tuple("store", TIME, ExecutionState.SUCCEEDED, 25.0, 25.0, 3000.0)));
        }

        @Test
        void saysWhatPureStepsWereGivenThatWaitForPureOnesOnly() throws InterruptedException {
            String pure = STEPS.replace("# name = \"fetch\"\n", "# name = \"fetch\"\n# pure = true\n");
            run(deployed(pure), RunRequest.Mode.COMMIT);
            assertThat(executions().getFirst().steps())
                    .extracting(StepExecution::name, step -> step.attributes().size())
                    .containsExactly(tuple("fetch", 1), tuple("store", 0));
        }

        @Test
        void namesTheStepThatFailed() throws InterruptedException {
            AutomationService service = deployed(STEPS);
            failing.add("store");
            run(service, RunRequest.Mode.COMMIT);

            assertThat(executions()).singleElement().satisfies(execution -> {
                assertThat(execution.state()).isEqualTo(ExecutionState.FAILED);
                assertThat(execution.steps())
                        .extracting(StepExecution::name, StepExecution::state)
                        .containsExactly(
                                tuple("fetch", ExecutionState.SUCCEEDED), tuple("store", ExecutionState.FAILED));
            });
        }
    }

    @Test
    void rehearsalsAndTestsAreNone() throws InterruptedException {
        AutomationService service = deployed(PLAIN);
        run(service, RunRequest.Mode.REHEARSE);
        service.rehearsals()
                .test(
                        "copy",
                        Map.of(),
                        _ -> Optional.empty(),
                        dev.understudy.sandbox.control.tester.TestListener.SILENT);

        assertThat(history.workflows()).isEmpty();
        assertThat(history.processes()).isEmpty();
    }
}
