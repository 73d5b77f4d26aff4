package dev.understudy.sandbox.control.files;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reaches the host's own files by absolute, normalised paths without following any link, neither in the last name nor
 * in any name before it, even while another process swaps folders for links. Safe for use by several threads.
 */
abstract sealed class HostFiles permits DescriptorHostFiles, CheckedHostFiles {

    /** The best that this system gives: descriptors of folders on Linux, checks before and after elsewhere. */
    static HostFiles ofThisSystem() {
        return DescriptorHostFiles.open().<HostFiles>map(files -> files).orElseGet(CheckedHostFiles::new);
    }

    /** A folder that stays the one that was asked for, whatever becomes of its name. */
    abstract static class Pinned implements Closeable {
        /** A path to the folder for use until {@link #close}; only {@link #child} may append to it. */
        abstract Path path();

        /** What has the name that a {@link FileNames} text means, directly below. */
        Path child(String name) {
            return path().resolve(FileNames.onDisk(Path.of(name)));
        }

        /** Fails if what was done by {@link #path} may have happened in another folder. */
        abstract void verify() throws IOException;

        @Override
        public abstract void close();
    }

    /** Pins a folder. */
    abstract Pinned pin(Path directory) throws IOException;

    /** Pins a folder or a regular file to set its attributes; nothing may be appended to a file's path. */
    abstract Pinned pinForAttributes(Path path) throws IOException;

    /**
     * Opens a regular file for reading; never blocks, since pipes, sockets and devices are not opened.
     *
     * @throws NotRegularException if it is anything but a regular file
     */
    abstract Opened openRegular(Path file) throws IOException;

    /** An open file and the status it had when it was opened. */
    record Opened(FileChannel channel, HostStatus status) {}

    /** The status of what is there itself, or nothing if there is nothing or a parent is no folder. */
    Optional<HostStatus> status(Path path) throws IOException {
        Path name = path.getFileName();
        Path parent = path.getParent();
        if (name == null || parent == null) return Optional.of(HostStatus.read(path, LinkOption.NOFOLLOW_LINKS));
        try (Pinned folder = pin(parent)) {
            HostStatus status = HostStatus.read(folder.child(name.toString()), LinkOption.NOFOLLOW_LINKS);
            folder.verify();
            return Optional.of(status);
        } catch (NoSuchFileException | NotDirectoryException _) {
            return Optional.empty();
        } catch (FileSystemException e) {
            // A name that the system refuses, as one that is too long, is none that anything has.
            if (hasNone(parent, name.toString())) return Optional.empty();
            throw e;
        }
    }

    private boolean hasNone(Path directory, String name) throws IOException {
        try {
            return !list(directory).contains(name);
        } catch (FileSystemException _) {
            return directory.getParent() != null && status(directory).isEmpty();
        }
    }

    /** The names in a folder, in no order. */
    List<String> list(Path directory) throws IOException {
        try (Pinned folder = pin(directory)) {
            List<String> names = new ArrayList<>();
            try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder.path())) {
                for (Path entry : stream) names.add(FileNames.text(entry.getFileName()));
            } catch (DirectoryIteratorException e) {
                throw e.getCause();
            }
            folder.verify();
            return names;
        }
    }

    /** The text of a symbolic link. */
    Path readLink(Path link) throws IOException {
        try (Pinned folder = pinParent(link)) {
            Path target = Files.readSymbolicLink(folder.child(nameOf(link)));
            folder.verify();
            return Path.of(FileNames.text(target));
        }
    }

    /** Extended attributes of a regular file or a folder, in Base64 by name. */
    Map<String, String> extendedAttributes(Path path) throws IOException {
        try (Pinned pinned = pinForAttributes(path)) {
            Map<String, String> values = Traits.readExtended(pinned.path());
            pinned.verify();
            return values;
        }
    }

    /** Pins the folder that holds a path. */
    Pinned pinParent(Path path) throws IOException {
        Path parent = path.getParent();
        if (parent == null) throw new FileSystemException(path.toString(), null, "the root has no parent");
        return pin(parent);
    }

    static String nameOf(Path path) {
        Path name = path.getFileName();
        if (name == null) throw new IllegalArgumentException("the root has no name");
        return name.toString();
    }

    /** Told instead of opening what might block or be a device. */
    static final class NotRegularException extends FileSystemException {
        private static final long serialVersionUID = 1;

        NotRegularException(Path path) {
            super(path.toString(), null, "not a regular file");
        }
    }
}
