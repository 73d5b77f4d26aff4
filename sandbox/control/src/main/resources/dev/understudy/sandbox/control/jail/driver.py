"""Runs one script's execute(params): parameters as JSON on stdin, the result as JSON in the file that RESULT names.

Started as a program for a jail of its own, or loaded by a fork server, whose forks call main.
"""
import builtins
import errno
import json
import os
import sys

ISOLATION = "full"


class NotAllowed(PermissionError):
    """Something that the run's isolation level or grants forbid."""

    def __str__(self):
        return str(self.args[0])


def refusal(act):
    if act == "network":
        return "not allowed at isolation %s: network (a native script has none at any level)" % ISOLATION
    return "not allowed at isolation %s: %s (isolation partial would allow it)" % (ISOLATION, act)


def not_granted(program):
    return 'not allowed: program \'%s\' is not granted; grants.programs = ["%s"] would allow it' % (program, program)


def is_there(program):
    return os.path.exists(program if "/" in program else os.path.join(os.environ["PATH"], program))


STARTS = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "pty.spawn")


def forbid(event, args):
    """Says early, and in the level's words, what the jail would refuse anyway; it is no wall."""
    if event.startswith("socket.") and event not in ("socket.gethostname", "socket.sethostname"):
        raise NotAllowed(refusal("network"))
    if event not in STARTS:
        return
    if ISOLATION == "full":
        raise NotAllowed(refusal("starting programs"))
    if event in ("subprocess.Popen", "os.posix_spawn"):
        # An argument list may stand alone, with the program as its first.
        program = os.fsdecode(args[0]) if args[0] else os.fsdecode(args[1][0] if isinstance(args[1], (list, tuple)) else args[1])
        if not is_there(program):
            raise NotAllowed(not_granted(program))


def tell(what):
    os.write(2, ("\x1e" + json.dumps(what) + "\n").encode("utf-8", "replace"))


class Log:
    def debug(self, text):
        tell({"channel": "debug", "text": str(text)})

    def info(self, text):
        tell({"channel": "info", "text": str(text)})

    def warn(self, text):
        tell({"channel": "warn", "text": str(text)})

    def error(self, text):
        tell({"channel": "error", "text": str(text)})


def expand(path):
    return os.path.expanduser(str(path))


class Files:
    def read(self, path):
        with open(expand(path), encoding="utf-8") as file:
            return file.read()

    def readBytes(self, path):
        with open(expand(path), "rb") as file:
            return file.read()

    def _put(self, path, data, mode):
        if isinstance(data, (bytes, bytearray, memoryview)):
            with open(expand(path), mode + "b") as file:
                file.write(data)
        else:
            with open(expand(path), mode, encoding="utf-8", newline="") as file:
                file.write(str(data))

    def write(self, path, data):
        self._put(path, data, "w")

    def append(self, path, data):
        self._put(path, data, "a")

    def copy(self, source, target):
        import shutil
        source, target = expand(source), expand(target)
        if os.path.isdir(source):
            if os.path.isdir(target):
                target = os.path.join(target, os.path.basename(source.rstrip("/")))
            shutil.copytree(source, target, symlinks=True)
        else:
            shutil.copy(source, target)

    def move(self, source, target):
        import shutil
        shutil.move(expand(source), expand(target))

    def remove(self, path):
        import shutil
        path = expand(path)
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
        else:
            os.remove(path)

    def mkdir(self, path):
        os.makedirs(expand(path), exist_ok=True)

    def list(self, path):
        return sorted(os.listdir(expand(path)))

    def glob(self, pattern):
        import glob
        return sorted(glob.glob(expand(pattern), recursive=True))

    def exists(self, path):
        return os.path.exists(expand(path))

    def info(self, path):
        path = expand(path)
        status = os.lstat(path)
        kind = "link" if os.path.islink(path) else "directory" if os.path.isdir(path) else "file"
        return {"kind": kind, "size": status.st_size, "modified": status.st_mtime}


def run(program, *args, stdin=None, cwd=None):
    if ISOLATION == "full":
        raise NotAllowed(refusal("starting programs"))
    import subprocess
    flat = []
    for arg in args:
        flat.extend(arg if isinstance(arg, (list, tuple)) else [arg])
    if not is_there(str(program)):
        raise NotAllowed(not_granted(program))
    given = b"" if stdin is None else bytes(stdin) if isinstance(stdin, (bytes, bytearray, memoryview)) else str(stdin).encode()
    done = subprocess.run([str(program), *map(str, flat)], input=given, capture_output=True, cwd=expand(cwd) if cwd else None)
    return {"code": done.returncode if done.returncode >= 0 else 128 - done.returncode,
            "stdout": done.stdout.decode("utf-8", "replace"), "stderr": done.stderr.decode("utf-8", "replace")}


def http(*_, **__):
    raise NotAllowed(refusal("network"))


def progress(share, text=""):
    tell({"progress": float(share), "text": str(text)})


understudy = type(sys)("understudy")
understudy.log = Log()
understudy.files = Files()
understudy.progress = progress
understudy.run = run
understudy.http = http
understudy.NotAllowed = NotAllowed
sys.modules["understudy"] = understudy
builtins.understudy = understudy


# Given up when the result is written: a script that has used up all open files must still be able to say so.
reserved = -1


def leave(result, status):
    text = json.dumps(result, allow_nan=False)
    try:
        os.close(reserved)
    except OSError:
        pass  # The script closed what was not its own; then there is room as well.
    with open(os.environ["RESULT"], "w", encoding="utf-8") as file:
        file.write(text)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def fail(error, detail="", limit=None):
    failure = {"success": False, "error": error, "detail": detail}
    if limit:
        failure["limit"] = limit
    leave(failure, 1)


def limit_of(problem):
    if isinstance(problem, MemoryError):
        return "memory"
    if isinstance(problem, OSError):
        return {
            errno.EMFILE: "open files", errno.ENOMEM: "memory", errno.EFBIG: "disk", errno.EAGAIN: "processes",
        }.get(problem.errno)
    if isinstance(problem, RuntimeError) and str(problem) == "can't start new thread":
        return "processes"
    return None


def trace(problem, name):
    import traceback
    frames = [frame for frame in traceback.extract_tb(problem.__traceback__) if frame.filename == name]
    return "".join(traceback.format_list(frames) + traceback.format_exception_only(problem))


def main():
    global ISOLATION, reserved
    ISOLATION = os.environ.get("UNDERSTUDY_ISOLATION", "full")
    reserved = os.open("/dev/null", os.O_RDONLY)
    name = os.environ.get("UNDERSTUDY_NAME", "script")
    with open(os.environ.get("UNDERSTUDY_SCRIPT", "/understudy/script.py"), encoding="utf-8") as file:
        source = file.read()
    params = json.loads(sys.stdin.buffer.read())
    sys.addaudithook(forbid)
    sys.argv = [name]
    module = type(sys)("__main__")
    module.__file__ = name
    sys.modules["__main__"] = module
    try:
        exec(compile(source, name, "exec"), module.__dict__)
        execute = getattr(module, "execute", None)
        if not callable(execute):
            fail("the script has no function named execute. Add def execute(params): … that returns a dict.")
        result = execute(params)
    except SystemExit as end:
        if end.code in (None, 0):
            leave({}, 0)
        fail("it ended itself with %s" % end.code)
    except MemoryError as problem:
        # The frames and the script's own names hold what filled the memory: without them there is room to say so.
        problem.__traceback__ = problem.__context__ = None
        module.__dict__.clear()
        fail("MemoryError", "", limit_of(problem))
    except BaseException as problem:
        text = str(problem)
        kind = type(problem).__name__
        fail(text if isinstance(problem, NotAllowed) else kind + (": " + text if text else ""),
             trace(problem, name), limit_of(problem))
    try:
        leave({} if result is None else result, 0)
    except (TypeError, ValueError) as problem:
        fail("what it returned cannot be written as JSON: %s" % problem)


if __name__ == "__main__":
    main()
