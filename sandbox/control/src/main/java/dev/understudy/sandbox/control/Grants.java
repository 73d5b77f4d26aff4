package dev.understudy.sandbox.control;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run may touch beside its workspace; nothing beside it, whatever the spelling of a path.
 *
 * @param reads absolute, normalised paths; a folder grants all below it. They need not exist.
 * @param writes absolute, normalised paths that may be written and read; likewise
 * @param hosts host names, optionally with {@code :port}; {@code *} for any public one
 * @param programs names looked up in the system's path, or absolute paths
 * @param secrets what it may know; stand-ins but in a run for real
 * @param packages a folder with modules of the script's language, found by their names and only read; absolute, normalised,
 *     and given also where it lies in a folder of the host's own. If null, there are none.
 */
public record Grants(
        List<Path> reads,
        List<Path> writes,
        List<String> hosts,
        List<String> programs,
        Secrets secrets,
        @Nullable Path packages) {
    public static final Grants NONE = new Grants(List.of(), List.of(), List.of(), List.of());

    public Grants {
        requireAbsolute("reads", reads);
        requireAbsolute("writes", writes);
        if (packages != null) requireAbsolute("packages", List.of(packages));
        reads = List.copyOf(reads);
        writes = List.copyOf(writes);
        hosts = List.copyOf(hosts);
        programs = List.copyOf(programs);
    }

    /** Without packages. */
    public Grants(List<Path> reads, List<Path> writes, List<String> hosts, List<String> programs, Secrets secrets) {
        this(reads, writes, hosts, programs, secrets, null);
    }

    /** Without secrets and packages. */
    public Grants(List<Path> reads, List<Path> writes, List<String> hosts, List<String> programs) {
        this(reads, writes, hosts, programs, Secrets.NONE);
    }

    /** The same with other secrets. */
    public Grants withSecrets(Secrets others) {
        return new Grants(reads, writes, hosts, programs, others, packages);
    }

    /** The same with packages that lie in this folder. */
    public Grants withPackages(Path folder) {
        return new Grants(reads, writes, hosts, programs, secrets, folder);
    }

    private static void requireAbsolute(String name, List<Path> paths) {
        for (Path path : paths) {
            if (!path.isAbsolute() || !path.equals(path.normalize()))
                throw new IllegalArgumentException(name + " must hold absolute, normalised paths, but has " + path);
        }
    }
}
