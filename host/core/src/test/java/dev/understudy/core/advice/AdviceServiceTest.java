package dev.understudy.core.advice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.understudy.core.advice.AdviceService.Outcome;
import dev.understudy.core.automation.AdviceApplier;
import dev.understudy.core.automation.AutomationService;
import dev.understudy.core.automation.TestAutomations;
import dev.understudy.core.config.Config;
import dev.understudy.core.config.DataHome;
import dev.understudy.core.config.ExecutorSettings.Switch;
import dev.understudy.core.performance.AcceptedAdvice;
import dev.understudy.core.performance.AcceptedAdvice.Effect;
import dev.understudy.core.performance.AcceptedAdvice.Verdict;
import dev.understudy.core.performance.Analytics;
import dev.understudy.core.performance.PerformanceHistory;
import dev.understudy.core.performance.PerformanceService;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.store.Database;
import dev.understudy.core.tuning.journal.ParameterJournal;
import dev.understudy.spi.optimization.Dimension;
import dev.understudy.spi.performance.ExecutionState;
import dev.understudy.spi.performance.Interval;
import dev.understudy.spi.performance.Recommendation;
import dev.understudy.spi.performance.Recommendation.Change;
import dev.understudy.spi.performance.Recommendation.Grade;
import dev.understudy.spi.performance.Recommendation.Objective;
import dev.understudy.spi.performance.WorkflowExecution;
import dev.understudy.spi.tuning.ParameterTarget;
import dev.understudy.spi.tuning.TunableParameter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Advice about what Understudy sets itself is followed, measured, and can be taken back (issue 14). */
class AdviceServiceTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final String PERSONS = """
            # Mine: do not touch.
            executor:
              enable_object_pool: true   # measured
            """;

    @TempDir
    Path folder;

    private final MovingClock clock = new MovingClock();
    private final Holder target = new Holder();
    private DataHome home;
    private Path file;
    private Database database;
    private PerformanceHistory history;
    private AutomationService automations;
    private AcceptedAdvice accepted;
    private AdviceService advice;

    private static final class MovingClock extends Clock {
        private Instant now = NOON;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    /** One parameter, held in memory. */
    private static final class Holder implements ParameterTarget {
        private String value = "60";
        private String refusal = "";

        @Override
        public String name() {
            return "holder";
        }

        @Override
        public String description() {
            return "Holds one parameter";
        }

        @Override
        public List<TunableParameter> parameters() {
            return List.of(new TunableParameter(
                    new Dimension.IntegerRange("swap", 0, 100, Dimension.Scale.LINEAR, List.of()),
                    "how readily it swaps",
                    value,
                    refusal));
        }

        @Override
        public String read(String name) {
            return value;
        }

        @Override
        public void write(String name, String text) {
            value = text;
        }
    }

    @BeforeEach
    void open() throws IOException {
        home = DataHome.open(folder.resolve("home"));
        file = folder.resolve("config.yaml");
        database = Database.open(home.database());
        history = PerformanceHistory.of(Config.DEFAULT, database);
        automations = TestAutomations.on(database, home).open();
        accepted = new AcceptedAdvice(database, history);
        advice = service(Optional.of(file));
    }

    @AfterEach
    void close() {
        database.close();
    }

    private AdviceService service(Optional<Path> configuration) {
        return new AdviceService(new AdviceService.Parts(
                new AdviceApplier(automations, accepted, Config.DEFAULT, clock),
                automations,
                accepted,
                database,
                home,
                configuration,
                () -> ParameterJournal.in(home, (_, _) -> Optional.of(target), clock),
                () -> List.of(target),
                clock));
    }

    private static Change change(String action, Object... arguments) {
        var byName = new LinkedHashMap<String, Object>();
        for (int i = 0; i < arguments.length; i += 2) byName.put((String) arguments[i], arguments[i + 1]);
        return new Change(action, byName);
    }

    private static Change setting(String name, Object value) {
        return change("set_configuration", "setting", name, "value", value);
    }

    private static Recommendation recommendation(String workflow, Change... changes) {
        return new Recommendation(
                "rule:" + workflow,
                "a rule",
                workflow,
                "setting",
                "Do it",
                new Interval(40, 30, 50),
                Objective.EXECUTION_TIME,
                Grade.LOW,
                Grade.LOW,
                List.of(changes),
                Map.of());
    }

    private void executions(String workflow, String name, Instant from, int count, Duration took) {
        for (int i = 0; i < count; i++) {
            Instant start = from.plusSeconds(60L * i);
            history.recordExecutions(List.of(new WorkflowExecution(
                    name + i, workflow, start, start.plus(took), ExecutionState.SUCCEEDED, List.of())));
        }
    }

    private long optimizationsApplied() {
        var service = new PerformanceService(history, accepted, Config.DEFAULT, List::of, List::of, List::of);
        return Analytics.of(history, service, accepted, "30d").optimizationsApplied();
    }

    @Nested
    class ASettingOfTheConfiguration {
        @Test
        void isWrittenAsANewVersionAndTakenBackToTheByte() throws Exception {
            Files.writeString(file, PERSONS);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
            Recommendation caching = recommendation(
                    "etl",
                    setting("executor.enable_cache_optimization", true),
                    setting("executor.result_cache_ttl_seconds", 600));

            assertThat(advice.apply(caching))
                    .isEqualTo(new Outcome.Settings(
                            1,
                            file,
                            List.of(
                                    "executor.enable_cache_optimization: true (was not set)",
                                    "executor.result_cache_ttl_seconds: 600 (was not set)")));
            assertThat(file).content().contains("# Mine: do not touch.", "enable_object_pool: true   # measured");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-r-----");
            Config now = Config.load(file);
            assertThat(now.executor().on()).containsExactlyInAnyOrder(Switch.OBJECT_POOL, Switch.CACHE_OPTIMIZATION);
            assertThat(now.executor().cache().timeToLive()).isEqualTo(Duration.ofMinutes(10));

            assertThat(advice.undo("rule:etl")).hasSize(2);
            assertThat(file).hasContent(PERSONS.strip()).content().isEqualTo(PERSONS);
            assertThat(advice.apply(caching))
                    .isInstanceOfSatisfying(
                            Outcome.Settings.class,
                            again -> assertThat(again.version()).isEqualTo(2));
        }

        @Test
        void makesAFileWhereThereIsNoneAndTakesItAwayAgain() throws Exception {
            advice.apply(recommendation("etl", setting("sandbox.max_concurrent_tests", 6)));
            assertThat(Config.load(file).sandbox().maxConcurrentTests()).isEqualTo(6);
            advice.undo("rule:etl");
            assertThat(file).doesNotExist();
        }

        @Test
        void isWrittenToTheFileThatALinkLeadsTo() throws Exception {
            Path real = Files.writeString(folder.resolve("dotfiles.yaml"), PERSONS);
            Files.createSymbolicLink(file, real);
            advice.apply(recommendation("etl", setting("host.idle_minutes", 20)));
            assertThat(file).isSymbolicLink();
            assertThat(real).content().contains("idle_minutes: 20");
        }

        @Test
        void countsAsAppliedOnceTheExecutionsSinceWereComparedWithThoseBefore() throws Exception {
            executions("etl", "before", NOON.minus(Duration.ofHours(1)), 20, Duration.ofSeconds(10));
            advice.apply(recommendation("etl", setting("executor.enable_cache_optimization", true)));
            assertThat(optimizationsApplied()).isZero();

            executions("etl", "after", NOON.plusSeconds(60), 20, Duration.ofSeconds(6));
            assertThat(accepted.effects()).singleElement().satisfies(effect -> {
                assertThat(effect.verdict()).isEqualTo(Verdict.IMPROVED);
                assertThat(effect.actual()).isEqualTo(40);
            });
            assertThat(optimizationsApplied()).isOne();

            // What comes after it was taken back says nothing of it.
            clock.now = NOON.plus(Duration.ofHours(2));
            advice.undo("rule:etl");
            executions("etl", "later", NOON.plus(Duration.ofHours(3)), 20, Duration.ofSeconds(60));
            assertThat(accepted.effects())
                    .singleElement()
                    .returns(Verdict.IMPROVED, Effect::verdict)
                    .returns(20, Effect::executionsSince);
        }

        @Test
        void isAppliedOnce() throws Exception {
            Recommendation pool = recommendation("etl", setting("executor.object_pool_size", 100));
            advice.apply(pool);
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> advice.apply(pool))
                    .withMessageContaining("it was accepted before");
            assertThat(advice.apply(new Recommendation(
                            "other",
                            pool.rule(),
                            "etl",
                            pool.type(),
                            "",
                            pool.expectedImprovement(),
                            pool.objective(),
                            pool.effort(),
                            pool.risk(),
                            pool.specificChanges(),
                            Map.of())))
                    .isEqualTo(new Outcome.Left("the configuration says so already"));
        }

        @ParameterizedTest
        @CsvSource({
            "sandbox.enabled",
            "sandbox.allow_reduced",
            "sandbox.limits.memory",
            "automation_creation.auto_deploy",
            "automation_creation.test_before_deploy",
            "dashboard.port",
            "history.max_tasks",
            "performance_analysis.otlp_port",
            "notifications.mail.to",
            "executor",
        })
        void isNeverOneThatOnlyAPersonChanges(String setting) throws Exception {
            assertThat(advice.apply(recommendation("etl", setting(setting, true))))
                    .isEqualTo(new Outcome.Left("the setting " + setting + " is one that only a person changes"));
            assertThat(file).doesNotExist();
            assertThat(accepted.effects()).isEmpty();
        }

        @ParameterizedTest
        @CsvSource({
            "executor.object_pool_size, 7",
            "executor.enable_cache_optimizations, true",
            "sandbox.max_concurrent_tests, many"
        })
        void isRefusedWhereTheConfigurationCouldNotBeReadAfterwards(String setting, String value) throws Exception {
            Files.writeString(file, PERSONS);
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> advice.apply(recommendation("etl", setting(setting, value))))
                    .withMessageContaining(setting.substring(setting.indexOf('.') + 1));
            assertThat(file).content().isEqualTo(PERSONS);
            assertThat(accepted.effects()).isEmpty();
            assertThatExceptionOfType(UserException.class).isThrownBy(() -> advice.undo("rule:etl"));
        }

        @Test
        void isNotTakenBackWhereThePersonHasChangedTheFileSince() throws Exception {
            Files.writeString(file, PERSONS);
            advice.apply(recommendation("etl", setting("executor.object_pool_size", 100)));
            String theirs = Files.readString(file) + "host: { idle_minutes: 3 }\n";
            Files.writeString(file, theirs);
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> advice.undo("rule:etl"))
                    .withMessageContaining("it was changed since")
                    .withMessageContaining("executor.object_pool_size: 100 (was not set)");
            assertThat(file).content().isEqualTo(theirs);
        }

        @Test
        void isLeftToAProgramThatGivesItsConfigurationItself() throws Exception {
            assertThat(service(Optional.empty())
                            .apply(recommendation("etl", setting("executor.object_pool_size", 100))))
                    .isEqualTo(new Outcome.Left("this program gives the configuration itself"));
        }
    }

    @Nested
    class OfAnAutomation {
        private static final String PURE = """
                # /// automation
                # id = "lookup"
                # description = "Computes."
                # language = "python"
                # pure = true
                # ///
                def execute(params): ...
                """;
        private static final Change CACHE =
                change("cache_results", "step", "run", "cache_ttl", 3600, "cache_size", 1000);

        private Outcome apply(String script, Change change) throws Exception {
            automations.ownScripts().adopt(List.of(Files.writeString(folder.resolve("lookup.py"), script)));
            return advice.apply(recommendation("automation:lookup", change));
        }

        @Test
        void thatIsDeclaredPureTheResultsAreKeptByTheExecutor() throws Exception {
            assertThat(apply(PURE, CACHE))
                    .isEqualTo(new Outcome.Settings(
                            1,
                            file,
                            List.of(
                                    "executor.enable_cache_optimization: true (was not set)",
                                    "executor.result_cache_ttl_seconds: 3600 (was not set)")));
            assertThat(Config.load(file).executor().on()).containsExactly(Switch.CACHE_OPTIMIZATION);
        }

        @Test
        void nothingIsKeptThatIsNotDeclaredPure() throws Exception {
            assertThat(apply(PURE.replace("# pure = true\n", ""), CACHE))
                    .isInstanceOfSatisfying(
                            Outcome.Left.class,
                            left -> assertThat(left.why()).contains("lookup does not say 'pure = true'"));
            assertThat(file).doesNotExist();
        }

        @Test
        void nothingIsKeptWhereItHasGrants() throws Exception {
            assertThat(apply(PURE.replace("# pure", "# grants = { reads = [\"/data\"] }\n# pure"), CACHE))
                    .isInstanceOfSatisfying(
                            Outcome.Left.class, left -> assertThat(left.why()).contains("lookup has grants"));
        }

        @Test
        void aPureStepIsNotRunAgainForWhatItWasGivenBefore() throws Exception {
            String steps = PURE.replace(
                            "# pure = true\n",
                            "# [[steps]]\n# name = \"fetch\"\n# [[steps]]\n# name = \"sum\"\n# pure = true\n")
                    .replace("def execute", "def fetch(params): ...\ndef sum");
            assertThat(apply(steps, change("cache_results", "step", "fetch")))
                    .isInstanceOfSatisfying(
                            Outcome.Left.class,
                            left -> assertThat(left.why()).contains("the step fetch does not say 'pure = true'"));
            assertThat(advice.apply(recommendation("automation:lookup", change("cache_results", "step", "sum"))))
                    .isEqualTo(new Outcome.Settings(
                            1, file, List.of("executor.enable_step_optimization: true (was not set)")));
        }

        @Test
        void thatKeepsFailingIsNotStartedForAWhile() throws Exception {
            apply(PURE, change("circuit_breaker", "step", "run", "failures_to_open", 3));
            assertThat(Config.load(file).executor().on()).containsExactly(Switch.CIRCUIT_BREAKER);
            assertThat(Config.load(file).executor().breaker().failures()).isEqualTo(3);
        }
    }

    @Nested
    class ATunedParameter {
        private Recommendation swap(Object value) {
            return recommendation("etl", change("set_parameter", "name", "swap", "value", value));
        }

        @Test
        void isSetByWayOfTheJournalAndPutBack() throws Exception {
            assertThat(advice.apply(swap(10)))
                    .isEqualTo(new Outcome.Parameters(List.of("swap"), List.of("swap: 10 (was 60)")));
            assertThat(target.value).isEqualTo("10");
            assertThat(ParameterJournal.in(home, (_, _) -> Optional.of(target), clock)
                            .standing())
                    .singleElement()
                    .satisfies(standing -> assertThat(standing.before()).isEqualTo("60"));
            assertThat(accepted.effects()).hasSize(1);

            assertThat(advice.undo("rule:etl")).hasSize(1);
            assertThat(target.value).isEqualTo("60");
        }

        @Test
        void isRefusedOutsideOfWhatIsKnownToBeSafe() {
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> advice.apply(swap(101)))
                    .withMessageContaining("swap cannot be '101'");
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() ->
                            advice.apply(recommendation("etl", change("set_parameter", "name", "nope", "value", 1))))
                    .withMessageContaining("There is no parameter 'nope'");
            target.refusal = "it takes root";
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> advice.apply(swap(10)))
                    .withMessageContaining("it takes root");
            assertThat(target.value).isEqualTo("60");
            assertThat(accepted.effects()).isEmpty();
        }
    }

    @Test
    void whatNobodyHereRunsOrSetsIsLeft() throws Exception {
        assertThat(advice.apply(recommendation("etl", change("retry", "step", "push", "attempts", 2))))
                .isEqualTo(new Outcome.Left("the workflow etl is not run by Understudy, which only knows its record"));
        assertThat(advice.apply(recommendation("etl", change("set_configuration", "setting", 3))))
                .isEqualTo(new Outcome.Left("it names no setting, or no value that one can have"));
        assertThatExceptionOfType(UserException.class)
                .isThrownBy(() -> advice.undo("nope"))
                .withMessageContaining("nothing that it has set stands");
    }
}
