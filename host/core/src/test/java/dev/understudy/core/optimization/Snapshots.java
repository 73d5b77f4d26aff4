package dev.understudy.core.optimization;

import dev.understudy.spi.system.SystemSnapshot;
import dev.understudy.spi.system.SystemSnapshot.Connections;
import dev.understudy.spi.system.SystemSnapshot.Disks;
import dev.understudy.spi.system.SystemSnapshot.Memory;
import dev.understudy.spi.system.SystemSnapshot.Network;
import dev.understudy.spi.system.SystemSnapshot.Pressure;
import dev.understudy.spi.system.SystemSnapshot.Processor;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Snapshots of made machines. */
public final class Snapshots {
    private static final Pressure NONE = new Pressure(0, 0, 0, 0, 0);

    private Snapshots() {}

    public static SystemSnapshot idle() {
        return busy(0);
    }

    public static SystemSnapshot busy(double user) {
        return of(user, 0.25, 0, 0);
    }

    /** Of a machine on which nothing waits. */
    public static SystemSnapshot of(double user, double memoryUsed, double ioBytes, double networkBytes) {
        return of(user, memoryUsed, ioBytes, networkBytes, NONE, 0, Connections.NONE);
    }

    /** The same of a system that does not tell what waits. */
    public static SystemSnapshot withoutPressure(SystemSnapshot told) {
        return new SystemSnapshot(
                told.at(),
                told.interval(),
                told.processor(),
                told.memory(),
                told.disks(),
                told.network(),
                told.processes());
    }

    public static SystemSnapshot of(
            double user,
            double memoryUsed,
            double ioBytes,
            double networkBytes,
            @Nullable Pressure pressure,
            double swapBytes,
            Connections connections) {
        return new SystemSnapshot(
                Instant.parse("2026-11-16T09:00:00Z"),
                Duration.ofSeconds(10),
                new Processor(2, user, 0, 0),
                new Memory(1_000_000_000L, Math.round(1_000_000_000L * (1 - memoryUsed)), 0),
                new Disks(ioBytes / 2, ioBytes / 2, 0),
                new Network(networkBytes / 2, networkBytes / 4, networkBytes / 4),
                List.of(),
                pressure,
                swapBytes,
                connections);
    }
}
