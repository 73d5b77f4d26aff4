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
}
