package dev.understudy.sandbox.control.files;

import dev.understudy.sandbox.control.files.ChangeSet.Entry;
import dev.understudy.sandbox.control.files.Journal.Plan;
import dev.understudy.sandbox.control.files.Journal.Side;
import dev.understudy.sandbox.control.files.Journal.Step;
import dev.understudy.sandbox.control.files.Journal.Step.Act;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decides, before anything is touched, what a commit does with each path. Writes nothing. */
final class CommitPlanner {
    private final HostFiles host;
    private final HostActs acts;

    CommitPlanner(HostFiles host) {
        this.host = host;
        acts = new HostActs(host);
    }

    /** What keeps a change from being committed although nothing is broken. */
    static final class ConflictException extends Exception {
        private static final long serialVersionUID = 1;
        private final transient List<String> reasons;

        ConflictException(List<String> reasons) {
            super(String.join("; ", reasons));
            this.reasons = reasons;
        }

        List<String> reasons() {
            return reasons;
        }
    }

    /** Checks that all is as the run saw it, and decides what to do with each path. */
    Plan plan(String name, ChangeSet changes) throws IOException, ConflictException {
        List<String> conflicts = new ArrayList<>();
        Map<Path, Optional<HostStatus>> now = new HashMap<>();
        for (Map.Entry<Path, Fingerprint> read : changes.reads().entrySet()) {
            Optional<HostStatus> status = host.status(read.getKey());
            if (!status.map(HostStatus::fingerprint).equals(Optional.of(read.getValue())))
                conflicts.add(difference(read.getKey(), status, true));
        }
        Map<Path, Entry> entries = new HashMap<>();
        for (Entry entry : changes.entries()) {
            entries.put(entry.path(), entry);
            Optional<HostStatus> status = host.status(entry.path());
            now.put(entry.path(), status);
            if (!changes.reads().containsKey(entry.path())
                    && !status.map(HostStatus::fingerprint).equals(Optional.ofNullable(entry.fingerprint())))
                conflicts.add(difference(entry.path(), status, entry.fingerprint() != null));
        }
        for (Entry entry : changes.entries()) {
            if (!entry.before().isFolder() || entry.after().isFolder()) continue;
            for (String child : acts.namesIn(entry.path())) {
                Path path = entry.path().resolve(child);
                if (!entries.containsKey(path))
                    conflicts.add(CopyOnWriteView.shown(path) + " has appeared in a folder that is to be deleted");
            }
        }
        if (!conflicts.isEmpty()) throw new ConflictException(conflicts);

        List<Step> steps = new ArrayList<>();
        long imageBytes = 0;
        Set<Path> renamed = new HashSet<>();
        for (Entry entry : changes.entries()) {
            Step step = step(name, steps.size() + 1, entry, entries, now);
            steps.add(step);
            if (step.act() == Act.RENAME) renamed.add(Path.of(step.from()));
        }
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            if (step.act() == Act.ATTRIBUTES || !step.before().is(Side.Kind.FILE) || renamed.contains(step.at()))
                continue;
            imageBytes += step.before().size();
            steps.set(
                    i,
                    new Step(
                            step.path(),
                            step.before(),
                            step.after(),
                            step.act(),
                            step.temporary(),
                            step.from(),
                            i + 1));
        }
        return new Plan(steps, imageBytes);
    }

    private static String difference(Path path, Optional<HostStatus> now, boolean wasThere) {
        String shown = CopyOnWriteView.shown(path);
        if (now.isEmpty()) return shown + " has been deleted meanwhile";
        return wasThere ? shown + " has changed meanwhile" : shown + " has been created meanwhile";
    }

    private Step step(
            String name, int number, Entry entry, Map<Path, Entry> entries, Map<Path, Optional<HostStatus>> now)
            throws IOException {
        Side before = now.getOrDefault(entry.path(), Optional.empty()).isPresent()
                ? side(
                        entry.before(),
                        Objects.requireNonNull(now.get(entry.path())).orElseThrow(),
                        entry.path())
                : Side.ABSENT;
        Side after = side(entry.after());
        String path = entry.path().toString();
        if (!(after.is(Side.Kind.FILE) || after.is(Side.Kind.LINK))) {
            Act act = before.is(Side.Kind.FOLDER) && after.is(Side.Kind.FOLDER) ? Act.ATTRIBUTES : Act.PUT;
            return new Step(path, before, after, act, "", "", 0);
        }
        Path folder = stayingFolder(entry.path(), entries);
        String temporary = folder.resolve(".understudy-" + name + "-" + number).toString();
        Path first =
                entry.after() instanceof State.File file && file.content() instanceof Content.Linked(Path of, var _)
                        ? of
                        : null;
        if (first != null && device(stayingFolder(first, entries)).equals(device(folder))) {
            boolean already = stays(first, entries.get(first))
                    && host.status(first).map(HostStatus::key).equals(Optional.of(before.key()));
            return already
                    ? new Step(path, before, after, Act.ATTRIBUTES, "", "", 0)
                    : new Step(path, before, after, Act.LINK, temporary, first.toString(), 0);
        }
        Path source = entry.after()
                        instanceof
                        State.File(Content.Host(Path from, Fingerprint _), long _, int _, Instant _, Traits _)
                ? from
                : null;
        if (entry.path().equals(source)) return new Step(path, before, after, Act.ATTRIBUTES, "", "", 0);
        if (source == null) return new Step(path, before, after, Act.PUT, temporary, "", 0);
        boolean leaves = entries.containsKey(source);
        Act act = leaves && device(source).equals(device(folder)) ? Act.RENAME : Act.PUT;
        return new Step(path, before, after, act, temporary, source.toString(), 0);
    }

    private static boolean stays(Path path, @Nullable Entry entry) {
        return entry == null
                || (entry.after() instanceof State.File file
                        && file.content() instanceof Content.Host(Path from, Fingerprint _)
                        && from.equals(path));
    }

    /** The nearest folder above that is there before, during and after the commit. */
    private Path stayingFolder(Path path, Map<Path, Entry> entries) throws IOException {
        Path folder = path.getParent();
        while (folder != null) {
            Entry entry = entries.get(folder);
            boolean stays = entry == null
                    ? host.status(folder)
                            .map(status -> status.kind() == FileView.Kind.DIRECTORY)
                            .orElse(false)
                    : entry.before().isFolder() && entry.after().isFolder();
            if (stays) return folder;
            folder = folder.getParent();
        }
        throw new IOException("no folder above " + CopyOnWriteView.shown(path) + " stays in place");
    }

    private String device(Path path) throws IOException {
        String key = host.status(path)
                .orElseThrow(() -> new NoSuchFileException(path.toString()))
                .key();
        return key.substring(0, key.indexOf(':'));
    }

    private static Side side(State state) {
        return switch (state) {
            case State.Absent _ -> Side.ABSENT;
            case State.Folder folder ->
                new Side(
                        Side.Kind.FOLDER,
                        folder.mode(),
                        0,
                        folder.time() == State.Time.CHOSEN ? folder.modified().toString() : "",
                        "",
                        uid(folder.traits()),
                        gid(folder.traits()),
                        "",
                        folder.traits().extended());
            case State.File file ->
                new Side(
                        Side.Kind.FILE,
                        file.mode(),
                        file.size(),
                        file.modified().toString(),
                        "",
                        uid(file.traits()),
                        gid(file.traits()),
                        "",
                        file.traits().extended());
            case State.Link link ->
                new Side(
                        Side.Kind.LINK,
                        0777,
                        0,
                        link.modified() == null ? "" : link.modified().toString(),
                        "",
                        uid(link.traits()),
                        gid(link.traits()),
                        link.target().toString(),
                        Map.of());
        };
    }

    /** -1 leaves the owner to whoever makes the file. */
    private static int uid(Traits traits) {
        return traits.owner() == null ? -1 : traits.owner().uid();
    }

    private static int gid(Traits traits) {
        return traits.owner() == null ? -1 : traits.owner().gid();
    }

    /** A folder's extended attributes go with it, those of a file are kept by its before-image. */
    private Side side(State state, HostStatus status, Path path) throws IOException {
        Side side = side(state);
        return new Side(
                side.kind(),
                status.mode(),
                status.size(),
                status.modified().toString(),
                status.key(),
                status.uid(),
                status.gid(),
                side.target(),
                state.isFolder() ? host.extendedAttributes(path) : Map.of());
    }
}
