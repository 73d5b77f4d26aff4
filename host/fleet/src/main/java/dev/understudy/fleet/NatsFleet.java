package dev.understudy.fleet;

import dev.understudy.core.config.FleetSection;
import dev.understudy.core.fleet.Fleet;
import dev.understudy.core.fleet.QueueName;
import dev.understudy.core.problem.UserException;
import io.nats.client.AuthenticationException;
import io.nats.client.Connection;
import io.nats.client.ErrorListener;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamOptions;
import io.nats.client.JetStreamSubscription;
import io.nats.client.KeyValue;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.ObjectStore;
import io.nats.client.Options;
import io.nats.client.PublishOptions;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.KeyValueConfiguration;
import io.nats.client.api.KeyValueEntry;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.ObjectStoreConfiguration;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A fleet on a NATS server with JetStream. Tried with nats-server 2.9.10, of which this holds: a queue forgets after a kill
 * what was acknowledged in the last seconds and delivers it again as if for the first time, so {@link Delivery#deliveries}
 * proves nothing; a consumer's filter is never changed, since the server does not check a changed one against the others;
 * requests carry no message id, since the server refuses an id as a duplicate that it does not hold any more. Safe for use
 * by several threads.
 */
public final class NatsFleet implements Fleet {
    static final String RUNS = "UNDERSTUDY_RUNS";
    private static final String RUN_SUBJECT = "understudy.run.";
    private static final String OBJECTS = "understudy-scripts";
    private static final Duration ANSWER = Duration.ofSeconds(5);

    private static final int WRONG_LAST_SEQUENCE = 10071;
    private static final int MESSAGE_NOT_FOUND = 10037;
    private static final int STREAM_NOT_FOUND = 10059;
    private static final int NOT_FOUND = 404;

    private final Connection connection;
    private final JetStream stream;
    private final JetStreamManagement management;
    private final ObjectStore objects;
    private final Times times;
    private final Map<Bucket, KeyValue> buckets = new ConcurrentHashMap<>();
    private final Map<QueueName, Taking> taking = new ConcurrentHashMap<>();

    private NatsFleet(Connection connection, Times times) throws IOException, JetStreamApiException {
        this.connection = connection;
        this.times = times;
        JetStreamOptions options =
                JetStreamOptions.builder().requestTimeout(ANSWER).build();
        stream = connection.jetStream(options);
        management = connection.jetStreamManagement(options);
        for (Bucket each : Bucket.values()) {
            makeBucket(each);
            buckets.put(each, connection.keyValue(name(each)));
        }
        makeObjects();
        objects = connection.objectStore(OBJECTS);
        makeStream(StreamConfiguration.builder()
                .name(RUNS)
                .subjects(RUN_SUBJECT + ">")
                .retentionPolicy(RetentionPolicy.WorkQueue)
                .storageType(StorageType.File)
                .build());
        for (Journal each : Journal.values())
            makeStream(StreamConfiguration.builder()
                    .name(name(each))
                    .subjects(subject(each))
                    .maxAge(times.keep())
                    .storageType(StorageType.File)
                    .build());
    }

    /**
     * Connects, and makes what the server has not got yet.
     *
     * @param section names the server
     * @throws UserException if it cannot be reached, does not let this user in, or has no JetStream
     */
    public static NatsFleet connect(FleetSection section, Times times) throws InterruptedException {
        String url = section.url()
                .orElseThrow(() -> UserException.badInput(
                        "There is no fleet", "no server is named", "Set fleet.url, or pass --fleet nats://host"));
        var options = new Options.Builder()
                .server(url)
                .connectionName("understudy")
                .connectionTimeout(ANSWER)
                .maxReconnects(-1)
                .reconnectWait(Duration.ofMillis(500))
                // What becomes of requests is told by whoever sent them.
                .errorListener(new ErrorListener() {});
        section.credentials().ifPresent(file -> options.authHandler(NatsCredentials.read(file)));
        if (url.startsWith("tls:")) options.sslContext(NatsTls.context(section.tls()));
        Connection connection;
        try {
            connection = Nats.connect(options.build());
        } catch (AuthenticationException e) {
            throw UserException.notAllowed(
                    "The fleet " + url + " does not let this host in",
                    String.valueOf(e.getMessage()),
                    "Name the file of your credentials in fleet.credentials");
        } catch (IOException e) {
            throw UserException.failed(
                    "The fleet " + url + " cannot be reached",
                    String.valueOf(e.getMessage()),
                    "See that a nats-server with JetStream runs there ('nats-server -js')",
                    e);
        }
        try {
            return new NatsFleet(connection, times);
        } catch (IOException | JetStreamApiException e) {
            connection.close();
            throw silent(e);
        }
    }

    private static UserException silent(Exception e) {
        boolean refused = e instanceof JetStreamApiException;
        return UserException.failed(
                refused ? "The fleet's server refused a request" : "The fleet's server does not answer",
                String.valueOf(e.getMessage()),
                "See that it runs with JetStream, and that this host's user may use the subjects in fleet.md",
                e);
    }

    private static String name(Bucket bucket) {
        return "understudy-" + bucket.name().toLowerCase(Locale.ROOT);
    }

    private static String name(Journal journal) {
        return "UNDERSTUDY_" + journal.name();
    }

    private static String subject(Journal journal) {
        return "understudy." + journal.name().toLowerCase(Locale.ROOT);
    }

    private void makeStream(StreamConfiguration configuration) throws IOException, JetStreamApiException {
        try {
            management.getStreamInfo(configuration.getName());
        } catch (JetStreamApiException e) {
            if (e.getApiErrorCode() != STREAM_NOT_FOUND) throw e;
            // Another host may make the same at the same time: the server takes that for one.
            management.addStream(configuration);
        }
    }

    private boolean isMissing(String streamName) throws IOException, JetStreamApiException {
        try {
            management.getStreamInfo(streamName);
            return false;
        } catch (JetStreamApiException e) {
            if (e.getApiErrorCode() != STREAM_NOT_FOUND) throw e;
            return true;
        }
    }

    private void makeBucket(Bucket bucket) throws IOException, JetStreamApiException {
        if (!isMissing("KV_" + name(bucket))) return;
        var configuration = KeyValueConfiguration.builder()
                .name(name(bucket))
                .maxHistoryPerKey(1)
                .storageType(StorageType.File);
        switch (bucket) {
            case NODES -> configuration.ttl(times.gone());
            case RUNS, FIRINGS -> configuration.ttl(times.keep());
            case AUTOMATIONS -> {}
        }
        connection.keyValueManagement().create(configuration.build());
    }

    private void makeObjects() throws IOException, JetStreamApiException {
        if (isMissing("OBJ_" + OBJECTS))
            connection
                    .objectStoreManagement()
                    .create(ObjectStoreConfiguration.builder()
                            .name(OBJECTS)
                            .storageType(StorageType.File)
                            .build());
    }

    private KeyValue bucket(Bucket bucket) {
        KeyValue found = buckets.get(bucket);
        if (found == null) throw new IllegalStateException("no bucket " + bucket);
        return found;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte @Nullable [] bytes) {
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public Optional<Kept> get(Bucket bucket, String key) {
        try {
            return Optional.ofNullable(bucket(bucket).get(key)).map(NatsFleet::kept);
        } catch (IOException | JetStreamApiException e) {
            throw silent(e);
        }
    }

    private static Kept kept(KeyValueEntry entry) {
        return new Kept(text(entry.getValue()), entry.getRevision());
    }

    @Override
    public OptionalLong create(Bucket bucket, String key, String text) {
        try {
            return OptionalLong.of(bucket(bucket).create(key, bytes(text)));
        } catch (JetStreamApiException e) {
            if (e.getApiErrorCode() == WRONG_LAST_SEQUENCE) return OptionalLong.empty();
            throw silent(e);
        } catch (IOException e) {
            throw silent(e);
        }
    }

    @Override
    public OptionalLong replace(Bucket bucket, String key, String text, long revision) {
        try {
            return OptionalLong.of(bucket(bucket).update(key, bytes(text), revision));
        } catch (JetStreamApiException e) {
            if (e.getApiErrorCode() == WRONG_LAST_SEQUENCE) return OptionalLong.empty();
            throw silent(e);
        } catch (IOException e) {
            throw silent(e);
        }
    }

    @Override
    public void put(Bucket bucket, String key, String text) {
        try {
            bucket(bucket).put(key, bytes(text));
        } catch (IOException | JetStreamApiException e) {
            throw silent(e);
        }
    }

    @Override
    public void remove(Bucket bucket, String key) {
        try {
            bucket(bucket).delete(key);
        } catch (IOException | JetStreamApiException e) {
            throw silent(e);
        }
    }

    @Override
    public Map<String, String> all(Bucket bucket) {
        try {
            var texts = new LinkedHashMap<String, String>();
            for (String key : bucket(bucket).keys()) get(bucket, key).ifPresent(kept -> texts.put(key, kept.text()));
            return texts;
        } catch (IOException | JetStreamApiException e) {
            throw silent(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static UserException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return UserException.failed("The fleet was not asked", "this host goes down", "Ask again", e);
    }

    @Override
    public List<String> latest(Bucket bucket, int limit) {
        return latest("KV_" + name(bucket), limit);
    }

    /** Back from the last message; of a bucket, those that another put has replaced are gone. */
    private List<String> latest(String streamName, int limit) {
        try {
            var texts = new ArrayList<String>();
            var state = management.getStreamInfo(streamName).getStreamState();
            long first = Math.max(state.getFirstSequence(), state.getLastSequence() - 10L * limit);
            for (long at = state.getLastSequence(); at >= first && at > 0 && texts.size() < limit; at--)
                message(streamName, at).filter(text -> !text.isEmpty()).ifPresent(texts::add);
            return texts;
        } catch (IOException | JetStreamApiException e) {
            throw silent(e);
        }
    }

    private Optional<String> message(String streamName, long sequence) throws IOException, JetStreamApiException {
        try {
            MessageInfo found = management.getMessage(streamName, sequence);
            return Optional.of(text(found.getData()));
        } catch (JetStreamApiException e) {
            if (e.getApiErrorCode() == MESSAGE_NOT_FOUND || e.getErrorCode() == NOT_FOUND) return Optional.empty();
            throw e;
        }
    }

    @Override
    public void putObject(String name, byte[] bytes) {
        try {
            objects.put(name, bytes);
        } catch (IOException | JetStreamApiException e) {
            throw silent(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Override
    public Optional<byte[]> object(String name) {
        try {
            var info = objects.getInfo(name);
            if (info == null || info.isDeleted()) return Optional.empty();
            var bytes = new ByteArrayOutputStream();
            objects.get(name, bytes);
            return Optional.of(bytes.toByteArray());
        } catch (IOException | JetStreamApiException e) {
            throw silent(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static String consumer(QueueName queue) {
        return queue.text().replace('.', '_');
    }

    @Override
    public void open(QueueName queue) {
        try {
            String name = consumer(queue);
            management.addOrUpdateConsumer(
                    RUNS,
                    ConsumerConfiguration.builder()
                            .durable(name)
                            .filterSubject(RUN_SUBJECT + queue.text())
                            .ackPolicy(AckPolicy.Explicit)
                            .ackWait(times.redelivery())
                            // A request that came back often is no reason to lose it.
                            .maxDeliver(-1)
                            .maxAckPending(100_000)
                            .build());
            JetStreamSubscription subscription =
                    stream.subscribe(RUN_SUBJECT + queue.text(), PullSubscribeOptions.bind(RUNS, name));
            taking.put(queue, new Taking(subscription));
        } catch (IOException | JetStreamApiException e) {
            throw silent(e);
        }
    }

    @Override
    public void send(QueueName queue, String id, String text) {
        try {
            stream.publish(RUN_SUBJECT + queue.text(), bytes(text));
        } catch (IOException | JetStreamApiException e) {
            throw silent(e);
        }
    }

    @Override
    public List<Delivery> take(QueueName queue, int max, Duration wait) throws InterruptedException {
        Taking from = taking.get(queue);
        if (from == null) throw new IllegalStateException("the queue " + queue.text() + " is not open");
        return from.take(max, wait);
    }

    /** Takes from one queue. */
    private static final class Taking {
        private final JetStreamSubscription subscription;
        /** How many the server was asked for and has not sent, and until when it may. */
        private int asked;

        private long untilNanos;

        Taking(JetStreamSubscription subscription) {
            this.subscription = subscription;
        }

        synchronized List<Delivery> take(int max, Duration wait) throws InterruptedException {
            try {
                var taken = new ArrayList<Delivery>();
                long now = System.nanoTime();
                if (asked <= 0 || untilNanos - now <= 0) {
                    subscription.pullExpiresIn(max, wait);
                    asked = max;
                    untilNanos = now + wait.toNanos();
                }
                Message next = first(now + wait.toNanos());
                for (;
                        next != null;
                        next = taken.size() < max ? subscription.nextMessage(Duration.ofMillis(1)) : null) {
                    asked--;
                    taken.add(new Taken(next));
                }
                if (taken.isEmpty()) asked = 0;
                return taken;
            } catch (IllegalStateException e) {
                throw silent(e);
            }
        }

        /** The client gives nothing, and that at once, when the server says that an earlier request for messages is over. */
        private @Nullable Message first(long deadlineNanos) throws InterruptedException {
            Message next = null;
            for (long left = deadlineNanos - System.nanoTime();
                    next == null && left > 0;
                    left = deadlineNanos - System.nanoTime())
                next = subscription.nextMessage(Duration.ofNanos(Math.max(left, 1_000_000)));
            return next;
        }
    }

    @Override
    public List<QueueState> queues() {
        try {
            var states = new ArrayList<QueueState>();
            var served = new ArrayList<String>();
            for (ConsumerInfo each : management.getConsumers(RUNS)) {
                String filter = each.getConsumerConfiguration().getFilterSubject();
                if (filter == null || !filter.startsWith(RUN_SUBJECT)) continue;
                served.add(filter);
                states.add(new QueueState(
                        QueueName.parse(filter.substring(RUN_SUBJECT.length())),
                        each.getNumPending(),
                        each.getNumAckPending()));
            }
            // What waits for hosts that were never there.
            var options = io.nats.client.api.StreamInfoOptions.filterSubjects(RUN_SUBJECT + ">");
            Map<String, Long> bySubject =
                    management.getStreamInfo(RUNS, options).getStreamState().getSubjectMap();
            bySubject.forEach((subject, count) -> {
                if (!served.contains(subject))
                    queue(subject).ifPresent(queue -> states.add(new QueueState(queue, count, 0)));
            });
            return states;
        } catch (IOException | JetStreamApiException e) {
            throw silent(e);
        }
    }

    private static Optional<QueueName> queue(String subject) {
        try {
            return Optional.of(QueueName.parse(subject.substring(RUN_SUBJECT.length())));
        } catch (IllegalArgumentException _) {
            // Not by one of ours.
            return Optional.empty();
        }
    }

    @Override
    public void append(Journal journal, String id, String text) {
        try {
            stream.publish(
                    subject(journal),
                    bytes(text),
                    PublishOptions.builder().messageId(id).build());
        } catch (IOException | JetStreamApiException e) {
            throw silent(e);
        }
    }

    @Override
    public List<String> latest(Journal journal, int limit) {
        return latest(name(journal), limit);
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Its answers are lost where the connection is: then it is delivered again. */
    private record Taken(Message message) implements Delivery {
        @Override
        public String text() {
            return NatsFleet.text(message.getData());
        }

        @Override
        public long deliveries() {
            return message.metaData().deliveredCount();
        }

        @Override
        public void working() {
            answer(message::inProgress);
        }

        @Override
        public void done() {
            answer(message::ack);
        }

        @Override
        public void giveBack(Duration delay) {
            answer(() -> {
                if (delay.isZero()) message.nak();
                else message.nakWithDelay(delay);
            });
        }

        private static void answer(Runnable sending) {
            try {
                sending.run();
            } catch (IllegalStateException _) {
                // Closed meanwhile.
            }
        }
    }
}
