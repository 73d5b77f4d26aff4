package dev.understudy.sandbox.control.files;

import dev.understudy.sandbox.control.files.HostFiles.Pinned;
import dev.understudy.sandbox.control.files.Journal.Side;
import dev.understudy.sandbox.control.files.Journal.Step;
import java.io.IOException;
import java.nio.channels.FileChannel;
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
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Single acts on the host's files, as a commit and its roll-back do them. Each reaches its folder by {@link HostFiles},
 * never through a link.
 */
final class HostActs {
    private final HostFiles host;

    HostActs(HostFiles host) {
        this.host = host;
    }

    void rename(Path from, Path to) throws IOException {
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

    void delete(Path path) throws IOException {
        try (Pinned folder = host.pinParent(path)) {
            Files.delete(folder.child(HostFiles.nameOf(path)));
            folder.verify();
        }
    }

    void createFolder(Path path) throws IOException {
        try (Pinned folder = host.pinParent(path)) {
            // Private until everything is in it; its own permissions come last.
            Files.createDirectory(
                    folder.child(HostFiles.nameOf(path)),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            folder.verify();
        }
    }

    void attributes(Path path, Side side) throws IOException {
        try (Pinned target = host.pinForAttributes(path)) {
            setOwner(target.path(), side.uid(), side.gid());
            Traits.writeExtended(target.path(), side.extended());
            setMode(target.path(), side.mode());
            setTime(target.path(), side.modified());
            target.verify();
        }
    }

    /** One that is made gets what the folder above gives it, unless it is the copy of another, which has all of its own. */
    void attributesOfNewFolder(Path path, Side side, NewModes newModes) throws IOException {
        Side given = side;
        try (Pinned target = host.pinForAttributes(path)) {
            Optional<byte[]> inherited = AccessLists.read(target.path(), AccessLists.DEFAULT);
            if (side.uid() < 0) {
                int setGid = HostStatus.read(target.path()).mode() & HostStatus.SET_GID;
                given = side.withMode(side.mode() | setGid, side.extended());
                if (inherited.isPresent()) given = given.withInherited(inherited.get(), newModes);
            } else if (inherited.isPresent()) {
                AccessLists.remove(target.path(), AccessLists.DEFAULT);
                AccessLists.remove(target.path(), AccessLists.ACCESS);
            }
            target.verify();
        }
        attributes(path, given);
    }

    /** Owner and group where this user may give them; -1 leaves them. */
    static void setOwner(Path path, int uid, int gid, LinkOption... options) throws IOException {
        if (uid < 0) return;
        HostStatus is = HostStatus.read(path, options);
        try {
            if (is.gid() != gid) Files.setAttribute(path, "unix:gid", gid, options);
            if (is.uid() != uid) Files.setAttribute(path, "unix:uid", uid, options);
        } catch (FileSystemException _) {
            // Only the superuser gives files away; anyone else's new file is its own.
        }
    }

    static void setMode(Path path, int mode) throws IOException {
        if (HostStatus.read(path).mode() != mode) Files.setAttribute(path, "unix:mode", mode);
    }

    static void setTime(Path path, String modified, LinkOption... options) throws IOException {
        if (modified.isEmpty()) return;
        FileTime time = FileTime.from(Instant.parse(modified));
        Files.getFileAttributeView(path, BasicFileAttributeView.class, options).setTimes(time, null, null);
    }

    void syncAll(List<Step> steps) throws IOException {
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

    void sync(Path folder) throws IOException {
        try (Pinned pinned = host.pin(folder)) {
            Journal.sync(pinned.path());
        }
    }

    void copyWithAttributes(Path from, Path to) throws IOException {
        HostFiles.Opened opened = host.openRegular(from);
        try (FileChannel source = opened.channel();
                FileChannel target = FileChannel.open(to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            copy(source, target);
            target.force(true);
        }
        HostStatus status = opened.status();
        AccessLists.remove(to, AccessLists.ACCESS);
        setOwner(to, status.uid(), status.gid());
        Traits.writeExtended(to, host.extendedAttributes(from));
        setMode(to, status.mode());
        setTime(to, status.modified().toString());
    }

    /** The kernel does it, by sharing blocks where the file system can (copy_file_range). */
    static void copy(FileChannel from, FileChannel to) throws IOException {
        // Not transferTo in a loop to a size: a file that grows meanwhile is noticed by its time, not here.
        from.transferTo(0, Long.MAX_VALUE, to);
        long copied = to.size();
        while (copied < from.size()) {
            long more = from.transferTo(copied, from.size() - copied, to);
            if (more <= 0) throw new IOException("a file became shorter while it was copied");
            copied += more;
        }
    }

    static void makeLink(Path at, Side side) throws IOException {
        Files.createSymbolicLink(at, FileNames.onDisk(Path.of(side.target())));
        setOwner(at, side.uid(), side.gid(), LinkOption.NOFOLLOW_LINKS);
        setTime(at, side.modified(), LinkOption.NOFOLLOW_LINKS);
    }

    List<String> namesIn(Path folder) throws IOException {
        try {
            return host.list(folder);
        } catch (NoSuchFileException | NotDirectoryException _) {
            return List.of();
        }
    }

    static List<Step> deepestFirst(List<Step> steps) {
        return steps.stream()
                .sorted(Comparator.comparingInt((Step step) -> step.at().getNameCount())
                        .reversed())
                .toList();
    }

    static boolean isKind(Optional<HostStatus> status, FileView.Kind kind) {
        return status.isPresent() && status.get().kind() == kind;
    }

    static IOException changedMeanwhile(Path path) {
        return new FileSystemException(path.toString(), null, "changed while the changes were committed");
    }
}
