package dev.understudy.core.automation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.understudy.core.automation.TestRun.Source;
import dev.understudy.core.config.DataHome;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.store.Database;
import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.ScriptRunner;
import dev.understudy.sandbox.control.Tier;
import dev.understudy.sandbox.control.tester.CaseResult;
import dev.understudy.sandbox.control.tester.TestListener;
import dev.understudy.sandbox.control.tester.TestRecord;
import dev.understudy.sandbox.control.tester.TestRecord.Verdict;
import dev.understudy.spi.AutomationTemplate;
import dev.understudy.spi.ScriptLanguage;
import dev.understudy.spi.TaskPattern;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests of scripts and of kept automations, with a runner that answers by what the parameters ask for. */
class AutomationTestRunsTest {
    private static final String HEAD = """
            # /// automation
            # id = "copy"
            # description = "Copies."
            # language = "python"
            # parameters.name = { type = "string" }
            # parameters.days = { type = "integer", default = 3 }
            """;
    private static final String TESTS = """
            # [[tests]]
            # name = "good"
            # params = { name = "good" }
            # expect = { value = { copied = 1 }, result = { copied = 1.0 }, schema = { required = ["copied"] } }
            # [[tests]]
            # name = "bad"
            # params = { name = "bad" }
            # [[tests]]
            # name = "refuses"
            # params = { name = "bad" }
            # expect = { error = "no such" }
            # [[tests]]
            # name = "loops"
            # params = { name = "loop" }
            # expect = { limit = "cpu" }
            # [[tests]]
            # name = "asserted"
            # params = { name = "good" }
            # expect = { assertion = "agrees", assertion_language = "js" }
            """;
    private static final String END = "# ///\ndef execute(params): ...\n";

    @TempDir
    Path folder;

    private Database database;
    private final FakeRunner runner = new FakeRunner();
    private String draft = HEAD + TESTS + END;

    @BeforeEach
    void open() {
        database = Database.open(folder.resolve("store.db"));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Nested
    class OfAFile {
        @Test
        void compareEachCaseInTheWayItAsksFor() throws Exception {
            TestRun run = test(HEAD + TESTS + END, Map.of());
            assertThat(run.source()).isEqualTo(Source.FILE);
            assertThat(run.result().cases())
                    .extracting(CaseResult::name, CaseResult::message)
                    .containsExactly(
                            tuple("good", ""),
                            tuple("bad", "expected success, was a failure: no such name"),
                            tuple("refuses", ""),
                            tuple("loops", ""),
                            tuple("asserted", ""));
            assertThat(runner.requests)
                    .filteredOn(request -> request.language() == RunRequest.Language.JAVASCRIPT)
                    .singleElement()
                    .returns("agrees", RunRequest::source);
        }

        @Test
        void giveParametersForWhatACaseLeavesOut() throws Exception {
            test(HEAD + "# [[tests]]\n# params = { name = \"good\" }\n" + END, Map.of("days", "9"));
            assertThat(runner.requests)
                    .extracting(RunRequest::parametersJson)
                    .containsExactly("{\"name\":\"good\",\"days\":9}");
        }

        @Test
        void showThatItSucceedsWhereItHasNone() throws Exception {
            TestRun run = test(HEAD + END, Map.of("name", "good"));
            assertThat(run.source()).isEqualTo(Source.DEFAULTS);
            assertThat(run.result().passed()).isEqualTo(1);
        }

        @Test
        void areNoneWhereAValueIsMissing() throws Exception {
            TestRun run = test(HEAD + END, Map.of());
            assertThat(run.source()).isEqualTo(Source.NONE);
            assertThat(run.result().cases()).isEmpty();
        }

        @Test
        void refuseParametersThatItDoesNotHave() {
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> test(HEAD + TESTS + END, Map.of("day", "9")))
                    .withMessageContaining("there is no parameter 'day'");
        }

        @Test
        void failACaseThatCannotBeRun() throws Exception {
            TestRun run = test(HEAD + """
                            # grants = { reads = ["~/{name}.txt"] }
                            # [[tests]]
                            # params = { name = "good" }
                            # [[tests]]
                            # params = { name = "../x" }
                            """ + END, Map.of());
            assertThat(run.result().cases())
                    .extracting(CaseResult::verdict)
                    .containsExactly(Verdict.PASSED, Verdict.FAILED);
            assertThat(run.result().cases().getLast().message()).startsWith("it was refused: ");
        }
    }

    @Nested
    class OfAKeptAutomation {
        @Test
        void areThoseOfItsPatternWhereItHasNone() throws Exception {
            var service = service();
            service.drafter().create(TestAutomations.pattern());
            Files.writeString(service.get("copy").file(), HEAD + END);
            TestRun run = service.rehearsals()
                    .test("copy", Map.of(), id -> Optional.of(TestAutomations.pattern()), TestListener.SILENT);
            assertThat(run.source()).isEqualTo(Source.PATTERN);
            assertThat(run.result().passed()).isEqualTo(4);
            assertThat(run.result().failed()).isEqualTo(1);
        }

        @Test
        void areItsOwnBeforeThoseOfItsPattern() throws Exception {
            var service = service();
            service.drafter().create(TestAutomations.pattern());
            TestRun run = service.rehearsals().test("copy", Map.of(), _ -> Optional.empty(), TestListener.SILENT);
            assertThat(run.source()).isEqualTo(Source.FILE);
            assertThat(service.get("copy").state()).isEqualTo(AutomationState.DRAFT);
        }

        @Test
        void leaveOutCasesOfThePatternThatDoNotFitItAnyMore() throws Exception {
            var service = service();
            service.drafter().create(TestAutomations.pattern());
            Files.writeString(service.get("copy").file(), HEAD.replace("parameters.name", "parameters.title") + END);
            TestRun run = service.rehearsals()
                    .test("copy", Map.of(), id -> Optional.of(TestAutomations.pattern()), TestListener.SILENT);
            assertThat(run.source()).isEqualTo(Source.NONE);
        }

        @Test
        void areRememberedAsItsRehearsalsAre() throws Exception {
            var service = service();
            draft = HEAD + "# [[tests]]\n# name = \"good\"\n# params = { name = \"good\" }\n" + END;
            service.drafter().create(TestAutomations.pattern());
            service.rehearsals().test("copy", Map.of(), _ -> Optional.empty(), TestListener.SILENT);
            service.rehearsals().rehearse("copy");
            assertThat(service.rehearsals().tests().latest(10))
                    .extracting(TestRecord::suite, TestRecord::name, TestRecord::verdict)
                    .containsExactly(tuple("copy", "good", Verdict.PASSED), tuple("copy", "good", Verdict.PASSED));
        }
    }

    private TestRun test(String script, Map<String, String> parameters) throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("copy.py"), script);
        return service().rehearsals().testFile(file, parameters, Path.of("/work"), TestListener.SILENT);
    }

    private AutomationService service() {
        AutomationTemplate template = new AutomationTemplate() {
            @Override
            public String name() {
                return "file_operation";
            }

            @Override
            public String description() {
                return "Copies.";
            }

            @Override
            public Answer propose(TaskPattern pattern, Request request) {
                return new Answer.Draft("copy", ScriptLanguage.PYTHON, draft);
            }
        };
        return TestAutomations.on(database, DataHome.open(folder.resolve("home")))
                .writtenBy(template)
                .runBy(runner)
                .open();
    }

    /** Does what the parameters ask for; agrees with every assertion. */
    private static final class FakeRunner implements ScriptRunner {
        final Queue<RunRequest> requests = new ConcurrentLinkedQueue<>();

        @Override
        public Run start(RunRequest request, RunListener listener) {
            requests.add(request);
            RunOutcome outcome = request.parametersJson().contains("\"bad\"")
                    ? new RunOutcome.Failed("no such name", "")
                    : request.parametersJson().contains("\"loop\"")
                            ? new RunOutcome.LimitExceeded.CpuTime(Duration.ofSeconds(1), Duration.ofSeconds(2))
                            : new RunOutcome.Succeeded("{\"copied\":1}");
            var report = new RunReport(
                    "run-" + requests.size(),
                    outcome,
                    request.isolation(),
                    Tier.PROCESS,
                    Instant.EPOCH,
                    Duration.ofMillis(5),
                    List.of(),
                    List.of(),
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
