package dev.understudy.sandbox.control.files;

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
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
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
 * One commit, from its plan to its end. Where it stops on the way, {@link RollBack} takes it back.
 *
 * <p>New content first goes into temporary files beside its targets and before-images into the journal's folder, where
 * the disk may still be full without harm. Then, in this order: renamed files leave for their temporary names, what is
 * gone is deleted, new folders are made, temporary files take their places by atomic renames, and permissions and
 * times of folders are set. Every step reaches its folder by {@link HostFiles}, never through a link.
 *
 * <p>A file that is replaced keeps its permissions and its owner where possible, but becomes a file of its own: other
 * names of the old one (hard links) keep the old content.
 */
final class Commit {
    private final HostFiles host;
    private final HostActs acts;
    private final Journal journal;
    private final MadeLinks madeLinks;
    private final Consumer<String> reached;
    private final NewModes newModes = NewModes.ofThisProcess();

    /**
     * @param reached hears the name of each step that is done; a test stops the process there
     */
    Commit(HostFiles host, Journal journal, MadeLinks madeLinks, Consumer<String> reached) {
        this.host = host;
        acts = new HostActs(host);
        this.journal = journal;
        this.madeLinks = madeLinks;
        this.reached = reached;
    }

    /** Does the planned changes; the journal holds the plan. Anything thrown leaves a state for {@link RollBack}. */
    void run(Plan plan, ChangeSet changes, InstantSource clock) throws IOException {
        journal.create(plan);
        reached.accept("planned");
        Prepared prepared = prepare(plan, changes);
        noteLinks(plan, changes);
        journal.prepared(prepared);
        reached.accept("prepared");
        apply(plan);
        List<Side> sides = new ArrayList<>();
        for (Step step : plan.steps()) sides.add(sideNow(step));
        journal.done(new Done(clock.instant().toString(), sides));
        reached.accept("done");
    }

    private void noteLinks(Plan plan, ChangeSet changes) throws IOException {
        List<MadeLinks.Made> made = new ArrayList<>();
        for (Step step : plan.steps()) {
            List<String> granted = changes.linksOfRuns().get(step.at());
            if (granted == null || !step.after().is(Side.Kind.LINK)) continue;
            HostStatus link = statusOf(Path.of(step.temporary()));
            made.add(new MadeLinks.Made(step.path(), link.key(), link.modified().toString(), granted));
        }
        madeLinks.add(made);
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
                case LINK -> {
                    Path temporary = Path.of(step.temporary());
                    link(source(step, plan), temporary);
                    keys.add(statusOf(temporary).key());
                    folders.add(Objects.requireNonNull(temporary.getParent()));
                    reached.accept("one more name " + step.path());
                }
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
        for (Path folder : folders) acts.sync(folder);
        return new Prepared(keys);
    }

    /** Where the file that is to get one more name is now. */
    private static Path source(Step step, Plan plan) {
        for (Step other : plan.steps()) {
            if (!other.path().equals(step.from())) continue;
            return switch (other.act()) {
                case RENAME -> Path.of(other.from());
                case PUT -> Path.of(other.temporary());
                case LINK, ATTRIBUTES -> other.at();
            };
        }
        return Path.of(step.from());
    }

    private void link(Path existing, Path name) throws IOException {
        try (Pinned source = host.pinParent(existing);
                Pinned target = host.pinParent(name)) {
            Files.createLink(target.child(HostFiles.nameOf(name)), source.child(HostFiles.nameOf(existing)));
            source.verify();
            target.verify();
        }
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
                acts.copyWithAttributes(step.at(), image);
            }
            folder.verify();
        }
        HostStatus kept = HostStatus.read(image, LinkOption.NOFOLLOW_LINKS);
        if (kept.size() != step.before().size()
                || !kept.modified().toString().equals(step.before().modified()))
            throw HostActs.changedMeanwhile(step.at());
    }

    private void write(Step step, Path temporary, State after) throws IOException {
        boolean inherits = after instanceof State.File file
                && !step.before().is(Side.Kind.FILE)
                && file.traits().owner() == null
                && !(file.content() instanceof Content.Host);
        Optional<byte[]> inherited = Optional.empty();
        try (Pinned folder = host.pinParent(temporary)) {
            Path target = folder.child(HostFiles.nameOf(temporary));
            if (inherits) inherited = AccessLists.read(folder.path(), AccessLists.DEFAULT);
            boolean asMadeThere = inherited.isPresent() || (inherits && isSetGid(folder.path()));
            if (after instanceof State.Link) HostActs.makeLink(target, step.after());
            else place((State.File) after, target, asMadeThere);
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
        acts.attributes(temporary, inherited.isPresent() ? given.withInherited(inherited.get(), newModes) : given);
    }

    private static boolean isSetGid(Path folder) throws IOException {
        return (HostStatus.read(folder).mode() & HostStatus.SET_GID) != 0;
    }

    /** @param asMadeThere whether its folder gives what is made in it a group or an access control list */
    private void place(State.File file, Path target, boolean asMadeThere) throws IOException {
        if (!asMadeThere && file.content() instanceof Content.Own(Path own)) {
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
                acts.copyWithAttributes(own, target);
                return;
            }
        }
        try (FileChannel channel = FileChannel.open(
                target,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            // What it has got from this folder is not what it is to have.
            AccessLists.remove(target, AccessLists.ACCESS);
            Path original = file.content() instanceof Content.Own(Path own)
                    ? own
                    : file.content().original();
            if (original != null) {
                try (FileChannel source = host.openRegular(original).channel()) {
                    HostActs.copy(source, channel);
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
            acts.rename(Path.of(step.from()), Path.of(step.temporary()));
            reached.accept("taken out " + step.from());
        }
        for (Step step : steps) {
            boolean fileGoes = (step.before().is(Side.Kind.FILE)
                            || step.before().is(Side.Kind.LINK))
                    && (step.after().is(Side.Kind.ABSENT) || step.after().is(Side.Kind.FOLDER));
            if (!fileGoes || takenOut.contains(step.path())) continue;
            requireAsBefore(step);
            acts.delete(step.at());
            reached.accept("deleted " + step.path());
        }
        for (Step step : HostActs.deepestFirst(steps)) {
            if (!step.before().is(Side.Kind.FOLDER) || step.after().is(Side.Kind.FOLDER)) continue;
            acts.delete(step.at());
            reached.accept("deleted folder " + step.path());
        }
        for (Step step : steps) {
            if (step.before().is(Side.Kind.FOLDER) || !step.after().is(Side.Kind.FOLDER)) continue;
            acts.createFolder(step.at());
            reached.accept("created folder " + step.path());
        }
        for (Step step : steps) {
            if (step.temporary().isEmpty()) continue;
            boolean replaces =
                    (step.before().is(Side.Kind.FILE) || step.before().is(Side.Kind.LINK))
                            && !takenOut.contains(step.path());
            if (replaces) requireAsBefore(step);
            else if (host.status(step.at()).isPresent()) throw HostActs.changedMeanwhile(step.at());
            acts.rename(Path.of(step.temporary()), step.at());
            reached.accept("put " + step.path());
        }
        for (Step step : HostActs.deepestFirst(steps)) {
            boolean needed =
                    step.after().is(Side.Kind.FOLDER) || step.act() == Act.RENAME || step.act() == Act.ATTRIBUTES;
            if (!needed) continue;
            boolean made = step.after().is(Side.Kind.FOLDER) && !step.before().is(Side.Kind.FOLDER);
            if (made) acts.attributesOfNewFolder(step.at(), step.after(), newModes);
            else acts.attributes(step.at(), step.after());
            reached.accept("attributes of " + step.path());
        }
        acts.syncAll(steps);
    }

    private void requireAsBefore(Step step) throws IOException {
        Side before = step.before();
        boolean same = host.status(step.at())
                .filter(now -> now.key().equals(before.key())
                        && now.size() == before.size()
                        && now.modified().toString().equals(before.modified()))
                .isPresent();
        if (!same) throw HostActs.changedMeanwhile(step.at());
    }
}
