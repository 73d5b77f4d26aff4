"""Runs a script's execute(params) with an 'understudy' object over the real files, and prints its outcome."""
import glob
import json
import os
import shutil
import sys


def real(path):
    return os.path.expanduser(path)


def inside(source, target):
    return os.path.join(target, os.path.basename(source.rstrip("/"))) if os.path.isdir(target) else target


class Files:
    def read(self, path):
        with open(real(path), encoding="utf-8", newline="") as file:
            return file.read()

    def write(self, path, text):
        with open(real(path), "w", encoding="utf-8", newline="") as file:
            file.write(text)

    def copy(self, source, target, follow, keep):
        source, target = real(source), inside(real(source), real(target))
        if os.path.isdir(source):
            shutil.copytree(source, target, symlinks=True, dirs_exist_ok=True)
        else:
            shutil.copy(source, target)

    def copyAttributes(self, source, target):
        shutil.copystat(real(source), real(target))

    def move(self, source, target):
        os.replace(real(source), inside(real(source), real(target)))

    def remove(self, path):
        path = real(path)
        (shutil.rmtree if os.path.isdir(path) and not os.path.islink(path) else os.remove)(path)

    def mkdir(self, path):
        os.makedirs(real(path), exist_ok=True)

    def list(self, path):
        return sorted(os.listdir(real(path)))

    def glob(self, pattern):
        return sorted(glob.glob(real(pattern), recursive=True))

    def escape(self, text):
        return glob.escape(text)

    def exists(self, path, follow="all"):
        return os.path.lexists(real(path))

    def info(self, path, follow="all"):
        kind = "directory" if os.path.isdir(real(path)) else "file"
        return {"kind": kind, "size": os.path.getsize(real(path)), "modified": os.path.getmtime(real(path))}


class Log:
    def info(self, text):
        print(text, file=sys.stderr)

    debug = warn = error = info


RESPONSES = json.loads(sys.argv[3])


def http(url, method="GET", headers=None, body=""):
    response = RESPONSES.pop(0)
    assert (method, url) == (response["method"], response["url"]), (method, url, response)
    return {"status": response["status"], "headers": {}, "text": response["text"]}


class Understudy:
    files = Files()
    log = Log()
    http = staticmethod(http)
    NotAllowed = PermissionError

    def progress(self, share, text):
        assert 0 <= share <= 1


with open(sys.argv[1], encoding="utf-8") as script:
    module = {"understudy": Understudy(), "__name__": "automation"}
    exec(compile(script.read(), sys.argv[1], "exec"), module)
try:
    result = module["execute"](json.loads(sys.argv[2]))
except Exception as error:
    result = {"success": False, "error": "%s: %s" % (type(error).__name__, error)}
print(json.dumps(result))
