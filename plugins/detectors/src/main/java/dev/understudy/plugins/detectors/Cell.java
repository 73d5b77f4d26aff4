package dev.understudy.plugins.detectors;

import dev.understudy.spi.Task;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The considered tasks of one type with one finest shape, oldest first. */
final class Cell {
    /** One task; part of its cell and of the list of all tasks, oldest first. */
    static final class Occurrence {
        final Task task;
        final Cell cell;
        final long epochNanos;

        @Nullable
        Occurrence next;

        Occurrence(Task task, Cell cell) {
            this.task = task;
            this.cell = cell;
            Instant time = task.timestamp();
            long seconds = time.getEpochSecond();
            int nanos = time.getNano();
            // Nanoseconds in a long reach from 1677 to 2262.
            epochNanos = Math.abs(seconds) < 9_000_000_000L
                    ? seconds * 1_000_000_000L + nanos
                    : seconds > 0 ? Long.MAX_VALUE : Long.MIN_VALUE;
        }
    }

    final TasksOfType type;
    final ParameterShape shape;

    /** A ring: reading from an array lets the processor load many tasks at once, which a linked list does not. */
    private @Nullable Occurrence[] ring = new Occurrence[1];

    private int head;
    private int size;

    Cell(TasksOfType type, ParameterShape shape) {
        this.type = type;
        this.shape = shape;
    }

    Occurrence add(Task task) {
        var occurrence = new Occurrence(task, this);
        if (size == ring.length) grow();
        ring[(head + size) & (ring.length - 1)] = occurrence;
        size++;
        return occurrence;
    }

    private void grow() {
        @Nullable Occurrence[] larger = new Occurrence[2 * ring.length];
        int first = ring.length - head;
        System.arraycopy(ring, head, larger, 0, first);
        System.arraycopy(ring, 0, larger, first, head);
        ring = larger;
        head = 0;
    }

    void removeOldest() {
        ring[head] = null;
        head = (head + 1) & (ring.length - 1);
        size--;
    }

    int size() {
        return size;
    }

    List<Occurrence> occurrences() {
        List<Occurrence> all = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            Occurrence occurrence = ring[(head + i) & (ring.length - 1)];
            if (occurrence != null) all.add(occurrence);
        }
        return all;
    }
}
