package dev.understudy.core.triggers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.understudy.core.store.Database;
import dev.understudy.core.triggers.Trigger.Missed;
import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunReport.FileChange;
import dev.understudy.sandbox.control.ScriptRunner;
import dev.understudy.sandbox.control.Tier;
import dev.understudy.spi.Task;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real files, a real server and a real store; the clock is the test's, and runs end at once. */
class TriggerHostTest {
    private static Path emptyStore = Path.of("");

    @TempDir
    Path folder;

    private Path inbox;
    private Database database;
    private TriggerHost host;
    private Instant now = Instant.parse("2026-11-16T09:00:30Z");
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final Map<String, Deployed> deployed = new LinkedHashMap<>();
    /** How often settled files were looked at. */
    private final Semaphore looks = new Semaphore(0);

    /** What the log tells of runs after a crash. */
    private final Map<String, Fate> fates = new LinkedHashMap<>();
    /** What a run of an automation writes, by its id. */
    private final Map<String, Function<Firing, List<Path>>> writes = new LinkedHashMap<>();

    /** Migrating takes long, so one empty store is made and copied. */
    @BeforeAll
    static void makeEmptyStore(@TempDir Path shared) {
        emptyStore = shared.resolve("empty.db");
        Database.open(emptyStore).close();
    }

    @BeforeEach
    void open() throws IOException {
        inbox = Files.createDirectory(folder.resolve("inbox"));
        Files.createDirectory(folder.resolve("hooks"));
        Files.copy(emptyStore, folder.resolve("store.db"));
        database = Database.open(folder.resolve("store.db"));
        host = host();
    }

    @AfterEach
    void close() {
        host.close();
        database.close();
    }

    private TriggerHost host() {
        var settings = new TriggerHost.Settings(folder, ZoneId.of("UTC"), 0, folder.resolve("hooks"), 3);
        InstantSource clock = () -> {
            // Asked by this thread for each settled file, and again as long as it cannot be decided whose output it is.
            if (Thread.currentThread().getName().equals("file triggers")) looks.release();
            return now;
        };
        return new TriggerHost(new TriggerStore(database), this::run, new Heard(), settings, clock);
    }

    /** As after a kill: nothing was closed in order. */
    private void restart() {
        host.close();
        host = host();
        host.deploy(deployed);
        host.resume((_, runId) -> fates.getOrDefault(runId, new Fate.CutShort()));
    }

    private void deploy(String id, Trigger... triggers) {
        deployed.put(id, new Deployed(new Triggers(List.of(triggers), Overlap.QUEUE, List.of())));
        host.deploy(deployed);
    }

    private record Deployed(Triggers triggers) implements TriggerHost.Deployed {
        @Override
        public Optional<String> misfit(Map<String, String> parameters) {
            return parameters.containsKey("wrong") ? Optional.of("there is no parameter 'wrong'") : Optional.empty();
        }
    }

    private String heard() {
        try {
            return String.valueOf(heard.poll(20, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Trigger cron(String expression, Missed missed) {
        try {
            return new Trigger.Cron(CronExpression.parse(expression), Optional.empty(), missed);
        } catch (CronMistake mistake) {
            throw new AssertionError(mistake);
        }
    }

    private static Trigger files(Path path, Missed missed) {
        return new Trigger.FileChange(path.toString(), "*.csv", Duration.ofMillis(100), Optional.of("file"), missed);
    }

    private ScriptRunner.Run run(Firing firing, String runId) {
        firing.repeats().ifPresent(earlier -> heard.add(firing.automationId() + " does " + earlier + " again"));
        var changes = new ArrayList<FileChange>();
        for (Path path :
                writes.getOrDefault(firing.automationId(), _ -> List.of()).apply(firing)) {
            try {
                Files.writeString(path, "written by " + firing.automationId());
                changes.add(
                        new FileChange(path, FileChange.Kind.CREATED, false, 0, Files.size(path), Optional.empty()));
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
        return new Ended(changes, looks);
    }

    /** Ends only when its output has settled and was looked at, as on a machine that is busy. */
    private record Ended(List<FileChange> changes, Semaphore looks) implements ScriptRunner.Run {
        @Override
        public RunReport await() throws InterruptedException {
            if (!changes.isEmpty()) {
                looks.drainPermits();
                assertThat(looks.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
            }
            return new RunReport(
                    "run",
                    new RunOutcome.Succeeded("{}"),
                    IsolationLevel.FULL,
                    Tier.NONE,
                    Instant.EPOCH,
                    Duration.ZERO,
                    changes,
                    List.of(),
                    RunReport.Usage.NONE);
        }

        @Override
        public void cancel() {
            // It has ended.
        }
    }

    @Nested
    class Cron {
        @Test
        void firesWhenTheClockReachesItsTimeAndNotAgain() {
            deploy("tidy", cron("5 9 * * *", Missed.SKIP));
            host.tick();
            now = Instant.parse("2026-11-16T09:05:00Z");
            host.tick();
            host.tick();
            assertThat(List.of(heard(), heard()))
                    .containsExactly("tidy fired by cron 2026-11-16T09:05:00Z", "tidy succeeded");
            assertThat(host.next()).contains(Instant.parse("2026-11-17T09:05:00Z"));
            assertThat(heard).isEmpty();
        }

        @Test
        void ofTwoExpressionsThatMeetFiresOnce() {
            deploy("tidy", cron("5 9 * * *", Missed.SKIP), cron("*/5 * * * *", Missed.SKIP));
            now = Instant.parse("2026-11-16T09:05:00Z");
            host.tick();
            assertThat(List.of(heard(), heard()))
                    .containsExactly("tidy fired by cron 2026-11-16T09:05:00Z", "tidy succeeded");
            assertThat(heard).isEmpty();
        }

        @Test
        void goesOnAfterACrashAsConfigured() {
            deploy("skips", cron("0 * * * *", Missed.SKIP));
            deploy("once", cron("0 * * * *", Missed.RUN_ONCE));
            deploy("all", cron("0 * * * *", Missed.RUN_ALL));
            now = Instant.parse("2026-11-16T11:30:00Z");
            restart();
            host.tick();
            var events = new TreeSet<String>();
            for (int i = 0; i < 7; i++) events.add(heard());
            assertThat(events)
                    .containsExactly(
                            "all fired by cron 2026-11-16T10:00:00Z",
                            "all fired by cron 2026-11-16T11:00:00Z",
                            "all succeeded",
                            "once fired by cron 2026-11-16T11:00:00Z",
                            "once succeeded",
                            "skips missed cron 0 * * * *");
            assertThat(new TriggerStore(database).latest(10))
                    .filteredOn(each -> each.state() == FiringState.SKIPPED)
                    .extracting(
                            each -> each.firing().automationId(),
                            each -> each.firing().causeText(),
                            TriggerStore.Kept::note)
                    .containsExactly(tuple(
                            "skips", "missed cron 0 * * * *", "missed while the host was down or the machine slept"));
            restart();
            host.tick();
            assertThat(heard).isEmpty();
        }

        @Test
        void countsFromNowForAnAutomationThatWasNotDeployedMeanwhile() {
            deploy("all", cron("0 * * * *", Missed.RUN_ALL));
            deployed.clear();
            host.deploy(deployed);
            now = Instant.parse("2026-11-16T11:30:00Z");
            deploy("all", cron("0 * * * *", Missed.RUN_ALL));
            host.tick();
            assertThat(heard).isEmpty();
        }
    }

    /** A firing that was accepted is neither lost nor has its effect twice, whenever the host died. */
    @Nested
    class ARunThatWasUnderWayWhenTheHostDied {
        private TriggerStore store = new TriggerStore(database);

        /** As a host leaves it that began this run and died. */
        private Firing begun(String runId) {
            Firing firing = store.record(
                            "tidy",
                            "cron " + runId,
                            Map.of("file", "a"),
                            FiringState.WAITING,
                            "",
                            now,
                            Set.of("tidy"),
                            new TriggerStore.Progress.None())
                    .orElseThrow();
            store.begin(firing.id(), runId, now);
            return firing;
        }

        private List<String> kept() {
            return store.latest(10).stream()
                    .map(each -> each.state().id() + (each.note().isEmpty() ? "" : ": " + each.note()))
                    .toList();
        }

        @BeforeEach
        void deploySomething() {
            store = new TriggerStore(database);
            deploy("tidy", cron("5 9 * * *", Missed.SKIP));
        }

        @Test
        void isRunAgainWhereItHasChangedNothing() {
            begun("r1");
            fates.put("r1", new Fate.Untouched());
            now = now.plusSeconds(3600);
            restart();
            assertThat(List.of(heard(), heard(), heard()))
                    .containsExactly("tidy repeats r1", "tidy does r1 again", "tidy succeeded");
            assertThat(kept()).containsExactly("succeeded");
            restart();
            assertThat(heard).isEmpty();
        }

        @Test
        void isRunAgainOnceOnly() {
            Firing firing = begun("r1");
            store.waitAgain(firing.id(), "r1");
            store.begin(firing.id(), "r2", now);
            fates.put("r2", new Fate.Untouched());
            restart();
            assertThat(heard()).isEqualTo("tidy interrupted");
            assertThat(kept().getFirst()).contains("for the second time", "runs --interrupted");
        }

        @Test
        void isNotRunAgainWhereItMayHaveChangedSomething() {
            begun("r1");
            fates.put("r1", new Fate.CutShort());
            restart();
            assertThat(heard()).isEqualTo("tidy interrupted");
            assertThat(kept().getFirst()).contains("it may have changed something", "runs --interrupted");
        }

        @Test
        void beginsWhereItNeverDid() {
            begun("r1");
            fates.put("r1", new Fate.NotBegun());
            restart();
            assertThat(heard()).isEqualTo("tidy succeeded");
        }

        @Test
        void countsAsWhatTheLogSaysWhereItHadEnded() {
            begun("r1");
            fates.put("r1", new Fate.Ended(FiringState.FAILED, "no such file"));
            restart();
            assertThat(heard()).isEqualTo("tidy failed");
            assertThat(kept()).containsExactly("failed: no such file");
        }

        @Test
        void isLeftOutWhereItsAutomationMayNoLongerRun() {
            begun("r1");
            fates.put("r1", new Fate.Untouched());
            deployed.clear();
            restart();
            assertThat(List.of(heard(), heard()))
                    .containsExactly("tidy repeats r1", "tidy left out cron r1: it is no longer approved");
        }
    }

    @Nested
    class ChangedFiles {
        @Test
        void fireOnceForEachFileThatIsMeant() throws IOException {
            Files.writeString(inbox.resolve("before.csv"), "was there");
            deploy("tidy", files(inbox, Missed.SKIP));
            Files.writeString(inbox.resolve("a.txt"), "not meant");
            Files.writeString(inbox.resolve(".hidden.csv"), "not meant");
            Files.writeString(inbox.resolve("a.csv"), "one");
            assertThat(List.of(heard(), heard()))
                    .containsExactly("tidy fired by file " + inbox.resolve("a.csv"), "tidy succeeded");
            Files.writeString(inbox.resolve("a.csv"), "another");
            assertThat(List.of(heard(), heard()))
                    .containsExactly("tidy fired by file " + inbox.resolve("a.csv"), "tidy succeeded");
            assertThat(heard).isEmpty();
        }

        @Test
        void ofTheAutomationsOwnRunFireNothing() throws IOException {
            writes.put(
                    "tidy",
                    firing -> List.of(
                            Path.of(firing.parameters().getOrDefault("file", "").replace(".csv", "-tidied.csv"))));
            deploy("tidy", files(inbox, Missed.SKIP));
            Files.writeString(inbox.resolve("a.csv"), "one");
            assertThat(List.of(heard(), heard()))
                    .containsExactly("tidy fired by file " + inbox.resolve("a.csv"), "tidy succeeded");
            assertThat(inbox.resolve("a-tidied.csv")).exists();
            writesNothingMore();
            Files.writeString(inbox.resolve("b.csv"), "two");
            assertThat(heard()).isEqualTo("tidy fired by file " + inbox.resolve("b.csv"));
        }

        /** A run whose output nobody looks at any more, since the watch was closed, would wait in vain. */
        private void writesNothingMore() {
            writes.clear();
        }

        @Test
        void ofAnAutomationThatItStartedFireNothing() throws IOException {
            Path outbox = Files.createDirectory(folder.resolve("outbox"));
            writes.put("there", _ -> List.of(outbox.resolve("x.csv")));
            writes.put("back", _ -> List.of(inbox.resolve("y.csv")));
            deploy("there", files(inbox, Missed.SKIP));
            deploy("back", files(outbox, Missed.SKIP));
            Files.writeString(inbox.resolve("a.csv"), "one");
            assertThat(List.of(heard(), heard(), heard(), heard(), heard()))
                    .containsExactly(
                            "there fired by file " + inbox.resolve("a.csv"),
                            "there succeeded",
                            "back fired by file " + outbox.resolve("x.csv"),
                            "back succeeded",
                            "there not started by y.csv of [back, there]");
            writesNothingMore();
            Files.writeString(inbox.resolve("y.csv"), "by a person");
            assertThat(heard()).isEqualTo("there fired by file " + inbox.resolve("y.csv"));
        }

        @Test
        void areWatchedAgainWhenTheirFolderIsBack() throws IOException {
            deploy("tidy", files(inbox, Missed.SKIP));
            Files.delete(inbox);
            assertThat(heard()).isEqualTo("tidy lost inbox");
            Files.createDirectory(inbox);
            Files.writeString(inbox.resolve("a.csv"), "one");
            assertThat(List.of(heard(), heard()))
                    .containsExactly("tidy has inbox back", "tidy fired by file " + inbox.resolve("a.csv"));
        }

        @Test
        void mayBeOneFile() throws IOException {
            Path file = Files.writeString(inbox.resolve("todo"), "was there");
            deploy(
                    "tidy",
                    new Trigger.FileChange(
                            file.toString(), "*", Duration.ofMillis(100), Optional.empty(), Missed.SKIP));
            Files.writeString(inbox.resolve("other"), "not meant");
            Files.writeString(file, "one");
            assertThat(heard()).isEqualTo("tidy fired by file " + file);
        }

        @Test
        void thatChangedWhileTheHostWasDownCountAsConfigured() throws IOException {
            deploy("skips", files(inbox, Missed.SKIP));
            deploy("once", files(inbox, Missed.RUN_ONCE));
            deploy("all", files(inbox, Missed.RUN_ALL));
            host.close();
            for (String name : List.of("a.csv", "b.csv")) {
                Files.writeString(inbox.resolve(name), name);
                Files.setLastModifiedTime(
                        inbox.resolve(name),
                        java.nio.file.attribute.FileTime.from(
                                Instant.parse("2026-11-16T09:0" + (name.charAt(0) - 'a') + ":00Z")));
            }
            restart();
            var events = new TreeSet<String>();
            for (int i = 0; i < 6; i++) events.add(heard());
            assertThat(events)
                    .containsExactly(
                            "all fired by file " + inbox.resolve("a.csv"),
                            "all fired by file " + inbox.resolve("b.csv"),
                            "all succeeded",
                            "once fired by file " + inbox.resolve("b.csv"),
                            "once succeeded");
        }
    }

    @Nested
    class RecordedTasks {
        private Task task(String id, Instant at) {
            return new Task(id, "cp", "", Map.of(Task.COMMAND, "cp a.txt /bak"), at, Duration.ofSeconds(1), true);
        }

        @Test
        void fireOnceUnlessTheyEndedBeforeTheTriggerWasThere() {
            deploy("after", new Trigger.TaskRecorded("cp", Map.of("command", "cp {file} /bak")));
            host.recorded(task("old", now.minusSeconds(60)));
            host.recorded(task("new", now));
            host.recorded(task("new", now));
            assertThat(List.of(heard(), heard())).containsExactly("after fired by task cp", "after succeeded");
            assertThat(heard).isEmpty();
        }
    }

    @Nested
    class Webhooks {
        private HttpResponse<String> send(String path, Function<HttpRequest.Builder, HttpRequest.Builder> with)
                throws IOException, InterruptedException {
            var request =
                    with.apply(HttpRequest.newBuilder(address.resolve(path))).build();
            try (var client = HttpClient.newHttpClient()) {
                return client.send(request, HttpResponse.BodyHandlers.ofString());
            }
        }

        private URI address = URI.create("http://localhost/");

        @BeforeEach
        void answer() {
            deploy("hooked", new Trigger.Webhook());
            deploy("plain");
            address = URI.create(heard());
        }

        private String token() throws IOException {
            return Files.readString(folder.resolve("hooks/hooked")).strip();
        }

        private int post(String path, String authorization, String body) throws IOException, InterruptedException {
            return send(
                            path,
                            request -> request.header("Authorization", authorization)
                                    .POST(HttpRequest.BodyPublishers.ofString(body)))
                    .statusCode();
        }

        @Test
        void answerOnLoopbackOnly() {
            assertThat(address.getHost()).isEqualTo("127.0.0.1");
        }

        @Test
        void refuseWhoeverHasNotTheToken() throws Exception {
            assertThat(send("hooked", request -> request.POST(HttpRequest.BodyPublishers.noBody()))
                            .statusCode())
                    .isEqualTo(401);
            assertThat(send("hooked", request -> request).statusCode()).isEqualTo(401);
            for (String wrong : List.of("Bearer", "Bearer " + token() + "0", "Basic " + token(), token()))
                assertThat(post("hooked", wrong, "")).as(wrong).isEqualTo(401);
            for (String path : List.of("plain", "unknown", "", "/", "hooked/", "../hooks/hooked/x"))
                assertThat(post(path, "Bearer " + token(), "")).as(path).isEqualTo(401);
            assertThat(heard).isEmpty();
        }

        @Test
        void fireWithTheParametersOfTheBody() throws Exception {
            assertThat(post("hooked", "Bearer " + token(), "{\"file\":\"/a\",\"days\":3,\"tags\":[\"x\",\"y\"]}"))
                    .isEqualTo(202);
            assertThat(heard()).isEqualTo("hooked fired by webhook");
            assertThat(new TriggerStore(database).latest(1).getFirst().firing().parameters())
                    .isEqualTo(Map.of("file", "/a", "days", "3", "tags", "[\"x\",\"y\"]"));
        }

        @Test
        void refuseABodyThatDoesNotDo() throws Exception {
            String authorization = "Bearer " + token();
            for (String body : List.of("[1]", "{", "text", "{\"wrong\":1}"))
                assertThat(post("hooked", authorization, body)).as(body).isEqualTo(400);
            String large = "{\"file\":\"" + "x".repeat(WebhookServer.MAX_BODY_BYTES) + "\"}";
            assertThat(post("hooked", authorization, large)).isEqualTo(413);
            assertThat(send(
                                    "hooked",
                                    request -> request.header("Authorization", authorization)
                                            .GET())
                            .statusCode())
                    .isEqualTo(405);
            assertThat(heard).isEmpty();
        }

        @Test
        void fireOnceForARequestThatIsRepeated() throws Exception {
            String authorization = "Bearer " + token();
            for (int status : List.of(202, 200))
                assertThat(send(
                                        "hooked",
                                        request -> request.header("Authorization", authorization)
                                                .header("Idempotency-Key", "7")
                                                .POST(HttpRequest.BodyPublishers.noBody()))
                                .statusCode())
                        .isEqualTo(status);
        }

        @Test
        void keepTheirTokenToTheOwnerOverARestart() throws Exception {
            String token = token();
            assertThat(token).matches("[0-9a-f]{64}");
            assertThat(Files.getPosixFilePermissions(folder.resolve("hooks/hooked")))
                    .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
            restart();
            heard();
            assertThat(token()).isEqualTo(token);
        }
    }

    private final class Heard implements TriggerListener {
        @Override
        public void fired(Firing firing) {
            heard.add(firing.automationId() + " fired by " + firing.causeText());
        }

        @Override
        public void repeats(Firing firing, String runId) {
            heard.add(firing.automationId() + " repeats " + runId);
        }

        @Override
        public void skipped(String automationId, String cause, String reason) {
            heard.add(automationId + " left out " + cause + ": " + reason);
        }

        @Override
        public void ended(Firing firing, FiringState state, String note, @Nullable RunReport report) {
            heard.add(firing.automationId() + " " + state.id());
        }

        @Override
        public void missed(String automationId, String triggerKey) {
            heard.add(automationId + " missed " + triggerKey);
        }

        @Override
        public void folderGone(String automationId, Path path) {
            heard.add(automationId + " lost " + path.getFileName());
        }

        @Override
        public void folderBack(String automationId, Path path) {
            heard.add(automationId + " has " + path.getFileName() + " back");
        }

        @Override
        public void loopAvoided(String automationId, Path file, Set<String> chain) {
            heard.add(automationId + " not started by " + file.getFileName() + " of " + new TreeSet<>(chain));
        }

        @Override
        public void webhooksAnswer(URI answers, Path tokens) {
            heard.add(answers.toString());
        }

        @Override
        public void problem(String line) {
            heard.add("problem: " + line);
        }
    }
}
