(function (call) {
  'use strict';
  const parse = JSON.parse;
  const bytesOf = (data) => data instanceof ArrayBuffer
    ? [data, 0, data.byteLength]
    : [data.buffer, data.byteOffset, data.byteLength];
  const isBytes = (data) => data instanceof ArrayBuffer || ArrayBuffer.isView(data);

  class NotAllowed extends Error {
    get name() { return 'NotAllowed'; }
  }
  class FileError extends Error {
    constructor(message, code) {
      super(message);
      this.code = code;
    }
    get name() { return 'FileError'; }
  }
  const raise = (kind, message) => {
    throw kind === 'NOT_ALLOWED' ? new NotAllowed(message) : new FileError(message, kind);
  };
  const put = (text, bytes) => (path, data) => {
    if (isBytes(data)) call(bytes, String(path), ...bytesOf(data));
    else call(text, String(path), String(data));
  };

  const log = Object.freeze({
    debug: (text) => { call('log', 'DEBUG', String(text)); },
    info: (text) => { call('log', 'INFO', String(text)); },
    warn: (text) => { call('log', 'WARN', String(text)); },
    error: (text) => { call('log', 'ERROR', String(text)); },
  });
  const files = Object.freeze({
    read: (path) => call('read', String(path)),
    readBytes: (path) => new Uint8Array(new ArrayBuffer(call('readBytes', String(path)))).slice(),
    write: put('write', 'writeBytes'),
    append: put('append', 'appendBytes'),
    copy: (from, to) => { call('copy', String(from), String(to)); },
    move: (from, to) => { call('move', String(from), String(to)); },
    remove: (path) => { call('remove', String(path)); },
    mkdir: (path) => { call('mkdir', String(path)); },
    list: (path) => Array.from(call('list', String(path))),
    glob: (pattern) => Array.from(call('glob', String(pattern))),
    exists: (path) => call('exists', String(path)),
    info: (path) => {
      const [kind, size, modified] = call('info', String(path));
      return { kind, size, modified };
    },
  });
  const understudy = Object.freeze({
    log,
    files,
    progress: (share, text) => { call('progress', Number(share), text === undefined ? '' : String(text)); },
    run: (program, args, stdin) => {
      const [exitCode, stdout, stderr] =
        call('run', String(program), (args || []).map(String), stdin === undefined ? '' : String(stdin));
      return { exitCode, stdout, stderr };
    },
    http: (request) => {
      const asked = typeof request === 'string' ? { url: request } : request;
      const headers = Object.entries(asked.headers || {}).flatMap(([name, value]) => [name, String(value)]);
      const [status, names, text] = call('http', String(asked.method || 'GET'), String(asked.url), headers,
        asked.body === undefined ? '' : String(asked.body));
      const received = {};
      for (let i = 0; i + 1 < names.length; i += 2) received[names[i].toLowerCase()] = names[i + 1];
      return { status, headers: received, text };
    },
  });
  Object.defineProperty(globalThis, 'understudy', { value: understudy, enumerable: true });
  return {
    raise,
    parse,
    NotAllowed,
    settle: (promise, done, failed) => { promise.then(done, failed); },
    isPromise: (value) => value instanceof Promise,
  };
})
