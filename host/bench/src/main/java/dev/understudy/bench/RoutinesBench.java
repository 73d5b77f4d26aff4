package dev.understudy.bench;

import dev.understudy.plugins.detectors.SequenceDetector;
import dev.understudy.spi.PatternDetector.Settings;
import dev.understudy.spi.Task;
import dev.understudy.spi.TaskPattern;
import dev.understudy.spi.testkit.MadeRecordings;
import dev.understudy.spi.testkit.RoutineScore;
import dev.understudy.spi.testkit.UiRecording;
import dev.understudy.spi.testkit.UiRecording.Noise;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * Whether the routines in recordings of people's work are found, with the executions hidden and a part of the events
 * replaced by noise of three kinds. Nothing was fitted to a recording, so each of the real ones is one that is left out; the
 * thresholds were chosen on the made ones, of which these here are others.
 */
public final class RoutinesBench implements Benchmark {
    private static final List<Double> NOISE = List.of(0.0, 0.2, 0.4);
    private static final int SEEDS = 3;
    private static final int SHUFFLES = 100;
    private static final double GOAL_EXACT = 0.8;
    private static final double GOAL = 0.95;
    private static final double GOAL_WITH_NOISE = 0.9;
    private static final String PUBLISHED = "0.51-0.68 (best selection), 0.89 (clustering 2025, one log)";
    private static final long SEED_OF_MADE = 7_000;

    @Override
    public String name() {
        return "routines";
    }

    @Override
    public String description() {
        return "routines in recordings with 0, 20 and 40 % noise: exact, Jaccard, straddling; beside the published figures";
    }

    @Override
    public void run(Workplace place, Consumer<Row> found) throws IOException {
        List<UiRecording> real = recordings(place.data());
        if (real.isEmpty())
            found.accept(new Row(
                    "real recordings",
                    "jaccard",
                    Double.NaN,
                    Double.NaN,
                    0,
                    Map.of("note", "the data set is not on this machine")));
        for (UiRecording recording : real)
            for (double share : NOISE) found.accept(row(recording.name(), List.of(recording), share));
        if (!real.isEmpty()) for (double share : NOISE) found.accept(row("real recordings", real, share));
        for (int executions : List.of(20, 50, 100))
            for (double share : NOISE)
                found.accept(row(
                        "made, " + executions + " executions", MadeRecordings.all(executions, SEED_OF_MADE), share));
        for (UiRecording recording : real) found.accept(shuffles(recording));
    }

    static List<UiRecording> recordings(Optional<Path> data) throws IOException {
        Optional<Path> folder = data.map(path -> path.resolve("ui-routines")).filter(Files::isDirectory);
        if (folder.isEmpty()) return List.of();
        try (Stream<Path> files = Files.list(folder.get())) {
            List<UiRecording> recordings = new ArrayList<>();
            for (Path file : files.filter(each -> each.toString().endsWith(".csv"))
                    .sorted()
                    .toList()) recordings.add(UiRecording.read(file));
            return recordings;
        }
    }

    /** Over recordings, kinds of noise and seeds: the median and the worst Jaccard coefficient, and the means of the rest. */
    static Row row(String name, List<UiRecording> recordings, double share) {
        List<RoutineScore> scores = new ArrayList<>();
        long nanos = System.nanoTime();
        for (UiRecording recording : recordings)
            for (Noise noise : Noise.values())
                for (int seed = 0; seed < SEEDS; seed++) {
                    if (share == 0 && (seed > 0 || noise != Noise.OF_ITS_OWN)) continue;
                    UiRecording noisy = recording.withNoise(share, noise, seed);
                    scores.add(RoutineScore.of(noisy, find(noisy.events())));
                }
        double millis = (System.nanoTime() - nanos) / 1e6 / scores.size();
        double[] jaccard =
                scores.stream().mapToDouble(RoutineScore::jaccard).sorted().toArray();
        Map<String, Object> extra = new LinkedHashMap<>();
        extra.put("noise", share);
        extra.put("mean", Arrays.stream(jaccard).average().orElse(Double.NaN));
        extra.put("goal", share == 0 ? GOAL : GOAL_WITH_NOISE);
        extra.put("published", share == 0.4 ? PUBLISHED : "");
        extra.put("exact", mean(scores, RoutineScore::exact));
        extra.put("exact_goal", GOAL_EXACT);
        extra.put("executions", mean(scores, RoutineScore::executions));
        extra.put("true", mean(scores, RoutineScore::routines));
        extra.put("shown", mean(scores, RoutineScore::shown));
        extra.put("straddling", mean(scores, RoutineScore::straddling));
        extra.put("millis", Math.round(millis));
        return new Row(
                name + ", " + Math.round(100 * share) + " % noise",
                "jaccard",
                jaccard[jaccard.length / 2],
                jaccard[0],
                scores.size(),
                extra);
    }

    private static double mean(List<RoutineScore> scores, ToDoubleFunction<RoutineScore> figure) {
        return scores.stream().mapToDouble(figure).average().orElse(Double.NaN);
    }

    private static List<TaskPattern> find(List<Task> events) {
        var detection = new SequenceDetector().start(new Settings(3, Duration.ofHours(24), events.size()));
        events.forEach(detection::accept);
        return detection.patterns(events.getLast().timestamp());
    }

    /** In how many random orders of its events a recording shows anything. */
    static Row shuffles(UiRecording recording) {
        int shown = 0;
        for (int shuffle = 0; shuffle < SHUFFLES; shuffle++) {
            List<Task> order = new ArrayList<>(recording.events());
            Collections.shuffle(order, new Random(shuffle));
            List<Task> shuffled = new ArrayList<>();
            for (int at = 0; at < order.size(); at++) {
                Task task = order.get(at);
                shuffled.add(new Task(
                        task.id(),
                        task.type(),
                        "",
                        task.parameters(),
                        recording.events().get(at).timestamp(),
                        task.duration(),
                        true));
            }
            if (!find(shuffled).isEmpty()) shown++;
        }
        return new Row(
                recording.name() + " in shuffled order", "false positives", shown, shown, SHUFFLES, Map.of("goal", 0));
    }
}
