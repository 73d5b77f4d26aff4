package dev.understudy.sandbox.control.jail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** The folders of one run in the jail; closing it removes them with all that is in them. Used by one thread. */
final class JailSpace implements AutoCloseable {
    private static final Set<PosixFilePermission> OPEN_FOLDER = PosixFilePermissions.fromString("rwxr-xr-x");

    private final JailKit kit;
    private final OptionalInt uid;
    private final Runnable atEnd;
    private final RunFolder run;
    private final Map<Path, Path> writable = new LinkedHashMap<>();
    private final Path program;
    private Launch launch;
    private final List<Path> targets = new ArrayList<>(List.of(Path.of("/proc"), Path.of("/dev")));

    /**
     * @param run made for this, and closed with it
     * @param uid that the run has; empty if it has the host's own
     * @param atEnd called when nothing is left
     */
    JailSpace(JailKit kit, RunFolder run, OptionalInt uid, Runnable atEnd) throws IOException {
        this.kit = kit;
        this.uid = uid;
        this.atEnd = atEnd;
        this.run = run;
        this.launch = new NamespaceLaunch(kit.starter());
        writable.put(JailKit.WORKSPACE, run.folder("job"));
        writable.put(JailKit.RESULT_FOLDER, run.folder("result"));
        writable.put(Path.of("/tmp"), run.folder("tmp"));
        writable.put(Path.of("/dev/shm"), run.folder("shm"));
        this.program = run.folder("program");
        Files.setPosixFilePermissions(program, OPEN_FOLDER);
    }

    RunFolder run() {
        return run;
    }

    Architecture architecture() {
        return kit.architecture();
    }

    /** How the command must be started, once its arguments have been asked for. */
    Launch launch() {
        return launch;
    }

    /** On the host, what becomes the jail's root where a run may write to it. */
    Path jailRoot() throws IOException {
        Path root = run.path().resolve("root");
        return Files.exists(root) ? root : run.folder("root");
    }

    /** On the host, what the jail sees as its private workspace. */
    Path workspace() {
        return folderOf(JailKit.WORKSPACE);
    }

    /** On the host, the folder in which the jail leaves its result. */
    Path result() {
        return folderOf(JailKit.RESULT_FOLDER);
    }

    /** On the host, the private folder that the jail sees at a path; empty if there is none. */
    Optional<Path> writableFolder(Path inside) {
        return Optional.ofNullable(writable.get(inside));
    }

    private Path folderOf(Path inside) {
        Path outside = writable.get(inside);
        if (outside == null) throw new IllegalStateException("no folder for " + inside);
        return outside;
    }

    /** On the host, all private folders that every jail can write to. */
    List<Path> writableFolders() {
        return List.copyOf(writable.values());
    }

    /** Everything that is mounted inside, once it has been asked for. */
    List<Path> targets() {
        return List.copyOf(targets);
    }

    /** Adds a read-only file to the program folder; returns its path inside. */
    Path addProgram(String name, byte[] content) throws IOException {
        run.file("program/" + name, content);
        return JailKit.PROGRAM_FOLDER.resolve(name);
    }

    /** What every run sees of its own folders. */
    private List<JailCommand.Mount> own() {
        List<JailCommand.Mount> mounts = new ArrayList<>();
        writable.forEach((target, source) -> mounts.add(new JailCommand.Mount.Writable(source, target)));
        mounts.add(new JailCommand.Mount.ReadOnly(program, JailKit.PROGRAM_FOLDER));
        return mounts;
    }

    /** The list that starts a command in a jail of this run's own, with what every jail shows and the mounts given. */
    List<String> arguments(
            List<JailCommand.Mount> more,
            JailCommand.RootAccess rootAccess,
            Map<String, String> environment,
            Path workingDirectory,
            JailLimits limits,
            List<String> inside)
            throws IOException {
        if (kit.wall() == JailKit.Wall.LANDLOCK) {
            var places = new LandlockLayout.Places(
                    writable, Map.of(JailKit.PROGRAM_FOLDER, program), Optional.of(run.folder("programs")));
            LandlockLayout layout = kit.landlocked(uid, places, more, environment, workingDirectory, limits, inside);
            launch = layout.launch();
            return layout.command();
        }
        List<JailCommand.Mount> mounts = new ArrayList<>();
        // Mount points on a disk are slow to remove, so the root is in memory unless the run may write to it.
        if (rootAccess == JailCommand.RootAccess.WRITABLE)
            mounts.add(new JailCommand.Mount.Writable(jailRoot(), Path.of("/")));
        mounts.addAll(own());
        mounts.addAll(more);
        JailCommand command = kit.command(
                uid,
                JailKit.FilterLoading.AT_START,
                run.path().resolve("environment"),
                mounts,
                rootAccess,
                environment,
                workingDirectory,
                limits,
                inside);
        command.mounts().forEach(mount -> targets.add(mount.target()));
        run.file("environment", command.environmentArguments());
        return command.arguments();
    }

    /**
     * The same for a fork in the jail of a server.
     *
     * @param runtime what the server's jail shows of the system
     */
    ForkMounts forkMounts(List<JailCommand.Mount> runtime, List<JailCommand.Mount> more) throws IOException {
        ForkMounts mounts = ForkMounts.of(own(), more, run.path());
        runtime.forEach(mount -> targets.add(mount.target()));
        mounts.atStart().forEach(mount -> targets.add(mount.target()));
        mounts.byFork().forEach(mount -> targets.add(mount.target()));
        return mounts;
    }

    @Override
    public void close() throws IOException {
        try {
            run.close();
        } finally {
            atEnd.run();
        }
    }
}
