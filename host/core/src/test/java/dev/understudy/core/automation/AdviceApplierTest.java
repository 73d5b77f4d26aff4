package dev.understudy.core.automation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.understudy.core.automation.AdviceApplier.Application;
import dev.understudy.core.config.Config;
import dev.understudy.core.config.DataHome;
import dev.understudy.core.performance.AcceptedAdvice;
import dev.understudy.core.performance.PerformanceHistory;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.statistics.Comparison;
import dev.understudy.core.store.Database;
import dev.understudy.core.workflow.Step;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.spi.performance.Interval;
import dev.understudy.spi.performance.Recommendation;
import dev.understudy.spi.performance.Recommendation.Change;
import dev.understudy.spi.performance.Recommendation.Grade;
import dev.understudy.spi.performance.Recommendation.Objective;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Advice about what Understudy itself runs becomes a version; of the rest a patch is left to others (issue 14). */
class AdviceApplierTest {
    private static final String STEPS = """
            # /// automation
            # id = "nightly"
            # description = "Fetches, joins and sends."
            # language = "python"
            # [[steps]]
            # name = "fetch"
            # [[steps]]
            # name = "left"
            # [[steps]]
            # name = "right"
            # retries = 1
            # [[steps]]
            # name = "send"
            # [[tests]]
            # expect = { success = true }
            # ///
            def fetch(params): ...
            def left(params): ...
            def right(params): ...
            def send(params): ...
            """;
    private static final String WHOLE = """
            # /// automation
            # id = "nightly"
            # description = "Does it all."
            # language = "python"
            # limits = { wall = "20s", memory = "100MiB" }
            # ///
            def execute(params): ...
            """;

    private static Change change(String action, Object... arguments) {
        var byName = new java.util.LinkedHashMap<String, Object>();
        for (int i = 0; i < arguments.length; i += 2) byName.put((String) arguments[i], arguments[i + 1]);
        return new Change(action, byName);
    }

    @Nested
    class AScript {
        private static AutomationFile edited(String script, Change... changes) {
            Config.Sandbox sandbox = Config.DEFAULT.sandbox();
            AutomationFile file = AutomationFile.parse("nightly.py", script, sandbox);
            String text = AdvisedScript.of(file, List.of(changes), sandbox)
                    .orElseThrow()
                    .text();
            return AutomationFile.parse("nightly.py", text, sandbox);
        }

        private static boolean isLeft(String script, Change... changes) {
            Config.Sandbox sandbox = Config.DEFAULT.sandbox();
            return AdvisedScript.of(AutomationFile.parse("nightly.py", script, sandbox), List.of(changes), sandbox)
                    .isEmpty();
        }

        @Test
        void hasStepsThatNoLongerWaitForOneAnotherAndWhatFollowedWaitsForAll() {
            assertThat(edited(
                                    STEPS,
                                    change(
                                            "create_parallel_container",
                                            "steps",
                                            List.of("left", "right"),
                                            "max_at_once",
                                            3))
                            .steps())
                    .extracting(Step::name, Step::after, Step::retries)
                    .containsExactly(
                            org.assertj.core.api.Assertions.tuple("fetch", List.of(), 0),
                            org.assertj.core.api.Assertions.tuple("left", List.of("fetch"), 0),
                            org.assertj.core.api.Assertions.tuple("right", List.of("fetch"), 1),
                            org.assertj.core.api.Assertions.tuple("send", List.of("right", "left"), 0));
        }

        @Test
        void hasAStepThatIsTriedAgain() {
            assertThat(edited(STEPS, change("retry", "step", "fetch", "attempts", 2, "backoff", "exponential"))
                            .steps()
                            .getFirst()
                            .retries())
                    .isEqualTo(1);
            assertThat(isLeft(STEPS, change("retry", "step", "right", "attempts", 2)))
                    .as("it is tried again already")
                    .isTrue();
        }

        @Test
        void withoutStepsHasOtherLimits() {
            assertThat(edited(WHOLE, change("scale_down", "step", "run", "resource", "memory", "factor", 0.5))
                            .limits()
                            .memoryBytes())
                    .isEqualTo(50L << 20);
            assertThat(edited(WHOLE, change("timeout", "step", "run", "timeout_ms", 1500.2))
                            .limits()
                            .wallTime())
                    .isEqualTo(Duration.ofMillis(1501));
            String none = WHOLE.replace("# limits = { wall = \"20s\", memory = \"100MiB\" }\n", "");
            assertThat(edited(none, change("scale_up", "step", "run", "resource", "memory", "factor", 2))
                            .limits()
                            .memoryBytes())
                    .isEqualTo(512L << 20);
        }

        @Test
        void isLeftAloneWhereOneChangeOfSeveralCannotBeMade() {
            assertThat(isLeft(STEPS, change("cache_results", "step", "fetch"))).isTrue();
            assertThat(isLeft(
                            STEPS,
                            change("retry", "step", "fetch", "attempts", 2),
                            change("scale_down", "step", "fetch", "resource", "memory", "factor", 0.5)))
                    .isTrue();
            assertThat(isLeft(WHOLE, change("scale_down", "step", "run", "resource", "cpu", "factor", 0.5)))
                    .isTrue();
        }

        @Test
        void isLeftAloneWhereItsMetadataAreWrittenInAFormThatIsNotForeseen() {
            String inline = STEPS.replaceAll("# \\[\\[steps]]\n# name = \"fetch\"\n", "")
                    .replaceAll("# \\[\\[steps]]\n# name = \"(left|right|send)\"\n(# retries = 1\n)?", "")
                    .replace(
                            "# language",
                            "# steps = [{ name = \"fetch\" }, { name = \"left\" }, { name = \"right\" }]\n# language");
            assertThat(isLeft(inline, change("retry", "step", "fetch", "attempts", 2)))
                    .isTrue();
        }
    }

    @Nested
    class Applying {
        @TempDir
        Path folder;

        private Database database;
        private AutomationService automations;
        private AcceptedAdvice accepted;
        private AdviceApplier applier;
        private final ScriptedRunner runner = new ScriptedRunner();

        @BeforeEach
        void open() {
            DataHome home = DataHome.open(folder.resolve("home"));
            database = Database.open(home.database());
            var history = PerformanceHistory.of(Config.DEFAULT, database);
            automations = TestAutomations.on(database, home).runBy(runner).open();
            accepted = new AcceptedAdvice(database, history);
            applier = new AdviceApplier(automations, accepted, Config.DEFAULT, Clock.systemUTC());
        }

        @AfterEach
        void close() {
            database.close();
        }

        private void deploy(String script) throws Exception {
            automations.ownScripts().adopt(List.of(Files.writeString(folder.resolve("nightly.py"), script)));
            automations.rehearsals().rehearse("nightly");
            automations.life().approve("nightly", Actor.PERSON);
        }

        private Recommendation advice(String workflow, Objective objective, Change change) {
            return new Recommendation(
                    "advice:" + workflow,
                    "a rule",
                    workflow,
                    change.action(),
                    "Do it",
                    new Interval(20, 10, 30),
                    objective,
                    Grade.LOW,
                    Grade.LOW,
                    List.of(change),
                    Map.of());
        }

        private void run(int times) throws InterruptedException {
            for (int i = 0; i < times; i++)
                automations
                        .runs()
                        .start("nightly", RunOrder.of(Map.of(), RunRequest.Mode.COMMIT, Path.of("/work")))
                        .await();
        }

        @Test
        void makesARehearsedVersionThatIsComparedWithTheOneThatRuns() throws Exception {
            deploy(WHOLE);
            Recommendation advice = advice(
                    "automation:nightly",
                    Objective.RESOURCE_COST,
                    change("scale_down", "step", "run", "resource", "memory", "factor", 0.5));
            assertThat(applier.apply(advice))
                    .asInstanceOf(InstanceOfAssertFactories.type(Application.NewVersion.class))
                    .satisfies(applied -> {
                        assertThat(applied.changes()).containsExactly("limits: memory = 50MiB");
                        assertThat(applied.automation().version()).isEqualTo(2);
                        assertThat(applied.rehearsal().passed()).isEqualTo(1);
                        assertThat(applied.comparison()).hasValueSatisfying(experiment -> {
                            assertThat(experiment.a().version()).isEqualTo(1);
                            assertThat(experiment.b().version()).isEqualTo(2);
                        });
                    });
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> applier.apply(advice))
                    .withMessageContaining("it was accepted before");
        }

        @Test
        void countsAsAppliedOnceItWasMeasuredByItsComparison() throws Exception {
            deploy(WHOLE);
            applier.apply(advice(
                    "automation:nightly",
                    Objective.EXECUTION_TIME,
                    change("timeout", "step", "run", "timeout_ms", 9000)));
            runner.duration =
                    request -> Duration.ofMillis(request.limits().wallTime().toMillis() == 9000 ? 600 : 1000);
            run(8);
            assertThat(accepted.effects())
                    .singleElement()
                    .returns(AcceptedAdvice.Verdict.TOO_EARLY, AcceptedAdvice.Effect::verdict);
            run(2 * Comparison.DEFAULT_RUNS - 8);
            assertThat(automations.experiments().latest("nightly").orElseThrow().end())
                    .isPresent();
            assertThat(accepted.effects()).singleElement().satisfies(effect -> {
                assertThat(effect.verdict()).isEqualTo(AcceptedAdvice.Verdict.IMPROVED);
                assertThat(effect.actual()).isEqualTo(40.0);
                assertThat(effect.executionsSince()).isEqualTo(Comparison.DEFAULT_RUNS);
                assertThat(effect.savedMillis()).isEqualTo(400.0 * Comparison.DEFAULT_RUNS);
            });
        }

        @Test
        void comparesNothingWhereTheRehearsalFails() throws Exception {
            deploy(WHOLE);
            runner.outcome = _ -> ScriptedRunner.FAILED;
            assertThat(applier.apply(advice(
                            "automation:nightly",
                            Objective.EXECUTION_TIME,
                            change("timeout", "step", "run", "timeout_ms", 9000))))
                    .asInstanceOf(InstanceOfAssertFactories.type(Application.NewVersion.class))
                    .satisfies(applied -> {
                        assertThat(applied.rehearsal().passed()).isZero();
                        assertThat(applied.comparison()).isEmpty();
                        assertThat(applied.automation().deployedVersion()).contains(1);
                    });
            assertThat(accepted.effects()).isEmpty();
        }

        @Test
        void leavesToOthersWhatUnderstudyDoesNotRun() throws Exception {
            assertThat(applier.apply(
                            advice("deploy", Objective.ERROR_RATE, change("retry", "step", "push", "attempts", 2))))
                    .isEqualTo(new Application.Left(
                            "the workflow deploy is not run by Understudy, which only knows its record"));
            deploy(WHOLE);
            assertThat(applier.apply(advice(
                            "automation:nightly", Objective.EXECUTION_TIME, change("cache_results", "step", "run"))))
                    .isEqualTo(new Application.Left(
                            "the metadata of nightly cannot say this, so its script must be changed"));
            assertThat(automations.get("nightly").version()).isEqualTo(1);
            assertThat(accepted.effects()).isEmpty();
        }
    }
}
