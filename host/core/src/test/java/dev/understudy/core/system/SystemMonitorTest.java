package dev.understudy.core.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.understudy.core.engine.FakeTime;
import dev.understudy.core.system.Machine.Devices;
import dev.understudy.core.system.Machine.ProcessCounters;
import dev.understudy.core.system.Machine.Stalls;
import dev.understudy.core.system.Machine.Totals;
import dev.understudy.spi.system.ProcessSample;
import dev.understudy.spi.system.SystemSnapshot;
import dev.understudy.spi.system.SystemSnapshot.Connections;
import dev.understudy.spi.system.SystemSnapshot.Disks;
import dev.understudy.spi.system.SystemSnapshot.Network;
import dev.understudy.spi.system.SystemSnapshot.Pressure;
import dev.understudy.spi.system.SystemSnapshot.Processor;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SystemMonitorTest {
    private final FakeMachine machine = new FakeMachine();
    private final FakeTime time = new FakeTime();
    private final SystemMonitor monitor = new SystemMonitor(() -> machine, Set.of("postgres"), time);

    private SystemSnapshot sampleAfter(Duration passed) throws IOException {
        time.pass(passed);
        monitor.sample();
        return monitor.latest().orElseThrow();
    }

    @Test
    void hasNothingToSayBeforeTheSecondSample() throws IOException {
        monitor.sample();
        assertThat(monitor.latest()).isEmpty();
        assertThat(monitor.average(Duration.ofMinutes(1))).isEmpty();
    }

    @Nested
    class TheMachine {
        @Test
        void didWhatItsCountersCountedInBetween() throws IOException {
            machine.totals = new Totals(2, 1000, 500, 10, 9000, FakeMachine.MEMORY);
            machine.devices = new Devices(5000, 7000, Map.of("sda", 100L, "sdb", 0L), 900, 800, 50);
            monitor.sample();
            // Of 400 ticks of two cores in two seconds, 100 in programs, 40 in the kernel, 60 waiting, 200 idle.
            machine.totals = new Totals(2, 1100, 540, 70, 9200, FakeMachine.MEMORY);
            machine.devices = new Devices(2_005_000, 4_007_000, Map.of("sda", 600L, "sdb", 200L), 20_900, 40_800, 2050);
            SystemSnapshot snapshot = sampleAfter(Duration.ofSeconds(2));
            assertThat(snapshot.interval()).isEqualTo(Duration.ofSeconds(2));
            assertThat(snapshot.processor()).isEqualTo(new Processor(2, 0.25, 0.1, 0.15));
            assertThat(snapshot.cpuPercent()).isCloseTo(35, within(1e-9));
            assertThat(snapshot.memoryPercent()).isCloseTo(25, within(1e-9));
            assertThat(snapshot.disks()).isEqualTo(new Disks(1e6, 2e6, 0.25));
            assertThat(snapshot.network()).isEqualTo(new Network(1e4, 2e4, 1e3));
            assertThat(snapshot.ioBytesPerSecond()).isEqualTo(3e6);
            assertThat(snapshot.networkBytesPerSecond()).isEqualTo(3e4);
        }

        @Test
        void tellsInterruptsAndGuestsAsPartsOfWhatTheyBelongTo() throws IOException {
            machine.totals = new Totals(2, 1000, 500, 10, 9000, 50, 70, FakeMachine.MEMORY);
            monitor.sample();
            // The kernel counts the parts a little later than the whole: never more than that.
            machine.totals = new Totals(2, 1100, 540, 70, 9200, 70, 900, FakeMachine.MEMORY);
            SystemSnapshot snapshot = sampleAfter(Duration.ofSeconds(2));
            assertThat(snapshot.processor()).isEqualTo(new Processor(2, 0.25, 0.1, 0.15, 0.05, 0.25));
        }

        @Test
        void countsPackets() throws IOException {
            machine.devices = new Devices(0, 0, Map.of(), 0, 0, 0, 100, 200, 0, 0, 0, null);
            monitor.sample();
            machine.devices = new Devices(0, 0, Map.of(), 4000, 6000, 0, 300, 600, 0, 0, 0, null);
            assertThat(sampleAfter(Duration.ofSeconds(2)).network()).isEqualTo(new Network(2000, 3000, 0, 100, 200));
        }

        @Test
        void didNothingWhereACounterWentBackOrADiskIsNew() throws IOException {
            machine.totals = new Totals(2, 1000, 500, 10, 9000, FakeMachine.MEMORY);
            machine.devices = new Devices(5000, 7000, Map.of(), 900, 800, 50);
            monitor.sample();
            machine.totals = new Totals(2, 0, 0, 0, 0, FakeMachine.MEMORY);
            machine.devices = new Devices(0, 0, Map.of("usb", 99_000L), 0, 0, 0);
            SystemSnapshot snapshot = sampleAfter(Duration.ofSeconds(1));
            assertThat(snapshot.processor()).isEqualTo(new Processor(2, 0, 0, 0));
            assertThat(snapshot.disks()).isEqualTo(new Disks(0, 0, 0));
            assertThat(snapshot.network()).isEqualTo(new Network(0, 0, 0));
        }
    }

    @Nested
    class WhatIsLost {
        private Devices lost(long swapped, long tried, long failed, @Nullable Stalls stalls) {
            return new Devices(0, 0, Map.of(), 0, 0, 0, 0, 0, swapped, tried, failed, stalls);
        }

        private Stalls ioStalled(long micros) {
            return new Stalls(100, 200, 50, micros, 0);
        }

        @Test
        void isWhatTheKernelCountedInBetween() throws IOException {
            machine.devices = lost(4096, 10, 1, new Stalls(0, 1_000_000, 0, 7, 7));
            monitor.sample();
            machine.devices = lost(8192, 30, 5, new Stalls(200_000, 2_000_000, 500_000, 1_800_007, 1_600_007));
            SystemSnapshot snapshot = sampleAfter(Duration.ofSeconds(2));
            assertThat(snapshot.pressure()).isEqualTo(new Pressure(0.1, 0.5, 0.25, 0.9, 0.8));
            assertThat(snapshot.swapBytesPerSecond()).isEqualTo(2048);
            assertThat(snapshot.connections()).isEqualTo(new Connections(10, 2));
        }

        @Test
        void staysUnknownWhereTheSystemDoesNotTell() throws IOException {
            monitor.sample();
            assertThat(sampleAfter(Duration.ofSeconds(1)).pressure()).isNull();
            assertThat(monitor.average(Duration.ofMinutes(1)).orElseThrow().pressure())
                    .isNull();
        }

        @Test
        void keepsWhatTheKernelTellsLateForTheMean() throws IOException {
            machine.devices = lost(0, 0, 0, ioStalled(0));
            monitor.sample();
            // Stalled for 80 % of the time, told every two seconds only.
            for (int second = 1; second <= 8; second++) {
                machine.devices = lost(0, 0, 0, ioStalled(second / 2 * 1_600_000L));
                sampleAfter(Duration.ofSeconds(1));
            }
            sampleAfter(Duration.ofSeconds(1));
            Pressure pressure =
                    monitor.average(Duration.ofMinutes(1)).orElseThrow().pressure();
            assertThat(pressure).isNotNull();
            if (pressure == null) return;
            // 6.4 s of nine.
            assertThat(pressure.ioSome()).isCloseTo(6.4 / 9, within(1e-9));
        }
    }

    @Nested
    class Processes {
        @Test
        void showWhatTheyDidTheBusiestFirst() throws IOException {
            machine.processes.add(new ProcessCounters(7, 1, "dd", 1, 2, 5_000_000, 1000, 2000, 1));
            machine.processes.add(FakeMachine.process(8, "loop", 10, 0));
            monitor.sample();
            machine.processes.clear();
            machine.processes.add(new ProcessCounters(7, 1, "dd", 1.25, 2.75, 6_000_000, 1000, 8_002_000, 1));
            machine.processes.add(FakeMachine.process(8, "loop", 12, 0));
            assertThat(sampleAfter(Duration.ofSeconds(2)).processes())
                    .containsExactly(
                            new ProcessSample(8, "loop", 1, 0, 1_000_000, 0, 0, 1),
                            new ProcessSample(7, "dd", 0.5, 0.75, 6_000_000, 0, 4e6, 1));
        }

        @Test
        void countFromTheirStartWhereTheyAreNewOrHaveANumberThatWasUsedBefore() throws IOException {
            machine.processes.add(FakeMachine.process(8, "old", 100, 0));
            monitor.sample();
            machine.processes.clear();
            machine.processes.add(new ProcessCounters(8, 2, "new", 0.5, 0, 1_000_000, 0, 0, 1));
            machine.processes.add(FakeMachine.process(9, "newer", 0.25, 0));
            assertThat(sampleAfter(Duration.ofSeconds(1)).processes())
                    .extracting(ProcessSample::name, ProcessSample::cpuCores)
                    .containsExactly(tuple("new", 0.5), tuple("newer", 0.25));
        }

        @Test
        void areLeftOutWhereTheyDidNothingUnlessTheyAreNamed() throws IOException {
            machine.processes.add(FakeMachine.process(8, "sleeper", 100, 0));
            machine.processes.add(FakeMachine.process(9, "postgres", 100, 0));
            monitor.sample();
            assertThat(sampleAfter(Duration.ofSeconds(1)).processes())
                    .extracting(ProcessSample::name)
                    .containsExactly("postgres");
        }

        @Test
        void areAtMostSoManyHoweverManyRun() throws IOException {
            monitor.sample();
            for (int i = 1; i <= 5000; i++) {
                machine.processes.add(FakeMachine.process(i, "worker", i / 1e4, 0));
                machine.processes.add(FakeMachine.process(10_000 + i, "postgres", 0, 0));
            }
            List<ProcessSample> processes = sampleAfter(Duration.ofSeconds(1)).processes();
            assertThat(processes).hasSize(2 * SystemMonitor.MAX_PROCESSES);
            assertThat(processes.getFirst().pid()).isEqualTo(5000);
        }
    }

    @Nested
    class Averages {
        @Test
        void weighEachSampleByItsTime() throws IOException {
            monitor.sample();
            double user = 0;
            double idle = 0;
            // Idle for six seconds, then busy for two.
            for (int seconds : new int[] {4, 2}) {
                idle += 100 * seconds;
                machine.totals = new Totals(1, user, 0, 0, idle, FakeMachine.MEMORY);
                sampleAfter(Duration.ofSeconds(seconds));
            }
            user += 200;
            machine.totals = new Totals(1, user, 0, 0, idle, FakeMachine.MEMORY);
            sampleAfter(Duration.ofSeconds(2));
            SystemSnapshot all = monitor.average(Duration.ofMinutes(10)).orElseThrow();
            assertThat(all.interval()).isEqualTo(Duration.ofSeconds(8));
            assertThat(all.processor().user()).isCloseTo(0.25, within(1e-9));
            SystemSnapshot latest = monitor.average(Duration.ofSeconds(4)).orElseThrow();
            assertThat(latest.interval()).isEqualTo(Duration.ofSeconds(4));
            assertThat(latest.processor().user()).isCloseTo(0.5, within(1e-9));
        }

        @Test
        void spreadWhatAProcessDidOverTheWholeWindow() throws IOException {
            machine.processes.add(FakeMachine.process(8, "burst", 0, 0));
            monitor.sample();
            machine.processes.set(0, FakeMachine.process(8, "burst", 1, 1));
            sampleAfter(Duration.ofSeconds(2));
            sampleAfter(Duration.ofSeconds(2));
            assertThat(monitor.average(Duration.ofSeconds(4)).orElseThrow().processes())
                    .containsExactly(new ProcessSample(8, "burst", 0.5, 0.5, 1_000_000, 0, 0, 1));
        }

        @Test
        void needNoMoreMemoryAfterDays() throws IOException {
            monitor.sample();
            for (int i = 0; i < 5 * SystemMonitor.MAX_SAMPLES; i++) sampleAfter(Duration.ofSeconds(1));
            assertThat(monitor.history(Duration.ofDays(1))).hasSize(SystemMonitor.MAX_SAMPLES);
        }
    }

    @Nested
    class AReadingThatIsDear {
        @ParameterizedTest
        @CsvSource(textBlock = """
                        # costs, comes again after
                        1,      1
                        3,      2
                        30,     20
                        500,    60
                        """)
        void comesSoSeldomThatItStaysWithinItsShare(int millis, int seconds) {
            var pace = new Pace(0.0015);
            long now = 5_000_000_000L;
            for (int i = 0; i < 5; i++) {
                assertThat(pace.isDue(now))
                        .as("reading %d, while the JVM warms up", i)
                        .isTrue();
                pace.measured(now, 900_000_000L);
                now += 1_000_000_000L;
            }
            pace.measured(now, millis * 1_000_000L);
            assertThat(pace.isDue(now + seconds * 1_000_000_000L - 200_000_000L))
                    .isFalse();
            assertThat(pace.isDue(now + seconds * 1_000_000_000L)).isTrue();
        }
    }
}
