# Runs one script's execute(params): parameters as JSON on stdin, the result as JSON in the file that RESULT names.
# Started as a program for a jail of its own, or loaded by a fork server, whose forks call main. What stands before it,
# sharing(), is what cells do alike.
import builtins
import errno
import json
import os
import sys

ISOLATION = "full"
SHARED = sharing()


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


def is_of_a_pair():
    """Whether a socket is made of a descriptor that is there: of a connected pair, by which asyncio wakes itself."""
    return sys._getframe(2).f_locals.get("fileno") is not None


STARTS = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "pty.spawn")


def forbid(event, args):
    """Says early, and in the level's words, what the jail would refuse anyway; it is no wall."""
    if event.startswith("socket.") and event not in ("socket.gethostname", "socket.sethostname"):
        if event == "socket.__new__" and is_of_a_pair():
            return
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


def set_end(text, at):
    """Where the set that begins before a place is closed, or -1."""
    at += text[at:at + 1] in ("!", "^")
    at += text[at:at + 1] == "]"
    while at < len(text) and text[at] != "]":
        closed = text.find(":]", at + 2) if text.startswith("[:", at) else -1
        at = closed + 2 if closed >= 0 else at + 1 + (text[at] == "\\")
    return at if at < len(text) else -1


CLASSES = {"alpha": str.isalpha, "digit": lambda c: c in "0123456789", "alnum": str.isalnum, "upper": str.isupper,
           "lower": str.islower, "space": str.isspace, "blank": lambda c: c in " \t", "print": str.isprintable,
           "punct": lambda c: c.isprintable() and not c.isalnum() and not c.isspace(), "cntrl": lambda c: ord(c) < 32 or ord(c) == 127,
           "xdigit": lambda c: c in "0123456789abcdefABCDEF", "graph": lambda c: c.isprintable() and not c.isspace()}


def in_set(text, char):
    """Whether a set in brackets holds a character."""
    negated = text[:1] in ("!", "^")
    at, found = int(negated), False
    while at < len(text):
        closed = text.find(":]", at + 2) if text.startswith("[:", at) else -1
        if closed >= 0:
            found |= CLASSES.get(text[at + 2:closed], lambda c: False)(char)
            at = closed + 2
            continue
        at += text[at] == "\\" and at + 1 < len(text)
        first = last = text[at]
        at += 1
        if text[at:at + 1] == "-" and at + 1 < len(text):
            at += 1 + (text[at + 1] == "\\" and at + 2 < len(text))
            last = text[at]
            at += 1
        found |= first <= char <= last
    return found != negated


def name_pattern(text):
    """What each character of a name has to be: a test, or None for any text; empty if it is a plain name."""
    parts, at, wild = [], 0, False
    while at < len(text):
        char = text[at]
        at += 1
        end = set_end(text, at) if char == "[" else -1
        if char == "*":
            parts.append(None)
        elif char == "?":
            parts.append(lambda c: True)
        elif end >= 0:
            parts.append(lambda c, members=text[at:end]: in_set(members, c))
            at = end + 1
        else:
            if char == "\\" and at < len(text):
                char = text[at]
                at += 1
            parts.append(lambda c, only=char: c == only)
            continue
        wild = True
    return parts if wild else []


def fits(parts, name):
    """Whether a name is as the parts say, the text for each None as short as it can be."""
    places = {0}
    for part in parts:
        places = set(range(min(places), len(name) + 1)) if part is None else {
            place + 1 for place in places if place < len(name) and part(name[place])}
        if not places:
            return False
    return len(name) in places


def alternatives(text):
    """The patterns that a text with alternatives in braces stands for."""
    depth, start, commas, at = 0, -1, [], 0
    while at < len(text):
        char = text[at]
        if char == "\\":
            at += 1
        elif char == "{":
            depth += 1
            if depth == 1:
                start, commas = at, []
        elif char == "," and depth == 1:
            commas.append(at)
        elif char == "}" and depth:
            depth -= 1
            if depth == 0 and commas:
                ends = [start] + commas + [at]
                return [one for i in range(len(ends) - 1)
                        for one in alternatives(text[:start] + text[ends[i] + 1:ends[i + 1]] + text[at + 1:])]
        at += 1
    return [text]


def names_in(folder):
    try:
        return sorted(os.listdir(folder or "."))
    except OSError:
        return []


def search(folder, names, folders_only, found):
    """Adds the paths below a folder that a pattern matches, given as its names."""
    if not names:
        if not folders_only or os.path.isdir(folder):
            found.add(folder.rstrip("/") + "/" if folders_only else folder)
        return
    name, rest = names[0], names[1:]
    start = folder if folder in ("", "/") else folder + "/"
    parts = name_pattern(name)
    if name == "**":
        if rest:
            search(folder, rest, folders_only, found)
        for each in names_in(folder):
            if each.startswith("."):
                continue
            if not rest:
                search(start + each, rest, folders_only, found)
            if os.path.isdir(start + each) and not os.path.islink(start + each):
                search(start + each, names, folders_only, found)
    elif parts:
        for each in names_in(folder):
            if (name[:1] == "." or name[:2] == "\\." or each[:1] != ".") and fits(parts, each):
                search(start + each, rest, folders_only, found)
    else:
        import re
        plain = start + re.sub(r"(?s)\\(.)", r"\1", name)
        if os.path.lexists(plain):
            search(plain, rest, folders_only, found)


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

    def copy(self, source, target, follow="named", keep="content"):
        import shutil
        source, target = expand(source), expand(target)
        if os.path.isdir(target):
            target = os.path.join(target, os.path.basename(source.rstrip("/")))
        stamp = {"content": shutil.copymode}.get(keep, shutil.copystat)

        def one(plain, copy):
            there = os.path.exists(copy)
            shutil.copyfile(plain, copy)
            if not there or keep != "content":
                stamp(plain, copy)
            return copy

        if os.path.islink(source) and follow == "none":
            os.symlink(os.readlink(source), target)
        elif os.path.isdir(source):
            if os.path.realpath(target).startswith(os.path.realpath(source) + "/"):
                raise ValueError("a folder cannot be copied into itself: " + target)
            shutil.copytree(source, target, symlinks=follow != "all", copy_function=one, dirs_exist_ok=True)
        else:
            one(source, target)

    def copyAttributes(self, source, target):
        import shutil
        shutil.copystat(expand(source), expand(target))

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
        found = set()
        for each in alternatives(expand(pattern)):
            names = [name for name in each.split("/") if name not in ("", ".")]
            search("/" if each.startswith("/") else "", names, each.endswith("/"), found)
        return sorted(found)

    def escape(self, text):
        import re
        return re.sub(r"([*?\[\\{])", r"\\\1", str(text))

    def exists(self, path, follow="all"):
        return (os.path.lexists if follow == "none" else os.path.exists)(expand(path))

    def info(self, path, follow="all"):
        import stat
        status = (os.lstat if follow == "none" else os.stat)(expand(path))
        kinds = {stat.S_IFLNK: "link", stat.S_IFDIR: "directory", stat.S_IFREG: "file"}
        kind = kinds.get(stat.S_IFMT(status.st_mode), "other")
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


def secret(name):
    value = os.environ.get("SECRET_" + str(name))
    if value is None:
        raise NotAllowed('not allowed: secret \'%s\' is not granted; grants.secrets = ["%s"] would allow it' % (name, name))
    return value


def progress(share, text=""):
    tell({"progress": float(share), "text": str(text)})


understudy = type(sys)("understudy")
understudy.log = Log()
understudy.files = Files()
understudy.progress = progress
understudy.run = run
understudy.http = http
understudy.secret = secret
understudy.NotAllowed = NotAllowed
sys.modules["understudy"] = understudy
builtins.understudy = understudy


# Given up when the result is written: a script that has used up all open files must still be able to say so.
reserved = -1


def leave(text, status):
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
    leave(json.dumps(failure), 1)


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
    packages = os.environ.get("UNDERSTUDY_PACKAGES")
    if packages:
        sys.path.insert(0, packages)
    module = SHARED["module_of"](source, name)
    try:
        exec(compile(source, name, "exec"), module.__dict__)
        execute = getattr(module, "execute", None)
        if not callable(execute):
            fail("the script has no function named execute. Add def execute(params): … that returns a dict.")
        result = SHARED["settled"](execute(params))
    except SystemExit as end:
        if end.code in (None, 0):
            leave("{}", 0)
        fail("it ended itself with %s" % end.code)
    except MemoryError as problem:
        # The frames and the script's own names hold what filled the memory: without them there is room to say so.
        problem.__traceback__ = problem.__context__ = None
        module.__dict__.clear()
        fail("MemoryError", "", limit_of(problem))
    except BaseException as problem:
        text = str(problem)
        kind = type(problem).__name__
        fail(text if isinstance(problem, NotAllowed) else kind + (": " + text if text else "") + SHARED["causes"](problem),
             trace(problem, name), limit_of(problem))
    try:
        text = SHARED["write"](result, sys.maxsize)
    except SHARED["ResultError"] as problem:
        fail(str(problem))
    except MemoryError:
        result = None
        fail("MemoryError", "", "memory")
    except Exception as problem:
        fail("what it returned could not be read: %s: %s" % (type(problem).__name__, problem))
    leave(text, 0)


if __name__ == "__main__":
    main()
