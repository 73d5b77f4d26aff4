package dev.understudy.core.performance;

import dev.understudy.core.config.Config;
import dev.understudy.spi.performance.Thresholds;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * From where on a workflow or process counts as slow: what is configured for all, what is set for this one, or what it has
 * always taken.
 *
 * @param thresholds that hold for it
 * @param origin where its greatest usual duration comes from
 */
public record Normal(Thresholds thresholds, Origin origin) {
    /** So many times the configured maximum, and nobody waits before a screen for it. */
    private static final int INTERACTIVE = 2;

    /** As far from the median as nearly all values of a normal distribution are. */
    private static final double DEVIATIONS = 3;

    /** The standard deviation of a normal distribution against its median deviation from the median. */
    private static final double MEDIAN_DEVIATIONS = 1.4826;

    /** A job that takes the same to the second for a month is still well when it takes a little longer. */
    private static final double LEAST_SPREAD = 0.1;

    /** Where a limit comes from. */
    public enum Origin {
        /** It holds for all. */
        CONFIGURED,
        /** It is set for this one, in {@code performance_analysis.workflows}. */
        SET,
        /** It is what this one has always taken. */
        LEARNT
    }

    /**
     * Takes what is set; where nothing is, and the median of all durations is above {@value #INTERACTIVE} times the configured
     * maximum, which is for interactive work, the median and {@value #DEVIATIONS} robust standard deviations.
     *
     * @param all what is configured
     * @param own what is set for this one
     * @param millis all durations that are known, in any order
     */
    static Normal of(Thresholds all, Optional<Config.OwnLimits> own, double[] millis) {
        Duration learnt = learnt(all, millis);
        Optional<Duration> set = own.flatMap(Config.OwnLimits::maxDuration);
        Duration max = set.orElse(longer(all.maxDuration(), learnt));
        Origin origin = set.isPresent()
                ? Origin.SET
                : learnt.compareTo(all.maxDuration()) > 0 ? Origin.LEARNT : Origin.CONFIGURED;
        return new Normal(
                new Thresholds(
                        own.flatMap(Config.OwnLimits::bottleneckThreshold).orElse(longer(all.bottleneck(), learnt)),
                        own.flatMap(Config.OwnLimits::slowProcessThreshold)
                                .orElse(longer(all.slowProcess(), set.orElse(learnt))),
                        all.cpuPercent(),
                        all.memoryPercent(),
                        own.flatMap(Config.OwnLimits::minSuccessRate).orElse(all.minSuccessRate()),
                        max),
                origin);
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    /** Zero for interactive work, and where nothing is known. */
    private static Duration learnt(Thresholds all, double[] millis) {
        if (millis.length == 0) return Duration.ZERO;
        double median = median(millis);
        if (median <= INTERACTIVE * all.maxDuration().toNanos() / 1e6) return Duration.ZERO;
        double deviation = median(
                Arrays.stream(millis).map(each -> Math.abs(each - median)).toArray());
        double spread = Math.max(DEVIATIONS * MEDIAN_DEVIATIONS * deviation, LEAST_SPREAD * median);
        return Duration.ofNanos(Math.round((median + spread) * 1e6));
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
