package dev.understudy.core.performance;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * Durations of all that was ever timed: by the hour, and by the day once they are {@link #HOURLY_DAYS} older than the newest.
 *
 * <p>Names that are made up for each execution would fill the disk, so there are {@link #MAX_SUBJECTS} subjects of a scope and
 * {@link #MAX_PARTS} parts of a subject at most; those beyond are one, {@link #OTHER}.
 */
final class SummaryStore {
    static final String OTHER = "(other)";
    static final int MAX_SUBJECTS = 5_000;
    static final int MAX_PARTS = 500;
    static final int HOURLY_DAYS = 35;

    /** The part that stands for the whole subject. */
    static final String WHOLE = "";

    private static final int HOURS_A_DAY = 24;

    private SummaryStore() {}

    /**
     * What a summary is about.
     *
     * @param hour since 1970
     */
    record Slot(String scope, String subject, String part, long hour) {}

    /** The subject itself if there is room for its name or it is known, else {@link #OTHER}. */
    static String admitted(Handle handle, String scope, String subject) {
        if (id(handle, scope, subject, WHOLE) != 0) return subject;
        long known = handle.createQuery("SELECT count(*) FROM timing WHERE scope = ? AND part = ''")
                .bind(0, scope)
                .mapTo(Long.class)
                .one();
        if (known >= MAX_SUBJECTS) return OTHER;
        insert(handle, scope, subject, WHOLE);
        return subject;
    }

    /** 0 if there is none. */
    private static long id(Handle handle, String scope, String subject, String part) {
        return handle.createQuery("SELECT id FROM timing WHERE scope = ? AND subject = ? AND part = ?")
                .bind(0, scope)
                .bind(1, subject)
                .bind(2, part)
                .mapTo(Long.class)
                .findOne()
                .orElse(0L);
    }

    private static long insert(Handle handle, String scope, String subject, String part) {
        return handle.createQuery("INSERT INTO timing (scope, subject, part) VALUES (?, ?, ?) RETURNING id")
                .bind(0, scope)
                .bind(1, subject)
                .bind(2, part)
                .mapTo(Long.class)
                .one();
    }

    /** Finds the ids of what is timed, each once. */
    private static final class Timings {
        private final Handle handle;
        private final Map<Slot, Long> ids = new HashMap<>();

        /** Of each subject, how many parts there are; known once one was new. */
        private final Map<Slot, Long> parts = new HashMap<>();

        Timings(Handle handle) {
            this.handle = handle;
        }

        long id(Slot key) {
            return ids.computeIfAbsent(new Slot(key.scope(), key.subject(), key.part(), 0), this::find);
        }

        private long find(Slot name) {
            long known = SummaryStore.id(handle, name.scope(), name.subject(), name.part());
            if (known != 0) return known;
            Slot subject = new Slot(name.scope(), name.subject(), WHOLE, 0);
            Long count = parts.get(subject);
            if (count == null)
                count = handle.createQuery("SELECT count(*) FROM timing WHERE scope = ? AND subject = ?")
                        .bind(0, name.scope())
                        .bind(1, name.subject())
                        .mapTo(Long.class)
                        .one();
            parts.put(subject, count + 1);
            // The whole and the rest have names of their own.
            if (count < MAX_PARTS || name.part().equals(WHOLE))
                return insert(handle, name.scope(), name.subject(), name.part());
            long other = SummaryStore.id(handle, name.scope(), name.subject(), OTHER);
            return other != 0 ? other : insert(handle, name.scope(), name.subject(), OTHER);
        }
    }

    private record Place(long timing, long hour) {}

    /** Takes summaries in, and those that are old by now together. */
    static void add(Handle handle, Map<Slot, DurationSummary> summaries) {
        if (summaries.isEmpty()) return;
        var timings = new Timings(handle);
        var sums = new LinkedHashMap<Place, DurationSummary>();
        long newest = Long.MIN_VALUE;
        for (Map.Entry<Slot, DurationSummary> each : summaries.entrySet()) {
            var place = new Place(timings.id(each.getKey()), each.getKey().hour());
            DurationSummary before = sums.putIfAbsent(place, each.getValue());
            if (before != null) before.add(each.getValue());
            newest = Math.max(newest, place.hour());
        }
        sums.forEach((place, sum) -> handle.createQuery(
                        "SELECT summary FROM duration_summary WHERE timing = ? AND from_hour = ?")
                .bind(0, place.timing())
                .bind(1, place.hour())
                .mapTo(byte[].class)
                .findOne()
                .ifPresent(sum::add));
        write(handle, sums, 1);
        rollUp(handle, newest);
    }

    private static void write(Handle handle, Map<Place, DurationSummary> sums, int hours) {
        // Where a day lies already, its first hour is added to the day.
        PreparedBatch batch = handle.prepareBatch("INSERT INTO duration_summary (timing, from_hour, hours, summary)"
                + " VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET summary = excluded.summary,"
                + " hours = max(hours, excluded.hours)");
        sums.forEach((place, sum) -> batch.bind(0, place.timing())
                .bind(1, place.hour())
                .bind(2, hours)
                .bind(3, sum.toBytes())
                .add());
        batch.execute();
    }

    private static void rollUp(Handle handle, long newestHour) {
        long until = Math.floorDiv(newestHour, HOURS_A_DAY) * HOURS_A_DAY - HOURLY_DAYS * HOURS_A_DAY;
        while (true) {
            long oldest = handle.createQuery(
                            "SELECT coalesce(min(from_hour), :until) FROM duration_summary WHERE hours = 1")
                    .bind("until", until)
                    .mapTo(Long.class)
                    .one();
            if (oldest >= until) return;
            long day = Math.floorDiv(oldest, HOURS_A_DAY) * HOURS_A_DAY;
            var sums = new LinkedHashMap<Place, DurationSummary>();
            handle.createQuery("SELECT s.timing, s.summary FROM (SELECT DISTINCT timing FROM duration_summary"
                            + " WHERE hours = 1 AND from_hour >= :day AND from_hour < :next) AS hourly"
                            + " JOIN duration_summary s ON s.timing = hourly.timing AND s.from_hour >= :day"
                            + " AND s.from_hour < :next")
                    .bind("day", day)
                    .bind("next", day + HOURS_A_DAY)
                    .map((row, _) -> Map.entry(row.getLong(1), row.getBytes(2)))
                    .forEach(row -> sums.computeIfAbsent(new Place(row.getKey(), day), _ -> new DurationSummary())
                            .add(row.getValue()));
            handle.execute(
                    "DELETE FROM duration_summary WHERE hours = 1 AND from_hour >= ? AND from_hour < ?",
                    day,
                    day + HOURS_A_DAY);
            write(handle, sums, HOURS_A_DAY);
        }
    }

    static List<String> subjects(Handle handle, String scope) {
        return handle.createQuery("SELECT subject FROM timing WHERE scope = ? AND part = '' ORDER BY subject")
                .bind(0, scope)
                .mapTo(String.class)
                .list();
    }

    /** The sums of a subject's parts over the hours from one to before another, by the parts' names. */
    static Map<String, DurationSummary> sums(Handle handle, String scope, String subject, long from, long to) {
        var sums = new LinkedHashMap<String, DurationSummary>();
        handle.createQuery("SELECT t.part, s.summary FROM timing t JOIN duration_summary s ON s.timing = t.id"
                        + " WHERE t.scope = :scope AND t.subject = :subject AND s.from_hour > :from - " + HOURS_A_DAY
                        + " AND s.from_hour < :to AND s.from_hour + s.hours > :from ORDER BY t.part")
                .bind("scope", scope)
                .bind("subject", subject)
                .bind("from", from)
                .bind("to", to)
                .map((row, _) -> Map.entry(row.getString(1), row.getBytes(2)))
                .forEach(row -> sums.computeIfAbsent(row.getKey(), _ -> new DurationSummary())
                        .add(row.getValue()));
        return sums;
    }
}
