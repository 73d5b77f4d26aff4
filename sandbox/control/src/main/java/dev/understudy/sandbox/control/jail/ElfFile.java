package dev.understudy.sandbox.control.jail;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a 64-bit little-endian ELF program needs to start: its loader and the libraries it names. Read from the file
 * itself, because asking the loader ({@code ldd}) would run it. Layout: System V ABI, "Program Header", "Dynamic Section".
 */
record ElfFile(Optional<String> interpreter, List<String> needed, List<String> searchPath) {
    private static final int LOADABLE = 1;
    private static final int DYNAMIC = 2;
    private static final int INTERPRETER = 3;
    private static final long NEEDED = 1;
    private static final long STRING_TABLE = 5;
    private static final long RPATH = 15;
    private static final long RUNPATH = 29;

    private record Segment(int type, long offset, long address, long size) {}

    ElfFile {
        needed = List.copyOf(needed);
        searchPath = List.copyOf(searchPath);
    }

    /** The programs with their loaders and all libraries they need, each at the path by which it is looked up. */
    static Set<Path> closure(List<Path> programs, Architecture architecture) throws IOException {
        Set<Path> found = new LinkedHashSet<>();
        Deque<Path> waiting = new ArrayDeque<>(programs);
        while (!waiting.isEmpty()) {
            Path file = waiting.remove();
            if (!found.add(file)) continue;
            Optional<ElfFile> elf = read(file);
            if (elf.isEmpty()) continue;
            elf.get().interpreter().map(Path::of).ifPresent(waiting::add);
            for (String library : elf.get().needed()) {
                locate(library, elf.get().searchPath(), file, architecture).ifPresent(waiting::add);
            }
        }
        return found;
    }

    private static Optional<Path> locate(String library, List<String> first, Path user, Architecture architecture)
            throws IOException {
        List<String> folders = new ArrayList<>();
        String origin = String.valueOf(user.toRealPath().getParent());
        for (String folder : first)
            folders.add(folder.replace("${ORIGIN}", origin).replace("$ORIGIN", origin));
        folders.addAll(standardFolders(architecture));
        return folders.stream()
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, library).normalize())
                .filter(Files::isRegularFile)
                .findFirst();
    }

    private static List<String> standardFolders(Architecture architecture) {
        String triple = switch (architecture) {
            case X86_64 -> "x86_64-linux-gnu";
            case AARCH64 -> "aarch64-linux-gnu";
        };
        return List.of(
                "/lib/" + triple,
                "/usr/lib/" + triple,
                "/lib64",
                "/usr/lib64",
                "/lib",
                "/usr/lib",
                "/usr/local/lib/" + triple,
                "/usr/local/lib64",
                "/usr/local/lib");
    }

    /** Empty if the file is no ELF file of a kind that runs here. */
    static Optional<ElfFile> read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() < 64) return Optional.empty();
            ByteBuffer bytes =
                    channel.map(FileChannel.MapMode.READ_ONLY, 0, Math.min(channel.size(), Integer.MAX_VALUE));
            bytes.order(ByteOrder.LITTLE_ENDIAN);
            boolean elf64 = bytes.getInt(0) == 0x464c457f && bytes.get(4) == 2 && bytes.get(5) == 1;
            return elf64 ? Optional.of(parse(bytes)) : Optional.empty();
        } catch (IndexOutOfBoundsException broken) {
            throw new IOException(file + " is a broken ELF file", broken);
        }
    }

    private static ElfFile parse(ByteBuffer bytes) {
        List<Segment> segments = new ArrayList<>();
        int table = (int) bytes.getLong(32);
        int entrySize = bytes.getShort(54);
        int entries = Short.toUnsignedInt(bytes.getShort(56));
        for (int i = 0; i < entries; i++) {
            int at = table + i * entrySize;
            segments.add(new Segment(
                    bytes.getInt(at), bytes.getLong(at + 8), bytes.getLong(at + 16), bytes.getLong(at + 32)));
        }
        Optional<String> interpreter = segments.stream()
                .filter(segment -> segment.type() == INTERPRETER)
                .map(segment -> text(bytes, segment.offset()))
                .findFirst();
        List<String> needed = new ArrayList<>();
        List<String> searchPath = new ArrayList<>();
        for (Segment segment : segments) {
            if (segment.type() == DYNAMIC) readDynamic(bytes, segment, segments, needed, searchPath);
        }
        return new ElfFile(interpreter, needed, searchPath);
    }

    private static void readDynamic(
            ByteBuffer bytes, Segment dynamic, List<Segment> segments, List<String> needed, List<String> searchPath) {
        List<Long> neededAt = new ArrayList<>();
        List<Long> searchAt = new ArrayList<>();
        long strings = 0;
        for (long at = dynamic.offset(); at < dynamic.offset() + dynamic.size(); at += 16) {
            long tag = bytes.getLong((int) at);
            long value = bytes.getLong((int) at + 8);
            if (tag == 0) break;
            if (tag == NEEDED) neededAt.add(value);
            else if (tag == RPATH || tag == RUNPATH) searchAt.add(value);
            else if (tag == STRING_TABLE) strings = fileOffset(value, segments);
        }
        for (long offset : neededAt) needed.add(text(bytes, strings + offset));
        for (long offset : searchAt)
            searchPath.addAll(List.of(text(bytes, strings + offset).split(":", -1)));
    }

    private static long fileOffset(long address, List<Segment> segments) {
        return segments.stream()
                .filter(segment -> segment.type() == LOADABLE
                        && address >= segment.address()
                        && address < segment.address() + segment.size())
                .mapToLong(segment -> address - segment.address() + segment.offset())
                .findFirst()
                .orElse(address);
    }

    private static String text(ByteBuffer bytes, long offset) {
        int end = (int) offset;
        while (bytes.get(end) != 0) end++;
        byte[] text = new byte[end - (int) offset];
        bytes.get((int) offset, text);
        return new String(text, StandardCharsets.UTF_8);
    }
}
