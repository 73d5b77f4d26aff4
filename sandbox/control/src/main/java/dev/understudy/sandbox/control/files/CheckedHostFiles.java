package dev.understudy.sandbox.control.files;

import dev.understudy.sandbox.control.files.FileView.Kind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * For systems without descriptors of folders: checks before and after each step that a folder is no link, reached
 * through none, and still the same. Between two checks a folder could be swapped there and back; that would take
 * another process with write access to the granted folder and luck twice.
 */
final class CheckedHostFiles extends HostFiles {

    @Override
    Pinned pin(Path directory) throws IOException {
        String key = keyOf(directory);
        return new Pinned() {
            @Override
            Path path() {
                return directory;
            }

            @Override
            void verify() throws IOException {
                if (!keyOf(directory).equals(key))
                    throw new FileSystemException(directory.toString(), null, "the folder was swapped meanwhile");
            }

            @Override
            public void close() {
                // Nothing is held.
            }
        };
    }

    @Override
    Pinned pinForAttributes(Path path) throws IOException {
        HostStatus status = HostStatus.read(path, LinkOption.NOFOLLOW_LINKS);
        if (status.kind() == Kind.DIRECTORY) return pin(path);
        if (status.kind() != Kind.FILE) throw new NotRegularException(path);
        Pinned parent = pinParent(path);
        return new Pinned() {
            @Override
            Path path() {
                return path;
            }

            @Override
            void verify() throws IOException {
                parent.verify();
            }

            @Override
            public void close() {
                parent.close();
            }
        };
    }

    private static String keyOf(Path directory) throws IOException {
        HostStatus status = HostStatus.read(directory, LinkOption.NOFOLLOW_LINKS);
        if (status.kind() != Kind.DIRECTORY || !directory.toRealPath().equals(directory))
            throw new NotDirectoryException(directory.toString());
        return status.key();
    }

    @Override
    Opened openRegular(Path file) throws IOException {
        try (Pinned folder = pinParent(file)) {
            HostStatus before = HostStatus.read(file, LinkOption.NOFOLLOW_LINKS);
            if (before.kind() != Kind.FILE) throw new NotRegularException(file);
            FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
            try {
                HostStatus after = HostStatus.read(file, LinkOption.NOFOLLOW_LINKS);
                if (!after.key().equals(before.key()))
                    throw new FileSystemException(file.toString(), null, "the file was swapped meanwhile");
                folder.verify();
                return new Opened(channel, before);
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        }
    }
}
