package dev.understudy.bench;

import dev.understudy.core.automation.AutomationFile;
import dev.understudy.core.config.Config;
import dev.understudy.core.config.DataHome;
import dev.understudy.core.config.FleetSection;
import dev.understudy.core.fleet.Fleet;
import dev.understudy.core.fleet.FleetDesk;
import dev.understudy.core.fleet.FleetKey;
import dev.understudy.core.fleet.FleetNode;
import dev.understudy.core.fleet.FleetRequest.IfLost;
import dev.understudy.core.fleet.FleetWorker;
import dev.understudy.core.fleet.InProcessFleet;
import dev.understudy.core.fleet.NodeState;
import dev.understudy.core.fleet.OwnRuns;
import dev.understudy.core.fleet.Publication;
import dev.understudy.core.fleet.QueueName;
import dev.understudy.core.store.Database;
import dev.understudy.core.triggers.Fate;
import dev.understudy.fleet.NatsFleet;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** How many runs a second go through a fleet whose hosts have nothing to do: requests, records, stores and results. */
public final class FleetBench implements Benchmark {
    private static final int HOSTS = 4;
    private static final int SLOTS = 32;
    private static final int SENDERS = 4;
    private static final int RUNS = 10_000;
    private static final int WARM_UP = 1000;

    @Override
    public String name() {
        return "fleet";
    }

    @Override
    public String description() {
        return "no-op runs per second through a fleet: in one process, and through one nats-server on loopback";
    }

    @Override
    public void run(Workplace place, Consumer<Row> found) throws IOException, InterruptedException {
        Path folder = place.folder();
        try (Fleet fleet = new InProcessFleet(Fleet.Times.USUAL)) {
            found.accept(measure("in one process", List.of(fleet), folder.resolve("in-process")));
        }
        int port;
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Process server;
        try {
            server = new ProcessBuilder(
                            "nats-server",
                            "-js",
                            "-a",
                            "127.0.0.1",
                            "-p",
                            Integer.toString(port),
                            "-sd",
                            folder.resolve("jetstream").toString())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("nats.log").toFile())
                    .start();
        } catch (IOException e) {
            throw new IOException("nats-server is not installed (Debian: nats-server)", e);
        }
        try {
            awaitAnswer(port);
            var fleets = new ArrayList<Fleet>();
            var section = new FleetSection(
                    Optional.of("nats://127.0.0.1:" + port),
                    Optional.empty(),
                    Optional.empty(),
                    List.of(),
                    List.of(),
                    0);
            // A connection for each host, as in life.
            for (int i = 0; i < HOSTS; i++) fleets.add(NatsFleet.connect(section, Fleet.Times.USUAL));
            found.accept(measure("one nats-server on loopback", fleets, folder.resolve("nats")));
            fleets.forEach(Fleet::close);
        } finally {
            server.destroyForcibly().waitFor();
        }
    }

    private static void awaitAnswer(int port) {
        while (true) {
            try (var socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
                return;
            } catch (IOException _) {
                LockSupport.parkNanos(20_000_000);
            }
        }
    }

    /** From the first request to the last record of an end. */
    private static Row measure(String name, List<Fleet> fleets, Path folder) throws InterruptedException {
        FleetKey key = FleetKey.of(DataHome.open(folder.resolve("operator")));
        var desk = new FleetDesk(fleets.getFirst(), InstantSource.system());
        desk.publish(script(), 1, key, ZoneOffset.UTC, "bench");
        var done = new Counting(RUNS + WARM_UP);
        var stores = new ArrayList<Database>();
        var nodes = new ArrayList<FleetNode>();
        for (int i = 0; i < HOSTS; i++) {
            DataHome home = DataHome.open(folder.resolve("host" + i));
            Database store = Database.open(home.database());
            stores.add(store);
            var self = new NodeState(
                    FleetKey.of(home).nodeId(),
                    UUID.randomUUID().toString(),
                    "bench",
                    List.of(),
                    List.of("python"),
                    List.of("full"),
                    SLOTS,
                    0,
                    1);
            var settings =
                    FleetNode.Settings.usual(self, Set.of(key.text()), Config.DEFAULT.sandbox(), System.err::println);
            var node = new FleetNode(
                    fleets.get(i % fleets.size()), settings, new OwnRuns(store), done, InstantSource.system());
            node.start();
            nodes.add(node);
        }
        ask(fleets, 0, WARM_UP);
        done.await(WARM_UP);
        long start = System.nanoTime();
        ask(fleets, WARM_UP, WARM_UP + RUNS);
        double sent = (System.nanoTime() - start) / 1e9;
        done.await(WARM_UP + RUNS);
        double seconds = (System.nanoTime() - start) / 1e9;
        for (FleetNode each : nodes) {
            each.stop(Duration.ofMinutes(1));
            each.close();
        }
        stores.forEach(Database::close);
        double rate = RUNS / seconds;
        return new Row(
                name,
                "runs/s",
                rate,
                rate,
                1,
                Map.of("goal", 5000, "runs", RUNS, "hosts", HOSTS, "slots", SLOTS, "requests sent/s", RUNS / sent));
    }

    private static void ask(List<Fleet> fleets, int from, int to) throws InterruptedException {
        var senders = new ArrayList<Thread>();
        for (int s = 0; s < SENDERS; s++) {
            int sender = s;
            var desk = new FleetDesk(fleets.get(s % fleets.size()), InstantSource.system());
            senders.add(Thread.ofPlatform().start(() -> {
                for (int i = from + sender; i < to; i += SENDERS)
                    desk.ask("nothing", Map.of(), new QueueName.Anywhere(), "run " + i, IfLost.TELL, "bench");
            }));
        }
        for (Thread each : senders) each.join();
    }

    private static AutomationFile script() {
        return AutomationFile.parse("nothing.py", """
                # /// automation
                # id = "nothing"
                # description = "Does nothing."
                # language = "python"
                # ///
                """, Config.DEFAULT.sandbox());
    }

    /** Does nothing, and counts how often. */
    private static final class Counting implements FleetWorker {
        private final CountDownLatch left;
        private final int all;

        Counting(int all) {
            this.all = all;
            left = new CountDownLatch(all);
        }

        void await(int count) {
            while (left.getCount() > all - count) LockSupport.parkNanos(1_000_000);
        }

        @Override
        public Ended run(Publication.Approved approved, Map<String, String> parameters, String runId, String by) {
            left.countDown();
            return new Ended("succeeded", true, "null", "");
        }

        @Override
        public Fate fate(String automationId, String runId) {
            return new Fate.NotBegun();
        }
    }
}
