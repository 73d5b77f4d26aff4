package dev.understudy.core.performance;

import dev.understudy.core.config.DataHome;
import dev.understudy.spi.performance.Bottleneck;
import dev.understudy.spi.performance.Degradation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Tells, once, what is new about workflows and processes: a bottleneck, what gets worse, a slow process. What was told is kept in
 * a file, so that a host that starts anew does not repeat it; what has not been found for a week is new when it comes back. Used
 * by one thread at a time.
 */
public final class PerformanceWatch {
    private static final String PERIOD = "30d";
    private static final Duration FORGOTTEN_AFTER = Duration.ofDays(7);

    /** Looked at every few minutes, what is less sure would come by chance every day. */
    private static final double MIN_PROBABILITY = 0.99;

    /** Every workflow waits for one of its steps: that is no news. */
    private static final String EVERYWHERE = "critical_step";

    private final PerformanceHistory history;
    private final Supplier<PerformanceService> service;
    private final Path file;
    private String stamp = "";

    /**
     * What is new about one workflow or process.
     *
     * @param name of it
     * @param findings a line each, the gravest first; at least one
     */
    public record News(String name, List<String> findings) {
        public News {
            findings = List.copyOf(findings);
        }

        /** In one line: the gravest, how many more there are, and where to look. */
        public String text() {
            return findings.getFirst()
                    + (findings.size() > 1 ? ", and " + (findings.size() - 1) + " more" : "")
                    + ": see 'workflows show' of " + name + ", or its page on the dashboard";
        }
    }

    /**
     * @param service asked for anew each time, since plugins come and go
     * @param file in which is kept what was told; its folder exists
     */
    public PerformanceWatch(PerformanceHistory history, Supplier<PerformanceService> service, Path file) {
        this.history = history;
        this.service = service;
        this.file = file;
    }

    /** What is new; takes up to seconds where something was recorded since the last look, and no time otherwise. */
    public List<News> look(Instant now) {
        String found = history.stamp();
        if (found.equals(stamp)) return List.of();
        stamp = found;
        Period period = Period.of(PERIOD, history);
        PerformanceService judge = service.get();
        Map<String, Instant> told = read();
        told.values().removeIf(last -> last.isBefore(now.minus(FORGOTTEN_AFTER)));
        var news = new ArrayList<News>();
        Stream.concat(
                        judge.analyseAll(period.from(), period.to()).stream(),
                        judge.analyseProcesses(period.from(), period.to()).stream())
                .forEach(analysis -> {
                    var fresh = new ArrayList<String>();
                    findings(analysis).forEach((key, text) -> {
                        if (told.put(key, now) == null) fresh.add(text);
                    });
                    if (!fresh.isEmpty()) news.add(new News(analysis.workflow(), fresh));
                });
        write(told);
        return news;
    }

    /** Plugins that failed, one line each: what they would have found is missing. */
    public List<String> problems() {
        return service.get().problems();
    }

    /** What is the matter with one, by what makes it the same at the next look. */
    private static Map<String, String> findings(WorkflowAnalysis analysis) {
        var findings = new LinkedHashMap<String, String>();
        String name = analysis.workflow().replaceAll("[\\t\\r\\n]", " ");
        for (Folded<Degradation> each : analysis.foldedDegradations())
            if (each.strongest().probability() >= MIN_PROBABILITY)
                findings.put(
                        "worse " + each.strongest().series(), each.strongest().description());
        boolean isProcess = analysis.steps().isEmpty();
        double slowMillis = analysis.normal().thresholds().slowProcess().toNanos() / 1e6;
        if (isProcess && analysis.executions().meanMillis() > slowMillis)
            findings.put(
                    "slow " + name,
                    analysis.workflow() + " is slow: "
                            + rounded(analysis.executions().meanMillis()) + " ms on average, more than "
                            + rounded(slowMillis) + " ms");
        for (Folded<Bottleneck> each : Folded.bottlenecks(analysis.bottlenecks().stream()
                .filter(found -> !found.kind().equals(EVERYWHERE))
                .toList()))
            findings.put(
                    "bottleneck " + name + " " + each.strongest().step() + " "
                            + each.strongest().kind(),
                    each.strongest().description());
        return findings;
    }

    private static long rounded(double millis) {
        return Math.round(millis);
    }

    private Map<String, Instant> read() {
        var told = new LinkedHashMap<String, Instant>();
        if (Files.notExists(file)) return told;
        try {
            for (String line : Files.readAllLines(file)) {
                int space = line.indexOf(' ');
                if (space > 0)
                    told.put(
                            line.substring(space + 1), Instant.ofEpochSecond(Long.parseLong(line.substring(0, space))));
            }
        } catch (IOException | NumberFormatException _) {
            // Telling something twice is the lesser evil.
            return new LinkedHashMap<>();
        }
        return told;
    }

    private void write(Map<String, Instant> told) {
        Set<String> lines = new LinkedHashSet<>();
        told.forEach((key, last) -> lines.add(last.getEpochSecond() + " " + key.replaceAll("\\R", " ")));
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            DataHome.createPrivateFile(fresh);
            Files.write(fresh, lines);
            Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
