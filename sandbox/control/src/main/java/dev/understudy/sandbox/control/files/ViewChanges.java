package dev.understudy.sandbox.control.files;

import dev.understudy.sandbox.control.files.Baseline.Found;
import dev.understudy.sandbox.control.files.ChangeSet.Entry;
import dev.understudy.sandbox.control.files.Node.Absent;
import dev.understudy.sandbox.control.files.Node.Directory;
import dev.understudy.sandbox.control.files.Node.RegularFile;
import dev.understudy.sandbox.control.files.Node.Special;
import dev.understudy.sandbox.control.files.Node.SymbolicLink;
import dev.understudy.sandbox.control.files.State.Time;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Compares a view's tree with what was there before.
 *
 * <p>Only what the run touched is looked at, except below a renamed folder, where every file of its origin counts as
 * renamed. A folder that the run emptied and deleted loses just the files that the run saw: one that appears later
 * makes the commit a conflict.
 */
final class ViewChanges {
    private final HostFiles host;
    private final GrantedPaths granted;
    private final NewModes newModes;
    private final Baseline.Look before;
    private final List<Entry> entries = new ArrayList<>();
    private final List<String> refusals = new ArrayList<>();
    private final Map<RegularFile, Names> linked = new HashMap<>();

    /** Where a file that has several names was met: as it was on the host, and in which of the changes. */
    private static final class Names {
        private boolean inPlace;
        private final List<Integer> entries = new ArrayList<>();
    }

    private ViewChanges(HostFiles host, GrantedPaths granted, NewModes newModes, Baseline baseline) {
        this.host = host;
        this.granted = granted;
        this.newModes = newModes;
        this.before = baseline.look();
    }

    static ChangeSet of(HostFiles host, GrantedPaths granted, NewModes newModes, Baseline baseline) throws IOException {
        ViewChanges changes = new ViewChanges(host, granted, newModes, baseline);
        changes.children(granted.root(), Path.of("/"), null);
        changes.linked.forEach(changes::link);
        return new ChangeSet(host, changes.entries, baseline.reads(), changes.refusals, changes.links());
    }

    private Map<Path, List<String>> links() {
        Map<Path, List<String>> links = new HashMap<>();
        for (Entry entry : entries) if (entry.after() instanceof State.Link) links.put(entry.path(), granted.roots());
        return links;
    }

    private void children(Directory directory, Path path, @Nullable Directory former) throws IOException {
        for (String name : namesToCompare(directory, path, former)) {
            Path child = path.resolve(name);
            if (granted.isInWorkspace(child)) continue;
            Directory deleted = directory.formers.get(name);
            compare(child, node(directory, name), deleted != null ? deleted : formerBelow(child, former));
        }
    }

    private Set<String> namesToCompare(Directory directory, Path path, @Nullable Directory former) throws IOException {
        Set<String> names = new TreeSet<>(directory.own.keySet());
        // Of a staged file that was taken away nothing is left in the tree: the host has nothing there to hide.
        names.addAll(before.stagedNames(path));
        if (path.equals(directory.lower)) return names;
        names.addAll(namesGone(path, former));
        if (directory.lower != null) names.addAll(before.hostNames(directory.lower));
        return names;
    }

    /** What was in a folder that is not here any more: of a deleted one only what the run saw. */
    private Set<String> namesGone(Path path, @Nullable Directory former) throws IOException {
        if (former == null || !former.removed) return before.names(path);
        Set<String> names = new TreeSet<>(former.own.keySet());
        names.addAll(former.formers.keySet());
        return names;
    }

    private @Nullable Node node(Directory directory, String name) throws IOException {
        Node own = directory.own.get(name);
        if (own != null) return own instanceof Absent ? null : own;
        if (directory.lower == null) return null;
        Path lower = directory.lower.resolve(name);
        Optional<HostStatus> found = before.status(lower);
        if (found.isEmpty()) return null;
        HostStatus status = found.get();
        return switch (status.kind()) {
            case FILE -> new RegularFile(status.key(), lower, status);
            case DIRECTORY -> new Directory(status.key(), lower, status);
            case SYMBOLIC_LINK -> new SymbolicLink(status.key(), lower, status, host.readLink(lower));
            case OTHER -> new Special(status);
        };
    }

    private void compare(Path path, @Nullable Node node, @Nullable Directory former) throws IOException {
        switch (node) {
            case null -> gone(path, former);
            case Directory directory -> folder(path, directory, former);
            case RegularFile file -> {
                Found was = before.at(path);
                if (was.state().isFolder()) goneChildren(path, former);
                file(path, file, was);
            }
            case SymbolicLink link -> {
                Found was = before.at(path);
                if (was.state().isFolder()) goneChildren(path, former);
                // One that was moved stays what it is; of one that was made the time comes about.
                State.Link is = new State.Link(
                        link.target,
                        link.timeSet ? link.modified : link.status == null ? null : link.status.modified(),
                        traits(link, link.status));
                if (is.leadsAs(was.state()) || path.equals(link.lower)) return;
                if (granted.wouldWiden(path, link.target))
                    refusals.add("the run would put a link in the place of " + CopyOnWriteView.shown(path)
                            + ", which is granted, and the next run could reach what it leads to ("
                            + CopyOnWriteView.shown(link.target) + ")");
                add(path, was, is);
            }
            case Special _ -> {
                refusals.add("a renamed folder holds " + CopyOnWriteView.shown(path)
                        + ", which is no regular file, link or folder");
            }
            case Absent _ -> throw new IllegalStateException("absent nodes are taken as null");
        }
    }

    private void folder(Path path, Directory directory, @Nullable Directory former) throws IOException {
        boolean inPlace = path.equals(directory.lower);
        Found was = inPlace && directory.status != null ? before.found(path, directory.status) : before.at(path);
        int count = entries.size();
        children(directory, path, former);
        int modeBefore = was.state() instanceof State.Folder old ? old.mode() : newModes.folder();
        int mode = directory.mode != null
                ? directory.mode
                : inPlace ? modeBefore : directory.status == null ? newModes.folder() : directory.status.mode();
        State.Folder is = new State.Folder(
                mode,
                directory.modified != null
                        ? directory.modified
                        : directory.status == null ? Instant.EPOCH : directory.status.modified(),
                directory.timeSet || isMoved(directory, inPlace) ? Time.CHOSEN : Time.INCIDENTAL,
                folderTraits(directory, inPlace));
        boolean changed = was.state().isFolder()
                ? mode != modeBefore
                        || directory.timeSet
                        || isMoved(directory, inPlace)
                        || !directory.traits.equals(Traits.NONE)
                // A folder that is shown because it leads to a grant comes into being with the first thing in it.
                : !inPlace || entries.stream().skip(count).anyMatch(entry -> entry.after() != State.Absent.ABSENT);
        if (changed) add(path, was, is);
    }

    /** Whether a folder of the host is at another place now and otherwise as it was: it keeps its time. */
    private static boolean isMoved(Directory directory, boolean inPlace) {
        return !inPlace && directory.status != null && directory.modified == null;
    }

    /** What a folder is to have; one of the host that was moved keeps what it had. */
    private Traits folderTraits(Directory directory, boolean inPlace) throws IOException {
        Path lower = directory.lower;
        if (inPlace || lower == null || directory.status == null) return directory.traits;
        Traits.Owner owner = Objects.requireNonNullElse(directory.traits.owner(), directory.status.owner());
        return new Traits(owner, host.extendedAttributes(lower));
    }

    private static Traits traits(Node node, @Nullable HostStatus status) {
        if (node.traits.owner() != null || status == null) return node.traits;
        return new Traits(status.owner(), node.traits.extended());
    }

    /** Of a file with several names one is put, or stays, and the others are linked to it. */
    private void link(RegularFile file, Names names) {
        Path stays = names.inPlace ? file.lower : null;
        Path first = stays != null
                ? stays
                : names.entries.stream()
                        .map(index -> entries.get(index).path())
                        .min(Comparator.naturalOrder())
                        .orElseThrow();
        for (int index : names.entries) {
            Entry entry = entries.get(index);
            if (entry.path().equals(first) || !(entry.after() instanceof State.File is)) continue;
            var content = new Content.Linked(first, is.content());
            State.File after = new State.File(content, is.size(), is.mode(), is.modified(), is.traits());
            entries.set(index, new Entry(entry.path(), entry.before(), entry.fingerprint(), after));
        }
    }

    private void file(Path path, RegularFile file, Found was) throws IOException {
        boolean inPlace = path.equals(file.lower);
        if (file.names > 1) {
            Names names = linked.computeIfAbsent(file, _ -> new Names());
            boolean stays = inPlace && file.upper == null && file.original == null;
            names.inPlace |= stays;
            if (!stays) {
                names.entries.add(entries.size());
                add(path, was, state(file));
                return;
            }
        }
        boolean otherData = file.upper != null || file.original != null;
        boolean attributes = file.mode != null || file.timeSet || !file.traits.equals(Traits.NONE);
        if (inPlace && !otherData && !attributes) return;
        State.File is = state(file);
        if (was.state() instanceof State.File old
                && !file.timeSet
                && file.traits.equals(Traits.NONE)
                && old.mode() == is.mode()
                && same(was, old, is)) return;
        add(path, was, is);
    }

    private boolean same(Found was, State.File old, State.File is) throws IOException {
        if (old.content().equals(is.content())) return true;
        // What moved here is another file, even with the same bytes: its old place is free now.
        if (is.content() instanceof Content.Host || old.size() != is.size()) return false;
        // The same bytes as another has put there meanwhile are no reason to pass over what the run has done.
        return Content.same(host, old.content(), is.content()) && was.isStillThere(host);
    }

    private State.File state(RegularFile file) {
        HostStatus status = file.status;
        int mode = file.mode != null ? file.mode : status == null ? newModes.file() : status.mode();
        Instant modified = file.modified != null
                ? file.modified
                : Objects.requireNonNull(status).modified();
        if (file.upper != null)
            return new State.File(new Content.Own(file.upper), file.upperSize, mode & 0777, modified, file.traits);
        RegularFile.Original copied = file.original;
        if (copied != null) {
            HostStatus of = copied.status();
            var content = new Content.Copy(copied.path(), of.fingerprint());
            return new State.File(content, of.size(), mode & 0777, modified, file.traits);
        }
        if (file.staged != null)
            return new State.File(new Content.Staged(file.staged), file.staged.length, mode, modified, file.traits);
        Path lower = Objects.requireNonNull(file.lower);
        HostStatus known = Objects.requireNonNull(status);
        return new State.File(
                new Content.Host(lower, known.fingerprint()), known.size(), mode, modified, traits(file, known));
    }

    private void gone(Path path, @Nullable Directory former) throws IOException {
        Found was = before.at(path);
        if (was.state() == State.Absent.ABSENT) return;
        if (was.state().isFolder()) goneChildren(path, former);
        add(path, was, State.Absent.ABSENT);
    }

    private void goneChildren(Path path, @Nullable Directory former) throws IOException {
        for (String name : namesGone(path, former)) gone(path.resolve(name), formerBelow(path.resolve(name), former));
    }

    private static @Nullable Directory formerBelow(Path path, @Nullable Directory former) {
        if (former == null) return null;
        String name = HostFiles.nameOf(path);
        Directory deleted = former.formers.get(name);
        if (deleted != null) return deleted;
        return former.own.get(name) instanceof Directory kept && path.equals(kept.lower) ? kept : null;
    }

    private void add(Path path, Found was, State is) {
        if (before.isSpecial(was))
            refusals.add("the run would replace " + CopyOnWriteView.shown(path)
                    + ", which is no regular file, link or folder");
        entries.add(new Entry(path, was.state(), was.fingerprint(), is));
    }
}
