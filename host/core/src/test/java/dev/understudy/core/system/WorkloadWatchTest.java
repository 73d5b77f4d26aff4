package dev.understudy.core.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.core.plugin.PluginHost.Provided;
import dev.understudy.spi.system.SystemSnapshot;
import dev.understudy.spi.system.SystemSnapshot.Disks;
import dev.understudy.spi.system.SystemSnapshot.Network;
import dev.understudy.spi.system.SystemSnapshot.Processor;
import dev.understudy.spi.system.Workload;
import dev.understudy.spi.system.WorkloadDetector;
import dev.understudy.spi.system.WorkloadEstimate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class WorkloadWatchTest {
    private static final Instant START = Instant.parse("2026-11-16T09:00:00Z");

    private final List<Provided<WorkloadDetector>> detectors = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final WorkloadWatch watch = new WorkloadWatch(() -> detectors, problems::add, START);
    private int looks;

    /** Says what the test says. */
    private static final class Told implements WorkloadDetector {
        WorkloadEstimate answer = said(Workload.GENERAL, 0.9);

        @Override
        public String name() {
            return "told";
        }

        @Override
        public WorkloadEstimate estimate(SystemSnapshot snapshot) {
            return answer;
        }
    }

    private static WorkloadEstimate said(Workload workload, double confidence) {
        return new WorkloadEstimate(workload, confidence, List.of("a test said " + workload));
    }

    private Told detector() {
        var told = new Told();
        detectors.add(new Provided<>("test", "told", told));
        return told;
    }

    private boolean changesAfterALook() {
        return watch.look(new SystemSnapshot(
                        START.plusSeconds(5L * ++looks),
                        Duration.ofSeconds(30),
                        new Processor(2, 0, 0, 0),
                        FakeMachine.MEMORY,
                        new Disks(0, 0, 0),
                        new Network(0, 0, 0),
                        List.of()))
                .isPresent();
    }

    @Test
    void beginsWithTheGeneralWork() {
        assertThat(watch.current())
                .isEqualTo(new DetectedWorkload(
                        Workload.GENERAL, 0, List.of("nothing has been seen yet"), START, Set.of()));
    }

    @Nested
    class WhenAnotherWorkloadIsSeen {
        @Test
        void takesItUpAfterThreeLooksInARow() {
            detector().answer = said(Workload.DATABASE, 0.8);
            assertThat(changesAfterALook()).isFalse();
            assertThat(changesAfterALook()).isFalse();
            assertThat(changesAfterALook()).isTrue();
            assertThat(watch.current())
                    .isEqualTo(new DetectedWorkload(
                            Workload.DATABASE, 0.8, List.of("a test said database"), START.plusSeconds(15), Set.of()));
            assertThat(changesAfterALook()).isFalse();
        }

        @Test
        void forgetsItWhereTheLooksDisagree() {
            Told detector = detector();
            for (int i = 0; i < 20; i++) {
                detector.answer = said(i % 3 == 2 ? Workload.GENERAL : Workload.WEB_SERVER, 0.9);
                assertThat(changesAfterALook()).isFalse();
            }
            for (int i = 0; i < 20; i++) {
                detector.answer = said(i % 2 == 0 ? Workload.DATABASE : Workload.WEB_SERVER, 0.9);
                assertThat(changesAfterALook()).isFalse();
            }
        }

        @Test
        void doesNotBelieveAGuess() {
            detector().answer = said(Workload.HPC_COMPUTE, 0.49);
            for (int i = 0; i < 20; i++) assertThat(changesAfterALook()).isFalse();
        }
    }

    @Test
    void keepsAWorkloadThroughAPauseOfLessThanAMinute() {
        Told detector = detector();
        detector.answer = said(Workload.DATABASE, 0.8);
        for (int i = 0; i < 3; i++) changesAfterALook();
        detector.answer = said(Workload.GENERAL, 0.9);
        for (int i = 0; i < 11; i++) assertThat(changesAfterALook()).isFalse();
        assertThat(changesAfterALook()).isTrue();
        assertThat(watch.current().workload()).isEqualTo(Workload.GENERAL);
    }

    @Nested
    class OfSeveralDetectors {
        @Test
        void theMostConfidentOneCounts() {
            detector().answer = said(Workload.DATABASE, 0.6);
            detector().answer = said(Workload.WEB_SERVER, 0.7);
            for (int i = 0; i < 3; i++) changesAfterALook();
            assertThat(watch.current().workload()).isEqualTo(Workload.WEB_SERVER);
        }

        @Test
        void oneThatFailsIsNamedOnceAndTheRestGoesOn() {
            detectors.add(new Provided<>("broken", "bug", new WorkloadDetector() {
                @Override
                public String name() {
                    return "bug";
                }

                @Override
                public WorkloadEstimate estimate(SystemSnapshot snapshot) {
                    throw new NoSuchMethodError("from another version");
                }
            }));
            detector().answer = said(Workload.DATABASE, 0.6);
            for (int i = 0; i < 3; i++) changesAfterALook();
            assertThat(watch.current().workload()).isEqualTo(Workload.DATABASE);
            assertThat(problems).singleElement().asString().contains("broken/bug", "from another version");
        }

        @Test
        void noneLeavesTheWorkloadAsItIs() {
            assertThat(changesAfterALook()).isFalse();
            assertThat(watch.current().workload()).isEqualTo(Workload.GENERAL);
        }
    }
}
