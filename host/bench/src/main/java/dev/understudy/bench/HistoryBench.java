package dev.understudy.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.understudy.core.history.ImportReport;
import dev.understudy.core.history.SecretRedactor;
import dev.understudy.core.history.TaskHistory;
import dev.understudy.core.store.Database;
import dev.understudy.plugins.detectors.RepetitiveTaskIdentifier;
import dev.understudy.plugins.tasksources.BashSource;
import dev.understudy.plugins.tasksources.JsonLinesSource;
import dev.understudy.spi.PatternDetector;
import dev.understudy.spi.PatternDetector.Detection;
import dev.understudy.spi.Task;
import dev.understudy.spi.TaskPattern;
import dev.understudy.spi.TaskSource;
import dev.understudy.spi.testkit.UnixUserHistory;
import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** How fast tasks come in and repetition is found, and what a kept task weighs. */
public final class HistoryBench implements Benchmark {

    private static final int KEPT = 10_000;
    private static final int IMPORTED = 200_000;
    private static final int MILLION = 1_000_000;
    private static final Duration WINDOW = Duration.ofHours(24);

    @Override
    public String name() {
        return "history";
    }

    @Override
    public String description() {
        return "import rate from JSON Lines, time to identify repetition, a million tasks end to end, heap per kept task";
    }

    @Override
    public void run(Workplace place, Consumer<Row> found) throws IOException {
        Path folder = place.folder();
        Path few = GeneratedTasks.write(folder.resolve("few.jsonl"), KEPT);
        // First, while no other measurement has left anything behind that a collection might still free.
        heap(few).forEach(found);
        Path file = GeneratedTasks.write(folder.resolve("tasks.jsonl"), IMPORTED);
        found.accept(importRate("import JSON Lines, generated", file));
        found.accept(unixUsers(folder, place.data()));
        identification(few).forEach(found);
        found.accept(million(folder));
        found.accept(start(folder, few));
        found.accept(redaction(few));
    }

    private static List<TaskSource> sources() {
        return List.of(new JsonLinesSource(), new BashSource());
    }

    private static Detection detection(int maxTasks) {
        return new RepetitiveTaskIdentifier().start(new PatternDetector.Settings(3, WINDOW, maxTasks));
    }

    /** Bytes of a file through parser, redaction, dedupe and index into the detector, on this thread alone. */
    private static Row importRate(String name, Path file) {
        var wall = new ArrayList<Double>();
        var cpu = new ArrayList<Double>();
        for (int round = 0; round < 12; round++) {
            TaskHistory history = TaskHistory.inMemory(sources(), IMPORTED);
            Detection detection = detection(IMPORTED);
            history.feed(detection::accept);
            var watch = new Stopwatch();
            ImportReport report = history.importFile(file);
            // The first rounds run half compiled.
            if (round < 3) continue;
            cpu.add(report.imported() * 1e3 / watch.cpuMillis());
            wall.add(report.imported() * 1e3 / watch.wallMillis());
        }
        return row(
                name,
                "tasks/s",
                wall,
                Order.MORE_IS_BETTER,
                Map.of(
                        "goal",
                        200_000,
                        "per_cpu_second",
                        Math.round(percentile(cpu, 0.5)),
                        "note",
                        "parse, redact, dedupe, index, detect; one thread"));
    }

    private static Row unixUsers(Path folder, Optional<Path> data) throws IOException {
        String name = "import JSON Lines, unix-users";
        Optional<Path> users = data.map(path -> path.resolve("unix-users")).filter(Files::isDirectory);
        if (users.isEmpty())
            return new Row(
                    name, "tasks/s", Double.NaN, Double.NaN, 0, Map.of("note", "the data set is not on this machine"));
        TaskHistory history = TaskHistory.inMemory(sources(), MILLION);
        try (Stream<Path> files = Files.list(users.get())) {
            for (Path user : files.sorted().toList()) {
                String tokens = Files.readString(user, StandardCharsets.ISO_8859_1);
                Path shell = folder.resolve(user.getFileName() + "_history");
                history.importFile(Files.writeString(shell, UnixUserHistory.toShellHistory(tokens)));
            }
        }
        return importRate(name, writeRepeated(folder.resolve("unix-users.jsonl"), history.tasks()));
    }

    /** Writes the tasks again and again, a year apart, until there are enough of them to measure. */
    private static Path writeRepeated(Path file, List<Task> tasks) throws IOException {
        var mapper = new ObjectMapper();
        try (BufferedWriter writer = Files.newBufferedWriter(file)) {
            for (int i = 0; i < IMPORTED; i++) {
                Task task = tasks.get(i % tasks.size());
                long round = i / tasks.size();
                var line = new LinkedHashMap<String, Object>();
                line.put("task_id", task.id() + "-" + round);
                line.put("task_type", task.type());
                line.put("description", task.description());
                line.put("parameters", task.parameters());
                line.put(
                        "timestamp",
                        task.timestamp().plus(Duration.ofDays(365 * round)).toString());
                writer.append(mapper.writeValueAsString(line)).append('\n');
            }
        }
        return file;
    }

    private static List<Row> identification(Path file) {
        TaskHistory history = TaskHistory.inMemory(sources(), KEPT);
        history.importFile(file);
        List<Task> tasks = history.tasks();
        Instant now = tasks.getLast().timestamp();
        var accepting = new Timings();
        var identifying = new Timings();
        List<TaskPattern> patterns = List.of();
        for (int round = 0; round < 60; round++) {
            Detection detection = detection(KEPT);
            var watch = new Stopwatch();
            for (Task task : tasks) detection.accept(task);
            if (round >= 20) accepting.add(watch);
            watch = new Stopwatch();
            patterns = detection.patterns(now);
            if (round >= 20) identifying.add(watch);
        }
        return List.of(
                identifying.row("10,000 tasks identified after import", Map.of("goal", 5, "patterns", patterns.size())),
                accepting.row("10,000 tasks given to the detector", Map.of()));
    }

    private static Row million(Path folder) throws IOException {
        Path file = GeneratedTasks.write(folder.resolve("million.jsonl"), MILLION);
        var timings = new Timings();
        for (int round = 0; round < 3; round++) {
            try (Database database = Database.open(folder.resolve("million" + round + ".db"))) {
                var history = new TaskHistory(database, sources(), KEPT);
                Detection detection = detection(KEPT);
                history.feed(detection::accept);
                var watch = new Stopwatch();
                history.importFile(file);
                detection.patterns(history.tasks().getLast().timestamp());
                timings.add(watch);
            }
        }
        Files.delete(file);
        return timings.row(
                "1,000,000 tasks end to end into SQLite, latest 10,000 kept",
                Map.of("goal", 5000, "note", "parse, redact, dedupe, retain, store, detect"));
    }

    private static Row start(Path folder, Path file) {
        Path store = folder.resolve("start.db");
        try (Database database = Database.open(store)) {
            new TaskHistory(database, sources(), KEPT).importFile(file);
        }
        var timings = new Timings();
        try (Database database = Database.open(store)) {
            for (int round = 0; round < 11; round++) {
                var watch = new Stopwatch();
                int loaded = new TaskHistory(database, sources(), KEPT).tasks().size();
                timings.add(watch);
                if (loaded != KEPT) throw new IllegalStateException("loaded " + loaded + " of " + KEPT + " tasks");
            }
        }
        return timings.row("10,000 tasks loaded at start", Map.of("goal", 100));
    }

    private static Row redaction(Path file) {
        TaskHistory history = TaskHistory.inMemory(sources(), KEPT);
        history.importFile(file);
        List<Task> tasks = history.tasks();
        var redactor = new SecretRedactor();
        var nanosPerTask = new ArrayList<Double>();
        for (int round = 0; round < 60; round++) {
            var watch = new Stopwatch();
            for (Task task : tasks)
                if (!redactor.redact(task).id().equals(task.id()))
                    throw new IllegalStateException("an id was redacted");
            if (round >= 20) nanosPerTask.add(watch.cpuMillis() * 1e6 / tasks.size());
        }
        return row("redaction of a task", "ns of CPU", nanosPerTask, Order.LESS_IS_BETTER, Map.of("goal", 1000));
    }

    private static List<Row> heap(Path file) {
        long empty = usedBytes();
        TaskHistory history = TaskHistory.inMemory(sources(), KEPT);
        history.importFile(file);
        double alone = (usedBytes() - empty) / (double) KEPT;
        Detection detection = detection(KEPT);
        history.feed(detection::accept);
        double withDetector = (usedBytes() - empty) / (double) KEPT;
        // Both are reached from here, so that neither was collected before it was measured.
        if (history.tasks().size() != KEPT || detection.patterns(Instant.EPOCH).isEmpty())
            throw new IllegalStateException("the history or its patterns are gone");
        return List.of(
                new Row("heap per kept task", "bytes", alone, alone, 1, Map.of("goal", 1024)),
                new Row("heap per kept task with the detector", "bytes", withDetector, withDetector, 1, Map.of()));
    }

    private static long usedBytes() {
        var memory = ManagementFactory.getMemoryMXBean();
        long used = Long.MAX_VALUE;
        // Collecting goes on until it frees nothing more.
        while (true) {
            System.gc();
            long now = memory.getHeapMemoryUsage().getUsed();
            if (now >= used - 10_000) return now;
            used = now;
        }
    }

    /** Wall time, and the processor time of this thread, which other programs on the machine disturb less. */
    private static final class Stopwatch {
        private final long cpuStart = cpuNanos();
        private final long start = System.nanoTime();

        double wallMillis() {
            return (System.nanoTime() - start) / 1e6;
        }

        double cpuMillis() {
            return (cpuNanos() - cpuStart) / 1e6;
        }

        private static long cpuNanos() {
            return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        }
    }

    private static final class Timings {
        private final List<Double> wall = new ArrayList<>();
        private final List<Double> cpu = new ArrayList<>();

        void add(Stopwatch watch) {
            wall.add(watch.wallMillis());
            cpu.add(watch.cpuMillis());
        }

        Row row(String name, Map<String, Object> extra) {
            var all = new HashMap<>(extra);
            all.put("cpu_ms", percentile(cpu, 0.5));
            return HistoryBench.row(name, "ms", wall, Order.LESS_IS_BETTER, all);
        }
    }

    private enum Order {
        MORE_IS_BETTER,
        LESS_IS_BETTER
    }

    /** The 99th percentile is the bad end, whichever that is. */
    private static Row row(String name, String unit, List<Double> values, Order order, Map<String, Object> extra) {
        double bad = percentile(values, order == Order.LESS_IS_BETTER ? 0.99 : 0.01);
        return new Row(name, unit, percentile(values, 0.5), bad, values.size(), new HashMap<>(extra));
    }

    private static double percentile(List<Double> values, double share) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return sorted[(int) Math.round(share * (sorted.length - 1))];
    }
}
