(function (call, shared, console) {
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
    copy: (from, to, { follow = 'named', keep = 'content' } = {}) => {
      call('copy', String(from), String(to), String(follow), String(keep));
    },
    copyAttributes: (from, to) => { call('copyAttributes', String(from), String(to)); },
    move: (from, to) => { call('move', String(from), String(to)); },
    remove: (path) => { call('remove', String(path)); },
    mkdir: (path) => { call('mkdir', String(path)); },
    list: (path) => Array.from(call('list', String(path))),
    glob: (pattern) => Array.from(call('glob', String(pattern))),
    escape: (text) => call('escape', String(text)),
    exists: (path, { follow = 'all' } = {}) => call('exists', String(path), String(follow)),
    info: (path, { follow = 'all' } = {}) => {
      const [kind, size, modified] = call('info', String(path), String(follow));
      return { kind, size, modified };
    },
  });
  // A person's session has more on it, which is put on what it inherits from.
  const ground = {};
  const understudy = Object.freeze(Object.assign(Object.create(ground), {
    log,
    files,
    progress: (share, text) => { call('progress', Number(share), text === undefined ? '' : String(text)); },
    secret: (name) => call('secret', String(name)),
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
  }));
  Object.defineProperty(globalThis, 'understudy', { value: understudy, enumerable: true });

  // What people's scripts expect beside the language, as browsers and Node have it. Timers fire while a promise is awaited.
  let timers = [];
  let lastTimer = 0;
  const timer = (repeats) => (callback, delay, ...values) => {
    if (typeof callback !== 'function') throw new TypeError('The first argument of a timer must be a function');
    const millis = Number(delay) >= 1 && Number(delay) < 2 ** 31 ? Math.trunc(Number(delay)) : 1;
    timers.push({ id: ++lastTimer, due: Date.now() + millis, millis, repeats, callback, values });
    return lastTimer;
  };
  const clearTimer = (id) => { timers = timers.filter((each) => each.id !== id); };
  /** Milliseconds until the next timer is due; -1 if there is none. */
  const untilNextTimer = () => {
    const next = timers.reduce((least, each) => Math.min(least, each.due), Infinity);
    return next === Infinity ? -1 : Math.max(0, next - Date.now());
  };
  const fireTimer = () => {
    timers.sort((a, b) => a.due - b.due || a.id - b.id);
    const next = timers[0];
    if (next === undefined || next.due > Date.now()) return;
    if (next.repeats) next.due = Date.now() + next.millis;
    else timers.shift();
    next.callback(...next.values);
  };

  class DataCloneError extends Error {
    get name() { return 'DataCloneError'; }
  }
  const clone = (value, made) => {
    if (typeof value === 'function' || typeof value === 'symbol') throw new DataCloneError(`${String(value)} could not be cloned.`);
    if (typeof value !== 'object' || value === null) return value;
    if (made.has(value)) return made.get(value);
    const keep = (copy) => {
      made.set(value, copy);
      return copy;
    };
    if (value instanceof Date) return keep(new Date(value.getTime()));
    if (value instanceof RegExp) return keep(new RegExp(value.source, value.flags));
    if (value instanceof Number || value instanceof String || value instanceof Boolean) return keep(Object(value.valueOf()));
    if (value instanceof ArrayBuffer) return keep(value.slice(0));
    if (value instanceof DataView) return keep(new DataView(clone(value.buffer, made), value.byteOffset, value.byteLength));
    if (ArrayBuffer.isView(value)) return keep(new value.constructor(clone(value.buffer, made), value.byteOffset, value.length));
    if (value instanceof PromiseType || value instanceof WeakMap || value instanceof WeakSet || value instanceof WeakRef)
      throw new DataCloneError('#<' + value.constructor.name + '> could not be cloned.');
    if (value instanceof Map) {
      const copy = keep(new Map());
      for (const [key, each] of [...value]) copy.set(clone(key, made), clone(each, made));
      return copy;
    }
    if (value instanceof Set) {
      const copy = keep(new Set());
      for (const each of [...value]) copy.add(clone(each, made));
      return copy;
    }
    if (value instanceof Error) {
      const copy = keep(new Error(value.message));
      Object.defineProperty(copy, 'name', { value: value.name, configurable: true, writable: true });
      if (value.cause !== undefined) copy.cause = clone(value.cause, made);
      return copy;
    }
    const copy = keep(Array.isArray(value) ? new Array(value.length) : {});
    for (const key of Object.keys(value)) copy[key] = clone(value[key], made);
    return copy;
  };

  const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const btoa = (data) => {
    const text = String(data);
    let out = '';
    for (let i = 0; i < text.length; i += 3) {
      const codes = [0, 1, 2].map((k) => i + k < text.length ? text.charCodeAt(i + k) : 0);
      if (codes.some((code) => code > 255)) throw new RangeError('btoa takes characters up to \\u00ff; encode the text first');
      const bits = codes[0] << 16 | codes[1] << 8 | codes[2];
      for (let k = 0; k < 4; k++) out += i + k > text.length ? '=' : BASE64[bits >> 18 - 6 * k & 63];
    }
    return out;
  };
  const atob = (data) => {
    let text = String(data).replace(/[\t\n\f\r ]/g, '');
    if (text.length % 4 === 0) text = text.replace(/={1,2}$/, '');
    if (text.length % 4 === 1 || /[^A-Za-z0-9+/]/.test(text)) throw new RangeError('atob was given what is not base64');
    let out = '';
    let bits = 0;
    for (let i = 0; i < text.length; i++) {
      bits = bits << 6 | BASE64.indexOf(text[i]);
      if (i % 4 > 0) out += String.fromCharCode(bits >> (6 - 2 * (i % 4)) & 255);
      if (i % 4 === 3) bits = 0;
    }
    return out;
  };
  const added = {
    console,
    setTimeout: timer(false),
    setInterval: timer(true),
    setImmediate: (callback, ...values) => timer(false)(callback, 0, ...values),
    clearTimeout: clearTimer,
    clearInterval: clearTimer,
    clearImmediate: clearTimer,
    queueMicrotask: (callback) => { PromiseType.resolve().then(() => { callback(); }); },
    structuredClone: (value) => clone(value, new Map()),
    atob,
    btoa,
  };
  for (const [name, value] of Object.entries(added))
    Object.defineProperty(globalThis, name, { value, configurable: true, enumerable: false, writable: true });

  // Rejections that nobody has taken care of when all jobs are done; the first one ends the run.
  const unhandled = [];
  Graal.setUnhandledPromiseRejectionHandler((reason) => { unhandled.push(reason); });

  return {
    raise,
    ground,
    NotAllowed,
    ResultError: shared.ResultError,
    write: shared.write,
    failure: shared.failure,
    causes: shared.causes,
    /** Handlers are there before the host is back, so what they take care of counts as handled. */
    start: (execute, parametersJson, done, failed) => {
      PromiseType.resolve(execute(parse(parametersJson))).then(done, failed);
    },
    settle: (promise, done, failed) => { promise.then(done, failed); },
    isPromise: (value) => value instanceof PromiseType,
    isObject: (value) => (typeof value === 'object' && value !== null) || typeof value === 'function',
    untilNextTimer,
    fireTimer,
    dropTimers: () => { timers = []; },
    /** The first unhandled rejection as a list of one. */
    takeUnhandled: () => unhandled.splice(0).slice(0, 1),
    throwIt: (reason) => { throw reason; },
  };
})
