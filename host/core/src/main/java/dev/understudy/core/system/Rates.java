package dev.understudy.core.system;

import dev.understudy.core.system.Machine.Devices;
import dev.understudy.core.system.Machine.ProcessCounters;
import dev.understudy.core.system.Machine.Totals;
import dev.understudy.spi.system.ProcessSample;
import dev.understudy.spi.system.SystemSnapshot.Connections;
import dev.understudy.spi.system.SystemSnapshot.Disks;
import dev.understudy.spi.system.SystemSnapshot.Network;
import dev.understudy.spi.system.SystemSnapshot.Processor;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns two readings of counters into what happened between them. A counter that went back counts as none. */
final class Rates {
    private Rates() {}

    static Processor processor(Totals before, Totals now) {
        double user = Math.max(0, now.user() - before.user());
        double system = Math.max(0, now.system() - before.system());
        double ioWait = Math.max(0, now.ioWait() - before.ioWait());
        double idle = Math.max(0, now.idle() - before.idle());
        double all = user + system + ioWait + idle;
        return all == 0
                ? new Processor(now.cores(), 0, 0, 0)
                : new Processor(
                        now.cores(),
                        user / all,
                        system / all,
                        ioWait / all,
                        part(before.interrupts(), now.interrupts(), system) / all,
                        part(before.guest(), now.guest(), user) / all);
    }

    /** The kernel counts a part and its whole one after the other. */
    private static double part(double before, double now, double whole) {
        return Math.clamp(now - before, 0, whole);
    }

    static Disks disks(Devices before, Devices now, double seconds) {
        long busiest = 0;
        for (Map.Entry<String, Long> disk : now.busyMillis().entrySet()) {
            Long earlier = before.busyMillis().get(disk.getKey());
            if (earlier != null) busiest = Math.max(busiest, disk.getValue() - earlier);
        }
        return new Disks(
                perSecond(before.readBytes(), now.readBytes(), seconds),
                perSecond(before.writtenBytes(), now.writtenBytes(), seconds),
                Math.min(1, busiest / (1000 * seconds)));
    }

    static Network network(Devices before, Devices now, double seconds) {
        return new Network(
                perSecond(before.receivedBytes(), now.receivedBytes(), seconds),
                perSecond(before.sentBytes(), now.sentBytes(), seconds),
                perSecond(before.loopbackBytes(), now.loopbackBytes(), seconds),
                perSecond(before.receivedPackets(), now.receivedPackets(), seconds),
                perSecond(before.sentPackets(), now.sentPackets(), seconds));
    }

    static double swapBytesPerSecond(Devices before, Devices now, double seconds) {
        return perSecond(before.swappedBytes(), now.swappedBytes(), seconds);
    }

    static Connections connections(Devices before, Devices now, double seconds) {
        return new Connections(
                perSecond(before.triedConnections(), now.triedConnections(), seconds),
                perSecond(before.failedConnections(), now.failedConnections(), seconds));
    }

    /** @param before null if it has started since */
    static ProcessSample process(@Nullable ProcessCounters before, ProcessCounters now, double seconds) {
        double user = now.userSeconds() - (before == null ? 0 : before.userSeconds());
        double system = Math.max(0, now.systemSeconds() - (before == null ? 0 : before.systemSeconds()));
        double used = Math.max(0, user) + system;
        return new ProcessSample(
                now.pid(),
                now.name(),
                used / seconds,
                used == 0 ? 0 : system / used,
                now.memoryBytes(),
                perSecond(before == null ? 0 : before.readBytes(), now.readBytes(), seconds),
                perSecond(before == null ? 0 : before.writtenBytes(), now.writtenBytes(), seconds),
                Math.max(0, now.threads()));
    }

    private static double perSecond(long before, long now, double seconds) {
        return Math.max(0, now - before) / seconds;
    }
}
