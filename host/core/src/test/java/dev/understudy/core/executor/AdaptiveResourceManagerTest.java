package dev.understudy.core.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.spi.system.SystemSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AdaptiveResourceManagerTest {
    private final Gate gate = Gate.fixed(8, Instant::now);
    private final List<Integer> idleCells = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private Optional<SystemSnapshot> machine = Optional.empty();

    private AdaptiveResourceManager manager() {
        return new AdaptiveResourceManager(
                new AdaptiveResourceManager.Parts(
                        gate, 8, idleCells::add, () -> machine, Duration.ofSeconds(1), (text, _) -> told.add(text)),
                8);
    }

    private static SystemSnapshot snapshot(double cpuStalled) {
        return new SystemSnapshot(
                Instant.EPOCH,
                Duration.ofSeconds(1),
                new SystemSnapshot.Processor(2, 0.5, 0, 0),
                new SystemSnapshot.Memory(1000, 500, 0),
                new SystemSnapshot.Disks(0, 0, 0),
                new SystemSnapshot.Network(0, 0, 0),
                List.of(),
                new SystemSnapshot.Pressure(cpuStalled, 0, 0, 0, 0),
                0,
                SystemSnapshot.Connections.NONE);
    }

    @Test
    void movesGateAndCellsAndSaysWhy() {
        machine = Optional.of(snapshot(0.9));
        try (AdaptiveResourceManager manager = manager()) {
            manager.step();
        }
        assertThat(gate.look().limit()).isEqualTo(5);
        assertThat(idleCells).containsExactly(6);
        assertThat(told).containsExactly("Runs at once: 8 → 5, since work waits for processors");
    }

    @Test
    void leavesAllAsItIsWhereTheMachineTellsNothing() {
        try (AdaptiveResourceManager manager = manager()) {
            manager.step();
        }
        assertThat(gate.look().limit()).isEqualTo(8);
        assertThat(told).isEmpty();
    }
}
