package dev.understudy.plugins.detectors;

import dev.understudy.spi.Task;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The considered tasks of one type with one finest shape, oldest first. */
final class Cell {
    /** One task; part of the list of its cell's tasks and of that of all tasks, both oldest first. */
    static final class Occurrence {
        final Task task;
        final Cell cell;
        final long epochNanos;

        @Nullable
        Occurrence nextOfCell;

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
    private @Nullable Occurrence oldest;
    private @Nullable Occurrence latest;
    private int size;

    Cell(TasksOfType type, ParameterShape shape) {
        this.type = type;
        this.shape = shape;
    }

    Occurrence add(Task task) {
        var occurrence = new Occurrence(task, this);
        if (latest == null) oldest = occurrence;
        else latest.nextOfCell = occurrence;
        latest = occurrence;
        size++;
        return occurrence;
    }

    void removeOldest() {
        Occurrence gone = oldest;
        if (gone == null) return;
        oldest = gone.nextOfCell;
        if (oldest == null) latest = null;
        size--;
    }

    int size() {
        return size;
    }

    List<Occurrence> occurrences() {
        List<Occurrence> all = new ArrayList<>(size);
        for (Occurrence o = oldest; o != null; o = o.nextOfCell) all.add(o);
        return all;
    }
}
