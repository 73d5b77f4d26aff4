package dev.understudy.sandbox.control.files;

import dev.understudy.sandbox.control.files.Baseline.Found;
import dev.understudy.sandbox.control.files.FileView.Kind;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A granted path copied for a process that cannot be given an overlay, and the comparison afterwards. Remembers each
 * file as it was when it was copied, so that the user's own changes meanwhile are noticed and not reverted. Special
 * files and the host's own are left out.
 */
public final class TreeCopy {
    private final HostFiles host;
    private final GrantedPaths granted;
    private final Path original;
    private final Path copy;
    private final Map<Path, HostStatus> copied = new HashMap<>();
    private final Map<Path, HostStatus> copies = new HashMap<>();
    private final Map<Path, Set<String>> names = new HashMap<>();
    private final Baseline baseline;
    private long bytesLeft;

    /** Told when the original takes more than the copy may. */
    public static final class TooLargeException extends IOException {
        private static final long serialVersionUID = 1;

        TooLargeException(Path path) {
            super("copying " + CopyOnWriteView.shown(path) + " takes more than the disk limit allows");
        }
    }

    TreeCopy(HostFiles host, GrantedPaths granted, Path original, Path copy, long maxBytes) throws IOException {
        this.host = host;
        this.granted = granted;
        this.original = original;
        this.copy = copy;
        this.bytesLeft = maxBytes;
        this.baseline = new Baseline(host);
        Optional<HostStatus> status = host.status(original);
        if (status.isPresent()) copy(original, copy, status.get());
    }

    private void copy(Path from, Path to, HostStatus status) throws IOException {
        if (granted.isHidden(from)) return;
        switch (status.kind()) {
            case DIRECTORY -> {
                spend(CopyOnWriteView.ENTRY_BYTES, from);
                Files.createDirectory(to);
                Set<String> children = new TreeSet<>();
                for (String name : host.list(from)) {
                    Path child = from.resolve(name);
                    Optional<HostStatus> found = host.status(child);
                    if (found.isEmpty() || found.get().kind() == Kind.OTHER || granted.isHidden(child)) continue;
                    children.add(name);
                    copy(child, to.resolve(name), found.get());
                }
                names.put(from, children);
                remember(from, status);
                Files.setAttribute(to, "unix:mode", status.mode());
            }
            case SYMBOLIC_LINK -> {
                spend(CopyOnWriteView.ENTRY_BYTES, from);
                Files.createSymbolicLink(to, host.readLink(from));
                remember(from, status);
            }
            case FILE -> {
                HostFiles.Opened opened = host.openRegular(from);
                try (var source = Channels.newInputStream(opened.channel())) {
                    spend(CopyOnWriteView.ENTRY_BYTES + opened.status().size(), from);
                    Files.copy(source, to);
                }
                remember(from, opened.status());
                Files.setAttribute(to, "unix:mode", opened.status().mode() & 0777);
                Files.setLastModifiedTime(to, FileTime.from(opened.status().modified()));
                copies.put(from, HostStatus.read(to, LinkOption.NOFOLLOW_LINKS));
            }
            case OTHER -> {}
        }
    }

    private void spend(long bytes, Path path) throws TooLargeException {
        if (bytes > bytesLeft) throw new TooLargeException(path);
        bytesLeft -= bytes;
    }

    private void remember(Path path, HostStatus status) {
        copied.put(path, status);
        baseline.observe(path, status);
    }

    /** What differs in the copy now. The process that wrote it must have ended. */
    public ChangeSet changes() throws IOException {
        ForeignFiles changes = new ForeignFiles(host, granted::isHidden);
        compare(changes, baseline.look(), original, copy);
        return changes.changes();
    }

    private void compare(ForeignFiles changes, Baseline.Look look, Path path, Path file) throws IOException {
        HostStatus status = copied.get(path);
        Found was = status == null ? Found.NOTHING : look.found(path, status);
        @Nullable HostStatus is = host.status(file).orElse(null);
        if (is == null) {
            if (status == null) return;
            for (String name : names.getOrDefault(path, Set.of()))
                compare(changes, look, path.resolve(name), file.resolve(name));
            changes.gone(path, was);
            return;
        }
        // A process that hides its change by setting the time back only keeps it from being taken over.
        if (is.kind() == Kind.FILE && isAsCopied(path, is)) return;
        changes.add(path, was, file, is);
        Set<String> children = new TreeSet<>(names.getOrDefault(path, Set.of()));
        if (is.kind() == Kind.DIRECTORY) children.addAll(list(file));
        for (String name : children) compare(changes, look, path.resolve(name), file.resolve(name));
    }

    private boolean isAsCopied(Path path, HostStatus is) {
        HostStatus made = copies.get(path);
        return made != null && made.fingerprint().equals(is.fingerprint());
    }

    private List<String> list(Path folder) throws IOException {
        try {
            return host.list(folder);
        } catch (NoSuchFileException | NotDirectoryException _) {
            return List.of();
        }
    }
}
