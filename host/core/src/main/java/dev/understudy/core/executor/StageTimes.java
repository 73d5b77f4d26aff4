package dev.understudy.core.executor;

/**
 * How long a part of runs took.
 *
 * @param stage {@code queue} until its turn came, {@code run} in cells and jails, {@code cpu} of the script itself,
 *     {@code executor} for all else
 * @param runs how many
 * @param meanMicros over all of them
 * @param p50Micros of the latest
 * @param p99Micros of the latest
 */
public record StageTimes(String stage, long runs, double meanMicros, double p50Micros, double p99Micros) {}
