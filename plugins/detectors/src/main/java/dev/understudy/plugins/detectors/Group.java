package dev.understudy.plugins.detectors;

import dev.understudy.plugins.detectors.Cell.Occurrence;
import dev.understudy.plugins.detectors.TasksOfType.Pile;
import dev.understudy.spi.AutomationPotential;
import dev.understudy.spi.PatternDetector.NearMiss;
import dev.understudy.spi.PatternDetector.Settings;
import dev.understudy.spi.Recurrence.Rhythm;
import dev.understudy.spi.Task;
import dev.understudy.spi.TaskPattern;
import dev.understudy.spi.TaskPattern.Observation;
import dev.understudy.spi.TaskPattern.Variable;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Tasks of one type and one shape, on the way to a pattern. */
final class Group {
    /**
     * What a person needs to press one key, averaged over people and texts: the operator K of the keystroke-level model
     * (Card, Moran and Newell, "The Keystroke-Level Model for User Performance Time with Interactive Systems", CACM
     * 23(7), 1980, figure 1, average non-secretary typist).
     */
    private static final Duration KEYSTROKE = Duration.ofMillis(280);

    private static final Comparator<Occurrence> BY_TIME = Comparator.comparingLong(occurrence -> occurrence.epochNanos);

    final List<Pile> piles = new ArrayList<>();
    private List<Occurrence> occurrences = List.of();
    private int size;
    private final String type;
    private final int level;
    private final long shape;
    private final long lengths;
    private @Nullable Found found;

    /** All of a pattern but what depends on when one asks. */
    private record Found(
            String id,
            Duration averageDuration,
            double successRate,
            Map<String, Object> parameters,
            List<Variable> variables,
            List<Observation> observations) {}

    /**
     * Starts an empty group.
     *
     * @param lengths of the word lists of all its tasks ({@link Variant#lengths}), zero if they differ
     */
    Group(String type, int level, long shape, long lengths) {
        this.type = type;
        this.level = level;
        this.shape = shape;
        this.lengths = lengths;
    }

    void add(Pile pile) {
        piles.add(pile);
        size += pile.occurrences().size();
    }

    int size() {
        return size;
    }

    /** The tasks whose word lists have the given lengths. */
    Group ofLengths(long wanted) {
        var part = new Group(type, level, shape, wanted);
        for (Pile pile : piles) if (pile.shape().lengths == wanted) part.add(pile);
        return part;
    }

    /** The tasks whose word lists have other lengths than the given. */
    Group ofOtherLengths(long unwanted) {
        var part = new Group(type, level, shape, 0);
        for (Pile pile : piles) if (pile.shape().lengths != unwanted) part.add(pile);
        return part;
    }

    /** How many tasks have word lists of the same lengths. */
    Map<Long, Integer> tasksByLengths() {
        Map<Long, Integer> tasks = new HashMap<>();
        for (Pile pile : piles)
            tasks.merge(pile.shape().lengths, pile.occurrences().size(), Integer::sum);
        return tasks;
    }

    private void gather() {
        if (piles.size() == 1) occurrences = piles.getFirst().occurrences();
        else {
            occurrences = new ArrayList<>(size);
            for (Pile pile : piles) occurrences.addAll(pile.occurrences());
        }
        for (int i = 1; i < occurrences.size(); i++) {
            if (occurrences.get(i).epochNanos >= occurrences.get(i - 1).epochNanos) continue;
            occurrences.sort(BY_TIME);
            return;
        }
    }

    /** Whether as many tasks as are asked for fall within the time window at least once, or come back by the calendar. */
    boolean repeats(Settings settings, @Nullable CalendarReading calendar) {
        gather();
        return comesInABurst(settings) || (calendar != null && calendar.recurs(times()));
    }

    /** Whether it comes back on days that follow a rule. */
    boolean hasRhythm(CalendarReading calendar) {
        gather();
        return calendar.of(times())
                .filter(recurrence -> recurrence.rhythm() != Rhythm.SOME_DAYS)
                .isPresent();
    }

    private List<Instant> times() {
        List<Instant> times = new ArrayList<>(occurrences.size());
        for (Occurrence occurrence : occurrences) times.add(occurrence.task.timestamp());
        return times;
    }

    private boolean comesInABurst(Settings settings) {
        int min = settings.minOccurrences();
        if (size < min) return false;
        if (settings.timeWindow().isZero()) return true;
        for (int last = min - 1; last < occurrences.size(); last++) {
            Instant from = occurrences.get(last - min + 1).task.timestamp();
            Instant to = occurrences.get(last).task.timestamp();
            if (Duration.between(from, to).compareTo(settings.timeWindow()) <= 0) return true;
        }
        return false;
    }

    /** Finds what varies; false if the tasks have too little in common for a pattern. */
    boolean generalize(@Nullable CalendarReading calendar) {
        Task[] latestFirst = new Task[size];
        boolean plain = true;
        for (int i = 0; i < size; i++) latestFirst[i] = occurrences.get(size - 1 - i).task;
        for (Pile pile : piles) plain &= pile.shape().plain;
        var general = new Generalization(latestFirst, level, plain, calendar);
        if (level == WordShape.LEVELS - 1 && !general.meansSomething()) return false;
        List<Variable> variables = new ArrayList<>();
        for (Column column : general.variables()) variables.add(column.variable(general.nameOf(column)));
        List<Observation> observations = new ArrayList<>();
        for (int row = 0; row < Math.min(size, TaskPattern.MAX_OBSERVATIONS); row++) {
            Map<String, String> bindings = LinkedHashMap.newLinkedHashMap(variables.size());
            for (Column column : general.variables()) bindings.put(general.nameOf(column), column.value(row));
            observations.add(new Observation(latestFirst[row], bindings));
        }
        found = new Found(id(), averageDuration(), successRate(), general.parameters(), variables, observations);
        return true;
    }

    /** The same for the same shape of the same type, whatever the order and number of its tasks. */
    private String id() {
        long hash = Hash.combine(Hash.combine(Hash.of(type), shape), lengths + level);
        String name = Names.identifier(type).replace('_', '-');
        return (name.isEmpty() ? "task" : name.toLowerCase(Locale.ROOT)) + "-"
                + HexFormat.of().toHexDigits(hash, 12);
    }

    private Duration averageDuration() {
        long count = 0;
        double mean = 0;
        for (Occurrence occurrence : occurrences) {
            double seconds = seconds(occurrence.task);
            mean += (seconds - mean) / ++count;
        }
        return Duration.ofNanos((long) (mean * 1e9));
    }

    /** What the task took; where that was not recorded and it was typed, what typing it takes. */
    static double seconds(Task task) {
        Duration duration = task.duration();
        if (duration.isZero() && task.parameters().get(Task.COMMAND) instanceof String command)
            // The key that ends the line counts too.
            return (command.length() + 1) * KEYSTROKE.toMillis() / 1e3;
        return duration.getSeconds() + duration.getNano() / 1e9;
    }

    private double successRate() {
        int succeeded = 0;
        for (Occurrence occurrence : occurrences) if (occurrence.task.success()) succeeded++;
        return succeeded / (double) occurrences.size();
    }

    TaskPattern pattern(Instant asOf, @Nullable CalendarReading calendar) {
        Found known = found;
        if (known == null) throw new IllegalStateException("not generalised: " + type);
        Instant last = occurrences.getLast().task.timestamp();
        return new TaskPattern(
                known.id,
                RepetitiveTaskIdentifier.NAME,
                type,
                occurrences.size(),
                occurrences.getFirst().task.timestamp(),
                last,
                known.averageDuration,
                known.successRate,
                known.parameters,
                known.variables,
                AutomationPotential.of(occurrences.size(), known.averageDuration, Duration.between(last, asOf)),
                known.observations,
                Optional.empty(),
                calendar == null ? Optional.empty() : calendar.of(times()));
    }

    /** How near it came; empty if it is a single task. */
    Optional<NearMiss> nearMiss(Settings settings, Function<Instant, LocalDate> day) {
        if (size < 2) return Optional.empty();
        gather();
        int min = settings.minOccurrences();
        Optional<Duration> shortest = Optional.empty();
        List<Instant> times = times();
        for (int last = min - 1; last < times.size(); last++) {
            Duration span = Duration.between(times.get(last - min + 1), times.get(last));
            if (shortest.isEmpty() || span.compareTo(shortest.get()) < 0) shortest = Optional.of(span);
        }
        int days = Math.toIntExact(times.stream().map(day).distinct().count());
        return Optional.of(new NearMiss(occurrences.getLast().task, size, days, shortest));
    }
}
