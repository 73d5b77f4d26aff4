package dev.understudy.sandbox.control.cells;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunOutcome.Succeeded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A cell that nobody uses holds little and soon ends. */
@Tag("slow")
class IdleCellTest {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    @Test
    void givesBackTheMemoryThatAScriptHadUsed() throws Exception {
        assumeTrue(Files.isDirectory(Path.of("/proc/self")), "only /proc tells what a process holds");
        Set<Long> others = cells();
        try (CellRunner runner = Cells.open(HostServices.NONE, 1, Duration.ofMinutes(5))) {
            String greedy = "function execute() { let a = []; for (let i = 0; i < 120; i++)"
                    + " a.push(new Uint8Array(1000000)); a = null; return 1 }";
            assertThat(runner.start(Cells.javaScript(greedy), RunListener.SILENT)
                            .await()
                            .outcome())
                    .isEqualTo(new Succeeded("1"));
            Set<Long> mine = cells();
            mine.removeAll(others);
            assertThat(mine).hasSize(1);
            // What an idle JavaScript cell may hold, as the README promises.
            await(() -> residentBytes(mine.iterator().next()) <= 150_000_000);
            assertThat(residentBytes(mine.iterator().next())).isLessThanOrEqualTo(150_000_000);
        }
    }

    @Test
    void endsWhenItsTimeIsOver() throws Exception {
        Set<Long> others = cells();
        try (CellRunner runner = Cells.open(HostServices.NONE, 1, Duration.ofMillis(300))) {
            runner.start(Cells.javaScript("function execute() { return 1 }"), RunListener.SILENT)
                    .await();
            await(() -> others.containsAll(cells()));
            assertThat(others).containsAll(cells());
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

    private static Set<Long> cells() {
        return ProcessHandle.current()
                .children()
                .filter(ProcessHandle::isAlive)
                .filter(process -> commandLine(process).contains("CellMain serve js"))
                .map(ProcessHandle::pid)
                .collect(Collectors.toSet());
    }

    /** All of it: Java's own view ends after a page, and a class path is long. */
    private static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"))
                    .replace('\0', ' ');
        } catch (IOException _) {
            // It has ended meanwhile.
            return "";
        }
    }

    private static long residentBytes(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                .findFirst()
                .orElse(0);
    }
}
