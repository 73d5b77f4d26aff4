package dev.understudy.plugins.parametertargets;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** A small file that the kernel makes up as it is read. */
final class KernelFile {
    /** More than any of them holds: a page. */
    private static final int PAGE = 4096;

    private KernelFile() {}

    /**
     * Reads it by one read. The kernel gives a number of {@code /proc/sys} to the first read only, and Java's way to read a
     * whole file begins with one of a single byte where the size is said to be 0: 60 became 6.
     */
    static String read(Path file) throws IOException {
        byte[] page = new byte[PAGE];
        try (InputStream in = Files.newInputStream(file)) {
            int length = Math.max(0, in.read(page));
            return new String(Arrays.copyOf(page, length), StandardCharsets.UTF_8);
        }
    }
}
