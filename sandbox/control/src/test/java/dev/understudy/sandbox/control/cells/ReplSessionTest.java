package dev.understudy.sandbox.control.cells;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunOutcome.LimitExceeded;
import dev.understudy.sandbox.control.RunReport.OutputLine;
import dev.understudy.sandbox.control.cells.ReplSession.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class ReplSessionTest {
    private final List<String> printed = new ArrayList<>();
    private final RunListener listener = new RunListener() {
        @Override
        public void output(OutputLine line) {
            printed.add(line.text());
        }

        @Override
        public void rows(List<String> columns, List<String> cells, long more) {
            printed.add("rows " + columns + " " + cells + " " + more);
        }

        @Override
        public void series(String text, List<Double> numbers) {
            printed.add("series " + text + " " + numbers);
        }
    };

    @Test
    void javaScriptKeepsItsStateAndShowsValues() throws Exception {
        try (ReplSession session = Cells.shared().openSession(Cells.javaScript(""))) {
            assertThat(session.evaluate("const x = 40", listener)).isEqualTo(new Reply.Value(""));
            assertThat(session.evaluate("function f(n) {", listener)).isEqualTo(new Reply.Incomplete());
            assertThat(session.evaluate("function f(n) {\nreturn n + x }", listener))
                    .isEqualTo(new Reply.Value(""));
            assertThat(session.evaluate("f(2)", listener)).isEqualTo(new Reply.Value("42"));
            assertThat(session.evaluate("nothing.here", listener)).isInstanceOf(Reply.Failed.class);
            assertThat(session.evaluate("console.log('hi'); x", listener)).isEqualTo(new Reply.Value("40"));
            assertThat(printed).containsExactly("hi");
        }
    }

    @Test
    void pythonPrintsValuesAsItsOwnPromptDoes() throws Exception {
        try (ReplSession session = Cells.shared().openSession(Cells.python(""))) {
            assertThat(session.evaluate("x = 'a'", listener)).isEqualTo(new Reply.Value(""));
            assertThat(session.evaluate("def f(n):", listener)).isEqualTo(new Reply.Incomplete());
            assertThat(session.evaluate("def f(n):\n    return x * n\n", listener))
                    .isEqualTo(new Reply.Value(""));
            assertThat(session.evaluate("f(2)", listener)).isEqualTo(new Reply.Value(""));
            assertThat(session.evaluate("1 +* 2", listener)).isInstanceOf(Reply.Failed.class);
            assertThat(printed).containsExactly("'aa'");
        }
    }

    @Test
    void pythonTakesAProgramWithEmptyLines() throws Exception {
        try (ReplSession session = Cells.shared().openSession(Cells.python(""))) {
            String block = "def f(n):\n    total = 0\n\n    for i in range(n):\n        total += i";
            assertThat(session.evaluate(block, listener)).isEqualTo(new Reply.Incomplete());
            assertThat(session.evaluate(block + "\n\n    return total\n", listener))
                    .isEqualTo(new Reply.Value(""));
            assertThat(session.evaluate("text = \"\"\"one:\n\ntwo", listener)).isEqualTo(new Reply.Incomplete());
            assertThat(session.evaluate("text = \"\"\"one:\n\ntwo\"\"\"\n\nf(4)\nlen(text)", listener))
                    .isEqualTo(new Reply.Value(""));
            assertThat(printed).containsExactly("6", "9");
            assertThat(session.evaluate("x = (1,\n\n  2", listener)).isEqualTo(new Reply.Incomplete());
            assertThat(session.evaluate("x = 1\n\nx = = 2", listener)).isInstanceOf(Reply.Failed.class);
        }
    }

    @Test
    void pythonTakesSeveralStatementsWithoutEmptyLines() throws Exception {
        try (ReplSession session = Cells.shared().openSession(Cells.python(""))) {
            assertThat(session.evaluate("x = 20\ny = 22\nprint('sum', x + y)", listener))
                    .isEqualTo(new Reply.Value(""));
            assertThat(session.evaluate("for n in range(2):\n    x += n", listener))
                    .isEqualTo(new Reply.Incomplete());
            assertThat(session.evaluate("for n in range(2):\n    x += n\n", listener))
                    .isEqualTo(new Reply.Value(""));
            assertThat(session.evaluate("(x,\n y", listener)).isEqualTo(new Reply.Incomplete());
            assertThat(session.evaluate("(x,\n y)", listener)).isEqualTo(new Reply.Value(""));
            assertThat(printed).containsExactly("sum 42", "(21, 22)");
        }
    }

    @Test
    void pythonStopsAProgramAtTheStatementThatFails() throws Exception {
        try (ReplSession session = Cells.shared().openSession(Cells.python(""))) {
            assertThat(session.evaluate("x = 1\n\nx / 0\nx = 2", listener))
                    .isInstanceOfSatisfying(
                            Reply.Failed.class,
                            failed -> assertThat(failed.error()).contains("line 3", "division by zero"));
            assertThat(session.evaluate("x", listener)).isEqualTo(new Reply.Value(""));
            assertThat(printed).containsExactly("1");
        }
    }

    @Test
    void anInterruptKeepsTheState() throws Exception {
        try (ReplSession session = Cells.shared().openSession(Cells.javaScript(""))) {
            assertThat(session.evaluate("const x = 1", listener)).isInstanceOf(Reply.Value.class);
            RunListener interrupting = new RunListener() {
                @Override
                public void progress(double share, String text) {
                    session.interrupt();
                }
            };
            assertThat(session.evaluate("understudy.progress(0, ''); for (;;);", interrupting))
                    .isInstanceOfSatisfying(
                            Reply.Failed.class,
                            failed -> assertThat(failed.error()).isEqualTo("interrupted"));
            assertThat(session.evaluate("x", listener)).isEqualTo(new Reply.Value("1"));
        }
    }

    @Test
    void aLimitEndsTheStateButNotTheSession() throws Exception {
        Limits limits = Limits.DEFAULT.withWallTime(Duration.ofSeconds(1));
        try (ReplSession session = Cells.shared().openSession(Cells.with(Cells.javaScript(""), limits))) {
            assertThat(session.evaluate("for (;;);", listener))
                    .isInstanceOfSatisfying(
                            Reply.Lost.class,
                            lost -> assertThat(lost.outcome()).isInstanceOf(LimitExceeded.WallTime.class));
            assertThat(session.evaluate("typeof x", listener)).isEqualTo(new Reply.Value("undefined"));
        }
    }

    @Test
    void javaScriptKeepsTheLastResult() throws Exception {
        try (ReplSession session = Cells.shared().openSession(Cells.javaScript(""))) {
            session.evaluate("6 * 7", listener);
            session.evaluate("undefined", listener);
            assertThat(session.evaluate("_ + 1", listener)).isEqualTo(new Reply.Value("43"));
        }
    }

    @Test
    void pythonKeepsTheLastResult() throws Exception {
        try (ReplSession session = Cells.shared().openSession(Cells.python(""))) {
            session.evaluate("6 * 7", listener);
            session.evaluate("None", listener);
            session.evaluate("_ + 1", listener);
            assertThat(printed).containsExactly("42", "43");
        }
    }

    @Test
    void listsOfRecordsAndOfNumbersAreTold() throws Exception {
        try (ReplSession session = Cells.shared().openSession(Cells.javaScript(""))) {
            session.evaluate("[{a: 1, b: 'x'}, {a: 2, c: [1]}]", listener);
            session.evaluate("[1, 2.5, 4]", listener);
            assertThat(session.evaluate("[{a: 1}, 2]", listener)).isEqualTo(new Reply.Value("[ { a: 1 }, 2 ]"));
            assertThat(session.evaluate("[{get a() { return 1 }}]", listener))
                    .isEqualTo(new Reply.Value("[ { a: [Getter] } ]"));
        }
        try (ReplSession session = Cells.shared().openSession(Cells.python(""))) {
            session.evaluate("[{'a': 1}, {'a': 'two\\nlines'}]", listener);
            session.evaluate("[1, 2, 3]", listener);
            session.evaluate("[1, 2, float('inf')]", listener);
        }
        assertThat(printed)
                .containsExactly(
                        "rows [a, b, c] [1, x, , 2, , [ 1 ]] 0",
                        "series [ 1, 2.5, 4 ] [1.0, 2.5, 4.0]",
                        "rows [a] [1, two lines] 0",
                        "series [1, 2, 3] [1.0, 2.0, 3.0]",
                        "[1, 2, inf]");
    }

    @Test
    void javaScriptNamesWhatIsInScopeAndRunsNothingForIt() throws Exception {
        try (ReplSession session = Cells.shared().openSession(Cells.javaScript(""))) {
            session.evaluate("""
                    let touched = 0
                    const shop = { fruit: { apple: 1 }, get trap() { touched++; return { inner: 1 } } }
                    const proxy = new Proxy({}, { ownKeys() { touched++; return ['a'] }, getPrototypeOf() { touched++; return null } })
                    class Basket { size() { touched++ } }
                    const basket = new Basket()
                    Object.defineProperty(globalThis, 'alarm', { get() { touched++; return {} }, configurable: true })
                    """, listener);
            assertThat(session.members("")).contains("shop", "basket", "Math", "understudy", "alarm");
            assertThat(session.members("shop")).contains("fruit", "trap");
            assertThat(session.members("shop.fruit")).contains("apple");
            assertThat(session.members("basket")).contains("size", "constructor");
            assertThat(session.members("understudy.files")).contains("read", "write");
            assertThat(session.members("shop.trap")).isEmpty();
            assertThat(session.members("alarm")).isEmpty();
            assertThat(session.members("proxy")).isEmpty();
            assertThat(session.members("nothing.at.all")).isEmpty();
            assertThat(session.explain("shop"))
                    .hasValueSatisfying(text -> assertThat(text).contains("fruit, trap"));
            assertThat(session.explain("Basket"))
                    .hasValueSatisfying(text -> assertThat(text).contains("class Basket"));
            assertThat(session.explain("proxy"))
                    .hasValueSatisfying(text -> assertThat(text).contains("proxy"));
            assertThat(session.explain("nothing")).isEmpty();
            assertThat(session.evaluate("touched", listener)).isEqualTo(new Reply.Value("0"));
        }
    }

    @Test
    void pythonNamesWhatIsInScopeAndRunsNothingForIt() throws Exception {
        try (ReplSession session = Cells.shared().openSession(Cells.python(""))) {
            session.evaluate("""
                    touched = 0

                    class Basket:
                        "Holds fruit."
                        def __init__(self):
                            self.fruit = {"apple": 1}
                        def size(self, unit):
                            return 0
                        @property
                        def trap(self):
                            global touched
                            touched += 1
                        def __getattr__(self, name):
                            global touched
                            touched += 1
                        def __dir__(self):
                            global touched
                            touched += 1
                            return []

                    basket = Basket()
                    """, listener);
            assertThat(session.members("")).contains("basket", "Basket", "print", "understudy");
            assertThat(session.members("basket")).contains("fruit", "size", "trap");
            assertThat(session.members("basket.fruit")).contains("items");
            assertThat(session.members("basket.trap")).isEmpty();
            assertThat(session.members("basket.none")).isEmpty();
            assertThat(session.members("understudy.files")).contains("read", "write");
            assertThat(session.explain("basket.size")).contains("basket.size: function(self, unit)");
            assertThat(session.explain("Basket")).contains("Basket: class\nHolds fruit.");
            session.evaluate("touched", listener);
            assertThat(printed).containsExactly("0");
        }
    }

    @Test
    void anAnswerThatComesTooLateIsGivenUpAndTheStateKept() throws Exception {
        try (ReplSession session = Cells.shared().openSession(Cells.javaScript(""))) {
            session.evaluate("const x = 1; Set.prototype.add = () => { for (;;); }", listener);
            assertThat(session.members("x")).isEmpty();
            assertThat(session.evaluate("x", listener)).isEqualTo(new Reply.Value("1"));
        }
    }

    @Test
    void entriesAwaitAndKeepWhatTheyDeclare() throws Exception {
        try (ReplSession session = Cells.shared().openSession(Cells.javaScript(""))) {
            session.evaluate(
                    "const later = (value) => new Promise((done) => setTimeout(() => done(value), 5))", listener);
            assertThat(session.evaluate("await later(1)", listener)).isEqualTo(new Reply.Value("1"));
            session.evaluate(
                    "const { a, b } = await later({ a: 2, b: 3 });\nconst [c] = await later([4])\n"
                            + "function sum() { return a + b + c }",
                    listener);
            assertThat(session.evaluate("sum()", listener)).isEqualTo(new Reply.Value("9"));
            assertThat(session.evaluate("const d = await later(5)\nd + 1", listener))
                    .isEqualTo(new Reply.Value("6"));
            assertThat(session.evaluate("const e = await later(", listener)).isEqualTo(new Reply.Incomplete());
            assertThat(session.isUnfinished("for await (const x of []) {")).isTrue();
            assertThat(session.isUnfinished("await later(1)")).isFalse();
        }
        try (ReplSession session = Cells.shared().openSession(Cells.python(""))) {
            session.evaluate(
                    "import asyncio\nasync def later(value):\n    await asyncio.sleep(0)\n    return value\n",
                    listener);
            session.evaluate("x = await later(7)", listener);
            session.evaluate("x + await later(1)", listener);
            assertThat(printed).containsExactly("8");
        }
    }

    @Test
    void timingDoesAnEntryOverAndOver() throws Exception {
        try (ReplSession session = Cells.shared().openSession(Cells.javaScript(""))) {
            session.evaluate("let count = 0", listener);
            assertThat(session.time("count++", listener)).isInstanceOfSatisfying(ReplSession.Timed.Done.class, done -> {
                assertThat(done.timing().times()).isGreaterThan(10);
                assertThat(done.timing().rounds()).hasSizeBetween(1, 5);
            });
            assertThat(session.time("nothing()", listener)).isInstanceOf(ReplSession.Timed.Not.class);
        }
    }

    @Test
    void aMemoryLimitOfItsOwnCostsTheStateAndNoOtherLimit() throws Exception {
        var request = Cells.javaScript("");
        try (ReplSession session = Cells.shared().openSession(request)) {
            session.evaluate("const x = 1", listener);
            assertThat(session.use(Cells.with(request, Limits.DEFAULT.withWallTime(Duration.ofSeconds(2)))))
                    .isEqualTo(ReplSession.State.KEPT);
            assertThat(session.evaluate("x", listener)).isEqualTo(new Reply.Value("1"));
            assertThat(session.use(Cells.with(request, Limits.DEFAULT.withMemoryBytes(1L << 30))))
                    .isEqualTo(ReplSession.State.LOST);
            assertThat(session.evaluate("typeof x", listener)).isEqualTo(new Reply.Value("undefined"));
        }
    }
}
