package dev.understudy.sandbox.control.jail;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The argument list that puts a command into the jail: {@code setpriv} to a uid of its own where the host is root, a
 * private mount namespace for overlays where there are any, a shell that opens the filter, {@code bubblewrap}, and inside
 * it {@code prlimit} and the command. A pure value: nothing is started or looked up here.
 *
 * <p>The shell is needed because Java closes every descriptor above 2 in a child, and bubblewrap takes its filter as one.
 *
 * @param tools where the programs are
 * @param uid to drop to; empty where the host is not root
 * @param filter file that holds the system call filter; null for a fork server, whose forks load it themselves
 * @param environmentFile file that holds {@link #environmentArguments}: values may be secret, and argument lists are
 *     for all users to see
 * @param stages what root makes reachable before it becomes the jail's uid
 * @param rootAccess whether processes inside may create entries directly in the root
 * @param mounts in the order in which they are made; one at {@code /} becomes the root, else it is a small {@code tmpfs}
 * @param environment all of it
 * @param workingDirectory inside
 * @param limits of the processes inside
 * @param command program and arguments, as seen inside
 */
record JailCommand(
        Tools tools,
        OptionalInt uid,
        @Nullable Path filter,
        Path environmentFile,
        List<Stage> stages,
        RootAccess rootAccess,
        List<Mount> mounts,
        Map<String, String> environment,
        Path workingDirectory,
        JailLimits limits,
        List<String> command) {

    /** The uid and gid that processes inside see, whatever they are outside. */
    static final int INNER_ID = 1000;

    JailCommand {
        stages = List.copyOf(stages);
        if (!stages.isEmpty() && uid.isEmpty()) throw new IllegalArgumentException("only root can stage " + stages);
        mounts = List.copyOf(mounts);
        environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
        command = List.copyOf(command);
    }

    /**
     * A file or folder shown at another place in a mount namespace of the jail's own, because the jail's uid cannot pass
     * through the folders above it. Read-only.
     */
    record Stage(Path source, Path place) {}

    enum RootAccess {
        READ_ONLY,
        WRITABLE
    }

    /** Where the programs that build the jail are on this machine. */
    record Tools(Path shell, Path bubblewrap, Path prlimit, Path setpriv, Path unshare) {}

    /** One thing made visible inside. */
    sealed interface Mount {
        /** Where it is seen inside. */
        Path target();

        record ReadOnly(Path source, Path target) implements Mount {}

        record Writable(Path source, Path target) implements Mount {}

        /** Empty, writable and in memory, up to a size. */
        record Memory(long bytes, Path target) implements Mount {}

        /** A view of the jail's processes beside the usual one at {@code /proc}. */
        record Processes(Path target) implements Mount {}

        /** An empty folder in the jail's root. */
        record Folder(Path target) implements Mount {}

        record Link(String text, Path target) implements Mount {}

        /**
         * Folders shown as one, the first on top, whose changes go to {@code upper}. The paths on the host must not hold
         * characters that mean something in mount options; a lower folder with such a name is named by a symbolic link.
         */
        record Overlay(List<Path> lowers, Path upper, Path work, Path merged, Path target) implements Mount {
            public Overlay {
                lowers = List.copyOf(lowers);
                for (Path path : Stream.concat(lowers.stream(), Stream.of(upper, work, merged))
                        .toList()) {
                    if (!isPlain(path)) throw new IllegalArgumentException("not fit for mount options: " + path);
                }
            }

            /** Whether a path can stand in mount options as it is. */
            static boolean isPlain(Path path) {
                return path.toString().matches("[^,:\\\\\"'\\p{Cntrl}]+");
            }

            private String options() {
                return options(lowers.stream().map(Path::toString).toList(), upper, work);
            }

            static String options(List<String> lowers, Path upper, Path work) {
                // volatile: what a crash loses here would be thrown away anyway, so nothing needs to be synced.
                return "lowerdir=" + String.join(":", lowers) + ",upperdir=" + upper + ",workdir=" + work
                        + ",userxattr,volatile";
            }
        }
    }

    /** The whole list, ready for a process builder. */
    List<String> arguments() {
        List<Mount.Overlay> overlays = mounts.stream()
                .filter(Mount.Overlay.class::isInstance)
                .map(Mount.Overlay.class::cast)
                .toList();
        List<String> arguments = new ArrayList<>();
        if (!stages.isEmpty()) {
            arguments.addAll(List.of(
                    tools.unshare().toString(),
                    "--mount",
                    "--propagation",
                    "private",
                    "--",
                    tools.shell().toString(),
                    "-c",
                    "mount --bind -o ro \"$1\" \"$2\" && shift 2 && ".repeat(stages.size()) + "exec \"$@\"",
                    "sh"));
            for (Stage stage : stages) {
                arguments.add(stage.source().toString());
                arguments.add(stage.place().toString());
            }
        }
        uid.ifPresent(id -> arguments.addAll(
                List.of(tools.setpriv().toString(), "--reuid", "" + id, "--regid", "" + id, "--clear-groups", "--")));
        if (!overlays.isEmpty())
            arguments.addAll(List.of(
                    tools.unshare().toString(),
                    "--user",
                    "--map-root-user",
                    "--mount",
                    "--propagation",
                    "private",
                    "--"));
        arguments.addAll(
                List.of(tools.shell().toString(), "-c", shellScript(overlays.size()), environmentFile.toString()));
        if (filter != null) arguments.add(filter.toString());
        for (Mount.Overlay overlay : overlays) {
            arguments.add(overlay.options());
            arguments.add(overlay.merged().toString());
        }
        arguments.addAll(bubblewrap());
        return List.copyOf(arguments);
    }

    /**
     * Opens the filter and the environment and mounts the overlays. Paths come as positional parameters, never as script
     * text.
     */
    private String shellScript(int overlays) {
        return (filter == null ? "exec 8<\"$0\" && " : "exec 8<\"$0\" 9<\"$1\" && shift && ")
                + "mount -t overlay overlay -o \"$1\" \"$2\" && shift 2 && ".repeat(overlays)
                + "exec \"$@\"";
    }

    /** Starts such a list with nothing of the host's environment. */
    static ProcessBuilder builder(List<String> arguments) {
        ProcessBuilder builder =
                new ProcessBuilder(arguments).directory(Path.of("/").toFile());
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        return builder;
    }

    /** What the environment file holds, in bubblewrap's form: arguments that end with a zero byte. */
    byte[] environmentArguments() {
        StringBuilder text = new StringBuilder();
        environment.forEach((name, value) -> text.append("--setenv\0")
                .append(name)
                .append('\0')
                .append(value)
                .append('\0'));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private List<String> bubblewrap() {
        List<String> arguments = new ArrayList<>(List.of(
                tools.bubblewrap().toString(),
                "--unshare-user",
                "--unshare-pid",
                "--unshare-ipc",
                "--unshare-uts",
                "--unshare-net",
                "--unshare-cgroup-try",
                "--die-with-parent",
                "--new-session",
                "--cap-drop",
                "ALL",
                "--clearenv"));
        for (Mount mount : mounts) if (isRoot(mount)) arguments.addAll(arguments(mount));
        arguments.addAll(List.of("--proc", "/proc", "--ro-bind", "/proc/sys", "/proc/sys", "--dev", "/dev"));
        for (Mount mount : mounts) if (!isRoot(mount)) arguments.addAll(arguments(mount));
        arguments.addAll(List.of("--remount-ro", "/dev"));
        if (rootAccess == RootAccess.READ_ONLY) arguments.addAll(List.of("--remount-ro", "/"));
        arguments.addAll(List.of("--uid", "" + INNER_ID, "--gid", "" + INNER_ID, "--hostname", "jail"));
        arguments.addAll(List.of("--chdir", workingDirectory.toString()));
        arguments.addAll(List.of("--args", "8"));
        if (filter != null) arguments.addAll(List.of("--seccomp", "9"));
        arguments.addAll(List.of("--", tools.prlimit().toString()));
        arguments.addAll(limits.arguments());
        arguments.add("--");
        arguments.addAll(command);
        return arguments;
    }

    private static boolean isRoot(Mount mount) {
        return mount.target().getNameCount() == 0;
    }

    private static List<String> arguments(Mount mount) {
        return switch (mount) {
            case Mount.ReadOnly(Path source, Path target) -> List.of("--ro-bind", source.toString(), target.toString());
            case Mount.Writable(Path source, Path target) -> List.of("--bind", source.toString(), target.toString());
            case Mount.Memory(long bytes, Path target) ->
                List.of("--size", "" + bytes, "--perms", "1777", "--tmpfs", target.toString());
            case Mount.Processes(Path target) -> List.of("--proc", target.toString());
            case Mount.Folder(Path target) -> List.of("--dir", target.toString());
            case Mount.Link(String text, Path target) -> List.of("--symlink", text, target.toString());
            case Mount.Overlay overlay ->
                List.of("--bind", overlay.merged().toString(), overlay.target().toString());
        };
    }
}
