package dev.understudy.plugins.workloads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.plugins.workloads.FiguresDetector.Limits;
import dev.understudy.spi.system.ProcessSample;
import dev.understudy.spi.system.SystemSnapshot;
import dev.understudy.spi.system.SystemSnapshot.Disks;
import dev.understudy.spi.system.SystemSnapshot.Memory;
import dev.understudy.spi.system.SystemSnapshot.Network;
import dev.understudy.spi.system.SystemSnapshot.Processor;
import dev.understudy.spi.system.Workload;
import dev.understudy.spi.system.WorkloadEstimate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class FiguresDetectorTest {
    private Processor processor = new Processor(8, 0, 0, 0);
    private Disks disks = new Disks(0, 0, 0);
    private Network network = new Network(0, 0, 0);
    private List<ProcessSample> processes = List.of();

    private WorkloadEstimate estimate() {
        return new FiguresDetector()
                .estimate(new SystemSnapshot(
                        Instant.parse("2026-11-29T09:00:00Z"),
                        Duration.ofSeconds(30),
                        processor,
                        new Memory(1L << 34, 1L << 33, 0),
                        disks,
                        network,
                        processes));
    }

    private void assertSaid(Workload workload) {
        WorkloadEstimate estimate = estimate();
        assertThat(estimate.workload()).as(estimate.toString()).isEqualTo(workload);
        assertThat(estimate.confidence()).as(estimate.toString()).isGreaterThanOrEqualTo(0.5);
    }

    private void assertNotSure(String because) {
        WorkloadEstimate estimate = estimate();
        assertThat(FiguresDetector.isNotSure(estimate)).as(estimate.toString()).isTrue();
        assertThat(estimate.evidence().getFirst()).startsWith("not sure: ").contains(because);
    }

    @Nested
    class AWebServer {
        @Test
        void sendsMuchMoreThanItReceives() {
            processor = new Processor(8, 0.2, 0.3, 0);
            network = new Network(5e6, 6e7, 0, 50_000, 50_000);
            assertSaid(Workload.WEB_SERVER);
            assertThat(estimate().evidence().getFirst()).contains("it serves", "sends 12.0 times what it receives");
        }

        @Test
        void isToldWherePacketsAreNotCounted() {
            processor = new Processor(8, 0.2, 0.3, 0);
            network = new Network(5e6, 6e7, 0);
            assertSaid(Workload.WEB_SERVER);
        }

        @Test
        void isNotWhoCopiesOneLargeThingOut() {
            processor = new Processor(8, 0.02, 0.1, 0);
            network = new Network(4e5, 3e8, 0, 6_000, 8_000);
            assertNotSure("copied out");
        }

        @Test
        void isNotToldFromAStoreBetweenTheTwo() {
            processor = new Processor(8, 0.2, 0.3, 0);
            network = new Network(1e7, 1.7e7, 0, 50_000, 50_000);
            assertNotSure("as web servers do and stores");
        }
    }

    @Nested
    class ADatabase {
        @Test
        void sendsAboutWhatItReceives() {
            processor = new Processor(8, 0.5, 0.2, 0);
            network = new Network(8e6, 9e6, 0, 50_000, 50_000);
            assertSaid(Workload.DATABASE);
        }

        @Test
        void keepsWhatItHearsOnDisks() {
            processor = new Processor(8, 0.2, 0.2, 0.1);
            network = new Network(4e6, 4e7, 0, 40_000, 40_000);
            disks = new Disks(0, 2e7, 0.9);
            assertSaid(Workload.DATABASE);
        }

        @Test
        void answersLessWhileItsDisksAreSlow() {
            processor = new Processor(8, 0.06, 0.62, 0.01);
            network = new Network(4e5, 3e5, 0, 3_500, 5_000);
            disks = new Disks(0, 6e7, 1);
            assertSaid(Workload.DATABASE);
        }
    }

    @Nested
    class AComputation {
        @Test
        void hasTheProcessorsToItself() {
            processor = new Processor(8, 0.9, 0.02, 0);
            assertSaid(Workload.HPC_COMPUTE);
        }

        @Test
        void isNotClaimedWhereTheKernelHasMuchOfIt() {
            processor = new Processor(8, 0.5, 0.3, 0);
            assertNotSure("the kernel");
        }

        @Test
        void isNotClaimedWhereInterruptsTellOfANetworkThatIsNotSeen() {
            processor = new Processor(8, 0.5, 0.1, 0, 0.03, 0);
            assertNotSure("interrupts");
        }

        @Test
        void isNotClaimedWhileItTalks() {
            processor = new Processor(8, 0.9, 0.02, 0);
            network = new Network(2e7, 2e7, 0, 15_000, 15_000);
            assertNotSure("talks over the network");
        }
    }

    @Nested
    class InputAndOutput {
        @Test
        void keepsTheDisksBusyWithLittleElse() {
            processor = new Processor(8, 0.05, 0.05, 0.4);
            disks = new Disks(1e8, 0, 1);
            assertSaid(Workload.IO_INTENSIVE);
        }

        @Test
        void isKnownOnASlowDiskThatNeverRests() {
            processor = new Processor(8, 0.01, 0.02, 0.4);
            disks = new Disks(2e6, 0, 0.95);
            assertSaid(Workload.IO_INTENSIVE);
        }

        @Test
        void isNotClaimedWhileHalfOfTheProcessorsCompute() {
            processor = new Processor(8, 0.6, 0.05, 0.1);
            disks = new Disks(1e8, 0, 1);
            assertNotSure("computes as well");
        }
    }

    @Nested
    class AnythingElse {
        @Test
        void isGeneralWhereNothingRuns() {
            assertSaid(Workload.GENERAL);
        }

        @Test
        void isGeneralWhereOnlyItsVirtualMachinesKnow() {
            processor = new Processor(8, 0.5, 0.05, 0, 0.01, 0.45);
            network = new Network(8e6, 9e6, 0, 90_000, 90_000);
            assertSaid(Workload.GENERAL);
        }
    }

    @Test
    void saysLessWhereTheProgramsAreKnownToo() {
        processor = new Processor(8, 0.9, 0.02, 0);
        double alone = estimate().confidence();
        processes = List.of(new ProcessSample(1, "postgres", 7, 0.02, 1000, 0, 0, 8));
        assertThat(estimate().confidence()).isLessThan(alone);
    }

    @Test
    void takesNoLimitsThatContradictEachOther() {
        assertThatThrownBy(() -> new Limits(1000, 2000, 2, 1.2, 0.5, 0.8)).hasMessageContaining("in order");
        assertThatThrownBy(() -> new Limits(2000, 1000, 1.1, 1.2, 0.5, 0.8)).hasMessageContaining("in order");
        assertThatThrownBy(() -> new Limits(2000, 1000, 2, 1.2, 0, 0.8)).hasMessageContaining("above 0");
    }
}
