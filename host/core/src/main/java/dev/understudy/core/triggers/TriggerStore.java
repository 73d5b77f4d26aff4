package dev.understudy.core.triggers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.understudy.core.store.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/** Firings, and how far triggers have been looked after. Safe for use by several threads. */
public final class TriggerStore {
    /** How many ended firings of an automation are remembered. */
    static final int MAX_ENDED = 1000;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Database database;

    public TriggerStore(Database database) {
        this.database = database;
    }

    /** What a trigger has handled, written together with the firing that it led to. */
    sealed interface Progress {
        /** Nothing is to be remembered. */
        record None() implements Progress {}

        /** A cron trigger has handled all up to an instant. */
        record Until(String triggerKey, Instant until) implements Progress {}

        /** A path trigger has seen a file in this state. */
        record Seen(String triggerKey, String path, String fingerprint) implements Progress {}
    }

    /** Records a firing in a state; empty if this cause has fired this automation before. */
    Optional<Firing> record(
            String automationId,
            String cause,
            Map<String, String> parameters,
            FiringState state,
            String note,
            Instant at,
            Set<String> chain,
            Progress progress) {
        return database.write(handle -> {
            remember(handle, automationId, progress);
            int added = handle.execute(
                    "INSERT OR IGNORE INTO trigger_firing (automation_id, cause, parameters, state, note, run_id, fired_at)"
                            + " VALUES (?, ?, ?, ?, ?, '', ?)",
                    automationId,
                    cause,
                    write(parameters),
                    state.id(),
                    note,
                    at.toEpochMilli());
            if (added == 0) return Optional.empty();
            long id = handle.createQuery("SELECT last_insert_rowid()")
                    .mapTo(Long.class)
                    .one();
            return Optional.of(new Firing(id, automationId, cause, parameters, at, chain, Optional.empty()));
        });
    }

    private static void remember(Handle handle, String automationId, Progress progress) {
        switch (progress) {
            case Progress.None _ -> {}
            case Progress.Until until ->
                handle.execute(
                        "INSERT INTO trigger_progress VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET handled_until = excluded.handled_until",
                        automationId,
                        until.triggerKey(),
                        until.until().toEpochMilli());
            case Progress.Seen seen ->
                handle.execute(
                        "INSERT INTO trigger_file VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET fingerprint = excluded.fingerprint",
                        automationId,
                        seen.triggerKey(),
                        seen.path(),
                        seen.fingerprint());
        }
    }

    /** Remembers progress that led to no firing. */
    void remember(String automationId, Progress progress) {
        database.change(handle -> remember(handle, automationId, progress));
    }

    /**
     * Marks a firing as begun; false if it was not waiting.
     *
     * @param runId that its run will have
     */
    boolean begin(long id, String runId, Instant at) {
        return database.write(handle -> handle.execute(
                        "UPDATE trigger_firing SET state = 'running', began_at = ?, run_id = ?, begun = begun + 1"
                                + " WHERE id = ? AND state = 'waiting'",
                        at.toEpochMilli(),
                        runId,
                        id))
                == 1;
    }

    /**
     * Has a firing wait once more that had been begun.
     *
     * @param repeats the run of it that a crash cut short; empty if none had
     */
    void waitAgain(long id, String repeats) {
        database.change(handle -> handle.execute(
                "UPDATE trigger_firing SET state = 'waiting', run_id = ? WHERE id = ? AND state = 'running'",
                repeats,
                id));
    }

    void end(Firing firing, FiringState state, String note, String runId, Instant at) {
        database.change(handle -> {
            handle.execute(
                    "UPDATE trigger_firing SET state = ?, note = ?, run_id = ?, ended_at = ? WHERE id = ?",
                    state.id(),
                    note,
                    runId,
                    at.toEpochMilli(),
                    firing.id());
            handle.execute(
                    "DELETE FROM trigger_firing WHERE automation_id = ? AND state NOT IN ('waiting', 'running') AND id NOT IN"
                            + " (SELECT id FROM trigger_firing WHERE automation_id = ? ORDER BY id DESC LIMIT ?)",
                    firing.automationId(),
                    firing.automationId(),
                    MAX_ENDED);
        });
    }

    /**
     * A firing that was begun.
     *
     * @param runId of its run; empty if an earlier version began it
     * @param times how often one was begun
     */
    record Begun(Firing firing, String runId, int times) {}

    /** What was begun and has not ended, oldest first. */
    List<Begun> begun() {
        return database.read(handle -> handle.createQuery("SELECT * FROM trigger_firing WHERE state = ? ORDER BY id")
                .bind(0, FiringState.RUNNING.id())
                .map((row, _) -> new Begun(firing(row), row.getString("run_id"), row.getInt("begun")))
                .list());
    }

    /** What was recorded and has not begun, oldest first. */
    List<Firing> waiting() {
        return database.read(handle -> inState(handle, FiringState.WAITING));
    }

    private static List<Firing> inState(Handle handle, FiringState state) {
        return handle.createQuery("SELECT * FROM trigger_firing WHERE state = ? ORDER BY id")
                .bind(0, state.id())
                .map((row, _) -> firing(row))
                .list();
    }

    /** A firing as it is kept. */
    public record Kept(Firing firing, FiringState state, String note, String runId) {}

    /** The latest firings of all automations, latest first. */
    public List<Kept> latest(int limit) {
        return database.read(handle -> handle.createQuery("SELECT * FROM trigger_firing ORDER BY id DESC LIMIT ?")
                .bind(0, limit)
                .map((row, _) -> new Kept(
                        firing(row),
                        FiringState.valueOf(row.getString("state").toUpperCase(java.util.Locale.ROOT)),
                        row.getString("note"),
                        row.getString("run_id")))
                .list());
    }

    /** Until when a cron trigger has been handled. */
    Optional<Instant> handledUntil(String automationId, String triggerKey) {
        return database.read(handle -> handle.createQuery(
                        "SELECT handled_until FROM trigger_progress WHERE automation_id = ? AND trigger_key = ?")
                .bind(0, automationId)
                .bind(1, triggerKey)
                .mapTo(Long.class)
                .findOne()
                .map(Instant::ofEpochMilli));
    }

    /** The files that a path trigger has seen: fingerprints by path. */
    Map<String, String> seen(String automationId, String triggerKey) {
        return database.read(handle -> {
            var seen = new TreeMap<String, String>();
            handle.createQuery("SELECT path, fingerprint FROM trigger_file WHERE automation_id = ? AND trigger_key = ?")
                    .bind(0, automationId)
                    .bind(1, triggerKey)
                    .map((row, _) -> seen.put(row.getString(1), row.getString(2)))
                    .list();
            return seen;
        });
    }

    /** Takes all these files, fingerprints by path, as seen by a path trigger that starts now. */
    void seeAll(String automationId, String triggerKey, Map<String, String> files, Instant now) {
        database.change(handle -> {
            remember(handle, automationId, new Progress.Until(triggerKey, now));
            files.forEach((path, fingerprint) ->
                    remember(handle, automationId, new Progress.Seen(triggerKey, path, fingerprint)));
        });
    }

    void forgetFile(String automationId, String triggerKey, String path) {
        database.change(handle -> handle.execute(
                "DELETE FROM trigger_file WHERE automation_id = ? AND trigger_key = ? AND path = ?",
                automationId,
                triggerKey,
                path));
    }

    /** Forgets how far the triggers of an automation were looked after, but for those of these keys. */
    void forgetAllBut(String automationId, Set<String> triggerKeys) {
        database.change(handle -> {
            for (String table : List.of("trigger_progress", "trigger_file")) {
                List<String> keys = handle.createQuery(
                                "SELECT DISTINCT trigger_key FROM " + table + " WHERE automation_id = ?")
                        .bind(0, automationId)
                        .mapTo(String.class)
                        .list();
                for (String key : keys) {
                    if (!triggerKeys.contains(key))
                        handle.execute(
                                "DELETE FROM " + table + " WHERE automation_id = ? AND trigger_key = ?",
                                automationId,
                                key);
                }
            }
        });
    }

    /** Forgets how far the triggers of all other automations were looked after. */
    void forgetAllButAutomations(Set<String> ids) {
        database.change(handle -> {
            for (String table : List.of("trigger_progress", "trigger_file")) {
                List<String> known = handle.createQuery("SELECT DISTINCT automation_id FROM " + table)
                        .mapTo(String.class)
                        .list();
                for (String id : known)
                    if (!ids.contains(id)) handle.execute("DELETE FROM " + table + " WHERE automation_id = ?", id);
            }
        });
    }

    private static Firing firing(ResultSet row) throws SQLException {
        String automationId = row.getString("automation_id");
        return new Firing(
                row.getLong("id"),
                automationId,
                row.getString("cause"),
                read(row.getString("parameters")),
                Instant.ofEpochMilli(row.getLong("fired_at")),
                Set.of(automationId),
                Optional.of(row.getString("run_id")).filter(run -> !run.isEmpty()));
    }

    private static String write(Map<String, String> parameters) {
        try {
            return JSON.writeValueAsString(new TreeMap<>(parameters));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts are always JSON", e);
        }
    }

    private static Map<String, String> read(String json) {
        try {
            return JSON.readValue(json, new TypeReference<LinkedHashMap<String, String>>() {});
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("no parameters: " + json, e);
        }
    }
}
