package dev.understudy.core.automation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.understudy.core.audit.AuditEntry;
import dev.understudy.core.automation.Drafter.Creation.Change;
import dev.understudy.core.automation.OwnScripts.Adopted;
import dev.understudy.core.automation.OwnScripts.Existing;
import dev.understudy.core.automation.OwnScripts.Exported;
import dev.understudy.core.config.DataHome;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.store.Database;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.spi.ScriptLanguage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A script that a person wrote is worth as much as one of a template's. */
class OwnScriptsTest {
    @TempDir
    Path folder;

    private DataHome home;
    private Database database;
    private AutomationService service;
    private final ScriptedRunner runner = new ScriptedRunner();

    @BeforeEach
    void open() {
        home = DataHome.open(folder.resolve("home"));
        database = Database.open(home.database());
        configure("");
    }

    @AfterEach
    void close() {
        database.close();
    }

    private void configure(String yaml) {
        service = TestAutomations.on(database, home)
                .configured(yaml)
                .runBy(runner)
                .at(Instant.parse("2026-11-28T12:00:00Z"))
                .open();
    }

    @Nested
    class WithoutMetadata {
        private static final String TEXT =
                "def execute(params):\n    return {\"hello\": params.get(\"name\", \"Ada\")}\n";

        @Test
        void getsAHeadAndLeavesTheFileAlone() throws Exception {
            Path path = file("greet.py", TEXT);
            Adopted adopted = adopt(path);
            assertThat(adopted.change()).isEqualTo(Change.NEW);
            assertThat(adopted.head())
                    .contains("id = \"greet\"")
                    .anyMatch(line -> line.startsWith("parameters.name = { type = \"string\", default = \"Ada\""));
            assertThat(path).hasContent(TEXT.stripTrailing());
            assertThat(adopt(path).change()).isEqualTo(Change.NONE);
        }

        @Test
        void isAdoptedFromAProgramByItsName() throws Exception {
            Adopted adopted = service.ownScripts().adopt("greet.py", TEXT);
            assertThat(adopted.automation().id()).isEqualTo("greet");
            assertThat(service.get("greet").language()).isEqualTo("python");
        }

        @Test
        void isRefusedWhereItsNameSaysNoLanguage() throws Exception {
            Path path = file("notes.txt", TEXT);
            assertRefused("this file has no metadata", () -> adopt(path));
        }
    }

    private static String script(ScriptLanguage language, String id, String more) {
        String mark = language.lineComment();
        return """
                M /// automation
                M id = "%s"
                M description = "Mine."
                M language = "%s"
                %sM ///
                """.formatted(id, language.id(), more).replaceAll("(?m)^M ", mark + " ") + "body\n";
    }

    private Path file(String name, String text) {
        try {
            return Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private Path mine(String more) {
        return file("mine.py", script(ScriptLanguage.PYTHON, "mine", more));
    }

    private Adopted adopt(Path path) throws InterruptedException {
        return service.ownScripts().adopt(List.of(path)).getFirst();
    }

    private static void assertRefused(String message, ThrowingCall call) {
        assertThatExceptionOfType(UserException.class).isThrownBy(call::run).withMessageContaining(message);
    }

    private interface ThrowingCall {
        void run() throws InterruptedException;
    }

    @Nested
    class Adopting {
        @Test
        void makesADraftThatLivesAsOneOfATemplates() throws Exception {
            Adopted adopted = adopt(mine("M [[tests]]\nM expect = { success = true }\n"));
            assertThat(adopted.change()).isEqualTo(Change.NEW);
            assertThat(adopted.automation())
                    .returns("mine", Automation::id)
                    .returns(AutomationState.DRAFT, Automation::state)
                    .returns("", Automation::patternId);

            assertThat(service.rehearsals().rehearse("mine")).returns(TestRun.Source.FILE, RehearsalResult::source);
            assertThat(service.life().approve("mine", Actor.PERSON).state()).isEqualTo(AutomationState.DEPLOYED);
            var ended = service.runs()
                    .start("mine", RunOrder.of(Map.of(), RunRequest.Mode.COMMIT, folder))
                    .await();
            assertThat(ended.outcome()).isInstanceOf(RunOutcome.Succeeded.class);
            assertThat(service.audit().newest(Optional.of("mine"), 100).reversed())
                    .extracting(AuditEntry::kind)
                    .startsWith("adopted", "rehearsed", "approved", "granted", "deployed");
        }

        @Test
        void againChangesNothingWhereTheBytesAreTheSame() throws Exception {
            Path mine = mine("");
            adopt(mine);
            long entries = service.audit().newest(Optional.of("mine"), 100).size();

            assertThat(adopt(mine).change()).isEqualTo(Change.NONE);
            assertThat(service.versions("mine")).hasSize(1);
            assertThat(service.audit().newest(Optional.of("mine"), 100)).hasSize((int) entries);
        }

        @Test
        void againMakesAVersionOfAChangedFileWhileTheOneBeforeRuns() throws Exception {
            adopt(mine(""));
            service.rehearsals().rehearse("mine");
            service.life().approve("mine", Actor.PERSON);

            Adopted changed = adopt(mine("M reuse = false\n"));
            assertThat(changed.change()).isEqualTo(Change.NEW_VERSION);
            assertThat(service.get("mine"))
                    .returns(2, Automation::version)
                    .returns(Optional.of(1), Automation::deployedVersion)
                    .returns(AutomationState.DEPLOYED, Automation::state);

            service.rehearsals().rehearse("mine");
            service.experiments().start("mine", 1, 2, 10);
            service.life().approve("mine", Actor.PERSON);
            assertThat(service.life().rollBack("mine", Actor.PERSON).deployedVersion())
                    .contains(1);
        }

        @Test
        void keepsWhatWasEditedInTheDataHomeAsAVersionOfItsOwn() throws Exception {
            Automation first = adopt(mine("")).automation();
            String edited = Files.readString(first.file()) + "# edited\n";
            Files.writeString(first.file(), edited);

            adopt(mine("M reuse = false\n"));
            assertThat(service.versions("mine")).hasSize(3);
            assertThat(service.script("mine", 2)).isEqualTo(edited);
        }

        @Test
        void withoutTestsRehearsesOnceWithItsDefaultsAndSaysThatThisProvesLittle() throws Exception {
            adopt(mine("M parameters.days = { type = \"integer\", default = 3 }\n"));

            RehearsalResult result = service.rehearsals().rehearse("mine");
            assertThat(result.total()).isEqualTo(1);
            assertThat(result.source()).isEqualTo(TestRun.Source.DEFAULTS);
            assertThat(service.evidence(service.get("mine")).orElseThrow()).contains("\"source\":\"defaults\"");
            assertThat(service.life().approve("mine", Actor.PERSON).state()).isEqualTo(AutomationState.DEPLOYED);
        }

        @Test
        void ofWhatCanNotEvenRunWithDefaultsEndsBeforeItsApproval() throws Exception {
            adopt(mine("M parameters.days = { type = \"integer\" }\n"));

            assertThat(service.rehearsals().rehearse("mine").source()).isEqualTo(TestRun.Source.NONE);
            assertRefused("cannot be approved", () -> service.life().approve("mine", Actor.PERSON));
        }

        @Test
        void keepsNothingOfSeveralFilesWhereOneHasAMistake() {
            Path good = mine("");
            Path bad = file("bad.py", script(ScriptLanguage.PYTHON, "Bad Id", ""));

            assertRefused("bad.py:2:", () -> service.ownScripts().adopt(List.of(good, bad)));
            assertThat(service.list()).isEmpty();
        }

        @Test
        void refusesTwoFilesThatSayTheyAreTheSameAutomation() {
            Path python = mine("");
            Path bash = file("mine.sh", script(ScriptLanguage.BASH, "mine", ""));

            assertRefused("both say id = \"mine\"", () -> service.ownScripts().adopt(List.of(python, bash)));
            assertThat(service.list()).isEmpty();
        }

        @Test
        void refusesWhatIsRetiredAndWhatIsTooMany() throws Exception {
            configure("automation_creation: { max_automations: 1 }");
            adopt(mine(""));
            Path other = file("other.py", script(ScriptLanguage.PYTHON, "other", ""));
            assertRefused("max_automations", () -> adopt(other));
            service.life().retire("mine", Actor.PERSON);
            assertRefused("its automation mine is retired", () -> adopt(mine("")));
            assertThat(adopt(other).change()).isEqualTo(Change.NEW);
        }

        @Test
        void isNamedWhereAFileIsTakenForAnAutomation() {
            assertRefused(
                    "'adopt mine.py' makes an automation",
                    () -> service.rehearsals().rehearse("mine.py"));
            assertRefused(
                    "'adopt mine.py' makes an automation", () -> service.life().approve("mine.py", Actor.PERSON));
        }
    }

    @Nested
    class MeetingAFile {
        private Optional<Change> meet(Path path) throws InterruptedException {
            return service.ownScripts().adoptIfNew(path).map(Adopted::change);
        }

        @Test
        void takesItOnceAndEachChangeOfItOnce() throws Exception {
            assertThat(meet(mine(""))).contains(Change.NEW);
            assertThat(meet(mine(""))).isEmpty();
            assertThat(meet(mine("M reuse = false\n"))).contains(Change.NEW_VERSION);
        }

        @Test
        void leavesAnOldCopyAloneSoThatLaterVersionsStay() throws Exception {
            meet(mine(""));
            service.life().addVersion("mine", "draft.py", script(ScriptLanguage.PYTHON, "mine", "M reuse = false\n"));

            assertThat(meet(mine(""))).isEmpty();
            assertThat(service.versions("mine")).hasSize(2);
        }

        @Test
        void leavesAloneWhatIsNoAutomation() throws Exception {
            assertThat(meet(file("plain.py", "print('hello')\n"))).isEmpty();
        }
    }

    @Nested
    class Exporting {
        @ParameterizedTest
        @EnumSource(ScriptLanguage.class)
        void andAdoptingWhatWasExportedChangesNothingInAnyLanguage(ScriptLanguage language) throws Exception {
            String text = script(language, "mine", "M triggers = [{ cron = \"0 9 * * *\" }]\n") + "# ü\r\n";
            adopt(file("mine." + language.fileExtension(), text));

            Exported exported = service.ownScripts().export("mine", folder.resolve("out/deep"), Existing.KEEP);
            assertThat(exported.outcome()).isEqualTo(Exported.Outcome.WRITTEN);
            assertThat(exported.file()).isEqualTo(folder.resolve("out/deep/mine." + language.fileExtension()));
            assertThat(Files.readString(exported.file())).isEqualTo(text);
            assertThat(adopt(exported.file()).change()).isEqualTo(Change.NONE);
            assertThat(service.ownScripts().export("mine", folder.resolve("out/deep"), Existing.KEEP))
                    .isEqualTo(new Exported(exported.file(), Exported.Outcome.UNCHANGED));
        }

        @Test
        void replacesAnotherFileOnlyWhereThatIsAskedFor() throws Exception {
            adopt(mine(""));
            Path there = file("out.py", "theirs");
            Files.move(there, Files.createDirectory(folder.resolve("out")).resolve("mine.py"));

            assertRefused(
                    "holds something else",
                    () -> service.ownScripts().export("mine", folder.resolve("out"), Existing.KEEP));
            assertThat(folder.resolve("out/mine.py")).hasContent("theirs");
            service.ownScripts().export("mine", folder.resolve("out"), Existing.REPLACE);
            assertThat(folder.resolve("out/mine.py")).hasSameBinaryContentAs(folder.resolve("mine.py"));
        }

        @Test
        void hasWhatWasEditedInTheDataHome() throws Exception {
            Automation mine = adopt(mine("")).automation();
            Files.writeString(mine.file(), Files.readString(mine.file()) + "# edited\n");

            Path exported = service.ownScripts()
                    .export("mine", folder.resolve("out"), Existing.KEEP)
                    .file();
            assertThat(exported).content().endsWith("# edited\n");
            assertThat(adopt(exported).change()).isEqualTo(Change.NONE);
        }
    }
}
