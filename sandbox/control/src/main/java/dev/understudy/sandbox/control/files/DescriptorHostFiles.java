package dev.understudy.sandbox.control.files;

import dev.understudy.sandbox.control.files.FileView.Kind;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Optional;

/**
 * Walks from the root by {@code openat}, one name at a time and never through a link, and reaches what it holds by
 * {@code /proc/self/fd}. So a folder that is swapped for a link during the walk is refused, and one that is swapped
 * later is not the one that is held.
 */
final class DescriptorHostFiles extends HostFiles {
    private static final int AT_FDCWD = -100;
    private static final int O_PATH = 010000000;
    private static final int O_CLOEXEC = 02000000;

    private static final int EPERM = 1;
    private static final int ENOENT = 2;
    private static final int EACCES = 13;
    private static final int ENOTDIR = 20;
    private static final int EMFILE = 24;
    private static final int ENAMETOOLONG = 36;

    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private final MethodHandle openat;
    private final MethodHandle close;
    private final Flags flags;

    /** Flags whose values differ between processors. */
    private record Flags(int noFollow, int directory) {}

    private DescriptorHostFiles(MethodHandle openat, MethodHandle close, Flags flags) {
        this.openat = openat;
        this.close = close;
        this.flags = flags;
    }

    /** Empty where the system is not Linux, /proc is not mounted, or the processor's constants are not known here. */
    @SuppressWarnings("restricted") // Two calls into the C library; the signatures below are those of POSIX.
    static Optional<DescriptorHostFiles> open() {
        Optional<Flags> flags = flagsOfThisProcessor();
        if (flags.isEmpty() || !Files.isDirectory(Path.of("/proc/self/fd"))) return Optional.empty();
        Linker linker = Linker.nativeLinker();
        MethodHandle openat = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("openat"),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
                Linker.Option.firstVariadicArg(3),
                Linker.Option.captureCallState("errno"));
        MethodHandle close = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("close"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        return Optional.of(new DescriptorHostFiles(openat, close, flags.get()));
    }

    private static Optional<Flags> flagsOfThisProcessor() {
        if (!System.getProperty("os.name").equals("Linux")) return Optional.empty();
        return switch (System.getProperty("os.arch").toLowerCase(Locale.ROOT)) {
            case "amd64", "x86_64", "riscv64" -> Optional.of(new Flags(0400000, 0200000));
            case "aarch64" -> Optional.of(new Flags(0100000, 040000));
            default -> Optional.empty();
        };
    }

    @Override
    Pinned pin(Path directory) throws IOException {
        return pinned(walk(directory, flags.directory()));
    }

    @Override
    Pinned pinForAttributes(Path path) throws IOException {
        Pinned pinned = pinned(walk(path, 0));
        try {
            Kind kind = HostStatus.read(pinned.path()).kind();
            if (kind != Kind.FILE && kind != Kind.DIRECTORY) throw new NotRegularException(path);
            return pinned;
        } catch (IOException | RuntimeException e) {
            pinned.close();
            throw e;
        }
    }

    private Pinned pinned(int descriptor) {
        return new Pinned() {
            private boolean closed;

            @Override
            Path path() {
                return viaDescriptor(descriptor);
            }

            @Override
            void verify() {
                // A descriptor cannot come to mean another folder.
            }

            @Override
            public void close() {
                if (!closed) closeDescriptor(descriptor);
                closed = true;
            }
        };
    }

    @Override
    Opened openRegular(Path file) throws IOException {
        int descriptor = walk(file, 0);
        try {
            HostStatus status = HostStatus.read(viaDescriptor(descriptor));
            if (status.kind() != Kind.FILE) throw new NotRegularException(file);
            return new Opened(FileChannel.open(viaDescriptor(descriptor), StandardOpenOption.READ), status);
        } catch (AccessDeniedException _) {
            throw new AccessDeniedException(file.toString());
        } finally {
            closeDescriptor(descriptor);
        }
    }

    private static Path viaDescriptor(int descriptor) {
        return Path.of("/proc/self/fd/" + descriptor);
    }

    /** Holds what is at an absolute path itself; with no flag for the last name even if it is a link. */
    private int walk(Path path, int lastFlag) throws IOException {
        if (!path.isAbsolute()) throw new IllegalArgumentException("path must be absolute, was " + path);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            int held = openAt(state, AT_FDCWD, arena.allocateFrom("/"), flags.directory(), path);
            int left = path.getNameCount();
            for (Path name : path) {
                int next;
                try {
                    left--;
                    int flag = left == 0 ? lastFlag : flags.directory();
                    next = openAt(state, held, terminated(arena, FileNames.bytes(name.toString())), flag, path);
                } finally {
                    closeDescriptor(held);
                }
                held = next;
            }
            return held;
        }
    }

    private static MemorySegment terminated(Arena arena, byte[] name) {
        return arena.allocate(name.length + 1L).copyFrom(MemorySegment.ofArray(name));
    }

    private int openAt(MemorySegment state, int folder, MemorySegment name, int flag, Path whole) throws IOException {
        int descriptor;
        try {
            descriptor = (int) openat.invokeExact(state, folder, name, O_PATH | O_CLOEXEC | flags.noFollow() | flag);
        } catch (Throwable e) {
            throw new IllegalStateException("openat could not be called", e);
        }
        if (descriptor >= 0) return descriptor;
        String path = whole.toString();
        int errno = (int) ERRNO.get(state, 0L);
        throw switch (errno) {
            case ENOENT -> new NoSuchFileException(path);
            case ENOTDIR -> new NotDirectoryException(path);
            case EACCES, EPERM -> new AccessDeniedException(path);
            case EMFILE -> new FileSystemException(path, null, "the host has too many files open");
            case ENAMETOOLONG -> new FileSystemException(path, null, "the name is too long");
            default -> new FileSystemException(path, null, "the system answered error " + errno);
        };
    }

    private void closeDescriptor(int descriptor) {
        try {
            // An O_PATH descriptor holds no data, so close has nothing to report.
            int _ = (int) close.invokeExact(descriptor);
        } catch (Throwable e) {
            throw new IllegalStateException("close could not be called", e);
        }
    }
}
