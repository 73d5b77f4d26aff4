package dev.understudy.sandbox.control.cells;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunOutcome.Succeeded;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.cells.CellOptions.Keeping;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Cells and contexts that are kept from one run to the next. */
class KeptCellsTest {
    /** Counts the runs of its context. */
    private static final String COUNTING =
            "function execute() { globalThis.runs = (globalThis.runs ?? 0) + 1; return globalThis.runs; }";

    private static CellRunner open(Keeping keeping) throws Exception {
        return new CellRunner(
                Cells.installation(),
                CellLauncher.PLAIN,
                Cells.STARTER,
                Cells.files(),
                HostServices.NONE,
                new CellOptions(
                        1, Duration.ofMinutes(5), Cells.HOME, CellOptions.Preparation.OUTLIVES_HOST, _ -> {}, keeping),
                InstantSource.system(),
                new SecureRandom());
    }

    private static RunOutcome run(CellRunner runner, String domain, String source) throws InterruptedException {
        RunRequest request = Cells.javaScript(source);
        return runner.start(
                        new RunRequest(
                                request.name(),
                                domain,
                                request.language(),
                                request.source(),
                                request.parametersJson(),
                                request.runtime(),
                                request.isolation(),
                                request.limits(),
                                request.grants(),
                                request.mode(),
                                RunRequest.Reuse.SHARED,
                                request.stagedFiles(),
                                request.workingDirectory()),
                        RunListener.SILENT)
                .await()
                .outcome();
    }

    private static RunOutcome result(int runs) {
        return new Succeeded(Integer.toString(runs));
    }

    @Test
    void theLatestScriptsContextIsKeptWithoutASwitch() throws Exception {
        try (CellRunner runner = open(Keeping.LATEST)) {
            assertThat(run(runner, "a", COUNTING)).isEqualTo(result(1));
            assertThat(run(runner, "a", COUNTING)).isEqualTo(result(2));
            assertThat(run(runner, "a", COUNTING + " // two")).isEqualTo(result(1));
            assertThat(run(runner, "a", COUNTING)).isEqualTo(result(1));
        }
    }

    @Test
    void contextsOfSeveralScriptsAreKeptUpToTheirNumber() throws Exception {
        try (CellRunner runner = open(new Keeping(OptionalInt.empty(), 2, Duration.ofDays(1)))) {
            run(runner, "a", COUNTING);
            run(runner, "a", COUNTING + " // two");
            assertThat(run(runner, "a", COUNTING)).isEqualTo(result(2));
            run(runner, "a", COUNTING + " // three");
            assertThat(run(runner, "a", COUNTING + " // two")).isEqualTo(result(1));
        }
    }

    @Test
    void aContextIsGivenUpWhenItsTimeIsOver() throws Exception {
        try (CellRunner runner = open(new Keeping(OptionalInt.empty(), 2, Duration.ofMillis(1)))) {
            run(runner, "a", COUNTING);
            long until = System.nanoTime() + 10_000_000;
            while (System.nanoTime() < until) Thread.onSpinWait();
            assertThat(run(runner, "a", COUNTING)).isEqualTo(result(1));
        }
    }

    @Test
    void thereAreAsManyIdleCellsAsRunsAndASpareWithoutASwitch() throws Exception {
        try (CellRunner runner = open(Keeping.LATEST)) {
            for (String domain : new String[] {"a", "b", "c"}) run(runner, domain, COUNTING);
            assertThat(runner.idleCells()).isEqualTo(2);
            runner.keepIdle(1);
            assertThat(runner.idleCells()).isEqualTo(1);
        }
    }

    @Test
    void idleCellsAreKeptByTheirContexts() throws Exception {
        try (CellRunner runner = open(new Keeping(OptionalInt.of(9), 1, Duration.ofDays(1)))) {
            for (String domain : new String[] {"a", "b", "c"}) run(runner, domain, COUNTING);
            assertThat(runner.idleCells()).isEqualTo(3);
            run(runner, "d", COUNTING);
            // Of JavaScript each holds three ready.
            assertThat(runner.idleCells()).isEqualTo(3);
            assertThat(run(runner, "b", COUNTING)).isEqualTo(result(2));
        }
    }
}
