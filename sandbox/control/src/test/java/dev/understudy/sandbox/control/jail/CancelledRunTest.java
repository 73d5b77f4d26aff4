package dev.understudy.sandbox.control.jail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunRequest.Language;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a cancelled run has reported its end, none of its processes is left; how fast that is, the benchmark measures. */
class CancelledRunTest extends JailedTest {
    private static final String BASH = """
            trap '' TERM HUP INT
            exec {never}<> <(:)
            pause() { read -r -t 60 -u $never; }
            for i in 1 2 3; do ( trap '' TERM; (pause) & pause ) & done
            echo at work
            while :; do :; done
            """;
    private static final String PYTHON = """
            import os, signal, time
            def execute(params):
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
                for _ in range(3):
                    if os.fork() == 0:
                        os.setsid()
                        os.fork()
                        time.sleep(60)
                print("at work", flush=True)
                while True: pass
            """;
    private static final String JAVASCRIPT = """
            function execute() {
                process.on("SIGTERM", () => {});
                require("fs").writeSync(1, "at work\\n");
                while (true) {}
            }
            """;

    private static String endless(Language language) {
        return switch (language) {
            case BASH -> BASH;
            case PYTHON -> PYTHON;
            case JAVASCRIPT -> JAVASCRIPT;
            case APPLESCRIPT -> throw new IllegalArgumentException("AppleScript runs on macOS only");
        };
    }

    @ParameterizedTest
    @CsvSource({
        "BASH, false",
        "BASH, true",
        "PYTHON, false",
        "PYTHON, true",
        "JAVASCRIPT, false",
        "JAVASCRIPT, true",
    })
    void isGoneWithAllItsDescendants(Language language, boolean forked) throws Exception {
        String program = language == Language.JAVASCRIPT ? "node" : "python3";
        assumeTrue(SystemFiles.realProgram(program).isPresent(), program + " is not installed");
        var atWork = new CountDownLatch(1);
        var run = (forked ? forking() : runner()).start(request(language, endless(language)), new RunListener() {
            @Override
            public void output(RunReport.OutputLine line) {
                atWork.countDown();
            }
        });
        atWork.await();
        List<ProcessHandle> processes = ProcessHandle.current().descendants().toList();
        assertThat(processes).isNotEmpty();

        run.cancel();

        assertThat(run.await().outcome()).isEqualTo(new RunOutcome.Cancelled());
        assertThat(processes).noneMatch(ProcessHandle::isAlive);
    }

    @Test
    void isNotEvenStartedIfThatComesBefore() throws Exception {
        var run = runner().start(request(Language.BASH, "echo started"), RunListener.SILENT);
        run.cancel();
        RunReport report = run.await();
        assertThat(report.outcome()).isEqualTo(new RunOutcome.Cancelled());
        assertThat(report.output()).isEmpty();
    }
}
