package dev.understudy.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.core.automation.Actor;
import dev.understudy.core.automation.AutomationService;
import dev.understudy.core.automation.TestAutomations;
import dev.understudy.core.config.Config;
import dev.understudy.core.config.DataHome;
import dev.understudy.core.engine.EngineEvent.Kind;
import dev.understudy.core.history.TaskHistory;
import dev.understudy.core.notify.Notifications;
import dev.understudy.core.performance.AcceptedAdvice;
import dev.understudy.core.performance.PerformanceHistory;
import dev.understudy.core.performance.PerformanceService;
import dev.understudy.core.performance.PerformanceWatch;
import dev.understudy.core.plugin.PluginHost.Provided;
import dev.understudy.core.store.Database;
import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.ScriptRunner;
import dev.understudy.sandbox.control.Tier;
import dev.understudy.spi.AutomationTemplate;
import dev.understudy.spi.Notification;
import dev.understudy.spi.NotificationSink;
import dev.understudy.spi.ScriptLanguage;
import dev.understudy.spi.Task;
import dev.understudy.spi.TaskPattern;
import dev.understudy.spi.performance.Bottleneck;
import dev.understudy.spi.performance.BottleneckDetector;
import dev.understudy.spi.performance.ExecutionState;
import dev.understudy.spi.performance.PerformanceMetric;
import dev.understudy.spi.performance.ResourceUse;
import dev.understudy.spi.performance.StepExecution;
import dev.understudy.spi.performance.Thresholds;
import dev.understudy.spi.performance.WorkflowExecution;
import dev.understudy.spi.performance.WorkflowHistory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine's clockwork, step by step; other processes are second openings of the same store. */
class EngineTest {
    private static final Config CONFIG = Config.parse("test", """
            automation_creation: { test_before_deploy: false }
            triggers: { webhook_port: 0, grace_seconds: 0 }
            notifications: { recording: {} }
            """);

    private static Path emptyStore = Path.of("");

    @TempDir
    Path folder;

    private final FakeTime time = new FakeTime();
    private final BlockingQueue<EngineEvent> events = new LinkedBlockingQueue<>();
    private final BlockingQueue<Notification> told = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> cycles = new LinkedBlockingQueue<>();
    private volatile RunOutcome outcome = new RunOutcome.Succeeded("{}");
    private DataHome home;
    private Database database;
    private Database otherDatabase;
    private TaskHistory history;
    private PerformanceHistory performance;
    private AutomationService automations;
    private Engine engine;

    /** Migrating takes long, so one empty store is made and copied. */
    @BeforeAll
    static void makeEmptyStore(@TempDir Path shared) {
        emptyStore = shared.resolve("empty.db");
        Database.open(emptyStore).close();
    }

    @BeforeEach
    void open() throws IOException {
        home = DataHome.open(folder.resolve("home"));
        Files.copy(emptyStore, home.database());
        database = Database.open(home.database());
        otherDatabase = Database.open(home.database());
        history = new TaskHistory(database, List.of(), 100);
        automations = automations(database, "");
        performance = PerformanceHistory.of(CONFIG, database);
        var judge = new PerformanceService(
                performance,
                new AcceptedAdvice(database, performance),
                CONFIG,
                () -> List.of(new Provided<>("test", "first_step", new FirstStep())),
                List::of,
                List::of);
        var parts = new Engine.Parts(
                CONFIG,
                home,
                database,
                history,
                automations,
                () -> {
                    cycles.add("cycle");
                    return new LearnReport(
                            List.of(), List.of(), Set.of(), Map.of(), List.of(), List.of(), List.of(), List.of());
                },
                new PerformanceWatch(performance, () -> judge, home.root().resolve("performance-told.txt")),
                problems -> Notifications.open(
                        CONFIG.notifications(),
                        List.of(new Provided<>("test", "recording", new RecordingSink())),
                        problems),
                folder,
                ZoneId.of("UTC"));
        engine = new Engine(parts, events::add, time);
    }

    /** Finds that the first step of the nightly job takes all the time. */
    private static final class FirstStep implements BottleneckDetector {
        @Override
        public String name() {
            return "first_step";
        }

        @Override
        public List<Bottleneck> detect(WorkflowHistory executions, Thresholds thresholds) {
            return executions.executions().stream()
                    .filter(each -> each.workflow().equals("nightly"))
                    .flatMap(each -> each.steps().stream())
                    .limit(1)
                    .map(step -> new Bottleneck(
                            "first_step",
                            executions.workflow(),
                            step.name(),
                            "slow_step",
                            step.name() + " takes 7 s",
                            7000,
                            Map.of()))
                    .toList();
        }
    }

    @Nested
    class WhenAWorkflowIsHeldUp {
        private void record(int number) {
            Instant start = time.instant().plusSeconds(number);
            var step = new StepExecution(
                    "join", start, start.plusSeconds(7), ExecutionState.SUCCEEDED, Map.of(), ResourceUse.UNKNOWN);
            performance.recordExecutions(List.of(new WorkflowExecution(
                    "" + number, "nightly", start, start.plusSeconds(7), ExecutionState.SUCCEEDED, List.of(step))));
        }

        /** Issue 14: the five-minute cycle watches performance, too. */
        @Test
        void anEventAndANotificationTellItOnce() throws InterruptedException {
            record(1);
            engine.begin();
            engine.step();

            assertThat(await(Kind.PERFORMANCE_FINDING).details()).containsEntry("workflow", "nightly");
            assertThat(told())
                    .returns(Notification.Kind.PERFORMANCE_FINDING, Notification::kind)
                    .satisfies(notification ->
                            assertThat(notification.text()).contains("join takes 7 s", "nightly", "dashboard"));

            // Another execution of the same, and a metric that is slow: only that is new.
            record(2);
            performance.recordMetrics(
                    List.of(new PerformanceMetric("1", "backup", time.instant(), Duration.ofSeconds(3), 10, 5, true)));
            EngineEvent next = null;
            while (next == null) {
                // The cycle before may not quite have ended, and then this one is left out.
                time.pass(Duration.ofMinutes(5));
                engine.step();
                next = events.poll(1, TimeUnit.SECONDS);
                if (next != null && next.kind() != Kind.PERFORMANCE_FINDING) next = null;
            }
            assertThat(next.details()).containsEntry("workflow", "backup");
            assertThat(next.text()).contains("3000 ms on average, more than 2000 ms");
        }
    }

    @AfterEach
    void close() {
        engine.close();
        otherDatabase.close();
        database.close();
    }

    /** A service whose template writes a script with this metadata. */
    private AutomationService automations(Database store, String metadata) {
        var runner = new FakeRunner();
        return TestAutomations.on(store, home)
                .configured(CONFIG)
                .writtenBy(new Writes(metadata))
                .runBy(runner)
                .ofAPersonAt(folder)
                .open();
    }

    /** As another process keeps and approves it. */
    private void deployElsewhere(String metadata) {
        AutomationService elsewhere = automations(otherDatabase, metadata);
        elsewhere.drafter().create(TestAutomations.pattern());
        elsewhere.life().approve("tidy", Actor.PERSON);
    }

    private EngineEvent await(Kind kind) {
        try {
            while (true) {
                EngineEvent event = events.poll(20, TimeUnit.SECONDS);
                assertThat(event).as("an event " + kind).isNotNull();
                if (event.kind() == kind) return event;
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private Notification told() throws InterruptedException {
        Notification notification = told.poll(20, TimeUnit.SECONDS);
        assertThat(notification).isNotNull();
        return notification;
    }

    private void awaitCycle() throws InterruptedException {
        assertThat(cycles.poll(20, TimeUnit.SECONDS)).isNotNull();
        await(Kind.CYCLE_ENDED);
    }

    private Task task(String id) {
        return new Task(id, "cp", "", Map.of("what", id), time.instant(), Duration.ofSeconds(1), true);
    }

    @Nested
    class APluginThatIsSwitchedOff {
        @Test
        void isToldOfByAnEventAndANotification() throws InterruptedException {
            engine.begin();
            engine.pluginSwitchedOff("diary", "it has failed 3 times");
            assertThat(await(Kind.PLUGIN_CHANGED).text())
                    .isEqualTo("The plugin diary is switched off: it has failed 3 times");
            assertThat(told())
                    .returns(Notification.Kind.PLUGIN_SWITCHED_OFF, Notification::kind)
                    .returns("Plugin switched off: diary", Notification::title);
        }
    }

    @Nested
    class TheBackgroundCycle {
        @Test
        void looksAtOnceAndThenEveryFiveMinutesIfThereIsSomethingNew() throws InterruptedException {
            engine.begin();
            engine.step();
            awaitCycle();
            time.pass(Duration.ofMinutes(5));
            engine.step();
            history.recordTask(task("1"));
            time.pass(Duration.ofMinutes(4));
            engine.step();
            assertThat(cycles).isEmpty();
            time.pass(Duration.ofMinutes(1));
            engine.step();
            awaitCycle();
        }

        @Test
        void noticesTheTasksThatAnotherProcessRecords() throws InterruptedException {
            engine.begin();
            engine.step();
            awaitCycle();
            new TaskHistory(otherDatabase, List.of(), 100).recordTask(task("1"));
            engine.step();
            assertThat(history.tasks()).extracting(Task::id).containsExactly("1");
            time.pass(Duration.ofMinutes(5));
            engine.step();
            awaitCycle();
        }
    }

    @Nested
    class AnAutomationOfAnotherProcess {
        @Test
        void firesFromItsApprovalToItsSuspension() {
            engine.begin();
            deployElsewhere("# triggers = [{ cron = \"*/5 * * * *\" }]\n");
            engine.step();
            assertThat(await(Kind.TRIGGERS_CHANGED).text()).isEqualTo("1 trigger of 1 automation watched");
            time.pass(Duration.ofMinutes(5));
            engine.step();
            assertThat(await(Kind.FIRED).automationId()).isEqualTo("tidy");
            assertThat(await(Kind.RUN_ENDED).details()).containsEntry("state", "succeeded");
            automations(otherDatabase, "").life().suspend("tidy", Actor.PERSON);
            engine.step();
            assertThat(await(Kind.TRIGGERS_CHANGED).text()).isEqualTo("0 triggers of 0 automations watched");
            time.pass(Duration.ofMinutes(5));
            engine.step();
            assertThat(events).extracting(EngineEvent::kind).doesNotContain(Kind.FIRED);
        }

        @Test
        void isToldOfOnceItIsReady() throws Exception {
            engine.begin();
            AutomationService elsewhere = automations(otherDatabase, "");
            elsewhere.drafter().create(TestAutomations.pattern());
            engine.step();
            elsewhere.rehearsals().rehearse("tidy");
            engine.step();
            assertThat(await(Kind.PROPOSAL_READY).automationId()).isEqualTo("tidy");
            assertThat(told()).returns(Notification.Kind.PROPOSAL_READY, Notification::kind);
            engine.step();
            assertThat(told).isEmpty();
        }

        @Test
        void isToldOfWhenItAsksForMoreAndWhenItIsRolledBack() throws Exception {
            AutomationService elsewhere = automations(otherDatabase, "# grants = { reads = [\"/in\"] }\n");
            elsewhere.drafter().create(TestAutomations.pattern());
            elsewhere.rehearsals().rehearse("tidy");
            elsewhere.life().approve("tidy", Actor.PERSON);
            engine.begin();
            Path script = elsewhere.get("tidy").file();
            Files.writeString(
                    script, Files.readString(script).replace("reads = [\"/in\"]", "reads = [\"/in\", \"/more\"]"));
            elsewhere.rehearsals().rehearse("tidy");
            engine.step();
            assertThat(told())
                    .returns(Notification.Kind.GRANT_ASKED, Notification::kind)
                    .extracting(Notification::text)
                    .isEqualTo("Its version 2 wants to read /more. It does not until you approve it.");
            elsewhere.life().approve("tidy", Actor.PERSON);
            engine.step();
            elsewhere.life().rollBack("tidy", Actor.PERSON);
            engine.step();
            assertThat(told())
                    .returns(Notification.Kind.ROLLED_BACK, Notification::kind)
                    .extracting(Notification::text)
                    .isEqualTo("It runs at version 1 again.");
        }
    }

    @Nested
    class AFailingAutomation {
        @Test
        void isToldOfOnceUntilItHasSucceeded() throws InterruptedException {
            deployElsewhere("# triggers = [{ cron = \"*/5 * * * *\" }]\n");
            engine.begin();
            outcome = new RunOutcome.Failed("no space left", "");
            runs("failed", 2);
            assertThat(told())
                    .returns(Notification.Kind.AUTOMATION_FAILING, Notification::kind)
                    .returns("tidy", Notification::automationId)
                    .extracting(Notification::text)
                    .asString()
                    .contains("no space left");
            outcome = new RunOutcome.Succeeded("{}");
            runs("succeeded", 1);
            assertThat(told).isEmpty();
            outcome = new RunOutcome.Failed("no space left", "");
            runs("failed", 1);
            assertThat(told().kind()).isEqualTo(Notification.Kind.AUTOMATION_FAILING);
        }

        private void runs(String state, int times) {
            for (int i = 0; i < times; i++) {
                time.pass(Duration.ofMinutes(5));
                engine.step();
                assertThat(await(Kind.RUN_ENDED).details()).containsEntry("state", state);
            }
        }
    }

    @Test
    void aSleepOfTheMachineIsSaidAndWhatItMissedIsMadeUpForAsConfigured() {
        deployElsewhere("# triggers = [{ cron = \"0 * * * *\", missed = \"run_once\" }]\n");
        engine.begin();
        engine.step();
        time.sleep(Duration.ofHours(5));
        engine.step();
        assertThat(await(Kind.CLOCK_JUMPED).details()).containsEntry("seconds", "18000");
        // From 09:00:30 to 14:00:30, the last full hour.
        assertThat(await(Kind.FIRED).text()).isEqualTo("by cron 2026-11-16T14:00:00Z");
        assertThat(await(Kind.RUN_ENDED).details()).containsEntry("state", "succeeded");
    }

    private record Writes(String metadata) implements AutomationTemplate {
        @Override
        public String name() {
            return "test";
        }

        @Override
        public String description() {
            return "Writes what a test says.";
        }

        @Override
        public Answer propose(TaskPattern pattern, Request request) {
            return new Answer.Draft("tidy", ScriptLanguage.PYTHON, """
                    # /// automation
                    # id = "tidy"
                    # description = "d"
                    # language = "python"
                    """ + metadata + "# ///\n");
        }
    }

    private final class RecordingSink implements NotificationSink {
        @Override
        public String name() {
            return "recording";
        }

        @Override
        public List<Setting> settings() {
            return List.of();
        }

        @Override
        public Channel open(Map<String, Object> settings) {
            return told::add;
        }
    }

    private final class FakeRunner implements ScriptRunner {
        @Override
        public Run start(RunRequest request, RunListener listener) {
            var report = new RunReport(
                    "run-" + System.nanoTime(),
                    outcome,
                    IsolationLevel.FULL,
                    Tier.NONE,
                    Instant.EPOCH,
                    Duration.ZERO,
                    List.of(),
                    List.of(),
                    RunReport.Usage.NONE);
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
            // Nothing was opened.
        }
    }
}
