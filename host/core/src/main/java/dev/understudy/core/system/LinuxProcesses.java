package dev.understudy.core.system;

import dev.understudy.core.system.Machine.ProcessCounters;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the processes from {@code /proc}: of each one file, and of those that did something since a second one, since no
 * process moves data without using a processor. Used by one thread.
 */
final class LinuxProcesses {
    private static final long AT_PAGE_SIZE = 6;
    private static final long AT_CLOCK_TICKS = 17;

    private final ProcText text = new ProcText();
    private final long pageBytes;
    private final double ticksPerSecond;
    private Map<Long, Known> known = new HashMap<>();

    private static final class Known {
        long started;
        String name = "";
        long ticks = -1;
        long readBytes;
        long writtenBytes;
        boolean refused;
    }

    LinuxProcesses() {
        long page = 4096;
        long ticks = 100;
        try {
            // What the kernel tells every program at its start: pairs of words.
            ByteBuffer vector = ByteBuffer.wrap(Files.readAllBytes(Path.of("/proc/self/auxv")))
                    .order(ByteOrder.nativeOrder());
            while (vector.remaining() >= 2 * Long.BYTES) {
                long key = vector.getLong();
                long value = vector.getLong();
                if (key == AT_PAGE_SIZE) page = value;
                if (key == AT_CLOCK_TICKS) ticks = value;
            }
        } catch (IOException _) {
            // The usual values hold.
        }
        pageBytes = page;
        ticksPerSecond = ticks;
    }

    /** How large this machine's pages are. */
    long pageBytes() {
        return pageBytes;
    }

    List<ProcessCounters> read() throws IOException {
        String[] names = new File("/proc").list();
        if (names == null) throw new IOException("/proc cannot be listed");
        Map<Long, Known> next = HashMap.newHashMap(known.size() + 16);
        var processes = new ArrayList<ProcessCounters>(known.size() + 16);
        for (String name : names) {
            if (name.charAt(0) < '0' || name.charAt(0) > '9') continue;
            ProcessCounters process = read(Long.parseLong(name), next);
            if (process != null) processes.add(process);
        }
        known = next;
        return processes;
    }

    /** Null if it has ended. */
    private @Nullable ProcessCounters read(long pid, Map<Long, Known> next) {
        try {
            text.open("/proc/" + pid + "/stat");
        } catch (IOException _) {
            return null;
        }
        String name = text.between('(', ')');
        text.skipWords(11);
        long user = text.number();
        long system = text.number();
        text.skipWords(4);
        int threads = (int) text.number();
        text.skipWords(1);
        long started = text.number();
        text.skipWords(1);
        long pages = text.number();
        Known process = known.get(pid);
        if (process == null || process.started != started) {
            process = new Known();
            process.started = started;
        }
        next.put(pid, process);
        // Kept, so that a name that does not change is one text for all samples.
        if (!process.name.equals(name)) process.name = name;
        if (process.ticks != user + system) {
            process.ticks = user + system;
            readIo(pid, process);
        }
        return new ProcessCounters(
                pid,
                started,
                process.name,
                user / ticksPerSecond,
                system / ticksPerSecond,
                pages * pageBytes,
                process.readBytes,
                process.writtenBytes,
                threads);
    }

    private void readIo(long pid, Known process) {
        if (process.refused) return;
        try {
            text.open("/proc/" + pid + "/io");
            for (int line = 0; line < 4; line++) text.nextLine();
            text.skipWords(1);
            process.readBytes = text.number();
            text.nextLine();
            text.skipWords(1);
            process.writtenBytes = text.number();
        } catch (IOException _) {
            // Another person's process, or one that has just ended.
            process.refused = true;
        }
    }
}
