package dev.understudy.core.fleet;

import dev.understudy.core.store.Database;
import dev.understudy.core.store.GroupCommit;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The runs that this host began for a fleet, in its own store. Safe for use by several threads. */
public final class OwnRuns {
    private final Database database;
    /** Of many runs at once, each with three changes that must be on the disk before the next step. */
    private final GroupCommit commits;

    public OwnRuns(Database database) {
        this.database = database;
        commits = new GroupCommit(database);
    }

    /**
     * A run of this host.
     *
     * @param ended its last record; empty if it was begun and nothing is known of its end
     */
    record Own(String recordKey, String automationId, String runId, Optional<FleetRun> ended, boolean reported) {}

    Optional<Own> find(String recordKey) {
        return database.read(handle -> handle.createQuery("SELECT * FROM fleet_run WHERE record_key = ?")
                .bind(0, recordKey)
                .map((row, _) -> own(row))
                .findOne());
    }

    /** Notes that a run is about to begin; durable on return. */
    void begin(String recordKey, String automationId, String runId, long now, Duration keep) {
        commits.change(handle -> {
            handle.execute("DELETE FROM fleet_run WHERE reported = 1 AND began_at < ?", now - keep.toMillis());
            handle.execute(
                    "INSERT INTO fleet_run (record_key, automation_id, run_id, began_at) VALUES (?, ?, ?, ?)"
                            + " ON CONFLICT (record_key) DO UPDATE SET run_id = excluded.run_id, began_at = excluded.began_at,"
                            + " ended = NULL, reported = 0",
                    recordKey,
                    automationId,
                    runId,
                    now);
        });
    }

    /** Notes the end of a run that was begun. */
    void end(String recordKey, FleetRun record) {
        commits.change(handle -> handle.execute(
                "UPDATE fleet_run SET ended = ? WHERE record_key = ?", FleetJson.write(record), recordKey));
    }

    /** Notes that the fleet knows what there is to know of a run; nothing if another run of the same record was begun since. */
    void reported(String recordKey, String runId) {
        commits.change(handle -> handle.execute(
                "UPDATE fleet_run SET reported = 1 WHERE record_key = ? AND run_id = ?", recordKey, runId));
    }

    /** What the fleet does not know of, oldest first. */
    List<Own> unreported() {
        return database.read(
                handle -> handle.createQuery("SELECT * FROM fleet_run WHERE reported = 0 ORDER BY began_at")
                        .map((row, _) -> own(row))
                        .list());
    }

    private static Own own(ResultSet row) throws SQLException {
        return new Own(
                row.getString("record_key"),
                row.getString("automation_id"),
                row.getString("run_id"),
                Optional.ofNullable(row.getString("ended")).flatMap(text -> FleetJson.read(text, FleetRun.class)),
                row.getBoolean("reported"));
    }
}
