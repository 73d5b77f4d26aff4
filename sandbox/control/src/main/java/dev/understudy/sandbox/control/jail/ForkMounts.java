package dev.understudy.sandbox.control.jail;

import dev.understudy.sandbox.control.jail.JailCommand.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a run sees, divided between the fork server's jail, which shows what stays the same from run to run, and the fork,
 * which covers parts of that with what is this run's own. A value but for the look at what there is on the disk.
 *
 * @param atStart shown by the server's jail: the host's files, read-only, and empty places for what comes later
 * @param byFork to be mounted by each fork, in this order
 */
record ForkMounts(List<Mount> atStart, List<ByFork> byFork) {
    /** Inside a server's jail: its own files, which forks cover. */
    static final Path SERVER = Path.of("/server");

    static final Path RUNS = SERVER.resolve("runs");

    private static final Path SHOWN = SERVER.resolve("shown");

    ForkMounts {
        atStart = List.copyOf(atStart);
        byFork = List.copyOf(byFork);
    }

    /**
     * One mount of a fork.
     *
     * @param kind {@code write}, {@code read}, {@code overlay} or {@code folder}
     * @param source as the server sees it; for an overlay its options
     */
    record ByFork(String kind, String source, Path target) {}

    /**
     * Divides a run's mounts.
     *
     * @param own of every run: its private folders
     * @param more what the run shows beside them, in the order in which they are to be made
     * @param runFolder the run's own on the host, of which the server sees the folder above as {@link #RUNS}
     */
    static ForkMounts of(List<Mount> own, List<Mount> more, Path runFolder) throws IOException {
        Division division = new Division(runFolder);
        for (Mount mount : own) division.add(mount);
        for (Mount mount : more) division.add(mount);
        return new ForkMounts(division.atStart, division.byFork);
    }

    private static final class Division {
        private final Path runFolder;
        private final List<Mount> atStart = new ArrayList<>();
        private final List<ByFork> byFork = new ArrayList<>();

        Division(Path runFolder) {
            this.runFolder = runFolder;
        }

        void add(Mount mount) throws IOException {
            switch (mount) {
                case Mount.ReadOnly(Path source, Path target) -> {
                    if (source.startsWith(runFolder)) byFork("read", source, target);
                    else if (isCovered(target)) byFork.add(new ByFork("write", shown(source), target));
                    else atStart.add(mount);
                }
                case Mount.Writable(Path source, Path target) -> byFork("write", source, target);
                case Mount.Overlay overlay -> overlay(overlay);
                case Mount.Folder(Path target) -> {
                    if (isCovered(target)) byFork.add(new ByFork("folder", "", target));
                    else atStart.add(mount);
                }
                case Mount.Link _, Mount.Memory _, Mount.Processes _ -> atStart.add(mount);
            }
        }

        private void byFork(String kind, Path source, Path target) {
            // A device that reads as nothing stands in for a file until there is one.
            if (!isCovered(target))
                atStart.add(
                        Files.isDirectory(source)
                                ? new Mount.Folder(target)
                                : new Mount.ReadOnly(Path.of("/dev/null"), target));
            byFork.add(new ByFork(kind, seen(source).toString(), target));
        }

        private void overlay(Mount.Overlay overlay) throws IOException {
            if (!isCovered(overlay.target())) atStart.add(new Mount.Folder(overlay.target()));
            List<String> lowers = new ArrayList<>();
            for (Path lower : overlay.lowers()) {
                // By a link, the jail names a folder of the host, which the server's jail shows elsewhere.
                lowers.add(
                        Files.isSymbolicLink(lower)
                                ? shown(lower.toRealPath())
                                : seen(lower).toString());
            }
            byFork.add(new ByFork(
                    "overlay",
                    Mount.Overlay.options(lowers, seen(overlay.upper()), seen(overlay.work())),
                    overlay.target()));
        }

        /** Whether a fork covers what lies at a path. */
        private boolean isCovered(Path target) {
            return byFork.stream().anyMatch(mount -> target.startsWith(mount.target()));
        }

        /** Where a file or folder of the host is seen that a fork is to show below something of its own. */
        private String shown(Path source) {
            Path place = SHOWN.resolve("" + atStart.size());
            atStart.add(new Mount.ReadOnly(source, place));
            return place.toString();
        }

        private Path seen(Path source) {
            Path runs = runFolder.getParent();
            if (runs == null || !source.startsWith(runFolder))
                throw new IllegalStateException(source + " is not below " + runFolder);
            return RUNS.resolve(runs.relativize(source));
        }
    }

    /** The identities of the host's files that the server's jail shows: a mount keeps to the file that it was made of. */
    static List<Object> identities(List<Mount> mounts) throws IOException {
        List<Object> identities = new ArrayList<>();
        for (Mount mount : mounts) {
            if (mount instanceof Mount.ReadOnly read)
                identities.add(List.of(
                        Files.getAttribute(read.source(), "unix:dev"), Files.getAttribute(read.source(), "unix:ino")));
        }
        return identities;
    }
}
