package dev.understudy.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.core.fleet.Fleet;
import dev.understudy.core.fleet.Fleet.Bucket;
import dev.understudy.core.fleet.Fleet.Delivery;
import dev.understudy.core.fleet.Fleet.Journal;
import dev.understudy.core.fleet.QueueName;
import dev.understudy.sandbox.control.IsolationLevel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link Fleet} does, whatever carries it. */
abstract class FleetContract {
    static final Fleet.Times TIMES = new Fleet.Times(Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ofHours(1));
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration NOT_NOW = Duration.ofMillis(200);
    private static final QueueName PYTHON = new QueueName(new QueueName.Anywhere(), "python", IsolationLevel.FULL);
    private static final QueueName BASH = new QueueName(new QueueName.Anywhere(), "bash", IsolationLevel.PARTIAL);

    private Fleet fleet;

    /** A fleet with nothing in it. */
    abstract Fleet open() throws Exception;

    @BeforeEach
    void openFleet() throws Exception {
        fleet = open();
    }

    @AfterEach
    void closeFleet() {
        if (fleet != null) fleet.close();
    }

    @Test
    void aKeyIsCreatedOnceAndReplacedOnlyAtTheRevisionThatWasRead() {
        long first = fleet.create(Bucket.RUNS, "key", "one").orElseThrow();
        assertThat(fleet.create(Bucket.RUNS, "key", "other")).isEmpty();
        long second = fleet.replace(Bucket.RUNS, "key", "two", first).orElseThrow();
        assertThat(fleet.replace(Bucket.RUNS, "key", "three", first)).isEmpty();
        assertThat(fleet.get(Bucket.RUNS, "key")).contains(new Fleet.Kept("two", second));
    }

    @Test
    void ofManyWhoCreateAKeyAtTheSameTimeOneDoes() throws Exception {
        try (var threads = Executors.newFixedThreadPool(8)) {
            var tries = java.util.stream.IntStream.range(0, 8)
                    .<Callable<OptionalLong>>mapToObj(i -> () -> fleet.create(Bucket.FIRINGS, "same", "by " + i))
                    .toList();
            long won = 0;
            for (Future<OptionalLong> each : threads.invokeAll(tries))
                if (each.get().isPresent()) won++;
            assertThat(won).isEqualTo(1);
        }
    }

    @Test
    void whatWasRemovedIsGoneAndCanBeCreatedAgain() {
        fleet.put(Bucket.AUTOMATIONS, "a", "one");
        fleet.put(Bucket.AUTOMATIONS, "b", "two");
        fleet.remove(Bucket.AUTOMATIONS, "a");
        assertThat(fleet.get(Bucket.AUTOMATIONS, "a")).isEmpty();
        assertThat(fleet.all(Bucket.AUTOMATIONS)).containsOnly(java.util.Map.entry("b", "two"));
        assertThat(fleet.create(Bucket.AUTOMATIONS, "a", "three")).isPresent();
    }

    @Test
    void aHostThatGivesNoSignIsGoneAfterItsTime() {
        long put = System.nanoTime();
        fleet.put(Bucket.NODES, "host", "here");
        boolean there = fleet.get(Bucket.NODES, "host").isPresent();
        assertThat(there || isPast(put, TIMES.gone())).isTrue();
        await(() -> fleet.get(Bucket.NODES, "host").isEmpty());
        assertThat(fleet.all(Bucket.NODES)).isEmpty();
    }

    @Test
    void theLatestOfABucketComesFirstAndEachKeyOnce() {
        fleet.put(Bucket.RUNS, "a", "1");
        fleet.put(Bucket.RUNS, "b", "2");
        fleet.put(Bucket.RUNS, "a", "3");
        assertThat(fleet.latest(Bucket.RUNS, 10)).containsExactly("3", "2");
        assertThat(fleet.latest(Bucket.RUNS, 1)).containsExactly("3");
    }

    @Test
    void anObjectHasTheBytesThatWerePut() {
        byte[] large = "x".repeat(300_000).getBytes(StandardCharsets.UTF_8);
        fleet.putObject("large", large);
        assertThat(fleet.object("large").orElseThrow()).isEqualTo(large);
        assertThat(fleet.object("absent")).isEmpty();
    }

    @Test
    void aRequestWaitsUntilAHostOpensItsQueueAndGoesToNoOther() throws Exception {
        fleet.send(PYTHON, "1", "request");
        fleet.open(BASH);
        assertThat(fleet.take(BASH, 1, NOT_NOW)).isEmpty();
        fleet.open(PYTHON);
        Delivery taken = one(PYTHON);
        assertThat(taken.text()).isEqualTo("request");
        assertThat(taken.deliveries()).isEqualTo(1);
    }

    @Test
    void aRequestThatIsDoneDoesNotComeBack() throws Exception {
        fleet.open(PYTHON);
        fleet.send(PYTHON, "1", "request");
        one(PYTHON).done();
        assertThat(fleet.take(PYTHON, 1, TIMES.redelivery().plusMillis(500))).isEmpty();
        assertThat(fleet.queues()).contains(new Fleet.QueueState(PYTHON, 0, 0));
    }

    @Test
    void aRequestOfAHostThatWentSilentIsDeliveredAgain() throws Exception {
        fleet.open(PYTHON);
        fleet.send(PYTHON, "1", "request");
        one(PYTHON);
        assertThat(fleet.queues()).contains(new Fleet.QueueState(PYTHON, 0, 1));
        Delivery again = one(PYTHON);
        assertThat(again.text()).isEqualTo("request");
        assertThat(again.deliveries()).isEqualTo(2);
    }

    @Test
    void aRequestThatIsBeingWorkedOnIsNotDeliveredAgain() throws Exception {
        fleet.open(PYTHON);
        fleet.send(PYTHON, "1", "request");
        Delivery taken = one(PYTHON);
        for (int i = 0; i < 8; i++) {
            long sign = System.nanoTime();
            taken.working();
            boolean came =
                    !fleet.take(PYTHON, 1, TIMES.redelivery().dividedBy(4)).isEmpty();
            // On a machine that stands still for so long, it has gone silent indeed.
            assertThat(came && !isPast(sign, TIMES.redelivery())).isFalse();
            if (came) return;
        }
    }

    private static boolean isPast(long sinceNanos, Duration time) {
        return System.nanoTime() - sinceNanos >= time.toNanos();
    }

    @Test
    void aRequestThatWasGivenBackComesAgainAndNotBeforeItsDelay() throws Exception {
        fleet.open(PYTHON);
        fleet.send(PYTHON, "1", "request");
        one(PYTHON).giveBack(Duration.ZERO);
        Delivery again = one(PYTHON);
        long given = System.nanoTime();
        again.giveBack(Duration.ofMillis(700));
        one(PYTHON);
        assertThat(isPast(given, Duration.ofMillis(600))).isTrue();
    }

    @Test
    void severalAreTakenAtOnceAndNoneTwice() throws Exception {
        fleet.open(PYTHON);
        for (int i = 0; i < 20; i++) fleet.send(PYTHON, "id " + i, "request " + i);
        var texts = new java.util.TreeSet<String>();
        int count = 0;
        while (count < 20) {
            List<Delivery> taken = fleet.take(PYTHON, 8, SOON);
            assertThat(taken).hasSizeBetween(1, 8);
            for (Delivery each : taken) {
                count++;
                texts.add(each.text());
                each.done();
            }
        }
        assertThat(texts).hasSize(20);
    }

    @Test
    void whatAJournalWasToldTwiceItTellsOnce() {
        fleet.append(Journal.RESULTS, "1", "one");
        fleet.append(Journal.RESULTS, "2", "two");
        fleet.append(Journal.RESULTS, "1", "one");
        fleet.append(Journal.AUDIT, "1", "audit");
        assertThat(fleet.latest(Journal.RESULTS, 10)).containsExactly("two", "one");
        assertThat(fleet.latest(Journal.AUDIT, 10)).containsExactly("audit");
    }

    private Delivery one(QueueName queue) throws InterruptedException {
        List<Delivery> taken = fleet.take(queue, 1, SOON);
        assertThat(taken).hasSize(1);
        return taken.getFirst();
    }

    private static void await(java.util.function.BooleanSupplier condition) {
        long deadline = System.nanoTime() + SOON.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline).as("waited too long").isNegative();
            LockSupport.parkNanos(10_000_000);
        }
    }
}
