package dev.understudy.sandbox.control.files;

import dev.understudy.sandbox.control.files.ChangeSet.Entry;
import dev.understudy.sandbox.control.files.HostFiles.Pinned;
import dev.understudy.sandbox.control.files.Journal.Done;
import dev.understudy.sandbox.control.files.Journal.Plan;
import dev.understudy.sandbox.control.files.Journal.Prepared;
import dev.understudy.sandbox.control.files.Journal.Side;
import dev.understudy.sandbox.control.files.Journal.Step;
import dev.understudy.sandbox.control.files.Journal.Step.Act;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * One commit, from its plan to its end, or back from wherever it stopped.
 *
 * <p>New content first goes into temporary files beside its targets and before-images into the journal's folder, where
 * the disk may still be full without harm. Then, in this order: renamed files leave for their temporary names, what is
 * gone is deleted, new folders are made, temporary files take their places by atomic renames, and permissions and
 * times of folders are set. Rolling back looks at each path to see how far this got, so it may itself be stopped and
 * begun again. Every step reaches its folder by {@link HostFiles}, never through a link.
 *
 * <p>A file that is replaced keeps its permissions and its owner where possible, but becomes a file of its own: other
 * names of the old one (hard links) keep the old content.
 */
final class Commit {
    private final HostFiles host;
    private final Journal journal;
    private final Consumer<String> reached;

    /**
     * @param reached hears the name of each step that is done; a test stops the process there
     */
    Commit(HostFiles host, Journal journal, Consumer<String> reached) {
        this.host = host;
        this.journal = journal;
        this.reached = reached;
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

    // ---- plan

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
            for (String child : namesIn(entry.path())) {
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

    private List<String> namesIn(Path folder) throws IOException {
        try {
            return host.list(folder);
        } catch (NoSuchFileException | NotDirectoryException _) {
            return List.of();
        }
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
        Path source = entry.after()
                        instanceof
                        State.File(Content.Host(Path from, Fingerprint _), long _, int _, Instant _, Traits _)
                ? from
                : null;
        if (entry.path().equals(source)) return new Step(path, before, after, Act.ATTRIBUTES, "", "", 0);
        Path folder = stayingFolder(entry.path(), entries);
        String temporary = folder.resolve(".understudy-" + name + "-" + number).toString();
        if (source == null) return new Step(path, before, after, Act.PUT, temporary, "", 0);
        boolean leaves = entries.containsKey(source);
        Act act = leaves && device(source).equals(device(folder)) ? Act.RENAME : Act.PUT;
        return new Step(path, before, after, act, temporary, source.toString(), 0);
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

    // ---- forward

    /** Does the planned changes; the journal holds the plan. Anything thrown leaves a state for {@link #rollBack}. */
    void run(Plan plan, ChangeSet changes, InstantSource clock) throws IOException {
        journal.create(plan);
        reached.accept("planned");
        Prepared prepared = prepare(plan, changes);
        journal.prepared(prepared);
        reached.accept("prepared");
        apply(plan);
        List<Side> sides = new ArrayList<>();
        for (Step step : plan.steps()) sides.add(sideNow(step));
        journal.done(new Done(clock.instant().toString(), sides));
        reached.accept("done");
    }

    private Side sideNow(Step step) throws IOException {
        Optional<HostStatus> status = host.status(step.at());
        if (status.isEmpty()) return Side.ABSENT;
        HostStatus is = status.get();
        return new Side(
                step.after().kind(),
                is.mode(),
                is.size(),
                is.modified().toString(),
                is.key(),
                is.uid(),
                is.gid(),
                step.after().target(),
                Map.of());
    }

    private Prepared prepare(Plan plan, ChangeSet changes) throws IOException {
        List<String> keys = new ArrayList<>();
        Set<Path> folders = new TreeSet<>();
        for (int i = 0; i < plan.steps().size(); i++) {
            Step step = plan.steps().get(i);
            if (step.image() > 0) {
                keepImage(step);
                reached.accept("before-image of " + step.path());
            }
            switch (step.act()) {
                case RENAME -> keys.add(statusOf(Path.of(step.from())).key());
                case ATTRIBUTES -> keys.add("");
                case PUT -> {
                    if (step.temporary().isEmpty()) {
                        keys.add("");
                        continue;
                    }
                    Path temporary = Path.of(step.temporary());
                    write(step, temporary, changes.entries().get(i).after());
                    keys.add(statusOf(temporary).key());
                    folders.add(Objects.requireNonNull(temporary.getParent()));
                    reached.accept("new content of " + step.path());
                }
            }
        }
        for (Path folder : folders) sync(folder);
        return new Prepared(keys);
    }

    private HostStatus statusOf(Path path) throws IOException {
        return host.status(path).orElseThrow(() -> new NoSuchFileException(path.toString()));
    }

    private void keepImage(Step step) throws IOException {
        Path image = journal.image(step.image());
        try (Pinned folder = host.pinParent(step.at())) {
            Path file = folder.child(HostFiles.nameOf(step.at()));
            try {
                // A second name costs nothing: the commit itself replaces files and never writes into them.
                Files.createLink(image, file);
            } catch (FileSystemException | UnsupportedOperationException _) {
                copyWithAttributes(step.at(), image);
            }
            folder.verify();
        }
        HostStatus kept = HostStatus.read(image, LinkOption.NOFOLLOW_LINKS);
        if (kept.size() != step.before().size()
                || !kept.modified().toString().equals(step.before().modified())) throw changedMeanwhile(step.at());
    }

    private void copyWithAttributes(Path from, Path to) throws IOException {
        HostFiles.Opened opened = host.openRegular(from);
        try (FileChannel source = opened.channel();
                FileChannel target = FileChannel.open(to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            copy(source, target);
            target.force(true);
        }
        HostStatus status = opened.status();
        setOwner(to, status.uid(), status.gid());
        Traits.writeExtended(to, host.extendedAttributes(from));
        setMode(to, status.mode());
        setTime(to, status.modified().toString());
    }

    /** The kernel does it, by sharing blocks where the file system can (copy_file_range). */
    private static void copy(FileChannel from, FileChannel to) throws IOException {
        // Not transferTo in a loop to a size: a file that grows meanwhile is noticed by its time, not here.
        from.transferTo(0, Long.MAX_VALUE, to);
        long copied = to.size();
        while (copied < from.size()) {
            long more = from.transferTo(copied, from.size() - copied, to);
            if (more <= 0) throw new IOException("a file became shorter while it was copied");
            copied += more;
        }
    }

    private void write(Step step, Path temporary, State after) throws IOException {
        try (Pinned folder = host.pinParent(temporary)) {
            Path target = folder.child(HostFiles.nameOf(temporary));
            if (after instanceof State.Link) makeLink(target, step.after());
            else place((State.File) after, target);
            folder.verify();
        }
        if (!(after instanceof State.File file)) return;
        boolean moved = file.content() instanceof Content.Host;
        boolean overwrites = step.before().is(Side.Kind.FILE) && !moved;
        Map<String, String> extended = new HashMap<>();
        if (overwrites) extended.putAll(host.extendedAttributes(step.at()));
        else if (moved) extended.putAll(host.extendedAttributes(Path.of(step.from())));
        extended.putAll(file.traits().extended());
        boolean named = file.traits().owner() != null;
        Side given = new Side(
                Side.Kind.FILE,
                file.mode(),
                file.size(),
                file.modified().toString(),
                "",
                overwrites && !named ? step.before().uid() : step.after().uid(),
                overwrites && !named ? step.before().gid() : step.after().gid(),
                "",
                extended);
        attributes(temporary, given);
    }

    private static void makeLink(Path at, Side side) throws IOException {
        Files.createSymbolicLink(at, FileNames.onDisk(Path.of(side.target())));
        setOwner(at, side.uid(), side.gid(), LinkOption.NOFOLLOW_LINKS);
        setTime(at, side.modified(), LinkOption.NOFOLLOW_LINKS);
    }

    private void place(State.File file, Path target) throws IOException {
        if (file.content() instanceof Content.Own(Path own)) {
            try {
                Files.createLink(target, own);
                try (FileChannel channel = FileChannel.open(target, StandardOpenOption.READ)) {
                    channel.force(true);
                }
                return;
            } catch (FileAlreadyExistsException e) {
                throw e;
            } catch (FileSystemException | UnsupportedOperationException _) {
                // Another file system, or one without links.
                copyWithAttributes(own, target);
                return;
            }
        }
        try (FileChannel channel = FileChannel.open(
                target,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            Path original = file.content().original();
            if (original != null) {
                try (FileChannel source = host.openRegular(original).channel()) {
                    copy(source, channel);
                }
            } else {
                try (InputStream source = file.content().open(host)) {
                    source.transferTo(Channels.newOutputStream(channel));
                }
            }
            channel.force(true);
        }
    }

    private void apply(Plan plan) throws IOException {
        List<Step> steps = plan.steps();
        Map<String, Step> byPath = new HashMap<>();
        for (Step step : steps) byPath.put(step.path(), step);
        Set<String> takenOut = new HashSet<>();
        for (Step step : steps) {
            if (step.act() != Act.RENAME) continue;
            requireAsBefore(Objects.requireNonNull(byPath.get(step.from())));
            takenOut.add(step.from());
            rename(Path.of(step.from()), Path.of(step.temporary()));
            reached.accept("taken out " + step.from());
        }
        for (Step step : steps) {
            boolean fileGoes = (step.before().is(Side.Kind.FILE)
                            || step.before().is(Side.Kind.LINK))
                    && (step.after().is(Side.Kind.ABSENT) || step.after().is(Side.Kind.FOLDER));
            if (!fileGoes || takenOut.contains(step.path())) continue;
            requireAsBefore(step);
            delete(step.at());
            reached.accept("deleted " + step.path());
        }
        for (Step step : deepestFirst(steps)) {
            if (!step.before().is(Side.Kind.FOLDER) || step.after().is(Side.Kind.FOLDER)) continue;
            delete(step.at());
            reached.accept("deleted folder " + step.path());
        }
        for (Step step : steps) {
            if (step.before().is(Side.Kind.FOLDER) || !step.after().is(Side.Kind.FOLDER)) continue;
            createFolder(step.at());
            reached.accept("created folder " + step.path());
        }
        for (Step step : steps) {
            if (step.temporary().isEmpty()) continue;
            boolean replaces =
                    (step.before().is(Side.Kind.FILE) || step.before().is(Side.Kind.LINK))
                            && !takenOut.contains(step.path());
            if (replaces) requireAsBefore(step);
            else if (host.status(step.at()).isPresent()) throw changedMeanwhile(step.at());
            rename(Path.of(step.temporary()), step.at());
            reached.accept("put " + step.path());
        }
        for (Step step : deepestFirst(steps)) {
            boolean needed = step.after().is(Side.Kind.FOLDER) || step.act() != Act.PUT;
            if (!needed) continue;
            attributes(step.at(), step.after());
            reached.accept("attributes of " + step.path());
        }
        syncAll(steps);
    }

    private static List<Step> deepestFirst(List<Step> steps) {
        return steps.stream()
                .sorted(Comparator.comparingInt((Step step) -> step.at().getNameCount())
                        .reversed())
                .toList();
    }

    private void requireAsBefore(Step step) throws IOException {
        Side before = step.before();
        boolean same = host.status(step.at())
                .filter(now -> now.key().equals(before.key())
                        && now.size() == before.size()
                        && now.modified().toString().equals(before.modified()))
                .isPresent();
        if (!same) throw changedMeanwhile(step.at());
    }

    private static IOException changedMeanwhile(Path path) {
        return new FileSystemException(path.toString(), null, "changed while the changes were committed");
    }

    // ---- backward

    /**
     * Brings everything back to where it was before the commit, from wherever the commit or an earlier roll-back
     * stopped. What others put in the way meanwhile stays, and is returned as what could not be brought back.
     */
    List<String> rollBack() throws IOException {
        Journal.Contents contents = journal.read();
        if (contents.plan().isEmpty()) return List.of();
        List<Step> steps = contents.plan().get().steps();
        List<String> problems = new ArrayList<>();
        if (contents.prepared().isPresent()) {
            List<String> keys = contents.prepared().get().keys();
            takeBack(steps, keys);
            restore(steps, keys, problems);
        }
        for (Step step : steps) {
            if (step.temporary().isEmpty() || step.act() == Act.RENAME) continue;
            Path temporary = Path.of(step.temporary());
            if (host.status(temporary).isPresent()) {
                delete(temporary);
                reached.accept("rolled back temporary " + step.path());
            }
        }
        if (contents.prepared().isPresent()) syncAll(steps);
        return problems;
    }

    private void takeBack(List<Step> steps, List<String> keys) throws IOException {
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            if (step.temporary().isEmpty() || !isAt(step.at(), keys.get(i))) continue;
            rename(step.at(), Path.of(step.temporary()));
            reached.accept("rolled back put " + step.path());
        }
        for (Step step : deepestFirst(steps)) {
            if (step.before().is(Side.Kind.FOLDER) || !step.after().is(Side.Kind.FOLDER)) continue;
            Optional<HostStatus> status = host.status(step.at());
            if (status.isEmpty() || status.get().kind() != FileView.Kind.DIRECTORY) continue;
            if (!namesIn(step.at()).isEmpty()) continue;
            delete(step.at());
            reached.accept("rolled back folder " + step.path());
        }
    }

    private void restore(List<Step> steps, List<String> keys, List<String> problems) throws IOException {
        for (Step step : steps) {
            if (!step.before().is(Side.Kind.FOLDER) || host.status(step.at()).isPresent()) continue;
            createFolder(step.at());
            reached.accept("rolled back deletion of folder " + step.path());
        }
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            if (step.act() != Act.RENAME || !isAt(Path.of(step.temporary()), keys.get(i))) continue;
            rename(Path.of(step.temporary()), Path.of(step.from()));
            reached.accept("rolled back renaming of " + step.from());
        }
        for (Step step : steps) {
            if (host.status(step.at()).isPresent()) continue;
            if (step.image() > 0) restoreImage(step);
            else if (step.before().is(Side.Kind.LINK)) restoreLink(step);
            else continue;
            reached.accept("rolled back deletion of " + step.path());
        }
        for (Step step : deepestFirst(steps)) {
            boolean isBack = step.before().is(Side.Kind.FOLDER)
                    ? isKind(host.status(step.at()), FileView.Kind.DIRECTORY)
                    : step.before().is(Side.Kind.FILE)
                            && isAt(step.at(), step.before().key());
            if (isBack) attributes(step.at(), step.before());
        }
        for (Step step : steps) {
            Optional<HostStatus> status = host.status(step.at());
            boolean asBefore = switch (step.before().kind()) {
                case ABSENT -> status.isEmpty();
                case FOLDER -> isKind(status, FileView.Kind.DIRECTORY);
                case FILE ->
                    isKind(status, FileView.Kind.FILE)
                            && status.get().size() == step.before().size();
                case LINK -> isKind(status, FileView.Kind.SYMBOLIC_LINK);
            };
            if (!asBefore)
                problems.add(CopyOnWriteView.shown(step.at()) + " could not be brought back: something else is there");
        }
    }

    private static boolean isKind(Optional<HostStatus> status, FileView.Kind kind) {
        return status.isPresent() && status.get().kind() == kind;
    }

    private boolean isAt(Path path, String key) throws IOException {
        return !key.isEmpty() && host.status(path).map(HostStatus::key).equals(Optional.of(key));
    }

    private void restoreImage(Step step) throws IOException {
        Path image = journal.image(step.image());
        try (Pinned folder = host.pinParent(step.at())) {
            Path target = folder.child(HostFiles.nameOf(step.at()));
            HostStatus kept = HostStatus.read(image, LinkOption.NOFOLLOW_LINKS);
            if (kept.key().equals(step.before().key())) {
                Files.createLink(target, image);
            } else {
                // Under another name first, so that a kill in between leaves no half file under its own.
                Path half = folder.child(".understudy-back-" + journal.folder().getFileName() + "-" + step.image());
                Files.deleteIfExists(half);
                copyWithAttributes(image, half);
                Files.move(half, target, StandardCopyOption.ATOMIC_MOVE);
            }
            folder.verify();
        }
    }

    private void restoreLink(Step step) throws IOException {
        try (Pinned folder = host.pinParent(step.at())) {
            makeLink(folder.child(HostFiles.nameOf(step.at())), step.before());
            folder.verify();
        }
    }

    // ---- single steps

    private void rename(Path from, Path to) throws IOException {
        try (Pinned source = host.pinParent(from);
                Pinned target = host.pinParent(to)) {
            Files.move(
                    source.child(HostFiles.nameOf(from)),
                    target.child(HostFiles.nameOf(to)),
                    StandardCopyOption.ATOMIC_MOVE);
            source.verify();
            target.verify();
        }
    }

    private void delete(Path path) throws IOException {
        try (Pinned folder = host.pinParent(path)) {
            Files.delete(folder.child(HostFiles.nameOf(path)));
            folder.verify();
        }
    }

    private void createFolder(Path path) throws IOException {
        try (Pinned folder = host.pinParent(path)) {
            // Private until everything is in it; its own permissions come last.
            Files.createDirectory(
                    folder.child(HostFiles.nameOf(path)),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            folder.verify();
        }
    }

    private void attributes(Path path, Side side) throws IOException {
        try (Pinned target = host.pinForAttributes(path)) {
            setOwner(target.path(), side.uid(), side.gid());
            Traits.writeExtended(target.path(), side.extended());
            setMode(target.path(), side.mode());
            setTime(target.path(), side.modified());
            target.verify();
        }
    }

    /** Owner and group where this user may give them; -1 leaves them. */
    private static void setOwner(Path path, int uid, int gid, LinkOption... options) throws IOException {
        if (uid < 0) return;
        HostStatus is = HostStatus.read(path, options);
        try {
            if (is.gid() != gid) Files.setAttribute(path, "unix:gid", gid, options);
            if (is.uid() != uid) Files.setAttribute(path, "unix:uid", uid, options);
        } catch (FileSystemException _) {
            // Only the superuser gives files away; anyone else's new file is its own.
        }
    }

    private static void setMode(Path path, int mode) throws IOException {
        if (HostStatus.read(path).mode() != mode) Files.setAttribute(path, "unix:mode", mode);
    }

    private static void setTime(Path path, String modified, LinkOption... options) throws IOException {
        if (modified.isEmpty()) return;
        FileTime time = FileTime.from(Instant.parse(modified));
        Files.getFileAttributeView(path, BasicFileAttributeView.class, options).setTimes(time, null, null);
    }

    private void syncAll(List<Step> steps) throws IOException {
        Set<Path> folders = new TreeSet<>();
        for (Step step : steps) {
            Path parent = step.at().getParent();
            if (parent != null) folders.add(parent);
            if (!step.from().isEmpty())
                folders.add(Objects.requireNonNull(Path.of(step.from()).getParent()));
            if (!step.temporary().isEmpty())
                folders.add(Objects.requireNonNull(Path.of(step.temporary()).getParent()));
        }
        for (Path folder : folders)
            // Some of them are gone, or a file by now.
            if (isKind(host.status(folder), FileView.Kind.DIRECTORY)) sync(folder);
    }

    private void sync(Path folder) throws IOException {
        try (Pinned pinned = host.pin(folder)) {
            Journal.sync(pinned.path());
        }
    }
}
