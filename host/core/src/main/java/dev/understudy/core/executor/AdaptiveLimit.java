package dev.understudy.core.executor;

import java.time.Duration;

/**
 * How many runs at once a gate lets through, by how long they take. While runs wait, after each {@value #WINDOW} runs: where
 * their mean duration is more than {@value #SLOWER} times the lowest that was seen, they stand in each other's way and the limit
 * falls by a fifth; else it rises by one (additive increase, multiplicative decrease: Chiu and Jain, Analysis of the Increase and
 * Decrease Algorithms, 1989). At a limit of one nobody is in the way, so there the mean is the lowest: work that has changed is
 * met there anew. Used under its gate's lock.
 */
final class AdaptiveLimit {
    static final int WINDOW = 20;
    static final double SLOWER = 1.5;

    private static final double DECREASE = 0.8;

    private final int most;
    private double limit;
    private double lowestNanos = Double.POSITIVE_INFINITY;
    private double sumNanos;
    private int count;
    private boolean saturated;

    AdaptiveLimit(int most) {
        this.most = most;
        limit = Math.min(most, Math.max(1, Runtime.getRuntime().availableProcessors()));
    }

    int limit() {
        return (int) limit;
    }

    /** Takes a run that succeeded; {@code full} says whether as many as may were under way. */
    void add(Duration duration, boolean full) {
        sumNanos += duration.toNanos();
        saturated |= full;
        if (++count < WINDOW) return;
        double mean = sumNanos / count;
        lowestNanos = limit() == 1 ? mean : Math.min(lowestNanos, mean);
        if (mean > SLOWER * lowestNanos) limit = Math.max(1, limit * DECREASE);
        else if (saturated) limit = Math.min(most, limit + 1);
        sumNanos = 0;
        count = 0;
        saturated = false;
    }
}
