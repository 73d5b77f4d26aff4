package dev.understudy.core.fleet;

import dev.understudy.core.problem.UserException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the hosts of a fleet share: buckets of texts with revisions, objects, queues and journals. Safe for use by several
 * threads. Each method throws a {@link UserException} where what carries it does not answer; whether a change was made is
 * then not known.
 */
public interface Fleet extends AutoCloseable {
    /** Texts by key; a key has 1 to 200 letters, digits, {@code -} and {@code _}. */
    enum Bucket {
        /** What was published, by the automation's id. */
        AUTOMATIONS,
        /** How far runs are, by {@link FleetRequest#recordKey}. */
        RUNS,
        /** Times of cron triggers that fired. */
        FIRINGS,
        /** Hosts that are there, by their ids: what is not put again in time is gone. */
        NODES
    }

    /** What is only ever added to. */
    enum Journal {
        RESULTS,
        AUDIT
    }

    /** A text, and which change made it. */
    record Kept(String text, long revision) {}

    /** A text by its key; empty if there is none. */
    Optional<Kept> get(Bucket bucket, String key);

    /** Puts a text under a key that has none, and gives its revision; empty if it has one. */
    OptionalLong create(Bucket bucket, String key, String text);

    /** Puts a text in place of the one of this revision, and gives its own; empty if another is there by now. */
    OptionalLong replace(Bucket bucket, String key, String text, long revision);

    /** Puts a text under a key, whatever is there. */
    void put(Bucket bucket, String key, String text);

    /** Takes a key away. */
    void remove(Bucket bucket, String key);

    /** All texts of a bucket, by key; for buckets that stay small. */
    Map<String, String> all(Bucket bucket);

    /** The texts that were put last, latest first. */
    List<String> latest(Bucket bucket, int limit);

    /** Keeps bytes under a name of letters, digits, {@code -} and {@code _}. */
    void putObject(String name, byte[] bytes);

    /** The bytes of this name; empty if there are none. */
    Optional<byte[]> object(String name);

    /** Makes a queue ready to be taken from. */
    void open(QueueName queue);

    /**
     * Puts a request into a queue; nobody need take from it yet.
     *
     * @param id a queue may drop a second one of the same id, and may not: nothing rests on it
     */
    void send(QueueName queue, String id, String text);

    /**
     * Takes requests from an open queue.
     *
     * @param max at least 1
     * @param wait how long to wait for the first
     */
    List<Delivery> take(QueueName queue, int max, Duration wait) throws InterruptedException;

    /** How many wait in each queue, and how many are taken and neither done nor given back. */
    record QueueState(QueueName queue, long waiting, long taken) {}

    List<QueueState> queues();

    /**
     * Adds an entry.
     *
     * @param id of what it tells; entries of the same id tell the same
     */
    void append(Journal journal, String id, String text);

    /** The latest entries, latest first. */
    List<String> latest(Journal journal, int limit);

    @Override
    void close();

    /** A request that was taken. It is delivered again unless it is {@link #done} or {@link #working} in time. */
    interface Delivery {
        String text();

        /** How often it was delivered as far as the queue remembers, this time counted; no proof of anything. */
        long deliveries();

        /** Says that it is being worked on still. */
        void working();

        /** Takes it off the queue. */
        void done();

        /** Has it delivered again, to anybody, after a delay. */
        void giveBack(Duration delay);
    }

    /**
     * How long things take in a fleet; the same for all of its hosts.
     *
     * @param gone without a sign for so long, a host counts as gone
     * @param redelivery without a sign for so long, a request is delivered again
     * @param keep how long records of runs and firings are kept
     */
    record Times(Duration gone, Duration redelivery, Duration keep) {
        public static final Times USUAL =
                new Times(Duration.ofSeconds(15), Duration.ofSeconds(30), Duration.ofDays(30));

        public Times {
            if (!gone.isPositive() || !redelivery.isPositive() || !keep.isPositive())
                throw new IllegalArgumentException(
                        "times must be positive, were " + gone + ", " + redelivery + ", " + keep);
        }
    }
}
