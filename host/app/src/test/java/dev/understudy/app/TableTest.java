package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

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
