package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Machines and containers on which people start programs: it works there, or one line says what is missing and how to get
 * it. Sources: containers/bubblewrap#505 (containers), Snd-R/komf#191 (LXC), docker run --user.
 */
@Tag("slow")
class HostsIT {
    /** A user whom no password file knows. */
    private static final String AS_USER = "setpriv --reuid 54321 --regid 54321 --clear-groups ";

    @TempDir
    Path folder;

    private Launcher understudy;

    @BeforeEach
    void layOutAHome() throws IOException {
        assumeTrue(Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0), "needs root, to become others");
        understudy = new Launcher(folder.resolve("work/home"), Files.createDirectory(folder.resolve("work")));
        understudy.file("hello.sh", """
                # /// automation
                # id = "hello"
                # description = "Hello."
                # language = "bash"
                # ///
                echo '{"success":true}' >"$RESULT"
                """);
    }

    /** Whether the others can start what lies in the project's folder. */
    private void assumeThatOthersGetToTheProject() {
        Launcher.Result reached = understudy.bash(AS_USER + "test -x \"$UNDERSTUDY\"");
        assumeTrue(reached.exitCode() == 0, "the project lies where no other user gets to");
    }

    private Launcher.Result inThisMachine(String script) {
        return understudy.bash("chmod 755 .. .; chown -R 54321:54321 .\n" + script);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "env -u HOME",
                "env HOME=/",
                "env HOME=/nonexistent",
                // Root of a namespace with one id, as in the smallest rootless container.
                "unshare --user --map-root-user"
            })
    void runsForAUserWhomNobodyKnows(String with) {
        assumeThatOthersGetToTheProject();
        Launcher.Result result = inThisMachine(AS_USER + with + " bash -c 'understudy run hello.sh'");

        assertThat(result.out()).as(result.err()).contains("{\"success\":true}");
        assertThat(result.exitCode()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-o noexec", "-o size=64k", "-o ro"})
    void runsWithASharedMemoryThatIsOfNoUse(String options) {
        Launcher.Result result = inThisMachine("unshare -m --propagation private bash -c 'mount -t tmpfs " + options
                + " tmpfs /dev/shm && understudy run hello.sh'");

        assertThat(result.exitCode()).as(result.err()).isZero();
    }

    /** SQLite's and the cells' native libraries are unpacked somewhere else (xerial/sqlite-jdbc#571, #1195). */
    @ParameterizedTest
    @ValueSource(strings = {"tasks", "run hello.sh"})
    void worksWhereNothingInTheTemporaryFolderMayBeExecuted(String command) {
        assumeTrue(!Launcher.ROOT.startsWith("/tmp"), "the project lies in /tmp, which this test covers");
        Launcher.Result result = understudy.bash("unshare -m --propagation private bash -c '"
                + "mkdir -p /tmp/kept; mount --bind \"$PWD\" /mnt && mount -t tmpfs -o noexec,mode=1777 tmpfs /tmp && cd /mnt"
                + " && UNDERSTUDY_HOME=/mnt/home understudy " + command + "'");

        assertThat(result.exitCode()).as(result.err()).isZero();
    }

    /** Homes are links to another disk, or folders below one (containers/toolbox, Fedora Silverblue: /home is /var/home). */
    @ParameterizedTest
    @ValueSource(strings = {"linked/home", "linked"})
    void worksWithAHomeBehindALink(String home) throws IOException {
        assumeThatOthersGetToTheProject();
        Path real = Files.createDirectory(folder.resolve("work/real"));
        Files.createSymbolicLink(folder.resolve("work/linked"), Path.of("real"));
        String script = "export UNDERSTUDY_HOME=$PWD/" + home + " HOME=$PWD/linked\n";
        Launcher.Result run = inThisMachine(script + AS_USER + "bash -c 'cd linked && understudy run ../hello.sh'");
        Launcher.Result listed = inThisMachine(script + AS_USER + "bash -c 'understudy tasks'");

        assertThat(run.out()).as(run.err()).contains("{\"success\":true}");
        assertThat(listed.exitCode()).as(listed.err()).isZero();
        assertThat(folder.resolve("work/linked")).isSymbolicLink();
        assertThat(real.resolve(home.contains("/") ? "home" : ".")).isNotEmptyDirectory();
    }

    @Test
    void saysHowToUncoverAProcThatAContainerCovers() throws IOException {
        Path covered = Path.of("/proc/acpi");
        assumeTrue(Files.isDirectory(covered), "needs a folder in /proc to cover");
        String cover = "unshare -m --propagation private bash -c 'mount -t tmpfs -o ro tmpfs " + covered + " && ";
        Launcher.Result run = inThisMachine(cover + "understudy run hello.sh'");
        Launcher.Result doctor = inThisMachine(cover + "understudy doctor --json'");

        assertThat(run.exitCode()).isEqualTo(ExitCode.NOT_ALLOWED);
        assertThat(run.errorLines()).hasSize(1);
        assertThat(run.err()).contains("parts of /proc", "systempaths=unconfined");
        assertThat(doctor.out()).contains("parts of /proc", "systempaths=unconfined");
    }

    @Test
    void saysThatRootOfTooFewIdsNeedsMore() {
        // Its own folders stay root's: of anybody else's it could not enter one from such a namespace.
        Launcher.Result result = understudy.bash("unshare --user --map-root-user bash -c 'understudy run hello.sh'");

        assertThat(result.exitCode()).as(result.err()).isEqualTo(ExitCode.NOT_ALLOWED);
        assertThat(result.err()).contains("too few ids", "/etc/subuid");
    }
}
