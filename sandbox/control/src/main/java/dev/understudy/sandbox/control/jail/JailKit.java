package dev.understudy.sandbox.control.jail;

import dev.understudy.sandbox.control.Exhausted;
import dev.understudy.sandbox.control.ProcessStarter;
import dev.understudy.sandbox.control.Utf8Locale;
import dev.understudy.sandbox.control.time.MachineZone;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * What all jails on this machine have in common: the programs that build one, the filter, the uids, the folder in which
 * each gets its own. Whether they hold is the canary's verdict, not known here.
 */
final class JailKit {
    static final Path WORKSPACE = Path.of("/job");
    static final Path RESULT_FOLDER = Path.of("/result");
    static final Path PROGRAM_FOLDER = Path.of("/understudy");

    private static final Set<PosixFilePermission> PASSABLE = PosixFilePermissions.fromString("rwx--x--x");
    private static final Set<PosixFilePermission> READABLE = PosixFilePermissions.fromString("r--r--r--");

    /** The jail's init, and one more than allowed, so that the watcher can see a run that goes beyond. */
    static final int OWN_PROCESSES = 2;

    /** What a cell may write, in memory, to each of its two folders. */
    static final long CELL_SCRATCH_BYTES = 32 << 20;

    /** A run that may write more than this does so on the disk. */
    private static final long MOST_BYTES_IN_MEMORY = 128 << 20;

    /** So many runs must fit into what is free there. */
    private static final int RUNS_IN_MEMORY = 8;

    private final Wall wall;
    private final ProcessStarter starter;
    private final Architecture architecture;
    private final JailCommand.Tools tools;
    private final boolean root;
    private final Path folder;
    private final HostFolder host;
    private final Optional<HostFolder> memory;
    private final Utf8Locale locale = Utf8Locale.in(System.getenv());
    private final MachineZone zone = MachineZone.in(System.getenv());
    private final List<JailCommand.Mount> base;
    private final Map<List<Path>, List<JailCommand.Mount>> only = new ConcurrentHashMap<>();
    private final JailUids uids = new JailUids(ProcessHandle.current().pid() * 37);

    /** Who loads the system call filter. */
    enum FilterLoading {
        AT_START,
        BY_FORKS
    }

    /** Why there can be no jail here, and what would change that. */
    static final class Unavailable extends Exception {
        private static final long serialVersionUID = 1;
        private final String mend;

        Unavailable(String reason, String mend) {
            super(reason);
            this.mend = mend;
        }

        String mend() {
            return mend;
        }
    }

    /** What the jail is built from. */
    enum Wall {
        /** bubblewrap: namespaces, mounts, a filter. */
        NAMESPACES,
        /** Landlock and a filter, on the host's own mounts and process ids. */
        LANDLOCK
    }

    private JailKit(
            Wall wall,
            ProcessStarter starter,
            Architecture architecture,
            JailCommand.Tools tools,
            boolean root,
            Path folder)
            throws IOException {
        this.wall = wall;
        this.base = SystemFiles.base(
                Stream.concat(locale.files().stream(), zone.files().stream()).toList());
        this.starter = starter;
        this.architecture = architecture;
        this.tools = tools;
        this.root = root;
        this.folder = folder;
        this.host = layOut(folder, architecture, root);
        Optional<Path> inMemory = wall == Wall.NAMESPACES ? MemoryFolder.ofThisUser() : Optional.empty();
        this.memory = inMemory.isPresent() ? Optional.of(HostFolder.open(inMemory.get(), PASSABLE)) : Optional.empty();
    }

    /** Looks for what is needed and lays out the folder. */
    static JailKit prepare(Path folder, ProcessStarter starter, Wall wall) throws Unavailable {
        if (!System.getProperty("os.name").equals("Linux"))
            throw new Unavailable(
                    "the process jail is built from Linux's namespaces, and this is " + System.getProperty("os.name"),
                    "run it on Linux");
        String processor = System.getProperty("os.arch");
        Architecture architecture = Architecture.named(processor)
                .orElseThrow(() -> new Unavailable(
                        "the system call filter does not know the architecture " + processor,
                        "run it on x86-64 or 64-bit Arm"));
        try {
            boolean root = isRoot();
            if (root && !JailUids.exist()) {
                if (JailUids.mayBeRootOutside())
                    throw new Unavailable(
                            "the host is root in a user namespace with too few ids, so that a jail could not get one of its own",
                            "give the namespace 65536 ids (/etc/subuid and /etc/subgid), or run it as a user that is not root");
                // Outside it is an ordinary user, and a jail is one as it is for any other.
                root = false;
            }
            boolean namespaces = wall == Wall.NAMESPACES;
            if (!namespaces && Landlock.abi() < Landlock.NEEDED_ABI)
                throw new Unavailable(
                        "the kernel's Landlock interface is version " + Landlock.abi() + ", and version "
                                + Landlock.NEEDED_ABI + " is needed",
                        "run it on Linux 6.12 or later with Landlock switched on (lsm=…,landlock)");
            JailCommand.Tools tools = new JailCommand.Tools(
                    tool("sh", "dash"),
                    namespaces ? tool("bwrap", "bubblewrap") : Path.of("bwrap"),
                    tool("prlimit", "util-linux"),
                    root || !namespaces ? tool("setpriv", "util-linux") : Path.of("setpriv"),
                    tool("unshare", "util-linux"));
            tool("bash", "bash");
            Path own = root ? reachable(folder) : folder;
            return new JailKit(wall, starter, architecture, tools, root, own);
        } catch (IOException failure) {
            Optional<Exhausted> exhausted = Exhausted.behind(failure);
            throw new Unavailable(
                    "the jail's folder " + folder + " cannot be used: "
                            + exhausted.map(Exhausted::why).orElse(failure.toString()),
                    exhausted.map(Exhausted::mend).orElse("make it writable"));
        }
    }

    private static Path tool(String program, String packageName) throws Unavailable {
        return SystemFiles.program(program)
                .orElseThrow(() -> new Unavailable(program + " is not installed", PackageManager.hint(packageName)));
    }

    private static boolean isRoot() throws IOException {
        return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    }

    /** The folder itself if every uid can pass through to it, else one that every uid can; only for root. */
    private static Path reachable(Path folder) throws IOException {
        Path wanted = Files.createDirectories(folder).toRealPath();
        return isReachable(wanted) ? wanted : Files.createDirectories(Path.of("/var/lib/understudy/jail"));
    }

    private static HostFolder layOut(Path folder, Architecture architecture, boolean root) throws IOException {
        Path hosts = Files.createDirectories(folder.resolve("hosts"));
        Path stages = Files.createDirectories(folder.resolve("stages"));
        if (root) for (Path each : List.of(folder, hosts, stages)) Files.setPosixFilePermissions(each, PASSABLE);
        write(filter(folder, architecture), SeccompFilter.assemble(architecture));
        write(folder.resolve("passwd"), "understudy:x:1000:1000::/job:/bin/sh\n".getBytes(StandardCharsets.US_ASCII));
        write(folder.resolve("group"), "understudy:x:1000:\n".getBytes(StandardCharsets.US_ASCII));
        return HostFolder.open(hosts, PASSABLE);
    }

    /** Replaces as a whole: another host may be starting a jail at this moment. */
    private static void write(Path file, byte[] content) throws IOException {
        Path fresh = Files.createTempFile(file.getParent(), "new-", "");
        Files.write(fresh, content);
        Files.setPosixFilePermissions(fresh, READABLE);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Where the folders of this host's jails are. */
    List<Path> runs() {
        List<Path> all = new ArrayList<>(List.of(host.path()));
        memory.ifPresent(folder -> all.add(folder.path()));
        return all;
    }

    /** Whether a run that may write so much does that in memory. */
    boolean fitsInMemory(long diskBytes) {
        return diskBytes <= MOST_BYTES_IN_MEMORY
                && memory.isPresent()
                && memory.get().path().toFile().getUsableSpace() >= RUNS_IN_MEMORY * diskBytes;
    }

    /** Where the folder of a new jail belongs. */
    Path runs(boolean inMemory) {
        return inMemory ? memory.orElseThrow().path() : host.path();
    }

    private Path stages() {
        return folder.resolve("stages");
    }

    Path filter() {
        return filter(folder, architecture);
    }

    private static Path filter(Path folder, Architecture architecture) {
        return folder.resolve("filter-" + architecture.name().toLowerCase(Locale.ROOT) + ".bpf");
    }

    Wall wall() {
        return wall;
    }

    ProcessStarter starter() {
        return starter;
    }

    Architecture architecture() {
        return architecture;
    }

    /** As {@link SystemFiles#only}, looked up once. */
    List<JailCommand.Mount> only(List<Path> programs) throws IOException {
        List<JailCommand.Mount> known = only.get(programs);
        if (known != null) return known;
        List<JailCommand.Mount> found = SystemFiles.only(programs, architecture);
        only.put(programs, found);
        return found;
    }

    boolean root() {
        return root;
    }

    JailCommand.Tools tools() {
        return tools;
    }

    /** Folders on the disk of one jail, with a uid of its own to run under; closed when the jail has ended. */
    JailSpace open() throws IOException {
        return open(false);
    }

    /** The same where a run of certain limits belongs. */
    JailSpace open(boolean inMemory) throws IOException {
        OptionalInt uid = takeUid();
        return new JailSpace(this, RunFolder.create(runs(inMemory), "run-", uid), uid, () -> release(uid));
    }

    /** A uid that no other jail of this host has; empty where the host is no root and needs none. */
    OptionalInt takeUid() throws IOException {
        if (!root) return OptionalInt.empty();
        OptionalInt uid = uids.take();
        if (uid.isEmpty()) throw new IOException("all uids for jails are in use");
        return uid;
    }

    void release(OptionalInt uid) {
        uid.ifPresent(uids::release);
    }

    /** @param filter whether the system call filter is loaded from the start, or by each fork of the command */
    JailCommand command(
            OptionalInt uid,
            FilterLoading filter,
            Path environmentFile,
            List<JailCommand.Mount> own,
            JailCommand.RootAccess rootAccess,
            Map<String, String> environment,
            Path workingDirectory,
            JailLimits limits,
            List<String> inside)
            throws IOException {
        List<JailCommand.Mount> mounts = new ArrayList<>(base);
        mounts.addAll(only(List.of(tools.prlimit())));
        mounts.add(new JailCommand.Mount.ReadOnly(folder.resolve("passwd"), Path.of("/etc/passwd")));
        mounts.add(new JailCommand.Mount.ReadOnly(folder.resolve("group"), Path.of("/etc/group")));
        mounts.addAll(own);
        List<JailCommand.Stage> stages = new ArrayList<>();
        List<JailCommand.Mount> reachable = new ArrayList<>();
        for (JailCommand.Mount mount : mounts.stream().distinct().toList()) reachable.add(staged(mount, stages));
        return new JailCommand(
                tools,
                uid,
                filter == FilterLoading.AT_START ? filter() : null,
                environmentFile,
                stages,
                rootAccess,
                reachable,
                complete(environment),
                workingDirectory,
                withOwnProcesses(limits),
                inside);
    }

    private Map<String, String> complete(Map<String, String> environment) {
        Map<String, String> all = environment();
        all.putAll(environment);
        return all;
    }

    private static JailLimits withOwnProcesses(JailLimits limits) {
        return limits.withProcesses(limits.processes() + OWN_PROCESSES);
    }

    LandlockLayout landlocked(
            OptionalInt uid,
            LandlockLayout.Places places,
            List<JailCommand.Mount> own,
            Map<String, String> environment,
            Path workingDirectory,
            JailLimits limits,
            List<String> inside)
            throws IOException {
        List<JailCommand.Mount> mounts = new ArrayList<>(base);
        mounts.addAll(only(List.of(tools.setpriv(), tools.prlimit())));
        mounts.addAll(own);
        return LandlockLayout.of(
                this, uid, places, mounts, complete(environment), workingDirectory, withOwnProcesses(limits), inside);
    }

    /** What Java itself starts before the command, with its libraries. */
    Set<Path> starters() throws IOException {
        Path helper = Path.of(System.getProperty("java.home"), "lib", "jspawnhelper");
        return Files.exists(helper) ? ElfFile.closure(List.of(helper), architecture) : Set.of();
    }

    /** As {@link #lasting}, for a wall without namespaces: it can write nowhere at all. */
    LandlockLayout lastingLandlocked(List<Path> readable, JailLimits limits, List<String> inside) throws IOException {
        List<JailCommand.Mount> mounts = new ArrayList<>();
        for (Path path : readable) {
            if (root && !isReachable(path))
                throw new IOException(path + " lies in a folder that other users cannot pass through, and the cell"
                        + " does not run as root");
            mounts.add(new JailCommand.Mount.ReadOnly(path, path));
        }
        var places = new LandlockLayout.Places(Map.of(), Map.of(), Optional.empty());
        OptionalInt uid = root ? OptionalInt.of(uids.next()) : OptionalInt.empty();
        return landlocked(uid, places, mounts, Map.of("HOME", "/", "TMPDIR", "/"), Path.of("/"), limits, inside);
    }

    /** What every process in a jail has. */
    Map<String, String> environment() {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("PATH", "/usr/bin:/bin");
        environment.put("HOME", WORKSPACE.toString());
        environment.put("TMPDIR", "/tmp");
        environment.putAll(locale.variables());
        environment.putAll(zone.variables());
        return environment;
    }

    /** A mount whose source the jail's uid can get to; what it cannot, root shows it at a place where it can. */
    private JailCommand.Mount staged(JailCommand.Mount mount, List<JailCommand.Stage> stages) throws IOException {
        if (!root
                || !(mount instanceof JailCommand.Mount.ReadOnly(Path source, Path target))
                || runs().stream().anyMatch(source::startsWith)
                || isReachable(source)) return mount;
        boolean directory = Files.isDirectory(source);
        Path place = stages().resolve((directory ? "folder-" : "file-") + stages.size());
        synchronized (this) {
            if (directory) Files.createDirectories(place);
            else if (!Files.exists(place)) write(place, new byte[0]);
        }
        stages.add(new JailCommand.Stage(source, place));
        return new JailCommand.Mount.ReadOnly(place, target);
    }

    /** Whether any uid can pass through all folders above a path. */
    static boolean isReachable(Path path) throws IOException {
        for (Path above = path.toRealPath().getParent(); above != null; above = above.getParent()) {
            if (!Files.getPosixFilePermissions(above).contains(PosixFilePermission.OTHERS_EXECUTE)) return false;
        }
        return true;
    }

    /**
     * The list that starts a command that lasts, which writes nothing but scratch in memory, and leaves nothing behind
     * when it ends.
     *
     * @param readable files and folders to be seen at their own paths
     */
    List<String> lasting(List<Path> readable, JailLimits limits, List<String> inside) throws IOException {
        List<JailCommand.Mount> mounts = new ArrayList<>();
        mounts.add(new JailCommand.Mount.Memory(CELL_SCRATCH_BYTES, WORKSPACE));
        mounts.add(new JailCommand.Mount.Memory(CELL_SCRATCH_BYTES, Path.of("/tmp")));
        mounts.add(new JailCommand.Mount.Memory(1 << 20, Path.of("/dev/shm")));
        for (Path path : readable) mounts.add(SystemFiles.asSeenInside(path));
        JailCommand command = command(
                root ? OptionalInt.of(uids.next()) : OptionalInt.empty(),
                FilterLoading.AT_START,
                folder.resolve("environment"),
                mounts,
                JailCommand.RootAccess.READ_ONLY,
                Map.of(),
                WORKSPACE,
                limits,
                inside);
        write(folder.resolve("environment"), command.environmentArguments());
        return command.arguments();
    }
}
