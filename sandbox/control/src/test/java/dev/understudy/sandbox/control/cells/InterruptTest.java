package dev.understudy.sandbox.control.cells;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.sandbox.control.RunRequest.Language;
import dev.understudy.sandbox.protocol.FromCell;
import dev.understudy.sandbox.protocol.ToCell;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A cell that is asked to end a job. */
@Tag("slow")
class InterruptTest {
    private static final ToCell.Terms TERMS =
            new ToCell.Terms("full", "/", "/", "/", "", 1 << 20, 256 << 20, 60_000_000_000L);

    private static void enter(Cell cell, int id, String input) throws IOException {
        cell.frames().write(new ToCell.Evaluate(id, ToCell.Purpose.ENTRY, input, TERMS));
    }

    private static FromCell.Evaluated answer(Cell cell) throws Exception {
        while (true) {
            if (cell.frames().readFromCell(1 << 20) instanceof FromCell.Evaluated evaluated) return evaluated;
        }
    }

    private static void awaitOutput(Cell cell) throws Exception {
        while (!(cell.frames().readFromCell(1 << 20) instanceof FromCell.Output)) {
            // Nothing else is of interest before it.
        }
    }

    /** As where a question was answered just before it was given up: the person's next entry was ended in its place. */
    @Test
    void endsThatJobAndNoneThatHasBegunMeanwhile() throws Exception {
        var options =
                new CellOptions(1, Duration.ofMinutes(1), Cells.HOME, CellOptions.Preparation.OUTLIVES_HOST, _ -> {});
        try (var factory = new CellFactory(Cells.installation(), CellLauncher.PLAIN, Cells.STARTER, options)) {
            Cell cell = factory.start(CellKey.of(Language.JAVASCRIPT, 256 << 20));
            try {
                enter(cell, 1, "1");
                assertThat(answer(cell).text()).isEqualTo("1");
                enter(
                        cell,
                        2,
                        "console.log('begun'); let end = Date.now() + 1500; while (Date.now() < end) {} 'whole'");
                awaitOutput(cell);
                cell.interrupt(1);
                assertThat(answer(cell).text()).isEqualTo("whole");
                enter(cell, 3, "console.log('begun'); while (true) {}");
                awaitOutput(cell);
                cell.interrupt(3);
                assertThat(answer(cell))
                        .returns(FromCell.Evaluation.FAILED, FromCell.Evaluated::evaluation)
                        .returns("interrupted", FromCell.Evaluated::text);
            } finally {
                cell.killAndWait();
            }
        }
    }
}
