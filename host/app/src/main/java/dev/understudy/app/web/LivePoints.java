package dev.understudy.app.web;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Points of live charts: collected and sent a few times a second, many in one event, so that a browser has little to do; the
 * latest minutes of what the host samples of itself are kept. Safe for use by several threads.
 */
final class LivePoints {
    /** Of one event; at five events a second, 10,000 points a second. What is beyond is left out. */
    static final int MAX_POINTS = 2000;

    /** Names of steps come from outside, so there may be any number. */
    static final int MAX_SERIES = 64;

    /** Ten minutes at a point a second. */
    static final int KEPT = 600;

    private record Point(long atMillis, double value) {}

    private final Map<String, Deque<Point>> recent = new LinkedHashMap<>();
    private Map<String, Deque<Point>> waiting = new LinkedHashMap<>();
    private int points;

    /** A point to be sent and kept: of the host itself, whose series are few. */
    synchronized void sample(String series, long atMillis, double value) {
        if (Double.isNaN(value)) return;
        Deque<Point> kept = recent.computeIfAbsent(series, _ -> new ArrayDeque<>());
        kept.addLast(new Point(atMillis, value));
        if (kept.size() > KEPT) kept.removeFirst();
        add(series, atMillis, value);
    }

    /** A point to be sent. */
    synchronized void add(String series, long atMillis, double value) {
        if (points >= MAX_POINTS) return;
        Deque<Point> of = waiting.get(series);
        if (of == null) {
            if (waiting.size() >= MAX_SERIES) return;
            of = new ArrayDeque<>();
            waiting.put(series, of);
        }
        of.addLast(new Point(atMillis, value));
        points++;
    }

    /** Sends what has come since the last time, if anybody reads. */
    void flush(EventStream stream) {
        Map<String, Deque<Point>> batch;
        synchronized (this) {
            if (waiting.isEmpty()) return;
            batch = waiting;
            waiting = new LinkedHashMap<>();
            points = 0;
        }
        if (stream.hasReaders()) stream.publishUnkept("metric", json(batch));
    }

    /** The latest minutes of the host's own series. */
    synchronized ObjectNode recent() {
        return json(recent);
    }

    /** By series two columns, as charts want them: times in milliseconds since 1970, and values. */
    private static ObjectNode json(Map<String, Deque<Point>> points) {
        var json = JsonNodeFactory.instance.objectNode();
        ObjectNode series = json.putObject("series");
        points.forEach((name, of) -> {
            ObjectNode columns = series.putObject(name);
            var at = columns.putArray("at");
            var values = columns.putArray("value");
            for (Point point : of) {
                at.add(point.atMillis());
                values.add(point.value());
            }
        });
        return json;
    }
}
