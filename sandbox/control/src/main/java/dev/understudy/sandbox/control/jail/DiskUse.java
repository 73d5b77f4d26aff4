package dev.understudy.sandbox.control.jail;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/** Counts what a run has written, so that neither many bytes, nor holes, nor empty files without end go unseen. */
final class DiskUse {
    /** What a folder entry costs a file system at least, whatever is in it. */
    static final long ENTRY_BYTES = 4096;

    private DiskUse() {}

    /**
     * Sizes of all files below the folders and a little for each entry; stops counting above {@code enough}. A folder
     * that the host may not read counts as that much, because what is in it cannot be known.
     */
    static long bytes(List<Path> folders, long enough) throws IOException {
        Counter counter = new Counter(enough);
        for (Path folder : folders) {
            if (Files.exists(folder) && counter.bytes <= enough) {
                // The folder itself is the jail's, not the run's.
                counter.bytes -= ENTRY_BYTES;
                Files.walkFileTree(folder, counter);
            }
        }
        return Math.max(0, counter.bytes);
    }

    private static final class Counter extends SimpleFileVisitor<Path> {
        private final long enough;
        private long bytes;

        Counter(long enough) {
            this.enough = enough;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return add(ENTRY_BYTES);
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            return add(ENTRY_BYTES + (attributes.isRegularFile() ? attributes.size() : 0));
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) {
            // Deleted since it was listed, or closed to the host.
            return Files.exists(file) ? add(enough + 1) : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, @org.jspecify.annotations.Nullable IOException failure) {
            return FileVisitResult.CONTINUE;
        }

        private FileVisitResult add(long more) {
            bytes += more;
            return bytes > enough ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
        }
    }
}
