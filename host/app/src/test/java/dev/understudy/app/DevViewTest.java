package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.core.automation.TestRun;
import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunReport.FileChange;
import dev.understudy.sandbox.control.RunReport.OutputLine;
import dev.understudy.sandbox.control.Tier;
import dev.understudy.sandbox.control.tester.CaseResult;
import dev.understudy.sandbox.control.tester.SuiteResult;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DevViewTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private List<String> shown(String columns, boolean terminal, String printed) {
        var out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        var console = new Console(out, out, terminal, Map.of("COLUMNS", columns, "NO_COLOR", "1"));
        var change = new FileChange(
                Path.of("/srv/out.txt"), FileChange.Kind.CREATED, false, 0, 4, Optional.of("@@ -0,0 +1 @@\n+two"));
        var report = new RunReport(
                "run",
                new RunOutcome.Succeeded("{}"),
                IsolationLevel.FULL,
                Tier.PROCESS,
                Instant.EPOCH,
                Duration.ofMillis(12),
                List.of(change),
                List.of(new OutputLine("stdout", printed), new OutputLine("info", "logged")),
                RunReport.Usage.NONE);
        var result = new CaseResult("count", "counts", List.of(), report);
        new DevView(console, "count.py")
                .tested(new TestRun(new SuiteResult("count", List.of(result)), TestRun.Source.FILE));
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void hasOutputAndChangesSideBySideOnATerminal() {
        assertThat(shown("80", true, "counting"))
                .containsExactly(
                        "passed counts  12 ms",
                        "  counting                              │ + created /srv/out.txt  4 B",
                        "  info: logged                          │   @@ -0,0 +1 @@",
                        "  → {}                                  │   +two",
                        "1 of 1 cases passed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"counting a very long line of forty letters and more", "漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字"})
    void wrapsWhatIsWiderThanItsColumn(String printed) {
        assertThat(shown("80", true, printed)).allMatch(line -> Table.length(line) <= 80);
    }

    @Test
    void hasOneBelowTheOtherWhereTheTerminalIsNarrow() {
        assertThat(shown("60", true, "counting")).contains("  counting", "  + created /srv/out.txt  4 B");
    }

    @Test
    void keepsEachLineWholeInAPipe() {
        String printed = "word ".repeat(50) + "end";
        assertThat(shown("80", false, printed)).contains("  " + printed);
    }

    @Test
    void obeysNoControlCharacters() {
        assertThat(shown("80", false, "a\u001b[2Jb")).contains("  a^[[2Jb");
    }
}
