package dev.understudy.core.fleet;

import dev.understudy.core.config.Config;
import dev.understudy.core.fleet.Fleet.Bucket;
import dev.understudy.core.fleet.Fleet.Delivery;
import dev.understudy.core.fleet.Fleet.Journal;
import dev.understudy.core.fleet.Fleet.Kept;
import dev.understudy.core.fleet.FleetRequest.IfLost;
import dev.understudy.core.fleet.FleetRun.State;
import dev.understudy.core.fleet.Publication.Approved;
import dev.understudy.core.fleet.Publication.Refusal;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.triggers.Fate;
import dev.understudy.core.triggers.FiringState;
import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.RunIds;
import dev.understudy.sandbox.control.RunRequest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * This host as one of a fleet: takes the requests that it can honour and does what was approved by a key that it trusts.
 * Whether a run is done is decided by its record ({@link FleetRun}) and by this host's own store, never by the queue, which
 * delivers again what was done long ago. Safe for use by several threads.
 *
 * <p>What holds: the record says {@code STARTED} before a run begins, so a run that nobody began has none, and one whose
 * host was lost in mid-run is not taken for new. A host that comes back knows from its own log whether its run had changed
 * anything, and says so.
 */
public final class FleetNode implements AutoCloseable {
    /** So often a request is offered to hosts that do not trust what it asks for, before it is refused for good. */
    private static final int MAX_OFFERS = 10;

    private static final int MAX_RESULT_CHARACTERS = 64 << 10;
    private static final int MAX_AT_ONCE = 64;

    private final Fleet fleet;
    private final Settings settings;
    private final OwnRuns own;
    private final FleetWorker worker;
    private final FleetCron cron;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private final Semaphore slots;
    /** By their records' keys, what this process is at. */
    private final Map<String, Delivery> underWay = new ConcurrentHashMap<>();
    /** When it was first seen that the host of a run is gone; by this host's own clock, whatever others say of the time. */
    private final Map<String, Long> lostSince = new ConcurrentHashMap<>();

    private final Map<String, Checked> checked = new ConcurrentHashMap<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();
    private final Set<Thread> runs = ConcurrentHashMap.newKeySet();
    private volatile String lastProblem = "";

    /**
     * What a host is in its fleet.
     *
     * @param self what it says of itself
     * @param trusted keys whose approval counts
     * @param sandbox what scripts are read with
     * @param retry after which a request that was given back is offered again
     * @param patience for how long a run's host must be gone before others decide about the run: it may come back, and know
     * @param problems hears of what does not work, one line each
     */
    public record Settings(
            NodeState self,
            Set<String> trusted,
            Config.Sandbox sandbox,
            Fleet.Times times,
            Duration retry,
            Duration patience,
            Consumer<String> problems) {
        public Settings {
            trusted = Set.copyOf(trusted);
        }

        /** As hosts that people run have it. */
        public static Settings usual(
                NodeState self, Set<String> trusted, Config.Sandbox sandbox, Consumer<String> problems) {
            return new Settings(
                    self, trusted, sandbox, Fleet.Times.USUAL, Duration.ofSeconds(2), Duration.ofMinutes(1), problems);
        }
    }

    private record Checked(String text, @Nullable Approved approved, String reason) {}

    /** Puts the host together; nothing happens before {@link #start}. */
    public FleetNode(Fleet fleet, Settings settings, OwnRuns own, FleetWorker worker, InstantSource clock) {
        this.fleet = fleet;
        this.settings = settings;
        this.own = own;
        this.worker = worker;
        this.clock = clock;
        slots = new Semaphore(settings.self().slots(), true);
        cron = new FleetCron(fleet, settings.self(), this::approved, clock);
    }

    /**
     * Joins: tells the others, takes up what an earlier process of this host has left, and begins to take requests.
     *
     * @throws UserException if the fleet does not answer
     */
    public void start() {
        beat();
        takeUp();
        cron.tick();
        for (QueueName queue : queues()) {
            fleet.open(queue);
            thread("fleet " + queue.text(), () -> serve(queue));
        }
        thread("fleet sign", this::giveSigns);
        thread("fleet cron", this::fire);
    }

    private void thread(String name, Runnable work) {
        threads.add(Thread.ofVirtual().name(name).start(work));
    }

    /** All that this host can honour. */
    private List<QueueName> queues() {
        var places = new ArrayList<QueueName.Place>();
        places.add(new QueueName.Anywhere());
        places.add(new QueueName.On(settings.self().id()));
        settings.self().labels().forEach(label -> places.add(new QueueName.Labelled(label)));
        var queues = new ArrayList<QueueName>();
        for (QueueName.Place place : places)
            for (String language : settings.self().languages())
                for (String isolation : settings.self().isolation())
                    queues.add(
                            new QueueName(place, language, IsolationLevel.valueOf(isolation.toUpperCase(Locale.ROOT))));
        return queues;
    }

    private void problem(String line) {
        // Each of many threads meets the same when the server is gone.
        if (!line.equals(lastProblem)) settings.problems().accept(line);
        lastProblem = line;
    }

    private boolean sleep(Duration time) {
        try {
            return !closing.await(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException _) {
            return false;
        }
    }

    private int running() {
        return settings.self().slots() - slots.availablePermits();
    }

    private void beat() {
        fleet.put(
                Bucket.NODES,
                settings.self().id(),
                FleetJson.write(settings.self().running(running())));
    }

    private void giveSigns() {
        Duration pause = settings.times().gone().dividedBy(4);
        Duration redelivery = settings.times().redelivery().dividedBy(3);
        if (redelivery.compareTo(pause) < 0) pause = redelivery;
        do {
            try {
                underWay.values().forEach(Delivery::working);
                beat();
                lastProblem = "";
                takeUp();
            } catch (UserException e) {
                problem(String.valueOf(e.getMessage()));
            }
        } while (sleep(pause));
    }

    private void fire() {
        do {
            try {
                cron.tick();
            } catch (UserException e) {
                problem(String.valueOf(e.getMessage()));
            }
        } while (sleep(FleetCron.STEP));
    }

    private void serve(QueueName queue) {
        while (closing.getCount() > 0) {
            try {
                // Who has nothing to do asks at once; the busier a host is, the later it asks.
                slots.acquire();
                slots.release();
                int busy = running();
                if (busy > 0
                        && !sleep(Duration.ofMillis(20L * busy / settings.self().slots()))) return;
                int free = Math.clamp(slots.availablePermits() / 2, 1, MAX_AT_ONCE);
                for (Delivery each : fleet.take(queue, free, Duration.ofSeconds(5))) begin(queue, each);
            } catch (UserException e) {
                problem(String.valueOf(e.getMessage()));
                if (!sleep(settings.retry())) return;
            } catch (InterruptedException _) {
                return;
            }
        }
    }

    private void begin(QueueName queue, Delivery delivery) {
        if (closing.getCount() == 0 || !slots.tryAcquire()) {
            // Another queue's was quicker.
            delivery.giveBack(Duration.ZERO);
            return;
        }
        Thread.ofPlatform().daemon().name("fleet run").start(() -> {
            runs.add(Thread.currentThread());
            try {
                handle(queue, delivery);
            } finally {
                runs.remove(Thread.currentThread());
                slots.release();
            }
        });
    }

    private void handle(QueueName queue, Delivery delivery) {
        try {
            Optional<FleetRequest> read = FleetJson.read(delivery.text(), FleetRequest.class);
            if (read.isEmpty() || !read.get().queue().equals(queue.text())) {
                // Nobody can ever do it, and it would come back for ever.
                audit(
                        "dropped",
                        "a request in " + queue.text() + " that no host understands was dropped",
                        delivery.text());
                delivery.done();
                return;
            }
            FleetRequest request = read.get();
            String key = request.recordKey();
            if (request.protocol() > FleetRequest.PROTOCOL || underWay.putIfAbsent(key, delivery) != null) {
                delivery.giveBack(settings.retry());
                return;
            }
            try {
                decide(request, delivery);
            } finally {
                underWay.remove(key);
            }
        } catch (UserException e) {
            problem(String.valueOf(e.getMessage()));
            delivery.giveBack(settings.retry());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void decide(FleetRequest request, Delivery delivery) throws InterruptedException {
        String key = request.recordKey();
        Optional<Kept> kept = fleet.get(Bucket.RUNS, key);
        if (kept.isEmpty()) {
            // A server that was set back knows nothing of it; this host does if it was this one.
            Optional<FleetRun> known = own.find(key).map(mine -> afterDeath(ofThisHost(request, mine.runId()), mine));
            if (known.isEmpty()) begin(request, delivery, OptionalLong.empty(), null);
            else goOn(known.get(), fleet.create(Bucket.RUNS, key, FleetJson.write(known.get())), delivery);
            return;
        }
        FleetRun record = FleetJson.read(kept.get().text(), FleetRun.class).orElse(null);
        if (record == null) {
            problem("the record of the run " + request.key()
                    + " is none that this host understands; it is left to others");
            delivery.giveBack(settings.retry());
            return;
        }
        if (!record.request().fingerprint().equals(request.fingerprint())) {
            audit(
                    "refused",
                    "a request for " + request.automation() + " was refused: its key " + request.key()
                            + " stands for another one, for " + record.request().automation(),
                    request.key());
            delivery.done();
            return;
        }
        long revision = kept.get().revision();
        switch (record.state()) {
            case COMMITTED, ENDED, UNSURE -> {
                report(record);
                delivery.done();
            }
            case RELEASED -> begin(request, delivery, OptionalLong.of(revision), record);
            case STARTED -> started(record, revision, delivery);
        }
    }

    /** What this host would have written of a run that only its own store knows. */
    private FleetRun ofThisHost(FleetRequest request, String runId) {
        return new FleetRun(
                request,
                State.STARTED,
                settings.self().id(),
                settings.self().instance(),
                runId,
                1,
                "",
                "",
                "",
                false,
                clock.millis());
    }

    private void started(FleetRun record, long revision, Delivery delivery) throws InterruptedException {
        String key = record.request().recordKey();
        if (record.node().equals(settings.self().id())) {
            FleetRun next = own.find(key)
                    .filter(mine -> mine.runId().equals(record.runId()))
                    .map(mine -> afterDeath(record, mine))
                    // Its beginning is noted here first, so it never began.
                    .orElseGet(() -> record.with(State.RELEASED, clock.millis()));
            goOn(next, fleet.replace(Bucket.RUNS, key, FleetJson.write(next), revision), delivery);
            return;
        }
        if (isThere(record.node())) {
            // It does it, or comes back to it by itself.
            lostSince.remove(key);
            delivery.giveBack(settings.retry());
            return;
        }
        long since = lostSince.computeIfAbsent(key, _ -> System.nanoTime());
        if (System.nanoTime() - since < settings.patience().toNanos()) {
            delivery.giveBack(settings.retry());
            return;
        }
        FleetRun next =
                lost(record, "its host " + record.node() + " was lost in mid-run (run " + record.runId() + " there)");
        goOn(next, fleet.replace(Bucket.RUNS, key, FleetJson.write(next), revision), delivery);
        lostSince.remove(key);
    }

    private void goOn(FleetRun record, OptionalLong revision, Delivery delivery) throws InterruptedException {
        if (revision.isEmpty()) {
            // Somebody else was quicker: what they wrote is looked at anew.
            delivery.giveBack(settings.retry());
            return;
        }
        if (record.state() == State.RELEASED) begin(record.request(), delivery, revision, record);
        else {
            report(record);
            own.reported(record.request().recordKey(), record.runId());
            delivery.done();
        }
    }

    private boolean isThere(String node) {
        return fleet.get(Bucket.NODES, node).isPresent();
    }

    /** What becomes of a run of an earlier process of this host. */
    private FleetRun afterDeath(FleetRun record, OwnRuns.Own mine) {
        if (mine.ended().isPresent()) return mine.ended().get();
        long now = clock.millis();
        return switch (worker.fate(mine.automationId(), mine.runId())) {
            case Fate.NotBegun _, Fate.Untouched _ -> record.with(State.RELEASED, now);
            case Fate.Ended ended -> {
                boolean good = ended.state() == FiringState.SUCCEEDED;
                yield record.ended(
                        good ? State.COMMITTED : State.ENDED,
                        ended.state().name().toLowerCase(Locale.ROOT),
                        "",
                        ended.note(),
                        now);
            }
            case Fate.CutShort _ ->
                lost(
                        record,
                        "its host " + record.node() + " was killed in mid-run, and a part of its effect may stand (run "
                                + record.runId() + " there)");
        };
    }

    private FleetRun lost(FleetRun record, String why) {
        long now = clock.millis();
        if (isPure(record.request().automation())) return record.with(State.RELEASED, now);
        return record.request().ifLost() == IfLost.REPEAT
                ? record.with(State.RELEASED, now)
                        .perhapsTwice(why + ", and it was repeated: it may have happened twice")
                : record.ended(
                        State.UNSURE, "unsure", "", why + ": it may have happened or not, and is not repeated", now);
    }

    /** Nothing that it does counts, so nothing can happen twice. */
    private boolean isPure(String automation) {
        try {
            return approved(automation).file().promises().contains(RunRequest.Promise.PURE);
        } catch (Refusal _) {
            return false;
        }
    }

    private void begin(FleetRequest request, Delivery delivery, OptionalLong revision, @Nullable FleetRun before)
            throws InterruptedException {
        String key = request.recordKey();
        long now = clock.millis();
        var started = new FleetRun(
                request,
                State.STARTED,
                settings.self().id(),
                settings.self().instance(),
                RunIds.at(clock.instant(), random),
                before == null ? 1 : before.attempt() + 1,
                "",
                "",
                before == null ? "" : before.note(),
                before != null && before.maybeTwice(),
                now);
        Approved approved;
        try {
            approved = approved(request.automation());
            QueueName.Place place = QueueName.parse(request.queue()).place();
            if (!approved.queue(place).text().equals(request.queue()))
                throw new Refusal(
                        request.automation() + " was asked for in " + request.queue() + ", but what was approved needs "
                                + approved.queue(place).text());
        } catch (Refusal e) {
            refuse(started, revision, delivery, e.reason());
            return;
        }
        // Noted here first: a host that dies after the next line must find it when it comes back.
        own.begin(
                key,
                request.automation(),
                started.runId(),
                now,
                settings.times().keep());
        long asked = System.nanoTime();
        OptionalLong written = write(key, started, revision);
        boolean slow = System.nanoTime() - asked > settings.times().gone().toNanos() / 3;
        if (written.isEmpty() || (slow && !isStill(key, written.getAsLong()))) {
            own.reported(key, started.runId());
            delivery.giveBack(settings.retry());
            return;
        }
        FleetWorker.Ended ended = worker.run(approved, request.parameters(), started.runId(), request.by());
        String result = ended.resultJson().length() <= MAX_RESULT_CHARACTERS ? ended.resultJson() : "";
        String note = ended.error().isEmpty() ? started.note() : ended.error();
        FleetRun last = started.ended(
                ended.committed() ? State.COMMITTED : State.ENDED, ended.outcome(), result, note, clock.millis());
        own.end(key, last);
        if (settle(last, written)) delivery.done();
    }

    private OptionalLong write(String key, FleetRun record, OptionalLong revision) {
        String text = FleetJson.write(record);
        return revision.isPresent()
                ? fleet.replace(Bucket.RUNS, key, text, revision.getAsLong())
                : fleet.create(Bucket.RUNS, key, text);
    }

    /** This process may have been stopped for so long that others took it for gone. */
    private boolean isStill(String key, long revision) {
        return fleet.get(Bucket.RUNS, key)
                .filter(kept -> kept.revision() == revision)
                .isPresent();
    }

    private void refuse(FleetRun record, OptionalLong revision, Delivery delivery, String reason) {
        if (delivery.deliveries() < MAX_OFFERS) {
            delivery.giveBack(settings.retry());
            return;
        }
        FleetRun refused = record.ended(State.ENDED, "refused", "", reason, clock.millis());
        if (write(record.request().recordKey(), refused, revision).isEmpty()) {
            delivery.giveBack(settings.retry());
            return;
        }
        report(refused);
        audit("refused", reason, record.request().key());
        delivery.done();
    }

    /** Has the fleet know of an end, however long that takes; false if this host goes down before. */
    private boolean settle(FleetRun last, OptionalLong revision) {
        do {
            try {
                if (settleOnce(last, revision)) return true;
            } catch (UserException e) {
                problem(String.valueOf(e.getMessage()));
            }
        } while (sleep(settings.retry()));
        return false;
    }

    private boolean settleOnce(FleetRun last, OptionalLong revision) {
        String key = last.request().recordKey();
        if (revision.isPresent()
                && fleet.replace(Bucket.RUNS, key, FleetJson.write(last), revision.getAsLong())
                        .isPresent()) {
            told(key, last);
            return true;
        }
        Optional<Kept> kept = fleet.get(Bucket.RUNS, key);
        FleetRun there = kept.flatMap(each -> FleetJson.read(each.text(), FleetRun.class))
                .orElse(null);
        FleetRun next = last;
        if (there != null && !there.runId().equals(last.runId())) {
            // Others took this host for gone, and one of them began it anew.
            next = last.outcome().equals("refused")
                    ? there
                    : there.perhapsTwice("the host " + last.node()
                            + ", which was taken for lost, has done it, too (run " + last.runId() + " there)");
        } else if (there != null && there.maybeTwice() && !last.maybeTwice()) next = last.perhapsTwice(there.note());
        if (there == null || !there.equals(next)) {
            OptionalLong written = write(
                    key,
                    next,
                    kept.map(each -> OptionalLong.of(each.revision())).orElse(OptionalLong.empty()));
            if (written.isEmpty()) return false;
        }
        if (next.state().isFinal()) report(next);
        own.reported(key, last.runId());
        return true;
    }

    private void told(String key, FleetRun record) {
        report(record);
        own.reported(key, record.runId());
    }

    private void report(FleetRun record) {
        fleet.append(
                Journal.RESULTS,
                record.request().recordKey() + "-" + record.state().id(),
                FleetJson.write(record));
    }

    private void audit(String kind, String text, String subject) {
        fleet.append(
                Journal.AUDIT,
                FleetJson.sha256(kind + settings.self().id() + text + subject),
                FleetJson.write(new FleetEvent(kind, settings.self().id(), text, clock.millis())));
        problem(text);
    }

    /** Says to the fleet what became of runs of earlier processes of this host, and of those that it could not say yet. */
    private void takeUp() {
        for (OwnRuns.Own mine : own.unreported()) {
            String key = mine.recordKey();
            if (underWay.containsKey(key)) continue;
            if (mine.ended().isPresent()) {
                boolean _ = settleOnce(mine.ended().get(), OptionalLong.empty());
                continue;
            }
            Optional<Kept> kept = fleet.get(Bucket.RUNS, key);
            FleetRun record = kept.flatMap(each -> FleetJson.read(each.text(), FleetRun.class))
                    .filter(each -> each.runId().equals(mine.runId()))
                    .orElse(null);
            if (record == null || kept.isEmpty()) {
                // It did not come to be this host's run, or the fleet has forgotten it.
                own.reported(key, mine.runId());
                continue;
            }
            if (underWay.containsKey(key)) continue;
            FleetRun next = afterDeath(record, mine);
            boolean again = next.state() == State.RELEASED && record.state() == State.UNSURE;
            if (fleet.replace(
                            Bucket.RUNS, key, FleetJson.write(next), kept.get().revision())
                    .isEmpty()) continue;
            // Whoever said that it was unsure has taken its request off the queue.
            if (again)
                fleet.send(
                        QueueName.parse(record.request().queue()),
                        key + "-" + record.attempt(),
                        FleetJson.write(record.request()));
            if (next.state().isFinal()) report(next);
            own.reported(key, mine.runId());
        }
    }

    /** What may run under an id, as it is published now. */
    private Approved approved(String id) throws Refusal {
        String text = fleet.get(Bucket.AUTOMATIONS, id)
                .orElseThrow(() -> new Refusal(id + " is not published"))
                .text();
        Checked known = checked.get(id);
        if (known == null || !known.text().equals(text)) {
            known = check(id, text);
            checked.put(id, known);
        }
        Approved approved = known.approved();
        if (approved == null) throw new Refusal(known.reason());
        return approved;
    }

    private Checked check(String id, String text) {
        try {
            return new Checked(text, Publication.verify(fleet, id, text, settings.trusted(), settings.sandbox()), "");
        } catch (Refusal e) {
            return new Checked(text, null, e.reason());
        }
    }

    /** Whether the fleet fires the cron triggers of an automation, so that this host alone must not. */
    public boolean firesCronOf(String automationId) {
        return cron.fires(automationId);
    }

    /** How many runs are under way here. */
    public int underWay() {
        return underWay.size();
    }

    /** Takes nothing more, waits for what is under way no longer than this, and leaves the fleet. */
    public void stop(Duration grace) throws InterruptedException {
        closing.countDown();
        boolean _ = slots.tryAcquire(settings.self().slots(), grace.toNanos(), TimeUnit.NANOSECONDS);
        for (Thread each : threads) each.interrupt();
    }

    @Override
    public void close() {
        try {
            stop(Duration.ZERO);
            // What is cut short is known to the next process of this host, from its log.
            for (Thread each : runs) each.interrupt();
            for (Thread each : threads) each.join(Duration.ofSeconds(5));
            for (Thread each : runs) each.join(Duration.ofSeconds(5));
            fleet.remove(Bucket.NODES, settings.self().id());
        } catch (UserException e) {
            problem(String.valueOf(e.getMessage()));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
