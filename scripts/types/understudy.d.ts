/** What a script of Understudy may use. Begin a script with: /// <reference path="understudy.d.ts" /> */
declare const understudy: Readonly<{
  /** Lines for the person, with a level. */
  log: Readonly<{
    debug(text: string): void;
    info(text: string): void;
    warn(text: string): void;
    error(text: string): void;
  }>;

  /** Says which share is done, from 0 to 1, and what is being done. */
  progress(share: number, text?: string): void;

  /** Files that the grants give; a path may begin with ~. */
  files: Readonly<{
    /** The text of a file, read as UTF-8. */
    read(path: string): string;
    readBytes(path: string): Uint8Array;
    /** Writes a file anew. */
    write(path: string, data: string | ArrayBuffer | ArrayBufferView): void;
    append(path: string, data: string | ArrayBuffer | ArrayBufferView): void;
    /**
     * Copies a file or folder; into `to` if that is a folder. What is new gets the permissions of its original less the
     * umask. `follow` says which links are copied as what they lead to: those that are named themselves (as it is), none,
     * or all. `keep` adds permissions, owner and time ("attributes"), or extended attributes, too ("all"). A copy takes no
     * room before the run ends.
     */
    copy(from: string, to: string, options?: { follow?: "named" | "none" | "all"; keep?: "content" | "attributes" | "all" }): void;
    /** Gives a file or folder the permissions, owner and time of another. */
    copyAttributes(from: string, to: string): void;
    /** Moves or renames a file or folder; into `to` if that is a folder. */
    move(from: string, to: string): void;
    /** Deletes a file, a link, or a folder with all that is in it. */
    remove(path: string): void;
    /** Makes a folder and those above it; fine if it is there. */
    mkdir(path: string): void;
    /** The names in a folder. */
    list(path: string): string[];
    /**
     * The paths that a pattern matches, in order: *, ?, sets in brackets (! or ^ negates, [:alpha:] is a class), {a,b};
     * ** stands for any folders, links left aside; a backslash makes a wildcard a letter. A hidden file needs a dot.
     */
    glob(pattern: string): string[];
    /** The pattern that matches this text alone. */
    escape(text: string): string;
    /** With `follow: "none"` a link is there wherever it leads. */
    exists(path: string, options?: { follow?: "all" | "none" }): boolean;
    /** What is at the end of all links, or with `follow: "none"` at the path itself. */
    info(path: string, options?: { follow?: "all" | "none" }): FileInfo;
  }>;

  /** Sends a request to a granted host; at isolation minimal. */
  http(request: string | HttpRequest): HttpResponse;

  /** The value of a granted secret (`grants.secrets`); in a rehearsal a stand-in. What a run says is kept without it. */
  secret(name: string): string;

  /** Starts a granted program and waits for its end; from isolation partial on. */
  run(program: string, args?: readonly string[], stdin?: string): ProgramResult;
}>;

interface FileInfo {
  kind: "file" | "directory" | "link" | "other";
  /** In bytes. */
  size: number;
  /** In seconds since 1970. */
  modified: number;
}

interface HttpRequest {
  url: string;
  /** GET if absent. */
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

interface HttpResponse {
  status: number;
  /** By name in lower case. */
  headers: Record<string, string>;
  text: string;
}

interface ProgramResult {
  exitCode: number;
  stdout: string;
  stderr: string;
}
