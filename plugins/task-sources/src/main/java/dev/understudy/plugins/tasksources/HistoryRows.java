package dev.understudy.plugins.tasksources;

import dev.understudy.spi.TaskSource.Refusal;
import dev.understudy.spi.TaskSource.RefusedException;
import dev.understudy.spi.TaskSource.Tables;
import dev.understudy.spi.TaskSource.TaskSink;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The rows of a history that is a table of a database. Used by one thread. */
final class HistoryRows {
    /** What later versions of programs have added, and is read where it is there. */
    private static final List<String> ADDED = List.of("deleted_at", "shell", "cwd");

    private final TaskSink sink;
    private long number;

    HistoryRows(TaskSink sink) {
        this.sink = sink;
    }

    /** The values of a row by the names of their columns. */
    record Row(Map<String, @Nullable Object> values) {
        /** A text; empty where there is none. */
        String text(String column) {
            return values.get(column) instanceof String text ? text : "";
        }

        /** A whole number, cut off where it is none. */
        long number(String column, long otherwise) {
            return values.get(column) instanceof Number number ? number.longValue() : otherwise;
        }

        double real(String column) {
            return values.get(column) instanceof Number number ? number.doubleValue() : 0;
        }
    }

    /** The number of the row that was given last, from 1. */
    long number() {
        return number;
    }

    /** @throws RefusedException if the table has not all columns, as another version of the program may write it */
    void read(Tables tables, String table, List<String> needed, List<String> order, Consumer<Row> each)
            throws IOException {
        List<String> known = tables.columns(table);
        List<String> missing =
                needed.stream().filter(column -> !known.contains(column)).toList();
        if (!missing.isEmpty())
            throw new RefusedException(new Refusal(
                    "its table '" + table + "' has no column " + String.join(", ", missing)
                            + ", as every version that is known has",
                    "Tell which program of which version wrote it"));
        var columns = new ArrayList<>(needed);
        for (String added : ADDED) if (known.contains(added) && !columns.contains(added)) columns.add(added);
        tables.rows(table, columns, order, values -> {
            number++;
            var row = new HashMap<String, @Nullable Object>();
            for (int i = 0; i < columns.size(); i++) row.put(columns.get(i), values.get(i));
            try {
                each.accept(new Row(row));
            } catch (ArithmeticException | java.time.DateTimeException e) {
                sink.skip(number, "its time is none");
            }
        });
    }

    /** A time since 1970 in a unit. */
    Instant time(long count, Duration unit) {
        return Instant.EPOCH.plus(unit.multipliedBy(count));
    }
}
