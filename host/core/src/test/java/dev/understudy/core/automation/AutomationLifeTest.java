package dev.understudy.core.automation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.core.audit.AuditEntry;
import dev.understudy.core.automation.LifeListener.Kind;
import dev.understudy.core.automation.LifeListener.LifeEvent;
import dev.understudy.core.config.DataHome;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.statistics.Comparison;
import dev.understudy.core.store.Database;
import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.ScriptRunner;
import dev.understudy.sandbox.control.files.FileTransactions;
import dev.understudy.spi.AutomationTemplate;
import dev.understudy.spi.ScriptLanguage;
import dev.understudy.spi.TaskPattern;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of an automation once it is there: versions, runs, rollback, experiments, the log. */
class AutomationLifeTest {
    private static final String ID = "copy";
    private static final String SCRIPT = """
            # /// automation
            # id = "copy"
            # description = "Copies a note."
            # language = "python"
            # parameters.name = { type = "string", default = "a" }
            # parameters.password = { type = "string", default = "" }
            # grants = { writes = ["/bak/{name}.txt"] }
            # [[tests]]
            # expect = { success = true }
            # ///
            def execute(params): ...
            """;

    @TempDir
    Path folder;

    private DataHome home;
    private Database database;
    private AutomationService service;
    private final ScriptedRunner runner = new ScriptedRunner();
    private final List<LifeEvent> heard = new ArrayList<>();

    @BeforeEach
    void open() {
        home = DataHome.open(folder.resolve("home"));
        database = Database.open(home.database());
        configure("");
    }

    @AfterEach
    void close() {
        database.close();
    }

    private void configure(String yaml) {
        service = TestAutomations.on(database, home)
                .configured(yaml)
                .writtenBy(new OneScript())
                .runBy(runner)
                .at(Instant.parse("2026-11-21T12:00:00Z"))
                .open();
        service.listen(heard::add);
    }

    private record OneScript(String name, String description) implements AutomationTemplate {
        OneScript() {
            this("t", "t");
        }

        @Override
        public Answer propose(TaskPattern pattern, Request request) {
            return new Answer.Draft(ID, ScriptLanguage.PYTHON, SCRIPT);
        }
    }

    /** A pattern of tasks that took 10 s each. */
    private void create() {
        service.drafter().create(TestAutomations.pattern());
    }

    /** Deploys versions 1 to this one, one after the other. */
    private void deploy(int versions) throws InterruptedException {
        create();
        service.rehearsals().rehearse(ID);
        service.life().approve(ID, Actor.PERSON);
        for (int i = 2; i <= versions; i++) {
            addVersion(i);
            service.life().approve(ID, Actor.PERSON);
        }
    }

    private void addVersion(int number) throws InterruptedException {
        service.life().addVersion(ID, "draft.py", SCRIPT + "# " + number + "\n");
        service.rehearsals().rehearse(ID);
    }

    private void run(int times) {
        for (int i = 0; i < times; i++) run(Map.of());
    }

    private RunReport run(Map<String, String> parameters) {
        try {
            return service.runs()
                    .start(ID, RunOrder.of(parameters, RunRequest.Mode.COMMIT, Path.of("/work")))
                    .await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void fail(int times) {
        runner.outcome = _ -> ScriptedRunner.FAILED;
        run(times);
        runner.outcome = _ -> ScriptedRunner.SUCCEEDED;
    }

    private List<String> logged() {
        return service.audit().newest(Optional.of(ID), 1000).reversed().stream()
                .map(AuditEntry::kind)
                .toList();
    }

    private JsonNode latest(String kind) {
        return service.audit().newest(Optional.of(ID), 1000).stream()
                .filter(entry -> entry.kind().equals(kind))
                .findFirst()
                .orElseThrow()
                .details();
    }

    private static void assertRefused(UserException.Category category, String message, Runnable call) {
        assertThatExceptionOfType(UserException.class).isThrownBy(call::run).satisfies(e -> {
            assertThat(e.category()).isEqualTo(category);
            assertThat(e).hasMessageContaining(message);
        });
    }

    @Nested
    class TheLog {
        @Test
        void tellsTheWholeStoryInOrder() throws Exception {
            deploy(1);
            run(1);
            service.life().suspend(ID, Actor.PERSON);
            service.life().retire(ID, Actor.PERSON);
            assertThat(logged())
                    .containsExactly(
                            "created",
                            "rehearsed",
                            "approved",
                            "granted",
                            "deployed",
                            "run_started",
                            "run_ended",
                            "suspended",
                            "retired");
            assertThat(latest("granted").at("/writes/0").asText()).isEqualTo("/bak/{name}.txt");
            assertThat(latest("approved").at("/by").asText()).isEqualTo("person");
            assertThat(service.audit().verify(Map.of()).isIntact()).isTrue();
        }

        @Test
        void holdsWhatARunWasGivenAndDidButNoSecret() throws Exception {
            deploy(1);
            runner.outcome = _ -> new RunOutcome.Failed("the server refused correct-horse-battery", "");
            RunReport failed = run(Map.of("name", "z", "password", "correct-horse-battery"));
            JsonNode started = latest("run_started");
            assertThat(started.at("/parameters/name").asText()).isEqualTo("z");
            assertThat(started.at("/run").asText()).isEqualTo(failed.runId());
            assertThat(started.at("/version").asInt()).isEqualTo(1);
            assertThat(latest("run_ended").at("/outcome").asText()).isEqualTo("failed");
            runner.outcome = _ -> ScriptedRunner.SUCCEEDED;
            run(1);
            assertThat(latest("run_ended").at("/changes/0").toString())
                    .isEqualTo("{\"kind\":\"created\",\"path\":\"/bak/a.txt\"}");
            assertThat(service.audit().newest(Optional.empty(), 100).toString()).doesNotContain("correct-horse");
        }

        @Test
        void hasARunBeforeItBegins() throws Exception {
            deploy(1);
            runner.meanwhile = () -> assertThat(logged().getLast()).isEqualTo("run_started");
            run(1);
            assertThat(logged().getLast()).isEqualTo("run_ended");
        }
    }

    @Nested
    class AVersion {
        @Test
        void thatAPersonWroteWaitsForItsApprovalWhileTheOneBeforeRuns() throws Exception {
            deploy(1);
            addVersion(2);
            assertThat(service.get(ID))
                    .returns(AutomationState.DEPLOYED, Automation::state)
                    .returns(2, Automation::version)
                    .returns(Optional.of(1), Automation::deployedVersion);
            run(1);
            assertThat(runner.requests.getLast().source()).isEqualTo(SCRIPT);
            service.life().approve(ID, Actor.PERSON);
            run(1);
            assertThat(runner.requests.getLast().source()).isEqualTo(SCRIPT + "# 2\n");
            assertThat(service.versions(ID))
                    .extracting(AutomationVersion::author)
                    .containsExactly(AutomationVersion.Author.TEMPLATE, AutomationVersion.Author.PERSON);
        }

        @Test
        void isNotMadeOfAnUnchangedText() throws Exception {
            deploy(1);
            assertThat(service.life().addVersion(ID, "draft.py", SCRIPT).version())
                    .isEqualTo(1);
        }

        @Test
        void isNotMadeOfBrokenMetadataAndTheLineIsNamed() throws Exception {
            deploy(1);
            String broken = SCRIPT.replace("language = \"python\"", "language = \"cobol\"");
            assertRefused(
                    UserException.Category.BAD_INPUT,
                    "draft.py:4:",
                    () -> service.life().addVersion(ID, "draft.py", broken));
            assertRefused(
                    UserException.Category.BAD_INPUT,
                    "id = \"other\"",
                    () -> service.life().addVersion(ID, "draft.py", SCRIPT.replace("\"copy\"", "\"other\"")));
            assertThat(service.get(ID).version()).isEqualTo(1);
        }

        @Test
        void countsItsOwnRunsAndTheTimeTheySave() throws Exception {
            deploy(1);
            runner.duration = _ -> Duration.ofSeconds(2);
            run(3);
            runner.duration = _ -> Duration.ofSeconds(12);
            run(1);
            fail(1);
            // The tasks took 10 s: saved are 3 * (10 - 2) + (10 - 12) = 22 s, and 18 s / 4 = 4.5 s is the average.
            assertThat(service.versions(ID).getFirst().figures())
                    .isEqualTo(new AutomationVersion.Figures(
                            5, 1, Optional.of(Duration.ofMillis(4500)), Optional.of(Duration.ofSeconds(22))));
            assertThat(service.runs().latest(ID, 3))
                    .extracting(RunRecord::outcome)
                    .containsExactly("succeeded", "succeeded", "failed");
            addVersion(2);
            service.life().approve(ID, Actor.PERSON);
            run(1);
            assertThat(service.versions(ID).getLast().figures().runs()).isEqualTo(1);
        }

        @Test
        void isNotCountedForRunsThatNeverBeganOrWereStoppedByAPerson() throws Exception {
            deploy(1);
            runner.outcome = _ -> new RunOutcome.Refused("no jail", "");
            run(3);
            runner.outcome = _ -> new RunOutcome.Cancelled();
            run(3);
            assertThat(service.versions(ID).getFirst().figures().runs()).isZero();
            assertThat(service.get(ID).state()).isEqualTo(AutomationState.DEPLOYED);
        }
    }

    @Nested
    class RollingBackByHand {
        @Test
        void goesToAnyVersionThatWasApprovedAndToNoOther() throws Exception {
            deploy(3);
            addVersion(4);
            assertThat(service.life().rollBack(ID, 1, Actor.PERSON))
                    .returns(AutomationState.ROLLED_BACK, Automation::state)
                    .returns(Optional.of(1), Automation::deployedVersion);
            assertThat(service.life().rollBack(ID, 2, Actor.PERSON).deployedVersion())
                    .contains(2);
            assertRefused(
                    UserException.Category.NOT_ALLOWED,
                    "never approved",
                    () -> service.life().rollBack(ID, 4, Actor.PERSON));
            assertRefused(
                    UserException.Category.NOT_ALLOWED,
                    "already",
                    () -> service.life().rollBack(ID, 2, Actor.PERSON));
            assertRefused(
                    UserException.Category.BAD_INPUT,
                    "no version 9",
                    () -> service.life().rollBack(ID, 9, Actor.PERSON));
        }

        @Test
        void leavesOutWhatWasRehearsedButNeverApproved() throws Exception {
            deploy(1);
            addVersion(2);
            addVersion(3);
            service.life().approve(ID, Actor.PERSON);
            assertThat(service.life().rollBack(ID, Actor.PERSON).deployedVersion())
                    .contains(1);
        }
    }

    @Nested
    class RollingBackByItself {
        @Test
        void happensAfterTheConfiguredNumberOfFailuresInARow() throws Exception {
            configure("automation_creation: { max_failures_in_a_row: 3 }");
            deploy(2);
            fail(2);
            assertThat(service.get(ID).deployedVersion()).contains(2);
            run(1);
            fail(3);
            String why = "its last 3 runs failed, one after the other (max_failures_in_a_row)";
            assertThat(service.get(ID))
                    .returns(AutomationState.ROLLED_BACK, Automation::state)
                    .returns(Optional.of(1), Automation::deployedVersion);
            assertThat(latest("rolled_back").at("/reason").asText()).isEqualTo(why);
            assertThat(latest("rolled_back").at("/by").asText()).isEqualTo("understudy");
            assertThat(service.takeNotices()).containsExactly("copy was rolled back from version 2 to 1: " + why);
            assertThat(service.takeNotices()).isEmpty();
            assertThat(heard)
                    .extracting(LifeEvent::kind)
                    .containsExactly(Kind.FAILED, Kind.FAILED, Kind.FAILED, Kind.FAILED, Kind.FAILED, Kind.ROLLED_BACK);
        }

        @Test
        void happensWhenTheSuccessRateFallsBelowTheVersionsOwnRecord() throws Exception {
            configure("automation_creation: { max_failures_in_a_row: 0 }");
            deploy(2);
            run(60);
            fail(3);
            assertThat(service.get(ID).deployedVersion()).contains(2);
            fail(1);
            assertThat(service.get(ID).deployedVersion()).contains(1);
            assertThat(latest("rolled_back").at("/reason").asText())
                    .isEqualTo("4 of its last 5 runs failed, but only 0 of the 59 before"
                            + " (Fisher's exact test: p = 0.00010, allowed 0.00083)");
        }

        @Test
        void goesPastAVersionThatWasFoundBadBefore() throws Exception {
            configure("automation_creation: { max_failures_in_a_row: 2 }");
            deploy(2);
            fail(2);
            addVersion(3);
            service.life().approve(ID, Actor.PERSON);
            fail(2);
            assertThat(service.get(ID).deployedVersion()).contains(1);
        }

        @Test
        void suspendsWhatHasNoEarlierVersion() throws Exception {
            configure("automation_creation: { max_failures_in_a_row: 2 }");
            deploy(1);
            fail(2);
            assertThat(service.get(ID).state()).isEqualTo(AutomationState.SUSPENDED);
            assertRefused(UserException.Category.NOT_ALLOWED, "it is suspended", () -> run(1));
            assertThat(service.takeNotices()).singleElement().asString().contains("suspended", "no earlier version");
        }

        @Test
        void watchesAVersionFromTheStartOnceItIsApprovedAgain() throws Exception {
            configure("automation_creation: { max_failures_in_a_row: 2 }");
            deploy(1);
            fail(2);
            service.life().approve(ID, Actor.PERSON);
            fail(1);
            assertThat(service.get(ID).state()).isEqualTo(AutomationState.DEPLOYED);
        }

        @Test
        void neverHappensWhereItIsSwitchedOff() throws Exception {
            configure("automation_creation: { auto_rollback: false }");
            deploy(2);
            run(40);
            fail(10);
            assertThat(service.get(ID).deployedVersion()).contains(2);
        }
    }

    @Nested
    class AnExperiment {
        private List<String> sources(int last) {
            return runner.requests.subList(runner.requests.size() - last, runner.requests.size()).stream()
                    .map(RunRequest::source)
                    .toList();
        }

        @Test
        void runsTheTwoVersionsInTurn() throws Exception {
            deploy(1);
            addVersion(2);
            service.experiments().start(ID, 1, 2, 10);
            run(4);
            assertThat(sources(4)).containsExactly(SCRIPT, SCRIPT + "# 2\n", SCRIPT, SCRIPT + "# 2\n");
            runner.outcome = _ -> new RunOutcome.Cancelled();
            run(1);
            runner.outcome = _ -> ScriptedRunner.SUCCEEDED;
            run(2);
            assertThat(sources(2))
                    .as("a run that does not count is made up for")
                    .containsExactly(SCRIPT, SCRIPT + "# 2\n");
        }

        @Test
        void endsByItselfAndDeploysTheFasterOne() throws Exception {
            deploy(1);
            addVersion(2);
            service.experiments().start(ID, 1, 2, 10);
            runner.duration = request -> Duration.ofMillis(request.source().endsWith("# 2\n") ? 10 : 90);
            run(20);
            assertThat(service.get(ID))
                    .returns(AutomationState.DEPLOYED, Automation::state)
                    .returns(Optional.of(2), Automation::deployedVersion);
            assertThat(service.experiments().latest(ID).orElseThrow().end())
                    .hasValueSatisfying(end -> assertThat(end.verdict()).isEqualTo(Comparison.Verdict.B_BETTER));
            assertThat(service.takeNotices())
                    .singleElement()
                    .asString()
                    .contains("version 2 is better than 1; version 2 runs", "rank sum test");
            assertThat(logged()).contains("experiment_started", "experiment_ended");
            run(1);
            assertThat(sources(1)).containsExactly(SCRIPT + "# 2\n");
        }

        @Test
        void keepsTheFirstVersionWhereNoDifferenceShows() throws Exception {
            deploy(1);
            addVersion(2);
            service.experiments().start(ID, 1, 2, 10);
            run(20);
            assertThat(service.get(ID).deployedVersion()).contains(1);
            assertThat(service.experiments().latest(ID).orElseThrow().end())
                    .hasValueSatisfying(end -> assertThat(end.verdict()).isEqualTo(Comparison.Verdict.NO_DIFFERENCE));
        }

        @Test
        void endsEarlyWhereOneVersionFailsAgainAndAgain() throws Exception {
            configure("automation_creation: { max_failures_in_a_row: 3 }");
            deploy(1);
            addVersion(2);
            service.experiments().start(ID, 1, 2, 50);
            runner.outcome =
                    request -> request.source().endsWith("# 2\n") ? ScriptedRunner.FAILED : ScriptedRunner.SUCCEEDED;
            run(6);
            assertThat(service.get(ID).deployedVersion()).contains(1);
            assertThat(service.experiments().latest(ID).orElseThrow().end()).hasValueSatisfying(end -> {
                assertThat(end.verdict()).isEqualTo(Comparison.Verdict.A_BETTER);
                assertThat(end.reason()).contains("version 2 was stopped early");
            });
        }

        @Test
        void endsWithoutAVerdictWhenThePersonDecidesOtherwise() throws Exception {
            deploy(1);
            addVersion(2);
            service.experiments().start(ID, 1, 2, 10);
            run(3);
            service.life().approve(ID, Actor.PERSON);
            assertThat(service.experiments().latest(ID).orElseThrow().end())
                    .hasValueSatisfying(end -> assertThat(end.reason()).contains("approved meanwhile"));
            assertThat(service.get(ID).deployedVersion()).contains(2);
        }

        @Test
        void isRefusedWithoutARehearsalWithTooFewRunsOrTwice() throws Exception {
            deploy(1);
            service.life().addVersion(ID, "draft.py", SCRIPT + "# 2\n");
            var experiments = service.experiments();
            assertRefused(
                    UserException.Category.NOT_ALLOWED, "not been rehearsed", () -> experiments.start(ID, 1, 2, 10));
            service.rehearsals().rehearse(ID);
            assertRefused(UserException.Category.BAD_INPUT, "from 10 to 400", () -> experiments.start(ID, 1, 2, 9));
            assertRefused(UserException.Category.BAD_INPUT, "two different", () -> experiments.start(ID, 1, 1, 10));
            assertRefused(
                    UserException.Category.NOT_ALLOWED, "the one that runs", () -> experiments.start(ID, 2, 1, 10));
            assertRefused(UserException.Category.BAD_INPUT, "no version 7", () -> experiments.start(ID, 1, 7, 10));
            experiments.start(ID, 1, 2, 10);
            assertRefused(UserException.Category.NOT_ALLOWED, "under way", () -> experiments.start(ID, 1, 2, 10));
        }
    }

    @Nested
    class DeployingByItself {
        @ParameterizedTest
        @CsvSource({
            // switch, threshold, cases that pass of ten, deployed
            "true,  0.9, 9,  true",
            "true,  0.9, 8,  false",
            "true,  1.0, 9,  false",
            "true,  1.0, 10, true",
            "false, 0.0, 10, false",
        })
        void takesTheSwitchAndTheThreshold(boolean on, double threshold, int passing, boolean deployed)
                throws InterruptedException {
            configure("automation_creation: { auto_deploy: " + on + ", auto_deploy_threshold: " + threshold + " }");
            create();
            var cases = new StringBuilder();
            for (int i = 0; i < 9; i++)
                cases.append("# [[tests]]\n# name = \"t")
                        .append(i)
                        .append("\"\n# expect = { success = true }\n")
                        .append("# command = { line = \"cp a b\", programs = [\"cp\"] }\n");
            service.life().addVersion(ID, "draft.py", SCRIPT.replace("# ///\ndef", cases + "# ///\ndef"));
            var ran = new int[1];
            runner.outcome = request -> request.language() == RunRequest.Language.BASH || ran[0]++ < passing
                    ? ScriptedRunner.SUCCEEDED
                    : ScriptedRunner.FAILED;
            assertThat(service.rehearsals().rehearse(ID).total()).isEqualTo(10);
            assertThat(service.get(ID).state() == AutomationState.DEPLOYED).isEqualTo(deployed);
            if (deployed) {
                assertThat(latest("approved").at("/by").asText()).startsWith("auto_deploy");
                assertThat(service.takeNotices()).singleElement().asString().contains("deployed by itself");
            }
        }
    }

    /** One threshold for a person, for the switch and for what is shown; 9 of 10 was refused by one and deployed by the other. */
    @Nested
    class TheThreshold {
        private void rehearse(int passing) throws InterruptedException {
            create();
            String more = "# [[tests]]\n# expect = { success = true }\n".repeat(9);
            service.life().addVersion(ID, "draft.py", SCRIPT.replace("# ///\ndef", more + "# ///\ndef"));
            var ran = new int[1];
            runner.outcome = _ -> ran[0]++ < passing ? ScriptedRunner.SUCCEEDED : ScriptedRunner.FAILED;
            assertThat(service.rehearsals().rehearse(ID).passed()).isEqualTo(passing);
        }

        @Test
        void letsAPersonApproveWhatReachesIt() throws InterruptedException {
            rehearse(9);
            assertThat(service.get(ID).state()).isEqualTo(AutomationState.REHEARSED);
            assertThat(service.get(ID).rehearsal().orElseThrow())
                    .returns(true, Automation.RehearsalScore::deployable)
                    .returns(false, Automation.RehearsalScore::allPassed);
            assertThat(service.life().approve(ID, Actor.PERSON).state()).isEqualTo(AutomationState.DEPLOYED);
        }

        @Test
        void keepsBackWhatDoesNot() throws InterruptedException {
            rehearse(8);
            assertThat(service.get(ID).state()).isEqualTo(AutomationState.DRAFT);
            assertRefused(
                    UserException.Category.NOT_ALLOWED,
                    "passed 8 of 10 cases, fewer than 90.0 %",
                    () -> service.life().approve(ID, Actor.PERSON));
        }

        @Test
        void isTheOneThatIsConfigured() throws InterruptedException {
            configure("automation_creation: { auto_deploy_threshold: 1.0 }");
            rehearse(9);
            assertRefused(
                    UserException.Category.NOT_ALLOWED,
                    "fewer than 100.0 %",
                    () -> service.life().approve(ID, Actor.PERSON));
        }
    }

    @Nested
    class AFileThatIsEditedWhileItRuns {
        @Test
        void changesNothingOfTheRunAndStopsTheNextOne() throws Exception {
            deploy(1);
            Path file = service.get(ID).file();
            runner.meanwhile = () -> {
                try {
                    Files.writeString(file, SCRIPT.replace("...", "import os"));
                } catch (java.io.IOException e) {
                    throw new AssertionError(e);
                }
            };
            assertThat(run(Map.of()).outcome()).isEqualTo(ScriptedRunner.SUCCEEDED);
            assertThat(runner.requests.getLast().source()).isEqualTo(SCRIPT);
            assertThat(service.takeNotices())
                    .singleElement()
                    .asString()
                    .contains(file.toString(), "was edited while copy ran", "approved");
            assertRefused(UserException.Category.NOT_ALLOWED, "was edited since it was approved", () -> run(1));
        }
    }

    @Nested
    class TwoRunsOfOneAutomation {
        private final List<String> waited = new ArrayList<>();

        private ScriptRunner.Run start() {
            var order = RunOrder.of(Map.of(), RunRequest.Mode.COMMIT, Path.of("/work"))
                    .toldTo(new RunListener() {
                        @Override
                        public void waiting(String automationId) {
                            waited.add(automationId);
                        }
                    });
            return service.runs().start(ID, order);
        }

        private int runs() {
            return (int) logged().stream().filter("run_started"::equals).count();
        }

        @Test
        void followEachOther() throws Exception {
            deploy(1);
            ScriptRunner.Run first = start();
            assertThat(waited).isEmpty();
            ScriptRunner.Run second = start();
            assertThat(waited).containsExactly(ID);
            var ended = new FutureTask<RunReport>(second::await);
            Thread waiting = Thread.ofPlatform().start(ended);
            while (waiting.getState() != Thread.State.WAITING) Thread.onSpinWait();
            assertThat(runs()).isEqualTo(1);
            first.await();
            assertThat(ended.get(60, TimeUnit.SECONDS).outcome()).isEqualTo(ScriptedRunner.SUCCEEDED);
            assertThat(runs()).isEqualTo(2);
            assertThat(start().await().outcome()).isEqualTo(ScriptedRunner.SUCCEEDED);
        }

        @Test
        void doNotWaitForEachOtherWhereOverlapAllowsIt() throws Exception {
            create();
            service.life().addVersion(ID, "draft.py", SCRIPT.replace("# grants", "# overlap = \"allow\"\n# grants"));
            service.rehearsals().rehearse(ID);
            service.life().approve(ID, Actor.PERSON);
            ScriptRunner.Run first = start();
            assertThat(start().await().outcome()).isEqualTo(ScriptedRunner.SUCCEEDED);
            assertThat(waited).isEmpty();
            first.await();
        }

        @Test
        void oneThatIsCancelledWhileItWaitsNeverBegins() throws Exception {
            deploy(1);
            ScriptRunner.Run first = start();
            ScriptRunner.Run second = start();
            second.cancel();
            assertThat(second.await().outcome()).isEqualTo(new RunOutcome.Cancelled());
            assertThat(runs()).isEqualTo(1);
            first.await();
            assertThat(start().await().outcome()).isEqualTo(ScriptedRunner.SUCCEEDED);
        }

        @Test
        void oneThatMayNoLongerRunWhenItsTurnHasComeIsRefused() throws Exception {
            deploy(1);
            ScriptRunner.Run first = start();
            ScriptRunner.Run second = start();
            service.life().suspend(ID, Actor.PERSON);
            first.await();
            assertRefused(UserException.Category.NOT_ALLOWED, "it is suspended", () -> {
                try {
                    second.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
        }
    }

    /** What somebody else changes while a run reads it fails its commit; nothing was changed then. */
    @Nested
    class ARunWhoseFilesChangedMeanwhile {
        private static final RunOutcome CONFLICT =
                new RunOutcome.Failed("a has changed meanwhile", "", RunOutcome.Failed.Cause.CONFLICT);

        /** This many tries fail. */
        private RunOutcome afterConflicts(int conflicts) {
            var tries = new int[1];
            runner.requests.clear();
            runner.outcome = _ -> tries[0]++ < conflicts ? CONFLICT : ScriptedRunner.SUCCEEDED;
            return run(Map.of()).outcome();
        }

        @Test
        void isTriedOnceMore() throws Exception {
            deploy(1);
            assertThat(afterConflicts(1)).isEqualTo(ScriptedRunner.SUCCEEDED);
            assertThat(runner.requests).hasSize(2);
            assertThat(logged()).endsWith("run_started", "run_ended").containsOnlyOnce("run_started");
            assertThat(afterConflicts(2)).isEqualTo(CONFLICT);
            assertThat(runner.requests).hasSize(2);
        }

        @Test
        void isNotTriedAgainWhereItCouldDoMoreThanChangeFiles() throws Exception {
            create();
            service.life()
                    .addVersion(ID, "draft.py", SCRIPT.replace("# grants", "# isolation = \"partial\"\n# grants"));
            service.rehearsals().rehearse(ID);
            service.life().approve(ID, Actor.PERSON);
            assertThat(afterConflicts(1)).isEqualTo(CONFLICT);
            assertThat(runner.requests).hasSize(1);
        }
    }

    @Nested
    class AfterACrash {
        private final List<String> recovered = new ArrayList<>();

        /** A run that is under way in a host that goes away: it is entered, and never ends. */
        private String cutShort() throws Exception {
            deploy(1);
            service.runs().start(ID, RunOrder.of(Map.of(), RunRequest.Mode.COMMIT, Path.of("/work")));
            String run = latest("run_started").at("/run").asText();
            Files.delete(home.folder("locks").resolve(run + ".run"));
            configure("");
            return run;
        }

        private void mend() {
            var transactions = new FileTransactions(home.root(), List.of(), 1 << 20, InstantSource.system());
            service.runs().mend(transactions, () -> recovered.add("files"));
        }

        @Test
        void aRunIsTakenOffTheBooksAndThePersonTold() throws Exception {
            String run = cutShort();
            mend();
            assertThat(recovered).containsExactly("files");
            assertThat(latest("run_interrupted").at("/run").asText()).isEqualTo(run);
            assertThat(latest("run_interrupted").at("/changesStand").asBoolean())
                    .isFalse();
            assertThat(service.takeNotices())
                    .containsExactly("The run " + run
                            + " of copy was cut short, since its host was ended: it has changed nothing"
                            + " ('runs --interrupted' says how to repeat it)");
            assertThat(service.versions(ID).getFirst().figures().runs()).isZero();
            mend();
            assertThat(recovered).hasSize(1);
        }

        @Test
        void aRunThatIsUnderWayElsewhereIsLeftAlone() throws Exception {
            deploy(1);
            service.runs().start(ID, RunOrder.of(Map.of(), RunRequest.Mode.COMMIT, Path.of("/work")));
            mend();
            assertThat(recovered).isEmpty();
            assertThat(logged()).doesNotContain("run_interrupted");
        }
    }
}
