package dev.understudy.core.performance;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

    private final Handle handle;

    /** Of what is timed, its id; the hour is 0. */
    private final Map<Slot, Long> ids = new HashMap<>();

    /** Of each scope, and of each subject, how many names it has; known once one was new. */
    private final Map<Slot, Long> counts = new HashMap<>();

    /** For one transaction. */
    SummaryStore(Handle handle) {
        this.handle = handle;
    }

    /**
     * What a summary is about.
     *
     * @param hour since 1970
     */
    record Slot(String scope, String subject, String part, long hour) {
        Slot timing() {
            return new Slot(scope, subject, part, 0);
        }
    }

    /** The subject itself if there is room for its name or it is known, else {@link #OTHER}. */
    String admitted(String scope, String subject) {
        var whole = new Slot(scope, subject, WHOLE, 0);
        Long id = ids.get(whole);
        if (id == null) id = find(whole);
        if (id == 0) {
            var all = new Slot(scope, WHOLE, WHOLE, 0);
            if (count(all, "SELECT count(*) FROM timing WHERE scope = :scope AND part = ''") >= MAX_SUBJECTS)
                return OTHER;
            counts.merge(all, 1L, Long::sum);
            id = insert(whole);
        }
        ids.put(whole, id);
        return subject;
    }

    private long id(Slot slot) {
        Slot timing = slot.timing();
        Long known = ids.get(timing);
        if (known != null) return known;
        long id = find(timing);
        if (id == 0) id = timing.part().equals(WHOLE) ? insert(timing) : idOfNewPart(timing);
        ids.put(timing, id);
        return id;
    }

    private long idOfNewPart(Slot timing) {
        var whole = new Slot(timing.scope(), timing.subject(), WHOLE, 0);
        if (count(whole, "SELECT count(*) FROM timing WHERE scope = :scope AND subject = :subject") <= MAX_PARTS) {
            counts.merge(whole, 1L, Long::sum);
            return insert(timing);
        }
        var other = new Slot(timing.scope(), timing.subject(), OTHER, 0);
        long id = find(other);
        return id != 0 ? id : insert(other);
    }

    private long count(Slot of, String query) {
        Long known = counts.get(of);
        if (known != null) return known;
        long count = handle.createQuery(query)
                .bindMap(Map.of("scope", of.scope(), "subject", of.subject()))
                .mapTo(Long.class)
                .one();
        counts.put(of, count);
        return count;
    }

    /** 0 if there is none. */
    private long find(Slot timing) {
        return handle.createQuery("SELECT id FROM timing WHERE scope = ? AND subject = ? AND part = ?")
                .bind(0, timing.scope())
                .bind(1, timing.subject())
                .bind(2, timing.part())
                .mapTo(Long.class)
                .findOne()
                .orElse(0L);
    }

    private long insert(Slot timing) {
        return handle.createQuery("INSERT INTO timing (scope, subject, part) VALUES (?, ?, ?) RETURNING id")
                .bind(0, timing.scope())
                .bind(1, timing.subject())
                .bind(2, timing.part())
                .mapTo(Long.class)
                .one();
    }

    private record Place(long timing, long hour) {}

    /** Takes summaries in, and those that are old by now together. */
    void add(Map<Slot, DurationSummary> summaries) {
        if (summaries.isEmpty()) return;
        var sums = new LinkedHashMap<Place, DurationSummary>();
        long newest = Long.MIN_VALUE;
        for (Map.Entry<Slot, DurationSummary> each : summaries.entrySet()) {
            var place = new Place(id(each.getKey()), each.getKey().hour());
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
        write(sums, 1);
        rollUp(newest);
    }

    private void write(Map<Place, DurationSummary> sums, int hours) {
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

    private void rollUp(long newestHour) {
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
            write(sums, HOURS_A_DAY);
        }
    }

    List<String> subjects(String scope) {
        return handle.createQuery("SELECT subject FROM timing WHERE scope = ? AND part = '' ORDER BY subject")
                .bind(0, scope)
                .mapTo(String.class)
                .list();
    }

    /** The sums of a subject's parts over the hours from one to before another, by the parts' names. */
    Map<String, DurationSummary> sums(String scope, String subject, long from, long to) {
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

    /** What is kept of a part of a subject from one hour to before another, by the hour from which it is kept together. */
    Map<Long, DurationSummary> byHour(String scope, String subject, String part, long from, long to) {
        var hours = new TreeMap<Long, DurationSummary>();
        handle.createQuery("SELECT max(s.from_hour, :from), s.summary FROM timing t JOIN duration_summary s"
                        + " ON s.timing = t.id WHERE t.scope = :scope AND t.subject = :subject AND t.part = :part"
                        + " AND s.from_hour > :from - " + HOURS_A_DAY
                        + " AND s.from_hour < :to AND s.from_hour + s.hours > :from")
                .bind("scope", scope)
                .bind("subject", subject)
                .bind("part", part)
                .bind("from", from)
                .bind("to", to)
                .map((row, _) -> Map.entry(row.getLong(1), row.getBytes(2)))
                .forEach(row -> hours.computeIfAbsent(row.getKey(), _ -> new DurationSummary())
                        .add(row.getValue()));
        return hours;
    }
}
