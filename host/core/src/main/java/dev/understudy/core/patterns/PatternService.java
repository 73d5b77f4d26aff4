package dev.understudy.core.patterns;

import dev.understudy.core.config.Config;
import dev.understudy.core.plugin.PluginHost.Provided;
import dev.understudy.spi.PatternDetector;
import dev.understudy.spi.Task;
import dev.understudy.spi.TaskPattern;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Gives every task to every detector once, and merges what they find. Safe for use by several threads.
 *
 * <p>A detector that fails is left out from then on, and named; the others go on. The detections hold their plugins'
 * classes: make a new service when plugins change.
 */
public final class PatternService {
    private final Config.RepetitiveTaskDetection detection;
    private final List<Running> running = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    /**
     * Starts all detectors.
     *
     * @param zone in which days begin and end
     */
    public PatternService(List<Provided<PatternDetector>> detectors, Config config, ZoneId zone) {
        detection = config.repetitiveTaskDetection();
        var settings = new PatternDetector.Settings(
                detection.minOccurrences(),
                detection.timeWindow(),
                config.history().maxTasks(),
                Optional.of(new PatternDetector.Calendar(detection.recurringDays(), zone)));
        for (Provided<PatternDetector> detector : detectors)
            guard(
                    detector,
                    () -> running.add(new Running(detector, detector.extension().start(settings))));
    }

    /** Takes the next task. */
    public synchronized void accept(Task task) {
        forEach(each -> each.detection.accept(task));
    }

    /** What repeats, highest automation potential first, then what took longest in all; no id twice. */
    public synchronized List<TaskPattern> patterns(Instant asOf) {
        var byId = new LinkedHashMap<String, TaskPattern>();
        forEach(each -> {
            for (TaskPattern pattern : each.detection.patterns(asOf)) byId.putIfAbsent(pattern.id(), pattern);
        });
        return byPotential(byId.values());
    }

    /** Highest automation potential first, then what took longest in all. */
    public static List<TaskPattern> byPotential(Collection<TaskPattern> patterns) {
        return patterns.stream()
                .sorted(Comparator.comparingDouble(
                                (TaskPattern pattern) -> pattern.potential().total())
                        .reversed()
                        .thenComparing(
                                Comparator.comparing(PatternService::totalTime).reversed())
                        .thenComparing(TaskPattern::id))
                .toList();
    }

    /** What comes nearest to repeating often enough, nearest first, each with the setting that would show it. */
    public synchronized List<Nearest> nearest() {
        var found = new ArrayList<Nearest>();
        forEach(each -> each.detection.nearMisses().stream()
                .map(miss -> Nearest.of(miss, detection))
                .flatMap(Optional::stream)
                .forEach(found::add));
        return List.copyOf(found);
    }

    /** The time that all occurrences took together, which tells apart those whose potential is full. */
    private static Duration totalTime(TaskPattern pattern) {
        return pattern.averageDuration().multipliedBy(pattern.occurrences());
    }

    /** Detectors that failed, one line each. */
    public synchronized List<String> problems() {
        return List.copyOf(problems);
    }

    private void forEach(Consumer<Running> action) {
        for (Running each : List.copyOf(running)) {
            if (!guard(each.detector, () -> action.accept(each))) running.remove(each);
        }
    }

    private boolean guard(Provided<PatternDetector> detector, Runnable call) {
        try {
            call.run();
            return true;
        } catch (RuntimeException | LinkageError e) {
            String cause = e.getClass().getSimpleName() + (e.getMessage() == null ? "" : ": " + e.getMessage());
            problems.add("the detector " + detector.name() + " of the plugin " + detector.pluginId() + " failed: "
                    + cause.replaceAll("\\R+", " "));
            return false;
        }
    }

    private record Running(Provided<PatternDetector> detector, PatternDetector.Detection detection) {}
}
