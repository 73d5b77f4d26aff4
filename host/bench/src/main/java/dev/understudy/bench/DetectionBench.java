package dev.understudy.bench;

import dev.understudy.plugins.detectors.RepetitionDetection;
import dev.understudy.plugins.detectors.RepetitiveTaskIdentifier;
import dev.understudy.spi.PatternDetector;
import dev.understudy.spi.Task;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * How well the detectors work: what varies is told apart as by the grouping accuracy on logs of which the templates are
 * known, and sequences are found (see {@link SequenceRows}).
 *
 * <p>Each line is a task with one parameter, the text. A line counts as right if its group holds exactly the lines of its
 * true template (Zhu et al., "Tools and Benchmarks for Automated Log Parsing", ICSE-SEIP 2019, section 3.3).
 */
public final class DetectionBench implements Benchmark {
    /** The published grouping accuracy of the log parser Drain, from table II of that paper. */
    private static final Map<String, Double> DRAIN =
            Map.of("Apache", 1.0, "HDFS", 0.998, "OpenSSH", 0.788, "Linux", 0.690);

    private static final double DRAIN_AVERAGE_OF_ALL_SYSTEMS = 0.865;
    private static final double GOAL = 0.90;
    private static final double GOAL_ON_AVERAGE = 0.97;
    private static final String UNIT = "grouping accuracy";

    /** A line of a log with the id of its true template. */
    private record Line(String text, String template) {}

    @Override
    public String name() {
        return "detection";
    }

    @Override
    public String description() {
        return "grouping accuracy on logs with known templates, beside the published figures of Drain; sequences";
    }

    @Override
    public void run(Workplace place, Consumer<Row> found) throws IOException {
        logs(place.data()).forEach(found);
        SequenceRows.rows().forEach(found);
    }

    static List<Row> logs(Optional<Path> data) throws IOException {
        Optional<Path> folder = data.map(path -> path.resolve("log-templates")).filter(Files::isDirectory);
        if (folder.isEmpty())
            return List.of(new Row(
                    "all systems",
                    UNIT,
                    Double.NaN,
                    Double.NaN,
                    0,
                    Map.of("note", "the data set is not on this machine")));
        List<Path> files;
        try (Stream<Path> listed = Files.list(folder.get())) {
            files = listed.filter(file -> file.toString().endsWith(".csv"))
                    .sorted()
                    .toList();
        }
        List<Row> rows = new ArrayList<>();
        for (Path file : files) rows.add(system(file));
        double average = rows.stream().mapToDouble(Row::p50).average().orElse(Double.NaN);
        rows.add(new Row(
                "average",
                UNIT,
                average,
                average,
                rows.size(),
                Map.of(
                        "goal",
                        GOAL_ON_AVERAGE,
                        "drain",
                        DRAIN_AVERAGE_OF_ALL_SYSTEMS,
                        "note",
                        "Drain's is the average over LogHub's 16 systems")));
        return rows;
    }

    private static Row system(Path file) throws IOException {
        String system = file.getFileName().toString().replaceAll("(_2k.*)?\\.csv$", "");
        List<Line> lines = read(file);
        long start = System.nanoTime();
        List<List<String>> groups = group(lines);
        double millis = (System.nanoTime() - start) / 1e6;
        double accuracy = accuracyOf(lines, groups);
        Map<String, Object> extra = new LinkedHashMap<>();
        extra.put("goal", GOAL);
        Double drain = DRAIN.get(system);
        if (drain != null) extra.put("drain", drain);
        extra.put("lines", lines.size());
        extra.put("groups", groups.size());
        extra.put("templates", lines.stream().map(Line::template).distinct().count());
        extra.put("millis", Math.round(millis));
        return new Row(system, UNIT, accuracy, accuracy, 1, extra);
    }

    private static List<Line> read(Path file) throws IOException {
        List<List<String>> records = Csv.records(Files.readString(file, StandardCharsets.UTF_8));
        List<String> header = records.getFirst();
        int content = header.indexOf("Content");
        int event = header.indexOf("EventId");
        if (content < 0 || event < 0)
            throw new IOException(file + " has the columns " + header + ", but needs Content and EventId.");
        List<Line> lines = new ArrayList<>();
        for (List<String> each : records.subList(1, records.size()))
            lines.add(new Line(each.get(content), each.get(event)));
        return lines;
    }

    /** The numbers of the lines, group by group, as the detector has them. */
    private static List<List<String>> group(List<Line> lines) {
        var settings = new PatternDetector.Settings(2, Duration.ZERO, Math.max(1, lines.size()));
        RepetitionDetection detection = new RepetitiveTaskIdentifier().start(settings);
        for (int i = 0; i < lines.size(); i++)
            detection.accept(new Task(
                    Integer.toString(i),
                    "log line",
                    "",
                    Map.of("message", lines.get(i).text()),
                    Instant.EPOCH.plusSeconds(i),
                    Duration.ZERO,
                    true));
        return detection.finestGroups();
    }

    /** The share of lines whose group is the set of lines of their template. */
    static double accuracy(List<String> templates, List<List<String>> groups) {
        Map<String, Set<String>> truth = new HashMap<>();
        for (int i = 0; i < templates.size(); i++)
            truth.computeIfAbsent(templates.get(i), _ -> new HashSet<>()).add(Integer.toString(i));
        Set<Set<String>> trueGroups = new HashSet<>(truth.values());
        long right = 0;
        for (List<String> group : groups) if (trueGroups.contains(new HashSet<>(group))) right += group.size();
        return right / (double) templates.size();
    }

    private static double accuracyOf(List<Line> lines, List<List<String>> groups) {
        return accuracy(lines.stream().map(Line::template).toList(), groups);
    }
}
