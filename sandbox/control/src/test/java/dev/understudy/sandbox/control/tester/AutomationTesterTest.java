package dev.understudy.sandbox.control.tester;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.understudy.sandbox.control.Grants;
import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport.FileChange;
import dev.understudy.sandbox.control.RunReport.FileChange.Kind;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.RunRequest.Language;
import dev.understudy.sandbox.control.RunRequest.Mode;
import dev.understudy.sandbox.control.RunRequest.Reuse;
import dev.understudy.sandbox.control.tester.Expectation.Changes;
import dev.understudy.sandbox.control.tester.Expectation.Changes.Others;
import dev.understudy.sandbox.control.tester.Expectation.Ending;
import dev.understudy.sandbox.control.tester.Expectation.ExpectedChange;
import dev.understudy.sandbox.control.tester.Expectation.ResultCheck;
import dev.understudy.sandbox.control.tester.TestRecord.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class AutomationTesterTest {
    private final FakeRunner runner = new FakeRunner();
    private final TestHistory history = TestHistory.inMemory(TestHistory.DEFAULT_CAPACITY);
    private final AutomationTester tester = new AutomationTester(runner, history, 3);

    private static RunRequest request(String source, String parametersJson) {
        return new RunRequest(
                "tidy",
                "tidy",
                Language.PYTHON,
                source,
                parametersJson,
                RunRequest.ScriptRuntime.POLYGLOT,
                IsolationLevel.FULL,
                Limits.DEFAULT,
                Grants.NONE,
                Mode.COMMIT,
                Reuse.SHARED,
                Map.of(),
                null);
    }

    private static TestCase test(String name, String source, Expectation expectation) {
        return new TestCase(name, request(source, "{\"days\":1}"), expectation);
    }

    private CaseResult run(String source, Expectation expectation) throws InterruptedException {
        return tester.run(new TestSuite("tidy", List.of(test("case", source, expectation))), TestListener.SILENT)
                .cases()
                .getFirst();
    }

    private void assertPasses(String source, Expectation expectation) throws InterruptedException {
        assertThat(run(source, expectation).message()).isEmpty();
    }

    private void assertFails(String source, Expectation expectation, String message) throws InterruptedException {
        var result = run(source, expectation);
        assertThat(result.verdict()).isEqualTo(Verdict.FAILED);
        assertThat(result.message()).isEqualTo(message);
    }

    private static Expectation result(ResultCheck... checks) {
        return new Expectation(new Ending.Success(), List.of(checks), Optional.empty());
    }

    private static Expectation ending(Ending ending) {
        return new Expectation(ending, List.of(), Optional.empty());
    }

    private static Expectation changes(Others others, ExpectedChange... expected) {
        return new Expectation(new Ending.Success(), List.of(), Optional.of(new Changes(List.of(expected), others)));
    }

    private static ExpectedChange expected(String path, Kind kind, String text) {
        return new ExpectedChange(Path.of(path), kind, Optional.of(text));
    }

    private static ExpectedChange expected(String path, Kind kind) {
        return new ExpectedChange(Path.of(path), kind, Optional.empty());
    }

    private static FileChange change(String path, Kind kind, String text) {
        return new FileChange(Path.of(path), kind, false, 0, text.length(), Optional.empty(), Optional.of(text));
    }

    private static FileChange folder(String path, Kind kind) {
        return new FileChange(Path.of(path), kind, true, 0, 0, Optional.empty());
    }

    @Nested
    class AnEnding {
        static Stream<RunOutcome.LimitExceeded> limits() {
            return Stream.of(
                    new RunOutcome.LimitExceeded.WallTime(Duration.ofSeconds(1), Duration.ofSeconds(2)),
                    new RunOutcome.LimitExceeded.CpuTime(Duration.ofSeconds(1), Duration.ofSeconds(2)),
                    new RunOutcome.LimitExceeded.Memory(1, 2),
                    new RunOutcome.LimitExceeded.Processes(1, 2),
                    new RunOutcome.LimitExceeded.Output(1, 2),
                    new RunOutcome.LimitExceeded.Disk(1, 2),
                    new RunOutcome.LimitExceeded.OpenFiles(1, 2));
        }

        @Test
        void isSuccessIfNothingElseIsExpected() throws Exception {
            assertPasses("works", Expectation.SUCCESS);
            runner.ending("breaks", new RunOutcome.Failed("no such file: a.txt", "stack"));
            assertFails("breaks", Expectation.SUCCESS, "expected success, was a failure: no such file: a.txt");
        }

        @Test
        void mayBeAFailure() throws Exception {
            runner.ending("breaks", new RunOutcome.Failed("no such file: a.txt", ""));
            assertPasses("breaks", ending(new Ending.Failure(Optional.empty())));
            assertPasses("breaks", ending(new Ending.Failure(Optional.of("no such file"))));
            assertFails(
                    "breaks",
                    ending(new Ending.Failure(Optional.of("denied"))),
                    "expected the error to contain \"denied\", was \"no such file: a.txt\"");
            assertFails("works", ending(new Ending.Failure(Optional.empty())), "expected a failure, was success");
        }

        @Test
        void mayBeARefusal() throws Exception {
            runner.ending("refused", new RunOutcome.Refused("no jail here", "install bubblewrap"));
            assertPasses("refused", ending(new Ending.Refusal(Optional.of("no jail"))));
            assertFails(
                    "refused",
                    Expectation.SUCCESS,
                    "expected success, was a refusal: no jail here (install bubblewrap)");
        }

        @ParameterizedTest
        @MethodSource("limits")
        void mayBeAnyLimit(RunOutcome.LimitExceeded exceeded) throws Exception {
            runner.ending("greedy", exceeded);
            assertPasses("greedy", ending(new Ending.LimitExceeded(Optional.empty())));
            for (LimitName name : LimitName.values()) {
                var result = run("greedy", ending(new Ending.LimitExceeded(Optional.of(name))));
                boolean same = exceeded.getClass()
                        .getSimpleName()
                        .toLowerCase(Locale.ROOT)
                        .contains(name.id());
                assertThat(result.verdict()).isEqualTo(same ? Verdict.PASSED : Verdict.FAILED);
            }
        }

        @Test
        void namesTheLimitThatWasExpected() throws Exception {
            runner.ending("greedy", new RunOutcome.LimitExceeded.Memory(1, 2));
            assertFails(
                    "greedy",
                    ending(new Ending.LimitExceeded(Optional.of(LimitName.WALL))),
                    "expected limit wall exceeded, was limit memory exceeded");
        }

        @Test
        void otherThanSuccessHasNoResultToCheck() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Expectation(
                            new Ending.Failure(Optional.empty()),
                            List.of(new ResultCheck.EqualTo("1")),
                            Optional.empty()));
        }
    }

    @Nested
    class AResult {
        @Test
        void isComparedByValue() throws Exception {
            runner.ending("moves", new RunOutcome.Succeeded("{\"moved\":2,\"names\":[\"a\",\"b\"]}"));
            assertPasses("moves", result(new ResultCheck.EqualTo("{\"names\":[\"a\",\"b\"],\"moved\":2.0}")));
            assertFails(
                    "moves",
                    result(new ResultCheck.EqualTo("{\"moved\":2,\"names\":[\"a\",\"c\"]}")),
                    "at /names/1: expected \"c\", was \"b\"");
        }

        @Test
        void isComparedBySubset() throws Exception {
            runner.ending("moves", new RunOutcome.Succeeded("{\"moved\":2,\"names\":[\"a\",\"b\"]}"));
            assertPasses("moves", result(new ResultCheck.Includes("{\"moved\":2}")));
            assertFails("moves", result(new ResultCheck.Includes("{\"moved\":3}")), "at /moved: expected 3, was 2");
        }

        @Test
        void isValidatedBySchema() throws Exception {
            runner.ending("moves", new RunOutcome.Succeeded("{\"moved\":2}"));
            String schema = "{\"properties\":{\"moved\":{\"maximum\":%d}}}";
            assertPasses("moves", result(new ResultCheck.MatchesSchema(schema.formatted(2))));
            assertThat(run("moves", result(new ResultCheck.MatchesSchema(schema.formatted(1))))
                            .message())
                    .startsWith("at /moved: ");
        }

        @Test
        void isHandedToAnAssertionScript() throws Exception {
            runner.ending("moves", new RunOutcome.Succeeded("{\"moved\":2}"), change("/a", Kind.CREATED, "x"));
            assertPasses("moves", result(new ResultCheck.Satisfies(Language.JAVASCRIPT, "agrees")));
            var assertion = runner.requests().getLast();
            assertThat(assertion.language()).isEqualTo(Language.JAVASCRIPT);
            assertThat(assertion.source()).isEqualTo("agrees");
            assertThat(assertion.isolation()).isEqualTo(IsolationLevel.FULL);
            assertThat(assertion.grants()).isEqualTo(Grants.NONE);
            assertThat(new ObjectMapper().readTree(assertion.parametersJson()))
                    .isEqualTo(new ObjectMapper().readTree("""
                            {"params": {"days": 1}, "result": {"moved": 2},
                             "changes": [{"path": "/a", "kind": "created", "text": "x"}],
                             "output": [{"channel": "info", "text": "looked"}]}"""));
        }

        @Test
        void failsWhereTheAssertionScriptDoes() throws Exception {
            runner.ending("disagrees", new RunOutcome.Failed("two is too many", ""))
                    .ending("denies", new RunOutcome.Succeeded("false"))
                    .ending(
                            "loops",
                            new RunOutcome.LimitExceeded.CpuTime(Duration.ofSeconds(1), Duration.ofSeconds(1)));
            assertFails(
                    "works",
                    result(new ResultCheck.Satisfies(Language.PYTHON, "disagrees")),
                    "the assertion script ended with a failure: two is too many");
            assertFails(
                    "works",
                    result(new ResultCheck.Satisfies(Language.PYTHON, "denies")),
                    "the assertion script returned false");
            assertFails(
                    "works",
                    result(new ResultCheck.Satisfies(Language.PYTHON, "loops")),
                    "the assertion script ended with limit cpu exceeded");
        }

        @Test
        void mustHoldUnderEveryCheck() throws Exception {
            runner.ending("moves", new RunOutcome.Succeeded("{\"moved\":2}"));
            assertFails(
                    "moves",
                    result(new ResultCheck.Includes("{}"), new ResultCheck.EqualTo("{}")),
                    "at /moved: expected nothing, was 2");
        }

        @Test
        void cannotBeComparedWithWhatIsNoJson() throws Exception {
            assertThat(run("works", result(new ResultCheck.EqualTo("{"))).message())
                    .startsWith("what is expected of the result is no JSON: ");
        }
    }

    @Nested
    class Files {
        private void creating(FileChange... changes) {
            runner.ending("writes", new RunOutcome.Succeeded("null"), changes);
        }

        @Test
        void areComparedByPathKindAndText() throws Exception {
            creating(change("/bak/a.txt", Kind.CREATED, "one\ntwo\n"), change("/log", Kind.CHANGED, "x"));
            assertPasses(
                    "writes",
                    changes(
                            Others.FORBIDDEN,
                            expected("/log", Kind.CHANGED),
                            expected("/bak/a.txt", Kind.CREATED, "one\ntwo\n")));
            assertFails(
                    "writes",
                    changes(Others.ALLOWED, expected("/bak/a.txt", Kind.CREATED, "one\nthree\n")),
                    "/bak/a.txt, line 2: expected \"three\", was \"two\"");
            assertFails(
                    "writes",
                    changes(Others.ALLOWED, expected("/bak/a.txt", Kind.CREATED, "one\n")),
                    "/bak/a.txt, line 2: expected no more, was \"two\"");
            assertFails(
                    "writes",
                    changes(Others.ALLOWED, expected("/bak/a.txt", Kind.CREATED, "one\ntwo")),
                    "/bak/a.txt: differs in its line ends");
            assertFails(
                    "writes",
                    changes(Others.ALLOWED, expected("/bak/a.txt", Kind.CHANGED)),
                    "/bak/a.txt: expected changed, was created");
            assertFails(
                    "writes",
                    changes(Others.ALLOWED, expected("/bak/b.txt", Kind.CREATED)),
                    "/bak/b.txt: expected created, was not changed");
        }

        @Test
        void mayNotChangeUnexpectedly() throws Exception {
            creating(change("/a", Kind.CREATED, ""), change("/b", Kind.DELETED, ""));
            assertFails(
                    "writes",
                    changes(Others.FORBIDDEN, expected("/a", Kind.CREATED)),
                    "/b: expected no change, was deleted");
            assertPasses("writes", changes(Others.ALLOWED, expected("/a", Kind.CREATED)));
            assertFails("writes", changes(Others.FORBIDDEN), "/a: expected no change, was created");
        }

        @Test
        void mayComeWithNewFolders() throws Exception {
            creating(folder("/bak", Kind.CREATED), change("/bak/a", Kind.CREATED, ""));
            assertPasses("writes", changes(Others.FORBIDDEN, expected("/bak/a", Kind.CREATED)));
            creating(folder("/bak", Kind.DELETED));
            assertFails("writes", changes(Others.FORBIDDEN), "/bak: expected no change, was deleted");
        }

        @Test
        void canOnlyBeComparedIfTheyAreText() throws Exception {
            creating(new FileChange(Path.of("/a"), Kind.CREATED, false, 0, 9, Optional.empty()));
            assertFails(
                    "writes",
                    changes(Others.ALLOWED, expected("/a", Kind.CREATED, "")),
                    "/a: its text cannot be compared, as it is no text or too long");
        }
    }

    @Nested
    class ACase {
        @Test
        void isAlwaysARehearsalInAContextAsItAsksFor() throws Exception {
            assertPasses("works", Expectation.SUCCESS);
            assertThat(runner.requests().getFirst().mode()).isEqualTo(Mode.REHEARSE);
            assertThat(runner.requests().getFirst().reuse()).isEqualTo(Reuse.SHARED);
        }

        @Test
        void hasANameOfItsOwn() {
            var twice = List.of(test("one", "works", Expectation.SUCCESS), test("one", "works", Expectation.SUCCESS));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new TestSuite("tidy", twice))
                    .withMessage("suite tidy has two cases named one");
        }
    }

    @Nested
    class Problems {
        @Test
        void areAllThatIsNotAsExpected() throws Exception {
            runner.ending(
                    "writes",
                    new RunOutcome.Succeeded("{\"copied\":2}"),
                    change("/a", Kind.CREATED, "x"),
                    change("/b", Kind.DELETED, ""));
            var expectation = new Expectation(
                    new Ending.Success(),
                    List.of(new ResultCheck.Includes("{\"copied\":1}")),
                    Optional.of(new Changes(List.of(expected("/a", Kind.CREATED, "y")), Others.FORBIDDEN)));
            assertThat(run("writes", expectation).problems())
                    .containsExactly(
                            "at /copied: expected 1, was 2",
                            "/a, line 1: expected \"y\", was \"x\"",
                            "/b: expected no change, was deleted");
        }

        @Test
        void doNotIncludeWhatARunThatFailsAsExpectedWouldHaveChanged() throws Exception {
            runner.ending("breaks", new RunOutcome.Failed("no", ""), change("/a", Kind.CREATED, "x"));
            assertPasses(
                    "breaks",
                    new Expectation(
                            new Ending.Failure(Optional.empty()),
                            List.of(),
                            Optional.of(new Changes(List.of(), Others.FORBIDDEN))));
        }
    }

    @Nested
    class ABatch {
        private static List<TestCase> cases(int count, String source) {
            return IntStream.range(0, count)
                    .mapToObj(i -> test("case " + i, source, Expectation.SUCCESS))
                    .toList();
        }

        @Test
        void runsNoMoreAtOnceThanAllowed() throws Exception {
            tester.run(new TestSuite("tidy", cases(50, "works")), TestListener.SILENT);
            assertThat(runner.mostRunning()).isBetween(1, 3);
        }

        @Test
        void runsAsManyAtOnceAsAllowed() throws Exception {
            var thread = Thread.ofVirtual().unstarted(() -> {
                try {
                    tester.run(new TestSuite("tidy", cases(50, "hang")), TestListener.SILENT);
                } catch (InterruptedException expected) {
                    Thread.currentThread().interrupt();
                }
            });
            thread.start();
            while (runner.requests().size() < 3) Thread.onSpinWait();
            thread.interrupt();
            thread.join();
            assertThat(runner.requests()).hasSize(3);
        }

        @Test
        void givesResultsInOrderAndTellsOfEach() throws Exception {
            var told = Collections.synchronizedList(new ArrayList<Integer>());
            var results = tester.run(
                    List.of(new TestSuite("one", cases(4, "works")), new TestSuite("two", cases(3, "works"))),
                    (result, done, total) -> {
                        assertThat(total).isEqualTo(7);
                        told.add(done);
                    });
            assertThat(results).extracting(SuiteResult::suite).containsExactly("one", "two");
            assertThat(results.getFirst().cases())
                    .extracting(CaseResult::name)
                    .containsExactly("case 0", "case 1", "case 2", "case 3");
            assertThat(told).containsExactly(1, 2, 3, 4, 5, 6, 7);
        }

        @Test
        void cancelsItsRunsWhenItIsInterrupted() throws Exception {
            var interrupted = new AtomicBoolean();
            var thread = Thread.ofVirtual().unstarted(() -> {
                try {
                    tester.run(new TestSuite("tidy", cases(5, "hang")), TestListener.SILENT);
                } catch (InterruptedException expected) {
                    interrupted.set(true);
                }
            });
            thread.start();
            while (runner.requests().size() < 3) Thread.onSpinWait();
            thread.interrupt();
            thread.join();
            assertThat(interrupted).isTrue();
            assertThat(runner.cancelled()).isEqualTo(3);
            assertThat(history.latest(10)).isEmpty();
        }

        @Test
        void hasTheShapeOfTestJson() throws Exception {
            runner.ending("breaks", new RunOutcome.Failed("no", ""));
            var result = tester.run(
                    new TestSuite(
                            "tidy",
                            List.of(
                                    test("one", "works", Expectation.SUCCESS),
                                    test("two", "breaks", Expectation.SUCCESS))),
                    TestListener.SILENT);
            assertThat(new ObjectMapper().readTree(result.toJson())).isEqualTo(new ObjectMapper().readTree("""
                    {"passed": 1, "failed": 1, "cases": [
                      {"name": "one", "outcome": "passed", "durationMillis": 1234, "problems": []},
                      {"name": "two", "outcome": "failed", "durationMillis": 1234, "problems": ["expected success, was a failure: no"]}]}"""));
        }
    }

    @Nested
    class AValidation {
        @ParameterizedTest
        @CsvSource({"9, 1, 0.9, true", "8, 2, 0.9, false", "8, 2, 0.8, true", "1, 0, 1.0, true", "0, 1, 0.0, true"})
        void needsItsShareOfPassedCases(int passing, int failing, double needed, boolean deployable) throws Exception {
            runner.ending("breaks", new RunOutcome.Failed("no", ""));
            var cases = new ArrayList<TestCase>();
            for (int i = 0; i < passing; i++) cases.add(test("pass " + i, "works", Expectation.SUCCESS));
            for (int i = 0; i < failing; i++) cases.add(test("fail " + i, "breaks", Expectation.SUCCESS));
            var validation = tester.validate(new TestSuite("tidy", cases), needed, TestListener.SILENT);
            assertThat(validation.deployable()).isEqualTo(deployable);
        }

        @Test
        void saysWhy() throws Exception {
            runner.ending("breaks", new RunOutcome.Failed("no", ""));
            var suite = new TestSuite(
                    "tidy",
                    List.of(test("one", "works", Expectation.SUCCESS), test("two", "breaks", Expectation.SUCCESS)));
            assertThat(tester.validate(suite, Validation.DEFAULT_MIN_SUCCESS_RATE, TestListener.SILENT)
                            .explanation())
                    .isEqualTo("1 of 2 cases passed (50.0 %, at least 90.0 % needed)");
        }

        @Test
        void isNotGivenWithoutCases() throws Exception {
            var validation = tester.validate(new TestSuite("tidy", List.of()), 0, TestListener.SILENT);
            assertThat(validation.deployable()).isFalse();
            assertThat(validation.explanation()).isEqualTo("there are no test cases, so nothing shows that it works");
        }
    }

    @Nested
    class TheHistory {
        @Test
        void keepsTheLatestThousand() throws Exception {
            tester.run(new TestSuite("tidy", ABatch.cases(1003, "works")), TestListener.SILENT);
            assertThat(history.latest(2000)).hasSize(1000);
        }

        @Test
        void givesTheNewestFirst() throws Exception {
            var one = new AutomationTester(runner, history, 1);
            one.run(new TestSuite("tidy", ABatch.cases(5, "works")), TestListener.SILENT);
            assertThat(history.latest(2)).extracting(TestRecord::name).containsExactly("case 4", "case 3");
            assertThat(history.latest(1).getFirst())
                    .isEqualTo(new TestRecord(
                            "tidy", "case 4", Verdict.PASSED, "", "run-5", FakeRunner.STARTED, FakeRunner.DURATION));
        }
    }
}
