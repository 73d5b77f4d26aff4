package dev.understudy.core.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.understudy.core.audit.AuditHead.Mark;
import dev.understudy.core.config.DataHome;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.store.Database;
import dev.understudy.core.store.Database.DamageNote.Reach;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The append-only audit log. Safe for use by several threads and processes.
 *
 * <p>An entry is one JSON object, keys sorted, without white space; it holds the SHA-256 of the entry before, and its own
 * SHA-256 stands beside it. It is written in the transaction of the change that it tells of, so that neither stands
 * without the other however the host ends. The newest entry's hash is noted in a second place, the file {@code audit.head}.
 *
 * <p>What it cannot prove: somebody who can write both the store and that file can write a new chain from any entry on, or
 * remove both. Against that, keep the newest hash elsewhere from time to time and pass it to {@link #verify}.
 */
public final class AuditLog {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

    private final Database database;
    private final AuditHead head;
    private final Clock clock;

    /** @param home in which the second place lies */
    public AuditLog(Database database, DataHome home, Clock clock) {
        this.database = database;
        this.head = new AuditHead(home.root());
        this.clock = clock;
    }

    /** A change of the store that tells of itself. */
    @FunctionalInterface
    public interface AuditedChange<T extends @Nullable Object> {
        T apply(Handle handle, Entries entries);
    }

    /** Makes a change and adds what it says of itself, in one transaction: both stand when this returns, or neither. */
    public <T extends @Nullable Object> T write(AuditedChange<T> change) {
        var newest = new ArrayList<Mark>();
        T result = database.write(handle -> {
            var entries = new Entries(handle);
            T made = change.apply(handle, entries);
            if (entries.newest != null) newest.add(entries.newest);
            return made;
        });
        if (!newest.isEmpty()) note(newest.getFirst());
        return result;
    }

    /** Adds one entry on its own. */
    public void add(AuditKind kind, String automation, Map<String, ?> details) {
        write((_, entries) -> {
            entries.add(kind, automation, details);
            return true;
        });
    }

    private void note(Mark newest) {
        try {
            head.advance(newest, number -> database.read(handle -> hash(handle, number)));
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private static UserException unwritable(IOException e) {
        return UserException.failed(
                "The audit log's note of its newest entry cannot be read or written",
                e.getClass().getSimpleName() + " " + e.getMessage(),
                "Make the data home writable; what was logged before is safe",
                e);
    }

    private static Optional<String> hash(Handle handle, long number) {
        return handle.createQuery("SELECT hash FROM audit_entry WHERE number = ?")
                .bind(0, number)
                .mapTo(String.class)
                .findOne();
    }

    /** Takes the entries of one transaction. */
    public final class Entries {
        private final Handle handle;
        private @Nullable Mark newest;

        private Entries(Handle handle) {
            this.handle = handle;
        }

        /**
         * Adds an entry.
         *
         * @param automation that it concerns; empty if none
         * @param details plain JSON values: texts, numbers, truth values, lists and maps of these; no secrets
         */
        public void add(AuditKind kind, String automation, Map<String, ?> details) {
            Mark previous = newest != null ? newest : begin();
            newest = append(previous, kind, automation, details);
        }

        /** The newest entry so far; says so in the log if its note is gone. */
        private Mark begin() {
            Mark last = handle.createQuery("SELECT number, hash FROM audit_entry ORDER BY number DESC LIMIT 1")
                    .map((row, _) -> new Mark(row.getLong("number"), row.getString("hash")))
                    .findOne()
                    .orElse(Mark.EMPTY);
            try {
                if (head.read().isPresent()) return last;
                if (last.number() == 0) {
                    head.begin();
                    return last;
                }
            } catch (IOException e) {
                throw unwritable(e);
            }
            return append(last, AuditKind.HEAD_MISSING, "", Map.of());
        }

        private Mark append(Mark previous, AuditKind kind, String automation, Map<String, ?> details) {
            return append(previous.number() + 1, previous.hash(), kind, automation, details);
        }

        private Mark append(
                long number, String previousHash, AuditKind kind, String automation, Map<String, ?> details) {
            var entry = new TreeMap<String, Object>();
            entry.put("number", number);
            entry.put("at", clock.instant().toString());
            entry.put("kind", kind.id());
            entry.put("automation", automation);
            entry.put("details", details);
            entry.put("previous", previousHash);
            String text = json(entry);
            String hash = Hashing.sha256(text);
            handle.execute("INSERT INTO audit_entry (number, entry, hash) VALUES (?, ?, ?)", number, text, hash);
            return new Mark(number, hash);
        }
    }

    /**
     * Goes on after damage of the store: says which entries it has cost, so that they are not taken for removed ones, and
     * numbers the next ones behind all that were known.
     *
     * @param reach which entries may be missing by that damage
     * @param said when and how the store went on, a clause
     * @return which entries it has cost, a clause; empty if none
     */
    public Optional<String> goOnAfterDamage(Reach reach, String said) {
        try {
            Mark noted = head.read().orElse(Mark.EMPTY);
            var lost = new ArrayList<List<Long>>();
            head.goOn(database.write(handle -> {
                List<Mark> found = found(handle);
                Mark last = found.isEmpty() ? Mark.EMPTY : found.getLast();
                lost.addAll(
                        switch (reach) {
                            case ANY -> gaps(found, noted.number());
                            case END ->
                                gaps(List.of(last), noted.number()).stream()
                                        .filter(gap -> gap.getFirst() > last.number())
                                        .toList();
                        });
                return goOn(handle, last, noted, said, lost);
            }));
            return lost.stream()
                    .map(gap -> new LostEntries(gap.getFirst(), gap.getLast(), said).entries())
                    .reduce((one, other) -> one + ", " + other);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private static List<Mark> found(Handle handle) {
        return handle.createQuery("SELECT number, hash FROM audit_entry ORDER BY number")
                .map((row, _) -> new Mark(row.getLong("number"), row.getString("hash")))
                .list();
    }

    private Mark goOn(Handle handle, Mark last, Mark noted, String said, List<List<Long>> lost) {
        return new Entries(handle)
                .append(
                        Math.max(last.number(), noted.number()) + 1,
                        last.hash(),
                        AuditKind.STORE_DAMAGED,
                        "",
                        Map.of("said", said, "lost", lost));
    }

    /** Whether entries were noted that are newer than all that are there. */
    public boolean lacksItsEnd() {
        try {
            // In this order: the note follows the entries.
            long noted = head.read().orElse(Mark.EMPTY).number();
            return noted > newestNumber();
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /** Numbers of which there is no entry, up to the newest that is known, as pairs of the first and the last. */
    private static List<List<Long>> gaps(List<Mark> found, long newest) {
        var gaps = new ArrayList<List<Long>>();
        long last = 0;
        for (Mark mark : found) {
            if (mark.number() > last + 1) gaps.add(List.of(last + 1, mark.number() - 1));
            last = mark.number();
        }
        if (newest > last) gaps.add(List.of(last + 1, newest));
        return gaps;
    }

    /** What entries say of which the file beside the log knows, too. */
    private List<LostEntries> lostEntries() throws IOException {
        var lost = new ArrayList<LostEntries>();
        for (Mark salvage : head.salvages()) {
            Optional<AuditEntry> entry =
                    before(salvage.number() + 1, 1).stream().findFirst();
            if (entry.isEmpty()
                    || !entry.get().kind().equals(AuditKind.STORE_DAMAGED.id())
                    || !entry.get().hash().equals(salvage.hash())) continue;
            JsonNode details = entry.get().details();
            for (JsonNode gap : details.path("lost"))
                lost.add(new LostEntries(
                        gap.path(0).asLong(),
                        gap.path(1).asLong(),
                        details.path("said").asText()));
        }
        return lost;
    }

    /**
     * The newest entries, newest first.
     *
     * @param automation only those that concern it; empty for all
     */
    public List<AuditEntry> newest(Optional<String> automation, int limit) {
        return database.read(handle -> handle.createQuery("SELECT entry, hash FROM audit_entry"
                        + (automation.isPresent() ? " WHERE automation_id = :automation" : "")
                        + " ORDER BY number DESC LIMIT :limit")
                .bind("automation", automation.orElse(""))
                .bind("limit", limit)
                .map((row, _) -> entry(row))
                .list());
    }

    /** The newest entries of a kind, newest first. */
    public List<AuditEntry> newest(AuditKind kind, int limit) {
        return database.read(
                handle -> handle.createQuery("SELECT entry, hash FROM audit_entry WHERE entry ->> '$.kind' = ?"
                                + " ORDER BY number DESC LIMIT ?")
                        .bind(0, kind.id())
                        .bind(1, limit)
                        .map((row, _) -> entry(row))
                        .list());
    }

    /**
     * Entries that tell of a run, oldest first: those of its own, and those of runs that repeat it.
     *
     * @param automation whose run it is; empty if none
     */
    public List<AuditEntry> ofRun(String automation, String runId) {
        return database.read(handle -> handle.createQuery("SELECT entry, hash FROM audit_entry WHERE automation_id = ?"
                        + " AND (entry ->> '$.details.run' = ? OR entry ->> '$.details.repeats' = ?) ORDER BY number")
                .bind(0, automation)
                .bind(1, runId)
                .bind(2, runId)
                .map((row, _) -> entry(row))
                .list());
    }

    /** Entries below a number, newest first. */
    public List<AuditEntry> before(long number, int limit) {
        return database.read(handle -> handle.createQuery(
                        "SELECT entry, hash FROM audit_entry WHERE number < ? ORDER BY number DESC LIMIT ?")
                .bind(0, number)
                .bind(1, limit)
                .map((row, _) -> entry(row))
                .list());
    }

    /** Entries above a number, oldest first. */
    public List<AuditEntry> after(long number, int limit) {
        return database.read(handle -> handle.createQuery(
                        "SELECT entry, hash FROM audit_entry WHERE number > ? ORDER BY number LIMIT ?")
                .bind(0, number)
                .bind(1, limit)
                .map((row, _) -> entry(row))
                .list());
    }

    /** The number of the newest entry; 0 if there is none. */
    public long newestNumber() {
        return database.read(handle -> handle.createQuery("SELECT coalesce(max(number), 0) FROM audit_entry")
                .mapTo(Long.class)
                .one());
    }

    private static AuditEntry entry(ResultSet row) throws SQLException {
        JsonNode entry;
        try {
            entry = JSON.readTree(row.getString("entry"));
        } catch (JsonProcessingException _) {
            throw UserException.failed(
                    "The audit log cannot be read", "an entry was changed", "'log --verify' says which");
        }
        return new AuditEntry(
                entry.path("number").asLong(),
                Instant.parse(entry.path("at").asText()),
                entry.path("kind").asText(),
                entry.path("automation").asText(),
                entry.path("details"),
                row.getString("hash"));
    }

    /**
     * Goes through all entries and finds the first that was changed, removed or inserted since it was written.
     *
     * @param keptElsewhere numbers and hashes of entries that the person has noted
     */
    public Verification verify(Map<Long, String> keptElsewhere) {
        try {
            // Before the entries: the note follows them, so one that is read later could be ahead of what was read.
            Optional<Mark> noted = head.read();
            var marks = new ArrayList<Mark>();
            noted.ifPresent(marks::add);
            keptElsewhere.forEach((number, hash) -> marks.add(new Mark(number, hash)));
            var check = new ChainCheck(marks, lostEntries());
            database.read(handle -> {
                handle.createQuery("SELECT number, entry, hash FROM audit_entry ORDER BY number")
                        .map((row, _) -> {
                            check.row(row.getLong("number"), row.getString("entry"), row.getString("hash"));
                            return true;
                        })
                        .forEach(_ -> {});
                return true;
            });
            return check.finish(noted);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private static String json(Map<String, Object> entry) {
        try {
            return JSON.writeValueAsString(entry);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("details must be plain JSON values: " + entry, e);
        }
    }
}
