package dev.understudy.spi;

import java.time.Duration;

/**
 * How much there is to gain from automating a pattern, with the figures behind each part.
 *
 * <p>The parts have diminishing returns: the step from three to four repetitions says more than that from thirty to
 * thirty-one. See {@link #of}.
 *
 * @param frequency from 0.0 to 0.4, by the number of occurrences
 * @param timeSavings from 0.0 to 0.3, by the average duration
 * @param recency from 0.0 to 0.3, by the age of the latest occurrence
 * @param experience what people decided about like patterns, and what those saved; {@link Experience#NONE} from a detector
 * @param occurrences the figure behind {@code frequency}
 * @param averageDuration the figure behind {@code timeSavings}
 * @param sinceLast the figure behind {@code recency}; never negative
 */
public record AutomationPotential(
        double frequency,
        double timeSavings,
        double recency,
        Experience experience,
        int occurrences,
        Duration averageDuration,
        Duration sinceLast) {

    /** From how many occurrences on the frequency part is full. */
    public static final int FULL_FREQUENCY_OCCURRENCES = 10;

    /** From which average duration on the time savings part is full. */
    public static final Duration FULL_SAVINGS_DURATION = Duration.ofSeconds(10);

    /** In this time the recency part halves. */
    public static final Duration RECENCY_HALF_LIFE = Duration.ofDays(7);

    /**
     * What is known of automations for this pattern and for like ones. It moves the potential by {@code 0.3 (f - a) / (f + a +
     * 2)}, where f speaks for such automations and a against them, so that one decision says little and many say nearly all.
     *
     * @param approvals how many of them a person approved
     * @param rejections how many times a person rejected one as it was proposed
     * @param retirements how many were given up
     * @param timeSaved what their runs saved in all; negative if they took longer than the tasks
     * @param inFavour f, at least 0: the approvals and saved times, each weighted by its likeness
     * @param against a, at least 0: the rejections, retirements and lost times, likewise
     */
    public record Experience(
            int approvals, int rejections, int retirements, Duration timeSaved, double inFavour, double against) {
        /** Nobody has decided anything yet. */
        public static final Experience NONE = new Experience(0, 0, 0, Duration.ZERO, 0, 0);

        public Experience {
            if (!(inFavour >= 0)) throw new IllegalArgumentException("inFavour must not be negative, was " + inFavour);
            if (!(against >= 0)) throw new IllegalArgumentException("against must not be negative, was " + against);
        }

        /** By how much it moves the potential, from -0.3 to 0.3. */
        public double part() {
            return 0.3 * (inFavour - against) / (inFavour + against + 2);
        }
    }

    /** One of which nobody has decided anything. */
    public AutomationPotential(
            double frequency,
            double timeSavings,
            double recency,
            int occurrences,
            Duration averageDuration,
            Duration sinceLast) {
        this(frequency, timeSavings, recency, Experience.NONE, occurrences, averageDuration, sinceLast);
    }

    public AutomationPotential {
        requireRange("frequency", frequency, 0.4);
        requireRange("timeSavings", timeSavings, 0.3);
        requireRange("recency", recency, 0.3);
    }

    private static void requireRange(String name, double value, double max) {
        if (!(value >= 0 && value <= max))
            throw new IllegalArgumentException(name + " must be from 0 to " + max + ", was " + value);
    }

    /**
     * Computes the parts: {@code 0.4 min(1, ln(1 + n) / ln(1 + 10))} for n occurrences, {@code 0.3 min(1, ln(1 + s) /
     * ln(1 + 10))} for an average of s seconds, and {@code 0.3 · 2^(-age / 7 days)}.
     */
    public static AutomationPotential of(int occurrences, Duration averageDuration, Duration sinceLast) {
        Duration age = sinceLast.isNegative() ? Duration.ZERO : sinceLast;
        double seconds = averageDuration.toNanos() / 1e9;
        double frequency = 0.4 * Math.min(1, Math.log1p(occurrences) / Math.log1p(FULL_FREQUENCY_OCCURRENCES));
        double timeSavings = 0.3 * Math.min(1, Math.log1p(seconds) / Math.log1p(FULL_SAVINGS_DURATION.toSeconds()));
        double recency = 0.3 * Math.pow(2, -(age.toMillis() / (double) RECENCY_HALF_LIFE.toMillis()));
        return new AutomationPotential(frequency, timeSavings, recency, occurrences, averageDuration, age);
    }

    /** The same, moved by what people decided. */
    public AutomationPotential with(Experience decided) {
        return new AutomationPotential(
                frequency, timeSavings, recency, decided, occurrences, averageDuration, sinceLast);
    }

    /** The sum of the parts, from 0.0 to 1.0. */
    public double total() {
        return Math.clamp(frequency + timeSavings + recency + experience.part(), 0, 1);
    }
}
