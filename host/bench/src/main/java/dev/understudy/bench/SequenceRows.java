package dev.understudy.bench;

import dev.understudy.plugins.detectors.SequenceDetector;
import dev.understudy.spi.PatternDetector.Settings;
import dev.understudy.spi.Task;
import dev.understudy.spi.TaskPattern;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * Sequence detection: how fast it is on one core, whether it shows routines where there are none, and how many of those
 * that were planted it finds. Noise is of kinds whose frequency falls as one over their rank (Zipf's law), as the commands
 * of real users do.
 */
final class SequenceRows {
    private static final int EVENTS = 1_000_000;
    private static final double GOAL_EVENTS_PER_SECOND = 500_000;
    private static final int SHUFFLES = 100;
    private static final int HISTORIES = 20;
    private static final int KINDS_OF_NOISE = 80;
    private static final int ROUTINES = 5;
    private static final Instant START = Instant.parse("2026-01-05T08:00:00Z");

    private SequenceRows() {}

    /** Some tasks in their order, and the routines that are among them. */
    private record History(List<Task> tasks, List<List<String>> routines) {}

    static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        rows.add(speed("sequences, latest 10,000 tasks", 10_000));
        rows.add(speed("sequences, all 1,000,000 tasks", EVENTS));
        rows.add(shuffles());
        rows.addAll(planted());
        return rows;
    }

    private static Row speed(String name, int maxTasks) {
        History history = history(new SplittableRandom(7), EVENTS, 0.05);
        var threads = ManagementFactory.getThreadMXBean();
        double[] perSecond = new double[3];
        for (int run = 0; run < perSecond.length; run++) {
            // CPU time, not the clock: the figure is for one core, whatever else this machine does.
            long start = threads.getCurrentThreadCpuTime();
            find(history.tasks, maxTasks);
            perSecond[run] = EVENTS / ((threads.getCurrentThreadCpuTime() - start) / 1e9);
        }
        Arrays.sort(perSecond);
        return new Row(
                name,
                "events/s",
                perSecond[1],
                perSecond[0],
                perSecond.length,
                Map.of("goal", GOAL_EVENTS_PER_SECOND, "note", "of CPU time; taken one at a time, then asked once"));
    }

    private static List<TaskPattern> find(List<Task> tasks, int maxTasks) {
        var detection = new SequenceDetector().start(new Settings(3, Duration.ofHours(24), maxTasks));
        tasks.forEach(detection::accept);
        return detection.patterns(tasks.getLast().timestamp());
    }

    static Row shuffles() {
        List<Task> tasks = history(new SplittableRandom(11), 5_000, 0.1).tasks;
        int shown = 0;
        for (int shuffle = 0; shuffle < SHUFFLES; shuffle++) {
            List<Task> order = new ArrayList<>(tasks);
            Collections.shuffle(order, new Random(shuffle));
            List<Task> shuffled = new ArrayList<>();
            for (int at = 0; at < order.size(); at++)
                shuffled.add(at(order.get(at), tasks.get(at).timestamp()));
            if (!find(shuffled, shuffled.size()).isEmpty()) shown++;
        }
        return new Row("sequences in shuffled order", "false positives", shown, shown, SHUFFLES, Map.of("goal", 0));
    }

    private static Task at(Task task, Instant time) {
        return new Task(
                task.id(), task.type(), task.description(), task.parameters(), time, task.duration(), task.success());
    }

    static List<Row> planted() {
        int planted = 0;
        int recovered = 0;
        int found = 0;
        int right = 0;
        for (int seed = 0; seed < HISTORIES; seed++) {
            History history = history(new SplittableRandom(100 + seed), 3_000, 0.03);
            List<List<String>> sequences = find(history.tasks, history.tasks.size()).stream()
                    .map(pattern -> List.of(pattern.taskType().split(TaskPattern.THEN)))
                    .toList();
            planted += history.routines.size();
            found += sequences.size();
            for (List<String> routine : history.routines) if (sequences.contains(routine)) recovered++;
            for (List<String> sequence : sequences)
                if (history.routines.stream().anyMatch(routine -> isPart(sequence, routine))) right++;
        }
        Map<String, Object> extra = new LinkedHashMap<>();
        extra.put("planted", planted);
        extra.put("found", found);
        extra.put("note", "up to 2 other tasks between steps, 1 in 20 steps left out");
        double precision = right / (double) Math.max(1, found);
        double recall = recovered / (double) planted;
        return List.of(
                new Row("planted sequences, precision", "share", precision, precision, HISTORIES, extra),
                new Row("planted sequences, recall", "share", recall, recall, HISTORIES, extra));
    }

    /** Whether all steps are steps of the other, in its order. */
    private static boolean isPart(List<String> sequence, List<String> whole) {
        int matched = 0;
        for (String step : whole)
            if (matched < sequence.size() && sequence.get(matched).equals(step)) matched++;
        return matched == sequence.size();
    }

    /** @param share of the places in the noise at which a routine begins */
    private static History history(SplittableRandom random, int size, double share) {
        List<List<String>> routines = new ArrayList<>();
        for (int routine = 0; routine < ROUTINES; routine++) {
            List<String> steps = new ArrayList<>();
            int length = 2 + random.nextInt(4);
            for (int step = 0; step < length; step++) steps.add("routine" + routine + "_" + step);
            routines.add(steps);
        }
        List<Task> tasks = new ArrayList<>();
        while (tasks.size() < size) {
            if (random.nextDouble() >= share) {
                addNoise(tasks, random);
                continue;
            }
            String file = "out/site-" + random.nextInt(1000) + ".tgz";
            for (String step : routines.get(random.nextInt(ROUTINES))) {
                while (random.nextInt(4) == 0) addNoise(tasks, random);
                if (random.nextInt(20) > 0) add(tasks, step, file);
            }
        }
        return new History(tasks, routines);
    }

    private static void addNoise(List<Task> tasks, SplittableRandom random) {
        // The rank is e to the power of a uniform number: its probability falls as one over the rank.
        int rank = (int) Math.exp(random.nextDouble() * Math.log(KINDS_OF_NOISE + 1.0));
        add(tasks, "tool" + rank, "notes-" + random.nextInt(30) + ".txt");
    }

    private static void add(List<Task> tasks, String type, String file) {
        Map<String, Object> parameters =
                Map.of(Task.COMMAND, type + " -q " + file, Task.ARGUMENTS, List.of("-q", file));
        tasks.add(new Task(
                "t" + tasks.size(), type, "", parameters, START.plusSeconds(20L * tasks.size()), Duration.ZERO, true));
    }
}
