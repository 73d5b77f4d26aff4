package dev.understudy.plugins.detectors;

import dev.understudy.plugins.detectors.SequenceMiner.Found;
import dev.understudy.spi.PatternDetector.Detection;
import dev.understudy.spi.PatternDetector.Settings;
import dev.understudy.spi.Task;
import dev.understudy.spi.TaskPattern;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the latest tasks with their kinds; looks for sequences in them when it is asked.
 *
 * <p>Taking a task costs the reading of its kind. Looking costs a few passes over the tasks that are kept, at most
 * {@link Settings#maxTasks}, however many there have been.
 */
public final class SequenceDetection implements Detection {
    /** A longer pause between two tasks ends what belongs together. */
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

    /** How many events further the next step may be: the very next, with one between, with up to four between. */
    private static final int[] REACHES = {1, 2, 5};

    private static final Comparator<Event> BY_TIME = Comparator.comparing(event -> event.task.timestamp());

    private final Settings settings;
    private final double chance;
    private final EventReader reader = new EventReader();
    private final ArrayDeque<Event> latest = new ArrayDeque<>();
    private List<SequenceGroup> groups = List.of();
    private List<RoutineGroup> routines = List.of();
    private int typed;
    private boolean stale;

    /** @param typed noted as it comes: a million tasks that were read long ago are slow to look into again */
    private record Event(Task task, EventReader.EventKinds kinds, boolean typed) {}

    /** @param chance how probable it may be that a shuffled history shows any sequence at all */
    SequenceDetection(Settings settings, double chance) {
        this.settings = settings;
        this.chance = chance;
    }

    @Override
    public void accept(Task task) {
        var event = new Event(task, reader.read(task), RoutineDetection.isTyped(task));
        latest.add(event);
        if (event.typed) typed++;
        if (latest.size() > settings.maxTasks() && latest.remove().typed) typed--;
        stale = true;
    }

    @Override
    public List<TaskPattern> patterns(Instant asOf) {
        if (stale) groups = find();
        stale = false;
        List<TaskPattern> patterns = new ArrayList<>();
        for (SequenceGroup group : groups) patterns.add(group.pattern(asOf));
        for (RoutineGroup routine : routines) patterns.add(routine.pattern(asOf));
        patterns.sort(Comparator.comparingDouble(
                        (TaskPattern pattern) -> -pattern.potential().total())
                .thenComparingDouble(pattern -> -pattern.averageDuration().toNanos() / 1e9 * pattern.occurrences())
                .thenComparing(TaskPattern::id));
        return patterns;
    }

    private List<SequenceGroup> find() {
        Event[] events = inOrder();
        int[] lastInSession = lastInSession(events);
        EventOrder broad = order(events, event -> event.kinds.broad(), lastInSession);
        EventOrder narrow = order(events, event -> event.kinds.narrow(), lastInSession);
        List<EventOrder> orders = broad.sameKinds(narrow) ? List.of(broad) : List.of(broad, narrow);
        var selection = new SequenceSelection(settings.minOccurrences(), Math.log(chance));
        for (EventOrder order : orders) {
            var guard = new ChanceGuard(order, settings.minOccurrences(), orders.size() * REACHES.length);
            int[][] places = order.places();
            List<Found> found = new ArrayList<>();
            for (int reach : REACHES)
                found.addAll(new SequenceMiner(order, guard, settings.minOccurrences(), reach, chance).mine(places));
            selection.add(order, guard, places, found);
        }
        CalendarReading calendar = settings.calendar().map(CalendarReading::new).orElse(null);
        if (calendar != null) for (Event event : latest) calendar.add(event.task.timestamp());
        RoutineDetection recorded = recorded(calendar);
        routines = recorded.routines();
        List<SequenceGroup> made = new ArrayList<>();
        for (SequenceSelection.Kept kept : selection.select()) {
            var group = new SequenceGroup(kept.guard().expected(kept.sequence(), kept.reach()), kept.logChance());
            int explained = 0;
            for (int[] places : kept.places()) {
                Task[] tasks = new Task[places.length];
                for (int step = 0; step < tasks.length; step++) tasks[step] = events[places[step]].task;
                group.add(tasks);
                if (recorded.explains(tasks)) explained++;
            }
            if (2 * explained >= kept.places().length) continue;
            boolean isBroad = kept.order() == broad;
            long id = isBroad ? 1 : 2;
            for (int place : kept.places()[0])
                id = Hash.combine(id, isBroad ? events[place].kinds.broad() : events[place].kinds.narrow());
            if (group.repeats(settings, calendar)) made.add(group.withId(id));
        }
        return made;
    }

    /** In a recording of single steps the same one again at once is a step as good as any. */
    private RoutineDetection recorded(@Nullable CalendarReading calendar) {
        List<Event> all = typed == latest.size()
                ? List.of()
                : latest.stream().sorted(BY_TIME).toList();
        List<Task> steps = all.stream()
                .filter(event -> !event.typed)
                .map(event -> event.task)
                .toList();
        List<Instant> times = all.stream().map(event -> event.task.timestamp()).toList();
        return new RoutineDetection(steps, times, settings, LONGEST_PAUSE, chance, calendar);
    }

    /** The tasks in the order of time; the same task done again at once, as when a person retries it, is the last of them. */
    private Event[] inOrder() {
        Event[] all = latest.toArray(Event[]::new);
        Arrays.sort(all, BY_TIME);
        int size = 0;
        for (Event event : all) {
            if (size > 0 && isSame(all[size - 1], event)) size--;
            all[size++] = event;
        }
        return Arrays.copyOf(all, size);
    }

    private static boolean isSame(Event one, Event other) {
        return one.kinds.narrow() == other.kinds.narrow()
                && one.task.type().equals(other.task.type())
                && one.task.parameters().equals(other.task.parameters());
    }

    private static EventOrder order(Event[] events, ToLongFunction<Event> kind, int[] lastInSession) {
        Map<Long, Integer> numbers = new HashMap<>();
        int[] symbols = new int[events.length];
        int[] counts = new int[16];
        for (int at = 0; at < events.length; at++) {
            int next = numbers.size();
            Integer known = numbers.putIfAbsent(kind.applyAsLong(events[at]), next);
            symbols[at] = known == null ? next : known;
            if (symbols[at] == counts.length) counts = Arrays.copyOf(counts, 2 * counts.length);
            counts[symbols[at]]++;
        }
        return new EventOrder(symbols, Arrays.copyOf(counts, numbers.size()), lastInSession);
    }

    /** By event, the last one that no long pause separates from it. */
    private static int[] lastInSession(Event[] events) {
        int[] last = new int[events.length];
        for (int at = events.length - 1; at >= 0; at--) {
            boolean ends = at == events.length - 1
                    || Duration.between(events[at].task.timestamp(), events[at + 1].task.timestamp())
                                    .compareTo(LONGEST_PAUSE)
                            > 0;
            last[at] = ends ? at : last[at + 1];
        }
        return last;
    }
}
