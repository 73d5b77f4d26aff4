package dev.understudy.plugins.optimizerstrategies;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * How much likelier a row is among the good points than among the rest, column by column: a tree-structured Parzen estimator
 * (Bergstra, Bardenet, Bengio and Kégl, "Algorithms for hyper-parameter optimization", NIPS 2011, section 4). It goes by ranks
 * alone and sees one column at a time, so it learns something where noise hides the whole from a Gaussian process. Immutable.
 */
final class DensityRatio {
    private static final double GOOD_SHARE = 0.12;
    private static final double SMALLEST_BANDWIDTH = 0.01;

    private final Encoding encoding;
    private final Column[] good;
    private final Column[] rest;

    /**
     * @param ranked rows, the best first; at least two
     * @param failed rows that could not be measured, which belong to the rest: else where they lie looks merely unknown
     */
    DensityRatio(Encoding encoding, List<double[]> ranked, List<double[]> failed) {
        this.encoding = encoding;
        int split = Math.clamp((int) Math.ceil(GOOD_SHARE * ranked.size()), 1, ranked.size() - 1);
        good = columns(ranked.subList(0, split));
        rest = columns(Stream.concat(ranked.subList(split, ranked.size()).stream(), failed.stream())
                .toList());
    }

    private Column[] columns(List<double[]> rows) {
        Column[] columns = new Column[encoding.columns()];
        for (int i = 0; i < columns.length; i++) {
            int column = i;
            double[] values =
                    rows.stream().mapToDouble(row -> row[column]).sorted().toArray();
            columns[i] = encoding.isNominal(i) ? new Shares(values, encoding.levels(i)) : new Bumps(values);
        }
        return columns;
    }

    /** The logarithm of the ratio. */
    double at(double[] row) {
        double sum = 0;
        for (int i = 0; i < row.length; i++) sum += Math.log(good[i].density(row[i]) / rest[i].density(row[i]));
        return sum;
    }

    /** Draws a row as the good ones are. */
    double[] draw(RandomGenerator random) {
        double[] row = new double[good.length];
        for (int i = 0; i < row.length; i++) row[i] = good[i].draw(random);
        return encoding.canonical(row);
    }

    private sealed interface Column {
        double density(double value);

        double draw(RandomGenerator random);
    }

    /** Shares of choices, with one case of each believed beforehand. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Shares(double[] shares) implements Column {
        Shares(double[] values, int levels) {
            this(new double[levels]);
            Arrays.fill(shares, 1.0 / levels);
            for (double value : values) shares[(int) value]++;
            for (int i = 0; i < levels; i++) shares[i] /= values.length + 1;
        }

        @Override
        public double density(double value) {
            return shares[(int) value];
        }

        @Override
        public double draw(RandomGenerator random) {
            double at = random.nextDouble();
            int choice = 0;
            while (choice < shares.length - 1 && (at -= shares[choice]) >= 0) choice++;
            return choice;
        }
    }

    /** A normal bump at each value, as wide as the gap to its farther neighbour, and one over the whole range. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Bumps(double[] centers, double[] widths) implements Column {
        Bumps(double[] sorted) {
            this(sorted, new double[sorted.length]);
            double narrowest = Math.max(SMALLEST_BANDWIDTH, 1.0 / (sorted.length + 1));
            for (int i = 0; i < sorted.length; i++) {
                double below = i == 0 ? sorted[i] : sorted[i] - sorted[i - 1];
                double above = i == sorted.length - 1 ? 1 - sorted[i] : sorted[i + 1] - sorted[i];
                widths[i] = Math.clamp(Math.max(below, above), narrowest, 1);
            }
        }

        @Override
        public double density(double value) {
            double sum = 1;
            for (int i = 0; i < centers.length; i++) {
                double inside =
                        LogEi.distribution((1 - centers[i]) / widths[i]) - LogEi.distribution(-centers[i] / widths[i]);
                sum += LogEi.density((value - centers[i]) / widths[i]) / widths[i] / inside;
            }
            return sum / (centers.length + 1);
        }

        @Override
        public double draw(RandomGenerator random) {
            int bump = random.nextInt(centers.length + 1);
            if (bump == centers.length) return random.nextDouble();
            while (true) {
                double value = centers[bump] + widths[bump] * random.nextGaussian();
                if (value >= 0 && value <= 1) return value;
            }
        }
    }
}
