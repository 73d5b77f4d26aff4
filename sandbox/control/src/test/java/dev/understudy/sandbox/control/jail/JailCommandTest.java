package dev.understudy.sandbox.control.jail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.sandbox.control.jail.JailCommand.Mount;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class JailCommandTest {
    private static final JailCommand.Tools TOOLS = new JailCommand.Tools(
            Path.of("/bin/sh"),
            Path.of("/usr/bin/bwrap"),
            Path.of("/usr/bin/prlimit"),
            Path.of("/usr/bin/setpriv"),
            Path.of("/usr/bin/unshare"));

    private static JailCommand command(OptionalInt uid, List<JailCommand.Stage> stages, List<Mount> mounts) {
        return new JailCommand(
                TOOLS,
                uid,
                Path.of("/j/filter"),
                Path.of("/j/environment"),
                stages,
                JailCommand.RootAccess.READ_ONLY,
                mounts,
                Map.of("TOKEN", "s3cret"),
                Path.of("/job"),
                new JailLimits(
                        4, OptionalLong.of(1000), OptionalLong.empty(), OptionalLong.of(2), OptionalLong.of(3), 5),
                List.of("/usr/bin/bash", "-c", ":"));
    }

    @Test
    void unsharesAllAndLimitsInside() {
        assertThat(String.join(
                        " ", command(OptionalInt.empty(), List.of(), List.of()).arguments()))
                .isEqualTo(
                        "/bin/sh -c exec 8<\"$0\" 9<\"$1\" && shift && exec \"$@\" /j/environment /j/filter /usr/bin/bwrap"
                                + " --unshare-user --unshare-pid --unshare-ipc --unshare-uts --unshare-net --unshare-cgroup-try"
                                + " --die-with-parent --new-session --cap-drop ALL --clearenv --proc /proc --ro-bind /proc/sys"
                                + " /proc/sys --dev /dev --remount-ro /dev --remount-ro / --uid 1000 --gid 1000 --hostname jail"
                                + " --chdir /job --args 8 --seccomp 9 -- /usr/bin/prlimit --nproc=4 --as=1000 --cpu=2 --fsize=3"
                                + " --nofile=5 --core=0 -- /usr/bin/bash -c :");
    }

    @Test
    void dropsToAUidOfItsOwnWhereTheHostIsRoot() {
        assertThat(command(OptionalInt.of(60600), List.of(), List.of()).arguments())
                .startsWith(
                        "/usr/bin/setpriv", "--reuid", "60600", "--regid", "60600", "--clear-groups", "--", "/bin/sh");
    }

    @Test
    void showsNoValueOfTheEnvironmentInTheArguments() {
        JailCommand command = command(OptionalInt.empty(), List.of(), List.of());
        assertThat(String.join(" ", command.arguments())).doesNotContain("s3cret");
        assertThat(new String(command.environmentArguments(), java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo("--setenv\0TOKEN\0s3cret\0");
    }

    @Test
    void mountsTheRootFirstAndOverlaysBeforeBubblewrapStarts() {
        var overlay = new Mount.Overlay(
                List.of(Path.of("/j/staged"), Path.of("/j/lower")),
                Path.of("/j/u"),
                Path.of("/j/w"),
                Path.of("/j/m"),
                Path.of("/data"));
        List<String> arguments = command(
                        OptionalInt.empty(),
                        List.of(),
                        List.of(overlay, new Mount.Writable(Path.of("/j/root"), Path.of("/"))))
                .arguments();
        assertThat(arguments)
                .startsWith(
                        "/usr/bin/unshare", "--user", "--map-root-user", "--mount", "--propagation", "private", "--")
                .containsSequence("lowerdir=/j/staged:/j/lower,upperdir=/j/u,workdir=/j/w,userxattr,volatile", "/j/m")
                .containsSequence("--clearenv", "--bind", "/j/root", "/", "--proc")
                .containsSequence("--dev", "/dev", "--bind", "/j/m", "/data");
    }

    @Test
    void takesNoPathThatMeansSomethingElseInMountOptions() {
        assertThatThrownBy(() -> new Mount.Overlay(
                        List.of(Path.of("/a,b")), Path.of("/u"), Path.of("/w"), Path.of("/m"), Path.of("/data")))
                .hasMessage("not fit for mount options: /a,b");
    }

    @Test
    void stagesWhatOnlyRootCanReachBeforeItDropsItsUid() {
        List<String> arguments = command(
                        OptionalInt.of(60600),
                        List.of(new JailCommand.Stage(Path.of("/root/x"), Path.of("/j/stages/file-0"))),
                        List.of())
                .arguments();
        assertThat(arguments)
                .startsWith("/usr/bin/unshare", "--mount")
                .containsSequence("sh", "/root/x", "/j/stages/file-0", "/usr/bin/setpriv");
        assertThatThrownBy(() -> command(
                        OptionalInt.empty(), List.of(new JailCommand.Stage(Path.of("/x"), Path.of("/y"))), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
