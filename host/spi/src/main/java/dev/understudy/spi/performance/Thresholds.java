package dev.understudy.spi.performance;

import java.time.Duration;

/**
 * From where on something counts as slow or as using much.
 *
 * @param bottleneck duration of a step from which it may be a bottleneck
 * @param slowProcess duration from which a process counts as slow
 * @param cpuPercent use of processor time from which it is scarce
 * @param memoryPercent use of memory from which it is scarce
 * @param minSuccessRate the share of executions that should succeed, from 0.0 to 1.0
 * @param maxDuration how long an execution should take at most
 */
public record Thresholds(
        Duration bottleneck,
        Duration slowProcess,
        double cpuPercent,
        double memoryPercent,
        double minSuccessRate,
        Duration maxDuration) {}
