package dev.understudy.bench;

import dev.understudy.core.statistics.MachineSpread;
import dev.understudy.core.tuning.Direction;
import dev.understudy.core.tuning.Objective;
import dev.understudy.core.tuning.ParameterApplier;
import dev.understudy.core.tuning.RaceResult;
import dev.understudy.core.tuning.Tuner;
import dev.understudy.core.tuning.TuningListener;
import dev.understudy.core.tuning.TuningPlan;
import dev.understudy.core.tuning.TuningResult;
import dev.understudy.core.tuning.TuningTime;
import dev.understudy.core.tuning.Verdict;
import dev.understudy.spi.optimization.Candidate;
import dev.understudy.spi.optimization.OptimizerStrategy;
import dev.understudy.spi.optimization.SearchSpace;
import dev.understudy.spi.optimization.Trial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Whether what {@code tune} promises is kept on machines that it was not measured on. Real tunings are replayed, in which each
 * setting was measured on ten like machines: a session of the tuner's own sees some machines, and its verdict is held against the
 * others. What the promise for others leans on is fitted to the other workloads.
 *
 * <p>Each setting was measured once on each machine, so measuring it again there shows nothing new here.
 */
public final class PromisesBench implements Benchmark {
    private static final List<Integer> MACHINES = List.of(1, 2, 3, 4, 5);
    /** A promise is broken where the figure is this much of what was promised, or less. */
    private static final double KEPT = 0.9;

    private static final double GOAL = 0.01;
    /** Of those that were measured on all machines; the rest are left out of a replay, so that no two are the same. */
    private static final double SEARCHED = 0.7;

    private static final String DEFAULT = "default";
    private static final String SETTING = "setting";

    private int draws = 30;

    /**
     * A replay that ended with a better setting.
     *
     * @param measured how much better it was than the default on the machines that were seen, as a factor
     * @param promised how much better it is to be on nine of ten others, as a factor
     * @param truth how much better it is on the others together
     * @param kept the share of the others on which it is as much better as promised, or more
     * @param trials measurements that were made
     */
    record Replay(String workload, double measured, double promised, double truth, double kept, int trials) {}

    @Override
    public String name() {
        return "promises";
    }

    @Override
    public String description() {
        return "what tune promises, held against machines that it has not seen, in real tunings [--draws 30]";
    }

    @Override
    public Optional<String> option(String name, String value) {
        if (!name.equals("--draws")) return Optional.of("there is no option '" + name + "'.");
        if (!value.matches("[1-9][0-9]{0,3}"))
            return Optional.of("--draws wants a number from 1 to 9999, but has '" + value + "'.");
        draws = Integer.parseInt(value);
        return Optional.empty();
    }

    @Override
    public void run(Workplace place, Consumer<Row> found) throws IOException, InterruptedException {
        Optional<Path> folder =
                place.data().map(path -> path.resolve("tuning-noise")).filter(Files::isDirectory);
        if (folder.isEmpty())
            found.accept(new Row(
                    "promises",
                    "share broken",
                    Double.NaN,
                    Double.NaN,
                    0,
                    Map.of("note", "the data set is not on this machine")));
        else run(LikeMachines.read(folder.get()), MACHINES).forEach(found);
    }

    List<Row> run(List<LikeMachines> tunings, List<Integer> numbers) throws InterruptedException {
        List<String> workloads =
                tunings.stream().map(LikeMachines::workload).distinct().toList();
        Map<String, MachineSpread> leftOut = new LinkedHashMap<>();
        for (String workload : workloads)
            leftOut.put(
                    workload,
                    LikeMachines.spread(tunings.stream()
                            .filter(each -> !each.workload().equals(workload))
                            .toList()));
        List<Row> rows = new ArrayList<>();
        for (int machines : numbers) {
            List<Replay> replays = new ArrayList<>();
            // Each draw is one of its own: generators of neighbouring seeds begin alike.
            var seeds = new Random(machines);
            for (LikeMachines tuning : tunings) {
                if (machines >= tuning.machines().size()) continue;
                MachineSpread spread = Objects.requireNonNull(leftOut.get(tuning.workload()));
                for (int draw = 0; draw < draws; draw++)
                    replay(tuning, machines, spread, seeds.nextLong()).ifPresent(replays::add);
            }
            if (replays.isEmpty()) continue;
            String seen = machines == 1 ? "one machine" : machines + " machines";
            rows.add(row(seen + ", what was measured", replays, Says.MEASURED));
            rows.add(row(seen + ", what is promised for others", replays, Says.PROMISED));
            if (machines == 1 || machines == numbers.getLast())
                for (String workload : workloads)
                    rows.add(row(
                            seen + ", promised, " + workload,
                            replays.stream()
                                    .filter(each -> each.workload().equals(workload))
                                    .toList(),
                            Says.PROMISED));
        }
        rows.add(spread("spread over machines, all workloads", LikeMachines.spread(tunings), tunings));
        for (String workload : workloads)
            rows.add(spread(
                    "spread over machines, without " + workload,
                    Objects.requireNonNull(leftOut.get(workload)),
                    tunings.stream()
                            .filter(each -> !each.workload().equals(workload))
                            .toList()));
        return rows;
    }

    private enum Says {
        MEASURED,
        PROMISED;

        double of(Replay replay) {
            return switch (this) {
                case MEASURED -> replay.measured();
                case PROMISED -> replay.promised();
            };
        }
    }

    private static Row row(String name, List<Replay> replays, Says says) {
        Map<String, Object> extra = new LinkedHashMap<>();
        extra.put("goal", GOAL);
        extra.put("said", mean(replays.stream().map(says::of).toList()) - 1);
        extra.put("true", mean(replays.stream().map(Replay::truth).toList()) - 1);
        if (says == Says.PROMISED) {
            extra.put("said_of_others", MachineSpread.SHARE);
            extra.put("held_on_others", mean(replays.stream().map(Replay::kept).toList()));
        }
        extra.put(
                "trials",
                mean(replays.stream().map(each -> (double) each.trials()).toList()));
        double broken = mean(replays.stream()
                .map(each -> each.truth() <= KEPT * says.of(each) ? 1.0 : 0.0)
                .toList());
        return new Row(name, "share broken", broken, broken, replays.size(), extra);
    }

    private static Row spread(String name, MachineSpread spread, List<LikeMachines> tunings) {
        return new Row(
                name,
                "deviation",
                spread.deviation(),
                spread.deviation(),
                tunings.stream().mapToInt(each -> each.settings().size()).sum(),
                Map.of("degrees", spread.degrees()));
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
    }

    /** Replays one session on some machines, drawn by lot; empty if it found nothing better. */
    static Optional<Replay> replay(LikeMachines tuning, int machines, MachineSpread spread, long draw)
            throws InterruptedException {
        var random = new Random(draw);
        List<String> order = new ArrayList<>(tuning.machines());
        Collections.shuffle(order, random);
        List<String> settings = new ArrayList<>(tuning.settings().keySet());
        Collections.shuffle(settings, random);
        settings = settings.subList(0, Math.max(1, (int) Math.round(SEARCHED * settings.size())));
        List<String> choices = new ArrayList<>(settings);
        choices.addFirst(DEFAULT);
        SearchSpace space = SearchSpace.builder()
                .categorical(SETTING, choices.toArray(String[]::new))
                .current(Map.of(SETTING, DEFAULT))
                .build();
        var plan = new TuningPlan(
                space,
                tuning.direction(),
                TuningPlan.DEFAULT_BUDGET,
                Duration.ofDays(1),
                draw,
                1,
                Duration.ZERO,
                machines);
        List<Objective> objectives = IntStream.range(0, machines)
                .<Objective>mapToObj(machine -> (values, _) -> figure(tuning, values, order.get(machine)))
                .toList();
        TuningResult result = new Tuner(TuningTime.system())
                .tune(
                        plan,
                        new OneAfterTheOther(settings),
                        objectives,
                        ParameterApplier.NONE,
                        List.of(),
                        TuningListener.SILENT);
        if (!(result.verdict() instanceof Verdict.Improved improved)) return Optional.empty();
        String chosen = String.valueOf(improved.candidate().values().get(SETTING));
        List<String> others = order.subList(machines, order.size());
        double promised = promised(tuning.direction(), improved.race(), spread);
        long kept = others.stream()
                .filter(each -> tuning.factor(chosen, List.of(each)) >= promised)
                .count();
        return Optional.of(new Replay(
                tuning.workload(),
                factor(tuning.direction(), improved.race().improvement()),
                promised,
                tuning.factor(chosen, others),
                kept / (double) others.size(),
                result.trials().size()));
    }

    private static Objective.Outcome figure(LikeMachines tuning, Map<String, Object> values, String machine) {
        Object setting = values.get(SETTING);
        Map<String, Double> figures = DEFAULT.equals(setting)
                ? tuning.byDefault()
                : tuning.settings().getOrDefault(String.valueOf(setting), Map.of());
        var figure = LikeMachines.figure(figures, machine);
        return figure.isPresent()
                ? new Objective.Measured(figure.getAsDouble())
                : new Objective.Failed("nothing was done", Objective.Retry.POINTLESS);
    }

    private static double promised(Direction direction, RaceResult race, MachineSpread spread) {
        return Math.exp(spread.elsewhere(race.machines().stream()
                        .map(each -> Math.log(factor(direction, each.improvement())))
                        .toList())
                .low());
    }

    /** An improvement, which is a share of the figure, as a factor. */
    private static double factor(Direction direction, double improvement) {
        return switch (direction) {
            case MINIMIZE -> 1 / (1 - improvement);
            case MAXIMIZE -> 1 + improvement;
        };
    }

    /** Asks for what was measured in the real tuning; over and over, once all was. */
    private record OneAfterTheOther(List<String> settings) implements OptimizerStrategy {
        @Override
        public String name() {
            return "REPLAY";
        }

        @Override
        public String description() {
            return "Settings of a real tuning, one after the other";
        }

        @Override
        public Search start(SearchSpace space, RandomGenerator random) {
            return new Search() {
                private int asked;

                @Override
                public Candidate ask() {
                    int number = asked++;
                    return number == 0
                            ? space.current().orElseThrow()
                            : Candidate.of(Map.of(SETTING, settings.get((number - 1) % settings.size())));
                }

                @Override
                public void tell(Trial trial) {
                    // The order was fixed beforehand.
                }
            };
        }
    }
}
