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
    /** Copies a file or folder; into `to` if that is a folder. */
    copy(from: string, to: string): void;
    /** Moves or renames a file or folder; into `to` if that is a folder. */
    move(from: string, to: string): void;
    /** Deletes a file, or a folder with all that is in it. */
    remove(path: string): void;
    /** Makes a folder and those above it; fine if it is there. */
    mkdir(path: string): void;
    /** The names in a folder. */
    list(path: string): string[];
    /** The paths that a pattern matches, in order; ** stands for any folders. */
    glob(pattern: string): string[];
    exists(path: string): boolean;
    info(path: string): FileInfo;
  }>;

  /** Sends a request to a granted host; at isolation minimal. */
  http(request: string | HttpRequest): HttpResponse;

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
