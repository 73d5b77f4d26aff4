package dev.understudy.sandbox.control.files;

import dev.understudy.sandbox.control.files.FileView.Kind;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What was there before a run: the host's files as the run first saw them, and what was staged for it. */
final class Baseline {
    private final HostFiles host;
    private final Map<Path, Optional<HostStatus>> observed = new HashMap<>();
    private final Map<Path, State.File> stagedFiles = new HashMap<>();
    private final Map<Path, State.Link> stagedLinks = new HashMap<>();
    private final Map<Path, State.Folder> stagedFolders = new HashMap<>();
    private Instant newest = Instant.MAX;

    /** A state and, where it is the host's and not staged, by what a later change is noticed. */
    record Found(State state, @Nullable Fingerprint fingerprint) {
        static final Found NOTHING = new Found(State.Absent.ABSENT, null);

        /** Whether the host's file is still the one that was found; what is not the host's cannot change. */
        boolean isStillThere(HostFiles host) throws IOException {
            if (!(state instanceof State.File file) || !(file.content() instanceof Content.Host content)) return true;
            return host.status(content.path()).map(HostStatus::fingerprint).equals(Optional.ofNullable(fingerprint));
        }
    }

    Baseline(HostFiles host) {
        this.host = host;
    }

    void stageFile(Path path, byte[] bytes, int mode, Instant modified) {
        stagedFiles.put(path, new State.File(new Content.Staged(bytes), bytes.length, mode, modified, Traits.NONE));
    }

    void stageLink(Path path, Path target, Instant modified) {
        stagedLinks.put(path, new State.Link(target, modified, Traits.NONE));
    }

    void stageFolder(Path path, int mode, Instant modified) {
        stagedFolders.put(path, new State.Folder(mode, modified, State.Time.INCIDENTAL, Traits.NONE));
    }

    /** What is first seen from now on and was changed after this moment gets a fingerprint that nothing has. */
    void expectUnchangedSince(Instant moment) {
        newest = moment;
    }

    private HostStatus judged(HostStatus status) {
        // A folder changes with every neighbour, and is told by its identity alone.
        return status.kind() != Kind.DIRECTORY && status.changed().isAfter(newest)
                ? status.withKey("changed since the run began")
                : status;
    }

    /** Remembers a file as it was when the run first read or changed it; a later look does not count. */
    void observe(Path path, HostStatus status) {
        observed.putIfAbsent(path, Optional.of(judged(status)));
    }

    /** Remembers what is at a path, or that nothing is, before the run puts something there or takes it away. */
    void observe(Path path) throws IOException {
        if (!observed.containsKey(path)) observed.put(path, host.status(path).map(this::judged));
    }

    Map<Path, Fingerprint> reads() {
        Map<Path, Fingerprint> reads = new HashMap<>();
        observed.forEach((path, status) -> status.ifPresent(known -> reads.put(path, known.fingerprint())));
        return reads;
    }

    /** One look at all of it, in which each folder is listed once. */
    Look look() {
        return new Look();
    }

    /** Answers the same for the same path however often it is asked, even if the host's files change meanwhile. */
    final class Look {
        private final Map<Path, Optional<HostStatus>> statuses = new HashMap<>();
        private final Map<Path, Set<String>> names = new HashMap<>();

        Found at(Path path) throws IOException {
            State.File file = stagedFiles.get(path);
            if (file != null) return new Found(file, null);
            State.Link link = stagedLinks.get(path);
            if (link != null) return new Found(link, null);
            State.Folder folder = stagedFolders.get(path);
            if (folder != null) return new Found(folder, null);
            Optional<HostStatus> status = status(path);
            return status.isEmpty() ? Found.NOTHING : found(path, status.get());
        }

        Found found(Path path, HostStatus status) throws IOException {
            Fingerprint fingerprint = status.fingerprint();
            State state = switch (status.kind()) {
                case DIRECTORY ->
                    new State.Folder(
                            status.mode(), status.modified(), State.Time.INCIDENTAL, Traits.of(status.owner()));
                case SYMBOLIC_LINK -> new State.Link(host.readLink(path), status.modified(), Traits.of(status.owner()));
                case FILE, OTHER ->
                    new State.File(
                            new Content.Host(path, fingerprint),
                            status.size(),
                            status.mode(),
                            status.modified(),
                            Traits.of(status.owner()));
            };
            return new Found(state, fingerprint);
        }

        /** The host's own status there, as the run first saw it if it did. */
        Optional<HostStatus> status(Path path) throws IOException {
            Optional<HostStatus> first = observed.get(path);
            if (first != null) return first;
            Optional<HostStatus> known = statuses.get(path);
            if (known == null) {
                known = host.status(path).map(Baseline.this::judged);
                statuses.put(path, known);
            }
            return known;
        }

        /** Names in a folder of the host, without staged ones. */
        Set<String> hostNames(Path folder) throws IOException {
            Set<String> known = names.get(folder);
            if (known == null) {
                known = new TreeSet<>(listed(folder));
                names.put(folder, known);
            }
            return known;
        }

        Set<String> names(Path folder) throws IOException {
            Set<String> all = new TreeSet<>(hostNames(folder));
            all.addAll(stagedNames(folder));
            return all;
        }

        /** Names of what was staged in a folder. */
        Set<String> stagedNames(Path folder) {
            Set<Path> staged = new HashSet<>(stagedFiles.keySet());
            staged.addAll(stagedLinks.keySet());
            staged.addAll(stagedFolders.keySet());
            Set<String> names = new TreeSet<>();
            for (Path path : staged) if (folder.equals(path.getParent())) names.add(HostFiles.nameOf(path));
            return names;
        }

        private List<String> listed(Path folder) throws IOException {
            try {
                return host.list(folder);
            } catch (NoSuchFileException | NotDirectoryException _) {
                return List.of();
            }
        }

        boolean isSpecial(Found found) {
            return found.fingerprint() != null && found.fingerprint().kind() == Kind.OTHER;
        }
    }
}
