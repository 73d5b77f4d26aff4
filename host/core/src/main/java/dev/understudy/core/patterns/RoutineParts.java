package dev.understudy.core.patterns;

import dev.understudy.spi.Task;
import dev.understudy.spi.TaskPattern;
import dev.understudy.spi.TaskPattern.Observation;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Single tasks that repeat because they are steps of a routine: they say nothing that the routine does not say. */
public final class RoutineParts {
    private static final double NEARLY_ALL = 0.9;

    private RoutineParts() {}

    /**
     * The ids of patterns of single tasks of which nearly all, since the first execution that is known in detail, were done
     * while a routine was.
     */
    public static Set<String> of(List<TaskPattern> patterns) {
        List<TaskPattern> routines = patterns.stream()
                .filter(pattern -> pattern.sequence()
                        .flatMap(TaskPattern.Sequence::routine)
                        .isPresent())
                .toList();
        Set<String> parts = new HashSet<>();
        for (TaskPattern pattern : patterns)
            if (pattern.sequence().isEmpty() && isPart(pattern, routines)) parts.add(pattern.id());
        return parts;
    }

    private static boolean isPart(TaskPattern pattern, List<TaskPattern> routines) {
        for (TaskPattern routine : routines) {
            Instant since = routine.observations().getLast().task().timestamp();
            int all = 0;
            int inside = 0;
            for (Observation observation : pattern.observations()) {
                Instant time = observation.task().timestamp();
                if (time.isBefore(since)) continue;
                all++;
                if (routine.observations().stream().anyMatch(execution -> holds(execution.task(), time))) inside++;
            }
            if (all > 0 && inside >= NEARLY_ALL * all) return true;
        }
        return false;
    }

    private static boolean holds(Task execution, Instant time) {
        return !time.isBefore(execution.timestamp())
                && !time.isAfter(execution.timestamp().plus(execution.duration()));
    }
}
