package dev.understudy.core.executor;

import java.time.Duration;
import java.util.Optional;

/**
 * How many runs at once there may be, by what is asked for and what the machine can give beside other people's work.
 *
 * <p>Demand: the most runs that wanted to be under way since the last look count at once, and are forgotten with a half-life
 * of {@code HALF_LIFE}; so what comes and goes within a minute or so moves nothing.
 *
 * <p>Supply: where work waits for processors or memory more than a {@code HIGH} share of the time, or less memory is available
 * than {@code LEAST_MEMORY}, the bound falls by three tenths; where it waits less than half of that, the bound rises by one
 * after a pause that doubles with each fall (additive increase, multiplicative decrease as in Chiu and Jain 1989, with the
 * backing off of a probe that was wrong). Between the two, it stays.
 *
 * <p>The limit is the lower of both. It rises at once, and falls for lack of demand only after it would have been lower for
 * {@code HOLD}. Used by one thread.
 */
final class ControlLaw {
    static final double HIGH_CPU = 0.6;
    static final double HIGH_MEMORY = 0.1;
    static final double LEAST_MEMORY = 0.1;
    static final Duration HALF_LIFE = Duration.ofSeconds(60);
    static final Duration HOLD = Duration.ofSeconds(30);
    static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
    static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

    private static final double DECREASE = 0.7;

    private final int most;
    private int limit;
    private double demand;
    private int bound;
    private Duration pause = FIRST_PAUSE;
    private Duration calm = Duration.ZERO;
    private Duration lower = Duration.ZERO;

    /**
     * What was seen since the last look.
     *
     * @param wanted the most runs that were under way or waiting
     * @param cpuStalled the share of time in which some work waited for a processor, from 0.0 to 1.0
     * @param memoryStalled likewise for memory
     * @param memoryAvailable the share of the memory that programs could have
     */
    record Seen(int wanted, double cpuStalled, double memoryStalled, double memoryAvailable) {
        boolean isShort() {
            return cpuStalled > HIGH_CPU || memoryStalled > HIGH_MEMORY || memoryAvailable < LEAST_MEMORY;
        }

        boolean isEasy() {
            return cpuStalled < HIGH_CPU / 2 && memoryStalled < HIGH_MEMORY / 2 && memoryAvailable > 1.5 * LEAST_MEMORY;
        }

        private String shortage() {
            if (memoryAvailable < LEAST_MEMORY) return "little memory is left";
            return memoryStalled > HIGH_MEMORY ? "work waits for memory" : "work waits for processors";
        }
    }

    /** Another limit, and why as a clause for people. */
    record Change(int from, int to, String reason) {}

    /** @param most that there may ever be, at least 1 */
    ControlLaw(int start, int most) {
        this.most = most;
        limit = Math.clamp(start, 1, most);
        demand = limit;
        bound = most;
    }

    int limit() {
        return limit;
    }

    /** Takes what was seen in a while; another limit, if it leads to one. */
    Optional<Change> look(Seen seen, Duration interval) {
        double kept = Math.pow(0.5, (double) interval.toMillis() / HALF_LIFE.toMillis());
        demand = Math.max(seen.wanted(), demand * kept);
        boolean fell = supply(seen, interval);
        int wanted = Math.clamp((int) Math.ceil(demand - 1e-9), 1, most);
        int target = Math.min(wanted, bound);
        int before = limit;
        if (target > limit) {
            limit = target;
            lower = Duration.ZERO;
            String reason = seen.wanted() >= target
                    ? seen.wanted() + " runs wanted to be under way at once"
                    : "less work waits than did";
            return Optional.of(new Change(before, limit, reason));
        }
        if (target == limit) {
            lower = Duration.ZERO;
            return Optional.empty();
        }
        lower = lower.plus(interval);
        if (!fell && limit <= bound && lower.compareTo(HOLD) < 0) return Optional.empty();
        limit = target;
        lower = Duration.ZERO;
        String reason = fell ? seen.shortage() : "fewer runs wanted to be under way at once";
        return Optional.of(new Change(before, limit, reason));
    }

    /** Whether the bound fell. */
    private boolean supply(Seen seen, Duration interval) {
        if (seen.isShort()) {
            calm = Duration.ZERO;
            int reached = Math.min(bound, limit);
            if (reached <= 1) return false;
            bound = Math.max(1, (int) Math.floor(reached * DECREASE));
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
            return true;
        }
        calm = seen.isEasy() ? calm.plus(interval) : Duration.ZERO;
        if (calm.compareTo(pause) < 0 || bound >= most) return false;
        bound++;
        calm = Duration.ZERO;
        return false;
    }
}
