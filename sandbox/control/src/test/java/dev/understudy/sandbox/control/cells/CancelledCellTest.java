package dev.understudy.sandbox.control.cells;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.sandbox.control.ProcessStarter;
import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.ScriptRunner;
import dev.understudy.sandbox.control.jail.Jail;
import dev.understudy.sandbox.control.jail.JailedCellLauncher;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In real cells in the real jail. */
@Tag("slow")
class CancelledCellTest {
    @TempDir
    Path folder;

    private void isGone(RunRequest endless) throws Exception {
        try (var starter = new ProcessStarter()) {
            Jail jail = Jail.open(folder, starter);
            assumeTrue(jail.refusal().isEmpty(), () -> "no jail here: " + jail.refusal());
            var launcher = new NotingLauncher(new JailedCellLauncher(jail));
            try (CellRunner runner = Cells.open(launcher, HostServices.NONE, 1, Duration.ofMinutes(1))) {
                var atWork = new CountDownLatch(1);
                var run = runner.start(endless, new RunListener() {
                    @Override
                    public void output(RunReport.OutputLine line) {
                        atWork.countDown();
                    }
                });
                // A run that cannot even start says nothing.
                Thread.ofVirtual().start(() -> countDownAtEnd(run, atWork));
                atWork.await();

                run.cancel();

                assertThat(run.await().outcome()).isEqualTo(new RunOutcome.Cancelled());
                assertThat(launcher.ended()).hasSizeGreaterThan(2).noneMatch(ProcessHandle::isAlive);
            }
        }
    }

    private static void countDownAtEnd(ScriptRunner.Run run, CountDownLatch latch) {
        try {
            run.await();
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        }
        latch.countDown();
    }

    @Test
    void isGoneWithAJavaScriptRunThatIsCancelled() throws Exception {
        isGone(Cells.javaScript("function execute() { console.log('at work'); while (true) {} }"));
    }

    @Test
    void isGoneWithAPythonRunThatIsCancelled() throws Exception {
        isGone(Cells.python("def execute(params):\n    print('at work', flush=True)\n    while True: pass\n"));
    }
}
