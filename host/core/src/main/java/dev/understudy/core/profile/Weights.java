package dev.understudy.core.profile;

import dev.understudy.spi.system.SystemSnapshot;
import dev.understudy.spi.system.SystemSnapshot.Connections;
import dev.understudy.spi.system.SystemSnapshot.Pressure;
import dev.understudy.spi.system.Workload;

/**
 * How much waiting for each part of the machine costs in a score; none is negative, and at least one is positive.
 *
 * <p>A score says how much of its own work a machine gets done, never how idle it is:
 *
 * <pre>
 * score = 100 · r / (1 + r) · (1 − s)
 * r = work done / work done with the settings of before
 * s = (cpu · c + memory · m + io · i + network · n) / (cpu + memory + io + network)
 * </pre>
 *
 * <p>Work is counted by its kind: of {@code hpc_compute}, {@code general} and whatever a plugin names, the time that processors spend in programs; of
 * {@code io_intensive}, bytes to and from disks without those of swap; of {@code database}, the lesser of these two ratios,
 * since a database whose cache is lost reads more and answers less; of {@code web_server}, bytes over networks, less the share
 * of connections that fail. A page that says that something went wrong is traffic like another: only an objective
 * that the profile names ({@link NamedObjective}) tells that from an answer, or knows transactions.
 *
 * <p>The stalls are shares of time by the kernel's pressure stall information (Documentation/accounting/psi.rst in Linux): m
 * and i are the mean of {@code some} (some tasks waited) and {@code full} (all did, "actual CPU cycles are going to waste"), so
 * that time in which nothing went on counts twice as much as time in which something did. c is {@code some}, as there is no
 * {@code full} of processors; where work is the processors' time, only what of it the programs on the processors do not make
 * up for: a task that waits while another computes is no loss to a machine that computes. n is the share of TCP connections that
 * fail, since the kernel measures no stalls of networks.
 *
 * <p>Whoever throttles work has less to wait for. So less stall than before counts in full only where no less work is done, and
 * not at all where a tenth less is.
 */
public record Weights(double cpu, double memory, double io, double network) {
    /** The score of a setting that could not be applied. */
    public static final double FAILED = -1000;

    /** So little is noise: a machine that did nothing before has not got infinitely better. */
    private static final double NOISE_BYTES_PER_SECOND = 1e5;

    /** As above, of all cores. */
    private static final double NOISE_PROCESSOR_SHARE = 0.01;

    /** A single connection in a quiet second that fails is no share worth the name. */
    private static final double NOISE_CONNECTIONS_PER_SECOND = 1;

    /** By how much less work may be done before less stall counts for nothing. */
    private static final double TOLERATED_LOSS = 0.1;

    public Weights {
        for (double each : new double[] {cpu, memory, io, network})
            if (!(each >= 0 && each < Double.POSITIVE_INFINITY))
                throw new IllegalArgumentException("weights must be finite and not negative, one was " + each);
        if (cpu + memory + io + network <= 0) throw new IllegalArgumentException("one weight must be positive");
    }

    /**
     * How well the machine did, from 0 to 100, higher is better: 50 for as much work as before without any stall, 67 for twice as
     * much.
     *
     * @param workload whose kind of work counts
     * @param measured tells its pressure, as the other does
     * @param reference the same machine with the settings that it had before
     */
    public double score(Workload workload, SystemSnapshot measured, SystemSnapshot reference) {
        double ratio = work(workload, measured, reference);
        double stall = stall(workload, measured);
        double relief = Math.max(0, stall(workload, reference) - stall);
        double credit = Math.clamp(1 - (1 - ratio) / TOLERATED_LOSS, 0, 1);
        return 100 * ratio / (1 + ratio) * (1 - stall - (1 - credit) * relief);
    }

    private static double work(Workload workload, SystemSnapshot measured, SystemSnapshot reference) {
        return switch (workload.id()) {
            case "io_intensive" -> moved(usefulIo(measured), usefulIo(reference));
            case "database" -> Math.min(moved(usefulIo(measured), usefulIo(reference)), computed(measured, reference));
            case "web_server" -> moved(usefulTraffic(measured), usefulTraffic(reference));
            default -> computed(measured, reference);
        };
    }

    private static double computed(SystemSnapshot measured, SystemSnapshot reference) {
        return (measured.processor().user() + NOISE_PROCESSOR_SHARE)
                / (reference.processor().user() + NOISE_PROCESSOR_SHARE);
    }

    private static double moved(double bytes, double reference) {
        return (bytes + NOISE_BYTES_PER_SECOND) / (reference + NOISE_BYTES_PER_SECOND);
    }

    private static double usefulIo(SystemSnapshot snapshot) {
        return Math.max(0, snapshot.ioBytesPerSecond() - snapshot.swapBytesPerSecond());
    }

    private static double usefulTraffic(SystemSnapshot snapshot) {
        double bytes = snapshot.networkBytesPerSecond() + snapshot.network().loopbackBytesPerSecond();
        return bytes * (1 - failed(snapshot.connections()));
    }

    private static double failed(Connections connections) {
        return Math.min(
                1, connections.failedPerSecond() / (connections.triedPerSecond() + NOISE_CONNECTIONS_PER_SECOND));
    }

    private double stall(Workload workload, SystemSnapshot snapshot) {
        Pressure pressure = snapshot.pressure();
        if (pressure == null)
            throw new IllegalArgumentException("there is no score of a machine that does not tell its pressure");
        double waiting = switch (workload.id()) {
            case "database", "web_server", "io_intensive" -> pressure.cpuSome();
            default -> pressure.cpuSome() * (1 - snapshot.processor().user());
        };
        double sum = cpu * waiting
                + memory * (pressure.memorySome() + pressure.memoryFull()) / 2
                + io * (pressure.ioSome() + pressure.ioFull()) / 2
                + network * failed(snapshot.connections());
        return sum / (cpu + memory + io + network);
    }
}
