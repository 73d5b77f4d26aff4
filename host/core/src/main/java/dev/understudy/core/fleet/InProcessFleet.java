package dev.understudy.core.fleet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.concurrent.TimeUnit;

/** A fleet of one process, which needs no server and keeps nothing beyond it. Safe for use by several threads. */
public final class InProcessFleet implements Fleet {
    private static final int MAX_ENTRIES = 10_000;

    private final Times times;
    private final Map<Bucket, LinkedHashMap<String, Value>> buckets = new EnumMap<>(Bucket.class);
    private final Map<String, byte[]> objects = new LinkedHashMap<>();
    private final Map<QueueName, List<Message>> queues = new LinkedHashMap<>();
    private final Map<Journal, LinkedHashMap<String, String>> journals = new EnumMap<>(Journal.class);
    private long revision;

    private record Value(String text, long revision, long putNanos) {}

    private static final class Message {
        final String text;
        long deliveries;
        long visibleNanos;
        boolean taken;

        Message(String text, long nanos) {
            this.text = text;
            visibleNanos = nanos;
        }
    }

    public InProcessFleet(Times times) {
        this.times = times;
        for (Bucket each : Bucket.values()) buckets.put(each, new LinkedHashMap<>());
        for (Journal each : Journal.values()) journals.put(each, new LinkedHashMap<>());
    }

    private SequencedMap<String, Value> bucket(Bucket bucket) {
        LinkedHashMap<String, Value> values = buckets.get(bucket);
        if (values == null) throw new IllegalStateException("no bucket " + bucket);
        Duration keep = switch (bucket) {
            case NODES -> times.gone();
            case RUNS, FIRINGS -> times.keep();
            case AUTOMATIONS -> null;
        };
        long now = System.nanoTime();
        if (keep != null) values.values().removeIf(value -> now - value.putNanos >= keep.toNanos());
        return values;
    }

    @Override
    public synchronized Optional<Kept> get(Bucket bucket, String key) {
        return Optional.ofNullable(bucket(bucket).get(key)).map(value -> new Kept(value.text, value.revision));
    }

    @Override
    public synchronized OptionalLong create(Bucket bucket, String key, String text) {
        return bucket(bucket).containsKey(key) ? OptionalLong.empty() : OptionalLong.of(store(bucket, key, text));
    }

    @Override
    public synchronized OptionalLong replace(Bucket bucket, String key, String text, long old) {
        Value value = bucket(bucket).get(key);
        return value == null || value.revision != old
                ? OptionalLong.empty()
                : OptionalLong.of(store(bucket, key, text));
    }

    private long store(Bucket bucket, String key, String text) {
        SequencedMap<String, Value> values = bucket(bucket);
        // In the order in which they were put.
        values.remove(key);
        values.put(key, new Value(text, ++revision, System.nanoTime()));
        return revision;
    }

    @Override
    public synchronized void put(Bucket bucket, String key, String text) {
        store(bucket, key, text);
    }

    @Override
    public synchronized void remove(Bucket bucket, String key) {
        bucket(bucket).remove(key);
    }

    @Override
    public synchronized Map<String, String> all(Bucket bucket) {
        var texts = new LinkedHashMap<String, String>();
        bucket(bucket).forEach((key, value) -> texts.put(key, value.text));
        return texts;
    }

    @Override
    public synchronized List<String> latest(Bucket bucket, int limit) {
        return bucket(bucket).sequencedValues().reversed().stream()
                .limit(limit)
                .map(Value::text)
                .toList();
    }

    @Override
    public synchronized void putObject(String name, byte[] bytes) {
        objects.put(name, bytes.clone());
    }

    @Override
    public synchronized Optional<byte[]> object(String name) {
        return Optional.ofNullable(objects.get(name)).map(byte[]::clone);
    }

    @Override
    public synchronized void open(QueueName queue) {
        queues.computeIfAbsent(queue, _ -> new ArrayList<>());
    }

    @Override
    public synchronized void send(QueueName queue, String id, String text) {
        open(queue);
        messages(queue).add(new Message(text, System.nanoTime()));
        notifyAll();
    }

    private List<Message> messages(QueueName queue) {
        List<Message> messages = queues.get(queue);
        if (messages == null) throw new IllegalStateException("the queue " + queue.text() + " is not open");
        return messages;
    }

    @Override
    public synchronized List<Delivery> take(QueueName queue, int max, Duration wait) throws InterruptedException {
        long deadline = System.nanoTime() + wait.toNanos();
        while (true) {
            long now = System.nanoTime();
            List<Delivery> due = due(queue, max, now);
            if (!due.isEmpty() || deadline - now <= 0) return due;
            long next = messages(queue).stream()
                    .mapToLong(message -> message.visibleNanos - now)
                    .min()
                    .orElse(Long.MAX_VALUE);
            TimeUnit.NANOSECONDS.timedWait(this, Math.max(1, Math.min(next, deadline - now)));
        }
    }

    private List<Delivery> due(QueueName queue, int max, long now) {
        var due = new ArrayList<Delivery>();
        for (Message each : messages(queue)) {
            if (due.size() == max) break;
            if (each.visibleNanos - now > 0) continue;
            each.taken = true;
            each.visibleNanos = now + times.redelivery().toNanos();
            due.add(new Taken(queue, each, ++each.deliveries));
        }
        return due;
    }

    @Override
    public synchronized List<QueueState> queues() {
        return queues.entrySet().stream()
                .map(entry -> {
                    long now = System.nanoTime();
                    long taken = entry.getValue().stream()
                            .filter(message -> message.taken && message.visibleNanos - now > 0)
                            .count();
                    return new QueueState(entry.getKey(), entry.getValue().size() - taken, taken);
                })
                .toList();
    }

    @Override
    public synchronized void append(Journal journal, String id, String text) {
        SequencedMap<String, String> entries = entries(journal);
        entries.putIfAbsent(id, text);
        if (entries.size() > MAX_ENTRIES) entries.pollFirstEntry();
    }

    private SequencedMap<String, String> entries(Journal journal) {
        LinkedHashMap<String, String> entries = journals.get(journal);
        if (entries == null) throw new IllegalStateException("no journal " + journal);
        return entries;
    }

    @Override
    public synchronized List<String> latest(Journal journal, int limit) {
        return entries(journal).sequencedValues().reversed().stream()
                .limit(limit)
                .toList();
    }

    @Override
    public void close() {}

    private final class Taken implements Delivery {
        private final QueueName queue;
        private final Message message;
        private final long deliveries;

        Taken(QueueName queue, Message message, long deliveries) {
            this.queue = queue;
            this.message = message;
            this.deliveries = deliveries;
        }

        @Override
        public String text() {
            return message.text;
        }

        @Override
        public long deliveries() {
            return deliveries;
        }

        @Override
        public void working() {
            synchronized (InProcessFleet.this) {
                if (deliveries == message.deliveries)
                    message.visibleNanos =
                            System.nanoTime() + times.redelivery().toNanos();
            }
        }

        @Override
        public void done() {
            synchronized (InProcessFleet.this) {
                messages(queue).remove(message);
            }
        }

        @Override
        public void giveBack(Duration delay) {
            synchronized (InProcessFleet.this) {
                if (deliveries != message.deliveries) return;
                message.taken = false;
                message.visibleNanos = System.nanoTime() + delay.toNanos();
                InProcessFleet.this.notifyAll();
            }
        }
    }
}
