package dev.understudy.plugins.detectors;

import dev.understudy.plugins.detectors.Cell.Occurrence;
import dev.understudy.spi.Task;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The considered tasks of one type by their finest shape. */
final class TasksOfType {
    final String name;
    private final Map<Long, Cell> cells = new HashMap<>();
    private final Map<Long, TextGroups> texts = new HashMap<>();
    private final Map<String, TextGroups> textKeys = new HashMap<>();
    private int size;

    /** Whether tasks came or went since the groups were made. */
    boolean stale;

    /** What was found when the groups were made. */
    List<Group> groups = List.of();

    /** What was in no group then, by what was typed. */
    List<Group> rest = List.of();

    TasksOfType(String name) {
        this.name = name;
    }

    Occurrence add(Task task, ParameterShape.Reader reader) {
        long key = reader.read(this, task);
        Cell cell = cells.get(key);
        if (cell == null) {
            cell = new Cell(this, reader.shape(key));
            cell.shape.hold();
            cells.put(key, cell);
        }
        size++;
        return cell.add(task);
    }

    /** Forgets the oldest task of a cell. */
    void removeOldest(Cell cell) {
        cell.removeOldest();
        size--;
        if (cell.size() > 0) return;
        cells.remove(cell.shape.key);
        cell.shape.release();
    }

    int size() {
        return size;
    }

    /** The free texts of one parameter; {@code key} names it if it is a plain parameter at the top. */
    TextGroups texts(long slot, @Nullable String key) {
        TextGroups found = texts.get(slot);
        if (found == null) {
            found = new TextGroups();
            texts.put(slot, found);
        }
        if (key != null) textKeys.putIfAbsent(key, found);
        return found;
    }

    /**
     * The tasks by finest shape, templates of free texts included.
     *
     * <p>A parameter that holds free texts may hold a text of one word too, and each such word is a template of its own.
     */
    Collection<Pile> piles() {
        texts.values().removeIf(TextGroups::isEmpty);
        textKeys.values().removeIf(TextGroups::isEmpty);
        for (TextGroups group : texts.values()) group.mine();
        if (textKeys.isEmpty()) {
            List<Pile> piles = new ArrayList<>(cells.size());
            for (Cell cell : cells.values()) piles.add(new Pile(cell.shape, cell.shape.at(0), cell.occurrences()));
            return piles;
        }
        var mask = new TextMask();
        Map<Long, Pile> piles = new HashMap<>();
        for (Cell cell : cells.values()) {
            long shape = cell.shape.at(0);
            for (Occurrence occurrence : cell.occurrences()) {
                long finest = cell.shape.hasTexts() ? shape : withWords(shape, occurrence.task, mask);
                piles.computeIfAbsent(
                                Hash.combine(finest, cell.shape.key),
                                _ -> new Pile(cell.shape, finest, new ArrayList<>()))
                        .occurrences()
                        .add(occurrence);
            }
        }
        return piles.values();
    }

    private long withWords(long shape, Task task, TextMask mask) {
        long finest = shape;
        for (String key : textKeys.keySet())
            if (task.parameters().get(key) instanceof String text)
                finest += Hash.combine(Hash.of(key), Hash.of(mask.mask(text)));
        return finest;
    }

    /**
     * Tasks that no level of detail tells apart.
     *
     * @param finest their shape at level 0
     */
    record Pile(ParameterShape shape, long finest, List<Occurrence> occurrences) {
        long shapeAt(int level) {
            return level == 0 ? finest : shape.at(level);
        }
    }
}
