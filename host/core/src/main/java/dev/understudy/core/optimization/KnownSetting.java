package dev.understudy.core.optimization;

import dev.understudy.spi.system.SystemSnapshot;
import dev.understudy.spi.system.Workload;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.BiPredicate;

/**
 * A setting that administrators of one kind of machine commonly choose, and why. It is where to begin, not what is best:
 * that is measured.
 *
 * @param applies whether a value that a parameter holds now, on this machine, is worth changing
 */
record KnownSetting(
        Workload workload, String parameter, long suggested, BiPredicate<Long, SystemSnapshot> applies, String reason) {

    static final List<KnownSetting> ALL = List.of(
            atMost(
                    Workload.DATABASE,
                    "vm.swappiness",
                    10,
                    "a database keeps a cache of its own, and what is swapped out of that costs a read from disk at its next"
                            + " use"),
            atMost(
                    Workload.DATABASE,
                    "vm.dirty_background_ratio",
                    5,
                    "writing that begins earlier comes in smaller waves, so a checkpoint holds up fewer queries"),
            atMost(
                    Workload.DATABASE,
                    "vm.dirty_ratio",
                    15,
                    "a program that may dirty much memory waits long for the disk when it flushes"),
            atLeast(
                    Workload.WEB_SERVER,
                    "net.core.somaxconn",
                    4096,
                    "connections beyond this many waiting ones are turned away when many come at once"),
            atLeast(
                    Workload.WEB_SERVER,
                    "net.ipv4.tcp_max_syn_backlog",
                    4096,
                    "half-open connections beyond this many are dropped when many come at once"),
            atLeast(
                    Workload.WEB_SERVER,
                    "net.core.netdev_max_backlog",
                    4096,
                    "packets beyond this many are dropped when they come faster than they are taken"),
            atMost(
                    Workload.WEB_SERVER,
                    "net.ipv4.tcp_slow_start_after_idle",
                    0,
                    "a kept-alive connection need not start slowly again after each pause"),
            atMost(
                    Workload.HPC_COMPUTE,
                    "vm.swappiness",
                    10,
                    "a computation comes back to its memory, so the page cache should give way first"),
            atMost(
                    Workload.HPC_COMPUTE,
                    "kernel.sched_autogroup_enabled",
                    0,
                    "grouping by session is meant for desktops and divides the processors by terminal, not by job"),
            atLeast(
                    Workload.IO_INTENSIVE,
                    "vm.dirty_ratio",
                    40,
                    "more memory for what is to be written lets the disk write in longer runs"),
            atLeast(
                    Workload.IO_INTENSIVE,
                    "vm.dirty_background_ratio",
                    10,
                    "writing in the background from there on leaves longer runs to write"),
            atMost(
                    Workload.IO_INTENSIVE,
                    "vm.vfs_cache_pressure",
                    50,
                    "names and inodes that stay in memory need not be read again"),
            new KnownSetting(
                    Workload.GENERAL,
                    "vm.swappiness",
                    20,
                    (now, machine) -> now > 20
                            && machine.memory().swapUsedBytes() > 0
                            && machine.memory().used() < 0.5,
                    "programs were swapped out although half of the memory is free"));

    /** What it suggests where a value is worth changing; empty otherwise, or if the value is no whole number. */
    OptionalLong suggestion(String value, SystemSnapshot machine) {
        try {
            long now = Long.parseLong(value.strip());
            return applies.test(now, machine) ? OptionalLong.of(suggested) : OptionalLong.empty();
        } catch (NumberFormatException _) {
            return OptionalLong.empty();
        }
    }

    private static KnownSetting atMost(Workload workload, String parameter, long most, String reason) {
        return new KnownSetting(workload, parameter, most, (now, _) -> now > most, reason);
    }

    private static KnownSetting atLeast(Workload workload, String parameter, long least, String reason) {
        // The kernel shows 0 for a share of memory where somebody has set a number of bytes instead.
        boolean share = parameter.endsWith("_ratio");
        return new KnownSetting(workload, parameter, least, (now, _) -> now < least && !(share && now == 0), reason);
    }
}
