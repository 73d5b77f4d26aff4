package dev.understudy.plugins.detectors;

import dev.understudy.plugins.detectors.Cell.Occurrence;
import dev.understudy.plugins.detectors.TasksOfType.Pile;
import dev.understudy.spi.PatternDetector.Detection;
import dev.understudy.spi.PatternDetector.Settings;
import dev.understudy.spi.Task;
import dev.understudy.spi.TaskPattern;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Groups tasks from fine to coarse.
 *
 * <p>A task's shape is read when it comes. When patterns are asked for, the tasks of each type that has changed are put
 * together by their finest shape; those that do not repeat there are put together by a coarser one, and so on, so that a
 * task belongs to one pattern at most and an unrelated task does not spoil a specific pattern.
 */
public final class RepetitionDetection implements Detection {
    /** Share of a group's tasks from which on those with another number of words do not make it a list. */
    private static final double MAIN_LENGTH_SHARE = 2.0 / 3;

    private final Settings settings;
    private final Map<String, TasksOfType> types = new HashMap<>();
    private final Set<TasksOfType> stale = new LinkedHashSet<>();
    private final ParameterShape.Reader reader = new ParameterShape.Reader();
    private @Nullable Occurrence oldest;
    private @Nullable Occurrence latest;
    private int size;

    RepetitionDetection(Settings settings) {
        this.settings = settings;
    }

    @Override
    public void accept(Task task) {
        TasksOfType type = types.computeIfAbsent(task.type(), TasksOfType::new);
        Occurrence occurrence = type.add(task, reader);
        changed(type);
        if (latest == null) oldest = occurrence;
        else latest.next = occurrence;
        latest = occurrence;
        if (++size > settings.maxTasks()) removeOldest();
    }

    private void removeOldest() {
        Occurrence gone = oldest;
        if (gone == null) return;
        oldest = gone.next;
        if (oldest == null) latest = null;
        size--;
        TasksOfType type = gone.cell.type;
        type.removeOldest(gone.cell);
        changed(type);
        if (type.size() > 0) return;
        types.remove(type.name);
        stale.remove(type);
    }

    private void changed(TasksOfType type) {
        if (type.stale) return;
        type.stale = true;
        stale.add(type);
    }

    @Override
    public List<TaskPattern> patterns(Instant asOf) {
        for (TasksOfType type : stale) {
            type.groups = group(type);
            type.stale = false;
        }
        stale.clear();
        List<TaskPattern> patterns = new ArrayList<>();
        for (TasksOfType type : types.values()) for (Group group : type.groups) patterns.add(group.pattern(asOf));
        patterns.sort(Comparator.comparingDouble(
                        (TaskPattern pattern) -> pattern.potential().total())
                .reversed()
                .thenComparing(TaskPattern::id));
        return patterns;
    }

    /**
     * The ids of the considered tasks by finest shape, where a task that does not repeat is alone. This is the grouping
     * from which {@link #patterns} starts, before it puts together what does not repeat often enough.
     */
    public List<List<String>> finestGroups() {
        List<List<String>> all = new ArrayList<>();
        for (TasksOfType type : types.values()) {
            Map<Long, List<String>> groups = new LinkedHashMap<>();
            for (Pile pile : type.piles()) {
                List<String> ids = groups.computeIfAbsent(pile.finest(), _ -> new ArrayList<>());
                for (Occurrence occurrence : pile.occurrences()) ids.add(occurrence.task.id());
            }
            all.addAll(groups.values());
        }
        return all;
    }

    private List<Group> group(TasksOfType type) {
        List<Group> found = new ArrayList<>();
        if (type.size() < settings.minOccurrences()) return found;
        Collection<Pile> pool = type.piles();
        for (int level = 0; level < WordShape.LEVELS && !pool.isEmpty(); level++) {
            Map<Long, Group> byShape = new HashMap<>();
            List<Pile> rest = new ArrayList<>();
            for (Pile pile : pool) {
                if (level < WordShape.LEVELS - 1 && !pile.shape().isStructured(level)) {
                    rest.add(pile);
                    continue;
                }
                long shape = pile.shapeAt(level);
                Group group = byShape.get(shape);
                if (group == null) {
                    group = new Group(type.name, level, shape, 0);
                    byShape.put(shape, group);
                }
                group.add(pile);
            }
            for (Group group : byShape.values()) rest.addAll(take(group, found));
            pool = rest;
        }
        return found;
    }

    /** Makes patterns of a group if it repeats; returns the piles that are in none. */
    private List<Pile> take(Group group, List<Group> found) {
        if (group.size() < settings.minOccurrences()) return group.piles;
        Map<Long, Integer> byLengths = group.tasksByLengths();
        long main = 0;
        int most = 0;
        for (var entry : byLengths.entrySet()) {
            boolean more = entry.getValue() > most || (entry.getValue() == most && entry.getKey() < main);
            if (!more) continue;
            main = entry.getKey();
            most = entry.getValue();
        }
        boolean isList = byLengths.size() > 1 && most < MAIN_LENGTH_SHARE * group.size();
        if (isList) return makes(group, found) ? List.of() : group.piles;
        boolean made = makes(group.ofLengths(main), found);
        if (byLengths.size() == 1) return made ? List.of() : group.piles;
        if (made) return take(group.ofOtherLengths(main), found);
        return makes(group, found) ? List.of() : group.piles;
    }

    private boolean makes(Group group, List<Group> found) {
        boolean made = group.repeats(settings) && group.generalize();
        if (made) found.add(group);
        return made;
    }
}
