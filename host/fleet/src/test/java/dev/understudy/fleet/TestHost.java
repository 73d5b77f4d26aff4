package dev.understudy.fleet;

import dev.understudy.core.config.Config;
import dev.understudy.core.config.DataHome;
import dev.understudy.core.fleet.Fleet;
import dev.understudy.core.fleet.FleetKey;
import dev.understudy.core.fleet.FleetNode;
import dev.understudy.core.fleet.FleetWorker;
import dev.understudy.core.fleet.NodeState;
import dev.understudy.core.fleet.OwnRuns;
import dev.understudy.core.fleet.Publication;
import dev.understudy.core.store.Database;
import dev.understudy.core.triggers.Fate;
import dev.understudy.core.triggers.FiringState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Phaser;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A host of a fleet without a sandbox: the effect of a run is a file, made all at once at its end as the sandbox makes its
 * changes, and what it knows of its runs later is whether that file is there.
 */
final class TestHost implements AutoCloseable, FleetWorker {
    private final Path effects;
    private final DataHome home;
    private final Fleet fleet;
    private final Database database;
    private final FleetKey key;
    private @Nullable FleetNode node;

    /** What runs do before their effect; a test may hold them there. */
    volatile Gate gate = () -> {};

    /** What this host remembers of a run without an effect. */
    volatile Fate unknown = new Fate.Untouched();

    /** Each run that has come to the gate arrives here. */
    final Phaser begun = new Phaser(1);

    interface Gate {
        void pass() throws InterruptedException;
    }

    TestHost(Fleet fleet, Path folder, Path effects) {
        this.fleet = fleet;
        this.effects = effects;
        home = DataHome.open(folder);
        database = Database.open(home.database());
        key = FleetKey.of(home);
    }

    FleetKey key() {
        return key;
    }

    String id() {
        return key.nodeId();
    }

    TestHost join(Set<String> trusted) {
        return join(trusted, List.of("full"), List.of(), 2, Config.DEFAULT.sandbox(), InstantSource.system());
    }

    TestHost join(
            Set<String> trusted,
            List<String> isolation,
            List<String> labels,
            int slots,
            Config.Sandbox sandbox,
            InstantSource clock) {
        var self = new NodeState(
                id(), UUID.randomUUID().toString(), "test", labels, List.of("python", "bash"), isolation, slots, 0, 1);
        var settings = new FleetNode.Settings(
                self, trusted, sandbox, FleetContract.TIMES, Duration.ofMillis(100), Duration.ofMillis(500), _ -> {});
        var joined = new FleetNode(fleet, settings, new OwnRuns(database), this, clock);
        node = joined;
        joined.start();
        return this;
    }

    @Override
    public Ended run(Publication.Approved approved, Map<String, String> parameters, String runId, String by)
            throws InterruptedException {
        begun.arrive();
        gate.pass();
        try {
            String name = parameters.getOrDefault("name", "");
            Files.createFile(effects.resolve(approved.publication().id() + " " + name + " " + runId));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Ended("succeeded", true, "\"" + parameters.getOrDefault("name", "") + "\"", "");
    }

    @Override
    public Fate fate(String automationId, String runId) {
        return effects(effects).stream().anyMatch(name -> name.startsWith(automationId) && name.endsWith(runId))
                ? new Fate.Ended(FiringState.SUCCEEDED, "")
                : unknown;
    }

    static List<String> effects(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends as a process that is killed does, as far as others see: its runs are cut short and nothing is said of them. */
    @Override
    public void close() {
        FleetNode joined = node;
        if (joined != null) joined.close();
        database.close();
    }
}
