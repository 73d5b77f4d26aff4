package dev.understudy.plugins.detectors;

import dev.understudy.spi.Task;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The considered tasks of one type: in the order in which they came, and by their parameters. */
final class TasksOfType {
    /** One task; part of the list of its type's tasks and of that of all tasks, both oldest first. */
    static final class Occurrence {
        final Task task;
        final Variant variant;
        final long epochNanos;

        @Nullable
        Occurrence nextOfType;

        @Nullable
        Occurrence next;

        Occurrence(Task task, Variant variant) {
            this.task = task;
            this.variant = variant;
            epochNanos = epochNanos(task.timestamp());
        }

        private static long epochNanos(Instant time) {
            long seconds = time.getEpochSecond();
            // Nanoseconds in a long reach from 1677 to 2262.
            if (Math.abs(seconds) > 9_000_000_000L) return seconds > 0 ? Long.MAX_VALUE : Long.MIN_VALUE;
            return seconds * 1_000_000_000L + time.getNano();
        }
    }

    final String name;
    private final Map<Map<String, Object>, Variant> variants = new HashMap<>();
    private final Map<Long, TextGroups> texts = new HashMap<>();
    private final Map<String, TextGroups> textKeys = new HashMap<>();
    private final TextMask mask = new TextMask();
    private @Nullable Occurrence oldest;
    private @Nullable Occurrence latest;
    private int size;

    /** Whether tasks came or went since the groups were made. */
    boolean stale;

    /** What was found when the groups were made. */
    List<Group> groups = List.of();

    TasksOfType(String name) {
        this.name = name;
    }

    Occurrence add(Task task, Variant.Reader reader) {
        Variant variant = variants.get(task.parameters());
        if (variant == null) {
            variant = reader.read(this, task.parameters());
            variants.put(task.parameters(), variant);
        }
        variant.count++;
        var occurrence = new Occurrence(task, variant);
        if (latest == null) oldest = occurrence;
        else latest.nextOfType = occurrence;
        latest = occurrence;
        size++;
        return occurrence;
    }

    /** Forgets the oldest task. */
    void removeOldest() {
        Occurrence gone = oldest;
        if (gone == null) return;
        oldest = gone.nextOfType;
        if (oldest == null) latest = null;
        size--;
        if (--gone.variant.count > 0) return;
        variants.remove(gone.variant.parameters);
        gone.variant.release();
    }

    int size() {
        return size;
    }

    @Nullable
    Occurrence oldest() {
        return oldest;
    }

    Collection<Variant> variants() {
        return variants.values();
    }

    /** The free texts of one parameter; {@code key} names it if it is a plain parameter at the top. */
    TextGroups texts(long slot, @Nullable String key) {
        TextGroups found = texts.computeIfAbsent(slot, _ -> new TextGroups());
        if (key != null) textKeys.putIfAbsent(key, found);
        return found;
    }

    /** Mines templates anew where free texts have changed. */
    void mineTexts() {
        if (texts.isEmpty()) return;
        texts.values().removeIf(TextGroups::isEmpty);
        textKeys.values().removeIf(TextGroups::isEmpty);
        for (TextGroups group : texts.values()) group.mine();
    }

    /** The plain parameters at the top that hold free texts. */
    Collection<String> textKeys() {
        return textKeys.keySet();
    }

    long maskedWord(String word) {
        return Hash.of(mask.mask(word));
    }

    /** The tasks of each group, oldest first, by the variants' {@link Variant#group}. */
    void handOut() {
        for (Occurrence o = oldest; o != null; o = o.nextOfType) {
            Group group = o.variant.group;
            if (group != null) group.occurrences.add(o);
        }
    }

    /** All tasks, oldest first. */
    List<Occurrence> occurrences() {
        List<Occurrence> all = new ArrayList<>(size);
        for (Occurrence o = oldest; o != null; o = o.nextOfType) all.add(o);
        return all;
    }
}
