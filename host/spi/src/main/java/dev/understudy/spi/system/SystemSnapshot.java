package dev.understudy.spi.system;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a machine did over a while.
 *
 * @param at the end of the while
 * @param interval how long it was; positive
 * @param processes those that did most, the busiest first, and those that are sampled by name; not all
 * @param pressure how long work waited; null where the system does not tell
 * @param swapBytesPerSecond read from and written to swap; disks that hold swap count it, too
 * @param connections how many were tried and how many failed
 */
public record SystemSnapshot(
        Instant at,
        Duration interval,
        Processor processor,
        Memory memory,
        Disks disks,
        Network network,
        List<ProcessSample> processes,
        @Nullable Pressure pressure,
        double swapBytesPerSecond,
        Connections connections) {
    public SystemSnapshot {
        if (!interval.isPositive()) throw new IllegalArgumentException("interval must be positive, was " + interval);
        processes = List.copyOf(processes);
        notNegative("swapBytesPerSecond", swapBytesPerSecond);
    }

    /** Of a system that tells neither pressure nor swapping nor connections. */
    public SystemSnapshot(
            Instant at,
            Duration interval,
            Processor processor,
            Memory memory,
            Disks disks,
            Network network,
            List<ProcessSample> processes) {
        this(at, interval, processor, memory, disks, network, processes, null, 0, Connections.NONE);
    }

    /**
     * What the processors did, as shares of all cores from 0.0 to 1.0; what is left of 1.0 was idle.
     *
     * @param cores how many there are
     * @param user in programs
     * @param system in the kernel
     * @param ioWait idle, while something waited for a disk; 0 where the system does not tell
     * @param interrupts the part of {@code system} that went into interrupts, most of them of the network; 0 where the system
     *     does not tell
     * @param guest the part of {@code user} in which virtual machines ran; 0 where the system does not tell
     */
    public record Processor(int cores, double user, double system, double ioWait, double interrupts, double guest) {
        public Processor {
            if (cores < 1) throw new IllegalArgumentException("cores must be at least 1, was " + cores);
            share("user", user);
            share("system", system);
            share("ioWait", ioWait);
            share("interrupts", interrupts);
            share("guest", guest);
        }

        /** Of a system that tells neither interrupts nor guests. */
        public Processor(int cores, double user, double system, double ioWait) {
            this(cores, user, system, ioWait, 0, 0);
        }

        /** In programs and in the kernel. */
        public double busy() {
            return Math.min(1, user + system);
        }
    }

    /**
     * How full the memory is.
     *
     * @param totalBytes of the machine
     * @param availableBytes that programs could have without swapping
     * @param swapUsedBytes of all swap
     */
    public record Memory(long totalBytes, long availableBytes, long swapUsedBytes) {
        public Memory {
            if (totalBytes < 1) throw new IllegalArgumentException("totalBytes must be positive, was " + totalBytes);
            notNegative("availableBytes", availableBytes);
            notNegative("swapUsedBytes", swapUsedBytes);
        }

        /** From 0.0 to 1.0. */
        public double used() {
            return Math.clamp(1 - availableBytes / (double) totalBytes, 0, 1);
        }
    }

    /**
     * What all disks did together.
     *
     * @param busy the share of time in which the busiest of them had something to do, from 0.0 to 1.0
     */
    public record Disks(double readBytesPerSecond, double writtenBytesPerSecond, double busy) {
        public Disks {
            notNegative("readBytesPerSecond", readBytesPerSecond);
            notNegative("writtenBytesPerSecond", writtenBytesPerSecond);
            share("busy", busy);
        }
    }

    /**
     * What went over all networks.
     *
     * @param loopbackBytesPerSecond between programs of this machine; not part of the others
     * @param receivedPacketsPerSecond without those of the loopback; 0 where the system does not tell
     * @param sentPacketsPerSecond without those of the loopback; 0 where the system does not tell
     */
    public record Network(
            double receivedBytesPerSecond,
            double sentBytesPerSecond,
            double loopbackBytesPerSecond,
            double receivedPacketsPerSecond,
            double sentPacketsPerSecond) {
        public Network {
            notNegative("receivedBytesPerSecond", receivedBytesPerSecond);
            notNegative("sentBytesPerSecond", sentBytesPerSecond);
            notNegative("loopbackBytesPerSecond", loopbackBytesPerSecond);
            notNegative("receivedPacketsPerSecond", receivedPacketsPerSecond);
            notNegative("sentPacketsPerSecond", sentPacketsPerSecond);
        }

        /** Of a system that does not count packets. */
        public Network(double receivedBytesPerSecond, double sentBytesPerSecond, double loopbackBytesPerSecond) {
            this(receivedBytesPerSecond, sentBytesPerSecond, loopbackBytesPerSecond, 0, 0);
        }
    }

    /**
     * For how much of the time work waited for something, from 0.0 to 1.0 each: the pressure stall information of Linux
     * (Documentation/accounting/psi.rst). {@code some} is the share of time in which at least some tasks waited, {@code full}
     * that in which all did that were not idle, so that nothing was done at all. Of processors there is no {@code full}.
     */
    public record Pressure(double cpuSome, double memorySome, double memoryFull, double ioSome, double ioFull) {
        public Pressure {
            share("cpuSome", cpuSome);
            share("memorySome", memorySome);
            share("memoryFull", memoryFull);
            share("ioSome", ioSome);
            share("ioFull", ioFull);
        }
    }

    /**
     * TCP connections of all programs; loopback counts.
     *
     * @param triedPerSecond begun from here or from elsewhere
     * @param failedPerSecond refused, dropped by a full queue, or reset
     */
    public record Connections(double triedPerSecond, double failedPerSecond) {
        /** Of a system that does not tell, or where nothing connects. */
        public static final Connections NONE = new Connections(0, 0);

        public Connections {
            notNegative("triedPerSecond", triedPerSecond);
            notNegative("failedPerSecond", failedPerSecond);
        }
    }

    /** Busy processors in percent of all cores, from 0 to 100. */
    public double cpuPercent() {
        return 100 * processor.busy();
    }

    /** Used memory in percent, from 0 to 100. */
    public double memoryPercent() {
        return 100 * memory.used();
    }

    /** Read and written by all disks. */
    public double ioBytesPerSecond() {
        return disks.readBytesPerSecond() + disks.writtenBytesPerSecond();
    }

    /** Received and sent over all networks; loopback does not count. */
    public double networkBytesPerSecond() {
        return network.receivedBytesPerSecond() + network.sentBytesPerSecond();
    }

    private static void share(String name, double value) {
        if (!(value >= 0 && value <= 1))
            throw new IllegalArgumentException(name + " must be from 0.0 to 1.0, was " + value);
    }

    static void notNegative(String name, double value) {
        if (!(value >= 0 && value < Double.POSITIVE_INFINITY))
            throw new IllegalArgumentException(name + " must be finite and not negative, was " + value);
    }
}
