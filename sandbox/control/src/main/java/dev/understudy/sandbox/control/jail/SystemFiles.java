package dev.understudy.sandbox.control.jail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The parts of the host's system that a jail shows, read-only: single programs with their libraries, or whole folders. */
final class SystemFiles {
    private static final List<Path> SEARCH_PATH = List.of(
            Path.of("/usr/local/bin"), Path.of("/usr/bin"), Path.of("/bin"), Path.of("/usr/sbin"), Path.of("/sbin"));
    private static final List<Path> MERGED = List.of(
            Path.of("/bin"),
            Path.of("/sbin"),
            Path.of("/lib"),
            Path.of("/lib32"),
            Path.of("/lib64"),
            Path.of("/libx32"));
    private static final List<Path> LIBRARIES = List.of(
            Path.of("/usr/lib"),
            Path.of("/usr/lib32"),
            Path.of("/usr/lib64"),
            Path.of("/usr/libexec"),
            Path.of("/usr/share"),
            Path.of("/usr/local/lib"));
    private static final Path LOADER_CACHE = Path.of("/etc/ld.so.cache");

    private SystemFiles() {}

    /** A program by name in the system's folders, or by absolute path. */
    static Optional<Path> program(String nameOrPath) {
        if (nameOrPath.startsWith("/")) return Optional.of(Path.of(nameOrPath)).filter(SystemFiles::isProgram);
        if (nameOrPath.isEmpty() || nameOrPath.contains("/")) return Optional.empty();
        return SEARCH_PATH.stream()
                .map(folder -> folder.resolve(nameOrPath))
                .filter(SystemFiles::isProgram)
                .findFirst();
    }

    /** A program that is no script, by the path where it really is. */
    static Optional<Path> realProgram(String name) throws IOException {
        for (Path folder : SEARCH_PATH) {
            Path file = folder.resolve(name);
            if (isProgram(file) && ElfFile.read(file).isPresent()) return Optional.of(file.toRealPath());
        }
        return Optional.empty();
    }

    private static boolean isProgram(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }

    /**
     * What every jail shows: the links of a merged /usr, the loader's cache and settings of the host's.
     *
     * @param settings files and folders that are there
     */
    static List<JailCommand.Mount> base(List<Path> settings) throws IOException {
        List<JailCommand.Mount> mounts = new ArrayList<>();
        for (Path folder : MERGED) {
            if (Files.isSymbolicLink(folder))
                mounts.add(new JailCommand.Mount.Link(
                        Files.readSymbolicLink(folder).toString(), folder));
        }
        if (Files.exists(LOADER_CACHE)) mounts.add(new JailCommand.Mount.ReadOnly(LOADER_CACHE, LOADER_CACHE));
        for (Path path : settings) mounts.add(new JailCommand.Mount.ReadOnly(path, path));
        return mounts;
    }

    /** The programs and exactly the libraries that they are linked with: nothing else can be started. */
    static List<JailCommand.Mount> only(List<Path> programs, Architecture architecture) throws IOException {
        Set<JailCommand.Mount> mounts = new LinkedHashSet<>();
        for (Path file : ElfFile.closure(programs, architecture)) mounts.add(asSeenInside(file));
        return List.copyOf(mounts);
    }

    /**
     * Libraries and shared data as a whole, for programs that load more than they are linked with. Whatever can be read
     * there can be run, too: what keeps a program in is what it can reach, not which one it is.
     */
    static List<JailCommand.Mount> libraries() throws IOException {
        List<JailCommand.Mount> mounts = new ArrayList<>();
        for (Path folder : LIBRARIES) {
            if (Files.isDirectory(folder) && !Files.isSymbolicLink(folder))
                mounts.add(new JailCommand.Mount.ReadOnly(folder, folder));
        }
        for (Path folder : MERGED) {
            if (folder.toString().startsWith("/lib") && Files.isDirectory(folder) && !Files.isSymbolicLink(folder))
                mounts.add(new JailCommand.Mount.ReadOnly(folder, folder));
        }
        return mounts;
    }

    /** A file at the path by which it is looked up, with the links of its folder resolved as they are inside. */
    static JailCommand.Mount asSeenInside(Path file) throws IOException {
        Path folder = file.getParent();
        Path target = folder == null ? file : folder.toRealPath().resolve(file.getFileName());
        return new JailCommand.Mount.ReadOnly(file, target);
    }
}
