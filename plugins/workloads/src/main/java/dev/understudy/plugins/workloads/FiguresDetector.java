package dev.understudy.plugins.workloads;

import dev.understudy.spi.system.SystemSnapshot;
import dev.understudy.spi.system.SystemSnapshot.Disks;
import dev.understudy.spi.system.SystemSnapshot.Network;
import dev.understudy.spi.system.SystemSnapshot.Processor;
import dev.understudy.spi.system.Workload;
import dev.understudy.spi.system.WorkloadDetector;
import dev.understudy.spi.system.WorkloadEstimate;
import java.util.List;
import java.util.Locale;
import org.pf4j.Extension;

/**
 * Tells a machine's work by the machine's own figures, whatever its programs are called: a server exchanges many packets for
 * each second of a processor, a web server sends much more than it receives, a store about as much, or it keeps a disk busy
 * meanwhile; a computation has the processors to itself, and moving data has the disks. What fits none of it, or two, is
 * "not sure": {@link Workload#GENERAL} with a confidence below one half.
 *
 * <p>The confidences are how often each rule was right on recorded machines; {@code understudy bench workloads} prints them,
 * each machine judged by limits chosen on the others.
 */
@Extension
public final class FiguresDetector implements WorkloadDetector {
    /** Below these a machine does nothing much: cores, and packets a second. */
    private static final double IDLE_CORES = 0.15;

    private static final double IDLE_DISKS = 0.1;
    private static final double IDLE_PACKETS = 1000;

    /** In cores; less is a program that waits. */
    private static final double WORKING_CORES = 0.7;

    /** Of the busy time; from it on the work is that of guests, which only they could tell. */
    private static final double GUESTS = 0.3;

    /** A second; fewer are some conversation, not a service. */
    private static final double SERVING_PACKETS = 2000;

    /** For each second of a processor: a store that waits for its disks answers less than one that need not. */
    private static final double STORING_PACKETS_PER_CORE = 1000;

    private static final double KEEPING_BYTES_PER_SECOND = 1e6;
    private static final double MOVING_BYTES_PER_SECOND = 8e6;
    private static final double DISKS_ALWAYS_BUSY = 0.9;

    /** Sent for each byte received; from it on something is copied out rather than asked for. */
    private static final double COPYING = 60;

    /** Of all processors; who computes that much does not only move data. */
    private static final double ALSO_COMPUTING = 0.5;

    /** Of the busy time, and of all: interrupts of a network that the figures do not show. */
    private static final double HIDDEN_NETWORK = 0.02;

    private static final double HIDDEN_NETWORK_AT_LEAST = 0.004;

    /** What a system that does not count packets is taken to send in each, in bytes. */
    private static final double USUAL_PACKET = 350;

    /** Where the programs are known, too, they say more. */
    private static final double BESIDE_PROGRAMS = 0.7;

    private final Limits limits;

    /**
     * What parts one kind of work from another.
     *
     * @param servingPacketsPerCore packets for each second of a processor, from which on a machine serves
     * @param computingPacketsPerCore as many at most while it only computes
     * @param webRatio bytes sent for each received, at least, of a web server
     * @param evenRatio the same, at most, of a store; the other way round, too
     * @param diskBusy share of time in which the busiest disk works, where disks are the work
     * @param userShare of the busy time in programs rather than in the kernel, at least, of a computation
     */
    public record Limits(
            double servingPacketsPerCore,
            double computingPacketsPerCore,
            double webRatio,
            double evenRatio,
            double diskBusy,
            double userShare) {
        /** As they ship. */
        public static final Limits SHIPPED = new Limits(5000, 2500, 2.2, 1.3, 0.5, 0.8);

        public Limits {
            if (!(computingPacketsPerCore > 0 && servingPacketsPerCore >= computingPacketsPerCore))
                throw new IllegalArgumentException("packets per core must be positive and in order, were "
                        + computingPacketsPerCore + " and " + servingPacketsPerCore);
            if (!(evenRatio >= 1 && webRatio >= evenRatio))
                throw new IllegalArgumentException(
                        "ratios must be at least 1 and in order, were " + evenRatio + " and " + webRatio);
            if (!(diskBusy > 0 && diskBusy <= 1 && userShare > 0 && userShare <= 1))
                throw new IllegalArgumentException(
                        "shares must be above 0 and at most 1, were " + diskBusy + " and " + userShare);
        }
    }

    /** With the limits that ship. */
    public FiguresDetector() {
        this(Limits.SHIPPED);
    }

    /** With other limits, for measurements. */
    public FiguresDetector(Limits limits) {
        this.limits = limits;
    }

    @Override
    public String name() {
        return "figures";
    }

    @Override
    public WorkloadEstimate estimate(SystemSnapshot snapshot) {
        WorkloadEstimate alone = new Look(snapshot).estimate();
        if (snapshot.processes().isEmpty()) return alone;
        return new WorkloadEstimate(alone.workload(), BESIDE_PROGRAMS * alone.confidence(), alone.evidence());
    }

    /** Whether an answer is none. */
    public static boolean isNotSure(WorkloadEstimate estimate) {
        return estimate.workload().equals(Workload.GENERAL) && estimate.confidence() < 0.5;
    }

    private final class Look {
        private final Processor processor;
        private final Disks disks;
        private final Network network;
        private final double diskBytes;
        private final double cores;
        private final double packets;

        Look(SystemSnapshot snapshot) {
            processor = snapshot.processor();
            disks = snapshot.disks();
            network = snapshot.network();
            diskBytes = snapshot.ioBytesPerSecond();
            cores = processor.busy() * processor.cores();
            double counted = network.receivedPacketsPerSecond() + network.sentPacketsPerSecond();
            packets = counted > 0 ? counted : snapshot.networkBytesPerSecond() / USUAL_PACKET;
        }

        WorkloadEstimate estimate() {
            if (cores < IDLE_CORES && disks.busy() < IDLE_DISKS && packets < IDLE_PACKETS)
                return answer(Workload.GENERAL, 0.9, "nothing much runs");
            if (processor.guest() > GUESTS * processor.busy() && cores >= WORKING_CORES)
                return answer(Workload.GENERAL, 0.8, "its virtual machines work, and only they know at what");
            double perCore = packets / Math.max(IDLE_CORES, cores);
            if (packets >= SERVING_PACKETS && perCore >= limits.servingPacketsPerCore()) return serving(perCore);
            boolean moves = disks.busy() >= limits.diskBusy()
                    && (diskBytes >= MOVING_BYTES_PER_SECOND
                            || (disks.busy() >= DISKS_ALWAYS_BUSY && diskBytes >= KEEPING_BYTES_PER_SECOND));
            if (moves) return moving(perCore);
            return cores >= WORKING_CORES ? computing(perCore) : notSure("little runs, and not enough of one kind");
        }

        private WorkloadEstimate serving(double perCore) {
            String serves =
                    String.format(Locale.ROOT, "%.0f packets for each second of a processor: it serves", perCore);
            if (disks.busy() >= limits.diskBusy() && diskBytes >= KEEPING_BYTES_PER_SECOND)
                return answer(Workload.DATABASE, 0.9, serves + ", and keeps what it hears on disks");
            double ratio = network.sentBytesPerSecond() / Math.max(1, network.receivedBytesPerSecond());
            if (ratio > COPYING) return notSure("something large is copied out over the network");
            String sends = String.format(Locale.ROOT, "%s, and sends %.1f times what it receives", serves, ratio);
            if (ratio >= limits.webRatio()) return answer(Workload.WEB_SERVER, 0.8, sends);
            if (ratio <= limits.evenRatio() && ratio >= 1 / limits.evenRatio())
                return answer(Workload.DATABASE, 0.9, sends);
            return notSure(sends + ", as web servers do and stores");
        }

        private WorkloadEstimate moving(double perCore) {
            String moved = String.format(Locale.ROOT, "disks are busy for %.0f %% of the time", 100 * disks.busy());
            if (packets >= SERVING_PACKETS && perCore >= STORING_PACKETS_PER_CORE)
                return answer(Workload.DATABASE, 0.9, moved + ", while many packets come and go");
            if (processor.user() >= ALSO_COMPUTING) return notSure(moved + ", and it computes as well");
            return answer(Workload.IO_INTENSIVE, 0.9, moved);
        }

        private WorkloadEstimate computing(double perCore) {
            if (packets >= SERVING_PACKETS && perCore >= limits.computingPacketsPerCore())
                return notSure("it computes, and talks over the network as well");
            if (processor.interrupts() > HIDDEN_NETWORK * processor.busy()
                    && processor.interrupts() > HIDDEN_NETWORK_AT_LEAST)
                return notSure("interrupts tell of a network that the figures do not show");
            double share = processor.user() / processor.busy();
            if (share < limits.userShare()) return notSure("the kernel has much of it");
            return answer(
                    Workload.HPC_COMPUTE,
                    0.9,
                    String.format(
                            Locale.ROOT, "%.0f %% of the busy time is in programs, little else happens", 100 * share));
        }

        private WorkloadEstimate notSure(String why) {
            return answer(Workload.GENERAL, 0.3, "not sure: " + why);
        }

        private WorkloadEstimate answer(Workload workload, double confidence, String why) {
            return new WorkloadEstimate(
                    workload,
                    confidence,
                    List.of(
                            why,
                            String.format(
                                    Locale.ROOT,
                                    "%.1f of %d processors busy, disks %.1f MB/s and %.0f %% busy, network %.1f MB/s in and"
                                            + " %.1f MB/s out in %.0f packets a second",
                                    cores,
                                    processor.cores(),
                                    diskBytes / 1e6,
                                    100 * disks.busy(),
                                    network.receivedBytesPerSecond() / 1e6,
                                    network.sentBytesPerSecond() / 1e6,
                                    packets)));
        }
    }
}
