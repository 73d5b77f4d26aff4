package dev.understudy.plugins.detectors;

import dev.understudy.plugins.detectors.Cell.Occurrence;
import dev.understudy.plugins.detectors.TasksOfType.Pile;
import dev.understudy.spi.PatternDetector.Detection;
import dev.understudy.spi.PatternDetector.NearMiss;
import dev.understudy.spi.PatternDetector.Settings;
import dev.understudy.spi.Task;
import dev.understudy.spi.TaskPattern;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
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

    private static final int MAX_NEAR_MISSES = 20;

    private final Settings settings;

    /** Below so many no setting makes a pattern of tasks. */
    private final int fewest;

    private final Map<String, TasksOfType> types = new HashMap<>();
    private final Set<TasksOfType> stale = new LinkedHashSet<>();
    private final ParameterShape.Reader reader = new ParameterShape.Reader();
    private @Nullable Occurrence oldest;
    private @Nullable Occurrence latest;
    private @Nullable CalendarReading calendar;
    private int size;

    RepetitionDetection(Settings settings) {
        this.settings = settings;
        int min = settings.minOccurrences();
        fewest = settings.calendar()
                .map(each -> Math.min(min, each.recurringDays()))
                .orElse(min);
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
        readCalendar();
        for (TasksOfType type : stale) {
            type.groups = group(type);
            type.stale = false;
        }
        stale.clear();
        List<TaskPattern> patterns = new ArrayList<>();
        for (TasksOfType type : types.values())
            for (Group group : type.groups) patterns.add(group.pattern(asOf, calendar));
        patterns.sort(Comparator.comparingDouble(
                        (TaskPattern pattern) -> pattern.potential().total())
                .reversed()
                .thenComparing(TaskPattern::id));
        return patterns;
    }

    /** Reads on which days anything was done; where that has changed, every group may be another. */
    private void readCalendar() {
        if (settings.calendar().isEmpty() || stale.isEmpty()) return;
        CalendarReading before = calendar;
        var reading = new CalendarReading(settings.calendar().get());
        for (Occurrence each = oldest; each != null; each = each.next) reading.add(each.task.timestamp());
        calendar = reading;
        if (before == null || !before.activeDays().equals(reading.activeDays()))
            types.values().forEach(this::changed);
    }

    @Override
    public List<NearMiss> nearMisses() {
        CalendarReading reading = calendar;
        List<NearMiss> misses = new ArrayList<>();
        for (TasksOfType type : types.values())
            for (Group rest : type.rest)
                rest.nearMiss(
                                settings,
                                time -> reading == null ? LocalDate.ofInstant(time, ZoneOffset.UTC) : reading.day(time))
                        .ifPresent(misses::add);
        misses.sort(Comparator.comparingInt(NearMiss::days)
                .thenComparingInt(NearMiss::occurrences)
                .reversed()
                .thenComparing(miss -> miss.latest().id()));
        return misses.subList(0, Math.min(misses.size(), MAX_NEAR_MISSES));
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
        Collection<Pile> pool = calendar == null ? type.piles() : withoutRoutines(type, calendar, found);
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
        type.rest = pool.stream()
                .flatMap(pile -> asTyped(type, pile).values().stream())
                .toList();
        return found;
    }

    /**
     * Makes patterns of what is typed the same but for the day, and comes back on days that follow a rule: a person's
     * {@code dbt run --select orders} of each morning is no example of {@code dbt run --select {name}}. Returns the rest.
     */
    private List<Pile> withoutRoutines(TasksOfType type, CalendarReading reading, List<Group> found) {
        List<Pile> rest = new ArrayList<>();
        for (Pile pile : type.piles()) {
            Map<String, Group> asTyped = asTyped(type, pile);
            if (asTyped.size() < 2) {
                rest.add(pile);
                continue;
            }
            List<Occurrence> others = new ArrayList<>();
            for (Group group : asTyped.values()) {
                boolean routine = group.size() >= reading.recurringDays()
                        && group.hasRhythm(reading)
                        && group.generalize(reading);
                if (routine) found.add(group);
                else for (Pile part : group.piles) others.addAll(part.occurrences());
            }
            if (!others.isEmpty()) rest.add(new Pile(pile.shape(), pile.finest(), others));
        }
        return rest;
    }

    /** The tasks of a pile by what was typed, days left out. */
    private static Map<String, Group> asTyped(TasksOfType type, Pile pile) {
        Map<String, List<Occurrence>> byText = new LinkedHashMap<>();
        for (Occurrence occurrence : pile.occurrences())
            byText.computeIfAbsent(
                            occurrence.task.parameters().get(Task.COMMAND) instanceof String command
                                    ? DayTexts.masked(command)
                                    : "",
                            _ -> new ArrayList<>())
                    .add(occurrence);
        Map<String, Group> groups = new LinkedHashMap<>();
        byText.forEach((text, occurrences) -> {
            long shape = Hash.combine(pile.finest(), Hash.of(text));
            var group = new Group(type.name, 0, shape, pile.shape().lengths);
            group.add(new Pile(pile.shape(), pile.finest(), occurrences));
            groups.put(text, group);
        });
        return groups;
    }

    /** Makes patterns of a group if it repeats; returns the piles that are in none. */
    private List<Pile> take(Group group, List<Group> found) {
        if (group.size() < fewest) return group.piles;
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
        boolean made = group.repeats(settings, calendar) && group.generalize(calendar);
        if (made) found.add(group);
        return made;
    }
}
