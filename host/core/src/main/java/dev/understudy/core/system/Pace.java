package dev.understudy.core.system;

/**
 * Decides when to measure again so that measuring costs no more than a share of one core: what took long is done less
 * often. Used by one thread.
 */
final class Pace {
    private static final long SHORTEST_NANOS = 1_000_000_000L;
    private static final long LONGEST_NANOS = 60_000_000_000L;

    /** The first readings of a fresh JVM were seen to cost fifty times what later ones do; they say nothing. */
    private static final int WARMING = 5;

    private final double share;
    private long dueNanos;
    private int measured;

    /** At most this share of one core. */
    Pace(double share) {
        this.share = share;
    }

    boolean isDue(long nowNanos) {
        return measured == 0 || nowNanos - dueNanos >= 0;
    }

    /** Notes what measuring has cost. */
    void measured(long nowNanos, long cpuNanos) {
        boolean warming = measured < WARMING;
        if (warming) measured++;
        long wait = warming ? SHORTEST_NANOS : Math.clamp((long) (cpuNanos / share), SHORTEST_NANOS, LONGEST_NANOS);
        // A step that comes a little early is still this step's.
        dueNanos = nowNanos + wait - SHORTEST_NANOS / 10;
    }
}
