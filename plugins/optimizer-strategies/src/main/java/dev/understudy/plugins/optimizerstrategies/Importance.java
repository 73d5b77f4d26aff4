package dev.understudy.plugins.optimizerstrategies;

import dev.understudy.spi.optimization.Dimension;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * How much of the variance of what a process expects each dimension explains by itself: first-order Sobol' indices (Saltelli et
 * al., "Variance based sensitivity analysis of model output", Computer Physics Communications 181, 2010, table 2, estimator b).
 */
final class Importance {
    private static final int PAIRS = 512;

    private Importance() {}

    static Map<String, Double> of(Encoding encoding, GaussianProcess process) {
        int columns = encoding.columns();
        // Always the same rows: drawing from the search's generator would change its next candidates.
        var sobol = new Sobol(2 * columns, new SplittableRandom(0));
        double[][] first = new double[PAIRS][];
        double[][] second = new double[PAIRS][];
        for (int i = 0; i < PAIRS; i++) {
            double[] place = sobol.next();
            first[i] = encoding.fromUnitCube(Arrays.copyOf(place, columns));
            second[i] = encoding.fromUnitCube(Arrays.copyOfRange(place, columns, 2 * columns));
        }
        double[] ofFirst = means(process, first);
        double[] ofSecond = means(process, second);
        double center = (mean(ofFirst) + mean(ofSecond)) / 2;
        double variance = 0;
        for (int i = 0; i < PAIRS; i++) {
            variance += Math.pow(ofFirst[i] - center, 2) / (2 * PAIRS);
            variance += Math.pow(ofSecond[i] - center, 2) / (2 * PAIRS);
        }
        Map<String, Double> shares = new LinkedHashMap<>();
        List<Dimension> dimensions = encoding.space().dimensions();
        for (int d = 0; d < dimensions.size(); d++) {
            double sum = 0;
            for (int i = 0; i < PAIRS; i++) {
                double[] mixed = first[i].clone();
                for (int column : encoding.columnsOf(d)) mixed[column] = second[i][column];
                // Taken from the center, which changes nothing in the limit, the sum is steadier.
                sum += (ofSecond[i] - center)
                        * (process.at(encoding.canonical(mixed)).mean() - ofFirst[i]);
            }
            shares.put(dimensions.get(d).name(), variance > 0 ? Math.clamp(sum / PAIRS / variance, 0.0, 1.0) : 0.0);
        }
        return shares;
    }

    private static double[] means(GaussianProcess process, double[][] rows) {
        return Arrays.stream(rows).mapToDouble(row -> process.at(row).mean()).toArray();
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElse(0);
    }
}
