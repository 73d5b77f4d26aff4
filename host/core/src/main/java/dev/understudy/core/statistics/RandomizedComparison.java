package dev.understudy.core.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoublePredicate;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Compares a candidate with a reference that were measured in random order, block by block, looking after each block.
 *
 * <p>The test: if the candidate is no different, what was measured does not depend on which of the two was measured, so any
 * other order that might have been drawn was as likely (R. A. Fisher, "The Design of Experiments", 1935, chapter II). The
 * chance of a mean difference as large comes from all those orders, or a sample of them where there are too many. So it
 * holds for any noise: skewed, with heavy tails, drifting, or where each measurement depends on those before it. What is far out
 * in its block is moved in to {@link #CLIP} robust standard deviations first (Huber, "Robust estimation of a location
 * parameter", 1964), as it would have been in any other order, so that one stray measurement does not hide a difference.
 *
 * <p>Looking after each block is paid for by alpha spending on those very orders (Plamadeala and Rosenberger, "Sequential
 * monitoring with conditional randomization tests", Annals of Statistics 40, 2012; Lan and DeMets, "Discrete sequential
 * boundaries for clinical trials", 1983): the share of orders that were taken for a difference up to a look is at most
 * {@link #ALPHA} times the square of the share of measurements made (power family of Kim and DeMets, 1987). The interval is
 * the set of differences that no look refutes ("repeated confidence interval", Jennison and Turnbull, 1989), so it, too,
 * holds whenever one stops.
 *
 * @param difference the estimate of how far the candidate lies below the reference: the one that leaves nothing to see
 * @param low end of the interval; minus infinity if there are too few measurements for one
 * @param high end of the interval; plus infinity likewise
 * @param finding whether it is shown that the candidate lies below the reference; then {@code low} is not negative
 */
public record RandomizedComparison(double difference, double low, double high, Finding finding) {

    /**
     * The chance, at most, that a candidate which is no different is found to lie below, and that an end of the interval is on
     * the wrong side. Below the 5 % that is promised, so that a simulation of it has room to vary.
     */
    public static final double ALPHA = 0.04;

    /** Up to so many orders all are looked at, else a sample of {@link #SAMPLE}. */
    private static final int MAX_ORDERS = 40_000;

    private static final int SAMPLE = 9_999;
    private static final double CLIP = 3;
    /** Makes the median distance from the median a standard deviation where the noise is normal. */
    private static final double NORMAL_CONSISTENCY = 1.4826;

    private static final double ROUNDING = 1e-9;
    private static final int BISECTIONS = 40;
    private static final long SEED = 20_121;

    /** What the looks so far say. */
    public enum Finding {
        SHOWN,
        NOT_SHOWN
    }

    /**
     * Measurements whose order was drawn at random among themselves.
     *
     * @param reference at least one, finite
     * @param candidate at least one, finite
     */
    public record Block(List<Double> reference, List<Double> candidate) {
        public Block {
            reference = List.copyOf(reference);
            candidate = List.copyOf(candidate);
            if (reference.isEmpty() || candidate.isEmpty())
                throw new IllegalArgumentException("a block must have measurements of both");
        }

        int size() {
            return reference.size() + candidate.size();
        }

        /** What its difference of means weighs in the whole. */
        double weight() {
            return (double) reference.size() * candidate.size() / size();
        }

        /** All measurements, the candidate's last, as they would be if the candidate were not below by {@code shift}. */
        private double[] shifted(double shift) {
            double[] values = new double[size()];
            int next = 0;
            for (double value : reference) values[next++] = value;
            for (double value : candidate) values[next++] = value + shift;
            return values;
        }

        /** The same as distances from their median, those that are far out moved in. */
        private double[] clipped(double shift) {
            double[] values = shifted(shift);
            double middle = median(values);
            for (int i = 0; i < values.length; i++) values[i] -= middle;
            double deviation = NORMAL_CONSISTENCY
                    * median(Arrays.stream(values).map(Math::abs).toArray());
            // More than half are the same: then there is no scale to go by.
            if (deviation == 0) return values;
            double most = CLIP * deviation;
            for (int i = 0; i < values.length; i++) values[i] = Math.clamp(values[i], -most, most);
            return values;
        }

        private static double median(double[] values) {
            double[] sorted = values.clone();
            Arrays.sort(sorted);
            int half = sorted.length / 2;
            return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
        }

        /** What it says for the candidate lying below by more than {@code shift}. */
        private double observed(double shift) {
            double[] values = clipped(shift);
            double ofReference = 0;
            double ofCandidate = 0;
            for (int i = 0; i < values.length; i++) {
                if (i < reference.size()) ofReference += values[i] / reference.size();
                else ofCandidate += values[i] / candidate.size();
            }
            return weight() * (ofReference - ofCandidate);
        }
    }

    private enum Side {
        BELOW(1),
        ABOVE(-1);

        private final int sign;

        Side(int sign) {
            this.sign = sign;
        }
    }

    /**
     * Looks after the last of these blocks; the looks after those before it are made again.
     *
     * @param blocks at least one, in order
     * @param planned how many measurements there are to be at most
     */
    public static RandomizedComparison of(List<Block> blocks, int planned) {
        double spread = spread(blocks);
        double difference = difference(blocks, spread);
        Finding finding = finding(blocks, planned);
        double low = edge(difference, spread, Side.BELOW, shift -> refutes(blocks, planned, shift, Side.BELOW));
        double high = edge(difference, spread, Side.ABOVE, shift -> refutes(blocks, planned, shift, Side.ABOVE));
        // Bisection may end a rounding error beside zero.
        return new RandomizedComparison(difference, finding == Finding.SHOWN ? Math.max(0, low) : low, high, finding);
    }

    /** Only whether it is shown that the candidate lies below; quicker. */
    public static Finding finding(List<Block> blocks, int planned) {
        return refutes(blocks, planned, 0, Side.BELOW) ? Finding.SHOWN : Finding.NOT_SHOWN;
    }

    /** The estimate of how far the candidate lies below the reference. */
    public static double difference(List<Block> blocks) {
        return difference(blocks, spread(blocks));
    }

    private static double difference(List<Block> blocks, double spread) {
        double low = -2 * spread;
        double high = 2 * spread;
        for (int i = 0; i < BISECTIONS; i++) {
            double middle = (low + high) / 2;
            double said =
                    blocks.stream().mapToDouble(block -> block.observed(middle)).sum();
            if (said > 0) low = middle;
            else if (said < 0) high = middle;
            else return middle;
        }
        return (low + high) / 2;
    }

    private static double spread(List<Block> blocks) {
        double[] all = blocks.stream()
                .flatMap(block -> Arrays.stream(block.shifted(0)).boxed())
                .mapToDouble(Double::doubleValue)
                .toArray();
        double range =
                Arrays.stream(all).max().orElse(0) - Arrays.stream(all).min().orElse(0);
        return Math.max(range, Double.MIN_NORMAL);
    }

    /** Where refuting ends, seen from far out on one side; infinite if even there nothing is refuted. */
    private static double edge(double difference, double spread, Side side, DoublePredicate refuted) {
        double outside = difference - side.sign * 4 * spread;
        if (!refuted.test(outside)) return side.sign * Double.NEGATIVE_INFINITY;
        double inside = difference;
        for (int i = 0; i < BISECTIONS; i++) {
            double middle = (outside + inside) / 2;
            if (refuted.test(middle)) outside = middle;
            else inside = middle;
        }
        return outside;
    }

    /** Whether some look refutes that the candidate lies below by no more (or no less) than {@code shift}. */
    private static boolean refutes(List<Block> blocks, int planned, double shift, Side side) {
        // Always the same sample: a question asked twice has one answer.
        var orders = new Orders(RandomGeneratorFactory.of("L64X128MixRandom").create(SEED));
        double observed = 0;
        int done = 0;
        for (Block block : blocks) {
            double[] contributions =
                    contributions(block.clipped(shift), block.candidate().size(), block.weight());
            if (side == Side.ABOVE) for (int i = 0; i < contributions.length; i++) contributions[i] = -contributions[i];
            observed += side.sign * block.observed(shift);
            done += block.size();
            double share = Math.min(1, (double) done / planned);
            if (orders.look(contributions, observed, ALPHA * share * share)) return true;
        }
        return false;
    }

    /** What each choice of {@code count} of these values as the candidate's would have contributed. */
    private static double[] contributions(double[] values, int count, double weight) {
        double total = Arrays.stream(values).sum();
        var found = new ArrayList<Double>();
        int rest = values.length - count;
        for (int chosen = 0; chosen < 1 << values.length; chosen++) {
            if (Integer.bitCount(chosen) != count) continue;
            double sum = 0;
            for (int i = 0; i < values.length; i++) if ((chosen >> i & 1) == 1) sum += values[i];
            found.add(weight * ((total - sum) / rest - sum / count));
        }
        return found.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** The orders that might have been drawn, and which of them were taken for a difference at an earlier look. */
    private static final class Orders {
        private final RandomGenerator random;
        private double[] sums = {0};
        private boolean sampled;
        private double spent;

        Orders(RandomGenerator random) {
            this.random = random;
        }

        /** Takes the next block in; whether so few orders give as much as was observed that it is a difference. */
        boolean look(double[] contributions, double observed, double allowed) {
            extend(contributions);
            double tolerance = ROUNDING
                    * Math.max(
                            Math.abs(observed),
                            Math.abs(Arrays.stream(contributions).max().orElse(0)));
            double each = (1 - spent) / (sampled ? sums.length + 1 : sums.length);
            Arrays.sort(sums);
            int first = firstFrom(observed - tolerance);
            int asLarge = sums.length - first + (sampled ? 1 : 0);
            if (spent + asLarge * each <= allowed + ROUNDING) return true;
            spend(each, allowed, tolerance);
            return false;
        }

        private void extend(double[] contributions) {
            boolean all = (long) sums.length * contributions.length <= MAX_ORDERS && !sampled;
            double[] extended = new double[all ? sums.length * contributions.length : SAMPLE];
            for (int i = 0; i < extended.length; i++) {
                double before = all
                        ? sums[i / contributions.length]
                        : sums[sampled && sums.length == SAMPLE ? i : random.nextInt(sums.length)];
                int order = all ? i % contributions.length : random.nextInt(contributions.length);
                extended[i] = before + contributions[order];
            }
            sampled = !all;
            sums = extended;
        }

        private int firstFrom(double limit) {
            int low = 0;
            int high = sums.length;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (sums[middle] < limit) low = middle + 1;
                else high = middle;
            }
            return low;
        }

        /** Takes as many of the largest out as may be spent; those that are equal go together. */
        private void spend(double each, double allowed, double tolerance) {
            int kept = sums.length;
            while (kept > 0) {
                int from = firstFrom(sums[kept - 1] - tolerance);
                double cost = (kept - from) * each;
                if (spent + cost > allowed + ROUNDING) break;
                spent += cost;
                kept = from;
            }
            sums = Arrays.copyOf(sums, Math.max(1, kept));
        }
    }

    /** Whether there are enough measurements for an interval with two ends. */
    public boolean bounded() {
        return !Double.isInfinite(low) && !Double.isInfinite(high);
    }
}
