package dev.understudy.plugins.parametertargets;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A root folder with kernel files as Linux 6.18 shows them on a machine with one disk and 4 GiB of memory. */
final class FakeKernel {
    private final Path root;

    FakeKernel(Path root) {
        this.root = root;
        put("proc/meminfo", "MemTotal:        4026184 kB\nMemFree:          123456 kB\n");
        sysctl("vm.swappiness", "60");
        sysctl("vm.dirty_ratio", "20");
        sysctl("vm.dirty_bytes", "0");
        sysctl("vm.dirty_background_ratio", "10");
        sysctl("vm.dirty_background_bytes", "0");
        sysctl("vm.min_free_kbytes", "67584");
        sysctl("vm.page-cluster", "3");
        sysctl("vm.compact_unevictable_allowed", "1");
        sysctl("net.core.somaxconn", "4096");
        sysctl("net.ipv4.tcp_rmem", "4096\t131072\t6291456");
        sysctl("net.ipv4.tcp_notsent_lowat", "4294967295");
        sysctl("net.ipv4.tcp_tw_reuse", "2");
        sysctl("net.ipv4.tcp_available_congestion_control", "reno cubic bbr");
        sysctl("net.ipv4.tcp_congestion_control", "cubic");
        sysctl("kernel.panic", "0");
        put("sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never\n");
        put("sys/block/vda/queue/scheduler", "none [mq-deadline] kyber bfq \n");
        put("sys/block/vda/queue/nr_requests", "256\n");
        put("sys/block/vda/queue/read_ahead_kb", "32768\n");
        put("sys/block/vda/queue/max_sectors_kb", "1280\n");
        put("sys/block/vda/queue/max_hw_sectors_kb", "2147483647\n");
        put("sys/block/vda/queue/iostats", "1\n");
        put("sys/block/vda/queue/wbt_lat_usec", "2000\n");
        put("sys/block/loop0/queue/nr_requests", "128\n");
    }

    void sysctl(String name, String value) {
        put("proc/sys/" + name.replace('.', '/'), value + "\n");
    }

    void put(String file, String text) {
        try {
            Path path = root.resolve(file);
            Files.createDirectories(path.getParent());
            Files.writeString(path, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void remove(String file) {
        try {
            Files.deleteIfExists(root.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String get(String file) {
        try {
            return Files.readString(root.resolve(file)).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
