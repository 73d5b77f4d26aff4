package dev.understudy.sandbox.control.jail;

import com.sun.jna.Function;
import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Landlock by its system calls: which paths a thread, and all that it starts, may still use. Interface: the kernel's
 * {@code Documentation/userspace-api/landlock.rst}; the call numbers are the same on every architecture.
 */
final class Landlock {
    /** The first whose domains keep signals and abstract sockets in; without that a process could end the host. */
    static final int NEEDED_ABI = 6;

    private static final long CREATE_RULESET = 444;
    private static final long ADD_RULE = 445;
    private static final long RESTRICT_SELF = 446;

    private static final long VERSION_ONLY = 1;
    private static final long PATH_BENEATH = 1;

    private static final long EXECUTE = 1;
    private static final long WRITE_FILE = 1 << 1;
    private static final long READ_FILE = 1 << 2;
    private static final long READ_DIR = 1 << 3;
    private static final long TRUNCATE = 1 << 14;
    private static final long IOCTL_DEVICE = 1 << 15;
    /** All rights on files that ABI 5 and later know. */
    private static final long ALL = (1 << 16) - 1;

    private static final long FILE_RIGHTS = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE;
    /** Binding and connecting TCP sockets; nothing is allowed. */
    private static final long NETWORK = 3;
    /** Abstract Unix sockets and signals to processes outside. */
    private static final long SCOPES = 3;

    private static final int OPEN_PATH = 010000000;
    private static final int CLOSE_ON_EXEC = 02000000;

    private Landlock() {}

    /** What may be done with a path and all below it. */
    enum Right {
        /** Names only: what is in the files stays unread. */
        LIST(READ_DIR),
        READ(READ_FILE | READ_DIR | EXECUTE),
        /** A device or file that is there, not what is beside it. */
        USE(READ_FILE | WRITE_FILE),
        /** All but running what is there, and devices. */
        WRITE(ALL & ~EXECUTE & ~IOCTL_DEVICE & ~(1 << 6) & ~(1 << 11));

        private final long bits;

        Right(long bits) {
            this.bits = bits;
        }
    }

    /** The ABI's version; 0 where there is none. */
    static int abi() {
        try {
            long version = call().invokeLong(new Object[] {CREATE_RULESET, null, 0L, VERSION_ONLY});
            return version > 0 ? (int) version : 0;
        } catch (LastErrorException | LinkageError unavailable) {
            return 0;
        }
    }

    /** The C library's way to any system call; throws {@link LastErrorException} where a call fails. */
    static Function call() {
        return NativeLibrary.getProcess().getFunction("syscall", Function.THROW_LAST_ERROR);
    }

    /** A set of rules, open until it is closed; whoever restricts itself by it can do nothing but what it allows. */
    static final class Ruleset implements AutoCloseable {
        private final Function syscall = call();
        private final Function open = NativeLibrary.getProcess().getFunction("open", Function.THROW_LAST_ERROR);
        private final Function close = NativeLibrary.getProcess().getFunction("close");
        private final int descriptor;

        /** One that allows nothing yet. */
        Ruleset() throws IOException {
            try (Memory attributes = new Memory(24)) {
                attributes.setLong(0, ALL);
                attributes.setLong(8, NETWORK);
                attributes.setLong(16, SCOPES);
                descriptor = (int) syscall.invokeLong(new Object[] {CREATE_RULESET, attributes, attributes.size(), 0L});
            } catch (LastErrorException refused) {
                throw new IOException("landlock_create_ruleset failed: " + refused.getMessage(), refused);
            }
        }

        /** Allows something beneath a path that exists; links are followed now. */
        void allow(Path path, Right right) throws IOException {
            long bits = Files.isDirectory(path) ? right.bits : right.bits & FILE_RIGHTS;
            try (Memory rule = new Memory(12)) {
                int place = open.invokeInt(new Object[] {path.toString(), OPEN_PATH | CLOSE_ON_EXEC});
                try {
                    rule.setLong(0, bits);
                    rule.setInt(8, place);
                    syscall.invokeLong(new Object[] {ADD_RULE, (long) descriptor, PATH_BENEATH, rule, 0L});
                } finally {
                    close.invokeInt(new Object[] {place});
                }
            } catch (LastErrorException refused) {
                throw new IOException("no rule for " + path + " could be made: " + refused.getMessage(), refused);
            }
        }

        /** Restricts the calling thread for good. */
        void restrictThisThread() {
            syscall.invokeLong(new Object[] {RESTRICT_SELF, (long) descriptor, 0L});
        }

        @Override
        public void close() {
            close.invokeInt(new Object[] {descriptor});
        }
    }
}
