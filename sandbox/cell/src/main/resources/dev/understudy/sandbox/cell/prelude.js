(function (call) {
  'use strict';
  const parse = JSON.parse;
  const PromiseType = Promise;
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
  class HttpError extends Error {
    constructor(message, code) {
      super(message);
      this.code = code;
    }
    get name() { return this.code === 'TIMED_OUT' ? 'TimeoutError' : 'HttpError'; }
  }
  const raise = (kind, message) => {
    switch (kind) {
      case 'NOT_ALLOWED': throw new NotAllowed(message);
      case 'TIMED_OUT':
      case 'NETWORK_FAILED': throw new HttpError(message, kind);
      default: throw new FileError(message, kind);
    }
  };
  const sent = (data) => data === undefined || data === null ? [''] : isBytes(data) ? bytesOf(data) : [String(data)];
  const millis = (seconds) => Number(seconds) > 0 && Number(seconds) < 1e9 ? Math.ceil(Number(seconds) * 1000) : -1;
  const isOptions = (value) => typeof value === 'object' && value !== null && !Array.isArray(value) && !isBytes(value);
  const received = (buffer) => new Uint8Array(new ArrayBuffer(buffer)).slice();
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
    readBytes: (path) => received(call('readBytes', String(path))),
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
    run: (program, ...rest) => {
      const options = rest.length > 0 && isOptions(rest[rest.length - 1]) ? rest.pop() : {};
      const [code, stdout, stderr] = call('run', String(program), rest.flat().map(String),
        options.cwd === undefined ? '' : String(options.cwd), ...sent(options.stdin));
      return { code, stdout, stderr };
    },
    http: (request) => {
      const asked = isOptions(request) ? request : { url: request };
      const headers = Object.entries(asked.headers || {}).flatMap(([name, value]) => [name, String(value)]);
      const timeout = asked.timeout === undefined ? 0 : millis(asked.timeout);
      const [status, names, text, buffer] = call('http', String(asked.method || 'GET'), String(asked.url), headers,
        timeout, ...sent(asked.body));
      const answered = {};
      for (let i = 0; i + 1 < names.length; i += 2) answered[names[i].toLowerCase()] = names[i + 1];
      return { status, headers: answered, text, bytes: received(buffer) };
    },
  });
  Object.defineProperty(globalThis, 'understudy', { value: understudy, enumerable: true });
  return {
    raise,
    parse,
    NotAllowed,
    settle: (promise, done, failed) => { promise.then(done, failed); },
    isPromise: (value) => value instanceof PromiseType,
  };
})
