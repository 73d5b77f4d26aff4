package dev.understudy.core.statistics;

import java.util.List;
import org.hipparchus.distribution.discrete.BinomialDistribution;

/**
 * Compares two versions after a number of runs of each that was fixed beforehand.
 *
 * <p>Success comes first: Fisher's exact test, two-sided, at {@link #ALPHA} / 2. If it finds nothing, the durations of the runs
 * that succeeded are compared by the rank sum test, two-sided, at {@link #ALPHA} / 2. So the chance that two versions which do
 * not differ get a verdict at all is at most {@link #ALPHA} (Bonferroni), and half of that for either one. The tests are made
 * once, at the end, so looking in between costs nothing.
 *
 * @param verdict which is better
 * @param measure by what
 * @param successPValue of the difference in success
 * @param durationPValue of the difference in duration
 * @param shareAFaster the estimated chance that a run of A is shorter than one of B
 */
public record Comparison(
        Verdict verdict, Measure measure, double successPValue, double durationPValue, double shareAFaster) {

    /** The chance that two versions which do not differ get a verdict. */
    public static final double ALPHA = 0.05;

    /**
     * Runs of each version where nobody says otherwise. With that many, a success rate of 0.70 against one of 0.95 is found
     * with a power of at least {@link #STATED_POWER}, and so is a version that is faster in 70 % of all pairs of runs.
     */
    public static final int DEFAULT_RUNS = 50;

    /** The power at {@link #DEFAULT_RUNS} for the differences named there. */
    public static final double STATED_POWER = 0.8;

    /** With fewer, the rank sum test's approximation does not hold. */
    public static final int MIN_RUNS = 10;

    /** Which version is better. */
    public enum Verdict {
        A_BETTER,
        B_BETTER,
        NO_DIFFERENCE
    }

    /** What showed a difference. */
    public enum Measure {
        SUCCESS,
        DURATION,
        NOTHING
    }

    /**
     * The runs of one version.
     *
     * @param runs all of them
     * @param goodMillis durations of those that succeeded
     */
    public record Arm(int runs, List<Double> goodMillis) {
        public Arm {
            goodMillis = List.copyOf(goodMillis);
            if (goodMillis.size() > runs)
                throw new IllegalArgumentException(goodMillis.size() + " of " + runs + " succeeded");
        }

        int succeeded() {
            return goodMillis.size();
        }

        double[] millis() {
            return goodMillis.stream().mapToDouble(Double::doubleValue).toArray();
        }

        double successRate() {
            return runs == 0 ? 0 : succeeded() / (double) runs;
        }
    }

    /** Compares. */
    public static Comparison of(Arm a, Arm b) {
        double success = FisherTest.twoSided(a.succeeded(), a.runs(), b.succeeded(), b.runs());
        RankSumTest duration = RankSumTest.of(a.millis(), b.millis());
        Verdict verdict = Verdict.NO_DIFFERENCE;
        Measure measure = Measure.NOTHING;
        if (success <= ALPHA / 2) {
            verdict = a.successRate() > b.successRate() ? Verdict.A_BETTER : Verdict.B_BETTER;
            measure = Measure.SUCCESS;
        } else if (duration.pValue() <= ALPHA / 2) {
            verdict = duration.shareAFaster() > 0.5 ? Verdict.A_BETTER : Verdict.B_BETTER;
            measure = Measure.DURATION;
        }
        return new Comparison(verdict, measure, success, duration.pValue(), duration.shareAFaster());
    }

    /** The chance to find that success rates differ, exactly, with so many runs of each. */
    public static double successPower(int runs, double rateA, double rateB) {
        var a = new BinomialDistribution(runs, rateA);
        var b = new BinomialDistribution(runs, rateB);
        double power = 0;
        for (int x = 0; x <= runs; x++) {
            for (int y = 0; y <= runs; y++) {
                if (FisherTest.twoSided(x, runs, y, runs) <= ALPHA / 2) power += a.probability(x) * b.probability(y);
            }
        }
        return power;
    }

    /** The highest success rate, in steps of 0.05, that is told from 0.95 with {@link #STATED_POWER}; 0 if none is. */
    public static double detectableRate(int runs) {
        for (int percent = 90; percent > 0; percent -= 5) {
            if (successPower(runs, 0.95, percent / 100.0) >= STATED_POWER) return percent / 100.0;
        }
        return 0;
    }
}
