package dev.understudy.core.history;

import dev.understudy.core.store.Database;
import dev.understudy.spi.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.statement.PreparedBatch;

/** The table of tasks. */
final class TaskStore {

    private static final int BATCH_SIZE = 1000;

    private final Database database;

    TaskStore(Database database) {
        this.database = database;
    }

    /** Reads all tasks, oldest first. */
    List<Task> load() {
        return loadAfter(0);
    }

    /** Reads the tasks whose row is later, oldest first. */
    List<Task> loadAfter(long lastRow) {
        var json = new ParameterJson();
        return database.read(handle -> handle.createQuery("SELECT id, type, description, parameters, started_second,"
                        + " started_nano, duration_second, duration_nano, success FROM tasks WHERE rowid > ?"
                        + " ORDER BY started_second, started_nano, rowid")
                .bind(0, lastRow)
                .setFetchSize(BATCH_SIZE)
                .map((row, _) -> {
                    Map<String, Object> parameters = json.read(row.getString(4));
                    String description = row.getString(3);
                    // Most descriptions are the command; the two share their text then.
                    Object command = parameters.get(Task.COMMAND);
                    return new Task(
                            row.getString(1),
                            json.shared(row.getString(2)),
                            command instanceof String text && text.equals(description) ? text : description,
                            parameters,
                            Instant.ofEpochSecond(row.getLong(5), row.getInt(6)),
                            Duration.ofSeconds(row.getLong(7), row.getInt(8)),
                            row.getInt(9) != 0);
                })
                .list());
    }

    /** The latest row; 0 if there is none. */
    long lastRow() {
        return database.read(handle -> handle.createQuery("SELECT coalesce(max(rowid), 0) FROM tasks")
                .mapTo(Long.class)
                .one());
    }

    /** Adds tasks in this order, and removes the oldest until no more than {@code maxTasks} are left; all or nothing. */
    void add(List<Task> tasks, int maxTasks) {
        database.change(handle -> {
            PreparedBatch batch = handle.prepareBatch(
                    "INSERT OR IGNORE INTO tasks (id, type, description, parameters, started_second,"
                            + " started_nano, duration_second, duration_nano, success) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
            for (Task task : tasks) {
                Instant start = task.timestamp();
                Duration duration = task.duration();
                batch.bind(0, task.id())
                        .bind(1, task.type())
                        .bind(2, task.description())
                        .bind(3, ParameterJson.write(task.parameters()))
                        .bind(4, start.getEpochSecond())
                        .bind(5, start.getNano())
                        .bind(6, duration.toSeconds())
                        .bind(7, duration.toNanosPart())
                        .bind(8, task.success() ? 1 : 0)
                        .add();
                if (batch.size() == BATCH_SIZE) batch.execute();
            }
            if (batch.size() > 0) batch.execute();
            handle.execute(
                    "DELETE FROM tasks WHERE rowid IN (SELECT rowid FROM tasks ORDER BY started_second, started_nano, rowid"
                            + " LIMIT max(0, (SELECT count(*) FROM tasks) - ?))",
                    maxTasks);
        });
    }
}
