package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private Console console(String columns) {
        var out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        return new Console(out, out, false, Map.of("COLUMNS", columns));
    }

    private String printed() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Nested
    class WhenAllFits {
        @Test
        void alignsColumnsAndLeavesNoSpaceAtTheEndOfALine() {
            var table = new Table(Table.Column.left("type"), Table.Column.right("times"), Table.Column.wrapped("note"));
            table.row("cp", 7, "");
            table.row("git commit", 12, "x");
            table.print(console("80"), "");
            assertThat(printed()).isEqualTo("type        times  note\ncp              7\ngit commit     12  x\n");
        }
    }

    @Nested
    class WhenACellIsTooWide {
        @Test
        void wrapsItAtASpaceAndKeepsTheOthersWhole() {
            var table = new Table(Table.Column.left("id"), Table.Column.wrapped("text"));
            table.row("a", "word ".repeat(30).strip());
            table.print(console("60"), "");
            assertThat(printed().lines()).allMatch(line -> line.length() <= 60).hasSize(4);
            assertThat(printed().replaceAll("\\s+", " ")).contains("word ".repeat(29));
        }
    }

    /** Twelve characters were left for "what it does" beside long ids (issue 12). */
    @Nested
    class WhenTheLastColumnWouldBeTooNarrowToRead {
        private void print(String columns) {
            var table = new Table(
                    Table.Column.left("automation"), Table.Column.left("state"), Table.Column.wrapped("what it does"));
            table.row(
                    "copy-summary-to-reports-then-pack-models-and-seeds-of-warehouse",
                    "rehearsed",
                    "Copies data/export/summary-{today}.csv to ~/share/reports.");
            table.print(console(columns), "  ");
        }

        @Test
        void putsItBelowItsRow() {
            print("80");
            assertThat(printed()).isEqualTo("""
                      automation                                                       state
                      copy-summary-to-reports-then-pack-models-and-seeds-of-warehouse  rehearsed
                          Copies data/export/summary-{today}.csv to ~/share/reports.
                    """);
        }

        @ParameterizedTest
        @ValueSource(strings = {"120", "200"})
        void keepsItBesideWhereThereIsRoom(String columns) {
            print(columns);
            assertThat(printed().lines().toList().get(1)).contains("rehearsed  Copies data/export/");
            assertThat(printed().lines()).allMatch(line -> line.length() <= Integer.parseInt(columns));
        }
    }

    @Nested
    class WhenLettersAreWideOrCombined {
        @Test
        void countsTheCellsOfTheTerminal() {
            var table = new Table(Table.Column.left("name"), Table.Column.left("n"));
            table.row("報告書", 1);
            table.row("re\u0301sume\u0301", 2);
            table.row("report", 3);
            table.print(console("80"), "");
            assertThat(printed()).isEqualTo("name    n\n報告書  1\nre\u0301sume\u0301  2\nreport  3\n");
        }

        @Test
        void wrapsWithoutCuttingALetterFromItsMark() {
            var table = new Table(Table.Column.wrapped("text"));
            table.row("報告".repeat(40));
            table.print(console("60"), "");
            assertThat(printed().lines().skip(1)).containsExactly("報告".repeat(15), "報告".repeat(15), "報告".repeat(10));
        }
    }

    @Nested
    class WhenACellHoldsControlCharacters {
        @Test
        void showsThemInsteadOfObeyingThem() {
            var table = new Table(Table.Column.left(""));
            table.row("red \u001b[31m and \u202e back");
            table.print(console("80"), "");
            assertThat(printed()).isEqualTo("red ^[[31m and \\u202e back\n");
        }
    }
}
