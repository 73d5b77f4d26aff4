"""What a script of Understudy may use. Put a copy beside the script and begin it with: import understudy"""

from typing import Literal, Mapping, Sequence, TypedDict

class NotAllowed(PermissionError):
    """Something that the run's isolation level or grants forbid."""

class FileInfo(TypedDict):
    kind: Literal["file", "directory", "link", "other"]
    size: int
    """In bytes."""
    modified: float
    """In seconds since 1970."""

class HttpResponse(TypedDict):
    status: int
    headers: dict[str, str]
    """By name in lower case."""
    text: str

class ProgramResult(TypedDict):
    exitCode: int
    stdout: str
    stderr: str

class Log:
    """Lines for the person, with a level."""

    def debug(self, text: object) -> None: ...
    def info(self, text: object) -> None: ...
    def warn(self, text: object) -> None: ...
    def error(self, text: object) -> None: ...

class Files:
    """Files that the grants give; a path may begin with ~. Python's own open() and the like see the same files."""

    def read(self, path: str) -> str:
        """The text of a file, read as UTF-8."""
    def readBytes(self, path: str) -> bytes: ...
    def write(self, path: str, data: str | bytes) -> None:
        """Writes a file anew."""
    def append(self, path: str, data: str | bytes) -> None: ...
    def copy(self, source: str, target: str) -> None:
        """Copies a file or folder; into the target if that is a folder."""
    def move(self, source: str, target: str) -> None:
        """Moves or renames a file or folder; into the target if that is a folder."""
    def remove(self, path: str) -> None:
        """Deletes a file, or a folder with all that is in it."""
    def mkdir(self, path: str) -> None:
        """Makes a folder and those above it; fine if it is there."""
    def list(self, path: str) -> list[str]:
        """The names in a folder."""
    def glob(self, pattern: str) -> list[str]:
        """The paths that a pattern matches, in order; ** stands for any folders."""
    def exists(self, path: str) -> bool: ...
    def info(self, path: str) -> FileInfo: ...

log: Log
files: Files

def progress(share: float, text: str = "") -> None:
    """Says which share is done, from 0 to 1, and what is being done."""

def http(
    request: str | Mapping[str, object],
    method: str | None = None,
    headers: Mapping[str, str] | None = None,
    body: str | None = None,
) -> HttpResponse:
    """Sends a request to a granted host; at isolation minimal. A request is a URL, or url, method, headers and body."""

def run(program: str, args: Sequence[str] = (), stdin: str = "") -> ProgramResult:
    """Starts a granted program and waits for its end; from isolation partial on."""
