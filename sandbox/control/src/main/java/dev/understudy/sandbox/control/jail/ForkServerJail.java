package dev.understudy.sandbox.control.jail;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The jail around a fork server: the usual one, but that its own process keeps the calls by which forks enter their
 * namespaces, and that it sees what forks then cover.
 *
 * @param folder of this server on the host
 * @param runs in it, where the runs' folders are made
 */
record ForkServerJail(JailKit kit, OptionalInt uid, RunFolder folder, Path runs) {
    private static final Path PROGRAM = ForkMounts.SERVER.resolve("program");
    private static final Path PYTHON = ForkMounts.SERVER.resolve("python");

    /** Processes and open files: what runs may be allowed in such a jail, and the server's own. */
    static final int MOST = 1 << 10;

    private static final JailLimits LIMITS = new JailLimits(
            MOST, OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(), MOST);

    /** @param modules to be imported before the first fork, if scripts are in the server's own language */
    List<String> arguments(
            Cpython python,
            Dialect.Fork fork,
            List<String> modules,
            List<JailCommand.Mount> runtime,
            List<JailCommand.Mount> shown)
            throws IOException {
        boolean sameLanguage = fork == Dialect.Fork.IN_THE_SERVER;
        Path server = folder.file("program/forkserver.py", Resources.bytes("forkserver.py"));
        folder.file("program/driver.py", NativeDialect.Interpreter.CPYTHON.driverText());
        List<JailCommand.Mount> mounts = new ArrayList<>(runtime);
        // A script in another language finds no Python: what lies below the server's folder is covered for it.
        if (!sameLanguage) mounts.addAll(python.mountsBelow(PYTHON));
        mounts.add(new JailCommand.Mount.ReadOnly(folder.path().resolve("program"), PROGRAM));
        mounts.add(new JailCommand.Mount.ReadOnly(kit.filter(), ForkMounts.SERVER.resolve("filter")));
        mounts.add(new JailCommand.Mount.Writable(runs, ForkMounts.RUNS));
        // A new view of processes may be mounted only where there is one that nothing covers a part of.
        mounts.add(new JailCommand.Mount.Processes(ForkMounts.SERVER.resolve("proc")));
        mounts.addAll(shown);
        List<String> command = new ArrayList<>(Cpython.command(
                sameLanguage ? python.program() : python.programBelow(PYTHON), PROGRAM.resolve(server.getFileName())));
        if (sameLanguage) {
            command.add(PROGRAM.resolve("driver.py").toString());
            command.addAll(modules);
        }
        JailCommand jail = kit.command(
                uid,
                JailKit.FilterLoading.BY_FORKS,
                folder.path().resolve("environment"),
                mounts,
                JailCommand.RootAccess.READ_ONLY,
                kit.environment(),
                Path.of("/"),
                LIMITS,
                command);
        folder.file("environment", jail.environmentArguments());
        return jail.arguments();
    }
}
