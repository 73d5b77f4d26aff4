package dev.understudy.sandbox.control.jail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.sandbox.control.Escape;
import dev.understudy.sandbox.control.Escape.Group;
import dev.understudy.sandbox.control.Grants;
import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.ProcessStarter;
import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunOutcome.LimitExceeded;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.RunRequest.Language;
import dev.understudy.sandbox.control.Tier;
import dev.understudy.sandbox.control.cells.CellInstallation;
import dev.understudy.sandbox.control.cells.CellRunner;
import dev.understudy.sandbox.control.cells.Cells;
import dev.understudy.sandbox.control.cells.HostServices;
import dev.understudy.sandbox.control.files.FileTransactions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Landlock and seccomp alone, as where bubblewrap cannot be used and the operator has opted in. What this wall does not
 * have, by design: private process ids (names of other processes can be listed, nothing of them read), private mounts (so
 * no copy-on-write view), limits on memory or files over all processes together.
 */
class ReducedJailTest {
    private static final String MARK = "understudy-reduced-test";
    private static ProcessStarter starter;
    private static Path home;
    private static Path hidden;
    private static Jail jail;
    private static JailRunner runner;

    private Path folder;

    @BeforeAll
    static void openJail() throws Exception {
        starter = new ProcessStarter();
        home = Files.createTempDirectory(Path.of("/var/tmp"), "understudy-reduced-");
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
        jail = Jail.open(home.resolve("jail"), starter, JailKit.Wall.LANDLOCK);
        assumeTrue(Landlock.abi() >= Landlock.NEEDED_ABI, "no Landlock of version 6 here");
        assertThat(jail.refusal()).isEmpty();
        hidden = Files.createDirectory(home.resolve("hidden"));
        runner = new JailRunner(
                jail,
                new CommittedFiles(
                        new FileTransactions(home.resolve("data"), List.of(hidden), 64L << 20, InstantSource.system())),
                List.of(hidden),
                JailedTest.HOME,
                InstantSource.system(),
                new SplittableRandom(7));
    }

    @AfterAll
    static void closeJail() throws IOException {
        if (runner != null) runner.close();
        starter.close();
        RunFolder.remove(home);
    }

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createTempDirectory(home, "test-");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        assertThat(RunFolders.of(jail)).isEmpty();
        assertThat(ProcessHandle.allProcesses()
                        .flatMap(process -> process.info().commandLine().stream())
                        .filter(line -> line.contains(MARK)))
                .isEmpty();
    }

    private static RunReport run(RunRequest request) throws InterruptedException {
        return runner.start(request, RunListener.SILENT).await();
    }

    private static RunReport bash(String source, Grants grants, String... programs) throws InterruptedException {
        RunRequest request = JailedTest.with(JailedTest.request(Language.BASH, source), grants);
        return run(programs.length == 0 ? request : JailedTest.partial(request, List.of(programs)));
    }

    private Grants reads(Path path) {
        return new Grants(List.of(path), List.of(), List.of(), List.of());
    }

    @Nested
    class AScript {
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "BASH | echo kept >x; read -r w <x; read -r g <\"%s/g\"; echo \"{\\\"got\\\": \\\"$w $g\\\"}\" >$RESULT",
                    "PYTHON | def execute(params): open('x', 'w').write('kept'); return {'got': open('x').read() + ' ' + open('%s/g').read()}",
                    "JAVASCRIPT | const execute = p => { understudy.files.write('x', 'kept'); return {got: understudy.files.read('x') + ' ' + understudy.files.read('%s/g')} }",
                })
        void readsItsGrantsAndWritesItsWorkspaceUnderTheTiersName(Language language, String source) throws Exception {
            Files.writeString(folder.resolve("g"), "granted");
            RunReport report = run(JailedTest.with(
                    JailedTest.request(language, source.replace("%s", folder.toString())), reads(folder)));
            assumeTrue(
                    !(report.outcome() instanceof RunOutcome.Refused refused
                            && refused.reason().contains("not installed")),
                    "no runtime for " + language);
            assertThat(report.outcome()).isEqualTo(new RunOutcome.Succeeded("{\"got\":\"kept granted\"}"));
            assertThat(report.tier()).isEqualTo(Tier.REDUCED);
        }

        @Test
        void startsGrantedProgramsAtPartialAndNoOthers() throws Exception {
            assertThat(bash("[[ $(cat <<<hello) == hello ]]", Grants.NONE, "cat")
                            .outcome())
                    .isInstanceOf(RunOutcome.Succeeded.class);
            assertThat(bash("set -e; id", Grants.NONE, "cat").outcome())
                    .isInstanceOfSatisfying(
                            RunOutcome.Failed.class,
                            failed ->
                                    assertThat(failed.error()).startsWith("not allowed: program 'id' is not granted"));
        }
    }

    @Nested
    class WhatNeedsAViewOfItsOwn {
        @Test
        void isRefusedWithWhatToDo() throws Exception {
            assertThat(bash(":", new Grants(List.of(), List.of(folder), List.of(), List.of()))
                            .outcome())
                    .isInstanceOfSatisfying(RunOutcome.Refused.class, refused -> {
                        assertThat(refused.reason())
                                .isEqualTo(
                                        "not at tier reduced: a copy-on-write view of granted files cannot be mounted"
                                                + " without a mount namespace");
                        assertThat(refused.mend()).contains("JavaScript or Python", "bubblewrap");
                    });
            assertThat(bash(":", reads(home)).outcome()).isInstanceOf(RunOutcome.Refused.class);
            assertThat(ReducedViews.refusalOfPrograms(jail)).isPresent();
        }
    }

    @Nested
    class WaysOut {
        /** Each prints that it tries; what it gets would follow. */
        @Escape({Group.HOST_FILES, Group.PROC_OF_OTHERS, Group.NETWORK, Group.NAMESPACES, Group.SIGNALS})
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "cat '%s/secret'",
                    "cat '%g/../outside/secret'",
                    "cat '%g/link'",
                    "ln -s '%s/secret' l && cat l",
                    "ln '%s/secret' h",
                    "cat /proc/self/root%s/secret",
                    "cat /etc/passwd",
                    "cat /proc/%p/environ",
                    "cat /proc/%p/cmdline",
                    "cat /proc/1/status",
                    "cat /proc/%p/root%s/secret",
                    "ls /root",
                    "ls '%s'",
                    "echo x >>'%s/secret'",
                    "echo x >'%s/new'",
                    "echo x >>'%g/g'",
                    "rm '%s/secret'",
                    "mv '%s/secret' .",
                    "mv '%g/g' .",
                    "mkdir '%s/d'",
                    "chmod 600 '%s/secret'",
                    "chown 0 '%s/secret'",
                    "touch -d 2001-01-01 '%s/secret'",
                    "setfattr -n user.x -v y '%s/secret'",
                    "cp x '%s/secret'",
                    "echo x >/tmp/understudy-was-here",
                    "echo x >/dev/shm/understudy-was-here",
                    "echo 1 >/proc/sys/kernel/core_pattern",
                    "exec 3<>/dev/tcp/127.0.0.1/22",
                    "exec 3<>/dev/udp/127.0.0.1/53",
                    "python3 -c 'import socket; socket.socket(socket.AF_UNIX)'",
                    "kill -0 %p",
                    "kill -9 1",
                    "kill -0 %b",
                    "unshare -U true",
                    "unshare -n true",
                    "mount -t tmpfs none .",
                    "chroot . true",
                    "setpriv --reuid 0 true",
                    "mknod disk b 8 0",
                    "cp /bin/sleep s && ./s 0",
                    "read -r _ </dev/sda",
                    "cat /dev/mem",
                    "cat /sys/kernel/notes",
                })
        void areShut(String tried) throws Exception {
            Path outside = Files.createDirectory(folder.resolve("outside"));
            Files.setPosixFilePermissions(outside, PosixFilePermissions.fromString("rwxrwxrwx"));
            Path secret = Files.writeString(outside.resolve("secret"), "planted");
            Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-rw-rw-"));
            Path granted = Files.createDirectory(folder.resolve("granted"));
            Files.setPosixFilePermissions(granted, PosixFilePermissions.fromString("rwxrwxrwx"));
            Files.setPosixFilePermissions(
                    Files.writeString(granted.resolve("g"), "granted"), PosixFilePermissions.fromString("rw-rw-rw-"));
            Files.createSymbolicLink(granted.resolve("link"), secret);
            Object times = Files.getAttribute(secret, "unix:ctime");
            Process bystander = new ProcessBuilder("/bin/sleep", "60").start();
            try {
                String command = tried.replace("%s", outside.toString())
                        .replace("%g", granted.toString())
                        .replace("%p", "" + ProcessHandle.current().pid())
                        .replace("%b", "" + bystander.pid());
                RunReport report = bash(
                        "echo x >x; echo trying; if out=$(" + command + "); then echo \"got $out\"; else echo shut; fi",
                        reads(granted),
                        available(
                                "cat",
                                "ls",
                                "ln",
                                "rm",
                                "mv",
                                "mkdir",
                                "chmod",
                                "chown",
                                "touch",
                                "setfattr",
                                "cp",
                                "python3",
                                "unshare",
                                "mount",
                                "chroot",
                                "setpriv",
                                "mknod",
                                "sleep",
                                "true"));
                assertThat(report.outcome()).isEqualTo(new RunOutcome.Succeeded("{}"));
                assertThat(report.output().stream()
                                .filter(line -> line.channel().equals("stdout"))
                                .map(RunReport.OutputLine::text))
                        .containsExactly("trying", "shut");
                assertThat(secret).hasContent("planted");
                assertThat(Files.getAttribute(secret, "unix:ctime")).isEqualTo(times);
                assertThat(granted.resolve("g")).hasContent("granted");
                assertThat(bystander.isAlive()).isTrue();
            } finally {
                bystander.destroyForcibly();
            }
        }

        private String[] available(String... programs) {
            return List.of(programs).stream()
                    .filter(program -> SystemFiles.program(program).isPresent())
                    .toArray(String[]::new);
        }
    }

    @Nested
    class Limited {
        @Test
        void byItsWallTimeWithAllThatItLeftBehind() throws Exception {
            RunRequest request = JailedTest.partial(
                    JailedTest.request(
                            Language.BASH,
                            "(setsid bash -c 'trap \"\" TERM HUP; (sleep 60; : " + MARK + ") & sleep 60; : " + MARK
                                    + "' &) ; trap '' TERM; sleep 60; : " + MARK),
                    List.of("setsid", "sleep", "bash"));
            RunReport report = run(JailedTest.with(request, Limits.DEFAULT.withWallTime(Duration.ofSeconds(1))));
            assertThat(report.outcome()).isInstanceOf(LimitExceeded.WallTime.class);
        }

        /** The kernel holds the bomb; what has lost its parent is not counted, so the wall time ends it. */
        @Test
        void byTheKernelWhereItForksWithoutEnd() throws Exception {
            RunRequest request = JailedTest.partial(
                    JailedTest.request(Language.BASH, ":(){ :|:& };:; sleep 5; : " + MARK), List.of("sleep"));
            assertThat(run(JailedTest.with(request, Limits.DEFAULT.withWallTime(Duration.ofSeconds(2))))
                            .outcome())
                    .isInstanceOf(LimitExceeded.class);
        }

        @Test
        void evenWhereItEndsByItself() throws Exception {
            RunReport report = bash(
                    "(setsid bash -c 'sleep 60; : " + MARK + "' >/dev/null 2>&1 </dev/null &); exit 0",
                    Grants.NONE,
                    "setsid",
                    "sleep",
                    "bash");
            assertThat(report.outcome()).isInstanceOf(RunOutcome.Succeeded.class);
        }
    }

    @Nested
    class ACell {
        private static CellInstallation installation;

        @BeforeAll
        static void installWhereEveryUserGetsTo() throws IOException {
            Path folder = Files.createDirectory(home.resolve("installation"));
            installation = Cells.installationIn(folder);
        }

        /** The program's classes where every user gets to: a checkout may lie where only root does. */
        private static Path reachableClasses() throws IOException {
            Path built = Path.of(JavaInJail.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .getPath());
            Path inPackage = Path.of(JavaInJail.class.getPackageName().replace('.', '/'));
            Path classes = home.resolve("classes");
            Files.createDirectories(classes.resolve(inPackage));
            try (Stream<Path> all = Files.list(built.resolve(inPackage))) {
                for (Path each : all.toList()) {
                    String name = each.getFileName().toString();
                    if (name.startsWith("JavaInJail"))
                        Files.copy(each, classes.resolve(inPackage).resolve(name), StandardCopyOption.REPLACE_EXISTING);
                }
            }
            return classes;
        }

        @Test
        void hasNothingButItsOwnFilesToRead() throws Exception {
            Path classes = reachableClasses();
            Path secret = Files.writeString(folder.resolve("secret"), "planted");
            List<String> java = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx64m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    classes.toString(),
                    JavaInJail.class.getName(),
                    secret.toString(),
                    classes.toString()));
            Process process = new JailedCellLauncher(jail).start(starter, java, List.of(classes));
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(said.lines())
                    .as(() -> errors(process))
                    .containsExactly(
                            "home: refused",
                            "read: refused",
                            "write: refused",
                            "own jar: refused",
                            "socket: refused",
                            "program: refused",
                            // Without a pid namespace process ids can be listed; nothing of the processes is readable.
                            "host: done",
                            "environment: refused");
            assertThat(new JailedCellLauncher(jail).tier()).isEqualTo(Tier.REDUCED);
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "JAVASCRIPT | function execute() { understudy.files.write('%s/new', 'x'); return understudy.files.read('%s/g'); }",
                    "PYTHON | def execute(params): open('%s/new', 'w').write('x'); return open('%s/g').read()",
                })
        void runsScriptsWithTheirOwnViewOfTheFiles(Language language, String source) throws Exception {
            Files.writeString(folder.resolve("g"), "granted");
            try (CellRunner cells = Cells.open(
                    installation, new JailedCellLauncher(jail), HostServices.NONE, 1, Duration.ofMinutes(1))) {
                RunReport report = cells.start(
                                Cells.with(
                                        Cells.request(language, source.replace("%s", folder.toString())),
                                        new Grants(List.of(), List.of(folder), List.of(), List.of())),
                                RunListener.SILENT)
                        .await();
                assertThat(report.outcome()).isEqualTo(new RunOutcome.Succeeded("\"granted\""));
                assertThat(report.tier()).isEqualTo(Tier.REDUCED);
                assertThat(report.changes())
                        .extracting(RunReport.FileChange::path)
                        .containsExactly(folder.resolve("new"));
                assertThat(folder.resolve("new")).doesNotExist();
            }
        }

        private static String errors(Process process) {
            try {
                return new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                return e.toString();
            }
        }
    }

    @Test
    void doctorNamesTheTier() {
        assertThat(jail.mechanisms().levels().get(IsolationLevel.FULL))
                .isEqualTo(new Mechanisms.Level(true, Tier.REDUCED, List.of()));
        assertThat(jail.mechanisms().mechanisms()).anySatisfy(mechanism -> {
            assertThat(mechanism.name()).isEqualTo("reduced jail");
            assertThat(mechanism.works()).isTrue();
        });
    }
}
