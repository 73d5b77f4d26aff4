def prepare(call):
    import builtins
    import sys

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

        def copy(self, source, target):
            call("copy", str(source), str(target))

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

        def exists(self, path):
            return call("exists", str(path))

        def info(self, path):
            kind, size, modified = call("info", str(path))
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

    understudy = module_type("understudy")
    understudy.log = Log()
    understudy.files = Files()
    understudy.progress = progress
    understudy.run = run
    understudy.http = http
    understudy.NotAllowed = NotAllowed
    sys.modules["understudy"] = understudy
    builtins.understudy = understudy

    # The interpreter refuses these in any case, but as a fault of its own; here the script hears why.
    import _posixsubprocess
    import _socket
    import _thread
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

    posix._exit = leave
    os._exit = leave
    for name in list(os.environ):
        if name != "HOME":
            del os.environ[name]
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
        space = {"__name__": "automation", "__builtins__": builtins, "__file__": name}
        exec(load(text, name), space)
        return space.get("execute")

    def environment(home, workspace):
        os.environ["HOME"] = home
        os.environ["TMPDIR"] = workspace
        if "tempfile" in sys.modules:
            sys.modules["tempfile"].tempdir = workspace

    def finish():
        if "atexit" in sys.modules:
            sys.modules["atexit"]._run_exitfuncs()
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
        "environment": environment,
        "finish": finish,
        "new_dict": new_dict,
        "set_item": set_item,
        "new_list": new_list,
        "add_item": add_item,
        "none": lambda: None,
        "NotAllowed": NotAllowed,
    }


prepare
