package dev.understudy.sandbox.control.cells;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunOutcome.Succeeded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A cell that nobody uses holds little and soon ends. */
@Tag("slow")
class IdleCellTest {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final NotingLauncher launcher = new NotingLauncher(CellLauncher.PLAIN);

    @Test
    void givesBackTheMemoryThatAScriptHadUsed() throws Exception {
        assumeTrue(Files.isDirectory(Path.of("/proc/self")), "only /proc tells what a process holds");
        try (CellRunner runner = Cells.open(launcher, HostServices.NONE, 1, Duration.ofMinutes(5))) {
            String greedy = "function execute() { let a = []; for (let i = 0; i < 120; i++)"
                    + " a.push(new Uint8Array(1000000)); a = null; return 1 }";
            assertThat(runner.start(Cells.javaScript(greedy), RunListener.SILENT)
                            .await()
                            .outcome())
                    .isEqualTo(new Succeeded("1"));
            assertThat(launcher.started()).hasSize(1);
            long cell = launcher.started().element().pid();
            // What an idle JavaScript cell may hold, as the README promises.
            await(() -> residentBytes(cell) <= 150_000_000);
            assertThat(residentBytes(cell)).isLessThanOrEqualTo(150_000_000);
        }
    }

    @Test
    void endsWhenItsTimeIsOver() throws Exception {
        try (CellRunner runner = Cells.open(launcher, HostServices.NONE, 1, Duration.ofMillis(300))) {
            runner.start(Cells.javaScript("function execute() { return 1 }"), RunListener.SILENT)
                    .await();
            assertThat(launcher.started()).isNotEmpty();
            for (ProcessHandle cell : launcher.started()) cell.onExit().get(60, TimeUnit.SECONDS);
        }
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private static void await(Condition condition) throws IOException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.holds() && System.nanoTime() < deadline)
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }

    private static long residentBytes(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                .findFirst()
                .orElse(0);
    }
}
