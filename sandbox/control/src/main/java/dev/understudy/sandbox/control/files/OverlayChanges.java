package dev.understudy.sandbox.control.files;

import dev.understudy.sandbox.control.files.Baseline.Found;
import dev.understudy.sandbox.control.files.FileView.Kind;
import dev.understudy.sandbox.control.files.HostFiles.Pinned;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Instant;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Reads what an overlay mount has gathered in its upper folder (Linux, {@code Documentation/filesystems/overlayfs.rst},
 * option {@code userxattr}): a deleted name is a character device 0/0 or an empty file marked as a whiteout, and a
 * folder marked opaque hides the lower one.
 */
final class OverlayChanges {
    private static final String OPAQUE = "overlay.opaque";
    private static final String WHITEOUT = "overlay.whiteout";
    private static final String REDIRECT = "overlay.redirect";
    private static final String METACOPY = "overlay.metacopy";

    private final HostFiles host;
    private final ForeignFiles changes;
    private final Baseline.Look before;
    private final Instant started;

    OverlayChanges(HostFiles host, ForeignFiles changes, Instant started) {
        this.host = host;
        this.changes = changes;
        this.before = new Baseline(host).look();
        this.started = started;
    }

    /** Compares an upper folder with the lower one over which it was mounted. */
    void folder(Path upper, Path lower) throws IOException {
        compare(upper, lower, false);
    }

    private void compare(Path upper, Path lower, boolean hidesLower) throws IOException {
        TreeSet<String> names = new TreeSet<>(host.list(upper));
        if (hidesLower) {
            for (String name : before.hostNames(lower)) if (!names.contains(name)) gone(lower.resolve(name));
        }
        for (String name : names) entry(upper.resolve(name), lower.resolve(name));
    }

    private void entry(Path file, Path path) throws IOException {
        Optional<HostStatus> found = host.status(file);
        if (found.isEmpty()) return;
        HostStatus is = found.get();
        if (is.whiteout()
                || (is.kind() == Kind.FILE
                        && is.size() == 0
                        && mark(file, WHITEOUT).isPresent())) {
            gone(path);
            return;
        }
        if (is.kind() == Kind.FILE && mark(file, METACOPY).isPresent()) {
            changes.refuse(path, "is in an overlay with metacopy, which is not understood; mount it without");
            return;
        }
        Found was = before(path);
        if (is.kind() != Kind.DIRECTORY) {
            if (was.state().isFolder()) goneChildren(path);
            changes.add(path, was, file, is);
            return;
        }
        if (mark(file, REDIRECT).isPresent()) {
            changes.refuse(path, "is in an overlay with redirect_dir, which is not understood; mount it without");
            return;
        }
        changes.add(path, was, file, is);
        boolean opaque = mark(file, OPAQUE).filter("y"::equals).isPresent();
        compare(file, path, opaque && was.state().isFolder());
    }

    private void gone(Path path) throws IOException {
        Found was = before(path);
        if (was.state() == State.Absent.ABSENT) return;
        if (was.state().isFolder()) goneChildren(path);
        changes.gone(path, was);
    }

    private void goneChildren(Path folder) throws IOException {
        for (String name : before.hostNames(folder)) gone(folder.resolve(name));
    }

    /**
     * The host's state there. The overlay does not say what it was when the run began, but the time of the last change
     * does: what has changed since is given a fingerprint that nothing has, so that the commit is a conflict.
     */
    private Found before(Path path) throws IOException {
        Found found = before.at(path);
        Fingerprint print = found.fingerprint();
        if (print == null || print.kind() == Kind.DIRECTORY) return found;
        Instant changed = before.status(path).map(HostStatus::changed).orElse(Instant.MIN);
        if (!changed.isAfter(started)) return found;
        return new Found(
                found.state(),
                new Fingerprint(
                        print.kind(), "changed since the run began", print.size(), print.modified(), print.mode()));
    }

    private Optional<String> mark(Path file, String name) throws IOException {
        try (Pinned pinned = host.pinForAttributes(file)) {
            UserDefinedFileAttributeView view =
                    Files.getFileAttributeView(pinned.path(), UserDefinedFileAttributeView.class);
            if (view == null || !view.list().contains(name)) return Optional.empty();
            ByteBuffer value = ByteBuffer.allocate(view.size(name));
            view.read(name, value);
            return Optional.of(new String(value.array(), 0, value.position(), StandardCharsets.UTF_8));
        }
    }
}
