package dev.understudy.sandbox.control.cells;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.ProcessStarter;
import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunOutcome.Failed;
import dev.understudy.sandbox.control.RunOutcome.LimitExceeded;
import dev.understudy.sandbox.control.RunOutcome.Succeeded;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.RunRequest.Language;
import dev.understudy.sandbox.control.Tier;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Attacks each limit by the cheap means that a language offers. After each, the next run of the language is unharmed. */
@Tag("slow")
class CellLimitsTest {
    private Language language = Language.JAVASCRIPT;

    private RunOutcome attack(Language in, String body, Limits limits) throws InterruptedException {
        language = in;
        return Cells.run(Cells.with(script(in, body), limits)).outcome();
    }

    private static RunRequest script(Language language, String body) {
        String lines = body.replace("\\n", "\n");
        return Cells.request(
                language,
                language == Language.PYTHON
                        ? "def execute(params):\n" + lines.indent(4)
                        : "function execute(params) {\n" + lines + "\n}");
    }

    @AfterEach
    void theNextRunIsUnharmed() throws InterruptedException {
        assertThat(Cells.run(script(language, "return 1")).outcome()).isEqualTo(new Succeeded("1"));
    }

    @Nested
    class WallTime {
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "JAVASCRIPT | for (;;);",
                    "JAVASCRIPT | let x = 3n; for (;;) x = x * x;",
                    "PYTHON | while True:\\n  try:\\n    while True: pass\\n  except BaseException: pass",
                    "PYTHON | return sum(range(10**12))",
                    "PYTHON | import time\\ntime.sleep(60)",
                    "PYTHON | import atexit\\ndef never():\\n  while True: pass\\natexit.register(never)\\nreturn 1",
                })
        void endsTheRun(Language in, String body) throws Exception {
            var limit = Duration.ofMillis(700);
            assertThat(attack(in, body, Limits.DEFAULT.withWallTime(limit)))
                    .isInstanceOfSatisfying(LimitExceeded.WallTime.class, exceeded -> {
                        assertThat(exceeded.limit()).isEqualTo(limit);
                        assertThat(exceeded.used()).isGreaterThanOrEqualTo(limit);
                    });
        }
    }

    @Nested
    class CpuTime {
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {"JAVASCRIPT | for (;;);", "PYTHON | while True: pass"})
        void endsTheRun(Language in, String body) throws Exception {
            var limit = Duration.ofMillis(200);
            assertThat(attack(in, body, Limits.DEFAULT.withCpuTime(limit)))
                    .isInstanceOfSatisfying(LimitExceeded.CpuTime.class, exceeded -> {
                        assertThat(exceeded.limit()).isEqualTo(limit);
                        assertThat(exceeded.used()).isGreaterThan(limit);
                    });
        }
    }

    @Nested
    class Memory {
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "JAVASCRIPT | const a = []; for (let i = 0;; i++) a.push(new Uint8Array(1000000).fill(i));",
                    "JAVASCRIPT | const a = []; for (let i = 0;; i++) { a.push('x'.repeat(1 << 28) + i); a[i].charCodeAt(5); }",
                    "PYTHON | a = []\\nwhile True: a.append(bytearray(10**7))",
                    "PYTHON | a = []\\nwhile True:\\n  try:\\n    a.append(bytearray(10**7))\\n  except BaseException: pass",
                    "PYTHON | return len(bytearray(2 * 10**9))",
                })
        void endsTheRun(Language in, String body) throws Exception {
            Limits limits = Limits.DEFAULT.withMemoryBytes(64 << 20);
            assertThat(attack(in, body, limits)).isInstanceOfSatisfying(LimitExceeded.Memory.class, exceeded -> {
                assertThat(exceeded.limitBytes()).isEqualTo(64 << 20);
                assertThat(exceeded.usedBytes()).isGreaterThanOrEqualTo(64 << 20);
            });
        }
    }

    @Nested
    class Output {
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "JAVASCRIPT | for (;;) console.log('flood');",
                    "JAVASCRIPT | for (;;) console.error('flood');",
                    "JAVASCRIPT | for (;;) understudy.log.info('flood');",
                    "JAVASCRIPT | return 'x'.repeat(20000);",
                    "PYTHON | while True: print('flood')",
                    "PYTHON | import sys\\nwhile True: sys.stderr.write('flood')",
                })
        void endsTheRun(Language in, String body) throws Exception {
            assertThat(attack(in, body, Limits.DEFAULT.withOutputBytes(10_000)))
                    .isInstanceOfSatisfying(LimitExceeded.Output.class, exceeded -> {
                        assertThat(exceeded.limitBytes()).isEqualTo(10_000);
                        assertThat(exceeded.usedBytes()).isGreaterThan(10_000);
                    });
        }
    }

    @Nested
    class DiskAndOpenFiles {
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "JAVASCRIPT | for (let i = 0;; i++) understudy.files.write('f' + i, 'x'.repeat(10000));",
                    "PYTHON | with open('x', 'wb') as f:\\n  for i in range(1000): f.write(b'x' * 65536)",
                    "PYTHON | with open('x', 'wb') as f:\\n  f.seek(10**12)\\n  f.write(b'x')",
                })
        void diskEndsTheRun(Language in, String body) throws Exception {
            assertThat(attack(in, body, Limits.DEFAULT.withDiskBytes(1 << 20))).isInstanceOf(LimitExceeded.Disk.class);
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', value = "PYTHON | a = []\\nfor i in range(100): a.append(open('f%d' % i, 'w'))")
        void openFilesEndTheRun(Language in, String body) throws Exception {
            assertThat(attack(in, body, Limits.DEFAULT.withOpenFiles(8))).isEqualTo(new LimitExceeded.OpenFiles(8, 9));
        }
    }

    @Nested
    class WhatTheInterpretersThemselvesRefuse {
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "JAVASCRIPT | function f() { return f() + 1 } return f();",
                    "JAVASCRIPT | return JSON.parse('['.repeat(1000000));",
                    "PYTHON | def f(): return f()\\nreturn f()",
                    "PYTHON | import sys\\nsys.setrecursionlimit(10**9)\\ndef f(): return f()\\nreturn f()",
                    "PYTHON | return len('x' * 10**10)",
                })
        void failsTheRun(Language in, String body) throws Exception {
            assertThat(attack(in, body, Limits.DEFAULT)).isInstanceOf(Failed.class);
        }
    }

    @Nested
    class AfterTooDeepARecursion {
        /** The classes that Java was initializing when the stack ended stay broken for as long as the process lives. */
        @ParameterizedTest
        @CsvSource({"return f(), true", "return 1, false"})
        void theNextRunHasAnotherProcess(String end, boolean another) throws Exception {
            var started = new AtomicInteger();
            CellLauncher counting = new CellLauncher() {
                @Override
                public Process start(ProcessStarter starter, List<String> javaCommand, List<Path> readable)
                        throws IOException {
                    started.incrementAndGet();
                    return PLAIN.start(starter, javaCommand, readable);
                }

                @Override
                public Tier tier() {
                    return PLAIN.tier();
                }
            };
            try (CellRunner runner = Cells.open(counting, HostServices.NONE, 1, Duration.ofMinutes(5))) {
                for (String body : List.of("function f() { return f() + 1 } " + end, "return 1"))
                    runner.start(script(Language.JAVASCRIPT, body), RunListener.SILENT)
                            .await();
            }
            assertThat(started.get() > 1).isEqualTo(another);
        }
    }
}
