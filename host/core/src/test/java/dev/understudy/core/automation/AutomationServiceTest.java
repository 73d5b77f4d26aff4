package dev.understudy.core.automation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.understudy.core.automation.Drafter.Creation;
import dev.understudy.core.config.DataHome;
import dev.understudy.core.plugin.PluginHost.Provided;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.store.Database;
import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunReport.FileChange;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.ScriptRunner;
import dev.understudy.sandbox.control.Tier;
import dev.understudy.spi.AutomationPotential;
import dev.understudy.spi.AutomationTemplate;
import dev.understudy.spi.TaskPattern;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AutomationServiceTest {
    private static final String SCRIPT = """
            # /// automation
            # id = "copy-notes"
            # description = "Copies a note."
            # language = "python"
            # template = "file_operation"
            # parameters.name = { type = "string", default = "a" }
            # grants = { writes = ["/bak/{name}.txt"] }
            # [[tests]]
            # name = "observed"
            # params = { name = "b" }
            # files = [ { path = "~/b.txt", text = "B" }, { path = "/bak", directory = true } ]
            # expect = { success = true, changes = [ { path = "/bak/b.txt", kind = "created", text = "B" } ], result = { copied = 1 } }
            # ///
            def execute(params): ...
            """;

    /** The same, with the command from which it was learnt. */
    private static final String COMPARED = AutomationServiceTest.SCRIPT.replace(
            "# ///\ndef", "# command = { line = \"cp b.txt /bak/\", folder = \"~\", programs = [\"cp\"] }\n# ///\ndef");

    @TempDir
    Path folder;

    private DataHome home;
    private Database database;
    private final FakeRunner runner = new FakeRunner();
    private final List<Provided<AutomationTemplate>> templates = new ArrayList<>();

    @BeforeEach
    void open() {
        home = DataHome.open(folder.resolve("home"));
        database = Database.open(home.database());
        offer(
                "file_operation",
                _ -> new AutomationTemplate.Answer.Draft(
                        "copy-notes", dev.understudy.spi.ScriptLanguage.PYTHON, SCRIPT));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Nested
    class Creating {
        @Test
        void writesADraftThatLiesOnTheDisk() throws IOException {
            var created = created(service().drafter().create(pattern("p1")));
            assertThat(created.change()).isEqualTo(Creation.Change.NEW);
            assertThat(created.automation())
                    .returns("copy-notes", Automation::id)
                    .returns(AutomationState.DRAFT, Automation::state)
                    .returns("file_operation", Automation::template)
                    .returns("p1", Automation::patternId)
                    .returns(home.root().resolve("automations/copy-notes/v1.py"), Automation::file);
            assertThat(created.automation().file()).hasContent(SCRIPT);
        }

        // An own template that claimed the same tasks as a built-in one lost to it without a word.
        @Test
        void namesOtherTemplatesThatCouldServeAndKeepsTheOneThatIsChosen() {
            String other = SCRIPT.replace("template = \"file_operation\"", "template = \"mine\"");
            offer("own_templates", _ -> draft(other));
            var service = service();
            assertThat(created(service.drafter().create(pattern("p1"))).alternatives())
                    .containsExactly("mine");

            var chosen = created(service.drafter().create(pattern("p1"), "mine"));
            assertThat(chosen.change()).isEqualTo(Creation.Change.NEW_VERSION);
            assertThat(chosen.automation().template()).isEqualTo("mine");
            assertThat(chosen.alternatives()).containsExactly("file_operation");
            assertThat(created(service.drafter().create(pattern("p1"))).change())
                    .isEqualTo(Creation.Change.NONE);
            assertThat(service.get("copy-notes").template()).isEqualTo("mine");
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> service.drafter().create(pattern("p1"), "nobody"))
                    .withMessageContaining("those that do are file_operation, mine");
        }

        @Test
        void writesNoSecondOneForTheSamePattern() {
            var service = service();
            service.drafter().create(pattern("p1"));
            assertThat(created(service.drafter().create(pattern("p1"))).change())
                    .isEqualTo(Creation.Change.NONE);
            assertThat(service.list()).hasSize(1);
        }

        @Test
        void writesANewVersionWhereTheTemplateHasAnotherTextNow() {
            var service = service();
            service.drafter().create(pattern("p1"));
            templates.clear();
            offer("file_operation", _ -> draft(SCRIPT + "# improved\n"));
            var updated = created(service.drafter().create(pattern("p1")));
            assertThat(updated.change()).isEqualTo(Creation.Change.NEW_VERSION);
            assertThat(updated.automation().version()).isEqualTo(2);
            assertThat(home.root().resolve("automations/copy-notes/v1.py")).hasContent(SCRIPT);
        }

        @Test
        void leavesWhatAPersonApprovedOrEditedAlone() throws Exception {
            var service = service();
            var automation = created(service.drafter().create(pattern("p1"))).automation();
            Files.writeString(automation.file(), SCRIPT + "# mine\n");
            templates.clear();
            offer("file_operation", _ -> draft(SCRIPT + "# improved\n"));
            assertThat(created(service.drafter().create(pattern("p1"))).change())
                    .isEqualTo(Creation.Change.NONE);
            service.rehearsals().rehearse("copy-notes");
            service.life().approve("copy-notes", Actor.PERSON);
            assertThat(created(service.drafter().create(pattern("p1"))).change())
                    .isEqualTo(Creation.Change.NONE);
        }

        @Test
        void makesTheIdUniqueInNameAndFile() throws IOException {
            var service = service();
            service.drafter().create(pattern("p1"));
            var second = created(service.drafter().create(pattern("p2"))).automation();
            assertThat(second.id()).isEqualTo("copy-notes-2");
            assertThat(Files.readString(second.file())).contains("# id = \"copy-notes-2\"\n");
        }

        @Test
        void rejectsAPatternBelowTheThreshold() {
            assertThat(service().drafter().create(pattern("p1", 1, Duration.ofDays(60))))
                    .isEqualTo(
                            new Creation.Rejected("p1", "its potential is below the threshold (automation_threshold)"));
        }

        @Test
        void tellsTheReasonThatCameNearest() {
            templates.clear();
            offer("one", _ -> new AutomationTemplate.Answer.NotMine("another field", 0.1));
            offer("two", _ -> new AutomationTemplate.Answer.NotMine("ls only looks: it changes nothing", 0.8));
            offer("three", _ -> {
                throw new IllegalStateException("broken");
            });
            assertThat(service().drafter().create(pattern("p1")))
                    .isEqualTo(new Creation.Rejected("p1", "ls only looks: it changes nothing"));
        }

        @Test
        void namesATemplateThatFails() {
            templates.clear();
            offer("bad", _ -> {
                throw new NoClassDefFoundError("Gone");
            });
            assertThat(service().drafter().create(pattern("p1")))
                    .isEqualTo(new Creation.Rejected(
                            "p1", "the template bad of the plugin test failed: NoClassDefFoundError: Gone"));
        }

        // It was named only where no other template had a better reason to say no.
        @Test
        void namesATemplateThatFailsEvenWhereAnotherSaysWhyNot() {
            offer("bad", _ -> {
                throw new IllegalStateException("broken");
            });
            var service = service();
            assertThat(service.drafter().problems()).isEmpty();
            service.drafter().create(pattern("p1"));
            service.drafter().create(pattern("p2"));
            assertThat(service.drafter().problems())
                    .containsExactly("the template bad of the plugin test failed: IllegalStateException: broken");
        }

        @Test
        void stopsAtTheMostThatAreKept() {
            var service = service("automation_creation: { max_automations: 1 }");
            service.drafter().create(pattern("p1"));
            assertThat(service.drafter().create(pattern("p2")))
                    .isEqualTo(new Creation.Rejected(
                            "p2", "there are 1 automations already (max_automations); retire one or raise the limit"));
            service.life().retire("copy-notes", Actor.PERSON);
            assertThat(service.drafter().create(pattern("p2"))).isInstanceOf(Creation.Created.class);
        }

        @Test
        void remembersThatAPersonRetiredIt() {
            var service = service();
            service.drafter().create(pattern("p1"));
            service.life().retire("copy-notes", Actor.PERSON);
            assertThat(service.drafter().create(pattern("p1")))
                    .isEqualTo(new Creation.Rejected("p1", "you retired copy-notes, which was made for it"));
        }
    }

    @Nested
    class Rehearsing {
        @Test
        void sharesCellsAndContextsAmongWhatOneTemplateWrote() throws Exception {
            var service = service();
            service.drafter().create(pattern("p1"));
            service.rehearsals().rehearse("copy-notes");
            assertThat(runner.requests).singleElement().satisfies(request -> {
                assertThat(request.trustDomain())
                        .isEqualTo("drafts of " + service.get("copy-notes").template());
                assertThat(request.reuse()).isEqualTo(RunRequest.Reuse.SHARED);
            });
        }

        @Test
        void sharesNothingOfWhatAPersonEdited() throws Exception {
            var service = service();
            Automation automation = ((Creation.Created) service.drafter().create(pattern("p1"))).automation();
            Files.writeString(automation.file(), Files.readString(automation.file()) + "\n// mine\n");
            service.rehearsals().rehearse("copy-notes");
            assertThat(runner.requests).singleElement().satisfies(request -> {
                assertThat(request.trustDomain()).isEqualTo("copy-notes");
                assertThat(request.reuse()).isEqualTo(RunRequest.Reuse.FRESH);
            });
        }

        @Test
        void runsEachCaseOnPretendedFilesAndChangesNothing() throws Exception {
            var service = service();
            service.drafter().create(pattern("p1"));
            var result = service.rehearsals().rehearse("copy-notes");
            assertThat(result.cases()).singleElement().satisfies(each -> {
                assertThat(each.name()).isEqualTo("observed");
                assertThat(each.problems()).isEmpty();
            });
            assertThat(runner.requests).singleElement().satisfies(request -> {
                assertThat(request.mode()).isEqualTo(RunRequest.Mode.REHEARSE);
                assertThat(request.parametersJson()).isEqualTo("{\"name\":\"b\"}");
                assertThat(request.stagedFiles()).containsOnlyKeys(Path.of("/home/me/b.txt"));
                assertThat(request.stagedFolders()).containsExactly(Path.of("/bak"));
            });
            assertThat(service.get("copy-notes").state()).isEqualTo(AutomationState.REHEARSED);
            assertThat(service.evidence(service.get("copy-notes")))
                    .hasValueSatisfying(json ->
                            assertThat(json).contains("\"name\":\"observed\"", "\"passed\":true", "/bak/b.txt"));
        }

        @Test
        void saysWhatIsNotAsExpected() throws Exception {
            runner.answer = request -> report(
                    request,
                    new RunOutcome.Succeeded("{\"success\":true,\"copied\":2}"),
                    change("/bak/b.txt", FileChange.Kind.CREATED, "wrong"),
                    change("/home/me/b.txt", FileChange.Kind.DELETED, ""));
            var service = service();
            service.drafter().create(pattern("p1"));
            assertThat(service.rehearsals()
                            .rehearse("copy-notes")
                            .cases()
                            .getFirst()
                            .problems())
                    .containsExactly(
                            "at /copied: expected 1, was 2",
                            "/bak/b.txt, line 1: expected \"B\", was \"wrong\"",
                            "/home/me/b.txt: expected no change, was deleted");
            assertThat(service.get("copy-notes").state()).isEqualTo(AutomationState.DRAFT);
        }

        @Test
        void saysThatItFailed() throws Exception {
            runner.answer = request -> report(request, new RunOutcome.Failed("no such file: b.txt", ""));
            var service = service();
            service.drafter().create(pattern("p1"));
            assertThat(service.rehearsals()
                            .rehearse("copy-notes")
                            .cases()
                            .getFirst()
                            .problems())
                    .containsExactly("expected success, was a failure: no such file: b.txt");
        }

        @Test
        void deploysByItselfOnlyWhereThatIsSwitchedOn() throws Exception {
            var service = service("automation_creation: { auto_deploy: true }");
            service.drafter().create(pattern("p1"));
            service.rehearsals().rehearse("copy-notes");
            // Its template alone says that it is right.
            assertThat(service.get("copy-notes").state()).isEqualTo(AutomationState.REHEARSED);
            templates.clear();
            offer("file_operation", _ -> draft(COMPARED));
            service.drafter().create(pattern("p1"));
            service.rehearsals().rehearse("copy-notes");
            assertThat(service.get("copy-notes").state()).isEqualTo(AutomationState.DEPLOYED);
        }
    }

    /** aden-hive/hive#5509, melihbirim/csvql#102: a converter that was never held against the real tool's result. */
    @Nested
    class ComparedWithMoreThanItsTemplate {
        private static final RunOutcome DONE = new RunOutcome.Succeeded("{\"success\":true,\"copied\":1}");

        private void answer(Function<RunRequest, FileChange> left) {
            runner.answer = request -> report(request, DONE, left.apply(request));
        }

        private static boolean isProgram(RunRequest request) {
            return request.language() == RunRequest.Language.BASH;
        }

        private static FileChange left(String text, int mode) {
            return new FileChange(
                    Path.of("/bak/b.txt"),
                    FileChange.Kind.CREATED,
                    false,
                    0,
                    1,
                    Optional.empty(),
                    Optional.of(text),
                    Optional.of(new FileChange.After.File(
                            text.getBytes(java.nio.charset.StandardCharsets.UTF_8), mode, Instant.EPOCH)));
        }

        private AutomationService created(String script) {
            templates.clear();
            offer("file_operation", _ -> draft(script));
            var service = service();
            service.drafter().create(pattern("p1"));
            return service;
        }

        @Test
        void passesWhereTheProgramLeavesTheSame() throws Exception {
            answer(_ -> left("B", 0644));
            var result = created(COMPARED).rehearsals().rehearse("copy-notes");
            assertThat(result.compared()).isEqualTo(new RehearsalResult.Compared(1, 0));
            assertThat(runner.requests).hasSize(2).last().satisfies(request -> {
                assertThat(request.source()).isEqualTo("exec </dev/null\ncp b.txt /bak/");
                assertThat(request.grants().programs()).containsExactly("cp");
                assertThat(request.stagedFiles()).containsOnlyKeys(Path.of("/home/me/b.txt"));
                assertThat(request.mode()).isEqualTo(RunRequest.Mode.REHEARSE);
            });
        }

        @Test
        void failsWhereTheProgramLeavesSomethingElse() throws Exception {
            answer(request -> left("B", isProgram(request) ? 0600 : 0644));
            var service = created(COMPARED);
            assertThat(service.rehearsals()
                            .rehearse("copy-notes")
                            .cases()
                            .getFirst()
                            .problems())
                    .containsExactly("/bak/b.txt, mode: cp gives 0600, the script 0644");
            assertThat(service.get("copy-notes").state()).isEqualTo(AutomationState.DRAFT);
        }

        @Test
        void saysNeverWhereTheProgramIsNotThere() throws Exception {
            runner.answer = request -> isProgram(request)
                    ? report(request, new RunOutcome.Refused("cp is not on this machine", ""))
                    : report(request, DONE, left("B", 0644));
            var service = created(COMPARED);
            var result = service.rehearsals().rehearse("copy-notes");
            assertThat(result.compared().described()).isEqualTo("never compared with the real program");
            assertThat(service.get("copy-notes").state()).isEqualTo(AutomationState.REHEARSED);
            assertThat(service.evidence(service.get("copy-notes")))
                    .hasValueSatisfying(json -> assertThat(json).contains("\"compared\":null"));
        }

        @Test
        void asksOnlyTheProgramWhereNothingIsExpected() throws Exception {
            String beside = """
                    # [[tests]]
                    # name = "beside cp"
                    # params = { name = "b" }
                    # files = [ { path = "~/b.txt", text = "B", mode = "0600" } ]
                    # command = { line = "cp b.txt /bak/", folder = "~", programs = ["cp"] }
                    # ///
                    """;
            answer(request -> left(isProgram(request) ? "B" : "C", 0644));
            var service = created(SCRIPT.replace("# ///\ndef", beside + "def"));
            assertThat(service.rehearsals().rehearse("copy-notes").cases())
                    .extracting(RehearsalResult.CaseResult::name)
                    .contains("beside cp");
            assertThat(service.get("copy-notes").state()).isEqualTo(AutomationState.DRAFT);
        }

        @Test
        void holdsAgainstWhatTheObservedTaskLeft() throws Exception {
            Path input = Files.writeString(folder.resolve("in.txt"), "in");
            Path output = Files.writeString(folder.resolve("b.txt"), "recorded\n");
            Instant task = Instant.parse("2026-11-20T08:00:00Z");
            Files.setLastModifiedTime(input, java.nio.file.attribute.FileTime.from(task.minusSeconds(100)));
            Files.setLastModifiedTime(output, java.nio.file.attribute.FileTime.from(task.plusSeconds(2)));
            String recorded = "# recorded = { started = \"" + task + "\", seconds = 5, inputs = [\"" + input
                    + "\"], output = \"" + output + "\" }\n# expect = { success = true, result";
            String script =
                    SCRIPT.replaceFirst("# expect = .*?result", java.util.regex.Matcher.quoteReplacement(recorded));
            runner.answer = request -> report(
                    request,
                    DONE,
                    new FileChange(
                            output,
                            FileChange.Kind.CHANGED,
                            false,
                            1,
                            1,
                            Optional.empty(),
                            Optional.of("other\n"),
                            Optional.of(new FileChange.After.File(
                                    "other\n".getBytes(StandardCharsets.UTF_8), 0644, Instant.EPOCH))));
            var service = created(script);
            assertThat(service.rehearsals()
                            .rehearse("copy-notes")
                            .cases()
                            .getLast()
                            .problems())
                    .containsExactly(output + ", line 1: recorded is 'recorded', the script gives 'other'");
            assertThat(service.get("copy-notes").state()).isEqualTo(AutomationState.DRAFT);

            // The same again, and nothing differs: a script that leaves the very bytes changes nothing.
            runner.answer = request -> report(request, DONE);
            assertThat(service.rehearsals().rehearse("copy-notes").compared())
                    .isEqualTo(new RehearsalResult.Compared(0, 1));

            // An input that has changed since is another task's.
            Files.setLastModifiedTime(input, java.nio.file.attribute.FileTime.from(task.plusSeconds(60)));
            assertThat(service.rehearsals().rehearse("copy-notes").compared().any())
                    .isFalse();
        }
    }

    @Nested
    class Approving {
        @Test
        void isRefusedBeforeARehearsal() {
            var service = service();
            service.drafter().create(pattern("p1"));
            assertNotAllowed(
                    () -> service.life().approve("copy-notes", Actor.PERSON),
                    "The automation copy-notes cannot be approved: version 1 has not been rehearsed."
                            + " 'rehearse copy-notes' shows what it does");
        }

        @Test
        void isRefusedAfterARehearsalThatFailed() throws Exception {
            runner.answer = request -> report(request, new RunOutcome.Failed("no", ""));
            var service = service();
            service.drafter().create(pattern("p1"));
            service.rehearsals().rehearse("copy-notes");
            assertNotAllowed(
                    () -> service.life().approve("copy-notes", Actor.PERSON),
                    "The automation copy-notes cannot be approved: its rehearsal passed 0 of 1 cases,"
                            + " fewer than 90.0 % (auto_deploy_threshold), so it cannot be approved."
                            + " 'rehearse copy-notes' shows what it does");
        }

        @Test
        void isRefusedForAnEditThatWasNotRehearsed() throws Exception {
            var service = service();
            var automation = created(service.drafter().create(pattern("p1"))).automation();
            service.rehearsals().rehearse("copy-notes");
            Files.writeString(automation.file(), SCRIPT.replace("...", "import os"));
            assertNotAllowed(
                    () -> service.life().approve("copy-notes", Actor.PERSON),
                    "The automation copy-notes cannot be approved: version 2 has not been rehearsed."
                            + " 'rehearse copy-notes' shows what it does");
        }

        @Test
        void needsNoRehearsalWhereThatIsSwitchedOff() {
            var service = service("automation_creation: { test_before_deploy: false }");
            service.drafter().create(pattern("p1"));
            assertThat(service.life().approve("copy-notes", Actor.PERSON).state())
                    .isEqualTo(AutomationState.DEPLOYED);
        }
    }

    @Nested
    class Running {
        @Test
        void runsWhatWasApprovedAndCountsIt() throws Exception {
            var service = deployed();
            var report = service.runs()
                    .start("copy-notes", RunOrder.of(Map.of("name", "z"), RunRequest.Mode.COMMIT, Path.of("/work")))
                    .await();
            assertThat(report.outcome()).isInstanceOf(RunOutcome.Succeeded.class);
            assertThat(runner.requests.getLast())
                    .returns(RunRequest.Mode.COMMIT, RunRequest::mode)
                    .returns("copy-notes", RunRequest::trustDomain)
                    .returns("{\"name\":\"z\"}", RunRequest::parametersJson);
            runner.answer = request -> report(request, new RunOutcome.Failed("no", ""));
            run(service).await();
            assertThat(service.get("copy-notes").runs()).isEqualTo(new Automation.RunScore(1, 2));
            assertThat(service.get("copy-notes").runs().successRate()).contains(0.5);
        }

        @Test
        void refusesADraft() {
            var service = service();
            service.drafter().create(pattern("p1"));
            assertNotAllowed(
                    () -> run(service),
                    "The automation copy-notes does not run: it is draft, and nobody has approved it since."
                            + " 'rehearse copy-notes' shows what it does, 'automations approve copy-notes' lets it run");
            assertThat(runner.requests).isEmpty();
        }

        @Test
        void refusesWhatWasEditedSinceItWasApproved() throws Exception {
            var service = deployed();
            Path file = service.get("copy-notes").file();
            Files.writeString(file, SCRIPT.replace("...", "import os"));
            int before = runner.requests.size();
            assertNotAllowed(
                    () -> run(service),
                    "The automation copy-notes does not run: " + file + " was edited since it was approved."
                            + " 'rehearse copy-notes' and 'automations approve copy-notes' take the new text over");
            assertThat(runner.requests).hasSize(before);
            service.rehearsals().rehearse("copy-notes");
            service.life().approve("copy-notes", Actor.PERSON);
            run(service).await();
            assertThat(runner.requests.getLast().source()).contains("import os");
            assertThat(file).hasContent(SCRIPT);
        }

        @Test
        void refusesTheSuspendedAndTheRetired() throws Exception {
            var service = deployed();
            service.life().suspend("copy-notes", Actor.PERSON);
            assertNotAllowed(() -> run(service), null);
            service.life().approve("copy-notes", Actor.PERSON);
            run(service).await();
            service.life().retire("copy-notes", Actor.PERSON);
            assertNotAllowed(() -> run(service), null);
            assertNotAllowed(() -> service.life().approve("copy-notes", Actor.PERSON), null);
        }

        @Test
        void goesBackToTheLastGoodVersion() throws Exception {
            var service = deployed();
            Files.writeString(service.get("copy-notes").file(), SCRIPT + "# second\n");
            service.rehearsals().rehearse("copy-notes");
            service.life().approve("copy-notes", Actor.PERSON);
            assertThat(service.life().rollBack("copy-notes", Actor.PERSON))
                    .returns(AutomationState.ROLLED_BACK, Automation::state)
                    .returns(Optional.of(1), Automation::deployedVersion);
            run(service).await();
            assertThat(runner.requests.getLast().source()).isEqualTo(SCRIPT);
            assertNotAllowed(() -> service.life().rollBack("copy-notes", Actor.PERSON), null);
        }

        @Test
        void runsNothingAtAllWhereTheSandboxIsOff() throws Exception {
            deployed();
            int before = runner.requests.size();
            var service = service("sandbox: { enabled: false }");
            Path file = Files.writeString(folder.resolve("own.py"), SCRIPT);
            assertNotAllowed(() -> run(service), null);
            assertNotAllowed(() -> service.rehearsals().rehearse("copy-notes"), null);
            assertNotAllowed(
                    () -> service.runs().startFile(file, RunOrder.of(Map.of(), RunRequest.Mode.REHEARSE, folder)),
                    "Nothing runs: the sandbox is switched off (sandbox.enabled: false). Switch it on to run scripts");
            assertThat(runner.requests).hasSize(before);
        }

        @Test
        void tellsThoseWhoWatchAllRunsHowFarTheyAre() throws Exception {
            var service = deployed();
            var heard = new ArrayList<String>();
            service.runs().watch((runId, share, text) -> heard.add(runId + " " + share + " " + text));
            run(service).await();
            assertThat(heard)
                    .containsExactly(
                            runner.requests.getLast().runIdFrom(Instant.EPOCH, new Random(1)) + " 0.5 half of it");
        }

        @Test
        void saysInTheLogWhoDidWhatAndWhy() throws Exception {
            var service = deployed();
            service.life().suspend("copy-notes", new Actor("dashboard", "too loud"));
            assertThat(service.audit().newest(Optional.of("copy-notes"), 1))
                    .singleElement()
                    .satisfies(entry -> assertThat(entry.details().toString())
                            .isEqualTo("{\"by\":\"dashboard\",\"reason\":\"too loud\"}"));
        }

        @Test
        void runsAFileInATrustDomainOfItsOwn() throws Exception {
            Path file = Files.writeString(folder.resolve("own.py"), SCRIPT);
            service()
                    .runs()
                    .startFile(file, RunOrder.of(Map.of(), RunRequest.Mode.COMMIT, folder))
                    .await();
            assertThat(runner.requests.getLast().trustDomain()).startsWith("file:");
        }

        @Test
        void saysThatNothingRunsALanguage() throws Exception {
            Path file = Files.writeString(
                    folder.resolve("own.js"),
                    SCRIPT.replace("\"python\"", "\"js\"").replace("# ", "// ").replace("#\n", "//\n"));
            assertThat(service()
                            .runs()
                            .startFile(file, RunOrder.of(Map.of(), RunRequest.Mode.COMMIT, folder))
                            .await())
                    .returns(Tier.NONE, RunReport::tier)
                    .extracting(RunReport::outcome)
                    .isInstanceOf(RunOutcome.Refused.class);
        }

        @Test
        void mayBeStricterThanApprovedButNotLooser() throws Exception {
            offerAt("partial");
            var service = deployed();
            runAt(service, IsolationLevel.FULL).await();
            assertThat(runner.requests.getLast().isolation()).isEqualTo(IsolationLevel.FULL);
            runAt(service, IsolationLevel.PARTIAL).await();
            assertThat(runner.requests.getLast().isolation()).isEqualTo(IsolationLevel.PARTIAL);
            int before = runner.requests.size();
            assertNotAllowed(
                    () -> runAt(service, IsolationLevel.MINIMAL),
                    "The automation copy-notes does not run at isolation minimal: it is kept at partial, which allows"
                            + " less. Change its metadata, rehearse it and approve it again");
            assertThat(runner.requests).hasSize(before);
        }

        @Test
        void ofAFileMayBeAtAnyLevel() throws Exception {
            Path file = Files.writeString(folder.resolve("copy.py"), SCRIPT);
            for (IsolationLevel level : IsolationLevel.values()) {
                service()
                        .runs()
                        .startFile(
                                file,
                                RunOrder.of(Map.of(), RunRequest.Mode.COMMIT, Path.of("/work"))
                                        .at(level))
                        .await();
                assertThat(runner.requests.getLast().isolation()).isEqualTo(level);
            }
        }

        @Test
        void saysThatThereIsNoSuchAutomation() {
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> service().get("nope"))
                    .withMessage("There is no automation nope: nothing kept has this id. 'automations' lists them all");
        }
    }

    /** Learning which patterns are worth it (issue 14). */
    @Nested
    class Deciding {
        private double experienceOf(AutomationService service, TaskPattern pattern) {
            return service.life()
                    .decisions()
                    .applied(List.of(pattern))
                    .getFirst()
                    .potential()
                    .experience()
                    .part();
        }

        private AutomationService proposed() throws InterruptedException {
            var service = service();
            service.drafter().create(pattern("p1"));
            service.rehearsals().rehearse("copy-notes");
            return service;
        }

        @Test
        void leavesPotentialsAloneBeforeTheFirst() throws Exception {
            assertThat(proposed().life().decisions().applied(List.of(pattern("p1"))))
                    .containsExactly(pattern("p1"));
        }

        @Test
        void movesThePotentialOfItsPatternAndByHalfThatOfLikeOnes() throws Exception {
            var approved = proposed();
            approved.life().approve("copy-notes", Actor.PERSON);
            assertThat(experienceOf(approved, pattern("p1"))).isEqualTo(0.3 * 1 / 3, within(1e-9));
            assertThat(experienceOf(approved, pattern("p2"))).isEqualTo(0.3 * 0.5 / 2.5, within(1e-9));
            assertThat(experienceOf(approved, pattern("p3", "scp"))).isZero();
        }

        // Three steps of which two are the same make a Jaccard coefficient of 2/4; of four, three are 3/4 where one
        // lacks.
        @Test
        void findsSequencesAlikeByTheirSteps() throws Exception {
            var service = service();
            service.drafter().create(pattern("p1", "tar → scp → rm → mail"));
            service.life().reject("copy-notes", Actor.PERSON);
            assertThat(experienceOf(service, pattern("p2", "tar → scp → rm")))
                    .isEqualTo(-0.3 * 0.375 / 2.375, within(1e-9));
            assertThat(experienceOf(service, pattern("p3", "tar → scp"))).isZero();
        }

        @Test
        void countsRetiringAgainst() throws Exception {
            var service = proposed();
            service.life().approve("copy-notes", Actor.PERSON);
            service.life().retire("copy-notes", Actor.PERSON);
            service.drafter().create(pattern("p2"));
            assertThat(experienceOf(service, pattern("p2"))).isZero();
        }

        // The task takes an hour and its run 5 ms: more than half an hour of it counts no more.
        @Test
        void countsTimeReallySavedInFavourAndUpToAPoint() throws Exception {
            var service = service();
            service.drafter().create(slow("p1"));
            service.rehearsals().rehearse("copy-notes");
            service.life().approve("copy-notes", Actor.PERSON);
            run(service).await();
            assertThat(experienceOf(service, slow("p1"))).isEqualTo(0.3 * 4 / 6, within(1e-4));
        }

        @Test
        void thatRejectsHasItProposedOnceMoreAndThenNotBeforeItsEvidenceHasGrown() throws Exception {
            var service = proposed();
            assertThat(service.life().reject("copy-notes", Actor.PERSON).state())
                    .isEqualTo(AutomationState.REJECTED);
            var again = created(service.drafter().create(pattern("p1")));
            assertThat(again.automation().state()).isEqualTo(AutomationState.REHEARSED);

            service.life().reject("copy-notes", Actor.PERSON);
            assertThat(service.drafter().create(pattern("p1", 14, Duration.ZERO)))
                    .isEqualTo(new Creation.Rejected(
                            "p1", "you rejected it 2 times; it is proposed again once it was seen 15 times"));
            assertThat(created(service.drafter().create(pattern("p1", 15, Duration.ZERO)))
                            .automation()
                            .state())
                    .isEqualTo(AutomationState.REHEARSED);
            // What has grown since does not count against it any more.
            assertThat(experienceOf(service, pattern("p1", 15, Duration.ZERO))).isZero();
        }

        @Test
        void saysThatItIsBecauseOfDecisionsWhereAPotentialWouldDo() {
            var rejected = new AutomationPotential.Experience(0, 2, 0, Duration.ZERO, 0, 2);
            TaskPattern pattern = pattern("p1", 3, Duration.ofDays(1));
            assertThat(pattern.potential().total()).isGreaterThan(0.7);
            assertThat(service()
                            .drafter()
                            .create(pattern.with(pattern.potential().with(rejected))))
                    .isEqualTo(
                            new Creation.Rejected(
                                    "p1",
                                    "its potential is below the threshold (automation_threshold) by what was decided about it and its like"));
        }

        @Test
        void rejectsOnlyWhatIsProposed() throws Exception {
            var service = deployed();
            assertNotAllowed(
                    () -> service.life().reject("copy-notes", Actor.PERSON),
                    "The automation copy-notes cannot be rejected: it is deployed, so it is no proposal."
                            + " 'automations suspend copy-notes' stops one that runs, 'automations retire copy-notes' gives it up");
        }

        @Test
        void takesARejectionBackByApproving() throws Exception {
            var service = proposed();
            service.life().reject("copy-notes", Actor.PERSON);
            service.life().approve("copy-notes", Actor.PERSON);
            assertThat(experienceOf(service, pattern("p1"))).isEqualTo(0.1, within(1e-9));
        }

        private TaskPattern slow(String id) {
            return pattern(id, "cp", 10, Duration.ZERO, Duration.ofHours(1));
        }
    }

    private static ScriptRunner.Run runAt(AutomationService service, IsolationLevel level) {
        return service.runs()
                .start(
                        "copy-notes",
                        RunOrder.of(Map.of(), RunRequest.Mode.COMMIT, Path.of("/work"))
                                .at(level));
    }

    private void offerAt(String level) {
        templates.clear();
        offer(
                "file_operation",
                _ -> draft(SCRIPT.replace("# language", "# isolation = \"" + level + "\"\n# language")));
    }

    private AutomationService deployed() throws InterruptedException {
        var service = service();
        service.drafter().create(pattern("p1"));
        service.rehearsals().rehearse("copy-notes");
        service.life().approve("copy-notes", Actor.PERSON);
        return service;
    }

    private static ScriptRunner.Run run(AutomationService service) {
        return service.runs().start("copy-notes", RunOrder.of(Map.of(), RunRequest.Mode.COMMIT, Path.of("/work")));
    }

    private AutomationService service() {
        return service("");
    }

    private AutomationService service(String yaml) {
        return TestAutomations.on(database, home)
                .configured(yaml)
                .writtenBy(() -> templates)
                .runBy(runner, RunRequest.Language.PYTHON, RunRequest.Language.BASH)
                .at(Instant.parse("2026-11-21T12:00:00Z"))
                .open();
    }

    private void offer(String name, Function<TaskPattern, AutomationTemplate.Answer> answer) {
        templates.add(new Provided<>("test", name, new AutomationTemplate() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public String description() {
                return name;
            }

            @Override
            public Answer propose(TaskPattern pattern, Request request) {
                return answer.apply(pattern);
            }
        }));
    }

    private static AutomationTemplate.Answer draft(String text) {
        return new AutomationTemplate.Answer.Draft("copy-notes", dev.understudy.spi.ScriptLanguage.PYTHON, text);
    }

    private static TaskPattern pattern(String id) {
        return pattern(id, 10, Duration.ZERO);
    }

    private static TaskPattern pattern(String id, String taskType) {
        return pattern(id, taskType, 10, Duration.ZERO, Duration.ofSeconds(10));
    }

    private static TaskPattern pattern(String id, int occurrences, Duration sinceLast) {
        return pattern(id, "cp", occurrences, sinceLast, Duration.ofSeconds(10));
    }

    private static TaskPattern pattern(
            String id, String taskType, int occurrences, Duration sinceLast, Duration duration) {
        return new TaskPattern(
                id,
                "repetition",
                taskType,
                occurrences,
                Instant.EPOCH,
                Instant.EPOCH,
                duration,
                1,
                Map.of(),
                List.of(),
                AutomationPotential.of(occurrences, duration, sinceLast),
                List.of());
    }

    private static Creation.Created created(Creation creation) {
        assertThat(creation).isInstanceOf(Creation.Created.class);
        return (Creation.Created) creation;
    }

    private static void assertNotAllowed(
            org.assertj.core.api.ThrowableAssert.ThrowingCallable call,
            @org.jspecify.annotations.Nullable String message) {
        assertThatExceptionOfType(UserException.class).isThrownBy(call).satisfies(e -> {
            assertThat(e.category()).isEqualTo(UserException.Category.NOT_ALLOWED);
            assertThat(e.category().exitCode()).isEqualTo(4);
            if (message != null) assertThat(e).hasMessage(message);
        });
    }

    private static FileChange change(String path, FileChange.Kind kind, String text) {
        return new FileChange(Path.of(path), kind, false, 0, text.length(), Optional.empty(), Optional.of(text));
    }

    private static RunReport report(RunRequest request, RunOutcome outcome, FileChange... changes) {
        return new RunReport(
                java.util.UUID.randomUUID().toString(),
                outcome,
                request.isolation(),
                Tier.PROCESS,
                Instant.EPOCH,
                Duration.ofMillis(5),
                List.of(changes),
                List.of(),
                RunReport.Usage.NONE);
    }

    /** Does at once what a good script would. */
    private static final class FakeRunner implements ScriptRunner {
        final List<RunRequest> requests = new ArrayList<>();
        Function<RunRequest, RunReport> answer = request -> report(
                request,
                new RunOutcome.Succeeded("{\"success\":true,\"copied\":1}"),
                change("/bak/b.txt", FileChange.Kind.CREATED, "B"));

        @Override
        public Run start(RunRequest request, RunListener listener) {
            requests.add(request);
            listener.progress(0.5, "half of it");
            return new Run() {
                @Override
                public RunReport await() {
                    return answer.apply(request);
                }

                @Override
                public void cancel() {}
            };
        }

        @Override
        public void close() {}
    }
}
