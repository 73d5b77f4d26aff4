package dev.understudy.core.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.understudy.core.problem.UserException;
import dev.understudy.core.store.Database;
import dev.understudy.core.workflow.Step.OnError;
import dev.understudy.core.workflow.WorkflowRunner.Request;
import dev.understudy.sandbox.control.Grants;
import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunReport.FileChange;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.ScriptRunner;
import dev.understudy.sandbox.control.Tier;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkflowRunnerTest {
    private final Database database;
    private final WorkflowRunner workflows;

    /** What each step's next runs end with; a step that is not named succeeds. */
    private final Map<String, Queue<RunOutcome>> endings = new HashMap<>();

    private final List<String> started = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, String> parameters = Collections.synchronizedMap(new HashMap<>());
    private final Map<String, List<FileChange>> changes = new HashMap<>();

    WorkflowRunnerTest(@TempDir Path folder) {
        database = Database.open(folder.resolve("test.db"));
        workflows = new WorkflowRunner(database, Clock.systemUTC(), 2, WorkflowRunner.Unchanged.RUNS);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static Step step(String name, String... after) {
        return new Step(name, List.of(after), OnError.STOP, 0);
    }

    private static Request request(String sha256, Step... steps) {
        var base = new RunRequest(
                "flow",
                "flow",
                RunRequest.Language.PYTHON,
                "",
                "{\"day\":1}",
                RunRequest.ScriptRuntime.POLYGLOT,
                IsolationLevel.FULL,
                Limits.DEFAULT,
                Grants.NONE,
                RunRequest.Mode.COMMIT,
                RunRequest.Reuse.SHARED,
                Map.of(),
                Path.of("/"));
        return new Request("flow", sha256, base, List.of(steps));
    }

    private RunReport run(Step... steps) throws InterruptedException {
        return workflows
                .start(request("a", steps), this::start, RunListener.SILENT)
                .await();
    }

    private ScriptRunner.Run start(RunRequest request, RunListener listener) {
        String step = request.name().substring("flow/".length());
        started.add(step);
        parameters.put(step, request.parametersJson());
        RunOutcome ending = endings.getOrDefault(step, new ArrayDeque<>()).poll();
        return ended(step, ending != null ? ending : new RunOutcome.Succeeded("{\"of\":\"" + step + "\"}"));
    }

    private ScriptRunner.Run ended(String step, RunOutcome outcome) {
        boolean good = outcome instanceof RunOutcome.Succeeded;
        var report = new RunReport(
                "run-" + step,
                outcome,
                IsolationLevel.FULL,
                Tier.ISOLATED,
                Instant.EPOCH,
                Duration.ofMillis(5),
                good ? changes.getOrDefault(step, List.of()) : List.of(),
                List.of(),
                RunReport.Usage.NONE);
        return new ScriptRunner.Run() {
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

    private void fails(String step, int times) {
        Queue<RunOutcome> outcomes = new ArrayDeque<>();
        for (int i = 0; i < times; i++) outcomes.add(new RunOutcome.Failed("no " + step, ""));
        endings.put(step, outcomes);
    }

    @Nested
    class UnchangedSteps {
        private final Step one = new Step("one", List.of(), OnError.STOP, 0, Step.Purity.PURE);
        private final Step two = new Step("two", List.of("one"), OnError.STOP, 0);

        private RunReport again(WorkflowRunner.Unchanged unchanged, Request request) throws InterruptedException {
            return new WorkflowRunner(database, Clock.systemUTC(), 2, unchanged)
                    .start(request, WorkflowRunnerTest.this::start, RunListener.SILENT)
                    .await();
        }

        @Test
        void areSkippedWhereTheyArePureAndTheOthersRun() throws InterruptedException {
            RunReport first = again(WorkflowRunner.Unchanged.IS_SKIPPED, request("a", one, two));
            RunReport second = again(WorkflowRunner.Unchanged.IS_SKIPPED, request("a", one, two));
            assertThat(started).containsExactly("one", "two", "two");
            assertThat(second.outcome()).isEqualTo(first.outcome());
        }

        @Test
        void runWhereNobodySwitchedThatOn() throws InterruptedException {
            again(WorkflowRunner.Unchanged.RUNS, request("a", one));
            again(WorkflowRunner.Unchanged.RUNS, request("a", one));
            assertThat(started).containsExactly("one", "one");
        }

        @Test
        void runAgainForWhatTheyWereNotGivenBefore() throws InterruptedException {
            again(WorkflowRunner.Unchanged.IS_SKIPPED, request("a", two, one));
            endings.put("two", new ArrayDeque<>(List.of(new RunOutcome.Succeeded("{\"of\":\"another\"}"))));
            Step after = new Step("one", List.of("two"), OnError.STOP, 0, Step.Purity.PURE);
            Step before = new Step("two", List.of(), OnError.STOP, 0);
            again(WorkflowRunner.Unchanged.IS_SKIPPED, request("a", before, after));
            assertThat(started.stream().filter("one"::equals)).hasSize(2);
        }

        @Test
        void runAgainAfterTheyFailedOrChangedFiles() throws InterruptedException {
            fails("one", 1);
            again(WorkflowRunner.Unchanged.IS_SKIPPED, request("a", one));
            changes.put(
                    "one",
                    List.of(new FileChange(Path.of("/a"), FileChange.Kind.CREATED, false, 0, 1, Optional.empty())));
            again(WorkflowRunner.Unchanged.IS_SKIPPED, request("a", one));
            again(WorkflowRunner.Unchanged.IS_SKIPPED, request("a", one));
            assertThat(started).containsExactly("one", "one", "one");
        }
    }

    @Nested
    class Steps {
        @Test
        void runInTheirOrderWithTheResultsOfThoseBeforeThem() throws InterruptedException {
            RunReport report = run(step("one"), step("two", "one"), step("three", "two"));
            assertThat(started).containsExactly("one", "two", "three");
            assertThat(parameters)
                    .containsEntry("one", "{\"day\":1,\"steps\":{}}")
                    .containsEntry(
                            "three", "{\"day\":1,\"steps\":{\"one\":{\"of\":\"one\"},\"two\":{\"of\":\"two\"}}}");
            assertThat(report.outcome())
                    .isInstanceOfSatisfying(
                            RunOutcome.Succeeded.class,
                            succeeded -> assertThat(succeeded.resultJson()).contains("\"three\":{\"of\":\"three\"}"));
        }

        @Test
        void runSideBySideIfNoneWaitsForTheOther() throws InterruptedException {
            var both = new CountDownLatch(2);
            RunReport report = workflows
                    .start(
                            request("a", step("left"), step("right")),
                            (request, listener) -> {
                                both.countDown();
                                ScriptRunner.Run run = start(request, listener);
                                return new ScriptRunner.Run() {
                                    @Override
                                    public RunReport await() throws InterruptedException {
                                        // Never reached by both if one waits for the other's end.
                                        assertThat(both.await(30, TimeUnit.SECONDS))
                                                .isTrue();
                                        return run.await();
                                    }

                                    @Override
                                    public void cancel() {
                                        run.cancel();
                                    }
                                };
                            },
                            RunListener.SILENT)
                    .await();
            assertThat(report.outcome()).isInstanceOf(RunOutcome.Succeeded.class);
        }

        @Test
        void addUpToOneListOfChanges() throws InterruptedException {
            Path kept = Path.of("/f/kept");
            Path passing = Path.of("/f/passing");
            changes.put(
                    "one", List.of(change(kept, FileChange.Kind.CREATED), change(passing, FileChange.Kind.CREATED)));
            changes.put(
                    "two", List.of(change(kept, FileChange.Kind.CHANGED), change(passing, FileChange.Kind.DELETED)));
            assertThat(run(step("one"), step("two", "one")).changes())
                    .extracting(FileChange::path, FileChange::kind)
                    .containsExactly(tuple(kept, FileChange.Kind.CREATED));
        }

        private static FileChange change(Path path, FileChange.Kind kind) {
            return new FileChange(path, kind, false, 0, 1, Optional.empty());
        }
    }

    @Nested
    class AStepThatFails {
        @Test
        void stopsTheOthers() throws InterruptedException {
            fails("two", 1);
            RunReport report = run(step("one"), step("two", "one"), step("three", "two"));
            assertThat(started).containsExactly("one", "two");
            assertThat(report.outcome())
                    .isInstanceOfSatisfying(
                            RunOutcome.Failed.class,
                            failed -> assertThat(failed.error())
                                    .startsWith("the step 'two' failed: no two")
                                    .contains("done before it: one"));
        }

        @Test
        void letsTheOthersGoOnIfItSaysSo() throws InterruptedException {
            fails("two", 1);
            RunReport report =
                    run(step("one"), new Step("two", List.of("one"), OnError.CONTINUE, 0), step("three", "two"));
            assertThat(started).containsExactly("one", "two", "three");
            assertThat(parameters.get("three")).doesNotContain("\"two\"");
            assertThat(report.outcome())
                    .isInstanceOfSatisfying(
                            RunOutcome.Succeeded.class,
                            succeeded -> assertThat(succeeded.resultJson()).contains("\"failed\":[\"two\"]"));
        }

        @Test
        void isTriedAgainAsOftenAsItSays() throws InterruptedException {
            fails("one", 2);
            RunReport report = run(new Step("one", List.of(), OnError.STOP, 2));
            assertThat(started).containsExactly("one", "one", "one");
            assertThat(workflows.steps(report.runId()))
                    .singleElement()
                    .extracting(StepReport::outcome, StepReport::attempts)
                    .containsExactly("succeeded", 3);
        }

        @Test
        void isWhereTheNextRunGoesOn() throws InterruptedException {
            fails("two", 1);
            Request request = request("a", step("one"), step("two", "one"), step("three", "two"));
            workflows
                    .start(request, WorkflowRunnerTest.this::start, RunListener.SILENT)
                    .await();
            started.clear();
            RunReport resumed = workflows
                    .resume(
                            request,
                            workflows.resumption("flow", "a"),
                            WorkflowRunnerTest.this::start,
                            RunListener.SILENT)
                    .await();
            assertThat(started).containsExactly("two", "three");
            assertThat(parameters.get("two")).contains("\"one\":{\"of\":\"one\"}");
            assertThat(resumed.outcome()).isInstanceOf(RunOutcome.Succeeded.class);
            assertThatThrownBy(() -> workflows.resumption("flow", "a"))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("nothing to resume");
        }

        @Test
        void isNotGoneOnWithByAnotherScript() throws InterruptedException {
            fails("one", 1);
            run(step("one"));
            assertThatThrownBy(() -> workflows.resumption("flow", "b"))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("script has changed");
        }
    }

    @Nested
    class AGraph {
        @Test
        void isNoneIfStepsWaitForOneAnotherOrForNone() {
            assertThat(StepGraph.problem(List.of(step("a", "b"), step("b", "a"))))
                    .contains("wait for one another: a, b");
            assertThat(StepGraph.problem(List.of(step("a", "z")))).contains("let 'a' wait for 'z', which is no step");
            assertThat(StepGraph.problem(List.of(step("a"), step("a")))).contains("name 'a' twice");
            assertThat(StepGraph.problem(List.of(step("b", "a"), step("a")))).isEmpty();
        }
    }
}
