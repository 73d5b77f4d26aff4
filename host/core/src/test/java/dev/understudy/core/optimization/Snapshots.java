package dev.understudy.core.optimization;

import dev.understudy.spi.system.SystemSnapshot;
import dev.understudy.spi.system.SystemSnapshot.Disks;
import dev.understudy.spi.system.SystemSnapshot.Memory;
import dev.understudy.spi.system.SystemSnapshot.Network;
import dev.understudy.spi.system.SystemSnapshot.Processor;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Snapshots of made machines. */
public final class Snapshots {
    private Snapshots() {}

    public static SystemSnapshot idle() {
        return busy(0);
    }

    public static SystemSnapshot busy(double user) {
        return of(user, 0.25, 0, 0);
    }

    public static SystemSnapshot of(double user, double memoryUsed, double ioBytes, double networkBytes) {
        return new SystemSnapshot(
                Instant.parse("2026-11-16T09:00:00Z"),
                Duration.ofSeconds(10),
                new Processor(2, user, 0, 0),
                new Memory(1_000_000_000L, Math.round(1_000_000_000L * (1 - memoryUsed)), 0),
                new Disks(ioBytes / 2, ioBytes / 2, 0),
                new Network(networkBytes / 2, networkBytes / 4, networkBytes / 4),
                List.of());
    }
}
