package dev.understudy.core.fleet;

import dev.understudy.core.fleet.Fleet.Bucket;
import dev.understudy.core.fleet.Fleet.Kept;
import dev.understudy.core.fleet.FleetRequest.IfLost;
import dev.understudy.core.fleet.Publication.Approved;
import dev.understudy.core.fleet.Publication.Refusal;
import dev.understudy.core.triggers.Schedule;
import dev.understudy.core.triggers.Trigger;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Fires the cron triggers of what is published. Each host does, and the time itself is the key, so that what several ask
 * for, or one after another has died half-way, is one run. Used by one thread.
 */
final class FleetCron {
    static final Duration STEP = Duration.ofMillis(250);
    /** How often it is looked what is published. */
    private static final Duration LOOK = Duration.ofSeconds(2);

    private static final String ASKED = "asked";

    private final Fleet fleet;
    private final NodeState self;
    private final Approvals approvals;
    private final InstantSource clock;
    private final Map<String, Scheduled> schedules = new LinkedHashMap<>();
    private volatile Set<String> fired = Set.of();
    /** What is due and not known to have been asked for, by key: whoever fires it may die before it has asked. */
    private final Map<String, Firing> pending = new LinkedHashMap<>();

    private long lookedNanos;
    private boolean looked;

    /** Gives what may run under an id. */
    interface Approvals {
        Approved of(String id) throws Refusal;
    }

    private record Scheduled(Approved approved, Map<String, Schedule> schedules) {}

    private record Firing(Approved approved, Instant at) {
        String cause() {
            return "cron:" + approved.publication().id() + ":" + at;
        }

        String key() {
            return FleetJson.sha256(cause());
        }
    }

    FleetCron(Fleet fleet, NodeState self, Approvals approvals, InstantSource clock) {
        this.fleet = fleet;
        this.self = self;
        this.approvals = approvals;
        this.clock = clock;
    }

    void tick() {
        long nanos = System.nanoTime();
        if (!looked || nanos - lookedNanos >= LOOK.toNanos()) {
            look();
            looked = true;
            lookedNanos = nanos;
            for (Firing each : List.copyOf(pending.values())) fire(each);
        }
        Instant now = clock.instant();
        var due = new ArrayList<Firing>();
        for (Scheduled each : schedules.values())
            for (Schedule schedule : each.schedules.values())
                for (Instant at : schedule.due(now).fire()) due.add(new Firing(each.approved, at));
        // A schedule tells of each time once; the fleet may not answer before the next tick.
        due.forEach(each -> pending.put(each.key(), each));
        due.forEach(this::fire);
    }

    private void look() {
        var there = fleet.all(Bucket.AUTOMATIONS).keySet();
        schedules.keySet().retainAll(there);
        for (String id : there) {
            try {
                Approved approved = approvals.of(id);
                Scheduled known = schedules.get(id);
                if (known == null || !known.approved.equals(approved)) schedules.put(id, schedule(approved));
            } catch (Refusal _) {
                // Said when somebody asks for it.
                schedules.remove(id);
            }
        }
        fired = Set.copyOf(schedules.keySet());
    }

    /** Whether this fires the cron triggers of an automation; called by any thread. */
    boolean fires(String id) {
        return fired.contains(id);
    }

    private Scheduled schedule(Approved approved) {
        var byKey = new LinkedHashMap<String, Schedule>();
        Instant since = handledUntil(approved.publication().id()).orElse(clock.instant());
        for (Trigger trigger : approved.file().triggers().all())
            if (trigger instanceof Trigger.Cron cron)
                byKey.put(cron.key(), new Schedule(cron, approved.publication().zoneId(), since));
        return new Scheduled(approved, byKey);
    }

    private static String until(String id) {
        return "until-" + id;
    }

    private Optional<Instant> handledUntil(String id) {
        try {
            return fleet.get(Bucket.FIRINGS, until(id)).map(kept -> Instant.parse(kept.text()));
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    private String mark() {
        return self.id() + " " + self.instance();
    }

    private void fire(Firing firing) {
        if (fleet.create(Bucket.FIRINGS, firing.key(), mark()).isPresent()) {
            ask(firing);
            return;
        }
        Optional<Kept> kept = fleet.get(Bucket.FIRINGS, firing.key());
        if (kept.isEmpty()) return;
        String owner = kept.get().text();
        if (owner.equals(ASKED)) pending.remove(firing.key());
        else if (owner.equals(mark())) ask(firing);
        else if (!isThere(owner)
                && fleet.replace(
                                Bucket.FIRINGS, firing.key(), mark(), kept.get().revision())
                        .isPresent()) ask(firing);
    }

    private boolean isThere(String owner) {
        String[] parts = owner.split(" ", 2);
        return parts.length == 2
                && fleet.get(Bucket.NODES, parts[0])
                        .flatMap(state -> FleetJson.read(state.text(), NodeState.class))
                        .filter(state -> state.instance().equals(parts[1]))
                        .isPresent();
    }

    /** Asking twice is one run. */
    private void ask(Firing firing) {
        Approved approved = firing.approved;
        QueueName queue = approved.queue(new QueueName.Anywhere());
        var request = new FleetRequest(
                FleetRequest.PROTOCOL,
                firing.cause(),
                approved.publication().id(),
                Map.of(),
                IfLost.TELL,
                queue.text(),
                "cron " + firing.at);
        fleet.send(queue, request.recordKey(), FleetJson.write(request));
        fleet.put(Bucket.FIRINGS, firing.key(), ASKED);
        fleet.put(Bucket.FIRINGS, until(approved.publication().id()), firing.at.toString());
        pending.remove(firing.key());
    }
}
