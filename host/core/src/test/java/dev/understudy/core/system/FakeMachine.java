package dev.understudy.core.system;

import dev.understudy.spi.system.SystemSnapshot.Memory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A machine of two cores that counts what a test says. */
final class FakeMachine implements Machine {
    static final Memory MEMORY = new Memory(8_000_000_000L, 6_000_000_000L, 0);

    Totals totals = new Totals(2, 0, 0, 0, 0, MEMORY);
    Devices devices = new Devices(0, 0, Map.of("sda", 0L), 0, 0, 0);
    List<ProcessCounters> processes = new ArrayList<>();

    @Override
    public Totals totals() {
        return totals;
    }

    @Override
    public Devices devices() {
        return devices;
    }

    @Override
    public List<ProcessCounters> processes() {
        return List.copyOf(processes);
    }

    static ProcessCounters process(long pid, String name, double userSeconds, double systemSeconds) {
        return new ProcessCounters(pid, 1, name, userSeconds, systemSeconds, 1_000_000, 0, 0, 1);
    }
}
