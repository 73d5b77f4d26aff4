package dev.understudy.core.optimization;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.core.engine.FakeTime;
import dev.understudy.core.optimization.ContinuousOptimizer.Settings;
import dev.understudy.core.optimization.ContinuousOptimizer.State;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.profile.OptimizationProfile;
import dev.understudy.core.system.DetectedWorkload;
import dev.understudy.spi.system.SystemSnapshot;
import dev.understudy.spi.system.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ContinuousOptimizerTest {
    private static final Settings SETTINGS =
            new Settings(Duration.ofSeconds(30), Duration.ofMinutes(5), OptimizationProfile.DEFAULTS);

    private final FakeTime time = new FakeTime();
    private final List<String> heard = new ArrayList<>();
    private final List<Runnable> running = new ArrayList<>();
    private Optional<SystemSnapshot> statistics = Optional.of(Snapshots.idle());
    private Optimization optimization = (profile, _, _) -> new OptimizationResult(
            profile.workload(), time.instant(), Duration.ZERO, null, List.of(), List.of(), "done");
    private Workload current = Workload.GENERAL;
    private final ContinuousOptimizer optimizer = new ContinuousOptimizer(
            SETTINGS,
            (profile, workload, averages) -> optimization.run(profile, workload, averages),
            detected(Workload.GENERAL),
            () -> statistics,
            new Recorder(),
            running::add,
            time);

    private final class Recorder implements OptimizerListener {
        @Override
        public void changed(DetectedWorkload before, DetectedWorkload now, SystemSnapshot averages) {
            heard.add("changed " + before.workload().id() + " to "
                    + now.workload().id() + " at " + Math.round(averages.cpuPercent()) + " %");
        }

        @Override
        public void started(OptimizationProfile profile) {
            heard.add("started " + profile.workload().id());
        }

        @Override
        public void skipped(Workload workload, String reason) {
            heard.add("skipped " + workload.id() + ": " + reason);
        }

        @Override
        public void ended(OptimizationResult result) {
            heard.add("ended " + result.workload().id());
        }

        @Override
        public void failed(Workload workload, String reason) {
            heard.add("failed " + workload.id() + ": " + reason);
        }
    }

    private DetectedWorkload detected(Workload workload) {
        return new DetectedWorkload(workload, 0.9, List.of("a test said so"), time.instant(), Set.of());
    }

    private void workloadBecomes(Workload workload) {
        optimizer.changed(detected(current), detected(workload), Snapshots.busy(0.8));
        current = workload;
    }

    private void pass(int seconds) {
        for (int i = 0; i < seconds; i++) {
            time.pass(Duration.ofSeconds(1));
            optimizer.step();
        }
    }

    private void finishRunning() {
        running.removeFirst().run();
    }

    /** The first look, for the general work, is over, and so is the stability period after it. */
    private void settle() {
        optimizer.step();
        finishRunning();
        pass(301);
        heard.clear();
    }

    @Nested
    class AtTheStart {
        @Test
        void looksForTheGeneralWorkAtOnce() {
            optimizer.step();
            assertThat(heard).containsExactly("started general");
            assertThat(optimizer.state()).isEqualTo(new State.Optimizing(Workload.GENERAL));
            finishRunning();
            assertThat(heard).containsExactly("started general", "ended general");
            assertThat(optimizer.state()).isEqualTo(new State.Idle());
        }

        @Test
        void waitsUntilThereAreStatistics() {
            statistics = Optional.empty();
            pass(10);
            assertThat(heard).isEmpty();
            statistics = Optional.of(Snapshots.idle());
            pass(1);
            assertThat(heard).containsExactly("started general");
        }

        @Test
        void looksForTheGeneralWorkEvenWhereAnotherWasSeenMeanwhile() {
            workloadBecomes(Workload.DATABASE);
            optimizer.step();
            assertThat(heard).containsExactly("changed general to database at 80 %", "started general");
        }
    }

    @Nested
    class WhenTheWorkloadChanges {
        // A detector of a plugin may name work that nobody here knows (issue 14).
        @Test
        void looksForWorkThatAPluginNamesAsForTheGeneralOne() {
            settle();
            workloadBecomes(new Workload("game_server"));
            pass(31);
            assertThat(heard).containsExactly("changed general to game_server at 80 %", "started game_server");
        }

        @Test
        void callsBackAtOnceAndLooksAfterTheAdaptationDelay() {
            settle();
            workloadBecomes(Workload.DATABASE);
            assertThat(heard).containsExactly("changed general to database at 80 %");
            pass(29);
            assertThat(optimizer.state()).isEqualTo(new State.Adapting(Workload.DATABASE, Duration.ofSeconds(1)));
            assertThat(running).isEmpty();
            pass(1);
            assertThat(heard).last().isEqualTo("started database");
        }

        @Test
        void beginsTheDelayAnewWhereItChangesAgain() {
            settle();
            workloadBecomes(Workload.DATABASE);
            pass(20);
            workloadBecomes(Workload.WEB_SERVER);
            pass(29);
            assertThat(running).isEmpty();
            pass(1);
            assertThat(heard).last().isEqualTo("started web_server");
            finishRunning();
            pass(1000);
            assertThat(heard).doesNotContain("started database");
        }

        @Test
        void doesNotLookTwiceForTheSame() {
            settle();
            workloadBecomes(Workload.DATABASE);
            pass(30);
            finishRunning();
            pass(10_000);
            assertThat(running).isEmpty();
            assertThat(optimizer.state()).isEqualTo(new State.Idle());
        }
    }

    @Nested
    class WhileALookRuns {
        @Test
        void noOtherBegins() {
            optimizer.step();
            workloadBecomes(Workload.DATABASE);
            pass(1000);
            assertThat(running).hasSize(1);
            assertThat(optimizer.state()).isEqualTo(new State.Optimizing(Workload.GENERAL));
            finishRunning();
            pass(301);
            assertThat(heard).last().isEqualTo("started database");
        }
    }

    @Nested
    class WithinTheStabilityPeriod {
        @Test
        void theNextWaitsInTheQueue() {
            optimizer.step();
            finishRunning();
            workloadBecomes(Workload.DATABASE);
            pass(100);
            assertThat(running).isEmpty();
            assertThat(optimizer.state()).isEqualTo(new State.Waiting(Workload.DATABASE, Duration.ofSeconds(200)));
            pass(199);
            assertThat(running).isEmpty();
            pass(1);
            assertThat(heard).last().isEqualTo("started database");
        }

        @Test
        void theNextIsSkippedWhereItsWorkloadPasses() {
            optimizer.step();
            finishRunning();
            workloadBecomes(Workload.DATABASE);
            pass(100);
            workloadBecomes(Workload.WEB_SERVER);
            pass(300);
            assertThat(heard)
                    .contains("skipped database: the machine does web_server by now", "started web_server")
                    .doesNotContain("started database");
        }
    }

    @Test
    void skipsALookThatWasGivenUpSinceItsWorkHasPassed() {
        optimization = (_, _, _) -> {
            throw new WorkPassedException(Workload.DATABASE);
        };
        optimizer.step();
        finishRunning();
        assertThat(heard).last().isEqualTo("skipped general: the machine does database by now");
        assertThat(optimizer.state()).isEqualTo(new State.Idle());
    }

    @Nested
    class ALookThatFails {
        @Test
        void isToldOfAndTheNextComesInItsTime() {
            optimization = (_, _, _) -> {
                throw UserException.failed("It did not work", "the kernel refused", "Ask it nicely");
            };
            optimizer.step();
            finishRunning();
            assertThat(heard).last().isEqualTo("failed general: It did not work: the kernel refused. Ask it nicely");
            workloadBecomes(Workload.DATABASE);
            pass(301);
            assertThat(heard).last().isEqualTo("started database");
        }

        @Test
        void doesNotEndTheOptimizerEvenByABug() {
            optimization = (_, _, _) -> {
                throw new IllegalStateException("a bug");
            };
            optimizer.step();
            finishRunning();
            assertThat(heard)
                    .last()
                    .isEqualTo(
                            "failed general: The look for settings for general failed: java.lang.IllegalStateException: a bug");
            assertThat(optimizer.state()).isEqualTo(new State.Idle());
        }
    }
}
