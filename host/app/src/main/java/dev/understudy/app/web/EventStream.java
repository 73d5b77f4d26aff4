package dev.understudy.app.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Server-sent events (WHATWG HTML, section 9.2): what is published goes to every reader, and the latest are kept for one that
 * comes back. Publishing never waits: a reader that does not keep up is dropped. Safe for use by several threads.
 */
final class EventStream implements AutoCloseable {
    static final int KEPT = 1000;
    static final int MAX_READERS = 32;
    /** At ten events a second a reader may be half a minute behind. */
    static final int MAX_BEHIND = 300;

    private static final Pattern ID = Pattern.compile("([0-9a-z]{1,16})-(\\d{1,18})");
    private static final byte[] END = new byte[0];

    /** Tells the numbers of this process from those of another. */
    private final String series;

    /** The latest; the last of them has the newest number, those before it the numbers before. */
    private final Deque<byte[]> kept = new ArrayDeque<>();

    private final CopyOnWriteArraySet<Reader> readers = new CopyOnWriteArraySet<>();
    private long newest;
    private boolean closed;

    /** @param startedMillis when this process began */
    EventStream(long startedMillis) {
        series = Long.toString(startedMillis, 36);
    }

    /** Sends an event to all readers and keeps it for a while. */
    synchronized void publish(String name, JsonNode data) {
        byte[] bytes = bytes(series + "-" + ++newest, name, data);
        kept.addLast(bytes);
        if (kept.size() > KEPT) kept.removeFirst();
        for (Reader each : readers) each.offer(bytes);
    }

    /** Sends an event to those who read now. */
    void publishUnkept(String name, JsonNode data) {
        if (readers.isEmpty()) return;
        byte[] bytes = bytes(null, name, data);
        for (Reader each : readers) each.offer(bytes);
    }

    private static byte[] bytes(@Nullable String id, String name, JsonNode data) {
        String head = (id == null ? "" : "id: " + id + "\n") + "event: " + name + "\ndata: ";
        return (head + new String(WebJson.bytes(data), StandardCharsets.UTF_8) + "\n\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    boolean hasReaders() {
        return !readers.isEmpty();
    }

    int readers() {
        return readers.size();
    }

    /**
     * Begins to read.
     *
     * @param lastId of the last event that this reader had, if it was here before; it gets what came since, or an event
     *     {@code gap} first if that is not kept any more
     * @param drop is called, by whoever publishes, when it does not keep up
     * @return empty if there are too many readers
     */
    synchronized Optional<Reader> open(@Nullable String lastId, Runnable drop) {
        if (closed || readers.size() >= MAX_READERS) return Optional.empty();
        var reader = new Reader(drop);
        missed(lastId).forEach(reader.early::add);
        readers.add(reader);
        return Optional.of(reader);
    }

    private List<byte[]> missed(@Nullable String lastId) {
        if (lastId == null) return List.of();
        Matcher matcher = ID.matcher(lastId);
        boolean ours = matcher.matches() && matcher.group(1).equals(series);
        long last = ours ? Long.parseLong(matcher.group(2)) : -1;
        long beforeKept = newest - kept.size();
        if (last > newest || last < beforeKept)
            return List.of(bytes(series + "-" + newest, "gap", JsonNodeFactory.instance.objectNode()));
        return kept.stream().skip(last - beforeKept).toList();
    }

    /** Lets all readers go. */
    @Override
    public synchronized void close() {
        closed = true;
        for (Reader each : readers) each.close();
    }

    /** One who reads. Used by one thread. */
    final class Reader implements AutoCloseable {
        private final Deque<byte[]> early = new ArrayDeque<>();
        private final BlockingQueue<byte[]> queue = new ArrayBlockingQueue<>(MAX_BEHIND + 1);
        private final Runnable drop;
        private volatile boolean ended;

        private Reader(Runnable drop) {
            this.drop = drop;
        }

        private void offer(byte[] bytes) {
            if (ended) return;
            if (queue.size() < MAX_BEHIND && queue.offer(bytes)) return;
            close();
            drop.run();
        }

        /** The next event as it goes over the wire; empty if none came in this time, null at the end. */
        byte @Nullable [] next(long timeout, TimeUnit unit) throws InterruptedException {
            byte[] missed = early.poll();
            if (missed != null) return missed;
            if (ended) return null;
            byte[] bytes = queue.poll(timeout, unit);
            if (bytes == null) return END;
            return bytes.length == 0 ? null : bytes;
        }

        boolean hasMore() {
            return !early.isEmpty() || !queue.isEmpty();
        }

        @Override
        public void close() {
            ended = true;
            readers.remove(this);
            queue.clear();
            // Wakes it, if it waits.
            queue.offer(END);
        }
    }
}
