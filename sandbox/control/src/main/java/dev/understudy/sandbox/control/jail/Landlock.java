package dev.understudy.sandbox.control.jail;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;

/** Asks the kernel for the version of its Landlock interface. */
final class Landlock {
    /** {@code landlock_create_ruleset}, the same number on every architecture. */
    private static final long CREATE_RULESET = 444;

    private static final int VERSION_ONLY = 1;

    private Landlock() {}

    /** The ABI's version; 0 where there is none. */
    static int abi() {
        try {
            Function syscall = NativeLibrary.getProcess().getFunction("syscall");
            long version = syscall.invokeLong(new Object[] {CREATE_RULESET, null, 0L, VERSION_ONLY});
            return version > 0 ? (int) version : 0;
        } catch (LinkageError unavailable) {
            return 0;
        }
    }
}
