package dev.understudy.core.automation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.core.audit.AuditEntry;
import dev.understudy.core.config.DataHome;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.secrets.SecretStore;
import dev.understudy.core.store.Database;
import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunReport.FileChange;
import dev.understudy.sandbox.control.RunReport.OutputLine;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.RunRequest.Mode;
import dev.understudy.sandbox.control.ScriptRunner;
import dev.understudy.sandbox.control.Tier;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a script knows of the secrets that it was granted, and what anybody else hears of them. */
class GrantedSecretsTest {
    private static final String VALUE = "hunter2 \"quoted\" ü/&";

    @TempDir
    Path folder;

    private DataHome home;
    private Database database;
    private AutomationService service;
    private SecretStore secrets;
    private final Talkative runner = new Talkative();
    private final List<String> heard = new ArrayList<>();

    @BeforeEach
    void open() {
        home = DataHome.open(folder.resolve("home"));
        database = Database.open(home.database());
        secrets = SecretStore.of(home, Map.of(), Clock.systemUTC());
        service = TestAutomations.on(database, home)
                .runBy(runner, RunRequest.Language.PYTHON)
                .knowing(secrets)
                .ofAPersonAt(folder)
                .open();
        service.runs().watch(new ProgressListener() {
            @Override
            public void said(String runId, OutputLine line) {
                heard.add(line.text());
            }

            @Override
            public void progressed(String runId, double share, String text) {
                heard.add(text);
            }
        });
    }

    @AfterEach
    void close() {
        database.close();
    }

    private Path script(String grants) throws IOException {
        return Files.writeString(folder.resolve("ask.py"), """
                # /// automation
                # id = "ask"
                # description = "Asks with a token."
                # language = "python"
                # grants = { %s }
                # ///
                def execute(params): ...
                """.formatted(grants));
    }

    private RunReport run(Path script, Mode mode) throws InterruptedException {
        var order = RunOrder.of(Map.of(), mode, folder).toldTo(new RunListener() {
            @Override
            public void output(OutputLine line) {
                heard.add(line.text());
            }

            @Override
            public void progress(double share, String text) {
                heard.add(text);
            }
        });
        return service.runs().startFile(script, order).await();
    }

    private void nobodyHearsOfIt(RunReport report) throws IOException {
        for (String form : List.of("hunter2", "\\u00fc", "quoted", "%C3%BC")) {
            assertThat(report.toString()).as("report").doesNotContain(form);
            assertThat(heard)
                    .as("listeners")
                    .allSatisfy(text -> assertThat(text).doesNotContain(form));
            assertThat(service.audit().newest(Optional.empty(), 100))
                    .extracting(AuditEntry::details)
                    .as("log")
                    .allSatisfy(details -> assertThat(details.toString()).doesNotContain(form));
            try (Stream<Path> all = Files.walk(home.root())) {
                for (Path each : all.filter(Files::isRegularFile).toList())
                    assertThat(new String(Files.readAllBytes(each), StandardCharsets.UTF_8).contains(form))
                            .as(each + " holds " + form)
                            .isFalse();
            }
        }
    }

    @Test
    void aRunForRealKnowsItAndNothingThatIsKeptOrShownDoes() throws Exception {
        secrets.set("API_TOKEN", VALUE, SecretStore.Choice.FILE);
        RunReport report = run(script("secrets = [\"API_TOKEN\"]"), Mode.COMMIT);
        assertThat(runner.known).containsExactly(VALUE);
        assertThat(report.outcome())
                .isEqualTo(new RunOutcome.Succeeded(
                        "{\"token\":\"<secret>\",\"deep\":[{\"<secret>\":\"a <secret> b\"}],\"number\":7}"));
        assertThat(report.output()).containsExactly(new OutputLine("stdout", "it is <secret>."));
        assertThat(report.changes())
                .singleElement()
                .satisfies(change -> assertThat(change.diff()).contains("@@ -0,0 +1 @@\n+token=<secret>\n"));
        assertThat(heard).contains("it is <secret>.", "sends <secret>");
        nobodyHearsOfIt(report);
    }

    @Test
    void aRunThatFailsTellsItInNoError() throws Exception {
        secrets.set("API_TOKEN", VALUE, SecretStore.Choice.FILE);
        runner.outcome = value -> new RunOutcome.Failed("401 for " + value, "at x\n" + value);
        RunReport report = run(script("secrets = [\"API_TOKEN\"]"), Mode.COMMIT);
        assertThat(report.outcome()).isEqualTo(new RunOutcome.Failed("401 for <secret>", "at x\n<secret>"));
        nobodyHearsOfIt(report);
    }

    @Test
    void aSecretThatIsANumberLeavesTheResultJson() throws Exception {
        secrets.set("PIN", "4711", SecretStore.Choice.FILE);
        runner.outcome = _ -> new RunOutcome.Succeeded("{\"pin\":4711,\"sum\":94711.5,\"n\":12}");
        RunReport report = run(script("secrets = [\"PIN\"]"), Mode.COMMIT);
        assertThat(report.outcome())
                .isEqualTo(new RunOutcome.Succeeded("{\"pin\":\"<secret>\",\"sum\":\"9<secret>.5\",\"n\":12}"));
    }

    @Test
    void aSecretOfSeveralLinesGoesLineByLine() throws Exception {
        secrets.set("SSH_KEY", "-----BEGIN KEY-----\nabcdefgh12345678\n-----END KEY-----\n", SecretStore.Choice.FILE);
        runner.outcome = _ -> new RunOutcome.Failed("+abcdefgh12345678", "");
        assertThat(run(script("secrets = [\"SSH_KEY\"]"), Mode.COMMIT).outcome())
                .isEqualTo(new RunOutcome.Failed("+<secret>", ""));
    }

    @Test
    void aRehearsalGetsAStandIn() throws Exception {
        secrets.set("API_TOKEN", VALUE, SecretStore.Choice.FILE);
        run(script("secrets = [\"API_TOKEN\"]"), Mode.REHEARSE);
        assertThat(runner.known).containsExactly("stand-in-for-API_TOKEN");
    }

    @Test
    void aRehearsalDoesNotShowItEitherWhereAFileHoldsIt() throws Exception {
        secrets.set("API_TOKEN", VALUE, SecretStore.Choice.FILE);
        runner.says = VALUE;
        RunReport report = run(script("secrets = [\"API_TOKEN\"]"), Mode.REHEARSE);
        assertThat(runner.known).containsExactly("stand-in-for-API_TOKEN");
        assertThat(report.changes())
                .singleElement()
                .satisfies(change -> assertThat(change.after())
                        .hasValueSatisfying(after -> assertThat(((FileChange.After.File) after).bytes())
                                .asString(StandardCharsets.UTF_8)
                                .isEqualTo("ü token=<secret>\n")));
        nobodyHearsOfIt(report);
    }

    @Test
    void aRunWithoutTheGrantKnowsNone() throws Exception {
        secrets.set("API_TOKEN", VALUE, SecretStore.Choice.FILE);
        run(script("reads = []"), Mode.COMMIT);
        assertThat(runner.known).isEmpty();
    }

    @Test
    void aRunIsRefusedInOneLineWhereTheSecretIsMissing() throws Exception {
        RunReport report = run(script("secrets = [\"API_TOKEN\"]"), Mode.COMMIT);
        assertThat(report.outcome())
                .isEqualTo(new RunOutcome.Refused(
                        "there is no secret API_TOKEN", "Give it one: understudy secrets set API_TOKEN"));
        assertThat(runner.runs).isZero();
    }

    @Test
    void theLogSaysWhichSecretsARunKnew() throws Exception {
        secrets.set("API_TOKEN", VALUE, SecretStore.Choice.FILE);
        run(script("secrets = [\"API_TOKEN\"]"), Mode.COMMIT);
        assertThat(service.audit().newest(Optional.empty(), 100))
                .filteredOn(entry -> entry.kind().equals("run_started"))
                .singleElement()
                .satisfies(entry ->
                        assertThat(entry.details().path("secrets").toString()).isEqualTo("[\"API_TOKEN\"]"));
    }

    @Test
    void aScriptCannotHaveAParameterSayWhichOneItKnows() {
        assertThatThrownBy(() -> run(script("secrets = [\"{name}\"]"), Mode.COMMIT))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("grants.secrets")
                .hasMessageContaining("must be a secret's name: capital letters");
    }

    /** Says what it knows in every way there is. */
    private static final class Talkative implements ScriptRunner {
        final List<String> known = new ArrayList<>();
        int runs;
        String says = "";
        Function<String, RunOutcome> outcome =
                value -> new RunOutcome.Succeeded("{\"token\":" + AutomationFile.json(value)
                        + ",\"deep\":[{" + AutomationFile.json(value) + ":" + AutomationFile.json("a " + value + " b")
                        + "}],\"number\":7}");

        @Override
        public Run start(RunRequest request, RunListener listener) {
            runs++;
            known.addAll(request.grants().secrets().values());
            String value = !says.isEmpty() ? says : known.isEmpty() ? "nothing" : known.getLast();
            var line = new OutputLine("stdout", "it is " + value + ".");
            listener.output(line);
            listener.progress(0.5, "sends " + value);
            var report = new RunReport(
                    request.runIdFrom(Instant.EPOCH, new java.util.Random(1)),
                    outcome.apply(value),
                    request.isolation(),
                    Tier.PROCESS,
                    Instant.EPOCH,
                    Duration.ZERO,
                    List.of(new FileChange(
                            Path.of("/out/file"),
                            FileChange.Kind.CREATED,
                            false,
                            0,
                            1,
                            Optional.of("@@ -0,0 +1 @@\n+token=" + value + "\n"),
                            Optional.of("token=" + value + "\n"),
                            Optional.of(new FileChange.After.File(
                                    ("ü token=" + value + "\n").getBytes(StandardCharsets.UTF_8),
                                    0644,
                                    Instant.EPOCH)))),
                    List.of(line),
                    RunReport.Usage.NONE);
            return new Run() {
                @Override
                public RunReport await() {
                    return report;
                }

                @Override
                public void cancel() {}
            };
        }

        @Override
        public void close() {}
    }
}
