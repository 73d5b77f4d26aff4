package dev.understudy.sandbox.control.files;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * POSIX access control lists, which Linux keeps as extended attributes outside of the namespace {@code user}, where Java does
 * not reach. On other systems nothing has any.
 */
final class AccessLists {
    static final String ACCESS = "system.posix_acl_access";
    static final String DEFAULT = "system.posix_acl_default";

    /** The kernel's own bound for an attribute's value. */
    private static final int MAX_BYTES = 64 << 10;

    /** A list as the kernel gives it: a version, then entries of tag, permissions and id (linux/posix_acl_xattr.h). */
    private static final int HEADER_BYTES = 4;

    private static final int ENTRY_BYTES = 8;
    private static final int OWNER = 0x01;
    private static final int GROUP = 0x04;
    private static final int MASK = 0x10;
    private static final int OTHERS = 0x20;

    private static final @Nullable Calls CALLS = Calls.find();

    private AccessLists() {}

    /** Both follow links, so the path is one that a descriptor stands for. */
    private record Calls(MethodHandle get, MethodHandle set, MethodHandle remove) {
        @SuppressWarnings("restricted") // Three calls into the C library; the signatures are those of xattr(7).
        static @Nullable Calls find() {
            if (!System.getProperty("os.name").equals("Linux")) return null;
            Linker linker = Linker.nativeLinker();
            SymbolLookup library = linker.defaultLookup();
            return new Calls(
                    linker.downcallHandle(
                            library.findOrThrow("getxattr"),
                            FunctionDescriptor.of(
                                    ValueLayout.JAVA_LONG,
                                    ValueLayout.ADDRESS,
                                    ValueLayout.ADDRESS,
                                    ValueLayout.ADDRESS,
                                    ValueLayout.JAVA_LONG)),
                    linker.downcallHandle(
                            library.findOrThrow("setxattr"),
                            FunctionDescriptor.of(
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.ADDRESS,
                                    ValueLayout.ADDRESS,
                                    ValueLayout.ADDRESS,
                                    ValueLayout.JAVA_LONG,
                                    ValueLayout.JAVA_INT)),
                    linker.downcallHandle(
                            library.findOrThrow("removexattr"),
                            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS)));
        }
    }

    /** The list of a file or folder; empty if it has none beyond its permissions. */
    static Optional<byte[]> read(Path path, String attribute) {
        if (CALLS == null) return Optional.empty();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(MAX_BYTES);
            long length = (long)
                    CALLS.get.invokeExact(name(arena, path), arena.allocateFrom(attribute), value, (long) MAX_BYTES);
            if (length <= 0) return Optional.empty();
            return Optional.of(value.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE));
        } catch (Throwable e) {
            throw new IllegalStateException("getxattr could not be called", e);
        }
    }

    /** Sets a list where the file system and this user can; like {@code cp -p}, which goes on where they cannot. */
    static void write(Path path, String attribute, byte[] list) {
        if (CALLS == null) return;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(list.length).copyFrom(MemorySegment.ofArray(list));
            int _ = (int) CALLS.set.invokeExact(
                    name(arena, path), arena.allocateFrom(attribute), value, (long) list.length, 0);
        } catch (Throwable e) {
            throw new IllegalStateException("setxattr could not be called", e);
        }
    }

    /** Takes away the list that a new file has got from its folder. */
    static void remove(Path path, String attribute) {
        if (CALLS == null) return;
        try (Arena arena = Arena.ofConfined()) {
            int _ = (int) CALLS.remove.invokeExact(name(arena, path), arena.allocateFrom(attribute));
        } catch (Throwable e) {
            throw new IllegalStateException("removexattr could not be called", e);
        }
    }

    /**
     * What a file gets that is made with these permissions in a folder with this default list; the umask does not count
     * there (acl(5), "Object creation and default ACLs").
     */
    static byte[] inherited(byte[] folders, int mode) {
        byte[] list = folders.clone();
        ByteBuffer entries = ByteBuffer.wrap(list).order(ByteOrder.LITTLE_ENDIAN);
        boolean masked = false;
        for (int at = HEADER_BYTES; at + ENTRY_BYTES <= list.length; at += ENTRY_BYTES)
            masked |= entries.getShort(at) == MASK;
        for (int at = HEADER_BYTES; at + ENTRY_BYTES <= list.length; at += ENTRY_BYTES) {
            int allowed = switch (entries.getShort(at)) {
                case OWNER -> mode >> 6;
                case GROUP -> masked ? 7 : mode >> 3;
                case MASK -> mode >> 3;
                case OTHERS -> mode;
                default -> 7;
            };
            entries.putShort(at + 2, (short) (entries.getShort(at + 2) & allowed & 7));
        }
        return list;
    }

    /** The permissions that the system shows of a file with such a list: for the group the mask, where there is one. */
    static int mode(byte[] list) {
        ByteBuffer entries = ByteBuffer.wrap(list).order(ByteOrder.LITTLE_ENDIAN);
        int mode = 0;
        int mask = -1;
        for (int at = HEADER_BYTES; at + ENTRY_BYTES <= list.length; at += ENTRY_BYTES) {
            int allowed = entries.getShort(at + 2) & 7;
            switch (entries.getShort(at)) {
                case OWNER -> mode |= allowed << 6;
                case GROUP -> mode |= allowed << 3;
                case MASK -> mask = allowed;
                case OTHERS -> mode |= allowed;
                default -> {}
            }
        }
        return mask < 0 ? mode : (mode & 0707) | mask << 3;
    }

    private static MemorySegment name(Arena arena, Path path) {
        byte[] bytes = FileNames.bytes(FileNames.text(path));
        return arena.allocate(bytes.length + 1L).copyFrom(MemorySegment.ofArray(bytes));
    }
}
