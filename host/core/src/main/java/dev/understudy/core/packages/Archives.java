package dev.understudy.core.packages;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * The files in what was downloaded. What could lead out of its folder, is no plain file or folder, or is too much, is refused as
 * a whole. Tar as in POSIX.1-2017 pax, "ustar Interchange Format" and "pax Header Block", and GNU's long names.
 */
final class Archives {
    /** Of all files of one package. */
    static final long MAX_BYTES = 64L << 20;

    static final int MAX_FILES = 10_000;
    private static final int BLOCK = 512;
    private static final int MAX_NAME = 1000;

    private final Map<String, byte[]> files = new TreeMap<>();
    private long bytes;

    private Archives() {}

    static Map<String, byte[]> tarGz(byte[] archive) throws PackageException {
        var unpacked = new Archives();
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(archive), 1 << 16)) {
            unpacked.readTar(in);
        } catch (IOException e) {
            throw new PackageException("its archive is damaged: " + e.getMessage());
        }
        return unpacked.files;
    }

    static Map<String, byte[]> zip(byte[] archive) throws PackageException {
        var unpacked = new Archives();
        try (var in = new ZipInputStream(new ByteArrayInputStream(archive))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                if (!entry.isDirectory()) unpacked.add(entry.getName(), in, Long.MAX_VALUE);
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new PackageException("its archive is damaged: " + e.getMessage());
        }
        return unpacked.files;
    }

    private void readTar(InputStream in) throws IOException, PackageException {
        Optional<String> longName = Optional.empty();
        while (true) {
            byte[] header = in.readNBytes(BLOCK);
            if (header.length == 0 || isZero(header)) return;
            if (header.length < BLOCK) throw new IOException("it ends within a header");
            long size = octal(header, 124, 12);
            String prefix = new String(header, 257, 5, StandardCharsets.US_ASCII).equals("ustar")
                            && header[345] != 0
                            && header[263] != ' '
                    ? text(header, 345, 155) + "/"
                    : "";
            String name = longName.orElse(prefix + text(header, 0, 100));
            longName = Optional.empty();
            switch (header[156]) {
                case '0', 0, '7' -> add(name, in, size);
                case '5' -> in.skipNBytes(size);
                case 'x' -> longName = paxPath(small(in, size));
                case 'g' -> in.skipNBytes(size);
                case 'L' -> longName = Optional.of(text(small(in, size), 0, (int) size));
                default ->
                    throw new PackageException(
                            "its archive holds " + printable(name) + ", which is neither a file nor a folder");
            }
            in.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
        }
    }

    private static byte[] small(InputStream in, long size) throws IOException {
        if (size > 1 << 20) throw new IOException("a header of it is too large");
        return in.readNBytes((int) size);
    }

    private static boolean isZero(byte[] block) {
        for (byte each : block) if (each != 0) return false;
        return true;
    }

    private static String text(byte[] block, int from, int length) {
        int end = from;
        int last = Math.min(block.length, from + length);
        while (end < last && block[end] != 0) end++;
        return new String(block, from, end - from, StandardCharsets.UTF_8);
    }

    private static long octal(byte[] block, int from, int length) throws IOException {
        String digits = text(block, from, length).strip();
        if (!digits.matches("[0-7]{0,11}")) throw new IOException("a size of it is no number");
        return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
    }

    /** Of records "LENGTH KEY=VALUE\n" the value of the path. */
    private static Optional<String> paxPath(byte[] records) throws IOException {
        Optional<String> path = Optional.empty();
        int at = 0;
        while (at < records.length) {
            int blank = at;
            while (blank < records.length && records[blank] != ' ') blank++;
            String length = new String(records, at, blank - at, StandardCharsets.US_ASCII);
            if (!length.matches("\\d{1,7}")) throw new IOException("a header of it is damaged");
            int end = at + Integer.parseInt(length);
            if (end > records.length || end <= blank + 1) throw new IOException("a header of it is damaged");
            String record = new String(records, blank + 1, end - 1 - (blank + 1), StandardCharsets.UTF_8);
            if (record.startsWith("path=")) path = Optional.of(record.substring(5));
            at = end;
        }
        return path;
    }

    private void add(String name, InputStream in, long size) throws IOException, PackageException {
        String path = safe(name);
        long left = MAX_BYTES - bytes;
        if ((size != Long.MAX_VALUE && size > left) || files.size() >= MAX_FILES) throw tooMuch();
        byte[] content = in.readNBytes((int) Math.min(size, left + 1));
        if (content.length > left) throw tooMuch();
        if (size != Long.MAX_VALUE && content.length < size) throw new IOException("it ends within " + printable(name));
        bytes += content.length;
        byte[] other = files.put(path, content);
        if (other != null && !Arrays.equals(other, content))
            throw new PackageException("its archive holds two files named " + printable(path));
    }

    private static PackageException tooMuch() {
        return new PackageException(
                "it holds more than " + MAX_FILES + " files or " + (MAX_BYTES >> 20) + " MiB when it is unpacked");
    }

    /** The path below the folder; what is none is refused, also where another system would take it for one that leads out. */
    private static String safe(String name) throws PackageException {
        String plain = name.replaceFirst("^(\\./)+", "");
        boolean leadsOut = plain.startsWith("/")
                || plain.contains("\\")
                || plain.matches("(?s).*[\\x00-\\x1f\\x7f].*")
                || plain.matches("[A-Za-z]:.*")
                || Arrays.stream(plain.split("/", -1))
                        .anyMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
        if (leadsOut || plain.length() > MAX_NAME)
            throw new PackageException(
                    "its archive holds the path '" + printable(name) + "', which could lead out of its folder");
        return plain;
    }

    private static String printable(String name) {
        return name.substring(0, Math.min(name.length(), 200)).replaceAll("[\\x00-\\x1f\\x7f]", "?");
    }

    /** Whether a file's name ends as machine code does. */
    static boolean isNative(String path) {
        String lower = path.toLowerCase(Locale.ROOT);
        return lower.matches(".*\\.(node|so|pyd|dll|dylib|a|lib|exe)") || lower.matches(".*\\.so\\.[0-9.]+");
    }
}
