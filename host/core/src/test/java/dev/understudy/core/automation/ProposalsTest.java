package dev.understudy.core.automation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.understudy.core.audit.AuditEntry;
import dev.understudy.core.config.DataHome;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.store.Database;
import dev.understudy.sandbox.control.Grants;
import dev.understudy.sandbox.control.RunRequest;
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
import org.junit.jupiter.params.provider.ValueSource;

/** What a program proposes waits for a person, and nothing comes of it before (issue 17). */
class ProposalsTest {
    static final String BY = "mcp client 'helper'";
    private static final String TESTS = """
            # [[tests]]
            # name = "works"
            # params = { file = "~/in.txt" }
            # files = [{ path = "~/in.txt", text = "one" }]
            # expect = { success = true }
            """;

    @TempDir
    Path folder;

    private Database database;
    private AutomationService service;
    private final ScriptedRunner runner = new ScriptedRunner();

    @BeforeEach
    void open() {
        database = Database.open(DataHome.open(folder.resolve("home")).database());
        configure("");
    }

    @AfterEach
    void close() {
        database.close();
    }

    private void configure(String yaml) {
        service = TestAutomations.on(database, DataHome.open(folder.resolve("home")))
                .configured(yaml)
                .runBy(runner)
                .ofAPersonAt(folder.resolve("me"))
                .at(Instant.parse("2026-11-28T12:00:00Z"))
                .open();
    }

    static String script(String id, String metadata, String body) {
        return "# /// automation\n# id = \"" + id + "\"\n# description = \"Tidies.\"\n# language = \"python\"\n"
                + "# parameters.file = { type = \"path\", description = \"The file.\" }\n"
                + metadata.lines().map(line -> "# " + line + "\n").reduce("", String::concat) + "#\n" + TESTS
                + "# ///\ndef execute(params):\n    " + body + "\n";
    }

    static final String TIDY = script("tidy", "grants = { reads = [\"{file}\"] }", "return {}");

    private Proposals proposals() {
        return service.proposals();
    }

    private Proposal propose(String text) throws InterruptedException {
        return proposals().propose(BY, text);
    }

    private static void run(AutomationService service, String id) {
        service.runs().start(id, RunOrder.of(Map.of("file", "/tmp/x"), RunRequest.Mode.COMMIT, Path.of("/")));
    }

    private List<String> kinds(String id) {
        return service.audit().newest(Optional.of(id), 100).reversed().stream()
                .map(AuditEntry::kind)
                .toList();
    }

    private void takeAndApprove(Proposal proposal) throws InterruptedException {
        proposals().take(proposal.number(), "person");
        service.rehearsals().rehearse(proposal.automationId());
        service.life().approve(proposal.automationId(), Actor.PERSON);
    }

    @Nested
    class AProposal {
        @Test
        void isNoAutomationAndDoesNotRun() throws Exception {
            Proposal proposal = propose(TIDY);

            assertThat(proposal.state()).isEqualTo(Proposal.State.WAITING);
            assertThat(proposal.by()).isEqualTo(BY);
            assertThat(proposal.rehearsal().passed()).isEqualTo(1);
            assertThat(service.list()).isEmpty();
            assertThatExceptionOfType(UserException.class).isThrownBy(() -> run(service, "tidy"));
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> service.life().approve("tidy", Actor.PERSON));
            assertThat(kinds("tidy")).containsExactly("proposed");
        }

        @Test
        void isToldToThePerson() throws Exception {
            propose(TIDY);

            assertThat(service.takeNotices())
                    .containsExactly(BY + " proposes the automation tidy; 'proposals show 1' shows what it would do");
        }

        @Test
        void isRehearsedOnFilesThatItsTestsBringInPlaceOfThePersons() throws Exception {
            Files.writeString(Files.createDirectories(folder.resolve("me")).resolve("in.txt"), "the person's");
            propose(TIDY);

            RunRequest tested = runner.requests.getLast();
            assertThat(tested.mode()).isEqualTo(RunRequest.Mode.REHEARSE);
            assertThat(tested.grants().reads()).containsExactly(folder.resolve("me/in.txt"));
            assertThat(tested.stagedFiles()).containsOnlyKeys(folder.resolve("me/in.txt"));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "grants = { reads = [\"/etc\"] }",
                    "grants = { reads = [\"{file}\", \"/home\"] }",
                    "grants = { writes = [\"/var/tmp\"] }",
                    "grants = { reads = [\"~\"] }",
                    "grants = { reads = [\"{file}\", \"~/link\"] }",
                    "isolation = \"minimal\"\ngrants = { hosts = [\"example.org\"] }"
                })
        void thatNamesWhatIsThePersonsIsLeftForThem(String metadata) throws Exception {
            Files.createSymbolicLink(
                    Files.createDirectories(folder.resolve("me")).resolve("link"), Path.of("nowhere"));
            int before = runner.requests.size();
            Proposal proposal = propose(script("tidy", metadata, "return {}"));

            assertThat(proposal.rehearsal().cases())
                    .singleElement()
                    .satisfies(each -> assertThat(each.outcome()).isEqualTo(Proposal.Outcome.LEFT));
            // Nothing but the check of its syntax was run.
            assertThat(runner.requests.subList(before, runner.requests.size()))
                    .allMatch(each -> each.grants().equals(Grants.NONE));
        }

        @Test
        void isTakenAsItWasHandedInAndTheLogNamesBoth() throws Exception {
            Proposal proposal = propose(TIDY);
            proposals().take(1, "person");
            assertThatExceptionOfType(UserException.class).isThrownBy(() -> run(service, "tidy"));
            service.rehearsals().rehearse("tidy");
            service.life().approve("tidy", Actor.PERSON);

            assertThat(service.script("tidy", 1)).isEqualTo(TIDY);
            assertThat(service.versions("tidy").getFirst().author()).isEqualTo(AutomationVersion.Author.PROGRAM);
            assertThat(kinds("tidy"))
                    .containsExactly("proposed", "adopted", "rehearsed", "approved", "granted", "deployed");
            AuditEntry approved = service.audit().newest(Optional.of("tidy"), 3).getLast();
            assertThat(approved.details().path("by").asText()).isEqualTo("person");
            assertThat(approved.details().path("proposedBy").asText()).isEqualTo(BY);
            assertThat(proposals().get(1).state()).isEqualTo(Proposal.State.TAKEN);
            assertThat(proposals().proposerOf("tidy", 1)).contains(proposal.by());
        }

        @Test
        void isDecidedOnOnce() throws Exception {
            propose(TIDY);
            proposals().reject(1, "person");

            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> proposals().take(1, "person"))
                    .withMessageContaining("rejected already");
            assertThat(service.list()).isEmpty();
            assertThat(proposals().waiting()).isEmpty();
        }

        @Test
        void isNotDeployedByItself() throws Exception {
            configure("automation_creation: { auto_deploy: true, auto_deploy_threshold: 0.1 }\n");
            String compared = TIDY.replace(
                    "# expect", "# command = { line = \"true\", folder = \"~\", programs = [\"true\"] }\n# expect");
            propose(compared);
            proposals().take(1, "person");
            service.rehearsals().rehearse("tidy");

            assertThat(service.get("tidy").state()).isEqualTo(AutomationState.REHEARSED);
        }
    }

    @Nested
    class IsNotTakenIn {
        private void refused(String text, String why) {
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> propose(text))
                    .withMessageContaining(why);
            assertThat(proposals().waiting()).isEmpty();
            assertThat(service.takeNotices()).isEmpty();
        }

        /** Nobody could say what they are: only what a person has fetched beside a file of theirs is locked. */
        @Test
        void withPackages() {
            refused(
                    TIDY.replace("# language =", "# dependencies = [\"left\"]\n# language ="),
                    "it names packages, which only 'vendor' fetches");
        }

        @Test
        void withoutTests() {
            refused(TIDY.replace(TESTS, ""), "no [[tests]]");
        }

        @Test
        void withMistakes() {
            refused(TIDY.replace("\"tidy\"", "\"Tidy it\""), "'id'");
        }

        @Test
        void whereItIsTooLong() {
            refused(TIDY + "#".repeat(Proposals.MAX_SCRIPT_CHARACTERS), "are the most");
        }

        @Test
        void withTooManyTests() {
            refused(TIDY.replace(TESTS, numbered(21)), "21 tests");
        }

        private static String numbered(int count) {
            var all = new StringBuilder();
            for (int i = 0; i < count; i++) all.append(TESTS.replace("works", "works " + i));
            return all.toString();
        }

        @Test
        void underTheIdOfARetiredAutomation() throws Exception {
            takeAndApprove(propose(TIDY));
            service.life().retire("tidy", Actor.PERSON);
            service.takeNotices();
            refused(TIDY + "# more\n", "is retired");
        }
    }

    @Nested
    class Floods {
        @Test
        void ofOneProgramEndAtItsLimit() throws Exception {
            for (int i = 0; i < Proposals.MAX_WAITING_OF_ONE; i++) propose(TIDY.replace("tidy", "tidy-" + i));

            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> propose(TIDY))
                    .withMessageContaining("wait for a person already");
            // Another one is not kept from it.
            proposals().propose("mcp client 'other'", TIDY);
        }

        @Test
        void underManyNamesEndAtTheLimitOfAll() throws Exception {
            for (int i = 0; i < Proposals.MAX_WAITING; i++)
                proposals().propose("mcp client '" + i + "'", TIDY.replace("tidy", "tidy-" + i));

            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> proposals().propose("mcp client 'fresh'", TIDY));
            assertThat(proposals().waiting()).hasSize(Proposals.MAX_WAITING);
            assertThat(service.list()).isEmpty();
        }

        @Test
        void thatArePutAwayEndAtTheLimitOfAnHour() throws Exception {
            for (int i = 0; i < Proposals.MAX_AN_HOUR; i++) {
                proposals().reject(propose(TIDY.replace("tidy", "tidy-" + i)).number(), "person");
            }
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> propose(TIDY))
                    .withMessageContaining("within the last hour");
        }
    }
}
