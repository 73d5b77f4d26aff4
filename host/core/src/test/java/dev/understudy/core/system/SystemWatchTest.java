package dev.understudy.core.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.understudy.core.engine.FakeTime;
import dev.understudy.core.problem.UserException;
import dev.understudy.spi.performance.PerformanceMetric;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class SystemWatchTest {
    private final FakeMachine machine = new FakeMachine();
    private final FakeTime time = new FakeTime();
    private final List<PerformanceMetric> recorded = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    private SystemWatch watch(Consumer<List<PerformanceMetric>> recorder, List<String> names, Machine of) {
        return new SystemWatch(
                new SystemWatch.Parts(names, List::of, recorder, problems::add),
                new SystemMonitor(() -> of, Set.copyOf(names), time),
                time);
    }

    private void seconds(SystemWatch watch, int count) {
        for (int i = 0; i < count; i++) {
            watch.step();
            time.pass(Duration.ofSeconds(1));
        }
    }

    @Test
    void recordsTheNamedProcessesTogetherOnceAMinute() {
        machine.processes.add(FakeMachine.process(8, "postgres", 0, 0));
        machine.processes.add(FakeMachine.process(9, "postgres", 0, 0));
        machine.processes.add(FakeMachine.process(10, "a-name-that-lin", 0, 0));
        SystemWatch watch = watch(recorded::addAll, List.of("postgres", "absent", "a-name-that-linux-cuts"), machine);
        for (int i = 1; i <= 121; i++) {
            machine.processes.set(0, FakeMachine.process(8, "postgres", 0.25 * i, 0));
            machine.processes.set(1, FakeMachine.process(9, "postgres", 0, 0.25 * i));
            seconds(watch, 1);
        }
        assertThat(recorded)
                .extracting(PerformanceMetric::processName)
                .containsExactly("postgres", "a-name-that-linux-cuts", "postgres", "a-name-that-linux-cuts");
        PerformanceMetric first = recorded.getFirst();
        // Two processes that each keep a quarter of a core busy, and hold 1 MB each of 8 GB.
        assertThat(first.cpuUsage()).isCloseTo(50, within(1e-6));
        assertThat(first.memoryUsage()).isCloseTo(0.025, within(1e-9));
        assertThat(first.duration()).isZero();
        assertThat(first.success()).isTrue();
        assertThat(recorded).extracting(PerformanceMetric::metricId).doesNotHaveDuplicates();
        assertThat(problems).isEmpty();
    }

    @Test
    void goesOnWhereTheStoreTakesNothing() {
        machine.processes.add(FakeMachine.process(8, "postgres", 0, 0));
        SystemWatch watch = watch(
                _ -> {
                    throw UserException.failed("The store cannot be written", "the disk is full", "Make room");
                },
                List.of("postgres"),
                machine);
        seconds(watch, 65);
        assertThat(problems).singleElement().asString().contains("the disk is full");
        assertThat(watch.latest()).isPresent();
    }

    @Test
    void canBeWaitedForUntilThereIsSomethingToSay() throws Exception {
        SystemWatch watch = watch(_ -> {}, List.of(), new FakeMachine());
        seconds(watch, 1);
        // The first sample is only where counting begins.
        assertThat(watch.awaitFirst(Duration.ZERO)).isFalse();
        watch.step();
        assertThat(watch.awaitFirst(Duration.ZERO)).isTrue();
    }

    @Test
    void saysOnceThatTheMachineCannotBeSampled() {
        Machine silent = new Machine() {
            @Override
            public Totals totals() throws IOException {
                throw new IOException("/proc is not mounted");
            }

            @Override
            public Devices devices() throws IOException {
                throw new IOException("/proc is not mounted");
            }

            @Override
            public List<ProcessCounters> processes() throws IOException {
                throw new IOException("/proc is not mounted");
            }
        };
        seconds(watch(recorded::addAll, List.of(), silent), 5);
        assertThat(problems).containsExactly("the machine cannot be sampled: /proc is not mounted");
    }
}
