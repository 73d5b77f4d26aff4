package dev.understudy.core.tuning.process;

import com.sun.jna.Function;
import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.util.BitSet;
import java.util.Locale;

/** The system calls by which Linux sets who gets the processor and the disks first; each speaks of one thread. */
final class LinuxCalls {
    private static final int WHICH_PROCESS = 0;
    private static final long IO_WHO_PROCESS = 1;
    private static final int IO_CLASS_SHIFT = 13;
    private static final String[] IO_CLASSES = {"none", "realtime", "best-effort", "idle"};

    /** The calls' numbers: x86 has its own, later architectures share theirs. */
    private final long ioPrioritySet;

    private final long ioPriorityGet;

    private LinuxCalls(long ioPrioritySet, long ioPriorityGet) {
        this.ioPrioritySet = ioPrioritySet;
        this.ioPriorityGet = ioPriorityGet;
    }

    static LinuxCalls ofThisMachine() {
        return switch (System.getProperty("os.arch").toLowerCase(Locale.ROOT)) {
            case "amd64", "x86_64" -> new LinuxCalls(251, 252);
            case "aarch64", "riscv64", "loongarch64" -> new LinuxCalls(30, 31);
            default -> new LinuxCalls(-1, -1);
        };
    }

    boolean knowsIoPriority() {
        return ioPriorityGet > 0;
    }

    void setNice(long thread, int nice) throws IOException {
        call("setpriority", WHICH_PROCESS, Math.toIntExact(thread), nice);
    }

    /** In the words of {@link ProcessSetting#IO_CLASS}. */
    String ioClass(long thread) throws IOException {
        long value = system(ioPriorityGet, IO_WHO_PROCESS, thread);
        int ioClass = (int) (value >> IO_CLASS_SHIFT) & 7;
        int level = (int) value & 7;
        if (ioClass >= IO_CLASSES.length) throw new IOException("its class " + ioClass + " is unknown");
        String name = IO_CLASSES[ioClass];
        return name.equals("none") || name.equals("idle") ? name : name + ":" + level;
    }

    void setIoClass(long thread, String text) throws IOException {
        system(ioPrioritySet, IO_WHO_PROCESS, thread, ioPriority(text));
    }

    private static long ioPriority(String text) throws IOException {
        for (int ioClass = 0; ioClass < IO_CLASSES.length; ioClass++) {
            String name = IO_CLASSES[ioClass];
            boolean levels = name.equals("realtime") || name.equals("best-effort");
            if (!levels && text.equals(name)) return (long) ioClass << IO_CLASS_SHIFT;
            if (levels && text.matches(name + ":[0-7]"))
                return (long) ioClass << IO_CLASS_SHIFT | (text.charAt(text.length() - 1) - '0');
        }
        throw new IOException(
                "'" + text + "' is no class of input and output: none, idle, best-effort:0..7, realtime:0..7");
    }

    void setCpus(long thread, BitSet cpus) throws IOException {
        byte[] bits = cpus.toByteArray();
        // The kernel takes whole words.
        int size = Math.ceilDiv(Math.max(1, bits.length), Long.BYTES) * Long.BYTES;
        try (Memory mask = new Memory(size)) {
            mask.clear();
            mask.write(0, bits, 0, bits.length);
            call("sched_setaffinity", Math.toIntExact(thread), (long) size, mask);
        }
    }

    private static void call(String name, Object... arguments) throws IOException {
        try {
            NativeLibrary.getProcess()
                    .getFunction(name, Function.THROW_LAST_ERROR)
                    .invokeInt(arguments);
        } catch (LastErrorException refused) {
            throw new IOException("the system refused it: " + refused.getMessage(), refused);
        }
    }

    private static long system(Object... arguments) throws IOException {
        try {
            return NativeLibrary.getProcess()
                    .getFunction("syscall", Function.THROW_LAST_ERROR)
                    .invokeLong(arguments);
        } catch (LastErrorException refused) {
            throw new IOException("the system refused it: " + refused.getMessage(), refused);
        }
    }
}
