package dev.understudy.sandbox.control.jail;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunOutcome.LimitExceeded;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.RunRequest.Language;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each limit, attacked by every cheap means from Bash; after each attack nothing of it runs any more. */
class JailLimitsTest extends JailedTest {
    private static final Limits LIMITS = Limits.DEFAULT.withWallTime(ofSeconds(15));
    /** Bash has no sleep of its own: waits for what never comes, by a pipe whose maker it sees off first. */
    private static final String PAUSE = "exec {never}<> <(:); wait $!; pause() { read -r -t 60 -u $never; }\n";

    private static final long MEGABYTE = 1 << 20;

    @AfterEach
    void nothingRunsAnyMore() {
        assertThat(JailProcesses.running()).isEmpty();
    }

    private RunOutcome outcome(String source, Limits limits) throws InterruptedException {
        return bash(PAUSE + source, limits).outcome();
    }

    private RunOutcome outcome(String source, Limits limits, String... programs) throws InterruptedException {
        return run(partial(with(request(Language.BASH, PAUSE + source), limits), List.of(programs)))
                .outcome();
    }

    @Nested
    class WallTime {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "pause",
                    "while :; do read -r -t 0.1 -u $never; done",
                    "trap '' TERM INT HUP XCPU; while :; do read -r -t 1 -u $never; done",
                    "(trap '' TERM HUP; (pause) & ) & pause"
                })
        void endsTheRunAndSaysHowLongItRan(String source) throws Exception {
            assertThat(outcome(source, LIMITS.withWallTime(ofMillis(300))))
                    .isInstanceOfSatisfying(LimitExceeded.WallTime.class, exceeded -> {
                        assertThat(exceeded.limit()).isEqualTo(ofMillis(300));
                        assertThat(exceeded.used()).isGreaterThanOrEqualTo(ofMillis(300));
                    });
        }
    }

    @Nested
    class CpuTime {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "while :; do :; done",
                    "trap '' XCPU TERM; while :; do :; done",
                    "for i in 1 2 3; do (while :; do :; done) & done; wait"
                })
        void endsALoop(String source) throws Exception {
            exceedsCpuTime(outcome(source, LIMITS.withCpuTime(ofMillis(300))));
        }

        /** Each child alone stays below what the kernel allows one process. */
        @Test
        void isTheSumOfProcessesThatComeAndGo() throws Exception {
            exceedsCpuTime(outcome(
                    "while :; do (for ((i = 0; i < 20000; i++)); do :; done); done",
                    LIMITS.withCpuTime(ofMillis(600))));
        }

        private void exceedsCpuTime(RunOutcome outcome) {
            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            LimitExceeded.CpuTime.class,
                            exceeded -> assertThat(exceeded.used())
                                    .isGreaterThan(exceeded.limit())
                                    .isLessThan(exceeded.limit().plus(ofSeconds(5))));
        }
    }

    @Nested
    class Memory {
        private static final long LIMIT = 64 * MEGABYTE;

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "x=0123456789abcdef; while :; do x=$x$x; done",
                    "i=0; while :; do a[i++]=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done"
                })
        void endsAScriptThatKeepsMore(String source) throws Exception {
            exceedsMemory(outcome(source, LIMITS.withMemoryBytes(LIMIT)));
        }

        /** Three processes that are each below the limit. */
        @Test
        void isTheSumOfAllProcesses() throws Exception {
            exceedsMemory(outcome(
                    "hog() { local x=0123456789abcdef; for ((i = 0; i < 21; i++)); do x=$x$x; done; pause; }\n"
                            + "hog & hog & hog & wait",
                    LIMITS.withMemoryBytes(LIMIT)));
        }

        private void exceedsMemory(RunOutcome outcome) {
            assertThat(outcome).isInstanceOfSatisfying(LimitExceeded.Memory.class, exceeded -> {
                assertThat(exceeded.limitBytes()).isEqualTo(LIMIT);
                assertThat(exceeded.usedBytes()).isGreaterThanOrEqualTo(LIMIT);
            });
        }
    }

    @Nested
    class Processes {
        private static final Limits FEW = LIMITS.withProcesses(12).withWallTime(ofSeconds(8));

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "bomb() { bomb | bomb & }; bomb; pause",
                    "while :; do (pause) & done",
                    "f() { ( (f) & (f) & ); }; f; pause"
                })
        void stopAForkBomb(String source) throws Exception {
            assertThat(outcome(source, FEW)).isInstanceOfSatisfying(LimitExceeded.Processes.class, exceeded -> {
                assertThat(exceeded.limit()).isEqualTo(12);
                // The kernel allows one more than the limit, by which the host sees that it was passed. Where
                // processes come and go while the host counts, it may see one that has just gone beside its successor.
                assertThat(exceeded.used()).isBetween(13, 16);
            });
        }

        @Test
        void allowAsManyAsTheySay() throws Exception {
            String source = "for ((i = 0; i < 11; i++)); do (read -r -t 0.3 -u $never) & done; wait";
            assertThat(outcome(source, FEW)).isInstanceOf(RunOutcome.Succeeded.class);
        }
    }

    @Nested
    class Output {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done",
                    "while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx >&2; done",
                    "while :; do printf x; done"
                })
        void endsAFlood(String source) throws Exception {
            RunReport report = bash(source, LIMITS.withOutputBytes(10_000));
            assertThat(report.outcome()).isInstanceOfSatisfying(LimitExceeded.Output.class, exceeded -> {
                assertThat(exceeded.limitBytes()).isEqualTo(10_000);
                assertThat(exceeded.usedBytes()).isGreaterThan(10_000);
            });
            assertThat(report.output().stream()
                            .mapToInt(line -> line.text().length())
                            .sum())
                    .isLessThanOrEqualTo(10_000);
        }

        @Test
        void countsTheResult() throws Exception {
            assertThat(outcome("printf '\"%020000d\"' 1 >\"$RESULT\"", LIMITS.withOutputBytes(10_000)))
                    .isEqualTo(new LimitExceeded.Output(10_000, 20_002));
        }
    }

    @Nested
    class Disk {
        private static final long LIMIT = 4 * MEGABYTE;

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "x=0123456789abcdef; for ((i = 0; i < 14; i++)); do x=$x$x; done; while :; do echo \"$x\" >>one; done",
                    "x=0123456789abcdef; for ((i = 0; i < 14; i++)); do x=$x$x; done; while :; do echo \"$x\" >many$((n++)); done",
                    "cd /tmp; while :; do : >empty$((n++)); done",
                    "cd /dev/shm; while :; do : >empty$((n++)); done"
                })
        void endsAScriptThatFillsIt(String source) throws Exception {
            exceedsDisk(outcome(source, LIMITS.withDiskBytes(LIMIT)));
        }

        @Test
        void countsTheHolesOfASparseFile() throws Exception {
            exceedsDisk(outcome("truncate -s 1G hole", LIMITS.withDiskBytes(LIMIT), "truncate"));
        }

        @Test
        void endsAScriptThatFillsAGrantedFolder() throws Exception {
            RunRequest request = with(
                    request(Language.BASH, "while :; do : >%s/empty$((n++)); done".formatted(folder)), writes(folder));
            exceedsDisk(run(with(request, LIMITS.withDiskBytes(LIMIT))).outcome());
            assertThat(folder).isEmptyDirectory();
        }

        private void exceedsDisk(RunOutcome outcome) {
            assertThat(outcome).isInstanceOfSatisfying(LimitExceeded.Disk.class, exceeded -> {
                assertThat(exceeded.limitBytes()).isEqualTo(LIMIT);
                assertThat(exceeded.usedBytes()).isGreaterThanOrEqualTo(LIMIT);
            });
        }
    }

    @Nested
    class OpenFiles {
        @Test
        void endsAScriptThatOpensMore() throws Exception {
            String source = "for ((i = 0; i < 100; i++)); do exec {fd}</dev/null || exit 1; done";
            assertThat(outcome(source, LIMITS.withOpenFiles(20)))
                    .isInstanceOfSatisfying(
                            LimitExceeded.OpenFiles.class,
                            exceeded -> assertThat(exceeded.limit()).isEqualTo(20));
        }
    }

    @Nested
    class ARunThatEndsByItself {
        @Test
        void takesItsDaemonsWithIt() throws Exception {
            assertThat(outcome("(trap '' HUP TERM; (pause) & ) & exit 0", LIMITS))
                    .isEqualTo(new RunOutcome.Succeeded("{}"));
        }
    }
}
