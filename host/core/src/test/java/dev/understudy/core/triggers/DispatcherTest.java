package dev.understudy.core.triggers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.core.problem.UserException;
import dev.understudy.core.store.Database;
import dev.understudy.core.triggers.Dispatcher.Answer;
import dev.understudy.core.triggers.Dispatcher.Merge;
import dev.understudy.core.triggers.TriggerStore.Kept;
import dev.understudy.core.triggers.TriggerStore.Progress;
import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.ScriptRunner;
import dev.understudy.sandbox.control.Tier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DispatcherTest {
    private static final Instant NOW = Instant.parse("2026-11-16T09:00:00Z");

    private static Path emptyStore = Path.of("");

    @TempDir
    Path folder;

    private Database database;
    private TriggerStore store;
    private Dispatcher dispatcher;
    private final BlockingQueue<FakeRun> started = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    /** Migrating takes long, so one empty store is made and copied. */
    @BeforeAll
    static void makeEmptyStore(@TempDir Path shared) {
        emptyStore = shared.resolve("empty.db");
        Database.open(emptyStore).close();
    }

    @BeforeEach
    void open() throws IOException {
        Files.copy(emptyStore, folder.resolve("store.db"));
        database = Database.open(folder.resolve("store.db"));
        store = new TriggerStore(database);
        dispatcher = dispatcher();
    }

    @AfterEach
    void close() {
        dispatcher.close();
        database.close();
    }

    private Dispatcher dispatcher() {
        return new Dispatcher(store, this::start, new Heard(), InstantSource.system(), 3);
    }

    private ScriptRunner.Run start(Firing firing, String runId) {
        if (firing.parameters().containsKey("forbidden"))
            throw UserException.notAllowed("It does not run", "no", "Ask");
        var run = new FakeRun(firing);
        started.add(run);
        return run;
    }

    private Answer fire(String id, String cause, Map<String, String> parameters) {
        return dispatcher.fire(id, cause, parameters, Merge.SAME_PARAMETERS, Set.of(id), new Progress.None());
    }

    private FakeRun next() {
        try {
            FakeRun run = started.poll(20, TimeUnit.SECONDS);
            assertThat(run).as("a run that begins").isNotNull();
            return run;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private String heard() {
        try {
            return String.valueOf(heard.poll(20, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private List<String> kept() {
        return store.latest(100).reversed().stream()
                .map((Kept each) -> each.firing().cause() + " " + each.state().id())
                .toList();
    }

    @Nested
    class AFiring {
        @Test
        void isInTheStoreAsBegunBeforeItsRunBegins() {
            dispatcher.allow(Map.of("tidy", Overlap.QUEUE));
            fire("tidy", "cron 1", Map.of("a", "b"));
            FakeRun run = next();
            assertThat(run.stateWhenStarted).isEqualTo(FiringState.RUNNING);
            assertThat(run.firing.parameters()).isEqualTo(Map.of("a", "b"));
            run.end();
            assertThat(List.of(heard(), heard())).containsExactly("fired cron 1", "ended cron 1 succeeded");
            assertThat(kept()).containsExactly("cron 1 succeeded");
        }

        @Test
        void hasOneRunForOneCause() {
            dispatcher.allow(Map.of("tidy", Overlap.ALLOW));
            assertThat(fire("tidy", "cron 1", Map.of())).isEqualTo(Answer.ACCEPTED);
            assertThat(fire("tidy", "cron 1", Map.of())).isEqualTo(Answer.KNOWN);
            next().end();
            heard();
            heard();
            assertThat(fire("tidy", "cron 1", Map.of())).isEqualTo(Answer.KNOWN);
            assertThat(started).isEmpty();
        }

        @Test
        void ofAnAutomationThatIsNotApprovedRunsNothing() {
            assertThat(fire("tidy", "cron 1", Map.of())).isEqualTo(Answer.SKIPPED);
            assertThat(kept()).containsExactly("cron 1 skipped");
            assertThat(started).isEmpty();
        }

        @Test
        void thatMayNotRunIsRefusedAndDoesNotStandInTheWay() {
            dispatcher.allow(Map.of("tidy", Overlap.QUEUE));
            fire("tidy", "webhook 1", Map.of("forbidden", "yes"));
            assertThat(List.of(heard(), heard())).containsExactly("fired webhook 1", "ended webhook 1 refused");
            fire("tidy", "webhook 2", Map.of());
            next().end();
            assertThat(List.of(heard(), heard())).containsExactly("fired webhook 2", "ended webhook 2 succeeded");
        }
    }

    @Nested
    class WhileARunIsUnderWay {
        private FakeRun with(Overlap overlap) {
            dispatcher.allow(Map.of("tidy", overlap, "other", Overlap.QUEUE));
            fire("tidy", "file a", Map.of("file", "a"));
            return next();
        }

        @Test
        void queueLetsTheNextWait() {
            FakeRun first = with(Overlap.QUEUE);
            assertThat(fire("tidy", "file b", Map.of("file", "b"))).isEqualTo(Answer.ACCEPTED);
            assertThat(fire("tidy", "file c", Map.of("file", "c"))).isEqualTo(Answer.ACCEPTED);
            assertThat(kept()).containsExactly("file a running", "file b waiting", "file c waiting");
            assertThat(started).isEmpty();
            first.end();
            FakeRun second = next();
            assertThat(second.firing.cause()).isEqualTo("file b");
            assertThat(started).isEmpty();
            second.end();
            FakeRun third = next();
            assertThat(third.firing.cause()).isEqualTo("file c");
            third.end();
        }

        @Test
        void aFileMayBeItsOutputIfItWasWrittenSinceItBegan() {
            Instant before = Instant.now().minusMillis(1);
            FakeRun first = with(Overlap.QUEUE);
            assertThat(dispatcher.mayHaveWritten(before)).isFalse();
            assertThat(dispatcher.mayHaveWritten(Instant.now())).isTrue();
            first.end();
            assertThat(List.of(heard(), heard())).containsExactly("fired file a", "ended file a succeeded");
        }

        @Test
        void oneThatWaitsStandsForAnotherWithTheSameParameters() {
            with(Overlap.QUEUE);
            assertThat(fire("tidy", "file a again", Map.of("file", "a"))).isEqualTo(Answer.ACCEPTED);
            assertThat(fire("tidy", "file a once more", Map.of("file", "a"))).isEqualTo(Answer.SKIPPED);
            assertThat(kept()).containsExactly("file a running", "file a again waiting", "file a once more skipped");
        }

        @Test
        void timesThatAreMadeUpForDoNotStandForEachOther() {
            with(Overlap.QUEUE);
            for (String cause : List.of("cron 1", "cron 2"))
                assertThat(dispatcher.fire("tidy", cause, Map.of(), Merge.NEVER, Set.of("tidy"), new Progress.None()))
                        .isEqualTo(Answer.ACCEPTED);
        }

        @Test
        void skipLeavesTheNextOut() {
            FakeRun first = with(Overlap.SKIP);
            assertThat(fire("tidy", "file b", Map.of("file", "b"))).isEqualTo(Answer.SKIPPED);
            first.end();
            assertThat(List.of(heard(), heard(), heard()))
                    .containsExactly("fired file a", "skipped file b", "ended file a succeeded");
            // Who hears of the end still hears it before the next can begin.
            while (dispatcher.mayHaveWritten(Instant.MAX)) Thread.onSpinWait();
            assertThat(fire("tidy", "file c", Map.of("file", "c"))).isEqualTo(Answer.ACCEPTED);
            next().end();
        }

        @Test
        void allowRunsTheNextBesideIt() {
            with(Overlap.ALLOW);
            fire("tidy", "file b", Map.of("file", "b"));
            FakeRun second = next();
            assertThat(second.firing.cause()).isEqualTo("file b");
        }

        @Test
        void anotherAutomationRunsBesideIt() {
            with(Overlap.QUEUE);
            fire("other", "cron 1", Map.of());
            assertThat(next().firing.automationId()).isEqualTo("other");
        }

        @Test
        void noMoreRunsAreUnderWayThanConfigured() {
            FakeRun first = with(Overlap.ALLOW);
            for (int i = 0; i < 4; i++) fire("tidy", "file " + i, Map.of("file", "x" + i));
            next();
            next();
            assertThat(started).isEmpty();
            first.end();
            next();
        }
    }

    @Nested
    class AfterACrash {
        @Test
        void whatHadBegunIsLeftToItsHostAndWhatHadNotRunsOnce() {
            dispatcher.allow(Map.of("tidy", Overlap.QUEUE));
            fire("tidy", "file a", Map.of("file", "a"));
            next();
            fire("tidy", "file b", Map.of("file", "b"));
            // As after a kill: another process finds the store as it is.
            try (Dispatcher next = dispatcher()) {
                assertThat(store.begun())
                        .extracting(begun -> begun.firing().cause())
                        .containsExactly("file a");
                next.allow(Map.of("tidy", Overlap.QUEUE));
                next.resume(_ -> false);
                FakeRun resumed = next();
                assertThat(resumed.firing.cause()).isEqualTo("file b");
                assertThat(resumed.firing.parameters()).isEqualTo(Map.of("file", "b"));
                assertThat(kept()).containsExactly("file a running", "file b running");
                resumed.end();
            }
        }

        @Test
        void whatIsTooLateOrNoLongerApprovedIsLeftOut() {
            store.record("tidy", "cron 1", Map.of(), FiringState.WAITING, "", NOW, Set.of(), new Progress.None());
            store.record("gone", "file a", Map.of(), FiringState.WAITING, "", NOW, Set.of(), new Progress.None());
            dispatcher.allow(Map.of("tidy", Overlap.QUEUE));
            dispatcher.resume(firing -> firing.cause().startsWith("cron"));
            assertThat(kept()).containsExactly("cron 1 skipped", "file a skipped");
            assertThat(started).isEmpty();
        }
    }

    @Nested
    class GoingDown {
        @Test
        void waitsForARunThatEndsWithinTheGraceAndBeginsNoOther() throws InterruptedException {
            dispatcher.allow(Map.of("tidy", Overlap.QUEUE));
            fire("tidy", "file a", Map.of("file", "a"));
            FakeRun run = next();
            fire("tidy", "file b", Map.of("file", "b"));
            Thread stopping = Thread.currentThread();
            Thread ends = Thread.ofPlatform().start(() -> {
                while (stopping.getState() != Thread.State.TIMED_WAITING) Thread.onSpinWait();
                run.end();
            });
            dispatcher.stop(Duration.ofSeconds(30));
            ends.join();
            assertThat(kept()).containsExactly("file a succeeded", "file b waiting");
            assertThat(run.cancelled).isFalse();
        }

        @Test
        void cancelsWhatIsLeftAfterTheGrace() throws InterruptedException {
            dispatcher.allow(Map.of("tidy", Overlap.QUEUE));
            fire("tidy", "file a", Map.of("file", "a"));
            FakeRun run = next();
            dispatcher.stop(Duration.ZERO);
            dispatcher.close();
            assertThat(run.cancelled).isTrue();
            assertThat(kept()).containsExactly("file a cancelled");
        }
    }

    @Test
    void theStoreForgetsAllButTheLatestEndedFirings() {
        database.change(handle -> {
            for (int i = 0; i < TriggerStore.MAX_ENDED + 4; i++)
                handle.execute(
                        "INSERT INTO trigger_firing (automation_id, cause, parameters, state, note, run_id, fired_at)"
                                + " VALUES ('tidy', ?, '{}', 'succeeded', '', '', 0)",
                        "cron " + i);
        });
        Firing last = store.record(
                        "tidy", "cron last", Map.of(), FiringState.WAITING, "", NOW, Set.of(), new Progress.None())
                .orElseThrow();
        store.end(last, FiringState.SUCCEEDED, "", "", NOW);
        List<Kept> left = store.latest(2 * TriggerStore.MAX_ENDED);
        assertThat(left).hasSize(1000);
        assertThat(left.getLast().firing().cause()).isEqualTo("cron 5");
    }

    private final class Heard implements Dispatcher.Listener {
        @Override
        public void fired(Firing firing) {
            heard.add("fired " + firing.cause());
        }

        @Override
        public void skipped(String automationId, String cause, String reason) {
            heard.add("skipped " + cause);
        }

        @Override
        public void ended(Firing firing, FiringState state, String note, @Nullable RunReport report) {
            heard.add("ended " + firing.cause() + " " + state.id());
        }
    }

    /** Ends when it is told to. */
    private final class FakeRun implements ScriptRunner.Run {
        final Firing firing;
        final FiringState stateWhenStarted;
        private final CountDownLatch ended = new CountDownLatch(1);
        volatile boolean cancelled;

        FakeRun(Firing firing) {
            this.firing = firing;
            stateWhenStarted = store.latest(100).stream()
                    .filter(each -> each.firing().id() == firing.id())
                    .findFirst()
                    .orElseThrow()
                    .state();
        }

        void end() {
            ended.countDown();
        }

        @Override
        public RunReport await() throws InterruptedException {
            ended.await();
            return new RunReport(
                    "run-" + firing.id(),
                    cancelled ? new RunOutcome.Cancelled() : new RunOutcome.Succeeded("{}"),
                    IsolationLevel.FULL,
                    Tier.NONE,
                    NOW,
                    Duration.ZERO,
                    List.of(),
                    List.of(),
                    RunReport.Usage.NONE);
        }

        @Override
        public void cancel() {
            cancelled = true;
            ended.countDown();
        }
    }
}
