package dev.understudy.plugins.workloads;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProcessDetectorTest {
    private static final Disks QUIET_DISKS = new Disks(0, 0, 0);
    private static final Network QUIET = new Network(0, 0, 0);

    private final List<ProcessSample> processes = new ArrayList<>();
    private Processor processor = new Processor(4, 0.4, 0.1, 0);
    private Disks disks = QUIET_DISKS;
    private Network network = QUIET;

    private void runs(String name, double cores, double systemShare) {
        moves(name, cores, systemShare, 0);
    }

    private void moves(String name, double cores, double systemShare, double bytesPerSecond) {
        processes.add(
                new ProcessSample(processes.size() + 1, name, cores, systemShare, 50_000_000, 0, bytesPerSecond, 1));
    }

    private WorkloadEstimate estimate() {
        return new ProcessDetector()
                .estimate(new SystemSnapshot(
                        Instant.parse("2026-11-16T09:00:00Z"),
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

    @Nested
    class ADatabase {
        @ParameterizedTest
        @ValueSource(strings = {"postgres", "mariadbd", "mongod", "redis-server", "clickhouse-serv"})
        void isKnownByTheProgramThatDoesMost(String name) {
            for (int i = 0; i < 8; i++) runs(name, 0.2, 0.4);
            runs("cron", 0.01, 0.5);
            assertSaid(Workload.DATABASE);
            assertThat(estimate().evidence().getFirst()).contains(name, "1.60 cores");
        }

        @Test
        void isKnownBesideAClientThatDoesAsMuch() {
            for (int i = 0; i < 4; i++) runs("postgres", 0.2, 0.3);
            runs("pgbench", 1.2, 0.6);
            network = new Network(0, 0, 5e7);
            assertSaid(Workload.DATABASE);
        }

        @Test
        void isNamedByItsOwnProcessesAlone() {
            runs("pgbench", 1.2, 0.6);
            runs("postgres", 0.8, 0.3);
            runs("postgres", 0.3, 0.3);
            runs("cron", 0.01, 0.5);
            assertThat(estimate().processes()).containsExactlyInAnyOrder(2L, 3L);
        }

        @Test
        void isKnownWhileItWaitsForItsDisk() {
            moves("postgres", 0.1, 0.5, 4e7);
            disks = new Disks(0, 4e7, 0.95);
            runs("kworker/u8:2-fl", 0.3, 1);
            assertSaid(Workload.DATABASE);
        }

        @Test
        void thatIsIdleDoesNotMakeTheMachineOne() {
            processor = new Processor(4, 0.01, 0.01, 0);
            for (int i = 0; i < 8; i++) runs("postgres", 0.005, 0.5);
            assertSaid(Workload.GENERAL);
        }
    }

    @Nested
    class AWebServer {
        @ParameterizedTest
        @ValueSource(strings = {"nginx", "apache2", "haproxy", "caddy", "php-fpm8.2"})
        void isKnownByTheProgramThatDoesMost(String name) {
            runs(name, 0.5, 0.7);
            runs(name, 0.4, 0.7);
            runs("wrk", 0.8, 0.5);
            assertSaid(Workload.WEB_SERVER);
        }

        @Test
        void isKnownInALanguagesRuntimeByItsTraffic() {
            runs("node", 0.95, 0.3);
            network = new Network(2e6, 4e7, 0);
            assertSaid(Workload.WEB_SERVER);
        }
    }

    @Nested
    class AComputation {
        @ParameterizedTest
        @ValueSource(strings = {"lmp", "python3", "java", "a.out"})
        void isKnownByCoresThatNeverLeaveTheProgram(String name) {
            runs(name, 0.99, 0.01);
            runs(name, 0.98, 0.02);
            assertSaid(Workload.HPC_COMPUTE);
        }

        @Test
        void isKnownWhereMoreComputeThanThereAreCores() {
            processor = new Processor(4, 0.97, 0.02, 0);
            for (int i = 0; i < 16; i++) runs("lmp", 0.24, 0.01);
            assertSaid(Workload.HPC_COMPUTE);
        }

        @Test
        void isNoneWhereManyShortProgramsRun() {
            for (int i = 0; i < 10; i++) runs("cc1", 0.2, 0.1);
            assertSaid(Workload.GENERAL);
        }
    }

    @Nested
    class MovingData {
        @ParameterizedTest
        @ValueSource(strings = {"dd", "fio", "rsync", "backup.sh"})
        void isKnownByItsBytes(String name) {
            moves(name, 0.3, 0.9, 1.5e8);
            disks = new Disks(0, 1.5e8, 0.9);
            assertSaid(Workload.IO_INTENSIVE);
        }

        @Test
        void isNotTheMachinesWorkBesideADatabaseThatDoesMore() {
            moves("rsync", 0.2, 0.9, 1e7);
            for (int i = 0; i < 8; i++) moves("postgres", 0.2, 0.4, 2e7);
            disks = new Disks(0, 1.7e8, 0.9);
            assertSaid(Workload.DATABASE);
        }
    }

    @Test
    void isGeneralWhereNothingHasHalfOfTheMachine() {
        for (int i = 0; i < 2; i++) runs("postgres", 0.4, 0.3);
        runs("nginx", 0.8, 0.6);
        runs("a.out", 0.9, 0);
        assertSaid(Workload.GENERAL);
        assertThat(estimate().evidence().getFirst()).contains("database 32 %", "web_server 32 %", "hpc_compute 36 %");
    }

    @Test
    void isNotSureOfWorkOfWhichItSeesNoProgram() {
        processor = new Processor(4, 0.9, 0.05, 0);
        assertThat(estimate().confidence()).isLessThan(0.5);
        assertThat(estimate().evidence().getFirst()).contains("none of the programs");
    }
}
