package dev.understudy.sandbox.control.jail;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A processor architecture whose system calls the filter knows: its audit number and its call numbers. Numbers from 424
 * on are the same everywhere. Source: the kernel's {@code unistd_64.h} for x86-64 and {@code asm-generic/unistd.h}.
 */
enum Architecture {
    X86_64(
            0xC000003E,
            Map.ofEntries(
                    Map.entry("open", 2),
                    Map.entry("ioctl", 16),
                    Map.entry("shmget", 29),
                    Map.entry("socket", 41),
                    Map.entry("connect", 42),
                    Map.entry("accept", 43),
                    Map.entry("sendto", 44),
                    Map.entry("bind", 49),
                    Map.entry("listen", 50),
                    Map.entry("socketpair", 53),
                    Map.entry("clone", 56),
                    Map.entry("msgget", 68),
                    Map.entry("creat", 85),
                    Map.entry("chmod", 90),
                    Map.entry("fchmod", 91),
                    Map.entry("chown", 92),
                    Map.entry("fchown", 93),
                    Map.entry("lchown", 94),
                    Map.entry("utime", 132),
                    Map.entry("setxattr", 188),
                    Map.entry("lsetxattr", 189),
                    Map.entry("fsetxattr", 190),
                    Map.entry("removexattr", 197),
                    Map.entry("lremovexattr", 198),
                    Map.entry("fremovexattr", 199),
                    Map.entry("utimes", 235),
                    Map.entry("fchownat", 260),
                    Map.entry("futimesat", 261),
                    Map.entry("utimensat", 280),
                    Map.entry("seccomp", 317),
                    Map.entry("ptrace", 101),
                    Map.entry("syslog", 103),
                    Map.entry("mknod", 133),
                    Map.entry("uselib", 134),
                    Map.entry("personality", 135),
                    Map.entry("sysfs", 139),
                    Map.entry("vhangup", 153),
                    Map.entry("modify_ldt", 154),
                    Map.entry("pivot_root", 155),
                    Map.entry("_sysctl", 156),
                    Map.entry("adjtimex", 159),
                    Map.entry("chroot", 161),
                    Map.entry("acct", 163),
                    Map.entry("settimeofday", 164),
                    Map.entry("mount", 165),
                    Map.entry("umount2", 166),
                    Map.entry("swapon", 167),
                    Map.entry("swapoff", 168),
                    Map.entry("reboot", 169),
                    Map.entry("sethostname", 170),
                    Map.entry("setdomainname", 171),
                    Map.entry("iopl", 172),
                    Map.entry("ioperm", 173),
                    Map.entry("create_module", 174),
                    Map.entry("init_module", 175),
                    Map.entry("delete_module", 176),
                    Map.entry("quotactl", 179),
                    Map.entry("nfsservctl", 180),
                    Map.entry("lookup_dcookie", 212),
                    Map.entry("clock_settime", 227),
                    Map.entry("kexec_load", 246),
                    Map.entry("add_key", 248),
                    Map.entry("request_key", 249),
                    Map.entry("keyctl", 250),
                    Map.entry("migrate_pages", 256),
                    Map.entry("openat", 257),
                    Map.entry("mknodat", 259),
                    Map.entry("fchmodat", 268),
                    Map.entry("unshare", 272),
                    Map.entry("move_pages", 279),
                    Map.entry("accept4", 288),
                    Map.entry("perf_event_open", 298),
                    Map.entry("fanotify_init", 300),
                    Map.entry("name_to_handle_at", 303),
                    Map.entry("open_by_handle_at", 304),
                    Map.entry("clock_adjtime", 305),
                    Map.entry("setns", 308),
                    Map.entry("process_vm_readv", 310),
                    Map.entry("process_vm_writev", 311),
                    Map.entry("kcmp", 312),
                    Map.entry("finit_module", 313),
                    Map.entry("memfd_create", 319),
                    Map.entry("kexec_file_load", 320),
                    Map.entry("bpf", 321),
                    Map.entry("userfaultfd", 323))),
    AARCH64(
            0xC00000B7,
            Map.ofEntries(
                    Map.entry("lookup_dcookie", 18),
                    Map.entry("ioctl", 29),
                    Map.entry("mknodat", 33),
                    Map.entry("setxattr", 5),
                    Map.entry("lsetxattr", 6),
                    Map.entry("fsetxattr", 7),
                    Map.entry("removexattr", 14),
                    Map.entry("lremovexattr", 15),
                    Map.entry("fremovexattr", 16),
                    Map.entry("fchownat", 54),
                    Map.entry("fchown", 55),
                    Map.entry("utimensat", 88),
                    Map.entry("seccomp", 277),
                    Map.entry("umount2", 39),
                    Map.entry("mount", 40),
                    Map.entry("pivot_root", 41),
                    Map.entry("nfsservctl", 42),
                    Map.entry("chroot", 51),
                    Map.entry("fchmod", 52),
                    Map.entry("fchmodat", 53),
                    Map.entry("openat", 56),
                    Map.entry("vhangup", 58),
                    Map.entry("quotactl", 60),
                    Map.entry("acct", 89),
                    Map.entry("personality", 92),
                    Map.entry("unshare", 97),
                    Map.entry("kexec_load", 104),
                    Map.entry("init_module", 105),
                    Map.entry("delete_module", 106),
                    Map.entry("clock_settime", 112),
                    Map.entry("syslog", 116),
                    Map.entry("ptrace", 117),
                    Map.entry("reboot", 142),
                    Map.entry("sethostname", 161),
                    Map.entry("setdomainname", 162),
                    Map.entry("settimeofday", 170),
                    Map.entry("adjtimex", 171),
                    Map.entry("msgget", 186),
                    Map.entry("shmget", 194),
                    Map.entry("socket", 198),
                    Map.entry("socketpair", 199),
                    Map.entry("bind", 200),
                    Map.entry("listen", 201),
                    Map.entry("accept", 202),
                    Map.entry("connect", 203),
                    Map.entry("sendto", 206),
                    Map.entry("add_key", 217),
                    Map.entry("request_key", 218),
                    Map.entry("keyctl", 219),
                    Map.entry("clone", 220),
                    Map.entry("swapon", 224),
                    Map.entry("swapoff", 225),
                    Map.entry("migrate_pages", 238),
                    Map.entry("move_pages", 239),
                    Map.entry("perf_event_open", 241),
                    Map.entry("accept4", 242),
                    Map.entry("fanotify_init", 262),
                    Map.entry("name_to_handle_at", 264),
                    Map.entry("open_by_handle_at", 265),
                    Map.entry("clock_adjtime", 266),
                    Map.entry("setns", 268),
                    Map.entry("process_vm_readv", 270),
                    Map.entry("process_vm_writev", 271),
                    Map.entry("kcmp", 272),
                    Map.entry("finit_module", 273),
                    Map.entry("memfd_create", 279),
                    Map.entry("bpf", 280),
                    Map.entry("userfaultfd", 282),
                    Map.entry("kexec_file_load", 294)));

    /** The last call number that the filter's author has looked at; what a later kernel adds does not exist inside. */
    static final int NEWEST_CALL = 469;

    private static final Map<String, Integer> EVERYWHERE = Map.ofEntries(
            Map.entry("io_uring_setup", 425),
            Map.entry("io_uring_enter", 426),
            Map.entry("io_uring_register", 427),
            Map.entry("open_tree", 428),
            Map.entry("move_mount", 429),
            Map.entry("fsopen", 430),
            Map.entry("fsconfig", 431),
            Map.entry("fsmount", 432),
            Map.entry("fspick", 433),
            Map.entry("clone3", 435),
            Map.entry("openat2", 437),
            Map.entry("pidfd_getfd", 438),
            Map.entry("process_madvise", 440),
            Map.entry("mount_setattr", 442),
            Map.entry("quotactl_fd", 443),
            Map.entry("memfd_secret", 447),
            Map.entry("process_mrelease", 448),
            Map.entry("fchmodat2", 452),
            Map.entry("statmount", 457),
            Map.entry("listmount", 458),
            Map.entry("lsm_set_self_attr", 460),
            Map.entry("setxattrat", 463),
            Map.entry("removexattrat", 466),
            Map.entry("open_tree_attr", 467),
            Map.entry("file_setattr", 469));

    private final int auditNumber;

    @SuppressWarnings("ImmutableEnumChecker") // Map.ofEntries is immutable
    private final Map<String, Integer> calls;

    Architecture(int auditNumber, Map<String, Integer> calls) {
        this.auditNumber = auditNumber;
        this.calls = calls;
    }

    /** By the name that Java gives it ({@code os.arch}); empty for one that the filter does not know. */
    static Optional<Architecture> named(String osArch) {
        return switch (osArch) {
            case "amd64", "x86_64" -> Optional.of(X86_64);
            case "aarch64", "arm64" -> Optional.of(AARCH64);
            default -> Optional.empty();
        };
    }

    int auditNumber() {
        return auditNumber;
    }

    /** The call's number; empty where this architecture never had it. */
    OptionalInt call(String name) {
        Integer number = calls.containsKey(name) ? calls.get(name) : EVERYWHERE.get(name);
        return number == null ? OptionalInt.empty() : OptionalInt.of(number);
    }
}
