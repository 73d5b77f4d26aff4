package dev.understudy.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.core.automation.AutomationFile;
import dev.understudy.core.config.Config;
import dev.understudy.core.fleet.Fleet;
import dev.understudy.core.fleet.Fleet.Bucket;
import dev.understudy.core.fleet.FleetDesk;
import dev.understudy.core.fleet.FleetRequest;
import dev.understudy.core.fleet.FleetRequest.IfLost;
import dev.understudy.core.fleet.FleetRun;
import dev.understudy.core.fleet.FleetRun.State;
import dev.understudy.core.fleet.QueueName;
import dev.understudy.core.triggers.Fate;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of runs in a fleet, whatever carries it: none is lost, and none is done twice unnoticed. */
abstract class FleetRunsContract {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final QueueName.Place ANYWHERE = new QueueName.Anywhere();

    @TempDir
    Path folder;

    private Path effects;
    private Fleet fleet;
    private FleetDesk desk;
    private final List<TestHost> hosts = new ArrayList<>();
    private final CountDownLatch never = new CountDownLatch(1);

    /** A fleet with nothing in it. */
    abstract Fleet open() throws Exception;

    @BeforeEach
    void openFleet() throws Exception {
        effects = Files.createDirectory(folder.resolve("effects"));
        fleet = open();
        desk = new FleetDesk(fleet, InstantSource.system());
    }

    @AfterEach
    void closeFleet() {
        hosts.forEach(TestHost::close);
        if (fleet != null) fleet.close();
    }

    private TestHost host(String name) {
        return new TestHost(fleet, folder.resolve(name), effects);
    }

    private TestHost joined(String name, Set<String> trusted) {
        TestHost host = host(name).join(trusted);
        hosts.add(host);
        return host;
    }

    private static AutomationFile script(String more) {
        return AutomationFile.parse("greet.py", """
                # /// automation
                # id = "greet"
                # description = "Greets."
                # language = "python"
                # parameters.name = { type = "string", default = "you" }
                %s# ///
                print("hello")
                """.formatted(more), Config.DEFAULT.sandbox());
    }

    private void publish(TestHost by, String more) {
        desk.publish(script(more), 1, by.key(), ZoneOffset.UTC, "tester");
    }

    private FleetRequest ask(String key, IfLost ifLost) {
        return desk.ask("greet", Map.of("name", key), ANYWHERE, key, ifLost, "tester");
    }

    private FleetRun ended(FleetRequest request) throws InterruptedException {
        return desk.await(request, SOON).orElseThrow(() -> new AssertionError("not ended: " + desk.find(request)));
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + SOON.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline).as("waited too long").isNegative();
            LockSupport.parkNanos(10_000_000);
        }
    }

    private boolean isIdle() {
        return fleet.queues().stream().allMatch(queue -> queue.waiting() == 0 && queue.taken() == 0);
    }

    @Test
    void aRunIsDoneOnceByOneOfThemAndItsRecordSaysSo() throws Exception {
        TestHost one = host("one");
        hosts.add(one);
        publish(one, "");
        one.join(Set.of(one.key().text()));
        joined("two", Set.of(one.key().text()));
        FleetRun run = ended(ask("first", IfLost.TELL));
        assertThat(run.state()).isEqualTo(State.COMMITTED);
        assertThat(run.outcome()).isEqualTo("succeeded");
        assertThat(run.resultJson()).isEqualTo("\"first\"");
        assertThat(run.maybeTwice()).isFalse();
        assertThat(TestHost.effects(effects)).containsExactly("greet first " + run.runId());
    }

    @Test
    void whatComesBackFromTheQueueAfterItWasCommittedIsTakenOffItAndNotDone() throws Exception {
        TestHost one = joined("one", Set.of(host("one").key().text()));
        publish(one, "");
        FleetRequest request = ask("same", IfLost.REPEAT);
        FleetRun run = ended(request);
        for (int i = 0; i < 3; i++) assertThat(ask("same", IfLost.REPEAT)).isEqualTo(request);
        await(this::isIdle);
        assertThat(TestHost.effects(effects)).hasSize(1);
        assertThat(desk.find(request)).contains(run);
    }

    @Test
    void anotherRequestUnderAKeyThatWasUsedIsNotDone() throws Exception {
        TestHost one = joined("one", Set.of(host("one").key().text()));
        publish(one, "");
        FleetRun run = ended(ask("same", IfLost.TELL));
        desk.ask("greet", Map.of("name", "other"), ANYWHERE, "same", IfLost.TELL, "tester");
        await(this::isIdle);
        assertThat(desk.find(run.request())).contains(run);
        assertThat(TestHost.effects(effects)).hasSize(1);
        assertThat(desk.events(1).getFirst().text()).contains("its key same stands for another one");
    }

    @Nested
    class WhatAHostTakes {
        @Test
        void isApprovedByAKeyThatItTrusts() throws Exception {
            TestHost stranger = host("stranger");
            hosts.add(stranger);
            publish(stranger, "");
            TestHost one = joined("one", Set.of(host("one").key().text()));
            FleetRun run = ended(ask("untrusted", IfLost.REPEAT));
            assertThat(run.outcome()).isEqualTo("refused");
            assertThat(run.note())
                    .isEqualTo("greet was approved by " + stranger.key().text() + ", which this host does not trust");
            assertThat(TestHost.effects(effects)).isEmpty();
            // One that trusts it does it, though the first is offered it, too.
            joined("two", Set.of(stranger.key().text()));
            assertThat(ended(ask("trusted", IfLost.TELL)).node()).isNotEqualTo(one.id());
        }

        @Test
        void isTheVeryScriptThatWasApproved() throws Exception {
            TestHost one = joined("one", Set.of(host("one").key().text()));
            publish(one, "");
            String sha256 = desk.published().getFirst().sha256();
            fleet.putObject(sha256, "print('something else')".getBytes(StandardCharsets.UTF_8));
            FleetRun run = ended(ask("changed", IfLost.TELL));
            assertThat(run.outcome()).isEqualTo("refused");
            assertThat(run.note()).isEqualTo("the script of greet is not the one that was approved");
            assertThat(TestHost.effects(effects)).isEmpty();
        }

        @Test
        void isSignedInEveryWord() throws Exception {
            TestHost one = joined("one", Set.of(host("one").key().text()));
            publish(one, "");
            String text = fleet.get(Bucket.AUTOMATIONS, "greet").orElseThrow().text();
            assertThat(text).contains("\\\"version\\\":1");
            fleet.put(Bucket.AUTOMATIONS, "greet", text.replace("\\\"version\\\":1", "\\\"version\\\":2"));
            FleetRun run = ended(ask("changed", IfLost.TELL));
            assertThat(run.outcome()).isEqualTo("refused");
            assertThat(run.note())
                    .isEqualTo("the signature of greet is not by " + one.key().text());
        }

        @Test
        void neverRunsAtAnotherLevelThanWasApproved() throws Exception {
            TestHost one = host("one");
            hosts.add(one);
            publish(one, "");
            // Where a script says nothing of its isolation, this host would run it with the network.
            var looser =
                    Config.parse("c", "sandbox: { isolation_level: minimal }").sandbox();
            one.join(
                    Set.of(one.key().text()), List.of("full", "minimal"), List.of(), 2, looser, InstantSource.system());
            FleetRun run = ended(ask("looser", IfLost.TELL));
            assertThat(run.outcome()).isEqualTo("refused");
            assertThat(run.note()).contains("isolation minimal, approved full");
        }

        @Test
        void isWhatItsIsolationCanHonour() throws Exception {
            TestHost weak = joined("weak", Set.of(host("weak").key().text()));
            publish(weak, "# isolation = \"partial\"\n");
            FleetRequest request = ask("partial", IfLost.TELL);
            assertThat(desk.isHonoured(QueueName.parse(request.queue()))).isFalse();
            assertThat(desk.queues()).contains(new Fleet.QueueState(QueueName.parse("any.python.partial"), 1, 0));
            TestHost strong = host("strong");
            hosts.add(strong);
            strong.join(
                    Set.of(weak.key().text()),
                    List.of("full", "partial"),
                    List.of(),
                    2,
                    Config.DEFAULT.sandbox(),
                    InstantSource.system());
            assertThat(ended(request).node()).isEqualTo(strong.id());
        }

        @Test
        void isAskedForInTheQueueThatItNeeds() throws Exception {
            TestHost one = joined("one", Set.of(host("one").key().text()));
            publish(one, "# isolation = \"minimal\"\n");
            var queue = QueueName.parse("any.python.full");
            var request = new FleetRequest(1, "sly", "greet", Map.of(), IfLost.TELL, queue.text(), "tester");
            FleetRequest asked = desk.ask("greet", Map.of(), ANYWHERE, "other", IfLost.TELL, "tester");
            fleet.send(queue, "sly", json(asked).replace("other", "sly").replace("any.python.minimal", queue.text()));
            FleetRun run = ended(request);
            assertThat(run.outcome()).isEqualTo("refused");
            assertThat(run.note()).contains("what was approved needs any.python.minimal");
        }

        /** As it lies in the queue. */
        private String json(FleetRequest request) throws InterruptedException {
            var queue = QueueName.parse(request.queue());
            fleet.open(queue);
            return fleet.take(queue, 1, SOON).getFirst().text();
        }

        @Test
        void isNoneOfANewerProtocol() throws Exception {
            TestHost one = joined("one", Set.of(host("one").key().text()));
            publish(one, "");
            var queue = QueueName.parse("any.python.full");
            fleet.send(queue, "new", """
                    {"protocol":2,"key":"new","automation":"greet","parameters":{},"ifLost":"TELL","queue":"any.python.full","by":"x"}""");
            ended(ask("old", IfLost.TELL));
            assertThat(fleet.queues().stream()
                            .filter(state -> state.queue().equals(queue))
                            .mapToLong(state -> state.waiting() + state.taken()))
                    .containsExactly(1L);
            assertThat(TestHost.effects(effects)).hasSize(1);
        }
    }

    @Nested
    class WhenAHostIsLostInMidRun {
        /** The host that is lost, and what it was at. */
        private record Loss(TestHost lost, FleetRequest request) {}

        private Loss lose(IfLost ifLost, String more) {
            TestHost lost = joined("lost", Set.of(host("lost").key().text()));
            publish(lost, more);
            lost.gate = never::await;
            FleetRequest request = ask("risky", ifLost);
            lost.begun.awaitAdvance(0);
            hosts.remove(lost);
            lost.close();
            joined("other", Set.of(lost.key().text()));
            return new Loss(lost, request);
        }

        @Test
        void theRunIsSaidToBeUnsureAndNotRepeated() throws Exception {
            Loss loss = lose(IfLost.TELL, "");
            FleetRun run = ended(loss.request());
            assertThat(run.state()).isEqualTo(State.UNSURE);
            assertThat(run.note())
                    .isEqualTo("its host " + loss.lost().id() + " was lost in mid-run (run " + run.runId()
                            + " there): it may have happened or not, and is not repeated");
            assertThat(TestHost.effects(effects)).isEmpty();
        }

        @Test
        void itIsRepeatedWhereThatWasAskedForAndSaysThatItMayHaveHappenedTwice() throws Exception {
            Loss loss = lose(IfLost.REPEAT, "");
            FleetRun run = ended(loss.request());
            assertThat(run.state()).isEqualTo(State.COMMITTED);
            assertThat(run.attempt()).isEqualTo(2);
            assertThat(run.maybeTwice()).isTrue();
            assertThat(run.note()).endsWith("and it was repeated: it may have happened twice");
            assertThat(TestHost.effects(effects)).hasSize(1);
        }

        @Test
        void aPureOneIsRepeatedWithoutAWord() throws Exception {
            Loss loss = lose(IfLost.TELL, "# pure = true\n");
            FleetRun run = ended(loss.request());
            assertThat(run.state()).isEqualTo(State.COMMITTED);
            assertThat(run.maybeTwice()).isFalse();
        }

        @Test
        void theHostKnowsWhenItComesBackThatNothingHasHappened() throws Exception {
            Loss loss = lose(IfLost.TELL, "");
            assertThat(ended(loss.request()).state()).isEqualTo(State.UNSURE);
            joined("lost", Set.of(loss.lost().key().text()));
            await(() -> desk.find(loss.request()).orElseThrow().state() == State.COMMITTED);
            assertThat(desk.find(loss.request()).orElseThrow().maybeTwice()).isFalse();
            assertThat(TestHost.effects(effects)).hasSize(1);
        }

        @Test
        void theHostKnowsWhenItComesBackThatItHadHappened() throws Exception {
            Loss loss = lose(IfLost.TELL, "");
            FleetRun unsure = ended(loss.request());
            // Its end was in its own log, and it died before it could say so.
            Files.createFile(effects.resolve("greet risky " + unsure.runId()));
            joined("lost", Set.of(loss.lost().key().text()));
            await(() -> desk.find(loss.request()).orElseThrow().state() == State.COMMITTED);
            assertThat(TestHost.effects(effects)).hasSize(1);
        }

        @Test
        void itStaysUnsureWhereTheHostDoesNotKnowEither() throws Exception {
            TestHost lost = joined("lost", Set.of(host("lost").key().text()));
            publish(lost, "");
            lost.gate = never::await;
            FleetRequest request = ask("risky", IfLost.TELL);
            lost.begun.awaitAdvance(0);
            hosts.remove(lost);
            lost.close();
            TestHost back = host("lost");
            back.unknown = new Fate.CutShort();
            hosts.add(back);
            back.join(Set.of(back.key().text()));
            FleetRun run = ended(request);
            assertThat(run.state()).isEqualTo(State.UNSURE);
            assertThat(run.note()).contains("was killed in mid-run, and a part of its effect may stand");
            assertThat(TestHost.effects(effects)).isEmpty();
        }
    }

    @Nested
    class WhereRunsGo {
        @Test
        void toAHostOfTheLabel() throws Exception {
            TestHost one = joined("one", Set.of(host("one").key().text()));
            publish(one, "");
            TestHost labelled = host("labelled");
            hosts.add(labelled);
            labelled.join(
                    Set.of(one.key().text()),
                    List.of("full"),
                    List.of("gpu"),
                    1,
                    Config.DEFAULT.sandbox(),
                    InstantSource.system());
            for (int i = 0; i < 5; i++) {
                FleetRequest request =
                        desk.ask("greet", Map.of(), new QueueName.Labelled("gpu"), "gpu " + i, IfLost.TELL, "tester");
                assertThat(ended(request).node()).isEqualTo(labelled.id());
            }
        }

        @Test
        void toEachHostOnce() throws Exception {
            TestHost one = joined("one", Set.of(host("one").key().text()));
            publish(one, "");
            TestHost two = joined("two", Set.of(one.key().text()));
            var nodes = new ArrayList<String>();
            for (FleetRequest each : desk.askEverywhere("greet", Map.of(), "all", IfLost.TELL, "tester"))
                nodes.add(ended(each).node());
            assertThat(nodes).containsExactlyInAnyOrder(one.id(), two.id());
        }

        @Test
        void toAnotherHostWhileOneIsBusy() throws Exception {
            TestHost busy = joined("busy", Set.of(host("busy").key().text()));
            publish(busy, "");
            busy.gate = never::await;
            desk.ask("greet", Map.of(), new QueueName.On(busy.id()), "1", IfLost.TELL, "tester");
            desk.ask("greet", Map.of(), new QueueName.On(busy.id()), "2", IfLost.TELL, "tester");
            await(() -> busy.begun.getPhase() >= 2);
            TestHost free = joined("free", Set.of(busy.key().text()));
            for (int i = 0; i < 5; i++)
                assertThat(ended(ask("free " + i, IfLost.TELL)).node()).isEqualTo(free.id());
        }
    }

    @Nested
    class CronTriggers {
        @Test
        void fireOnceInTheFleet() throws Exception {
            TestHost one = host("one");
            hosts.add(one);
            publish(one, "# triggers = [{ cron = \"* * * * *\" }]\n");
            var now = new AtomicReference<>(Instant.parse("2026-11-30T10:00:10Z"));
            for (String name : List.of("one", "two", "three")) {
                TestHost host = name.equals("one") ? one : host(name);
                if (host != one) hosts.add(host);
                // The clock of one of them is ahead by most of a minute.
                InstantSource clock = () -> now.get().plusSeconds(name.equals("two") ? 45 : 0);
                host.join(Set.of(one.key().text()), List.of("full"), List.of(), 2, Config.DEFAULT.sandbox(), clock);
            }
            for (int minute = 1; minute <= 4; minute++) {
                now.updateAndGet(before -> before.plusSeconds(60));
                int expected = minute;
                await(() -> committed() >= expected);
            }
            await(this::isQuiet);
            assertThat(desk.runs(100))
                    .extracting(run -> run.request().key())
                    .containsExactlyInAnyOrder(
                            "cron:greet:2026-11-30T10:01:00Z",
                            "cron:greet:2026-11-30T10:02:00Z",
                            "cron:greet:2026-11-30T10:03:00Z",
                            "cron:greet:2026-11-30T10:04:00Z");
            assertThat(TestHost.effects(effects)).hasSize(4);
        }

        private boolean isQuiet() {
            return isIdle() && desk.runs(100).stream().allMatch(run -> run.state() == State.COMMITTED);
        }

        private long committed() {
            return desk.runs(100).stream()
                    .filter(run -> run.state() == State.COMMITTED)
                    .count();
        }

        @Test
        void fireThoughTheHostThatWasToAskDiedBeforeItDid() throws Exception {
            TestHost one = host("one");
            hosts.add(one);
            publish(one, "# triggers = [{ cron = \"* * * * *\" }]\n");
            var now = new AtomicReference<>(Instant.parse("2026-11-30T10:00:10Z"));
            // As a host leaves it that has claimed the time and is gone.
            fleet.put(Bucket.FIRINGS, sha256("cron:greet:2026-11-30T10:01:00Z"), "ngone instance");
            one.join(Set.of(one.key().text()), List.of("full"), List.of(), 2, Config.DEFAULT.sandbox(), now::get);
            now.set(Instant.parse("2026-11-30T10:01:10Z"));
            await(() -> committed() == 1);
        }

        private static String sha256(String text) throws NoSuchAlgorithmException {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        }
    }

    @Test
    void whatIsWithdrawnIsNotRun() throws Exception {
        TestHost one = joined("one", Set.of(host("one").key().text()));
        publish(one, "");
        one.gate = () -> {};
        ended(ask("before", IfLost.TELL));
        FleetRequest late = new FleetRequest(1, "late", "greet", Map.of(), IfLost.TELL, "any.python.full", "tester");
        desk.withdraw("greet");
        fleet.send(QueueName.parse(late.queue()), "late", """
                {"protocol":1,"key":"late","automation":"greet","parameters":{},"ifLost":"TELL","queue":"any.python.full","by":"tester"}""");
        FleetRun run = ended(late);
        assertThat(run.outcome()).isEqualTo("refused");
        assertThat(run.note()).isEqualTo("greet is not published");
    }
}
