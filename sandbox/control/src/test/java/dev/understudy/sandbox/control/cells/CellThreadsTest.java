package dev.understudy.sandbox.control.cells;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.sandbox.control.RunRequest.Language;
import org.junit.jupiter.api.Test;

/** What a cell that is idle costs the rest of the host. */
final class CellThreadsTest {
    /**
     * With two cells on two processors {@code learn} waited for ever, because rehearsals wait in virtual threads: see
     * findings/java-process-pipes-keep-carriers.sh, which takes a minute to show why.
     */
    @Test
    void keepsNoCarrierOfVirtualThreads() throws Exception {
        Process silent = new ProcessBuilder("sleep", "600").start();
        try {
            new Cell(CellKey.of(Language.PYTHON, 1), CellLauncher.PLAIN, silent);
            // Only platform threads are listed.
            assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .contains("cell-errors " + silent.pid());
        } finally {
            silent.destroyForcibly();
        }
    }
}
