package dev.understudy.core.fleet;

import dev.understudy.core.automation.Automation;
import dev.understudy.core.automation.AutomationFile;
import dev.understudy.core.automation.AutomationService;
import dev.understudy.core.fleet.Fleet.Bucket;
import dev.understudy.core.fleet.Fleet.Journal;
import dev.understudy.core.fleet.FleetRequest.IfLost;
import dev.understudy.core.problem.UserException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What people do with a fleet: publish, ask for runs, and look. Safe for use by several threads. */
public final class FleetDesk {
    private static final Duration LOOK = Duration.ofMillis(50);

    private final Fleet fleet;
    private final InstantSource clock;

    public FleetDesk(Fleet fleet, InstantSource clock) {
        this.fleet = fleet;
        this.clock = clock;
    }

    /**
     * Publishes the version of an automation that was approved here, signed by this host's key.
     *
     * @param zone of its cron triggers that name none
     * @throws UserException if there is none of this id, or nobody has approved it
     */
    public Publication publish(AutomationService automations, String id, FleetKey key, ZoneId zone, String by) {
        Automation automation = automations.get(id);
        AutomationFile file = automations
                .deployed(automation)
                .orElseThrow(() -> UserException.notAllowed(
                        "The automation " + id + " is not published",
                        "it is " + automation.state().id() + ", and only what was approved runs in a fleet",
                        "'rehearse " + id + "' shows what it does, 'automations approve " + id + "' lets it run"));
        return publish(file, automation.deployedVersion().orElseThrow(), key, zone, by);
    }

    /**
     * Publishes a script, signed by a key.
     *
     * @param file that the person whose key it is has approved: nobody asks again
     */
    public Publication publish(AutomationFile file, int version, FleetKey key, ZoneId zone, String by) {
        Publication publication = Publication.of(file, version, zone, clock.millis(), by);
        if (fleet.object(publication.sha256()).isEmpty())
            fleet.putObject(publication.sha256(), file.text().getBytes(StandardCharsets.UTF_8));
        fleet.put(Bucket.AUTOMATIONS, publication.id(), publication.signedBy(key));
        fleet.append(
                Journal.AUDIT,
                FleetJson.sha256("published" + publication.sha256() + publication.atMillis()),
                FleetJson.write(new FleetEvent(
                        "published",
                        key.nodeId(),
                        publication.id() + " version " + version + " was published by " + by,
                        publication.atMillis())));
        return publication;
    }

    /**
     * Takes an automation out of the fleet; what waits is refused.
     *
     * @throws UserException if it is not published
     */
    public void withdraw(String id) {
        if (fleet.get(Bucket.AUTOMATIONS, id).isEmpty()) throw notPublished(id);
        fleet.remove(Bucket.AUTOMATIONS, id);
    }

    private static UserException notPublished(String id) {
        return UserException.badInput(
                "The automation " + id + " is not in the fleet",
                "nobody has published it",
                "'fleet publish " + id + "' does, at a host where it was approved");
    }

    /** What is published, as it says of itself: whether a host takes it, the host decides. */
    public List<Publication> published() {
        return fleet.all(Bucket.AUTOMATIONS).values().stream()
                .flatMap(text -> Publication.unverified(text).stream())
                .sorted(Comparator.comparing(Publication::id))
                .toList();
    }

    /**
     * Asks for a run at one place.
     *
     * @param key under which asking again is the same run
     * @throws UserException if it is not published
     */
    public FleetRequest ask(
            String id, Map<String, String> parameters, QueueName.Place place, String key, IfLost ifLost, String by) {
        Publication publication = fleet.get(Bucket.AUTOMATIONS, id)
                .flatMap(kept -> Publication.unverified(kept.text()))
                .orElseThrow(() -> notPublished(id));
        QueueName queue = publication.queue(place);
        var request = new FleetRequest(FleetRequest.PROTOCOL, key, id, parameters, ifLost, queue.text(), by);
        fleet.send(queue, request.recordKey(), FleetJson.write(request));
        return request;
    }

    /**
     * Asks for a run on each host that is there and can.
     *
     * @throws UserException if it is not published, or no such host is there
     */
    public List<FleetRequest> askEverywhere(
            String id, Map<String, String> parameters, String key, IfLost ifLost, String by) {
        Publication publication = fleet.get(Bucket.AUTOMATIONS, id)
                .flatMap(kept -> Publication.unverified(kept.text()))
                .orElseThrow(() -> notPublished(id));
        var asked = new ArrayList<FleetRequest>();
        for (NodeState node : nodes()) {
            var place = new QueueName.On(node.id());
            if (node.honours(publication.queue(place)))
                asked.add(ask(id, parameters, place, key + "@" + node.id(), ifLost, by));
        }
        if (asked.isEmpty())
            throw UserException.failed(
                    "No run was asked for",
                    "no host is there that runs " + publication.language() + " at isolation " + publication.isolation(),
                    "'fleet nodes' shows what each can");
        return asked;
    }

    /** Whether a host is there that can do what a queue asks for. */
    public boolean isHonoured(QueueName queue) {
        return nodes().stream().anyMatch(node -> node.honours(queue));
    }

    /** How far the run of a request is; empty before a host has begun it. */
    public Optional<FleetRun> find(FleetRequest request) {
        return fleet.get(Bucket.RUNS, request.recordKey()).flatMap(kept -> FleetJson.read(kept.text(), FleetRun.class));
    }

    /** Waits for the end of a run, but no longer than this; empty if it has not ended by then. */
    public Optional<FleetRun> await(FleetRequest request, Duration wait) throws InterruptedException {
        long deadline = System.nanoTime() + wait.toNanos();
        while (true) {
            Optional<FleetRun> ended = find(request).filter(run -> run.state().isFinal());
            if (ended.isPresent() || System.nanoTime() - deadline >= 0) return ended;
            Thread.sleep(LOOK);
        }
    }

    /** The hosts that are there, by name. */
    public List<NodeState> nodes() {
        return fleet.all(Bucket.NODES).values().stream()
                .flatMap(text -> FleetJson.read(text, NodeState.class).stream())
                .sorted(Comparator.comparing(NodeState::name).thenComparing(NodeState::id))
                .toList();
    }

    /** The queues, by name. */
    public List<Fleet.QueueState> queues() {
        return fleet.queues().stream()
                .sorted(Comparator.comparing(state -> state.queue().text()))
                .toList();
    }

    /** The runs of which something was told last, latest first. */
    public List<FleetRun> runs(int limit) {
        return fleet.latest(Bucket.RUNS, limit).stream()
                .map(text -> FleetJson.read(text, FleetRun.class).orElse(null))
                .filter(Objects::nonNull)
                .toList();
    }

    /** The latest entries of the audit journal, latest first. */
    public List<FleetEvent> events(int limit) {
        return fleet.latest(Journal.AUDIT, limit).stream()
                .map(text -> FleetJson.read(text, FleetEvent.class).orElse(null))
                .filter(Objects::nonNull)
                .toList();
    }
}
