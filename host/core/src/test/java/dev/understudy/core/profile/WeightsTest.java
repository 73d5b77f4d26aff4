package dev.understudy.core.profile;

import static dev.understudy.spi.system.Workload.DATABASE;
import static dev.understudy.spi.system.Workload.GENERAL;
import static dev.understudy.spi.system.Workload.HPC_COMPUTE;
import static dev.understudy.spi.system.Workload.IO_INTENSIVE;
import static dev.understudy.spi.system.Workload.WEB_SERVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.understudy.core.optimization.Snapshots;
import dev.understudy.spi.system.SystemSnapshot;
import dev.understudy.spi.system.SystemSnapshot.Connections;
import dev.understudy.spi.system.SystemSnapshot.Pressure;
import dev.understudy.spi.system.Workload;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

class WeightsTest {
    private static final Pressure NO_PRESSURE = new Pressure(0, 0, 0, 0, 0);

    private static SystemSnapshot machine(
            double user, double ioBytes, double networkBytes, Pressure pressure, double swapBytes, double failed) {
        return Snapshots.of(user, 0.5, ioBytes, networkBytes, pressure, swapBytes, new Connections(999, 1000 * failed));
    }

    private static double shipped(Workload workload, SystemSnapshot measured, SystemSnapshot reference) {
        OptimizationProfile profile = OptimizationProfile.DEFAULTS.get(workload);
        assertThat(profile).isNotNull();
        if (profile == null) throw new AssertionError();
        return profile.weights().score(workload, measured, reference);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
                    # work,       user,   io, swap, network, failed, score: 100 r / (1 + r)
                    hpc_compute,  0.49,    0,    0,       0,      0,  50
                    hpc_compute,  0.99,    0,    0,       0,      0,  66.67
                    general,      0.24,    0,    0,       0,      0,  33.33
                    io_intensive, 0.49,  2e8,    0,       0,      0,  66.65
                    io_intensive, 0.49,  3e8,  2e8,       0,      0,  50
                    io_intensive, 0.49,    0,    0,       0,      0,   0.1
                    io_intensive, 0.49,  1e8,  2e8,       0,      0,   0.1
                    database,     0.99,  1e8,    0,       0,      0,  50
                    database,     0.49,  3e8,    0,       0,      0,  50
                    database,     0.99,  2e8,    0,       0,      0,  66.65
                    web_server,   0.49,    0,    0,     3e8,      0,  74.98
                    web_server,   0.49,    0,    0,     1e8,    0.5,  33.36
                    """)
    void countsTheWorkOfItsKindAgainstThatOfBefore(
            Workload workload, double user, double io, double swap, double network, double failed, double score) {
        var weights = new Weights(1, 1, 1, 0);
        SystemSnapshot reference = machine(0.49, 1e8, 1e8, NO_PRESSURE, 0, 0);
        assertThat(weights.score(workload, machine(user, io, network, NO_PRESSURE, swap, failed), reference))
                .isCloseTo(score, within(0.02));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
                    # work,       weights,      cpu, memory,    io,      failed, score: 50 (1 - s)
                    database,     1, 0, 0, 0,   0.4, 0, 0,      0, 0,      0,    30
                    database,     0, 1, 0, 0,   0,   0.6, 0.2,  0, 0,      0,    30
                    database,     0, 0, 1, 0,   0,   0, 0,      0.6, 0.2,  0,    30
                    database,     0, 0, 0, 1,   0,   0, 0,      0, 0,      0.4,  30
                    database,     2, 2, 2, 2,   0.4, 0.6, 0.2,  0.6, 0.2,  0.4,  30
                    database,     3, 0, 1, 0,   0.4, 0, 0,      1, 1,      0,    22.5
                    hpc_compute,  1, 0, 0, 0,   0.4, 0, 0,      0, 0,      0,    40
                    io_intensive, 1, 0, 0, 0,   1,   0, 0,      0, 0,      0,     0
                    """)
    void takesOffTheWeighedShareOfTimeThatIsStalled(
            Workload workload,
            double cpu,
            double memory,
            double io,
            double network,
            double cpuSome,
            double memorySome,
            double memoryFull,
            double ioSome,
            double ioFull,
            double failed,
            double score) {
        SystemSnapshot same =
                machine(0.5, 1e8, 1e8, new Pressure(cpuSome, memorySome, memoryFull, ioSome, ioFull), 0, failed);
        assertThat(new Weights(cpu, memory, io, network).score(workload, same, same))
                .isCloseTo(score, within(1e-9));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
                    # MB/s of 100, score of one without stall where half the time was stalled before
                    100, 50
                    95,  36.5
                    90,  23.7
                    50,  16.7
                    """)
    void givesNoCreditForStallThatIsGoneSinceWorkIsThrottled(double megabytes, double score) {
        var weights = new Weights(0, 0, 1, 0);
        SystemSnapshot reference = machine(0.1, 100e6, 0, new Pressure(0, 0, 0, 0.5, 0.5), 0, 0);
        assertThat(weights.score(IO_INTENSIVE, machine(0.1, megabytes * 1e6, 0, NO_PRESSURE, 0, 0), reference))
                .isCloseTo(score, within(0.1));
    }

    @Test
    void takesTrafficOutOfNothingForNoise() {
        assertThat(new Weights(0, 0, 1, 0).score(IO_INTENSIVE, Snapshots.of(0, 0, 5000, 0), Snapshots.of(0, 0, 0, 0)))
                .isCloseTo(51.2, within(0.05));
    }

    @ParameterizedTest
    @FieldSource("dev.understudy.spi.system.Workload#KNOWN")
    void doesNotScoreAMachineThatDoesNotTellItsPressure(Workload workload) {
        SystemSnapshot told = Snapshots.busy(0.5);
        SystemSnapshot untold = Snapshots.withoutPressure(told);
        var weights = new Weights(1, 1, 1, 1);
        assertThatIllegalArgumentException().isThrownBy(() -> weights.score(workload, untold, told));
        assertThatIllegalArgumentException().isThrownBy(() -> weights.score(workload, told, untold));
    }

    @Test
    void mustNotAllBeZeroNorBeNegative() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Weights(0, 0, 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Weights(1, -1, 0, 0));
    }

    /**
     * With the shipped weights, and whichever of the two was there before. The figures are what the monitor gives of such a
     * machine; {@code RealProgressTest} makes those that can be made here.
     */
    @Nested
    class OfTwoMachinesScoresTheOneHigherThatGetsMoreDone {
        private static void assertBetter(Workload workload, SystemSnapshot better, SystemSnapshot worse) {
            assertThat(shipped(workload, better, better))
                    .as("where the better was before")
                    .isGreaterThan(1.05 * shipped(workload, worse, better));
            assertThat(shipped(workload, better, worse))
                    .as("where the worse was before")
                    .isGreaterThan(1.05 * shipped(workload, worse, worse));
        }

        /** More threads than processors, so that some always wait, and none is idle. */
        private final SystemSnapshot computing = machine(0.98, 0, 0, new Pressure(0.9, 0, 0, 0, 0), 0, 0);

        /** The kernel knows no stall by a lock: who waits for one sleeps. */
        private final SystemSnapshot halfStalledByALock = machine(0.5, 0, 0, new Pressure(0.05, 0, 0, 0, 0), 0, 0);

        @Test
        void allCoresComputingAgainstHalfOfThemStalled() {
            assertBetter(HPC_COMPUTE, computing, halfStalledByALock);
            assertBetter(GENERAL, computing, halfStalledByALock);
        }

        @Test
        void aDatabaseReadingAgainstTheSameSwapping() {
            SystemSnapshot reading = machine(0.35, 20e6, 1e6, new Pressure(0.05, 0, 0, 0.3, 0.15), 0, 0);
            SystemSnapshot swapping = machine(0.05, 202e6, 0.2e6, new Pressure(0.02, 0.9, 0.7, 0.95, 0.8), 200e6, 0);
            assertBetter(DATABASE, reading, swapping);
            assertBetter(IO_INTENSIVE, reading, swapping);
            assertBetter(GENERAL, reading, swapping);
        }

        @Test
        void aWebServerServingAgainstTheSameWithHalfItsConnectionsFailing() {
            SystemSnapshot serving = machine(0.6, 0, 40e6, new Pressure(0.2, 0, 0, 0, 0), 0, 0);
            // What fails is tried again, so no less traffic comes, and refusing costs little.
            SystemSnapshot failing = machine(0.3, 0, 40e6, new Pressure(0.05, 0, 0, 0, 0), 0, 0.5);
            assertBetter(WEB_SERVER, serving, failing);
        }
    }
}
