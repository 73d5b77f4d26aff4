package dev.understudy.spi.performance;

import java.time.Duration;
import java.time.Instant;

/**
 * One measured run of a process.
 *
 * @param metricId unique among the metrics of a history
 * @param processName of the process, for example {@code nightly-backup}
 * @param timestamp when it ended
 * @param duration how long it took, not negative
 * @param cpuUsage mean share of one core, in percent; above 100 if it used several
 * @param memoryUsage mean share of the machine's memory, in percent, from 0 to 100
 * @param success whether it did what it should
 * @param ioBytes read from and written to disks; {@link Double#NaN} if that was not measured
 */
public record PerformanceMetric(
        String metricId,
        String processName,
        Instant timestamp,
        Duration duration,
        double cpuUsage,
        double memoryUsage,
        boolean success,
        double ioBytes) {
    /** One of which I/O was not measured. */
    public PerformanceMetric(
            String metricId,
            String processName,
            Instant timestamp,
            Duration duration,
            double cpuUsage,
            double memoryUsage,
            boolean success) {
        this(metricId, processName, timestamp, duration, cpuUsage, memoryUsage, success, Double.NaN);
    }

    public PerformanceMetric {
        if (metricId.isBlank()) throw new IllegalArgumentException("metricId must not be blank");
        if (processName.isBlank()) throw new IllegalArgumentException("processName must not be blank");
        if (duration.isNegative()) throw new IllegalArgumentException("duration must not be negative, was " + duration);
        if (!(cpuUsage >= 0 && cpuUsage < Double.POSITIVE_INFINITY))
            throw new IllegalArgumentException("cpuUsage must be a percentage, was " + cpuUsage);
        if (!(memoryUsage >= 0 && memoryUsage <= 100))
            throw new IllegalArgumentException("memoryUsage must be from 0 to 100, was " + memoryUsage);
        if (ioBytes < 0 || Double.isInfinite(ioBytes))
            throw new IllegalArgumentException("ioBytes must not be negative, was " + ioBytes);
    }
}
