package dev.understudy.sandbox.control.jail;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * The jail's system call filter, as the classic BPF program ({@code struct sock_filter[]}) that bubblewrap loads.
 *
 * <p>What it refuses is what a script has no business with and what has broken sandboxes before: new namespaces, mounts,
 * tracing, kernel modules, keyrings, io_uring, sockets of every kind, memory that no process owns, terminal injection,
 * set-uid bits. A refused call gets an error, so that a program can say what it missed; a call from a foreign
 * architecture ends the process.
 */
final class SeccompFilter {
    private static final int LOAD_WORD = 0x20;
    private static final int JUMP_EQUAL = 0x15;
    private static final int JUMP_GREATER = 0x25;
    private static final int JUMP_ANY_BIT = 0x45;
    private static final int AND = 0x54;
    private static final int RETURN = 0x06;

    private static final int ALLOW = 0x7fff0000;
    private static final int KILL_PROCESS = 0x80000000;
    private static final int ERROR = 0x00050000;

    static final int EPERM = 1;
    static final int ENOSYS = 38;
    static final int EAFNOSUPPORT = 97;

    private static final int CALL_NUMBER = 0;
    private static final int ARCHITECTURE = 4;

    private static final int ANY_NEW_NAMESPACE = 0x7e020000;
    private static final int SET_ID_BITS = 06000;
    private static final int CREATES = 0x40 | 0x400000;
    private static final int AF_UNIX = 1;
    private static final int SOCKET_TYPE_MASK = 0xf;
    private static final int SOCK_STREAM = 1;
    private static final int SOCK_SEQPACKET = 5;

    /** TIOCSCTTY, TIOCSTI, TIOCLINUX, TIOCCONS, TIOCSETD: taking, feeding and replacing somebody's terminal. */
    private static final int[] TERMINAL_REQUESTS = {0x540e, 0x5412, 0x541c, 0x541d, 0x5423};

    private static final List<String> REFUSED = List.of(
            // other processes
            "ptrace",
            "process_vm_readv",
            "process_vm_writev",
            "process_madvise",
            "process_mrelease",
            "kcmp",
            "pidfd_getfd",
            "perf_event_open",
            // namespaces and mounts
            "unshare",
            "setns",
            "mount",
            "umount2",
            "pivot_root",
            "chroot",
            "open_tree",
            "open_tree_attr",
            "move_mount",
            "fsopen",
            "fsconfig",
            "fsmount",
            "fspick",
            "mount_setattr",
            "statmount",
            "listmount",
            "name_to_handle_at",
            "open_by_handle_at",
            "quotactl",
            "quotactl_fd",
            "fanotify_init",
            // the kernel and the machine
            "bpf",
            "userfaultfd",
            "io_uring_setup",
            "io_uring_enter",
            "io_uring_register",
            "create_module",
            "init_module",
            "finit_module",
            "delete_module",
            "kexec_load",
            "kexec_file_load",
            "reboot",
            "swapon",
            "swapoff",
            "acct",
            "sethostname",
            "setdomainname",
            "settimeofday",
            "clock_settime",
            "clock_adjtime",
            "adjtimex",
            "iopl",
            "ioperm",
            "modify_ldt",
            "vhangup",
            "syslog",
            "lookup_dcookie",
            "nfsservctl",
            "uselib",
            "sysfs",
            "_sysctl",
            "lsm_set_self_attr",
            "migrate_pages",
            "move_pages",
            // keyrings
            "keyctl",
            "add_key",
            "request_key",
            // memory that belongs to no process, so that nobody could count it
            "shmget",
            "msgget",
            "memfd_create",
            "memfd_secret",
            // sockets that could reach beyond the jail by name
            "connect",
            "bind",
            "listen",
            "accept",
            "accept4");

    /**
     * Refused where no mount namespace hides the files of others: Landlock has no say in the owners, permissions, times
     * and attributes of files.
     */
    private static final List<String> METADATA = List.of(
            "chmod",
            "fchmod",
            "fchmodat",
            "fchmodat2",
            "chown",
            "fchown",
            "lchown",
            "fchownat",
            "utime",
            "utimes",
            "futimesat",
            "utimensat",
            "setxattr",
            "lsetxattr",
            "fsetxattr",
            "setxattrat",
            "removexattr",
            "lremovexattr",
            "fremovexattr",
            "removexattrat",
            "file_setattr");

    private record Instruction(int code, int ifTrue, int ifFalse, int value) {}

    private final Architecture architecture;
    private final List<String> alsoRefused;
    private final List<Instruction> program = new ArrayList<>();

    private SeccompFilter(Architecture architecture, List<String> alsoRefused) {
        this.architecture = architecture;
        this.alsoRefused = alsoRefused;
    }

    /** The program for a process that has no mount namespace of its own: it refuses metadata's changes as well. */
    static byte[] assembleWithoutMounts(Architecture architecture) {
        return new SeccompFilter(architecture, METADATA).bytes();
    }

    /** The program's bytes, 8 for each instruction. */
    static byte[] assemble(Architecture architecture) {
        return new SeccompFilter(architecture, List.of()).bytes();
    }

    private byte[] bytes() {
        write();
        ByteBuffer bytes = ByteBuffer.allocate(program.size() * 8).order(ByteOrder.LITTLE_ENDIAN);
        for (Instruction instruction : program) {
            bytes.putShort((short) instruction.code)
                    .put((byte) instruction.ifTrue)
                    .put((byte) instruction.ifFalse)
                    .putInt(instruction.value);
        }
        return bytes.array();
    }

    private void write() {
        add(load(ARCHITECTURE), jump(JUMP_EQUAL, architecture.auditNumber(), 1, 0), returns(KILL_PROCESS));
        add(load(CALL_NUMBER));
        // Also keeps out x32, whose numbers carry bit 30.
        add(jump(JUMP_GREATER, Architecture.NEWEST_CALL, 0, 1), returns(ERROR | ENOSYS));

        for (String call : alsoRefused) on(call, returns(ERROR | EPERM));
        // Flags behind a pointer cannot be checked; without clone3 and openat2 the C library takes the older calls.
        on("clone3", returns(ERROR | ENOSYS));
        on("openat2", returns(ERROR | ENOSYS));
        on("clone", load(argument(0)), onAnyBit(ANY_NEW_NAMESPACE, 1), returns(ERROR | EPERM), returns(ALLOW));
        on("socket", returns(ERROR | EAFNOSUPPORT));
        // A datagram socket could be pointed at a socket file later; a connected stream cannot.
        on(
                "socketpair",
                load(argument(0)),
                jump(JUMP_EQUAL, AF_UNIX, 0, 5),
                load(argument(1)),
                new Instruction(AND, 0, 0, SOCKET_TYPE_MASK),
                jump(JUMP_EQUAL, SOCK_STREAM, 1, 0),
                jump(JUMP_EQUAL, SOCK_SEQPACKET, 0, 1),
                returns(ALLOW),
                returns(ERROR | EAFNOSUPPORT));
        on(
                "sendto",
                load(argument(4)),
                jump(JUMP_EQUAL, 0, 0, 3),
                load(argument(4) + 4),
                jump(JUMP_EQUAL, 0, 0, 1),
                returns(ALLOW),
                returns(ERROR | EPERM));
        on("ioctl", terminalRequests());
        on(
                "personality",
                load(argument(0)),
                jump(JUMP_EQUAL, 0, 1, 0),
                jump(JUMP_EQUAL, 0xffffffff, 0, 1),
                returns(ALLOW),
                returns(ERROR | EPERM));
        refuseSetIdBits("chmod", 1);
        refuseSetIdBits("fchmod", 1);
        refuseSetIdBits("fchmodat", 2);
        refuseSetIdBits("fchmodat2", 2);
        refuseSetIdBits("creat", 1);
        refuseSetIdBits("mknod", 1);
        refuseSetIdBits("mknodat", 2);
        refuseSetIdBitsWhenCreating("open", 1, 2);
        refuseSetIdBitsWhenCreating("openat", 2, 3);
        for (String call : REFUSED) on(call, returns(ERROR | EPERM));
        add(returns(ALLOW));
    }

    private void refuseSetIdBits(String call, int modeArgument) {
        on(call, load(argument(modeArgument)), onAnyBit(SET_ID_BITS, 1), returns(ERROR | EPERM), returns(ALLOW));
    }

    private void refuseSetIdBitsWhenCreating(String call, int flagsArgument, int modeArgument) {
        on(
                call,
                load(argument(flagsArgument)),
                onAnyBit(CREATES, 3),
                load(argument(modeArgument)),
                onAnyBit(SET_ID_BITS, 1),
                returns(ERROR | EPERM),
                returns(ALLOW));
    }

    private static Instruction[] terminalRequests() {
        List<Instruction> block = new ArrayList<>();
        // The kernel takes the request as 32 bits, so its upper half is no disguise.
        block.add(load(argument(1)));
        for (int i = 0; i < TERMINAL_REQUESTS.length; i++)
            block.add(jump(JUMP_EQUAL, TERMINAL_REQUESTS[i], TERMINAL_REQUESTS.length - i, 0));
        block.add(returns(ALLOW));
        block.add(returns(ERROR | EPERM));
        return block.toArray(Instruction[]::new);
    }

    /** Adds what happens at a call; the block must end with a return. Nothing where the architecture lacks the call. */
    private void on(String call, Instruction... block) {
        OptionalInt number = architecture.call(call);
        if (number.isEmpty()) return;
        add(jump(JUMP_EQUAL, number.getAsInt(), 0, block.length));
        add(block);
    }

    private void add(Instruction... instructions) {
        program.addAll(List.of(instructions));
    }

    private static Instruction load(int offset) {
        return new Instruction(LOAD_WORD, 0, 0, offset);
    }

    /** The low half of an argument in {@code struct seccomp_data}; the high half is 4 bytes on (both machines are little-endian). */
    private static int argument(int index) {
        return 16 + 8 * index;
    }

    private static Instruction jump(int code, int value, int skipIfTrue, int skipIfFalse) {
        return new Instruction(code, skipIfTrue, skipIfFalse, value);
    }

    private static Instruction onAnyBit(int bits, int skipOtherwise) {
        return jump(JUMP_ANY_BIT, bits, 0, skipOtherwise);
    }

    private static Instruction returns(int action) {
        return new Instruction(RETURN, 0, 0, action);
    }
}
