package dev.understudy.plugins.parametertargets;

import dev.understudy.spi.optimization.Dimension;
import dev.understudy.spi.optimization.Dimension.Categorical;
import dev.understudy.spi.optimization.Dimension.Flag;
import dev.understudy.spi.optimization.Dimension.IntegerRange;
import dev.understudy.spi.optimization.Dimension.Scale;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The kernel parameters that may be tuned, with bounds inside which a machine goes on working.
 *
 * <p>Meanings and ranges follow the kernel's own {@code Documentation/admin-guide/sysctl}, {@code
 * Documentation/networking/ip-sysctl.rst} and {@code Documentation/ABI/stable/sysfs-block}. Left out on purpose: what guards
 * the machine (overcommit, panics, address space layout), what takes memory away for good (huge page pools), what only
 * speaks about new devices (queueing disciplines), and limits that no working load meets.
 */
final class AllowList {
    /** Devices that are no disks: memory, loops, optical and floppy drives. */
    private static final Pattern NO_DISK = Pattern.compile("(loop|ram|zram|sr|fd|nbd)\\d+");

    private static final Pattern DEVICE = Pattern.compile("[A-Za-z0-9_.-]+");
    private static final Set<String> ON_OR_OFF = Set.of("0", "1");

    private final Path root;
    private final List<KernelParameter> list = new ArrayList<>();

    private AllowList(Path root) {
        this.root = root;
    }

    /** All that exist on this machine, in groups. */
    static List<KernelParameter> on(Path root) {
        var allowed = new AllowList(root);
        allowed.memory();
        allowed.network();
        allowed.scheduling();
        allowed.files();
        allowed.blockDevices();
        return List.copyOf(allowed.list);
    }

    private void memory() {
        linear(
                "vm.swappiness",
                0,
                200,
                "Readiness to swap program memory out rather than drop file cache; 100 is even");
        log("vm.vfs_cache_pressure", 10, 1000, "Readiness to drop cached directories and inodes; 100 is even");
        share(
                "vm.dirty_ratio",
                5,
                80,
                "dirty_bytes",
                "Unwritten data, % of memory, from which writers must write it themselves");
        share(
                "vm.dirty_background_ratio",
                1,
                50,
                "dirty_background_bytes",
                "Unwritten data, % of memory, from which it is written in the background");
        log("vm.dirty_expire_centisecs", 100, 36_000, "Age, in 1/100 s, from which unwritten data must be written");
        log("vm.dirty_writeback_centisecs", 50, 6_000, "Pause, in 1/100 s, between looks for data to write");
        freeMemory();
        linear("vm.page-cluster", 0, 6, "Pages read from swap at once, as a power of two");
        log("vm.watermark_scale_factor", 10, 1000, "How early memory is freed in the background, in 1/10000 of memory");
        linear(
                "vm.watermark_boost_factor",
                0,
                30_000,
                "How much is freed when memory has become fragmented, in 1/10000 of a mark; 0 for nothing");
        linear("vm.compaction_proactiveness", 0, 100, "How eagerly memory is compacted in the background");
        linear("vm.extfrag_threshold", 0, 1000, "Fragmentation from which memory is compacted rather than freed");
        flag("vm.compact_unevictable_allowed", "Whether compaction may move locked pages");
        linear("vm.page_lock_unfairness", 0, 20, "How often a waiter for a page may be overtaken");
        linear("vm.zone_reclaim_mode", 0, 1, "Whether a memory node frees its own memory before it uses another's");
        log("vm.stat_interval", 1, 60, "Seconds between updates of the memory statistics");
        chosen(
                "transparent_hugepage.enabled",
                "sys/kernel/mm/transparent_hugepage/enabled",
                "When program memory is given in huge pages");
        chosen(
                "transparent_hugepage.defrag",
                "sys/kernel/mm/transparent_hugepage/defrag",
                "Whether a program waits while memory is compacted for a huge page");
    }

    private void network() {
        log("net.core.somaxconn", 128, 65_535, "Longest queue of connections that a server has not accepted yet");
        log(
                "net.core.netdev_max_backlog",
                250,
                65_536,
                "Packets that wait for a core when they come faster than it takes them");
        log("net.core.netdev_budget", 64, 4_096, "Packets taken in one turn over all devices");
        log("net.core.netdev_budget_usecs", 500, 32_000, "Microseconds that one turn may take");
        log("net.core.dev_weight", 16, 512, "Packets taken from one device in one turn");
        linear("net.core.busy_poll", 0, 200, "Microseconds that poll and select spin for packets; 0 for none");
        linear("net.core.busy_read", 0, 200, "Microseconds that a read spins for packets; 0 for none");
        log(
                "net.core.rmem_default",
                65_536,
                16 << 20,
                "Bytes that a socket's receive buffer has at first, but for TCP");
        log("net.core.wmem_default", 65_536, 16 << 20, "Bytes that a socket's send buffer has at first, but for TCP");
        log("net.core.rmem_max", 131_072, 64 << 20, "Bytes that a program may ask for as receive buffer");
        log("net.core.wmem_max", 131_072, 64 << 20, "Bytes that a program may ask for as send buffer");
        part("net.ipv4.tcp_rmem", 1, "default", 16_384, 4 << 20, "Bytes of a TCP receive buffer at first");
        part("net.ipv4.tcp_rmem", 2, "max", 131_072, 64 << 20, "Bytes to which a TCP receive buffer may grow");
        part("net.ipv4.tcp_wmem", 1, "default", 16_384, 4 << 20, "Bytes of a TCP send buffer at first");
        part("net.ipv4.tcp_wmem", 2, "max", 131_072, 64 << 20, "Bytes to which a TCP send buffer may grow");
        log("net.ipv4.tcp_max_syn_backlog", 128, 65_536, "Connections being made that are remembered");
        linear("net.ipv4.tcp_fin_timeout", 10, 120, "Seconds that a closed connection waits for the other side's end");
        choice(
                "net.ipv4.tcp_tw_reuse",
                "Whether ended connections' ports serve new ones: 0 no, 1 yes, 2 on loopback",
                "0",
                "1",
                "2");
        choice(
                "net.ipv4.tcp_fastopen",
                "Data in the first packet: 0 no, 1 as client, 2 as server, 3 both",
                "0",
                "1",
                "2",
                "3");
        choice(
                "net.ipv4.tcp_mtu_probing",
                "Search for the largest packet: 0 no, 1 after a black hole, 2 always",
                "0",
                "1",
                "2");
        flag("net.ipv4.tcp_slow_start_after_idle", "Whether a connection that was idle starts slowly again");
        flag("net.ipv4.tcp_autocorking", "Whether small writes are gathered while packets wait to be sent");
        flag("net.ipv4.tcp_no_metrics_save", "Whether what was learnt on a connection is forgotten at its end");
        flag("net.ipv4.tcp_moderate_rcvbuf", "Whether receive buffers grow by themselves");
        special(
                "net.ipv4.tcp_notsent_lowat",
                16_384,
                16 << 20,
                4_294_967_295L,
                "Unsent bytes below which a socket takes more; 4294967295 for no bound");
        log(
                "net.ipv4.tcp_limit_output_bytes",
                65_536,
                16 << 20,
                "Bytes that one connection may have in a device's queue");
        congestionControl();
    }

    private void scheduling() {
        flag("kernel.sched_autogroup_enabled", "Whether each session gets an even share of the processor");
        log(
                "kernel.sched_cfs_bandwidth_slice_us",
                1_000,
                20_000,
                "Microseconds of a group's limit handed to a core at once");
        log("kernel.sched_rr_timeslice_ms", 1, 200, "Milliseconds of a turn of real-time processes");
        log("kernel.sched_min_granularity_ns", 500_000, 20_000_000, "Nanoseconds that a process runs at least");
        log(
                "kernel.sched_wakeup_granularity_ns",
                500_000,
                20_000_000,
                "Nanoseconds by which a woken process must be behind to take over");
        log("kernel.sched_latency_ns", 2_000_000, 48_000_000, "Nanoseconds in which each process gets a turn");
        log(
                "kernel.sched_migration_cost_ns",
                50_000,
                10_000_000,
                "Nanoseconds after which a process no longer counts as warm in a cache");
        log("kernel.sched_nr_migrate", 4, 128, "Processes that are moved to another core in one step");
        flag("kernel.sched_child_runs_first", "Whether a child runs before its parent");
        flag("kernel.numa_balancing", "Whether memory is moved to the node that uses it");
        flag("kernel.timer_migration", "Whether timers of idle cores move to busy ones");
    }

    private void files() {
        log("fs.aio-max-nr", 65_536, 4 << 20, "Asynchronous requests that all programs may have at once");
        log("fs.inotify.max_user_watches", 8_192, 4 << 20, "Files and folders that one user may watch");
        log("fs.inotify.max_queued_events", 1_024, 1 << 20, "Events that wait to be read from one watch");
        log(
                "fs.pipe-max-size",
                65_536,
                16 << 20,
                "Bytes to which a program may enlarge a pipe; rounded to a power of two");
        log("fs.pipe-user-pages-soft", 1_024, 1 << 20, "Pages in pipes from which a user's new pipes are small");
    }

    private void blockDevices() {
        try (Stream<Path> devices = Files.list(root.resolve("sys/block"))) {
            devices.map(device -> device.getFileName().toString())
                    .filter(name -> DEVICE.matcher(name).matches()
                            && !NO_DISK.matcher(name).matches())
                    .sorted()
                    .forEach(this::blockDevice);
        } catch (IOException _) {
            // No such folder, as in many a container: then there are no devices to tune.
        }
    }

    private void blockDevice(String device) {
        String queue = "sys/block/" + device + "/queue/";
        String name = "block." + device + ".";
        // First, since the kernel sizes the queue anew when the scheduler changes.
        chosen(name + "scheduler", queue + "scheduler", "In which order requests reach the device");
        logIn(name + "nr_requests", queue + "nr_requests", 16, 1_024, "Requests that may wait in its queue");
        logIn(name + "read_ahead_kb", queue + "read_ahead_kb", 16, 16_384, "KiB read ahead of a sequential reader");
        maxRequest(name, queue);
        choiceIn(
                name + "rq_affinity",
                queue + "rq_affinity",
                "Which core ends a request: 0 any, 1 the group of that which asked, 2 exactly that",
                "0",
                "1",
                "2");
        choiceIn(
                name + "nomerges",
                queue + "nomerges",
                "Merging of neighbouring requests: 0 all, 1 only the cheap ones, 2 none",
                "0",
                "1",
                "2");
        // Not wbt_lat_usec: once it was written, also with what it was, the kernel takes it for chosen by hand, and a
        // change of the scheduler no longer sets it. So it cannot be put back as it was.
        addIn(new Flag(name + "add_random"), queue + "add_random", "Whether the device's timing feeds the random pool");
        addIn(new Flag(name + "iostats"), queue + "iostats", "Whether statistics are kept of each request");
    }

    private void maxRequest(String name, String queue) {
        String largest = text(queue + "max_hw_sectors_kb");
        if (!largest.matches("\\d{1,10}")) return;
        long most = Math.min(Long.parseLong(largest), 16_384);
        if (most > 64) logIn(name + "max_sectors_kb", queue + "max_sectors_kb", 64, most, "KiB in one request at most");
    }

    /** Memory that is always kept free is bounded by 5 % of what there is. */
    private void freeMemory() {
        String total = text("proc/meminfo").lines().findFirst().orElse("").replaceAll("\\D+", "");
        if (!total.matches("\\d{4,15}")) return;
        long most = Long.parseLong(total) / 20;
        if (most > 16_384) log("vm.min_free_kbytes", 16_384, most, "KiB of memory that are always kept free");
    }

    private void congestionControl() {
        List<String> choices = Form.Chosen.choices(text("proc/sys/net/ipv4/tcp_available_congestion_control"));
        String name = "net.ipv4.tcp_congestion_control";
        if (choices.size() > 1)
            addIn(new Categorical(name, choices), path(name), "How TCP finds its rate; for new connections");
    }

    private void chosen(String name, String file, String meaning) {
        List<String> choices = Form.Chosen.choices(text(file));
        if (choices.size() > 1)
            list.add(new KernelParameter(new Categorical(name, choices), file, new Form.Chosen(), meaning, ""));
    }

    private void linear(String name, long low, long high, String meaning) {
        addIn(new IntegerRange(name, low, high, Scale.LINEAR, List.of()), path(name), meaning);
    }

    private void log(String name, long low, long high, String meaning) {
        logIn(name, path(name), low, high, meaning);
    }

    private void special(String name, long low, long high, long value, String meaning) {
        addIn(new IntegerRange(name, low, high, Scale.LOG, List.of(value)), path(name), meaning);
    }

    private void share(String name, long low, long high, String rival, String meaning) {
        String file = path(name);
        if (Files.isRegularFile(root.resolve(file)))
            list.add(new KernelParameter(
                    new IntegerRange(name, low, high, Scale.LINEAR, List.of()),
                    file,
                    new Form.Whole(),
                    meaning,
                    "proc/sys/vm/" + rival));
    }

    private void part(String name, int index, String part, long low, long high, String meaning) {
        String file = path(name);
        if (Files.isRegularFile(root.resolve(file)))
            list.add(new KernelParameter(
                    new IntegerRange(name + "." + part, low, high, Scale.LOG, List.of()),
                    file,
                    new Form.Field(index),
                    meaning,
                    ""));
    }

    private void flag(String name, String meaning) {
        addIn(new Flag(name), path(name), meaning);
    }

    private void choice(String name, String meaning, String... choices) {
        choiceIn(name, path(name), meaning, choices);
    }

    private void choiceIn(String name, String file, String meaning, String... choices) {
        addIn(new Categorical(name, List.of(choices)), file, meaning);
    }

    private void logIn(String name, String file, long low, long high, String meaning) {
        addIn(new IntegerRange(name, low, high, Scale.LOG, List.of()), file, meaning);
    }

    private void addIn(Dimension dimension, String file, String meaning) {
        if (!Files.isRegularFile(root.resolve(file))) return;
        Dimension fitting = withCurrent(dimension, text(file));
        list.add(new KernelParameter(fitting, file, new Form.Whole(), meaning, ""));
    }

    /** What holds now was somebody's choice, so it may be tried even outside the bounds. */
    private static Dimension withCurrent(Dimension dimension, String now) {
        return switch (dimension) {
            case IntegerRange range
            when now.matches("-?\\d{1,18}")
                    && !range.reject(Long.parseLong(now)).isEmpty() -> {
                var specials = new ArrayList<>(range.specialValues());
                specials.add(Long.parseLong(now));
                yield new IntegerRange(range.name(), range.low(), range.high(), range.scale(), specials);
            }
            case Categorical some
            when !now.isEmpty() && !some.choices().contains(now) -> {
                var choices = new ArrayList<>(some.choices());
                choices.add(now);
                yield new Categorical(some.name(), choices);
            }
            case Flag some
            when !now.isEmpty() && !ON_OR_OFF.contains(now) -> new Categorical(some.name(), List.of("0", "1", now));
            default -> dimension;
        };
    }

    /** Names follow their files with dots for slashes; the dots of the list's own names are all of that kind. */
    private static String path(String name) {
        return "proc/sys/" + name.replace('.', '/');
    }

    /** A file's text without the white space around it; empty if it cannot be read. */
    private String text(String file) {
        try {
            return KernelFile.read(root.resolve(file)).strip();
        } catch (IOException _) {
            return "";
        }
    }
}
