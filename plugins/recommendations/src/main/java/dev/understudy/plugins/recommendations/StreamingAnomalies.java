package dev.understudy.plugins.recommendations;

import com.amazon.randomcutforest.RandomCutForest;

/**
 * Tells from a stream of values, one at a time, which of them are not like those before. Used by one thread at a time.
 *
 * <p>Six questions are asked of each value: is it higher, is it lower, did it jump further from the one before than any
 * so far; does the mean, does the spread of the latest {@value #RECENT} values differ more from the {@value #BEFORE} before
 * them than it ever did; are the latest {@value #SHAPE} values together a shape that was not seen (Guha et al., "Robust
 * Random Cut Forest Based Anomaly Detection on Streams", ICML 2016)? Each answer is a tail probability by
 * {@link PeaksOverThreshold}, so none needs a scale or a setting for the series at hand, and the six become one by their harmonic mean, which holds for dependent tests (Wilson,
 * "The harmonic mean p-value for combining dependent tests", PNAS 116(4), 2019). An alarm is followed by a pause, since
 * what is unusual mostly stays so for a while and a second alarm for it helps nobody.
 */
public final class StreamingAnomalies {
    static final int RECENT = 48;
    static final int BEFORE = 576;
    static final int SHAPE = 8;

    /** A chance of one in a thousand; since the questions overlap from value to value, noise raises 1.4 alarms in a thousand. */
    private static final double ALARM = 3;

    private static final int PAUSE = 120;

    /** What is a hundred times less likely than all since the last alarm is told in spite of the pause. */
    private static final double FAR_MORE = 2;

    /** Before so many values nothing is usual, so nothing is unusual. */
    private static final int LEARNING = RECENT + BEFORE / 2;

    /** Share of the stream's variance below which a calm stretch counts as this calm: a constant has no spread to compare with. */
    private static final double VARIANCE_FLOOR = 0.05;

    private final PeaksOverThreshold high = new PeaksOverThreshold();
    private final PeaksOverThreshold low = new PeaksOverThreshold();
    private final PeaksOverThreshold jump = new PeaksOverThreshold();
    private final PeaksOverThreshold level = new PeaksOverThreshold();
    private final PeaksOverThreshold spread = new PeaksOverThreshold();
    private final PeaksOverThreshold shape = new PeaksOverThreshold();

    /** Seeded, so that the same stream has the same alarms in every run. */
    private final RandomCutForest forest = RandomCutForest.builder()
            .dimensions(SHAPE)
            .shingleSize(SHAPE)
            .internalShinglingEnabled(true)
            .numberOfTrees(50)
            .sampleSize(256)
            .outputAfter(64)
            .randomSeed(42)
            .build();

    private final double[] window = new double[RECENT + BEFORE];
    private long seen;
    private double origin;
    private double mean;
    private double squares;
    private double recentSum;
    private double recentSquares;
    private double beforeSum;
    private double beforeSquares;
    private double peak;
    private long lastAlarm = Long.MIN_VALUE / 2;

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

    /**
     * Takes the next value.
     *
     * @throws IllegalArgumentException if it is not finite
     */
    public Verdict accept(double value) {
        if (!Double.isFinite(value)) throw new IllegalArgumentException("value must be finite, was " + value);
        double previous = seen == 0 ? value : window[slot(seen - 1)];
        if (seen == 0) origin = value;
        move(value);
        seen++;
        double e = value - origin - mean;
        mean += e / seen;
        squares += e * (value - origin - mean);

        double[] surprises = {
            jump.accept(Math.abs(value - previous)),
            high.accept(value),
            low.accept(-value),
            level.accept(levelShift()),
            spread.accept(spreadShift()),
            forest.isOutputReady() ? shape.accept(strangeness(value)) : learn(value)
        };
        double reciprocals = 0;
        for (double each : surprises) reciprocals += Math.pow(10, Math.min(each, 250));
        double surprise = Math.log10(reciprocals / surprises.length);
        boolean paused = seen - lastAlarm <= PAUSE;
        boolean alarm = seen > LEARNING && surprise >= (paused ? Math.max(ALARM, peak + FAR_MORE) : ALARM);
        if (alarm) lastAlarm = seen;
        if (alarm || !paused) peak = 0;
        peak = Math.max(peak, surprise);
        return new Verdict(Math.max(0, surprise), alarm);
    }

    private double strangeness(double value) {
        double score = forest.getAnomalyScore(new float[] {(float) (value - origin)});
        learn(value);
        return score;
    }

    private double learn(double value) {
        forest.update(new float[] {(float) (value - origin)});
        return 0;
    }

    private int slot(long index) {
        return (int) (index % window.length);
    }

    /** Moves the two windows on by one value, with sums relative to the first value lest large offsets eat the digits. */
    private void move(double value) {
        double entering = value - origin;
        if (seen >= RECENT) {
            double passing = window[slot(seen - RECENT)] - origin;
            recentSum -= passing;
            recentSquares -= passing * passing;
            beforeSum += passing;
            beforeSquares += passing * passing;
        }
        if (seen >= window.length) {
            double leaving = window[slot(seen)] - origin;
            beforeSum -= leaving;
            beforeSquares -= leaving * leaving;
        }
        recentSum += entering;
        recentSquares += entering * entering;
        window[slot(seen)] = value;
        // A sum that only ever adds and takes away gathers rounding errors; once round the window it starts afresh.
        if (slot(seen) == window.length - 1) sumAgain();
    }

    private void sumAgain() {
        recentSum = 0;
        recentSquares = 0;
        beforeSum = 0;
        beforeSquares = 0;
        for (int i = 0; i < window.length; i++) {
            double each = window[i] - origin;
            if (i < BEFORE) {
                beforeSum += each;
                beforeSquares += each * each;
            } else {
                recentSum += each;
                recentSquares += each * each;
            }
        }
    }

    private boolean comparable() {
        return seen > RECENT + BEFORE / 2;
    }

    private int before() {
        return (int) Math.min(BEFORE, seen - RECENT);
    }

    private double floor() {
        return VARIANCE_FLOOR * squares / seen + Double.MIN_NORMAL;
    }

    private double varianceBefore() {
        double average = beforeSum / before();
        return Math.max(0, beforeSquares / before() - average * average);
    }

    private double levelShift() {
        if (!comparable()) return 0;
        double difference = Math.abs(recentSum / RECENT - beforeSum / before());
        return difference / Math.sqrt(varianceBefore() + floor());
    }

    private double spreadShift() {
        if (!comparable()) return 0;
        double average = recentSum / RECENT;
        double recent = Math.max(0, recentSquares / RECENT - average * average);
        return Math.abs(Math.log((recent + floor()) / (varianceBefore() + floor())));
    }
}
