package dev.understudy.sandbox.control.jail;

import com.sun.jna.Function;
import com.sun.jna.LastErrorException;
import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.nio.file.Path;

/** The mark by which an overlay's layer says that what lies below is deleted: a character device of number 0/0. */
final class Whiteout {
    private static final long CURRENT_DIRECTORY = -100;
    private static final int CHARACTER_DEVICE = 0020000;

    private Whiteout() {}

    /** Makes one; Linux allows it to every user since 5.8, and overlays since 5.11. */
    static void make(Path path, Architecture architecture) throws IOException {
        long number = architecture.call("mknodat").orElseThrow();
        Function syscall = NativeLibrary.getProcess().getFunction("syscall", Function.THROW_LAST_ERROR);
        try {
            syscall.invokeLong(new Object[] {number, CURRENT_DIRECTORY, path.toString(), CHARACTER_DEVICE, 0L});
        } catch (LastErrorException refused) {
            throw new IOException(
                    "a deleted file could not be hidden from a program: " + refused.getMessage(), refused);
        }
    }
}
