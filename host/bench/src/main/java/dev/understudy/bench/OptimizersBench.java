package dev.understudy.bench;

import dev.understudy.plugins.optimizerstrategies.AdaptiveStrategy;
import dev.understudy.plugins.optimizerstrategies.BayesianStrategy;
import dev.understudy.plugins.optimizerstrategies.GeneticStrategy;
import dev.understudy.plugins.optimizerstrategies.QuasiRandomStrategy;
import dev.understudy.plugins.optimizerstrategies.RandomStrategy;
import dev.understudy.spi.optimization.Candidate;
import dev.understudy.spi.optimization.Condition;
import dev.understudy.spi.optimization.Dimension;
import dev.understudy.spi.optimization.OptimizerStrategy;
import dev.understudy.spi.optimization.SearchJournal;
import dev.understudy.spi.optimization.SearchSpace;
import dev.understudy.spi.optimization.Trial;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.IntStream;

/**
 * How near each strategy comes to the optimum of known functions after 50 and 100 evaluations, beside what was measured for its
 * peers.
 *
 * <p>A regret is how far the true value of the recommended point lies above the minimum. A peer recommends the point that it
 * measured to be lowest; so do our strategies without a model, and the others what their model expects to be lowest of what
 * was measured. Starts are paired: of each seed all strategies are given the same first point and the same noise.
 */
public final class OptimizersBench implements Benchmark {
    private static final int EVALUATIONS = 100;
    private static final int HALF = 50;
    /** The steps over which a step's cost is measured. */
    private static final int LAST_STEPS = 10;

    private static final String UNIT = "regret";
    private static final List<String> PEERS = List.of("random search", "genetic (Optuna 5.0.0)", "TPE (Optuna 5.0.0)");
    /** Median true regret of the peers after 50 and 100 evaluations, in their order. */
    private static final Map<String, double[]> PUBLISHED = Map.ofEntries(
            Map.entry("branin clean", new double[] {0.766, 0.49, 0.995, 0.288, 0.131, 0.0204}),
            Map.entry("branin noisy", new double[] {1.05, 0.767, 1.28, 0.878, 0.352, 0.281}),
            Map.entry("hartmann6 clean", new double[] {1.58, 1.2, 1.37, 0.698, 0.344, 0.129}),
            Map.entry("hartmann6 noisy", new double[] {1.62, 1.25, 1.66, 0.748, 0.539, 0.237}),
            Map.entry("rosenbrock6 clean", new double[] {202, 176, 139, 73.1, 32.1, 10.6}),
            Map.entry("rosenbrock6 noisy", new double[] {202, 176, 135, 66.5, 36.7, 15.6}),
            Map.entry("levy8 clean", new double[] {19.6, 18.1, 14.2, 6.79, 10.1, 4.9}),
            Map.entry("levy8 noisy", new double[] {20.1, 18.1, 14.7, 7.16, 12.9, 6.66}),
            Map.entry("mixed8 clean", new double[] {2.22, 1.97, 1.76, 1.12, 0.784, 0.483}),
            Map.entry("mixed8 noisy", new double[] {2.22, 1.97, 1.82, 0.986, 0.957, 0.549}),
            Map.entry("ackley10 clean", new double[] {20.1, 19.8, 19, 16.9, 16.4, 13.3}),
            Map.entry("ackley10 noisy", new double[] {20.1, 19.8, 19.8, 19.1, 17.8, 15.4}));

    private int seeds = 30;
    private int threads = 2;
    private Pattern only = Pattern.compile(".*");
    private IntFunction<List<Problem>> problems = _ -> PublishedFunctions.all();

    private enum Noise {
        CLEAN,
        NOISY
    }

    /** The regrets of one search after half and all evaluations, and what its last steps cost. */
    private record Run(double half, double full, double stepMillis) {}

    @Override
    public String name() {
        return "optimizers";
    }

    @Override
    public String description() {
        return "regret of each strategy on known functions, beside its peers "
                + "[--seeds 30] [--only REGEX] [--functions published|development] [--threads 2]";
    }

    @Override
    public Optional<String> option(String name, String value) {
        switch (name) {
            case "--seeds", "--threads" -> {
                if (!value.matches("[1-9][0-9]{0,3}"))
                    return Optional.of(name + " wants a number from 1 to 9999, but has '" + value + "'.");
                if (name.equals("--seeds")) seeds = Integer.parseInt(value);
                else threads = Integer.parseInt(value);
            }
            case "--only" -> {
                try {
                    only = Pattern.compile(value);
                } catch (PatternSyntaxException e) {
                    return Optional.of("--only wants a regular expression: " + e.getDescription() + ".");
                }
            }
            case "--functions" -> {
                switch (value) {
                    case "published" -> problems = _ -> PublishedFunctions.all();
                    case "development" -> problems = DevelopmentFunctions::all;
                    default -> {
                        return Optional.of("--functions wants 'published' or 'development', but has '" + value + "'.");
                    }
                }
            }
            default -> {
                return Optional.of("there is no option '" + name + "'.");
            }
        }
        return Optional.empty();
    }

    private static List<OptimizerStrategy> strategies() {
        return List.of(
                new RandomStrategy(),
                new QuasiRandomStrategy(),
                new GeneticStrategy(),
                new BayesianStrategy(),
                new AdaptiveStrategy());
    }

    /** Rows are named by function, variant and strategy; {@code --only} looks for its pattern in that. */
    @Override
    public void run(Workplace place, Consumer<Row> found) throws InterruptedException {
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            int count = problems.apply(0).size();
            for (int i = 0; i < count; i++)
                for (Noise noise : Noise.values()) rows(i, noise, executor).forEach(found);
        } finally {
            executor.shutdownNow();
        }
    }

    private List<Row> rows(int index, Noise noise, ExecutorService executor) throws InterruptedException {
        String problem =
                problems.apply(0).get(index).name() + " " + noise.name().toLowerCase(Locale.ROOT);
        List<Row> rows = new ArrayList<>();
        for (OptimizerStrategy strategy : strategies()) {
            String name = problem + ", " + strategy.name();
            if (!only.matcher(name).find()) continue;
            List<Future<Run>> runs = IntStream.range(0, seeds)
                    .mapToObj(seed -> executor.submit(
                            () -> run(strategy, problems.apply(seed).get(index), noise, seed)))
                    .toList();
            rows.add(row(name, results(runs)));
        }
        double[] published = PUBLISHED.get(problem);
        if (published == null || rows.isEmpty()) return rows;
        for (int i = 0; i < PEERS.size(); i++)
            rows.add(new Row(
                    problem + ", " + PEERS.get(i),
                    UNIT,
                    published[2 * i + 1],
                    Double.NaN,
                    30,
                    Map.of("after_50", published[2 * i], "note", "published")));
        return rows;
    }

    private static List<Run> results(List<Future<Run>> runs) throws InterruptedException {
        List<Run> results = new ArrayList<>();
        for (Future<Run> run : runs) {
            try {
                results.add(run.get());
            } catch (ExecutionException e) {
                throw new IllegalStateException("a search failed", e.getCause());
            }
        }
        return results;
    }

    private static Row row(String name, List<Run> runs) {
        double[] full = runs.stream().mapToDouble(Run::full).toArray();
        Map<String, Object> extra = new LinkedHashMap<>();
        extra.put("after_50", quantile(runs.stream().mapToDouble(Run::half).toArray(), 0.5));
        extra.put(
                "step_cpu_ms",
                quantile(runs.stream().mapToDouble(Run::stepMillis).toArray(), 0.5));
        return new Row(name, UNIT, quantile(full, 0.5), quantile(full, 0.99), full.length, extra);
    }

    /** The median is the mean of the two in the middle where there are two; other quantiles go by the nearest rank. */
    private static double quantile(double[] values, double share) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int n = sorted.length;
        if (share == 0.5) return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
        return sorted[(int) Math.ceil(share * n) - 1];
    }

    private static Run run(OptimizerStrategy strategy, Problem problem, Noise noise, int seed) {
        SearchJournal journal = SearchJournal.start(strategy, withFirstPoint(problem.space(), seed), seed);
        var random = new Random(seed * 31L + 5);
        double half = Double.NaN;
        long stepNanos = 0;
        for (int i = 1; i <= EVALUATIONS; i++) {
            long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            Candidate candidate = journal.ask();
            long asked = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            double value = problem.function().applyAsDouble(candidate.values());
            if (noise == Noise.NOISY) value += problem.noise() * random.nextGaussian();
            long measured = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            journal.tell(Trial.of(candidate, value));
            long told = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            if (i > EVALUATIONS - LAST_STEPS) stepNanos += asked - start + told - measured;
            if (i == HALF) half = regret(journal, problem);
        }
        return new Run(half, regret(journal, problem), stepNanos / 1e6 / LAST_STEPS);
    }

    private static double regret(SearchJournal journal, Problem problem) {
        return problem.function()
                        .applyAsDouble(journal.recommended().orElseThrow().values())
                - problem.minimum();
    }

    private static SearchSpace withFirstPoint(SearchSpace space, int seed) {
        Candidate first =
                SearchJournal.start(new RandomStrategy(), space, 1000 + seed).ask();
        SearchSpace.Builder builder = SearchSpace.builder();
        for (Dimension dimension : space.dimensions()) {
            builder.add(dimension);
            Condition condition = space.conditions().get(dimension.name());
            if (condition != null)
                builder.onlyIf(condition.parent(), condition.values().toArray());
        }
        return builder.current(first.values()).build();
    }
}
