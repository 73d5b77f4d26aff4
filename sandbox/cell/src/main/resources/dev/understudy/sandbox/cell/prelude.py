def prepare(call, shared):
    import builtins
    import sys
    # Without it the moments of datetime that are in local time end in a fault of the runtime.
    import time

    module_type = type(sys)

    class NotAllowed(PermissionError):
        """Something that the run's isolation level or grants forbid."""

        def __str__(self):
            return str(self.args[0])

    kinds = {
        "NOT_FOUND": FileNotFoundError,
        "ALREADY_EXISTS": FileExistsError,
        "NOT_GRANTED": PermissionError,
        "NOT_A_DIRECTORY": NotADirectoryError,
        "IS_A_DIRECTORY": IsADirectoryError,
        "NOT_ALLOWED": NotAllowed,
        "INVALID": ValueError,
        "TIMED_OUT": TimeoutError,
        "NETWORK_FAILED": ConnectionError,
    }

    def throw(kind, message):
        raise kinds.get(str(kind), OSError)(str(message))

    def forbid(what):
        def refuse(*args, **kwargs):
            call("forbid", what)

        return refuse

    class Log:
        def debug(self, text):
            call("log", "DEBUG", str(text))

        def info(self, text):
            call("log", "INFO", str(text))

        def warn(self, text):
            call("log", "WARN", str(text))

        def error(self, text):
            call("log", "ERROR", str(text))

    class Files:
        def read(self, path):
            return call("read", str(path))

        def readBytes(self, path):
            with open(call("expand", str(path)), "rb") as file:
                return file.read()

        def _put(self, path, data, mode):
            if isinstance(data, (bytes, bytearray, memoryview)):
                with open(call("expand", str(path)), mode + "b") as file:
                    file.write(data)
            else:
                call("write" if mode == "w" else "append", str(path), str(data))

        def write(self, path, data):
            self._put(path, data, "w")

        def append(self, path, data):
            self._put(path, data, "a")

        def copy(self, source, target, follow="named", keep="content"):
            call("copy", str(source), str(target), str(follow), str(keep))

        def copyAttributes(self, source, target):
            call("copyAttributes", str(source), str(target))

        def move(self, source, target):
            call("move", str(source), str(target))

        def remove(self, path):
            call("remove", str(path))

        def mkdir(self, path):
            call("mkdir", str(path))

        def list(self, path):
            return [name for name in call("list", str(path))]

        def glob(self, pattern):
            return [path for path in call("glob", str(pattern))]

        def escape(self, text):
            return call("escape", str(text))

        def exists(self, path, follow="all"):
            return call("exists", str(path), str(follow))

        def info(self, path, follow="all"):
            kind, size, modified = call("info", str(path), str(follow))
            return {"kind": kind, "size": size, "modified": modified}

    def progress(share, text=""):
        call("progress", float(share), str(text))

    def sent(data):
        if data is None:
            return [""]
        if isinstance(data, (bytes, bytearray, memoryview)):
            data = bytes(data)
            return [data, 0, len(data)]
        return [str(data)]

    def run(program, *args, stdin=None, cwd=None):
        flat = []
        for arg in args:
            flat.extend(arg if isinstance(arg, (list, tuple)) else [arg])
        code, out, err = call("run", str(program), [str(arg) for arg in flat], str(cwd or ""), *sent(stdin))
        return {"code": code, "stdout": out, "stderr": err}

    def http(request, method=None, headers=None, body=None, timeout=None):
        if isinstance(request, str):
            request = {"url": request}
        flat = []
        for name, value in (headers or request.get("headers") or {}).items():
            flat.append(str(name))
            flat.append(str(value))
        if timeout is None:
            timeout = request.get("timeout")
        seconds = 0 if timeout is None else float(timeout)
        millis = 0 if timeout is None else max(1, int(seconds * 1000)) if 0 < seconds < 1e9 else -1
        status, names, text, buffer = call(
            "http", method or request.get("method") or "GET", str(request["url"]), flat, millis,
            *sent(body if body is not None else request.get("body")))
        answered = {}
        for i in range(0, len(names) - 1, 2):
            answered[str(names[i]).lower()] = names[i + 1]
        return {"status": status, "headers": answered, "text": text, "bytes": bytes(buffer)}

    def secret(name):
        return call("secret", str(name))

    understudy = module_type("understudy")
    understudy.log = Log()
    understudy.files = Files()
    understudy.progress = progress
    understudy.run = run
    understudy.http = http
    understudy.secret = secret
    understudy.NotAllowed = NotAllowed
    sys.modules["understudy"] = understudy
    builtins.understudy = understudy

    # The interpreter refuses these in any case, but as a fault of its own; here the script hears why.
    import _posixsubprocess
    import _socket
    import _thread
    import errno
    import os
    import posix

    programs = forbid("programs")
    for name in ("system", "execv", "execve", "fork", "forkpty", "posix_spawn", "posix_spawnp", "popen"):
        for module in (posix, os):
            if hasattr(module, name):
                setattr(module, name, programs)
    os.fork = programs
    _posixsubprocess.fork_exec = programs

    def leave(status=0):
        raise SystemExit(status)

    def readlink(path, *, dir_fd=None):
        # The interpreter's own answers with the path at the end of all links, which nobody means who asks for a link.
        if dir_fd is not None:
            raise NotImplementedError("dir_fd unavailable on this platform")
        if os.lstat(path).st_mode & 0o170000 != 0o120000:
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), path)
        text = call("readLink", os.fsdecode(path))
        return os.fsencode(text) if isinstance(path, bytes) else text

    posix.readlink = os.readlink = readlink

    def link(src, dst, *, src_dir_fd=None, dst_dir_fd=None, follow_symlinks=True):
        # The interpreter's own takes the two for each other.
        if src_dir_fd is not None or dst_dir_fd is not None:
            raise NotImplementedError("dir_fd unavailable on this platform")
        call("link", os.fsdecode(dst), os.fsdecode(src))

    posix.link = os.link = link

    def renamed_as(rename):
        def renaming(src, dst, *, src_dir_fd=None, dst_dir_fd=None):
            # The interpreter's own ends in a fault of its own where something is in the way that is a folder, or is one.
            if src_dir_fd is None and dst_dir_fd is None:
                try:
                    source = os.lstat(src)
                except OSError as missing:
                    raise OSError(missing.errno, os.strerror(missing.errno), src, None, dst) from None
                try:
                    target = os.lstat(dst)
                except OSError:
                    target = None
                problem = None
                moves_folder = source.st_mode & 0o170000 == 0o040000
                if moves_folder and os.path.abspath(os.fsdecode(dst)).startswith(os.path.abspath(os.fsdecode(src)) + "/"):
                    problem = errno.EINVAL
                elif target is not None and (source.st_dev, source.st_ino) == (target.st_dev, target.st_ino):
                    return None
                elif target is not None:
                    onto_folder = target.st_mode & 0o170000 == 0o040000
                    if onto_folder and not moves_folder:
                        problem = errno.EISDIR
                    elif moves_folder and not onto_folder:
                        problem = errno.ENOTDIR
                    elif onto_folder:
                        if os.listdir(dst):
                            problem = errno.ENOTEMPTY
                        else:
                            os.rmdir(dst)
                if problem is not None:
                    raise OSError(problem, os.strerror(problem), src, None, dst)
            return rename(src, dst, src_dir_fd=src_dir_fd, dst_dir_fd=dst_dir_fd)

        return renaming

    posix.rename = os.rename = renamed_as(posix.rename)
    posix.replace = os.replace = renamed_as(posix.replace)
    utime_in_seconds = posix.utime

    def utime(path, times=None, *, ns=None, dir_fd=None, follow_symlinks=True):
        given = ns or times
        if given is None or (ns and times) or dir_fd is not None or not follow_symlinks or isinstance(path, int):
            kept = {} if ns is None else {"ns": ns}
            return utime_in_seconds(path, times, dir_fd=dir_fd, follow_symlinks=follow_symlinks, **kept)
        # The interpreter's own knows no part of a second.
        nanos = int(ns[1]) if ns else int(times[1]) * 10 ** 9 + int(times[1] % 1 * 10 ** 9)
        call("setTime", os.fsdecode(path), *divmod(nanos, 10 ** 9))

    posix.utime = os.utime = utime

    set_umask = posix.umask
    masks = [0o022]

    def umask(mask, /):
        # The interpreter's own answers with what was asked for, not with what there was.
        before = masks[0]
        masks[0] = mask & 0o777
        set_umask(masks[0])
        return before

    posix.umask = os.umask = umask
    mkdir_for_all = posix.mkdir

    def mkdir(path, mode=0o777, *, dir_fd=None):
        mkdir_for_all(path, mode, dir_fd=dir_fd)
        # The interpreter's own takes no notice of the mode.
        if mode & ~masks[0] & 0o755 != 0o755:
            os.chmod(path, os.stat(path).st_mode & (mode & ~masks[0] | 0o7000))

    posix.mkdir = os.mkdir = mkdir

    import codecs

    def marked_once(encoding):
        without_mark = encoding + ("-le" if sys.byteorder == "little" else "-be")

        class Encoder:
            def __init__(self, errors="strict"):
                self.errors = errors
                self.reset()

            def encode(self, text, final=False):
                encoding_now = encoding if self.is_first else without_mark
                self.is_first = False
                return codecs.encode(text, encoding_now, self.errors)

            def reset(self):
                self.is_first = True

            def getstate(self):
                return 2 if self.is_first else 0

            def setstate(self, state):
                self.is_first = state != 0

        return Encoder

    # The interpreter's own writes a byte order mark before each piece of a text, and not once at its beginning.
    for encoding, names in (("utf-16", ("utf-16", "utf_16", "utf16", "u16")), ("utf-32", ("utf-32", "utf_32", "utf32", "u32"))):
        encoder = marked_once(encoding)
        for name in names:
            codecs.lookup(name).incrementalencoder = encoder

    # The interpreter says that it takes paths from an open folder on, and opens none: shutil.rmtree believed it.
    os.supports_dir_fd = set()
    if "shutil" in sys.modules:
        sys.modules["shutil"]._use_fd_functions = False

    posix._exit = leave
    os._exit = leave
    for name in list(os.environ):
        if name != "HOME":
            del os.environ[name]
    # GraalPy knows no folder of time zones.
    os.environ["PYTHONTZPATH"] = "/usr/share/zoneinfo"
    _thread.start_new_thread = forbid("threads")
    if hasattr(_thread, "start_joinable_thread"):
        _thread.start_joinable_thread = forbid("threads")
    network = forbid("network")

    class Socket:
        __slots__ = ()

        def __init__(self, *args, **kwargs):
            network()

    _socket.socket = Socket
    for name in ("getaddrinfo", "gethostbyname", "gethostbyaddr", "getnameinfo", "socketpair"):
        setattr(_socket, name, network)

    # The interpreter counts in 32 bits where it has to; scripts take it for a number larger than any size.
    sys.maxsize = 2 ** 63 - 1
    def getsizeof(value, default=None):
        """About what CPython says; the interpreter ends in a fault of its own at most objects."""
        if isinstance(value, bool) or value is None:
            return 28 if value else 24
        if isinstance(value, int):
            return 24 + 4 * max(1, (value.bit_length() + 29) // 30)
        if isinstance(value, str):
            return 49 + len(value) if value.isascii() else 74 + len(value.encode("utf-16-le", "surrogatepass"))
        if isinstance(value, (bytes, bytearray)):
            return 33 + len(value)
        if isinstance(value, (list, tuple)):
            return (56 if isinstance(value, list) else 40) + 8 * len(value)
        if isinstance(value, (dict, set, frozenset)):
            return 64 + (100 if isinstance(value, dict) else 64) * len(value)
        return 24 if isinstance(value, float) else 48

    sys.getsizeof = getsizeof
    import math
    if not hasattr(math, "exp2"):
        math.exp2 = lambda x: 2.0 ** x
    if not hasattr(math, "cbrt"):
        def cbrt(x):
            root = math.copysign(abs(x) ** (1 / 3), x)
            # One step of Newton's, after which cubes give what was cubed.
            return root - (root * root * root - x) / (3 * root * root) if root and math.isfinite(root) else root

        math.cbrt = cbrt
    import itertools

    islice_to = itertools.islice

    def islice(iterable, *bounds):
        # A bound beyond its 32 bits is one that nothing reaches.
        return islice_to(iterable, *(None if bound is not None and bound >= 2 ** 31 - 1 else bound for bound in bounds))

    itertools.islice = islice

    def absent(name):
        return "No module named '%s' in a cell; write runtime = \"native\" to have it" % name

    class Imports:
        """Says of a module that a cell does not have where it is, and mends others as they are loaded."""

        absent = frozenset((
            "_bz2", "_ctypes", "_curses", "_dbm", "_gdbm", "_lsprof", "_sqlite3", "_tkinter", "audioop", "bz2", "cProfile",
            "crypt", "ctypes", "curses", "dbm.gnu", "dbm.ndbm", "grp", "nis", "pty", "spwd", "sqlite3", "syslog", "termios",
            "tkinter", "tty", "turtle"))

        def __init__(self, mends):
            self.mends = mends

        def find_spec(self, name, path=None, target=None):
            if name in self.absent:
                raise ModuleNotFoundError(absent(name), name=name)
            mend = self.mends.pop(name, None)
            if mend is None:
                return None
            for finder in sys.meta_path:
                spec = None if finder is self else finder.find_spec(name, path, target)
                if spec is not None:
                    load = spec.loader.exec_module

                    def exec_module(module):
                        load(module)
                        mend(module)

                    if isinstance(spec.loader, type):
                        # All modules that are built in have the same.
                        spec.loader = type("Loader", (spec.loader,), {"exec_module": staticmethod(exec_module)})
                    else:
                        spec.loader.exec_module = exec_module
                    return spec
            return None

    def mend_asyncio(unix_events):
        """A loop that waits for time alone: there are no sockets to wait for, nor other threads that could wake it."""
        from asyncio import base_events

        class Clock:
            def select(self, timeout):
                if timeout is None:
                    raise RuntimeError("the tasks wait for each other: nothing is left to run")
                if timeout > 0:
                    time.sleep(timeout)
                return ()

            def close(self):
                pass

        class CellEventLoop(base_events.BaseEventLoop):
            def __init__(self):
                super().__init__()
                self._selector = Clock()

            def _process_events(self, events):
                pass

            def _write_to_self(self):
                pass

            def run_in_executor(self, executor, function, *args):
                # Where no thread can be started, it is done at once.
                if executor is not None:
                    return super().run_in_executor(executor, function, *args)
                future = self.create_future()
                try:
                    future.set_result(function(*args))
                except Exception as problem:
                    future.set_exception(problem)
                return future

        unix_events.SelectorEventLoop = unix_events._UnixSelectorEventLoop = CellEventLoop
        unix_events.DefaultEventLoopPolicy._loop_factory = CellEventLoop

    def mend_hashlib(hashlib):
        missing = ("blake2b", "blake2s", "scrypt")

        def refuse(name):
            def hash_of(*args, **kwargs):
                raise ValueError("no %s in a cell; write runtime = \"native\" to have it" % name)

            hash_of.__name__ = name
            return hash_of

        new = hashlib.new

        def new_known(name, *args, **kwargs):
            return refuse(name)() if name in missing else new(name, *args, **kwargs)

        for name in missing:
            setattr(hashlib, name, refuse(name))
        hashlib.new = new_known
        hashlib.algorithms_available = hashlib.algorithms_available - set(missing)

    def mend_csv(csv):
        limit = csv.field_size_limit
        csv.field_size_limit = lambda *new: limit(*(min(each, 2 ** 31 - 1) for each in new))

    def mend_compression(compression):
        def readall(self):
            # In parts of the largest size that the interpreter counts; its own asks for sys.maxsize.
            return b"".join(iter(lambda: self.read(2 ** 31 - 1), b""))

        compression.DecompressReader.readall = readall

    # CPython writes out and closes what nothing refers to any more, and scripts rely on it: open(name, "w").write(text).
    # Here the object goes some day, and what it still held goes with it. So text and bytes reach a plain file at once, and
    # what has to write an end of its own is closed when the run is over.
    plain_open = builtins.open
    left_open = []

    def written_at_once(file):
        write, flush = file.write, file.flush

        def write_and_flush(data):
            count = write(data)
            flush()
            return count

        def write_lines(lines):
            for line in lines:
                write(line)
            flush()

        file.write = write_and_flush
        file.writelines = write_lines
        return file

    def open_as_others(file, mode="r", *args, **kwargs):
        opened = plain_open(file, mode, *args, **kwargs)
        # Without a buffer there is nothing to be late with.
        if "r" in mode and "+" not in mode or not hasattr(opened, "__dict__"):
            return opened
        return written_at_once(opened)

    open_as_others.__name__ = open_as_others.__qualname__ = "open"
    open_as_others.__doc__ = plain_open.__doc__
    import io
    import _io
    builtins.open = io.open = _io.open = open_as_others

    def closed_at_last(kind, is_open):
        begin = kind.__init__

        def __init__(self, *args, **kwargs):
            begin(self, *args, **kwargs)
            left_open[:] = [(each, open_still) for each, open_still in left_open if open_still(each)]
            left_open.append((self, is_open))

        kind.__init__ = __init__

    def close_what_is_left():
        while left_open:
            each, is_open = left_open.pop()
            if is_open(each):
                each.close()

    def mend_compressed(module, kind):
        closed_at_last(kind, lambda each: not each.closed)
        open_plainly = module.open

        def open(*args, **kwargs):
            opened = open_plainly(*args, **kwargs)
            if isinstance(opened, io.TextIOWrapper):
                left_open.append((opened, lambda each: not each.closed))
            return opened

        module.open = open

    def mend_pwd(pwd):
        # Who else there is, the interpreter does not say; elsewhere whom nobody knows is not found.
        def known(find, words):
            def look(who):
                try:
                    return find(who)
                except io.UnsupportedOperation:
                    raise KeyError(words % who) from None

            return look

        pwd.getpwuid = known(pwd.getpwuid, "getpwuid(): uid not found: %r")
        pwd.getpwnam = known(pwd.getpwnam, "getpwnam(): name not found: %r")

    def mend_signal(signals):
        # No signal reaches a cell, so each handler can be had; scripts set those of SIGINT and SIGPIPE as a matter of course.
        handlers = {}

        def signal(signalnum, handler):
            before = handlers.get(signalnum, signals.SIG_DFL)
            handlers[signalnum] = handler
            return before

        signals.signal = signal

    mends = {
        "_compression": mend_compression,
        "asyncio.unix_events": mend_asyncio,
        "csv": mend_csv,
        "gzip": lambda gzip: mend_compressed(gzip, gzip.GzipFile),
        "hashlib": mend_hashlib,
        "pwd": mend_pwd,
        "signal": mend_signal,
        "lzma": lambda lzma: mend_compressed(lzma, lzma.LZMAFile),
        "tarfile": lambda tarfile: closed_at_last(tarfile.TarFile, lambda each: not each.closed),
        "zipfile": lambda zipfile: closed_at_last(zipfile.ZipFile, lambda each: each.fp is not None),
    }
    for name in [name for name in mends if name in sys.modules]:
        mends.pop(name)(sys.modules[name])
    sys.meta_path.insert(0, Imports(mends))

    # What C's strftime knows and the interpreter leaves as it stands.
    strftime = time.strftime
    meanings = {
        "C": lambda moment: "%02d" % (moment[0] // 100),
        "D": lambda moment: strftime("%m/%d/%y", moment),
        "F": lambda moment: "%d-" % moment[0] + strftime("%m-%d", moment),
        "P": lambda moment: strftime("%p", moment).lower(),
        "R": lambda moment: strftime("%H:%M", moment),
        "T": lambda moment: strftime("%H:%M:%S", moment),
        "e": lambda moment: "%2d" % moment[2],
        "g": lambda moment: "%02d" % (int(strftime("%G", moment)) % 100),
        "h": lambda moment: strftime("%b", moment),
        "k": lambda moment: "%2d" % moment[3],
        "l": lambda moment: "%2d" % ((moment[3] + 11) % 12 + 1),
        "n": lambda moment: "\n",
        "r": lambda moment: strftime("%I:%M:%S %p", moment),
        "s": lambda moment: str(int(time.mktime(tuple(moment)))),
        "t": lambda moment: "\t",
    }

    def offset(moment):
        seconds = getattr(moment, "tm_gmtoff", None)
        if seconds is None:
            seconds = time.localtime(time.mktime(tuple(moment))).tm_gmtoff
        return "%s%02d%02d" % ("-" if seconds < 0 else "+", abs(seconds) // 3600, abs(seconds) // 60 % 60)

    def flagged(flag, text):
        if flag == "^":
            return text.upper()
        if flag == "#":
            return text.swapcase()
        digits = text.lstrip("0 ") or "0"
        return digits if flag == "-" else digits.rjust(len(text), " " if flag == "_" else "0")

    def filled(pattern, moment, more):
        """The pattern with those replaced; moment and more are asked only if one is there."""
        parts = []
        at = 0
        while True:
            start = pattern.find("%", at)
            if start < 0 or start + 1 >= len(pattern):
                parts.append(pattern[at:])
                return "".join(parts)
            parts.append(pattern[at:start])
            end = start + 1
            flag = pattern[end] if pattern[end] in "-_0^#" else ""
            end += len(flag)
            if pattern[end:end + 1] in ("E", "O"):
                end += 1
            kind = pattern[end:end + 1]
            meaning = meanings.get(kind) or more.get(kind)
            if meaning is not None:
                text = meaning(moment())
                parts.append((flagged(flag, text) if flag else text).replace("%", "%%"))
            elif flag and kind.isalpha():
                parts.append(flagged(flag, strftime("%" + kind, moment())))
            elif kind.isalpha():
                parts.append("%" + kind)
            else:
                parts.append(pattern[start:end + 1])
            at = end + 1

    def strftime_as_c(format, t=None):
        moment = time.localtime() if t is None else t
        return strftime(filled(format, lambda: moment, {"z": offset}), moment)

    strftime_as_c.__name__ = strftime_as_c.__qualname__ = "strftime"
    time.strftime = strftime_as_c

    class Members:
        """Writes into a type that the interpreter calls immutable: its dict compares itself with what can write."""

        def __init__(self, members):
            self.members = members

        def __eq__(self, writable):
            writable.update(self.members)
            return True

    def mend_moments(kind, moment):
        plain = kind.strftime

        def strftime(self, format):
            return plain(self, filled(format, lambda: moment(self), {}))

        def __format__(self, format):
            return self.strftime(format) if format else str(self)

        kind.__dict__ == Members({"strftime": strftime, "__format__": __format__})

    import _datetime
    in_zone = _datetime.datetime.astimezone

    def astimezone(self, tz=None):
        moment = in_zone(self, tz)
        if tz is None:
            # The interpreter calls it by its long name, and in summer, too, by that of winter.
            name = time.localtime(moment.timestamp()).tm_zone
            moment = moment.replace(tzinfo=_datetime.timezone(moment.utcoffset(), name))
        return moment

    _datetime.datetime.__dict__ == Members({"astimezone": astimezone})
    mend_moments(_datetime.date, _datetime.date.timetuple)
    mend_moments(_datetime.datetime, _datetime.datetime.timetuple)
    mend_moments(_datetime.time, lambda self: (1900, 1, 1, self.hour, self.minute, self.second, 0, 1, -1))

    codes = {}

    def load(text, name):
        code = codes.get(text)
        if code is None:
            code = compile(text, name, "exec")
            codes.clear()
            codes[text] = code
        return code

    def warm(names):
        for name in names:
            try:
                __import__(name)
            except BaseException:
                pass

    def start(text, name):
        space = shared["module_of"](text, name).__dict__
        sys.argv = [name]
        exec(load(text, name), space)
        return space.get("execute")

    def program(text):
        """The statements of an entry that holds empty lines, at which the grammar of a prompt would end; None if it goes on."""
        import ast
        last = text.rstrip("\n").rpartition("\n")[2]
        try:
            statements = ast.parse(text, "input").body
        except SyntaxError as problem:
            # A string or bracket that is never closed is told where it began, what lacks its block behind the end.
            words = str(problem)
            if "never closed" in words or "unterminated triple-quoted" in words or "unexpected EOF" in words:
                return None
            if "expected an indented block" in words and (problem.lineno or 0) > text.rstrip("\n").count("\n"):
                return None
            raise
        # A block may have more lines, until an empty one ends it.
        is_open = last[:1].isspace() and not text.endswith("\n") and statements and hasattr(statements[-1], "body")
        return None if is_open else statements

    def goes_on(text):
        try:
            return program(text) is None
        except SyntaxError:
            return False

    def enter(text):
        import __main__
        import ast
        for statement in program(text):
            if awaits(statement):
                enter_awaiting(statement, __main__.__dict__)
            else:
                exec(compile(ast.Interactive([statement]), "input", "single"), __main__.__dict__)

    def awaits(node):
        """Whether it awaits outside of any function of its own."""
        import ast
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            return False
        if isinstance(node, (ast.Await, ast.AsyncFor, ast.AsyncWith)) or getattr(node, "is_async", 0):
            return True
        return any(awaits(child) for child in ast.iter_child_nodes(node))

    def enter_awaiting(statement, space):
        import ast
        import asyncio
        shows = isinstance(statement, ast.Expr)
        body = [ast.Return(statement.value)] if shows else [statement]
        names = sorted({node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)})
        if names:
            body.insert(0, ast.Global(names))
        module = ast.parse("async def __entry__(): pass")
        module.body[0].body = body
        exec(compile(ast.fix_missing_locations(module), "input", "exec"), space)
        value = asyncio.run(space.pop("__entry__")())
        if shows:
            sys.displayhook(value)

    def loop(text):
        """A function that does what the text says as often as it is told."""
        import __main__
        import ast
        module = ast.parse("def __entry__(times):\n    for __time__ in range(times):\n        pass")
        module.body[0].body[0].body = ast.parse(text, "input").body
        exec(compile(ast.fix_missing_locations(module), "input", "exec"), __main__.__dict__)
        return __main__.__dict__.pop("__entry__")

    # What a person's session has beside a script: the last value, lists as tables, what the host knows, and answers to
    # questions about names. The answers read what is there and call nothing of the guest's: no property, no __getattr__.
    most_rows, most_columns, most_numbers, source_lines = 200, 16, 10000, 20
    facts = ("tasks", "patterns", "automations", "runs", "metrics", "workload", "tuning", "plugins")

    class Record(dict):
        """What the host knows of one thing; its fields can be read as attributes, and not be changed."""

        def __getattr__(self, name):
            if name in self:
                return self[name]
            raise AttributeError("no field " + name)

        def _refuse(self, *args, **kwargs):
            raise TypeError("what the host knows can be read only")

        __setitem__ = __delitem__ = __setattr__ = __delattr__ = __ior__ = _refuse
        clear = pop = popitem = setdefault = update = _refuse

    def read_only(value):
        if isinstance(value, dict):
            return Record((key, read_only(each)) for key, each in value.items())
        return tuple(read_only(each) for each in value) if isinstance(value, list) else value

    def fact(name):
        if name not in facts:
            raise AttributeError("module 'understudy' has no attribute '%s'" % name)
        import json
        return read_only(json.loads(call("facts", name)))

    def one_line(value):
        return " ".join((value if isinstance(value, str) else repr(value)).split("\n"))

    def show(value):
        if value is None:
            return
        builtins._ = value
        sys.stdout.flush()
        if type(value) in (list, tuple) and value:
            if 2 < len(value) <= most_numbers and all(type(each) in (int, float) for each in value):
                numbers = [float(each) for each in value if -1e300 < each < 1e300]
                if len(numbers) == len(value):
                    call("series", repr(value), numbers)
                    return
            if all(type(each) in (dict, Record) for each in value):
                columns = list({name: None for each in value for name in each})
                if 0 < len(columns) <= most_columns and all(isinstance(name, str) for name in columns):
                    rows = value[:most_rows]
                    call("rows", columns, [one_line(row[name]) if name in row else "" for row in rows for name in columns],
                         len(value) - len(rows))
                    return
        print(repr(value))

    def session():
        sys.displayhook = show
        understudy.__getattr__ = fact

    def fields(value):
        try:
            found = object.__getattribute__(value, "__dict__")
        except Exception:
            return {}
        return found if type(found) is dict else dict(found) if type(found).__name__ == "mappingproxy" else {}

    def holders(value):
        if isinstance(value, type):
            return [fields(each) for each in type.__dict__["__mro__"].__get__(value)]
        kinds = type.__dict__["__mro__"].__get__(type(value))
        return [fields(value)] + [fields(each) for each in kinds]

    def step(value, name):
        """What a name leads to, in a list; none if it leads nowhere, or if finding out would run something of the guest's."""
        if value is understudy and name in facts:
            return [fact(name)]
        if type(value) is Record and name in value:
            return [value[name]]
        for holder in holders(value):
            if name in holder:
                found = holder[name]
                kind = type(found).__name__
                if kind in ("staticmethod", "classmethod"):
                    return [found.__func__]
                return [] if kind in ("property", "cached_property", "getset_descriptor", "member_descriptor") else [found]
        return []

    def find(path):
        import __main__
        first, *rest = path.split(".")
        found = [space[first] for space in (__main__.__dict__, builtins.__dict__) if first in space][:1]
        for name in rest:
            found = step(found[0], name) if found else found
        return found

    def names_of(value):
        names = {name: None for holder in holders(value) for name in holder if isinstance(name, str)}
        if value is understudy:
            names.update(dict.fromkeys(facts))
        if type(value) is Record:
            names = {**{name: None for name in value if isinstance(name, str) and name.isidentifier()}, **names}
        return sorted(names, key=lambda name: (name.startswith("_"), name))

    def members(path):
        import __main__
        if path == "":
            return "\n".join({**dict.fromkeys(__main__.__dict__), **dict.fromkeys(builtins.__dict__)})
        found = find(path)
        return "\n".join(names_of(found[0])) if found else ""

    def signature(value):
        code = getattr(value, "__code__", None) if type(value).__name__ in ("function", "method") else None
        if code is None:
            return ""
        count = code.co_argcount + getattr(code, "co_kwonlyargcount", 0)
        return "(" + ", ".join(code.co_varnames[:count]) + ")"

    def explain(path):
        found = find(path)
        if not found:
            return ""
        value = found[0]
        kind = "class" if isinstance(value, type) else type(value).__name__
        lines = [path + ": " + kind + signature(value)]
        doc = fields(value).get("__doc__") if isinstance(value, type) else getattr(value, "__doc__", None) \
            if type(value).__name__ in ("function", "module", "builtin_function_or_method") else None
        if isinstance(doc, str) and doc.strip():
            lines += [line.rstrip() for line in doc.strip().split("\n")[:source_lines]]
        elif type(value) in (int, float, str, bool, bytes):
            lines.append(repr(value))
        else:
            if type(value) in (list, tuple, dict, set, frozenset):
                lines[0] += " of %d" % len(value)
            names = [name for name in names_of(value) if not name.startswith("_")]
            if names:
                lines.append(", ".join(names))
        return "\n".join(lines)

    shown_packages = []

    def environment(home, workspace, packages):
        umask(0o022)
        for path in shown_packages:
            if path in sys.path:
                sys.path.remove(path)
        shown_packages.clear()
        if packages:
            shown_packages.append(packages)
            sys.path.insert(0, packages)
        os.environ["HOME"] = home
        os.environ["TMPDIR"] = workspace
        if "tempfile" in sys.modules:
            sys.modules["tempfile"].tempdir = workspace

    def finish():
        if "atexit" in sys.modules:
            sys.modules["atexit"]._run_exitfuncs()
        close_what_is_left()
        for stream in (sys.stdout, sys.stderr):
            stream.flush()

    def new_dict():
        return {}

    def set_item(target, key, value):
        target[key] = value

    def new_list():
        return []

    def add_item(target, value):
        target.append(value)

    return {
        "throw": throw,
        "load": load,
        "warm": warm,
        "start": start,
        "goes_on": goes_on,
        "enter": enter,
        "loop": loop,
        "session": session,
        "members": members,
        "explain": explain,
        "environment": environment,
        "finish": finish,
        "new_dict": new_dict,
        "set_item": set_item,
        "new_list": new_list,
        "add_item": add_item,
        "none": lambda: None,
        "whole": lambda digits: int(digits, 16),
        "NotAllowed": NotAllowed,
        **shared,
    }


prepare
