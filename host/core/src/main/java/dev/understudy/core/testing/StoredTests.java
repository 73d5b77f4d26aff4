package dev.understudy.core.testing;

import dev.understudy.core.store.Database;
import dev.understudy.sandbox.control.tester.TestHistory;
import dev.understudy.sandbox.control.tester.TestRecord;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** The latest test results, in the store. Safe for use by several threads and processes. */
public final class StoredTests implements TestHistory {
    /** A message can quote what a script returned; the whole of it is in the test's own output. */
    private static final int MAX_MESSAGE_CHARS = 1000;

    private final Database database;
    private final int capacity;

    /** @param capacity how many results are kept, at least 1 */
    public StoredTests(Database database, int capacity) {
        if (capacity < 1) throw new IllegalArgumentException("capacity must be at least 1, was " + capacity);
        this.database = database;
        this.capacity = capacity;
    }

    @Override
    public void add(TestRecord result) {
        String message = result.message();
        database.change(handle -> {
            handle.execute(
                    "INSERT INTO test_result (suite, name, verdict, message, run_id, started_at, duration_millis)"
                            + " VALUES (?, ?, ?, ?, ?, ?, ?)",
                    result.suite(),
                    result.name(),
                    result.verdict().id(),
                    message.substring(0, Math.min(message.length(), MAX_MESSAGE_CHARS)),
                    result.runId(),
                    result.started().toEpochMilli(),
                    result.duration().toMillis());
            handle.execute(
                    "DELETE FROM test_result WHERE number <= (SELECT max(number) FROM test_result) - ?", capacity);
        });
    }

    @Override
    public List<TestRecord> latest(int max) {
        return database.read(handle -> handle.createQuery("SELECT * FROM test_result ORDER BY number DESC LIMIT ?")
                .bind(0, max)
                .map((row, _) -> read(row))
                .list());
    }

    /** The latest results of one suite, newest first. */
    public List<TestRecord> latest(String suite, int max) {
        return database.read(
                handle -> handle.createQuery("SELECT * FROM test_result WHERE suite = ? ORDER BY number DESC LIMIT ?")
                        .bind(0, suite)
                        .bind(1, max)
                        .map((row, _) -> read(row))
                        .list());
    }

    private static TestRecord read(ResultSet row) throws SQLException {
        return new TestRecord(
                row.getString("suite"),
                row.getString("name"),
                TestRecord.Verdict.valueOf(row.getString("verdict").toUpperCase(Locale.ROOT)),
                row.getString("message"),
                row.getString("run_id"),
                Instant.ofEpochMilli(row.getLong("started_at")),
                Duration.ofMillis(row.getLong("duration_millis")));
    }
}
