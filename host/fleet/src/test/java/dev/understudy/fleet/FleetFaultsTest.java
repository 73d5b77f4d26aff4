package dev.understudy.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.core.automation.AutomationFile;
import dev.understudy.core.config.Config;
import dev.understudy.core.config.DataHome;
import dev.understudy.core.fleet.Fleet;
import dev.understudy.core.fleet.FleetDesk;
import dev.understudy.core.fleet.FleetKey;
import dev.understudy.core.fleet.FleetRequest;
import dev.understudy.core.fleet.FleetRequest.IfLost;
import dev.understudy.core.fleet.FleetRun;
import dev.understudy.core.fleet.FleetRun.State;
import dev.understudy.core.fleet.QueueName;
import dev.understudy.core.problem.UserException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Five hosts as processes on a real server, killed and stopped while they work, and the server killed, too: no run is lost,
 * and none is done twice unnoticed. {@code -Dfleet.runs=100000} is the long form.
 */
@Tag("slow")
class FleetFaultsTest {
    private static final int RUNS = Integer.getInteger("fleet.runs", 300);
    private static final Duration PATIENCE = Duration.ofSeconds(60 + RUNS / 10);

    @TempDir
    Path folder;

    @Test
    void loseNoRunAndDoNoneTwiceUnnoticed() throws Exception {
        Path effects = Files.createDirectory(folder.resolve("effects"));
        FleetKey key = FleetKey.of(DataHome.open(folder.resolve("operator")));
        var hosts = new ArrayList<TestHostProcess>();
        try (var server = NatsServer.start(folder);
                Fleet fleet = NatsFleet.connect(server.section(), FleetContract.TIMES)) {
            var desk = new FleetDesk(fleet, InstantSource.system());
            desk.publish(script(), 1, key, ZoneOffset.UTC, "tester");
            for (int i = 0; i < 5; i++)
                hosts.add(new TestHostProcess(
                        server.url(),
                        folder.resolve("host" + i),
                        effects,
                        key.text(),
                        // The clocks of two of them are wrong by a minute.
                        Duration.ofSeconds(i < 3 ? 0 : i == 3 ? 60 : -60)));
            await("the hosts", () -> desk.nodes().size() == 5);
            var asked = new LinkedHashMap<String, FleetRequest>();
            var random = new Random(42);
            for (int i = 0; i < RUNS; i++) {
                String name = "run" + i;
                asked.put(name, ask(desk, name, i % 3 == 0 ? IfLost.REPEAT : IfLost.TELL));
                if (i % 25 == 24) harm(i / 25, hosts, server, random);
            }
            // Whoever stands still goes on, and all come back, so that each can say what it knows.
            for (TestHostProcess each : hosts) each.signal("CONT");
            await("all runs", () -> asked.values().stream().allMatch(each -> isCommitted(desk, each)));
            await(
                    "empty queues",
                    () -> desk.queues().stream().allMatch(queue -> queue.waiting() == 0 && queue.taken() == 0));

            Map<String, Long> times = TestHost.effects(effects).stream()
                    .collect(Collectors.groupingBy(effect -> effect.split(" ")[1], Collectors.counting()));
            assertThat(times.keySet()).isEqualTo(asked.keySet());
            var twice = new ArrayList<String>();
            times.forEach((name, count) -> {
                FleetRun run =
                        desk.find(Objects.requireNonNull(asked.get(name))).orElseThrow();
                if (count > 1) twice.add(name);
                if (count > 1)
                    assertThat(run.maybeTwice()).as("%s: %s", name, run).isTrue();
                if (run.request().ifLost() == IfLost.TELL)
                    assertThat(count).as("%s: %s", name, run).isEqualTo(1);
            });
            System.out.println("done twice, and said so: " + twice);
        } finally {
            for (TestHostProcess each : hosts) each.kill();
        }
    }

    /** A request whose answer was lost is asked for again under its key. */
    private static FleetRequest ask(FleetDesk desk, String name, IfLost ifLost) {
        while (true) {
            try {
                return desk.ask("greet", Map.of("name", name), new QueueName.Anywhere(), name, ifLost, "tester");
            } catch (UserException _) {
                LockSupport.parkNanos(50_000_000);
            }
        }
    }

    private static void harm(int turn, List<TestHostProcess> hosts, NatsServer server, Random random)
            throws InterruptedException {
        TestHostProcess victim = hosts.get(random.nextInt(hosts.size()));
        switch (turn % 4) {
            case 0 -> {
                victim.kill();
                victim.revive();
            }
            case 1 -> server.crash();
            case 2 -> victim.signal("STOP");
            default -> {
                for (TestHostProcess each : hosts) each.signal("CONT");
                victim.kill();
                server.crash();
                victim.revive();
            }
        }
    }

    private static boolean isCommitted(FleetDesk desk, FleetRequest request) {
        return desk.find(request).filter(run -> run.state() == State.COMMITTED).isPresent();
    }

    private interface Condition {
        boolean holds();
    }

    private static void await(String what, Condition condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                if (condition.holds()) return;
            } catch (UserException _) {
                // The server is not back yet.
            }
            assertThat(System.nanoTime() - deadline)
                    .as("waited too long for %s", what)
                    .isNegative();
            LockSupport.parkNanos(100_000_000);
        }
    }

    private static AutomationFile script() {
        return AutomationFile.parse("greet.py", """
                # /// automation
                # id = "greet"
                # description = "Greets."
                # language = "python"
                # parameters.name = { type = "string" }
                # ///
                print("hello")
                """, Config.DEFAULT.sandbox());
    }
}
