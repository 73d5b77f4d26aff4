package dev.understudy.bench;

import dev.understudy.core.statistics.MachineSpread;
import dev.understudy.core.tuning.Direction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.hipparchus.special.Gamma;

/**
 * One tuning of one program in which settings were measured on several like machines, once on each.
 *
 * @param workload the program and its load
 * @param direction which figures are better
 * @param machines their names, in order
 * @param byDefault the default setting's figures, by machine
 * @param settings figures by machine, of those settings only that were measured on every machine
 */
record LikeMachines(
        String workload,
        Direction direction,
        List<String> machines,
        Map<String, Double> byDefault,
        Map<String, Map<String, Double>> settings) {

    private static final List<String> HEADER = List.of("run", "suggestion", "setting", "worker", "performance");

    /** Of a workload whose name has one of these more is better; of others the figures are times. */
    private static final List<String> RATES = List.of("tpcc", "throughput", "ycsb");

    private static final double MOST_DEGREES = 8;
    private static final double LARGEST_DEVIATION = 0.2;

    /** All tunings of a folder. */
    static List<LikeMachines> read(Path folder) throws IOException {
        List<LikeMachines> tunings = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".csv"))
                    .sorted()
                    .toList()) tunings.addAll(tunings(file));
        }
        return tunings;
    }

    private static List<LikeMachines> tunings(Path file) throws IOException {
        List<List<String>> records = Csv.records(Files.readString(file));
        if (records.isEmpty() || !records.getFirst().equals(HEADER))
            throw new IOException(file + " does not begin with the columns " + String.join(",", HEADER) + ".");
        Map<String, Map<String, Map<String, Double>>> runs = new LinkedHashMap<>();
        for (List<String> fields : records.subList(1, records.size())) {
            try {
                runs.computeIfAbsent(fields.get(0), _ -> new LinkedHashMap<>())
                        .computeIfAbsent(fields.get(2), _ -> new LinkedHashMap<>())
                        .put(fields.get(3), Double.parseDouble(fields.get(4)));
            } catch (IndexOutOfBoundsException | NumberFormatException e) {
                throw new IOException(file + " has a line that is no measurement: " + String.join(",", fields), e);
            }
        }
        String workload = String.valueOf(file.getFileName()).replaceFirst("\\.csv$", "");
        Direction direction = RATES.stream().anyMatch(workload::contains) ? Direction.MAXIMIZE : Direction.MINIMIZE;
        List<LikeMachines> tunings = new ArrayList<>();
        for (Map<String, Map<String, Double>> settings : runs.values()) {
            // What was measured first in a tuning is the default setting.
            var first = settings.entrySet().iterator();
            Map<String, Double> byDefault = first.next().getValue();
            first.remove();
            settings.values().removeIf(figures -> !figures.keySet().equals(byDefault.keySet()));
            if (!settings.isEmpty())
                tunings.add(new LikeMachines(
                        workload,
                        direction,
                        byDefault.keySet().stream().sorted().toList(),
                        byDefault,
                        settings));
        }
        return tunings;
    }

    /** A figure; empty where there is none, since nothing was done at all. */
    static OptionalDouble figure(Map<String, Double> figures, String machine) {
        double figure = figures.getOrDefault(machine, 0.0);
        return figure > 0 ? OptionalDouble.of(figure) : OptionalDouble.empty();
    }

    /** How much better one figure is than another, as a factor. */
    double factor(double figure, double than) {
        return switch (direction) {
            case MINIMIZE -> than / figure;
            case MAXIMIZE -> figure / than;
        };
    }

    /** How much better a setting is than the default on some machines together, as a factor. */
    double factor(String setting, List<String> among) {
        Map<String, Double> figures = settings.getOrDefault(setting, Map.of());
        double sum = among.stream()
                .mapToDouble(each -> figures.getOrDefault(each, 0.0))
                .sum();
        double sumOfDefault = among.stream()
                .mapToDouble(each -> byDefault.getOrDefault(each, 0.0))
                .sum();
        return factor(sum, sumOfDefault);
    }

    /**
     * The spread over machines under which the differences of all settings from the default are likeliest: the marginal density of
     * each setting's sample variance is that of a scaled F distribution (Smyth, "Linear models and empirical Bayes methods", 2004,
     * section 4).
     */
    static MachineSpread spread(List<LikeMachines> tunings) {
        List<double[]> samples = new ArrayList<>();
        for (LikeMachines tuning : tunings) samples.addAll(tuning.variances());
        var best = MachineSpread.UNKNOWN;
        double highest = Double.NEGATIVE_INFINITY;
        for (double degrees = 0.5; degrees <= MOST_DEGREES; degrees += 0.1)
            for (double deviation = 0.01; deviation <= LARGEST_DEVIATION; deviation += 0.001) {
                double likelihood = 0;
                for (double[] sample : samples) likelihood += logDensity(sample[0], sample[1], degrees, deviation);
                if (likelihood > highest) {
                    highest = likelihood;
                    best = new MachineSpread(degrees, deviation);
                }
            }
        return best;
    }

    /** The variance of each setting's differences, and its degrees of freedom; of settings that never failed. */
    private List<double[]> variances() {
        List<double[]> variances = new ArrayList<>();
        for (Map<String, Double> figures : settings.values()) {
            if (figures.values().stream().anyMatch(each -> each <= 0)) continue;
            double[] differences = machines.stream()
                    .mapToDouble(each ->
                            Math.log(factor(figures.getOrDefault(each, 0.0), byDefault.getOrDefault(each, 0.0))))
                    .toArray();
            double mean = 0;
            for (double each : differences) mean += each / differences.length;
            double squares = 0;
            for (double each : differences) squares += (each - mean) * (each - mean);
            int freedom = differences.length - 1;
            if (squares > 0) variances.add(new double[] {squares / freedom, freedom});
        }
        return variances;
    }

    /** But for what depends on the sample only. */
    private static double logDensity(double variance, double freedom, double degrees, double deviation) {
        double ratio = variance / (deviation * deviation);
        return Gamma.logGamma((freedom + degrees) / 2)
                - Gamma.logGamma(degrees / 2)
                + freedom / 2 * Math.log(freedom / degrees)
                + (freedom / 2 - 1) * Math.log(ratio)
                - (freedom + degrees) / 2 * Math.log1p(freedom * ratio / degrees)
                - 2 * Math.log(deviation);
    }
}
