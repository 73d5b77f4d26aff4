package dev.understudy.plugins.workloads;

import dev.understudy.spi.system.ProcessSample;
import dev.understudy.spi.system.SystemSnapshot;

/**
 * How much of the machine a process takes: cores, and its share in the time that the busiest disk is busy, which counts as a
 * core.
 */
record Effort(double cores, double disks) {
    static final Effort NONE = new Effort(0, 0);

    static Effort of(ProcessSample process, SystemSnapshot snapshot, double allBytesPerSecond) {
        double share = allBytesPerSecond <= 0 ? 0 : process.ioBytesPerSecond() / allBytesPerSecond;
        return new Effort(process.cpuCores(), share * snapshot.disks().busy());
    }

    double total() {
        return cores + disks;
    }

    Effort plus(Effort other) {
        return new Effort(cores + other.cores, disks + other.disks);
    }
}
