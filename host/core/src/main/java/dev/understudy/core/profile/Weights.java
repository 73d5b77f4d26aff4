package dev.understudy.core.profile;

import dev.understudy.spi.system.SystemSnapshot;

/** How much each part of the machine counts in a score; none is negative, and at least one is positive. */
public record Weights(double cpu, double memory, double io, double network) {
    /** The score of a setting that could not be applied. */
    public static final double FAILED = -1000;

    /** So much traffic is noise: a machine that moved nothing before has not got infinitely better. */
    private static final double NOISE_BYTES_PER_SECOND = 1e5;

    public Weights {
        for (double each : new double[] {cpu, memory, io, network})
            if (!(each >= 0 && each < Double.POSITIVE_INFINITY))
                throw new IllegalArgumentException("weights must be finite and not negative, one was " + each);
        if (cpu + memory + io + network <= 0) throw new IllegalArgumentException("one weight must be positive");
    }

    /**
     * How well the machine did, from 0 to 100, higher is better: the weighted mean of what processors and memory have left,
     * in percent, and of what disks and networks moved against the reference: 50 for as much, 67 for twice as much.
     *
     * @param reference the same machine with the settings that it had before
     */
    public double score(SystemSnapshot measured, SystemSnapshot reference) {
        double sum = cpu * (100 - measured.cpuPercent())
                + memory * (100 - measured.memoryPercent())
                + io * moved(measured.ioBytesPerSecond(), reference.ioBytesPerSecond())
                + network * moved(allNetwork(measured), allNetwork(reference));
        return sum / (cpu + memory + io + network);
    }

    private static double allNetwork(SystemSnapshot snapshot) {
        return snapshot.networkBytesPerSecond() + snapshot.network().loopbackBytesPerSecond();
    }

    private static double moved(double bytes, double reference) {
        double ratio = (bytes + NOISE_BYTES_PER_SECOND) / (reference + NOISE_BYTES_PER_SECOND);
        return 100 * ratio / (1 + ratio);
    }
}
