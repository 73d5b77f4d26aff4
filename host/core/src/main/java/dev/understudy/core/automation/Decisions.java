package dev.understudy.core.automation;

import dev.understudy.spi.AutomationPotential.Experience;
import dev.understudy.spi.TaskPattern;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What people decided about automations and what those saved, and what that says of like patterns.
 *
 * <p>For an automation speak its approval by a person (1) and each ten minutes that its runs saved (1, at most 3); against
 * it each rejection (1), its retirement (1) and each ten minutes that its runs lost (1, at most 3). A rejection counts until its
 * pattern's evidence has grown by half ({@link #hasGrown}). That counts whole for the pattern it was made for, and by half of
 * the Jaccard coefficient of their steps' types for like ones, which have at least two thirds of these types in common; {@link
 * Experience} turns it into a part of the potential.
 */
public final class Decisions {
    /** Rejected so often, a pattern is not proposed any more until its evidence has grown. */
    static final int MAX_REJECTIONS = 2;

    private static final Duration COUNTS_ONCE = Duration.ofMinutes(10);
    private static final double MOST_BY_TIME = 3;
    private static final double LIKE = 2.0 / 3;
    private static final double WEIGHT_OF_LIKE = 0.5;

    private final List<Decided> decided;

    Decisions(List<Decided> decided) {
        this.decided = List.copyOf(decided);
    }

    /**
     * What was decided about one automation.
     *
     * @param taskType of the pattern that it was made for
     * @param occurrences of that pattern, when it was last found
     * @param rejectedOccurrences the same when it was last rejected; 0 if it never was
     */
    record Decided(
            String patternId,
            String taskType,
            int occurrences,
            boolean approved,
            int rejections,
            int rejectedOccurrences,
            AutomationState state,
            Duration timeSaved) {
        /** Whether the pattern is not proposed as it stands, since it was rejected too often. */
        boolean restsAt(int occurrencesNow) {
            return state == AutomationState.REJECTED
                    && rejections >= MAX_REJECTIONS
                    && !hasGrown(occurrencesNow, rejectedOccurrences);
        }

        private boolean retired() {
            return state == AutomationState.RETIRED;
        }
    }

    /** Whether a pattern has been seen at least half as often again since it was rejected. */
    static boolean hasGrown(int occurrences, int rejectedOccurrences) {
        return occurrences >= occurrencesToGrow(rejectedOccurrences);
    }

    static int occurrencesToGrow(int rejectedOccurrences) {
        return Math.ceilDiv(3 * rejectedOccurrences, 2);
    }

    /** The patterns with their potentials moved by what was decided about them and their like, in the same order. */
    public List<TaskPattern> applied(List<TaskPattern> patterns) {
        if (decided.isEmpty()) return patterns;
        var found = new HashMap<String, TaskPattern>();
        for (TaskPattern each : patterns) found.put(each.id(), each);
        return patterns.stream()
                .map(each -> each.with(each.potential().with(experience(each, found))))
                .toList();
    }

    private Experience experience(TaskPattern pattern, Map<String, TaskPattern> found) {
        int approvals = 0;
        int rejections = 0;
        int retirements = 0;
        var saved = Duration.ZERO;
        double inFavour = 0;
        double against = 0;
        for (Decided each : decided) {
            TaskPattern other = found.get(each.patternId());
            double weight = likeness(pattern, each, other == null ? each.taskType() : other.taskType());
            if (weight == 0) continue;
            int counted = hasGrown(other == null ? each.occurrences() : other.occurrences(), each.rejectedOccurrences())
                    ? 0
                    : each.rejections();
            double byTime = Math.clamp(
                    each.timeSaved().toMillis() / (double) COUNTS_ONCE.toMillis(), -MOST_BY_TIME, MOST_BY_TIME);
            approvals += each.approved() ? 1 : 0;
            rejections += counted;
            retirements += each.retired() ? 1 : 0;
            saved = saved.plus(each.timeSaved());
            inFavour += weight * ((each.approved() ? 1 : 0) + Math.max(0, byTime));
            against += weight * (counted + (each.retired() ? 1 : 0) + Math.max(0, -byTime));
        }
        return new Experience(approvals, rejections, retirements, saved, inFavour, against);
    }

    private static double likeness(TaskPattern pattern, Decided decided, String taskType) {
        if (pattern.id().equals(decided.patternId())) return 1;
        Set<String> types = types(pattern.taskType());
        Set<String> others = types(taskType);
        var common = new HashSet<>(types);
        common.retainAll(others);
        var all = new HashSet<>(types);
        all.addAll(others);
        double jaccard = common.size() / (double) all.size();
        return jaccard >= LIKE ? WEIGHT_OF_LIKE * jaccard : 0;
    }

    private static Set<String> types(String taskType) {
        return new HashSet<>(List.of(taskType.split(TaskPattern.THEN)));
    }
}
