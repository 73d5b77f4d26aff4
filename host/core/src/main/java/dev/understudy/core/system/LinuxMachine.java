package dev.understudy.core.system;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads memory by OSHI, the rest from {@code /proc}.
 *
 * <p>Measured with OSHI 7.5.0 on two cores with two disks, two interfaces and 90 processes: {@code updateAttributes} of the
 * disks 2.6 ms and of the interfaces 2.6 ms, {@code getProcesses} 10 ms. Once a second, that alone is 1.5 % of a core. The
 * files of the devices below and a file of each process cost 0.02 ms and 1.2 ms; pressure, swapping and connections, which OSHI
 * does not tell, 0.2 ms.
 */
final class LinuxMachine implements Machine {
    private static final int SECTOR_BYTES = 512;
    private static final int MAX_NAMES = 1000;
    private static final int AVERAGES = 3;
    private static final Set<String> TRIED = Set.of("ActiveOpens", "PassiveOpens");
    private static final Set<String> FAILED = Set.of("AttemptFails", "EstabResets");
    private static final Set<String> DROPPED = Set.of("ListenDrops");

    private final OshiMachine oshi = new OshiMachine();
    private final ProcText text = new ProcText();
    private final LinuxProcesses processes = new LinuxProcesses();
    private final Map<String, Boolean> wholeDisks = new HashMap<>();

    @Override
    public Totals totals() throws IOException {
        text.open("/proc/stat");
        text.skipWords(1);
        // In the order of proc(5), in ticks; a guest's time is a user's, too.
        double user = text.number() + (double) text.number();
        double kernel = text.number();
        double idle = text.number();
        double ioWait = text.number();
        double interrupts = text.number() + (double) text.number();
        double stolen = text.number();
        double guest = text.number() + (double) text.number();
        return new Totals(
                oshi.cores(), user, kernel + interrupts + stolen, ioWait, idle, interrupts, guest, oshi.memory());
    }

    @Override
    public Devices devices() throws IOException {
        long read = 0;
        long written = 0;
        var busy = new HashMap<String, Long>();
        for (text.open("/proc/diskstats"); text.hasMore(); text.nextLine()) {
            text.skipWords(2);
            String name = text.word();
            if (!isWholeDisk(name)) continue;
            text.skipWords(2);
            read += text.number() * SECTOR_BYTES;
            text.skipWords(3);
            written += text.number() * SECTOR_BYTES;
            text.skipWords(2);
            busy.put(name, text.number());
        }
        long received = 0;
        long sent = 0;
        long loopback = 0;
        long packetsIn = 0;
        long packetsOut = 0;
        text.open("/proc/net/dev");
        text.nextLine();
        for (text.nextLine(); text.hasMore(); text.nextLine()) {
            String name = text.wordUntil(':');
            long in = text.number();
            long inPackets = text.number();
            text.skipWords(6);
            long out = text.number();
            if (name.equals("lo")) {
                loopback += in;
            } else {
                received += in;
                sent += out;
                packetsIn += inPackets;
                packetsOut += text.number();
            }
        }
        long swapped = swapped();
        Tcp tcp = tcp();
        return new Devices(
                read,
                written,
                busy,
                received,
                sent,
                loopback,
                packetsIn,
                packetsOut,
                swapped,
                tcp.tried(),
                tcp.failed(),
                stalls());
    }

    /** Not every system that calls itself Linux has them all; what is missing counts nothing. */
    private void openIfThere(String file) throws IOException {
        try {
            text.open(file);
        } catch (FileNotFoundException _) {
            text.close();
        }
    }

    private long swapped() throws IOException {
        long pages = 0;
        for (openIfThere("/proc/vmstat"); text.hasMore(); text.nextLine()) {
            String name = text.word();
            if (name.equals("pswpin") || name.equals("pswpout")) pages += text.number();
        }
        return pages * processes.pageBytes();
    }

    private record Tcp(long tried, long failed) {}

    /**
     * What RFC 4022 calls tcpActiveOpens, tcpPassiveOpens, tcpAttemptFails and tcpEstabResets, and what Linux drops because the
     * queue of a listening program is full, which none of those counts.
     */
    private Tcp tcp() throws IOException {
        long dropped = sum("/proc/net/netstat", "TcpExt:", DROPPED);
        return new Tcp(dropped + sum("/proc/net/snmp", "Tcp:", TRIED), dropped + sum("/proc/net/snmp", "Tcp:", FAILED));
    }

    /** Of two lines with the same head, the first names what the second counts. */
    private long sum(String file, String head, Set<String> names) throws IOException {
        for (openIfThere(file); text.hasMore(); text.nextLine()) {
            if (!text.word().equals(head)) continue;
            var wanted = new ArrayList<Integer>();
            int column = 0;
            for (String name = text.word(); !name.isEmpty(); name = text.word()) {
                if (names.contains(name)) wanted.add(column);
                column++;
            }
            text.nextLine();
            text.skipWords(1);
            long sum = 0;
            for (int i = 0; i < column; i++) {
                long number = text.number();
                if (wanted.contains(i)) sum += number;
            }
            return sum;
        }
        return 0;
    }

    private @Nullable Stalls stalls() {
        try {
            Stall cpu = stall("/proc/pressure/cpu");
            Stall memory = stall("/proc/pressure/memory");
            Stall io = stall("/proc/pressure/io");
            return new Stalls(cpu.some(), memory.some(), memory.full(), io.some(), io.full());
        } catch (IOException _) {
            // Older than Linux 4.20, or built without it; with psi=0 the files are there and cannot be read.
            return null;
        }
    }

    private record Stall(long some, long full) {}

    /** Lines such as {@code some avg10=0.00 avg60=0.00 avg300=0.00 total=4711}. */
    private Stall stall(String file) throws IOException {
        long some = 0;
        long full = 0;
        for (text.open(file); text.hasMore(); text.nextLine()) {
            String kind = text.word();
            text.wordUntil('=');
            for (int i = 0; i < AVERAGES; i++) text.wordUntil('=');
            long total = text.number();
            if (kind.equals("some")) some = total;
            else if (kind.equals("full")) full = total;
        }
        return new Stall(some, full);
    }

    /** Partitions, and devices made of other devices, would count the same bytes twice. */
    private boolean isWholeDisk(String name) {
        if (wholeDisks.size() > MAX_NAMES) wholeDisks.clear();
        return wholeDisks.computeIfAbsent(
                name, each -> Files.exists(Path.of("/sys/block", each.replace('/', '!'), "device")));
    }

    @Override
    public List<ProcessCounters> processes() throws IOException {
        return processes.read();
    }
}
