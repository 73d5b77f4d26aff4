package dev.understudy.sandbox.control.cells;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.sandbox.control.Grants;
import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.RunReport.FileChange.Kind;
import dev.understudy.sandbox.control.RunRequest.Language;
import dev.understudy.sandbox.control.tester.AutomationTester;
import dev.understudy.sandbox.control.tester.CaseResult;
import dev.understudy.sandbox.control.tester.Expectation;
import dev.understudy.sandbox.control.tester.Expectation.Changes;
import dev.understudy.sandbox.control.tester.Expectation.Ending;
import dev.understudy.sandbox.control.tester.Expectation.ExpectedChange;
import dev.understudy.sandbox.control.tester.Expectation.ResultCheck;
import dev.understudy.sandbox.control.tester.LimitName;
import dev.understudy.sandbox.control.tester.TestCase;
import dev.understudy.sandbox.control.tester.TestHistory;
import dev.understudy.sandbox.control.tester.TestListener;
import dev.understudy.sandbox.control.tester.TestRecord.Verdict;
import dev.understudy.sandbox.control.tester.TestSuite;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Test suites over real scripts in real cells. */
class AutomationTesterInCellsTest {
    private static final String COPY = """
            function execute(params) {
              const text = understudy.files.read(params.from);
              understudy.files.write(params.to, text.toUpperCase());
              return { copied: 1, to: params.to };
            }""";

    @TempDir
    private Path folder;

    private TestCase test(String name, String source, String parameters, Limits limits, Expectation expectation) {
        var request = Cells.with(Cells.with(Cells.javaScript(source), parameters), limits);
        var grants = new Grants(List.of(folder), List.of(folder), List.of(), List.of());
        return new TestCase(name, Cells.with(request, grants), expectation);
    }

    private CaseResult run(TestCase test) throws InterruptedException {
        var tester = new AutomationTester(Cells.shared(), TestHistory.inMemory(10), 3);
        return tester.run(new TestSuite("copy", List.of(test)), TestListener.SILENT)
                .cases()
                .getFirst();
    }

    @Test
    void compareResultChangesAndAssertion() throws Exception {
        Path from = Files.writeString(folder.resolve("a.txt"), "one\n");
        Path to = folder.resolve("b.txt");
        String parameters = "{\"from\":\"" + from + "\",\"to\":\"" + to + "\"}";
        var expectation = new Expectation(
                new Ending.Success(),
                List.of(
                        new ResultCheck.Includes("{\"copied\":1.0}"),
                        new ResultCheck.MatchesSchema("{\"required\":[\"to\"]}"),
                        new ResultCheck.Satisfies(Language.JAVASCRIPT, """
                                function execute(p) {
                                  return p.changes.length === 1 && p.changes[0].text === 'ONE\\n'
                                    && p.result.to === p.params.to;
                                }""")),
                Optional.of(new Changes(
                        List.of(new ExpectedChange(to, Kind.CREATED, Optional.of("ONE\n"))),
                        Changes.Others.FORBIDDEN)));
        assertThat(run(test("copies", COPY, parameters, Limits.DEFAULT, expectation))
                        .message())
                .isEmpty();
        assertThat(to).doesNotExist();
    }

    @Test
    void seeALimitExceeded() throws Exception {
        var limits = Limits.DEFAULT.withWallTime(Duration.ofMillis(300));
        var expectation =
                new Expectation(new Ending.LimitExceeded(Optional.of(LimitName.WALL)), List.of(), Optional.empty());
        String source = "function execute() { while (true); }";
        assertThat(run(test("loops", source, "{}", limits, expectation)).message())
                .isEmpty();
    }

    @Test
    void sayWhatWasWrong() throws Exception {
        String parameters = "{\"from\":\"" + folder.resolve("absent.txt") + "\",\"to\":\"x\"}";
        var result = run(test("misses", COPY, parameters, Limits.DEFAULT, Expectation.SUCCESS));
        assertThat(result.verdict()).isEqualTo(Verdict.FAILED);
        assertThat(result.message())
                .startsWith("expected success, was a failure: ")
                .contains("absent.txt");
    }
}
