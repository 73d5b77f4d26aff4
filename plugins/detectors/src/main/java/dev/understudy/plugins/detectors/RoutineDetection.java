package dev.understudy.plugins.detectors;

import dev.understudy.plugins.detectors.RoutineFinder.Execution;
import dev.understudy.plugins.detectors.RoutineFinder.Routine;
import dev.understudy.spi.PatternDetector.Settings;
import dev.understudy.spi.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Looks for routines in what was recorded of a person's work step by step. What was typed into a shell is no such
 * recording: there each command is a piece of work by itself, and {@link SequenceMiner} looks at what follows what.
 */
final class RoutineDetection {
    /** How many of the latest events are looked at. */
    private static final int MAX_EVENTS = 20_000;

    /** With so many kinds of events and more, the seldom ones are all the same. */
    private static final int MAX_KINDS = 600;

    private static final int SELDOM = 3;

    /** Of the events from the first execution to the last, the part that must be steps of executions. */
    private static final double LEAST_PART = 0.35;

    private final List<RoutineGroup> routines = new ArrayList<>();
    private final Map<String, Integer> eventById = new HashMap<>();

    /**
     * @param steps what was recorded and not typed, in the order of time
     * @param times when all that was done was done, typed commands too, in order
     * @param chance how probable it may be that a shuffled recording shows any routine at all
     */
    RoutineDetection(
            List<Task> steps,
            List<Instant> times,
            Settings settings,
            Duration longestPause,
            double chance,
            @Nullable CalendarReading calendar) {
        List<Task> recorded = steps.subList(Math.max(0, steps.size() - MAX_EVENTS), steps.size());
        if (recorded.size() < 2 * settings.minOccurrences()) return;
        Task[] tasks = recorded.toArray(Task[]::new);
        long[] hashes = RoutineKinds.of(recorded);
        Map<Long, Integer> counted = new HashMap<>();
        for (long hash : hashes) counted.merge(hash, 1, Integer::sum);
        int seldom = counted.size() > MAX_KINDS ? leastTimes(counted) : SELDOM;
        Map<Long, Integer> numbers = new HashMap<>();
        List<Long> kindHashes = new ArrayList<>(List.of(0L));
        int[] events = new int[tasks.length];
        boolean[] starts = new boolean[tasks.length];
        for (int event = 0; event < tasks.length; event++) {
            starts[event] = event == 0
                    || Duration.between(tasks[event - 1].timestamp(), tasks[event].timestamp())
                                    .compareTo(longestPause)
                            > 0;
            if (counted.getOrDefault(hashes[event], 0) < seldom) continue;
            Integer known = numbers.putIfAbsent(hashes[event], numbers.size() + 1);
            if (known == null) kindHashes.add(hashes[event]);
            events[event] = numbers.getOrDefault(hashes[event], 0);
        }
        int kinds = kindHashes.size();
        int[] counts = new int[kinds];
        for (int event : events) counts[event]++;
        List<Routine> found = RoutineFinder.find(events, starts, kinds, settings.minOccurrences());
        if (!isRecordingOf(found, tasks, times)) return;
        for (Routine routine : found) {
            if (!isSeen(routine, settings.minOccurrences())) continue;
            double logChance = logChance(routine, counts, tasks.length);
            if (logChance > Math.log(chance)) continue;
            double expected = counts[routine.variants().getFirst().kinds()[0]];
            for (int kind : routine.variants().getFirst().kinds()) expected *= counts[kind] / (double) tasks.length;
            var group = new RoutineGroup(
                    tasks,
                    routine,
                    kindHashes.stream().mapToLong(Long::longValue).toArray(),
                    logChance,
                    expected,
                    calendar);
            if (group.repeats(settings)) routines.add(group);
        }
        if (!routines.isEmpty())
            for (int event = 0; event < tasks.length; event++) eventById.put(tasks[event].id(), event);
    }

    /**
     * Whether a good part of what was done between the first and the last execution was executions, of all that was done
     * then, typed commands, too. Where routines are few and far between, {@link SequenceMiner} is the better judge.
     */
    private static boolean isRecordingOf(List<Routine> found, Task[] tasks, List<Instant> times) {
        int from = Integer.MAX_VALUE;
        int to = -1;
        int done = 0;
        for (Routine routine : found)
            for (Execution execution : routine.executions()) {
                from = Math.min(from, execution.from());
                to = Math.max(to, execution.to());
                for (int event : execution.steps()) if (event >= 0) done++;
            }
        if (done == 0) return false;
        Instant first = tasks[from].timestamp();
        Instant last = tasks[to].timestamp();
        long meanwhile = times.stream()
                .filter(time -> !time.isBefore(first) && !time.isAfter(last))
                .count();
        return done >= LEAST_PART * meanwhile;
    }

    /** Whether each step of the commonest variant was recorded in enough executions. */
    private static boolean isSeen(Routine routine, int minOccurrences) {
        for (int kind : routine.variants().getFirst().kinds()) {
            int seen = 0;
            for (Execution execution : routine.executions())
                for (int column = 0; column < execution.steps().length; column++)
                    if (execution.kinds()[column] == kind && execution.steps()[column] >= 0) seen++;
            if (seen < minOccurrences) return false;
        }
        return true;
    }

    private static int leastTimes(Map<Long, Integer> times) {
        List<Integer> sorted = times.values().stream().sorted().toList();
        return Math.max(SELDOM, sorted.get(sorted.size() - MAX_KINDS));
    }

    /** Whether a task is a command that was typed into a shell. */
    static boolean isTyped(Task task) {
        return task.parameters().get(Task.COMMAND) instanceof String
                && task.parameters().get(Task.ARGUMENTS) instanceof List;
    }

    List<RoutineGroup> routines() {
        return routines;
    }

    /** Whether most of some tasks lie in executions of routines, so that they say nothing of their own. */
    boolean explains(Task[] tasks) {
        if (routines.isEmpty()) return false;
        int inside = 0;
        for (Task task : tasks) {
            Integer event = eventById.get(task.id());
            if (event != null && routines.stream().anyMatch(routine -> routine.holds(event))) inside++;
        }
        return 2 * inside >= tasks.length;
    }

    /**
     * A bound of the chance that the steps of a routine are neighbours so often in a random order: the product of those of
     * its pairs of neighbouring steps, each corrected for all pairs that there could be, as {@link ChanceGuard} bounds them.
     */
    private static double logChance(Routine routine, int[] counts, int events) {
        int columns = routine.steps().size();
        double log = 0;
        double pairs = 2 * Math.log(Math.max(2, counts.length));
        for (int column = 1; column < columns; column++) {
            int before = column - 1;
            while (before > 0 && !routine.steps().get(before).main()) before--;
            if (!routine.steps().get(column).main()) continue;
            int first = routine.steps().get(before).kinds()[0];
            int second = routine.steps().get(column).kinds()[0];
            int together = 0;
            for (Execution execution : routine.executions()) {
                int one = execution.steps()[before];
                int other = execution.steps()[column];
                if (one >= 0 && other == one + 1) together++;
            }
            double share = counts[second] / (double) events;
            log += Math.min(0, ChanceGuard.logTail(counts[first], share, together) + pairs);
        }
        return log;
    }
}
