package dev.understudy.spi.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.spi.system.ProcessSample;
import dev.understudy.spi.system.SystemSnapshot;
import dev.understudy.spi.system.SystemSnapshot.Disks;
import dev.understudy.spi.system.SystemSnapshot.Memory;
import dev.understudy.spi.system.SystemSnapshot.Network;
import dev.understudy.spi.system.SystemSnapshot.Processor;
import dev.understudy.spi.system.Workload;
import dev.understudy.spi.system.WorkloadDetector;
import dev.understudy.spi.system.WorkloadEstimate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every {@link WorkloadDetector} keeps. An implementer extends this class and gives the detector. */
public abstract class WorkloadDetectorContract {

    /** Returns a detector as the host would make it. */
    protected abstract WorkloadDetector detector();

    /** An idle machine, one of a thousand cores whose every figure is at its end, and some between. */
    static List<SystemSnapshot> machines() {
        var machines = new ArrayList<SystemSnapshot>();
        machines.add(machine(new Processor(1, 0, 0, 0), new Disks(0, 0, 0), 0, List.of()));
        machines.add(
                machine(new Processor(1000, 1, 0, 0), new Disks(1e12, 1e12, 1), 1e12, processes(new Random(1), 64)));
        for (int seed = 2; seed < 10; seed++) {
            var random = new Random(seed);
            double user = random.nextDouble() / 2;
            machines.add(machine(
                    new Processor(1 + random.nextInt(64), user, random.nextDouble() / 4, random.nextDouble() / 4),
                    new Disks(random.nextInt(1_000_000_000), random.nextInt(1_000_000_000), random.nextDouble()),
                    random.nextInt(1_000_000_000),
                    processes(random, random.nextInt(64))));
        }
        return machines;
    }

    private static SystemSnapshot machine(
            Processor processor, Disks disks, double network, List<ProcessSample> processes) {
        return new SystemSnapshot(
                Instant.parse("2026-11-16T09:00:00Z"),
                Duration.ofSeconds(30),
                processor,
                new Memory(1L << 34, 1L << 33, 0),
                disks,
                new Network(network, network, network),
                processes);
    }

    private static List<ProcessSample> processes(Random random, int count) {
        var names = List.of("", "postgres", "nginx", "java", "kworker/0:1", "(sd-pam)", "漢字", "a b", "dd");
        return IntStream.range(0, count)
                .mapToObj(i -> new ProcessSample(
                        i + 1,
                        names.get(random.nextInt(names.size())),
                        random.nextDouble() * 4,
                        random.nextDouble(),
                        random.nextInt(1 << 30),
                        random.nextInt(100_000_000),
                        random.nextInt(100_000_000),
                        random.nextInt(1000)))
                .toList();
    }

    @Test
    void hasAStableName() {
        assertThat(detector().name()).isNotBlank().isEqualTo(detector().name());
    }

    @ParameterizedTest
    @MethodSource("machines")
    void answersForEveryMachineWithEvidenceForPeople(SystemSnapshot machine) {
        WorkloadEstimate estimate = detector().estimate(machine);
        assertThat(estimate.confidence()).isBetween(0.0, 1.0);
        assertThat(estimate.evidence())
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line).isNotBlank().doesNotContain("\n"));
    }

    @ParameterizedTest
    @MethodSource("machines")
    void answersTheSameOfTheSame(SystemSnapshot machine) {
        WorkloadDetector detector = detector();
        WorkloadEstimate first = detector.estimate(machine);
        machines().forEach(detector::estimate);
        assertThat(detector.estimate(machine)).isEqualTo(first);
    }

    @Test
    void takesAnIdleMachineForGeneral() {
        assertThat(detector().estimate(machines().getFirst()).workload()).isEqualTo(Workload.GENERAL);
    }
}
