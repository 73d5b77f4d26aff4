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
    def copy(
        self,
        source: str,
        target: str,
        follow: Literal["named", "none", "all"] = "named",
        keep: Literal["content", "attributes", "all"] = "content",
    ) -> None:
        """Copies a file or folder; into the target if that is a folder.

        What is new gets the permissions of its original less the umask. follow says which links are copied as what they
        lead to: those that are named themselves, none, or all. keep adds permissions, owner and time ("attributes"), or
        extended attributes, too ("all"). A copy takes no room before the run ends.
        """
    def copyAttributes(self, source: str, target: str) -> None:
        """Gives a file or folder the permissions, owner and time of another."""
    def move(self, source: str, target: str) -> None:
        """Moves or renames a file or folder; into the target if that is a folder."""
    def remove(self, path: str) -> None:
        """Deletes a file, a link, or a folder with all that is in it."""
    def mkdir(self, path: str) -> None:
        """Makes a folder and those above it; fine if it is there."""
    def list(self, path: str) -> list[str]:
        """The names in a folder."""
    def glob(self, pattern: str) -> list[str]:
        """The paths that a pattern matches, in order.

        It knows *, ?, sets in brackets (! or ^ negates, [:alpha:] is a class) and {a,b}; ** stands for any folders, links
        left aside; a backslash makes a wildcard a letter. A hidden file needs a dot.
        """
    def escape(self, text: str) -> str:
        """The pattern that matches this text alone."""
    def exists(self, path: str, follow: Literal["all", "none"] = "all") -> bool:
        """With follow="none" a link is there wherever it leads."""
    def info(self, path: str, follow: Literal["all", "none"] = "all") -> FileInfo:
        """What is at the end of all links, or with follow="none" at the path itself."""

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

def secret(name: str) -> str:
    """The value of a granted secret (grants.secrets); in a rehearsal a stand-in. What a run says is kept without it."""

def run(program: str, args: Sequence[str] = (), stdin: str = "") -> ProgramResult:
    """Starts a granted program and waits for its end; from isolation partial on."""
