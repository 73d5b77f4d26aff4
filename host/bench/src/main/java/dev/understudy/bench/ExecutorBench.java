package dev.understudy.bench;

import dev.understudy.core.ExecutorRig;
import dev.understudy.core.config.Config;
import dev.understudy.core.config.DataHome;
import dev.understudy.core.config.ExecutorSettings;
import dev.understudy.core.config.ExecutorSettings.Switch;
import dev.understudy.core.executor.tuning.Comparison;
import dev.understudy.core.executor.tuning.Measure;
import dev.understudy.core.executor.tuning.Mix;
import dev.understudy.core.sandbox.Installation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What each of the executor's switches costs and gives on four mixes of work, and all twelve together, beside all of them
 * off, which is the line to beat. In rounds, in an order drawn by lot within each.
 */
final class ExecutorBench implements Benchmark {
    private static final double ALPHA = 0.025;

    private int rounds = 6;
    private List<Mix> mixes = Mix.builtIn();

    @Override
    public String name() {
        return "executor";
    }

    @Override
    public String description() {
        return "the executor's switches, each and all together, on four mixes beside all off (--rounds N, --mix NAME)";
    }

    @Override
    public Optional<String> option(String name, String value) {
        switch (name) {
            case "--rounds" -> {
                if (!value.matches("\\d{1,3}") || Integer.parseInt(value) < Comparison.MIN_PAIRS)
                    return Optional.of("--rounds wants a number from " + Comparison.MIN_PAIRS + " to 999.");
                rounds = Integer.parseInt(value);
            }
            case "--mix" -> {
                Optional<Mix> mix = Mix.builtIn(value);
                if (mix.isEmpty()) return Optional.of("there is no mix '" + value + "'.");
                mixes = List.of(mix.get());
            }
            default -> {
                return Optional.of("there is no option '" + name + "'.");
            }
        }
        return Optional.empty();
    }

    @Override
    public void run(Workplace place, Consumer<Row> found) throws IOException, InterruptedException {
        Path distribution = Path.of(System.getProperty("understudy.dist"));
        Path work = place.folder();
        var installation = Installation.at(distribution, Path.of(System.getProperty("understudy.root"), "templates"))
                .withCellCache(place.cells());
        DataHome home = DataHome.open(work.resolve("home"));
        ExecutorOverhead.rows().forEach(found);
        for (Mix mix : mixes) {
            try (var rig = new ExecutorRig(installation, home, Config.DEFAULT, work, mix)) {
                rows(mix, measure(rig)).forEach(found);
            }
        }
    }

    private static Map<String, ExecutorSettings> settings() {
        var settings = new LinkedHashMap<String, ExecutorSettings>();
        settings.put("all off", ExecutorSettings.PLAIN);
        for (Switch each : Switch.values()) settings.put(each.key(), ExecutorSettings.PLAIN.withOnly(Set.of(each)));
        settings.put("all twelve", ExecutorSettings.PLAIN.withOnly(EnumSet.allOf(Switch.class)));
        return settings;
    }

    private Map<String, Map<Measure, List<Double>>> measure(ExecutorRig rig) throws InterruptedException {
        Map<String, ExecutorSettings> settings = settings();
        var figures = new LinkedHashMap<String, Map<Measure, List<Double>>>();
        settings.keySet().forEach(name -> figures.put(name, new EnumMap<>(Measure.class)));
        rig.measure(ExecutorSettings.PLAIN);
        var random = new Random(1);
        for (int round = 0; round < rounds; round++) {
            var order = new ArrayList<>(settings.entrySet());
            Collections.shuffle(order, random);
            for (var each : order) {
                Map<Measure, List<Double>> all = figures.getOrDefault(each.getKey(), Map.of());
                rig.measure(each.getValue())
                        .forEach((measure, figure) -> all.computeIfAbsent(measure, _ -> new ArrayList<>())
                                .add(figure));
            }
        }
        return figures;
    }

    private static List<Row> rows(Mix mix, Map<String, Map<Measure, List<Double>>> figures) {
        var rows = new ArrayList<Row>();
        Map<Measure, List<Double>> plain = figures.getOrDefault("all off", Map.of());
        plain.forEach((measure, without) -> figures.forEach((name, all) -> {
            List<Double> with = all.getOrDefault(measure, List.of());
            double[] sorted =
                    with.stream().mapToDouble(Double::doubleValue).sorted().toArray();
            Map<String, Object> extra = new LinkedHashMap<>();
            if (!name.equals("all off")) {
                Comparison beside = Comparison.of(measure, without, with, ALPHA);
                extra.put("gain", percent(beside.improvement()));
                extra.put("95 %", percent(beside.low()) + " to " + percent(beside.high()));
            }
            rows.add(new Row(
                    mix.name() + ", " + measure.title() + ", " + name,
                    measure.unit(),
                    sorted[(sorted.length - 1) / 2],
                    sorted[sorted.length - 1],
                    sorted.length,
                    extra));
        }));
        return rows;
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%+.1f %%", 100 * share);
    }
}
