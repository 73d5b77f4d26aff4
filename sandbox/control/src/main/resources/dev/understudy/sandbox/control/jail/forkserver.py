"""Forks a process for each run, in namespaces of its own, inside a jail that shows what one automation's runs may see.

The server holds no script and no parameters: a fork that is about to become a run reads them from files. It speaks with
the host over its standard input (a length, then a request as JSON) and output (a kind, a length, then the bytes).
"""
import ctypes
import gc
import json
import os
import resource
import select
import signal
import struct
import sys

SERVER = "/server"
RUNS = SERVER + "/runs"

CLONE_NEWNS, CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID = 0x20000, 0x8000000, 0x10000000, 0x20000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT, MS_BIND, MS_REC, MS_SLAVE = 1, 2, 4, 8, 32, 4096, 16384, 1 << 19
PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT = 4, 22, 24, 38, 47
PR_CAP_AMBIENT_CLEAR_ALL, SECCOMP_MODE_FILTER, CAPABILITY_VERSION_3 = 4, 2, 0x20080522

CLONE = {"x86_64": 56, "aarch64": 220}

# The same number for user and group: see the jail's arguments.
IDS = (os.getuid(), os.getuid())

libc = ctypes.CDLL(None, use_errno=True)


class Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p)]


def call(name, *arguments):
    if getattr(libc, name)(*arguments) < 0:
        code = ctypes.get_errno()
        raise OSError(code, "%s: %s" % (name, os.strerror(code)))


def mount(source, target, kind, flags, options=None):
    try:
        call("mount", os.fsencode(source), os.fsencode(target), kind and kind.encode(), ctypes.c_ulong(flags),
             options and os.fsencode(options))
    except OSError as problem:
        raise OSError(problem.errno, "%s at %s" % (problem.strerror, target))


def make_read_only(target):
    # What is locked from outside must be said again, or the kernel refuses to change anything.
    kept = os.statvfs(target).f_flag & (MS_NOSUID | MS_NODEV | MS_NOEXEC)
    mount("none", target, None, MS_BIND | MS_REMOUNT | MS_RDONLY | kept)


def place(source, target):
    """The mount point, where what lies around it has none."""
    if os.path.lexists(target):
        return
    if os.path.isdir(source):
        os.makedirs(target)
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o600))


def show(mounts):
    for kind, source, target in mounts:
        if kind in ("overlay", "folder"):
            os.makedirs(target, exist_ok=True)
            if kind == "overlay":
                mount("overlay", target, "overlay", 0, source)
            continue
        place(source, target)
        mount(source, target, None, MS_BIND)
        if kind == "read":
            make_read_only(target)


def fork_into_namespaces():
    """As os.fork, but that the child is the init of a pid namespace of its own: one process less than with unshare."""
    flags = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | signal.SIGCHLD
    ctypes.pythonapi.PyOS_BeforeFork()
    # By a library whose calls keep the interpreter's lock, as os.fork does.
    pid = ctypes.PyDLL(None, use_errno=True).syscall(CLONE[os.uname().machine], ctypes.c_ulong(flags), None, None, None, None)
    if pid == 0:
        ctypes.pythonapi.PyOS_AfterFork_Child()
        return 0
    ctypes.pythonapi.PyOS_AfterFork_Parent()
    if pid < 0:
        code = ctypes.get_errno()
        raise OSError(code, "clone: %s" % os.strerror(code))
    return pid


def map_ids():
    for name, text in (("setgroups", "deny"), ("uid_map", "%d %d 1" % IDS), ("gid_map", "%d %d 1" % IDS)):
        with open("/proc/self/" + name, "w") as file:
            file.write(text)


def lock_in(limits, instructions):
    """Gives up every privilege for good, so that what runs from here on has those of the jail and no more."""
    for name, value in limits.items():
        resource.setrlimit(getattr(resource, "RLIMIT_" + name), (value, value))
    with open("/proc/sys/kernel/cap_last_cap") as file:
        last = int(file.read())
    for capability in range(last + 1):
        call("prctl", PR_CAPBSET_DROP, capability, 0, 0, 0)
    call("prctl", PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
    call("capset", struct.pack("Ii", CAPABILITY_VERSION_3, 0), bytes(24))
    call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    program = Program(len(instructions) // 8, ctypes.cast(instructions, ctypes.c_void_p))
    call("prctl", PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0)


class Prepared:
    """A process in namespaces of its own that waits to become the init of one run."""

    def __init__(self):
        self.go_in, self.go = os.pipe()
        self.output, self.output_in = os.pipe()
        self.errors, self.errors_in = os.pipe()
        self.fault, self.fault_in = os.pipe()
        self.moved, self.moved_in = os.pipe()
        self.pid = fork_into_namespaces()
        if self.pid == 0:
            self.serve()
        for end in (self.go_in, self.output_in, self.errors_in, self.fault_in, self.moved_in):
            os.close(end)

    def serve(self):
        """Process 1 of the run's own pid namespace: when it ends, so does all that the run has started."""
        status = 1
        try:
            os.closerange(3, self.go_in)
            os.close(self.go)
            map_ids()
            # Nothing inside may interrupt it, or look into it.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            mount("none", "/", None, MS_SLAVE | MS_REC)
            mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
            mount("/proc/sys", "/proc/sys", None, MS_BIND)
            make_read_only("/proc/sys")
            with open(SERVER + "/filter", "rb") as file:
                instructions = file.read()
            with os.fdopen(self.go_in, "rb") as pipe:
                request = pipe.read()
            if not request:
                os._exit(0)
            request = json.loads(request)
            show(request["mounts"])
            stdin = os.open(request["input"], os.O_RDONLY)
            # Covers the server's own files, those of other runs, and the processes beyond this namespace.
            mount("none", SERVER, "tmpfs", MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, "size=4k,mode=0555")
            # To be opened while it may be: from the next call on it belongs to a root that is not in this namespace.
            own_io = open_io()
            call("prctl", PR_SET_DUMPABLE, 0, 0, 0, 0)
            before = io_bytes(own_io)
            script = os.fork()
            if script == 0:
                self.run(request, stdin, instructions)
            for end in (stdin, self.output_in, self.errors_in, self.fault_in):
                os.close(end)
            while True:
                ended, how = os.wait()
                if ended == script:
                    break
            if own_io >= 0:
                os.write(self.moved_in, struct.pack(">q", io_bytes(own_io) - before))
            status = code_of(how)
        except BaseException as problem:
            self.report(problem)
        os._exit(status)

    def run(self, request, stdin, instructions):
        try:
            os.setsid()
            for target, source in enumerate((stdin, self.output_in, self.errors_in)):
                os.dup2(source, target)
            call("prctl", PR_SET_DUMPABLE, 1, 0, 0, 0)
            os.chdir(request["directory"])
            lock_in(request["limits"], instructions)
            command = request["command"]
            if command:
                for number in (signal.SIGINT, signal.SIGPIPE, signal.SIGXFSZ):
                    signal.signal(number, signal.SIG_DFL)
            else:
                signal.signal(signal.SIGINT, signal.default_int_handler)
                os.environ.clear()
                os.environ.update(request["environment"])
            os.closerange(3, 1 << 20)
        except BaseException as problem:
            self.report(problem)
            os._exit(1)
        if command:
            try:
                os.execve(command[0], command, request["environment"])
            except OSError as problem:
                os.write(2, ("%s: %s\n" % (command[0], problem.strerror)).encode())
                os._exit(127)
        driver.main()

    def report(self, problem):
        try:
            os.write(self.fault_in, ("%s: %s" % (type(problem).__name__, problem)).encode()[:400])
        finally:
            os._exit(1)

    def hand_over(self, request):
        with os.fdopen(self.go, "wb") as pipe:
            try:
                pipe.write(request)
                pipe.flush()
            except BrokenPipeError:
                pass  # It has ended already, and has said why.

    def forward(self, tell):
        """Passes on what the run writes until nothing of it is left; how it ended, and what it used."""
        kinds = {self.output: b"o", self.errors: b"e"}
        while kinds:
            for end in select.select(list(kinds), [], [])[0]:
                data = os.read(end, 1 << 16)
                if data:
                    tell(kinds[end], data)
                else:
                    del kinds[end]
                    os.close(end)
        fault = os.read(self.fault, 400)
        os.close(self.fault)
        moved = os.read(self.moved, 8)
        os.close(self.moved)
        _, how, used = os.wait4(self.pid, 0)
        if fault:
            tell(b"f", fault)
        else:
            tell(b"x", struct.pack(">iqq", code_of(how), int((used.ru_utime + used.ru_stime) * 1e6), moved_bytes(moved)))


def open_io():
    """-1 where the kernel does not count, or does not tell."""
    try:
        return os.open("/proc/self/io", os.O_RDONLY)
    except OSError:
        return -1


def io_bytes(file):
    """What a process and those that it has waited for have read and written, as the kernel counts their calls."""
    if file < 0:
        return 0
    counts = dict(line.split(": ") for line in os.pread(file, 4096, 0).decode().splitlines())
    return int(counts["rchar"]) + int(counts["wchar"])


def moved_bytes(told):
    """-1 where the run's init could not tell."""
    return struct.unpack(">q", told)[0] if len(told) == 8 else -1


def code_of(status):
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


def read_exactly(source, length):
    data = b""
    while len(data) < length:
        more = os.read(source, length - len(data))
        if not more:
            os._exit(0)  # The host is done with this server.
        data += more
    return data


def main():
    source, target = os.dup(0), os.dup(1)
    nothing = os.open("/dev/null", os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    os.close(nothing)

    def tell(kind, data):
        frame = kind + struct.pack(">I", len(data)) + data
        while frame:
            frame = frame[os.write(target, frame):]

    gc.collect()
    gc.freeze()
    prepared = Prepared()
    tell(b"r", b"")
    while True:
        length, = struct.unpack(">I", read_exactly(source, 4))
        request = read_exactly(source, length)
        prepared.hand_over(request)
        prepared.forward(tell)
        prepared = Prepared()


if len(sys.argv) > 1:
    # Scripts of its own language: the driver, and the modules that the script at hand names, are there before the fork.
    import importlib.util
    specification = importlib.util.spec_from_file_location("driver", sys.argv[1])
    driver = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(driver)
    for module in sys.argv[2:]:
        try:
            __import__(module)
        except ImportError:
            pass  # A system that splits its Python into packages may lack one; the script that needs it says so.
main()
