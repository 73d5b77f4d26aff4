package dev.understudy.sandbox.control.cells;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.sandbox.control.Escape;
import dev.understudy.sandbox.control.Escape.Group;
import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.ProcessStarter;
import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunOutcome.Failed;
import dev.understudy.sandbox.control.RunOutcome.LimitExceeded;
import dev.understudy.sandbox.control.RunOutcome.Refused;
import dev.understudy.sandbox.control.Tier;
import dev.understudy.sandbox.protocol.Frames;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** In place of a cell, a shell that says what a cell would say that was taken over. */
@Tag("slow")
class BrokenProtocolTest {
    /** A frame of five bytes: type 40 (ready), and the version, which has one digit. */
    private static final String READY = "printf '\\0\\0\\0\\5\\50\\0\\0\\0\\" + Frames.VERSION + "'; ";

    private static RunOutcome outcome(String shellScript, Limits limits) throws InterruptedException {
        var launcher = new CellLauncher() {
            @Override
            public Process start(ProcessStarter starter, List<String> javaCommand, List<Path> readable)
                    throws IOException {
                return starter.start(new ProcessBuilder("/bin/sh", "-c", shellScript));
            }

            @Override
            public Tier tier() {
                return Tier.PROCESS;
            }
        };
        try (CellRunner runner = Cells.open(launcher, HostServices.NONE, 1, Duration.ofMinutes(1))) {
            return runner.start(Cells.with(Cells.javaScript("function execute() {}"), limits), RunListener.SILENT)
                    .await()
                    .outcome();
        }
    }

    @Nested
    class OnceTheRunHasBegun {
        @Escape({Group.MALFORMED_FRAMES, Group.HUGE_FRAMES, Group.OUT_OF_ORDER_FRAMES})
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '"',
                value = {
                    "a huge length | printf '\\177\\377\\377\\377'",
                    "a negative length | printf '\\377\\377\\377\\377'",
                    "an empty frame | printf '\\0\\0\\0\\0'",
                    "text in place of frames | yes",
                    "an unknown type | printf '\\0\\0\\0\\1\\143'",
                    "a message for cells | printf '\\0\\0\\0\\1\\3'",
                    "ready twice | printf '\\0\\0\\0\\5\\50\\0\\0\\0\\1'",
                    "bytes after the end | printf '\\0\\0\\0\\6\\50\\0\\0\\0\\1\\0'",
                    "too few bytes | printf '\\0\\0\\0\\2\\50\\0'",
                    "an unknown channel | printf '\\0\\0\\0\\6\\51\\11\\0\\0\\0\\0'",
                    "a field longer than its frame | printf '\\0\\0\\0\\6\\51\\0\\0\\1\\0\\0'",
                    "text that is not UTF-8 | printf '\\0\\0\\0\\6\\63\\0\\0\\0\\1\\377'",
                    "a negative chunk | printf '\\0\\0\\0\\21\\65\\0\\0\\0\\1\\0\\0\\0\\0\\0\\0\\0\\0\\377\\377\\377\\377'",
                    "the end of another run |"
                            + " printf '\\0\\0\\0\\36\\54\\0\\0\\0\\143\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0'",
                })
        void breaksTheProtocol(String what, String print) throws Exception {
            assertThat(outcome(READY + "head -c 1 >/dev/null; " + print + "; sleep 60", Limits.DEFAULT))
                    .as(what)
                    .isInstanceOfSatisfying(
                            Failed.class,
                            failed -> assertThat(failed.error()).isEqualTo("the cell broke the protocol"));
        }

        @Test
        void silenceIsEndedByTheWallTime() throws Exception {
            assertThat(outcome(READY + "sleep 60", Limits.DEFAULT.withWallTime(Duration.ofMillis(300))))
                    .isInstanceOf(LimitExceeded.WallTime.class);
        }

        @Test
        void anEarlyEndIsAFailure() throws Exception {
            assertThat(outcome(READY + "exit 1", Limits.DEFAULT))
                    .isInstanceOfSatisfying(
                            Failed.class,
                            failed -> assertThat(failed.error()).isEqualTo("the cell ended unexpectedly"));
        }
    }

    @Test
    void aCellThatNeverGetsReadyIsRefused() throws Exception {
        assertThat(outcome("echo hello; sleep 60", Limits.DEFAULT)).isInstanceOf(Refused.class);
    }
}
