package dev.understudy.plugins.recommendations;

import java.util.Arrays;
import java.util.List;

/**
 * Tells from a stream of values, one at a time, which of them are not like those before. Used by one thread at a time.
 *
 * <p>One question is asked at four scales: how far is the latest value, how far are the latest 4, 16 and 64 from what was
 * nearest to them before ({@link NearestRuns})? A spike, a level, a rhythm that fails, a shape in the wrong place: each is far from
 * all that was, and whatever comes back is near, by the day or by no clock, so that no season need be known. How unlikely
 * such a distance is, its own highest values tell ({@link PeaksOverThreshold}); the strangest of the four scales counts. A
 * distance within the noise, as the steps from each value to the next show it, tells nothing. What this cannot see is a stream that goes
 * quiet, since a flat run is near to any noise; so the mean step of late is asked for beside it. Nothing is set for the series at
 * hand.
 *
 * <p>An alarm is followed by a pause, since what is unusual mostly stays so for a while and a second alarm for it helps nobody.
 */
public final class StreamingAnomalies {
    /** Each scale is four times the one before, up to where a run is as long as most disturbances. */
    public static final List<Integer> SCALES = List.of(1, 4, 16, 64);

    /** A fortnight of values an hour apart are 336, a week of five minutes 2016. */
    static final int MEMORY = 4096;

    /** Before so many values nothing is usual, so nothing is unusual. */
    private static final int LEARNING = 256;

    /** Of the stream's deviation: what differs by less is the same. */
    private static final double SPREAD = 0.1;

    /** Of the noise's deviation: pure noise has no earlier run to be near to, and its furthest runs are about this far. */
    private static final double NOISE = 1.2;

    /** Between values of a normal distribution one after the other the middle difference is this many deviations. */
    private static final double MEDIAN_DIFFERENCE = 0.954;

    /** A stream is still if its latest so many steps are on average less than this share of its middle one. */
    private static final int STILL = 64;

    private static final double STILLNESS = 0.25;

    private final int[] lengths;
    private final NearestRuns nearest;
    private final PeaksOverThreshold[] tails;
    private final SortedWindow differences = new SortedWindow(MEMORY);
    private final Deviation deviation = new Deviation(MEMORY);
    private final double[] steps = new double[STILL];
    private final PeaksOverThreshold still = new PeaksOverThreshold(MEMORY);
    private final AlarmRule rule;
    private long seen;
    private long lastAlarm = Long.MIN_VALUE / 2;
    private double strongest;
    private double previous;

    /**
     * What one value told.
     *
     * @param surprise the negative decimal logarithm of the probability that an undisturbed stream brings as much
     * @param alarm whether somebody should be told
     */
    public record Verdict(double surprise, boolean alarm) {
        /** The probability that this is no accident, from 0.0 to 1.0. */
        public double probability() {
            return 1 - Math.pow(10, -surprise);
        }
    }

    /** At all {@link #SCALES}, by the {@linkplain AlarmRule#USUAL usual rule}. */
    public StreamingAnomalies() {
        this(SCALES, AlarmRule.USUAL);
    }

    /**
     * At some scales only, or by another rule: to measure what each is good for.
     *
     * @param scales lengths of runs, at least one
     */
    public StreamingAnomalies(List<Integer> scales, AlarmRule rule) {
        lengths = scales.stream().mapToInt(Integer::intValue).toArray();
        nearest = new NearestRuns(MEMORY, lengths);
        tails = new PeaksOverThreshold[lengths.length];
        Arrays.setAll(tails, _ -> new PeaksOverThreshold(MEMORY));
        this.rule = rule;
    }

    /**
     * Takes the next value.
     *
     * @throws IllegalArgumentException if it is not finite
     */
    public Verdict accept(double value) {
        if (!Double.isFinite(value)) throw new IllegalArgumentException("value must be finite, was " + value);
        if (seen > 0) {
            double step = Math.abs(value - previous);
            differences.add(step);
            steps[(int) (seen % STILL)] = step;
        }
        previous = value;
        seen++;
        double spread = SPREAD * deviation.accept(value);
        double step = differences.median();
        double noise = Math.max(spread, NOISE * step / MEDIAN_DIFFERENCE);
        double[] distances = nearest.accept(value);
        double surprise = 0;
        for (int i = 0; i < lengths.length; i++) {
            double found = tails[i].accept(Math.max(spread, distances[i]));
            if (distances[i] > noise) surprise = Math.max(surprise, found);
        }
        if (seen > STILL) {
            double lately = lately();
            double found = still.accept(-lately);
            if (lately < STILLNESS * step) surprise = Math.max(surprise, found);
        }
        if (seen <= LEARNING) return new Verdict(0, false);
        boolean alarm = rule.raises(surprise, seen - lastAlarm, strongest);
        if (alarm) lastAlarm = seen;
        strongest = alarm ? surprise : Math.max(strongest, surprise);
        return new Verdict(surprise, alarm);
    }

    private double lately() {
        return Arrays.stream(steps).sum() / STILL;
    }
}
