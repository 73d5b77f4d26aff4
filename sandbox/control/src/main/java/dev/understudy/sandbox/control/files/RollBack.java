package dev.understudy.sandbox.control.files;

import dev.understudy.sandbox.control.files.HostFiles.Pinned;
import dev.understudy.sandbox.control.files.Journal.Side;
import dev.understudy.sandbox.control.files.Journal.Step;
import dev.understudy.sandbox.control.files.Journal.Step.Act;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Takes a commit back, from wherever it or an earlier roll-back stopped: looks at each path to see how far that got, so it
 * may itself be stopped and begun again.
 */
final class RollBack {
    private final HostFiles host;
    private final HostActs acts;
    private final Journal journal;
    private final MadeLinks madeLinks;
    private final Consumer<String> reached;

    /**
     * @param reached hears the name of each step that is done; a test stops the process there
     */
    RollBack(HostFiles host, Journal journal, MadeLinks madeLinks, Consumer<String> reached) {
        this.host = host;
        acts = new HostActs(host);
        this.journal = journal;
        this.madeLinks = madeLinks;
        this.reached = reached;
    }

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
                acts.delete(temporary);
                reached.accept("rolled back temporary " + step.path());
            }
        }
        if (contents.prepared().isPresent()) acts.syncAll(steps);
        return problems;
    }

    private void takeBack(List<Step> steps, List<String> keys) throws IOException {
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            if (step.temporary().isEmpty() || !isAt(step.at(), keys.get(i))) continue;
            acts.rename(step.at(), Path.of(step.temporary()));
            reached.accept("rolled back put " + step.path());
        }
        for (Step step : HostActs.deepestFirst(steps)) {
            if (step.before().is(Side.Kind.FOLDER) || !step.after().is(Side.Kind.FOLDER)) continue;
            Optional<HostStatus> status = host.status(step.at());
            if (status.isEmpty() || status.get().kind() != FileView.Kind.DIRECTORY) continue;
            if (!acts.namesIn(step.at()).isEmpty()) continue;
            acts.delete(step.at());
            reached.accept("rolled back folder " + step.path());
        }
    }

    private void restore(List<Step> steps, List<String> keys, List<String> problems) throws IOException {
        for (Step step : steps) {
            if (!step.before().is(Side.Kind.FOLDER) || host.status(step.at()).isPresent()) continue;
            acts.createFolder(step.at());
            reached.accept("rolled back deletion of folder " + step.path());
        }
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            if (step.act() != Act.RENAME || !isAt(Path.of(step.temporary()), keys.get(i))) continue;
            acts.rename(Path.of(step.temporary()), Path.of(step.from()));
            reached.accept("rolled back renaming of " + step.from());
        }
        for (Step step : steps) {
            if (host.status(step.at()).isPresent()) continue;
            if (step.image() > 0) restoreImage(step);
            else if (step.before().is(Side.Kind.LINK)) restoreLink(step);
            else continue;
            reached.accept("rolled back deletion of " + step.path());
        }
        for (Step step : HostActs.deepestFirst(steps)) {
            boolean isBack = step.before().is(Side.Kind.FOLDER)
                    ? HostActs.isKind(host.status(step.at()), FileView.Kind.DIRECTORY)
                    : step.before().is(Side.Kind.FILE)
                            && isAt(step.at(), step.before().key());
            if (isBack) acts.attributes(step.at(), step.before());
        }
        for (Step step : steps) {
            Optional<HostStatus> status = host.status(step.at());
            boolean asBefore = switch (step.before().kind()) {
                case ABSENT -> status.isEmpty();
                case FOLDER -> HostActs.isKind(status, FileView.Kind.DIRECTORY);
                case FILE ->
                    HostActs.isKind(status, FileView.Kind.FILE)
                            && status.get().size() == step.before().size();
                case LINK -> HostActs.isKind(status, FileView.Kind.SYMBOLIC_LINK);
            };
            if (!asBefore)
                problems.add(CopyOnWriteView.shown(step.at()) + " could not be brought back: something else is there");
        }
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
                acts.copyWithAttributes(image, half);
                Files.move(half, target, StandardCopyOption.ATOMIC_MOVE);
            }
            folder.verify();
        }
    }

    private void restoreLink(Step step) throws IOException {
        try (Pinned folder = host.pinParent(step.at())) {
            Path link = folder.child(HostFiles.nameOf(step.at()));
            HostActs.makeLink(link, step.before());
            HostStatus status = HostStatus.read(link, LinkOption.NOFOLLOW_LINKS);
            for (MadeLinks.Made each : madeLinks.read())
                if (each.is(step.before()))
                    madeLinks.add(List.of(new MadeLinks.Made(
                            step.path(), status.key(), status.modified().toString(), each.granted())));
            folder.verify();
        }
    }
}
