package dev.understudy.core.patterns;

import dev.understudy.spi.PatternDetector;
import dev.understudy.spi.Task;
import dev.understudy.spi.TaskPattern;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs all detectors over the tasks, each task once. Safe for use by several threads.
 *
 * <p>A detector that throws is left out from then on, and {@link #problems} names it; the others carry on.
 */
public final class PatternService {
    private final Map<String, PatternDetector.Detection> detections = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();
    private @Nullable Instant newest;

    public PatternService(List<PatternDetector> detectors, PatternDetector.Settings settings) {
        for (PatternDetector detector : detectors)
            guarded(detector.name(), () -> detections.put(detector.name(), detector.start(settings)));
    }

    /** Takes one more task, in the order of time stamps as far as may be. */
    public synchronized void accept(Task task) {
        if (newest == null || task.timestamp().isAfter(newest)) newest = task.timestamp();
        // A copy, since a detector that throws is taken out on the way.
        for (Map.Entry<String, PatternDetector.Detection> detection : List.copyOf(detections.entrySet()))
            guarded(detection.getKey(), () -> detection.getValue().accept(task));
    }

    /**
     * What repeats, highest automation potential first.
     *
     * <p>Recency counts from the newest task, not from now: a history that was imported long after it was made has the
     * same patterns as on its last day.
     */
    public synchronized List<TaskPattern> patterns() {
        if (newest == null) return List.of();
        Instant asOf = newest;
        var found = new LinkedHashMap<String, TaskPattern>();
        for (Map.Entry<String, PatternDetector.Detection> detection : List.copyOf(detections.entrySet())) {
            guarded(detection.getKey(), () -> {
                for (TaskPattern pattern : detection.getValue().patterns(asOf))
                    found.putIfAbsent(pattern.id(), pattern);
            });
        }
        return found.values().stream()
                .sorted(Comparator.comparingDouble(
                                (TaskPattern pattern) -> pattern.potential().total())
                        .reversed()
                        .thenComparing(TaskPattern::id))
                .toList();
    }

    /** Detectors that were left out, and why, one line each. */
    public synchronized List<String> problems() {
        return List.copyOf(problems);
    }

    // A plugin may throw anything, linkage errors of a half-replaced jar included.
    private void guarded(String name, Runnable call) {
        try {
            call.run();
        } catch (RuntimeException | LinkageError e) {
            detections.remove(name);
            problems.add("the detector '" + name + "' was left out: " + e);
        }
    }
}
