package dev.understudy.sandbox.control.files;

import dev.understudy.sandbox.control.files.Baseline.Found;
import dev.understudy.sandbox.control.files.ChangeSet.Entry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Collects what a process wrote by itself into a folder of its own, which is not trusted: links stay text, special
 * files are refused, and the bits that lend an owner's or group's rights are dropped.
 */
final class ForeignFiles {
    private final HostFiles host;
    private final Predicate<Path> untouchable;
    private final List<Entry> entries = new ArrayList<>();
    private final List<String> refusals = new ArrayList<>();

    /**
     * @param untouchable the host's own paths, at which nothing may be changed
     */
    ForeignFiles(HostFiles host, Predicate<Path> untouchable) {
        this.host = host;
        this.untouchable = untouchable;
    }

    ChangeSet changes() {
        return new ChangeSet(host, entries, Map.of(), refusals);
    }

    void refuse(Path path, String why) {
        refusals.add(CopyOnWriteView.shown(path) + " " + why);
    }

    /** Adds what is at {@code file} as the new state of a path; folders without what is in them. */
    void add(Path path, Found was, Path file, HostStatus is) throws IOException {
        switch (is.kind()) {
            case DIRECTORY -> {
                if (was.state() instanceof State.Folder old && old.mode() == keptMode(old.mode(), is)) return;
                int mode = keptMode(was.state() instanceof State.Folder old ? old.mode() : 0, is);
                put(path, was, new State.Folder(mode, is.modified(), State.Time.INCIDENTAL));
            }
            case SYMBOLIC_LINK -> {
                State.Link link = new State.Link(host.readLink(file));
                if (!link.equals(was.state())) put(path, was, link);
            }
            case FILE -> {
                State.File now = new State.File(new Content.Foreign(file), is.size(), is.mode() & 0777, is.modified());
                if (!isSame(was, now)) put(path, was, now);
            }
            case OTHER -> refuse(path, "was left as a device, pipe or socket, which is not taken over");
        }
    }

    /** A folder keeps the special bits that it had before; none are added. */
    private static int keptMode(int before, HostStatus is) {
        return (is.mode() & 0777) | (is.mode() & before & 07000);
    }

    private boolean isSame(Found was, State.File now) throws IOException {
        return was.state() instanceof State.File old
                && (old.mode() & 0777) == now.mode()
                && old.size() == now.size()
                && Content.same(host, old.content(), now.content())
                && was.isStillThere(host);
    }

    void gone(Path path, Found was) {
        put(path, was, State.Absent.ABSENT);
    }

    private void put(Path path, Found was, State is) {
        if (untouchable.test(path)) refuse(path, "belongs to the host and cannot be changed");
        if (Optional.ofNullable(was.fingerprint())
                .map(print -> print.kind() == FileView.Kind.OTHER)
                .orElse(false)) refuse(path, "is no regular file, link or folder, so it could not be restored");
        entries.add(new Entry(path, was.state(), was.fingerprint(), is));
    }
}
