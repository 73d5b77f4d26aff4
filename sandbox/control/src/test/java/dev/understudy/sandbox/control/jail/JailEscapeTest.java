package dev.understudy.sandbox.control.jail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.understudy.sandbox.control.Escape;
import dev.understudy.sandbox.control.Escape.Group;
import dev.understudy.sandbox.control.Grants;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunRequest.Language;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Ways out of the jail, by what they go for. Each is really tried inside, by system calls made directly and so past
 * anything that a language might forbid first, and each must answer with the very refusal that is expected: a way that was not
 * tried, or that failed for another reason, fails the test.
 */
@Escape({})
class JailEscapeTest extends JailedTest {
    /** Names within a container that go for something else than the rest of it. */
    private static final Map<String, Group> BY_NAME = Map.ofEntries(
            Map.entry("..", Group.DOT_DOT),
            Map.entry("a link that was there", Group.SYMBOLIC_LINKS),
            Map.entry("a link of its own", Group.SYMBOLIC_LINKS),
            Map.entry("a hard link", Group.HARD_LINKS),
            Map.entry("/proc/self/root", Group.PROC_SELF_ROOT),
            Map.entry("/proc/1/root", Group.PROC_SELF_ROOT),
            Map.entry("/proc/1/cwd", Group.PROC_SELF_ROOT),
            Map.entry("another case", Group.CASE_AND_UNICODE),
            Map.entry("full-width dots", Group.CASE_AND_UNICODE),
            Map.entry("the runs of others", Group.OTHER_WORKSPACES),
            Map.entry("a set-uid file", Group.SET_UID),
            Map.entry("a set-uid file at birth", Group.SET_UID),
            Map.entry("a signal to the host", Group.SIGNALS),
            Map.entry("the host's environment", Group.PROC_OF_OTHERS),
            Map.entry("the host's memory", Group.PROC_OF_OTHERS),
            Map.entry("io_uring_setup", Group.IO_URING),
            Map.entry("keyctl", Group.KEYRINGS),
            Map.entry("add_key", Group.KEYRINGS),
            Map.entry("request_key", Group.KEYRINGS),
            Map.entry("a raw socket", Group.RAW_SOCKETS),
            Map.entry("a packet socket", Group.RAW_SOCKETS),
            Map.entry("a Unix socket", Group.HOST_SOCKETS),
            Map.entry("the host's socket file as a file", Group.HOST_SOCKETS),
            Map.entry("a name", Group.DNS),
            Map.entry("a core dump", Group.CORE_DUMPS),
            Map.entry("/proc/sys", Group.CORE_DUMPS),
            Map.entry("more processes", Group.LIMITS),
            Map.entry("another user", Group.SET_UID),
            Map.entry("new privileges", Group.SET_UID),
            Map.entry("capabilities", Group.SET_UID),
            Map.entry("the host's environment variables", Group.ENVIRONMENT));

    static List<Group> escapes() {
        Path any = Path.of("/x");
        List<Group> groups = new ArrayList<>();
        ways(any, any, any, any, any)
                .forEach((container, ways) -> ways.forEach(way -> groups.add(group(container, way.name()))));
        return groups;
    }

    private static Group group(String container, String name) {
        Group named = BY_NAME.get(name);
        if (named != null) return named;
        if (name.startsWith("TIOC")) return Group.TERMINAL_INJECTION;
        return switch (container) {
            case "reading outside the grants", "writing outside the grants" -> Group.HOST_FILES;
            case "namespaces and mounts" -> name.matches("unshare.*|clone.*|setns") ? Group.NAMESPACES : Group.MOUNTING;
            case "other processes" -> Group.PTRACE;
            case "the network" -> Group.NETWORK;
            case "the terminal, limits and privileges" -> Group.TERMINAL_INJECTION;
            default -> Group.KERNEL;
        };
    }

    private static final String HELPERS = """
            import ctypes, errno, mmap, os, resource, signal, stat, sys
            libc = ctypes.CDLL(None, use_errno=True)

            def checked(result):
                if result == -1:
                    number = ctypes.get_errno()
                    raise OSError(number, os.strerror(number))
                return result

            def argument(value):
                if isinstance(value, str):
                    value = value.encode()
                return value if isinstance(value, (bytes, ctypes.Array)) or value is None else ctypes.c_long(value)

            def call(number, *arguments):
                ctypes.set_errno(0)
                return checked(libc.syscall(ctypes.c_long(number), *map(argument, arguments)))

            def read(path):
                with open(path, "rb") as file:
                    return file.read(64)

            def write(path, text="x"):
                with open(path, "r+" if os.path.exists(path) else "w") as file:
                    file.write(text)

            def attempt(way):
                try:
                    return {"made": True, "got": repr(way())}
                except OSError as refused:
                    return {"made": True, "refused": errno.errorcode.get(refused.errno, str(refused))}
                except ValueError as refused:
                    return {"made": True, "refused": str(refused)}

            def nothing():
                raise ValueError("nothing of the kind")
            """;

    /** One way out: what Python code tries it, and the error that it must meet. */
    private record Way(String name, String code, String refusal) {}

    private static final Architecture HERE =
            Architecture.named(System.getProperty("os.arch")).orElse(Architecture.X86_64);

    private static Way way(String name, String code, String refusal) {
        return new Way(name, code, refusal);
    }

    /** By a system call of this machine's own number. */
    private static Way callOf(String call, String arguments, String refusal) {
        int number = HERE.call(call).orElse(-1);
        return new Way(call, "call(" + number + (arguments.isEmpty() ? "" : ", " + arguments) + ")", refusal);
    }

    private static Map<String, List<Way>> ways(Path granted, Path readable, Path secret, Path socket, Path hidden) {
        String host = "" + ProcessHandle.current().pid();
        Map<String, List<Way>> groups = new LinkedHashMap<>();
        groups.put(
                "reading outside the grants",
                List.of(
                        way("the secret itself", "read('%s')".formatted(secret), "ENOENT"),
                        way("/etc/shadow", "read('/etc/shadow')", "ENOENT"),
                        way("..", "read('%s/../secret/secret.txt')".formatted(granted), "ENOENT"),
                        way("a link that was there", "read('%s/link')".formatted(granted), "ENOENT"),
                        way(
                                "a link of its own",
                                "(os.symlink('%s', '/tmp/l'), read('/tmp/l'))".formatted(secret),
                                "ENOENT"),
                        way("a hard link", "os.link('%s', '/tmp/h')".formatted(secret), "ENOENT"),
                        way("/proc/self/root", "read('/proc/self/root%s')".formatted(secret), "ENOENT"),
                        way("/proc/1/root", "read('/proc/1/root%s')".formatted(secret), "EACCES|ENOENT"),
                        way("/proc/1/cwd", "os.listdir('/proc/1/cwd/home')", "EACCES|ENOENT"),
                        way(
                                "another case",
                                "read('%s')".formatted(secret.toString().replace("secret", "SECRET")),
                                "ENOENT"),
                        way(
                                "full-width dots",
                                "read('%s/\\uff0e\\uff0e/secret/secret.txt')".formatted(granted),
                                "ENOENT"),
                        way("the host's own folder", "read('%s/own.txt')".formatted(hidden), "ENOENT"),
                        way(
                                "the runs of others",
                                "os.listdir('%s')".formatted(hidden.resolveSibling("jail/runs")),
                                "ENOENT"),
                        callOf("name_to_handle_at", "-100, '/', None, None, 0", "EPERM"),
                        callOf("open_by_handle_at", "3, None, 0", "EPERM")));
        groups.put(
                "writing outside the grants",
                List.of(
                        way("a read grant", "write('%s/r.txt')".formatted(readable), "EROFS|EACCES"),
                        way("its permissions", "os.chmod('%s/r.txt', 0o777)".formatted(readable), "EROFS|EPERM"),
                        way("its times", "os.utime('%s/r.txt')".formatted(readable), "EROFS|EPERM|EACCES"),
                        way(
                                "a rename out of a grant",
                                "os.rename('%s/g.txt', '%s/g.txt')".formatted(granted, readable),
                                "EROFS|EXDEV|EACCES"),
                        way("the system", "write('/usr/bin/understudy-was-here')", "EROFS"),
                        way("the root", "write('/understudy-was-here')", "EROFS"),
                        way("devices' folder", "write('/dev/understudy-was-here')", "EROFS"),
                        way("its own script", "write('/understudy/script.py')", "EROFS|EACCES"),
                        way("/proc/sys", "write('/proc/sys/kernel/core_pattern', 'core')", "EROFS|EACCES"),
                        way("/sys", "os.listdir('/sys/kernel')", "ENOENT"),
                        way(
                                "a block device",
                                "os.mknod('/tmp/disk', 0o600 | stat.S_IFBLK, os.makedev(254, 0))",
                                "EPERM"),
                        way("a set-uid file", "(write('/tmp/suid'), os.chmod('/tmp/suid', 0o4755))", "EPERM"),
                        way(
                                "a set-uid file at birth",
                                "os.open('/tmp/suid2', os.O_CREAT | os.O_WRONLY, 0o4755)",
                                "EPERM")));
        groups.put(
                "namespaces and mounts",
                List.of(
                        callOf("unshare", "0x10000000", "EPERM"),
                        way(
                                "unshare of mounts",
                                "call(%d, 0x00020000)"
                                        .formatted(HERE.call("unshare").orElse(-1)),
                                "EPERM"),
                        way(
                                "clone into a user namespace",
                                "call(%d, 0x10000011, 0, 0, 0, 0)"
                                        .formatted(HERE.call("clone").orElse(-1)),
                                "EPERM"),
                        callOf("clone3", "None, 0", "ENOSYS"),
                        way(
                                "setns",
                                "call(%d, os.open('/proc/self/ns/user', 0), 0)"
                                        .formatted(HERE.call("setns").orElse(-1)),
                                "EPERM"),
                        callOf("mount", "'none', '/tmp', 'tmpfs', 0, None", "EPERM"),
                        way(
                                "remounting /",
                                "call(%d, None, '/', None, 0x1020, None)"
                                        .formatted(HERE.call("mount").orElse(-1)),
                                "EPERM"),
                        callOf("umount2", "'/proc', 2", "EPERM"),
                        callOf("pivot_root", "'/tmp', '/tmp'", "EPERM"),
                        callOf("chroot", "'/tmp'", "EPERM"),
                        callOf("fsopen", "'tmpfs', 0", "EPERM"),
                        callOf("open_tree", "-100, '/', 1", "EPERM"),
                        callOf("move_mount", "-1, '', -1, '', 0", "EPERM"),
                        callOf("mount_setattr", "-100, '/', 0, None, 0", "EPERM")));
        groups.put(
                "other processes",
                List.of(
                        way("a signal to the host", "os.kill(%s, 0)".formatted(host), "ESRCH"),
                        way("the host's environment", "read('/proc/%s/environ')".formatted(host), "ENOENT"),
                        way("the host's memory", "read('/proc/%s/mem')".formatted(host), "ENOENT"),
                        callOf("ptrace", "16, 1, 0, 0", "EPERM"),
                        callOf("process_vm_readv", "1, None, 0, None, 0, 0", "EPERM"),
                        callOf("pidfd_getfd", "3, 0, 0", "EPERM"),
                        callOf("kcmp", "1, 1, 0, 0, 0", "EPERM")));
        groups.put(
                "the kernel",
                List.of(
                        callOf("bpf", "0, None, 0", "EPERM"),
                        callOf("userfaultfd", "0", "EPERM"),
                        callOf("perf_event_open", "None, 0, -1, -1, 0", "EPERM"),
                        callOf("io_uring_setup", "8, None", "EPERM"),
                        callOf("init_module", "None, 0, ''", "EPERM"),
                        callOf("finit_module", "3, '', 0", "EPERM"),
                        callOf("kexec_load", "0, 0, None, 0", "EPERM"),
                        callOf("reboot", "0, 0, 0, None", "EPERM"),
                        callOf("swapon", "'/tmp/swap', 0", "EPERM"),
                        callOf("settimeofday", "None, None", "EPERM"),
                        callOf("sethostname", "'x', 1", "EPERM"),
                        callOf("syslog", "2, None, 0", "EPERM"),
                        callOf("personality", "0x0040000", "EPERM"),
                        way(
                                "a call newer than the filter",
                                "call(%d)".formatted(Architecture.NEWEST_CALL + 1),
                                "ENOSYS"),
                        callOf("keyctl", "0, -3, 1", "EPERM"),
                        callOf("add_key", "'user', 'x', 'y', 1, -3", "EPERM"),
                        callOf("request_key", "'user', 'x', None, -3", "EPERM"),
                        callOf("memfd_create", "'x', 0", "EPERM"),
                        callOf("shmget", "0, 4096, 0o1600", "EPERM")));
        groups.put(
                "the network",
                List.of(
                        way("TCP", socketOf(2, 1, 0), "EAFNOSUPPORT"),
                        way("UDP", socketOf(2, 2, 0), "EAFNOSUPPORT"),
                        way("a raw socket", socketOf(2, 3, 1), "EAFNOSUPPORT"),
                        way("TCP over IPv6", socketOf(10, 1, 0), "EAFNOSUPPORT"),
                        way("netlink", socketOf(16, 3, 0), "EAFNOSUPPORT"),
                        way("a packet socket", socketOf(17, 3, 3), "EAFNOSUPPORT"),
                        way("vsock", socketOf(40, 1, 0), "EAFNOSUPPORT"),
                        way("a Unix socket", socketOf(1, 1, 0), "EAFNOSUPPORT"),
                        way(
                                "a datagram pair",
                                "call(%d, 1, 2, 0, (ctypes.c_int * 2)())"
                                        .formatted(HERE.call("socketpair").orElse(-1)),
                                "EAFNOSUPPORT"),
                        way(
                                "a name",
                                "libc.getaddrinfo(b'example.org', None, None, ctypes.byref(ctypes.c_void_p())) == 0 or nothing()",
                                "nothing of the kind"),
                        callOf("connect", "0, None, 0", "EPERM"),
                        callOf("bind", "0, None, 0", "EPERM"),
                        way(
                                "a datagram to an address",
                                "call(%d, 0, '', 0, 0, '/x', 2)"
                                        .formatted(HERE.call("sendto").orElse(-1)),
                                "EPERM"),
                        way("the host's socket file as a file", "read('%s')".formatted(socket), "ENXIO"),
                        way(
                                "an interface beside lo",
                                "[line for line in open('/proc/net/dev').read().split('\\n')[2:] if line.strip() and not line.strip().startswith('lo:')] or nothing()",
                                "nothing of the kind")));
        groups.put(
                "the terminal, limits and privileges",
                List.of(
                        way(
                                "TIOCSTI",
                                "call(%d, 0, 0x5412, 'x')"
                                        .formatted(HERE.call("ioctl").orElse(-1)),
                                "EPERM"),
                        way(
                                "TIOCSTI in disguise",
                                "call(%d, 0, 0x100005412, 'x')"
                                        .formatted(HERE.call("ioctl").orElse(-1)),
                                "EPERM"),
                        way(
                                "TIOCLINUX",
                                "call(%d, 0, 0x541c, 'x')"
                                        .formatted(HERE.call("ioctl").orElse(-1)),
                                "EPERM"),
                        way("the controlling terminal", "read('/dev/tty')", "ENXIO"),
                        way(
                                "a core dump",
                                "resource.setrlimit(resource.RLIMIT_CORE, (1 << 20, 1 << 20)) if resource.getrlimit(resource.RLIMIT_CORE) == (0, 0) else 'allowed'",
                                "not allowed to raise maximum limit|EPERM"),
                        way(
                                "more processes",
                                "resource.setrlimit(resource.RLIMIT_NPROC, (4096, 4096))",
                                "not allowed to raise maximum limit|EPERM"),
                        way("another user", "os.setuid(0)", "EPERM|EINVAL"),
                        way("new privileges", "checked(libc.prctl(38, 0, 0, 0, 0))", "EINVAL"),
                        way(
                                "capabilities",
                                "[line for line in open('/proc/self/status') if line.startswith('Cap') and int(line.split()[1], 16)] or nothing()",
                                "nothing of the kind"),
                        way(
                                "the host's environment variables",
                                "sorted(set(os.environ) - {'PATH', 'HOME', 'TMPDIR', 'LANG', 'LC_CTYPE', 'PWD', 'RESULT', 'UNDERSTUDY_ISOLATION', 'UNDERSTUDY_NAME'}) or nothing()",
                                "nothing of the kind")));
        return groups;
    }

    private static String socketOf(int family, int type, int protocol) {
        return "call(%d, %d, %d, %d)".formatted(HERE.call("socket").orElse(-1), family, type, protocol);
    }

    @TestFactory
    Stream<DynamicNode> everyWayOutIsShut() throws Exception {
        Path granted = open(Files.createDirectory(folder.resolve("granted")));
        Path readable = open(Files.createDirectory(folder.resolve("readable")));
        Path secret = Files.writeString(
                Files.createDirectory(folder.resolve("secret")).resolve("secret.txt"), "planted");
        Files.writeString(granted.resolve("g.txt"), "g");
        Files.writeString(readable.resolve("r.txt"), "r");
        Files.writeString(hidden().resolve("own.txt"), "the host's");
        Files.createSymbolicLink(granted.resolve("link"), secret);
        Path socket = readable.resolve("s");
        List<DynamicNode> nodes = new ArrayList<>();
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rwxrwxrwx"));
            Grants grants = new Grants(List.of(readable), List.of(granted), List.of(), List.of());
            for (var group : ways(granted, readable, secret, socket, hidden()).entrySet()) {
                JsonNode answers = tryAll(group.getValue(), grants);
                nodes.add(dynamicContainer(
                        group.getKey(),
                        group.getValue().stream().map(way -> dynamicTest(way.name(), () -> isShut(way, answers)))));
            }
        }
        nodes.add(dynamicTest("and the host is as it was", () -> {
            assertThat(secret).hasContent("planted");
            assertThat(readable.resolve("r.txt")).hasContent("r");
            assertThat(granted.resolve("g.txt")).hasContent("g");
        }));
        return nodes.stream();
    }

    private static Path open(Path folder) throws Exception {
        return Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private JsonNode tryAll(List<Way> ways, Grants grants) throws Exception {
        return tryAll(ways, grants, "");
    }

    private JsonNode tryAll(List<Way> ways, Grants grants, String moreHelpers) throws Exception {
        StringBuilder source =
                new StringBuilder(HELPERS).append(moreHelpers).append("def execute(params):\n    return {\n");
        for (Way way : ways)
            source.append("        ")
                    .append(new ObjectMapper().writeValueAsString(way.name()))
                    .append(": attempt(lambda: ")
                    .append(way.code())
                    .append("),\n");
        RunReport report =
                run(with(request(Language.PYTHON, source.append("    }\n").toString()), grants));
        assumeFalse(
                report.outcome() instanceof RunOutcome.Refused refused
                        && refused.reason().contains("not installed"),
                "python3 is not installed, which makes the attempts");
        assertThat(report.outcome()).isInstanceOf(RunOutcome.Succeeded.class);
        return new ObjectMapper().readTree(((RunOutcome.Succeeded) report.outcome()).resultJson());
    }

    private static void isShut(Way way, JsonNode answers) {
        JsonNode answer = answers.path(way.name());
        assertThat(answer.path("made").asBoolean()).as("the attempt was made").isTrue();
        assertThat(answer.has("got"))
                .as("what it got: " + answer.path("got").asText())
                .isFalse();
        assertThat(answer.path("refused").asText()).containsPattern("^(" + way.refusal() + ")$");
    }

    @Escape(Group.PROGRAMS)
    @TestFactory
    Stream<DynamicNode> noProgramStartsAtFull() {
        return Stream.of(
                        way("by name", "id", "127"),
                        way("by path", "/usr/bin/id", "127"),
                        way("by the loader", "/lib64/ld-linux-x86-64.so.2 /usr/bin/id", "127"),
                        way("by replacing the shell", "exec /usr/bin/id", "127"),
                        way("by a loadable builtin", "enable -f /usr/lib/bash/sleep sleep", "1"),
                        way("from its own workspace", "echo '#!/bin/sh' >x; chmod=1; ./x", "126"))
                .map(way -> dynamicTest(way.name(), () -> {
                    RunReport report = bash("echo attempting; " + way.code() + "; exit $?");
                    assertThat(report.output()).anyMatch(line -> line.text().equals("attempting"));
                    assertThat(report.output()).noneMatch(line -> line.text().contains("uid="));
                    assertThat(report.outcome()).isInstanceOf(RunOutcome.Failed.class);
                }));
    }

    /**
     * The old 32-bit gate has other call numbers, so the filter ends whoever uses it (SIGSYS). Where the processor has no
     * such gate, as some virtual ones have none, whoever tries ends at once as well (SIGSEGV).
     */
    @Escape(Group.KERNEL)
    @Test
    void theGateOfA32BitProcessEndsTheProcess() throws Exception {
        assumeFalse(HERE != Architecture.X86_64, "only x86-64 has this gate");
        JsonNode answers = tryAll(List.of(new Way("int 0x80", "gate()", "ended")), Grants.NONE, """
                def gate():
                    child = os.fork()
                    if child == 0:
                        page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
                        page.write(bytes([0xb8, 20, 0, 0, 0, 0xcd, 0x80, 0xc3]))
                        ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()
                        os._exit(0)
                    status = os.waitpid(child, 0)[1]
                    if os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGSYS, signal.SIGSEGV):
                        raise OSError(0, "ended")
                    return status
                """);
        assertThat(answers.path("int 0x80").path("made").asBoolean()).isTrue();
        assertThat(answers.path("int 0x80").path("refused").asText()).contains("ended");
    }
}
