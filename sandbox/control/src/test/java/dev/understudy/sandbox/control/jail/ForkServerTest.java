package dev.understudy.sandbox.control.jail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunOutcome.LimitExceeded;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.RunRequest.Language;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForkServerTest extends JailedTest {
    @Override
    JailRunner runner() {
        return forking();
    }

    @BeforeEach
    void needsPython() throws Exception {
        assumeTrue(SystemFiles.realProgram("python3").isPresent(), "python3 is not installed");
    }

    /** The servers' own processes; those that wait for a next run are forks of them, and have the same name. */
    private static List<ProcessHandle> servers() {
        return ProcessHandle.current()
                .descendants()
                .filter(process -> process.info().commandLine().orElse("").contains("forkserver.py"))
                .filter(process -> process.parent()
                        .flatMap(parent -> parent.info().commandLine())
                        .orElse("")
                        .contains("bwrap"))
                .toList();
    }

    private RunOutcome python(String body) throws Exception {
        return run(request(Language.PYTHON, "import os, re\ndef execute(params):\n  " + body))
                .outcome();
    }

    @Nested
    class TheNextRunOfTheSameServer {
        @Test
        void findsNoFileOfTheLast() throws Exception {
            String write = "for folder in ('/tmp', '/job', '/dev/shm', '/result'): open(folder + '/left', 'w').close()";
            assertThat(python(write)).isInstanceOf(RunOutcome.Succeeded.class);
            List<ProcessHandle> before = servers();
            assertThat(python("return {'left': [f for f in ('/tmp', '/job', '/dev/shm', '/result') if os.listdir(f)]}"))
                    .isEqualTo(new RunOutcome.Succeeded("{\"left\":[]}"));
            assertThat(before).isNotEmpty().allMatch(ProcessHandle::isAlive);
        }

        @Test
        void findsNoProcessOfTheLast() throws Exception {
            String daemon =
                    "import time\n  if os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0: time.sleep(60)\n"
                            + "    os._exit(0)\n  return {}";
            assertThat(python(daemon)).isInstanceOf(RunOutcome.Succeeded.class);
            assertThat(JailProcesses.running()).isEmpty();
            assertThat(python("return {'processes': len([p for p in os.listdir('/proc') if p.isdigit()])}"))
                    .isEqualTo(new RunOutcome.Succeeded("{\"processes\":2}"));
        }

        @Test
        void findsNoVariableOfTheLast() throws Exception {
            assertThat(python("import json; json.left = 1; os.environ['LEFT'] = '1'"))
                    .isInstanceOf(RunOutcome.Succeeded.class);
            assertThat(python("import json; return {'left': hasattr(json, 'left') or 'LEFT' in os.environ}"))
                    .isEqualTo(new RunOutcome.Succeeded("{\"left\":false}"));
        }

        @RepeatedTest(10)
        void isUnharmedByTheEndOfOneThatHadWrittenTooMuchAndWasGone() throws Exception {
            String flood = "for name in 'abc': open(name, 'wb').write(bytes(700000))\n  os._exit(0)";
            RunRequest greedy = with(
                    request(Language.PYTHON, "import os\ndef execute(params):\n  " + flood),
                    Limits.DEFAULT.withDiskBytes(1 << 20));
            assertThat(run(greedy).outcome()).isInstanceOf(RunOutcome.LimitExceeded.Disk.class);
            assertThat(python("return {}")).isEqualTo(new RunOutcome.Succeeded("{}"));
        }

        @Test
        void drawsOtherRandomNumbers() throws Exception {
            String draw = "import random; return {'drawn': random.random()}";
            assertThat(python(draw)).isNotEqualTo(python(draw));
        }

        @Test
        void seesAGrantedFileThatWasReplacedMeanwhile() throws Exception {
            Path file = Files.writeString(folder.resolve("granted.txt"), "one");
            RunRequest request =
                    with(request(Language.BASH, "printf '\"%%s\"' \"$(<%s)\" >$RESULT".formatted(file)), reads(file));
            assertThat(run(request).outcome()).isEqualTo(new RunOutcome.Succeeded("\"one\""));
            Path next = Files.writeString(folder.resolve("next.txt"), "two");
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
            assertThat(run(request).outcome()).isEqualTo(new RunOutcome.Succeeded("\"two\""));
        }
    }

    @Nested
    class ARun {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    // the server's own files, processes and pipes
                    "os.listdir('/server')[0]",
                    "os.kill(3, 9)",
                    "open('/proc/1/mem', 'r+b')",
                    "os.readlink('/proc/1/root')",
                    "os.readlink('/proc/1/fd/1')",
                    "[fd for fd in range(1024) if os.path.exists('/proc/self/fd/%d' % fd)"
                            + " and 'pipe' in os.readlink('/proc/self/fd/%d' % fd)][2]",
                    "__import__('ctypes').CDLL(None).umount2(b'/server', 2) == 0 or 1 / 0",
                    "__import__('ctypes').CDLL(None).unshare(0x10000000) == 0 or 1 / 0"
                })
        void getsNoHoldOfTheServer(String attempt) throws Exception {
            assertThat(python("try:\n    " + attempt
                            + "\n  except (OSError, IndexError, ZeroDivisionError):\n    return {'refused': True}\n"
                            + "  return {'refused': False}"))
                    .isEqualTo(new RunOutcome.Succeeded("{\"refused\":true}"));
        }

        @Test
        void changesGrantedFoldersAsOneInAJailOfItsOwn() throws Exception {
            Files.writeString(folder.resolve("old.txt"), "old");
            List<ProcessHandle> before = servers();
            var report = run(with(
                    request(Language.BASH, "cd %s; echo new >new.txt; echo more >>old.txt".formatted(folder)),
                    writes(folder)));
            assertThat(report.outcome()).isEqualTo(new RunOutcome.Succeeded("{}"));
            assertThat(report.changes())
                    .extracting(change -> change.path().getFileName() + " " + change.kind())
                    .containsExactly("new.txt CREATED", "old.txt CHANGED");
            assertThat(folder.resolve("old.txt")).hasContent("old");
            List<ProcessHandle> after = servers();
            assertThat(after).as("it was a fork").anyMatch(server -> !before.contains(server));
        }

        @Test
        void cannotSpeakForTheServer() throws Exception {
            // A frame that says the run has ended well, on each channel that it has.
            assertThat(python("os.write(1, b'x' + bytes([0, 0, 0, 12]) + bytes(12)); os._exit(7)"))
                    .isInstanceOfSatisfying(
                            RunOutcome.Failed.class,
                            failed -> assertThat(failed.error()).contains("status 7"));
        }

        @Test
        void thatExceedsALimitTakesItsServerWithItAndTheNextIsUnharmed() throws Exception {
            assertThat(python("return {}")).isInstanceOf(RunOutcome.Succeeded.class);
            Limits brief = Limits.DEFAULT.withWallTime(Duration.ofMillis(300));
            assertThat(run(with(request(Language.PYTHON, "def execute(p):\n  while True: pass"), brief))
                            .outcome())
                    .isInstanceOf(LimitExceeded.WallTime.class);
            assertThat(servers()).isEmpty();
            assertThat(python("return {}")).isEqualTo(new RunOutcome.Succeeded("{}"));
        }
    }
}
