package dev.understudy.sandbox.control.jail;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The filter as the kernel would run it, by an interpreter of classic BPF of the test's own. */
class SeccompFilterTest {
    private static final long ALLOW = 0x7fff0000L;
    private static final long KILL = 0x80000000L;

    private static long error(int number) {
        return 0x00050000L | number;
    }

    /** Runs the program on {@code struct seccomp_data}: number, architecture, address, six arguments. */
    private static long verdict(Architecture filter, int audit, int number, long... arguments) {
        ByteBuffer data = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        data.putInt(number).putInt(audit).putLong(0);
        for (long argument : arguments) data.putLong(argument);
        ByteBuffer program = ByteBuffer.wrap(SeccompFilter.assemble(filter)).order(ByteOrder.LITTLE_ENDIAN);
        long accumulator = 0;
        for (int at = 0; at < program.capacity() / 8; at++) {
            int code = Short.toUnsignedInt(program.getShort(at * 8));
            int ifTrue = Byte.toUnsignedInt(program.get(at * 8 + 2));
            int ifFalse = Byte.toUnsignedInt(program.get(at * 8 + 3));
            long value = Integer.toUnsignedLong(program.getInt(at * 8 + 4));
            switch (code) {
                case 0x20 -> accumulator = Integer.toUnsignedLong(data.getInt((int) value));
                case 0x54 -> accumulator &= value;
                case 0x15 -> at += accumulator == value ? ifTrue : ifFalse;
                case 0x25 -> at += accumulator > value ? ifTrue : ifFalse;
                case 0x45 -> at += (accumulator & value) != 0 ? ifTrue : ifFalse;
                case 0x06 -> {
                    return value;
                }
                default -> throw new IllegalStateException("no such instruction: " + code);
            }
        }
        throw new IllegalStateException("the program ran off its end");
    }

    private static long verdict(Architecture architecture, String call, long... arguments) {
        return verdict(
                architecture,
                architecture.auditNumber(),
                architecture.call(call).orElseThrow(),
                arguments);
    }

    @ParameterizedTest
    @EnumSource
    void aForeignArchitectureEndsTheProcess(Architecture architecture) {
        int i386 = 0x40000003;
        assertThat(verdict(architecture, i386, 1)).isEqualTo(KILL);
    }

    @Test
    void x32NumbersDoNotExist() {
        assertThat(verdict(Architecture.X86_64, Architecture.X86_64.auditNumber(), 0x40000000 | 59))
                .isEqualTo(error(SeccompFilter.ENOSYS));
    }

    @ParameterizedTest
    @EnumSource
    void callsThatAreNewerThanTheFilterDoNotExist(Architecture architecture) {
        assertThat(verdict(architecture, architecture.auditNumber(), Architecture.NEWEST_CALL + 1))
                .isEqualTo(error(SeccompFilter.ENOSYS));
        assertThat(verdict(architecture, "clone3")).isEqualTo(error(SeccompFilter.ENOSYS));
    }

    /** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET from linux/sched.h. */
    @ParameterizedTest
    @CsvSource({
        "0x00020000",
        "0x02000000",
        "0x04000000",
        "0x08000000",
        "0x10000000",
        "0x20000000",
        "0x40000000",
        "0x10000011"
    })
    void newNamespacesAreRefusedWhereThreadsAreNot(String flags) {
        int thread = 0x003d0f00;
        for (Architecture architecture : Architecture.values()) {
            assertThat(verdict(architecture, "clone", Long.decode(flags))).isEqualTo(error(SeccompFilter.EPERM));
            assertThat(verdict(architecture, "clone", Long.decode(flags) | thread))
                    .isEqualTo(error(SeccompFilter.EPERM));
            assertThat(verdict(architecture, "clone", thread)).isEqualTo(ALLOW);
            assertThat(verdict(architecture, "clone", 17)).isEqualTo(ALLOW);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, true",
        "1, 0x80001, true",
        "1, 5, true",
        "1, 2, false",
        "1, 3, false",
        "2, 1, false",
        "16, 1, false"
    })
    void onlyConnectedPairsOfSocketsAreLeft(String family, String type, boolean allowed) {
        for (Architecture architecture : Architecture.values()) {
            assertThat(verdict(architecture, "socketpair", Long.decode(family), Long.decode(type), 0))
                    .isEqualTo(allowed ? ALLOW : error(SeccompFilter.EAFNOSUPPORT));
            assertThat(verdict(architecture, "socket", Long.decode(family), Long.decode(type), 0))
                    .isEqualTo(error(SeccompFilter.EAFNOSUPPORT));
        }
    }

    @ParameterizedTest
    @CsvSource({"0, true", "1, false", "0x100000000, false"})
    void datagramsGoToNoAddress(String address, boolean allowed) {
        for (Architecture architecture : Architecture.values()) {
            assertThat(verdict(architecture, "sendto", 3, 0, 0, 0, Long.decode(address), 0))
                    .isEqualTo(allowed ? ALLOW : error(SeccompFilter.EPERM));
        }
    }

    /** TIOCSTI, TIOCLINUX, TIOCSCTTY against TCGETS and TIOCGWINSZ, from asm-generic/ioctls.h. */
    @ParameterizedTest
    @CsvSource({"0x5412, false", "0xff00005412, false", "0x541c, false", "0x540e, false", "0x5401, true", "0x5413, true"
    })
    void terminalsAreNotFed(String request, boolean allowed) {
        for (Architecture architecture : Architecture.values()) {
            assertThat(verdict(architecture, "ioctl", 0, Long.decode(request), 0))
                    .isEqualTo(allowed ? ALLOW : error(SeccompFilter.EPERM));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "fchmod, 3, 04755, 0, false",
        "fchmod, 3, 02755, 0, false",
        "fchmod, 3, 0755, 0, true",
        "fchmodat, -100, 0, 04755, false",
        "fchmodat, -100, 0, 0755, true",
        "fchmodat2, -100, 0, 06755, false",
        "mknodat, -100, 0, 0104755, false"
    })
    void setIdBitsAreRefused(String call, long first, String second, String third, boolean allowed) {
        for (Architecture architecture : Architecture.values()) {
            assertThat(verdict(architecture, call, first, Long.decode(second), Long.decode(third)))
                    .isEqualTo(allowed ? ALLOW : error(SeccompFilter.EPERM));
        }
    }

    /** Without O_CREAT (0100) or O_TMPFILE (020000000) the mode means nothing and may be anything. */
    @ParameterizedTest
    @CsvSource({"0102, 04755, false", "020000002, 04755, false", "0102, 0755, true", "2, 04755, true"})
    void setIdBitsAreRefusedWhereAFileIsMade(String flags, String mode, boolean allowed) {
        for (Architecture architecture : Architecture.values()) {
            assertThat(verdict(architecture, "openat", -100, 0, Long.decode(flags), Long.decode(mode)))
                    .isEqualTo(allowed ? ALLOW : error(SeccompFilter.EPERM));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ptrace",
        "process_vm_readv",
        "process_vm_writev",
        "pidfd_getfd",
        "kcmp",
        "perf_event_open",
        "unshare",
        "setns",
        "mount",
        "umount2",
        "pivot_root",
        "chroot",
        "open_tree",
        "move_mount",
        "fsopen",
        "fsconfig",
        "fsmount",
        "fspick",
        "mount_setattr",
        "open_by_handle_at",
        "bpf",
        "userfaultfd",
        "io_uring_setup",
        "io_uring_enter",
        "io_uring_register",
        "init_module",
        "finit_module",
        "delete_module",
        "kexec_load",
        "reboot",
        "swapon",
        "swapoff",
        "keyctl",
        "add_key",
        "request_key",
        "memfd_create",
        "shmget",
        "connect",
        "bind",
        "listen",
        "accept",
        "accept4"
    })
    void whatNoScriptNeedsIsRefused(String call) {
        for (Architecture architecture : Architecture.values())
            assertThat(verdict(architecture, call)).isEqualTo(error(SeccompFilter.EPERM));
    }

    /** read, write, mmap, execve, futex and exit_group by their numbers in the kernel's tables. */
    @ParameterizedTest
    @CsvSource({
        "X86_64, 0",
        "X86_64, 1",
        "X86_64, 9",
        "X86_64, 59",
        "X86_64, 202",
        "X86_64, 231",
        "AARCH64, 63",
        "AARCH64, 64",
        "AARCH64, 222",
        "AARCH64, 221",
        "AARCH64, 98",
        "AARCH64, 94"
    })
    void theRestIsAllowed(Architecture architecture, int number) {
        assertThat(verdict(architecture, architecture.auditNumber(), number, 0, 0, 0, 0, 0, 0))
                .isEqualTo(ALLOW);
    }

    @Test
    void anUnknownArchitectureHasNoFilter() {
        assertThat(Architecture.named("riscv64")).isEmpty();
        assertThat(Architecture.named("amd64")).contains(Architecture.X86_64);
        assertThat(Architecture.named("aarch64")).contains(Architecture.AARCH64);
    }
}
