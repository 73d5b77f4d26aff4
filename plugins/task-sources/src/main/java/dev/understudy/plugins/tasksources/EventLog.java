package dev.understudy.plugins.tasksources;

import dev.understudy.spi.Task;
import dev.understudy.spi.TaskSource.Input;
import dev.understudy.spi.TaskSource.Refusal;
import dev.understudy.spi.TaskSource.RefusedException;
import dev.understudy.spi.TaskSource.TaskSink;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes tasks of the events of a log: what was done is the type, when is the time stamp, all else is parameters. */
final class EventLog {
    static final String CASE = "case";
    static final String ACTIVITY = "activity";
    static final String TIMESTAMP = "timestamp";
    static final String KEEP_CASE = "keep-case";

    /** What may be said of an event log. */
    static final Map<String, String> OPTIONS = Map.of(
            CASE, "says which case an event belongs to; it is left out",
            ACTIVITY, "says what was done",
            TIMESTAMP, "says when",
            KEEP_CASE, "keeps the case as a parameter");

    private final Input input;
    private final String activity;
    private final String timestamp;
    private final TaskSink sink;
    private final StableId ids = new StableId();
    private final RecentTexts texts = new RecentTexts();
    private final Timestamps timestamps = new Timestamps();
    private final Map<String, Integer> sameBefore = new HashMap<>();
    private final Map<String, Object> parameters = new LinkedHashMap<>();
    private boolean activitySeen;
    private boolean timestampSeen;
    private long events;
    private String unreadable = "";

    EventLog(Input input, String activity, String timestamp, TaskSink sink) {
        this.input = input;
        this.activity = activity;
        this.timestamp = timestamp;
        this.sink = sink;
    }

    /** The column that holds the case; null if none was named. */
    @Nullable
    String caseColumn() {
        return input.options().get(CASE);
    }

    boolean keepsCase() {
        return input.options().containsKey(KEEP_CASE);
    }

    /**
     * Takes an event.
     *
     * @param line where it begins, counted from 1
     * @param fields its columns by name, in their order, the case among them only if it is to be kept
     */
    void add(long line, Map<String, String> fields) {
        events++;
        String type = fields.getOrDefault(activity, "").strip();
        String time = fields.getOrDefault(timestamp, "").strip();
        if (!type.isEmpty()) activitySeen = true;
        if (type.isEmpty()) {
            sink.skip(line, "'" + activity + "' is empty: it does not say what was done");
            return;
        }
        if (time.isEmpty()) {
            sink.skip(line, "'" + timestamp + "' is empty: it does not say when");
            return;
        }
        Instant when = time(time);
        if (when == null) {
            if (unreadable.isEmpty()) unreadable = time.length() > 40 ? time.substring(0, 40) + "…" : time;
            sink.skip(line, "'" + timestamp + "' is no ISO 8601 time such as 2026-11-16T09:00:00Z");
            return;
        }
        timestampSeen = true;
        parameters.clear();
        ids.add(type).add(time);
        fields.forEach((name, value) -> {
            if (name.equals(activity) || name.equals(timestamp) || value.isEmpty()) return;
            parameters.put(texts.canonical(name), texts.canonical(value));
            ids.add(name).add(value);
        });
        String id = ids.next("log-");
        int before = sameBefore.merge(id, 1, Integer::sum);
        if (before > 1) id = id + "-" + before;
        sink.accept(new Task(id, texts.canonical(type), "", parameters, when, Duration.ZERO, true));
    }

    /** ISO 8601, or seconds or milliseconds since 1970. */
    private @Nullable Instant time(String text) {
        Instant iso = timestamps.parse(text);
        if (iso != null) return iso;
        Instant seconds = EpochSeconds.parse(text);
        if (seconds != null) return seconds;
        if (text.length() != 13 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) return null;
        return Instant.ofEpochMilli(Long.parseLong(text));
    }

    /**
     * Ends the reading.
     *
     * @throws RefusedException if there were events, and none could be read for the same reason
     */
    void end() throws RefusedException {
        if (events > 0 && !activitySeen)
            throw refused("no event has '" + activity + "'", "Name the one that says what was done with --activity");
        if (events > 0 && !timestampSeen)
            throw refused(
                    unreadable.isEmpty()
                            ? "no event has '" + timestamp + "'"
                            : "'" + timestamp + "' holds no time that can be read, for example '" + unreadable + "'",
                    "Name the one that says when with --timestamp; it must be ISO 8601 (2026-11-16T09:00:00Z) or seconds since 1970");
        if (timestamps.localTimeSeen())
            sink.note("Time stamps without an offset are read in this machine's time zone.");
        if (caseColumn() != null && !keepsCase())
            sink.note("The case ('" + caseColumn() + "') is left out; --keep-case keeps it.");
    }

    static RefusedException refused(String reason, String mend) {
        return new RefusedException(new Refusal(reason, mend));
    }
}
