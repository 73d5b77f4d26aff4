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
    const begun = new Timeout(++lastTimer);
    timers.push({ id: lastTimer, due: Date.now() + millis, millis, repeats, callback, values });
    return begun;
  };
  const clearTimer = (given) => {
    const id = given instanceof Timeout || typeof given === 'string' ? Number(given) : given;
    timers = timers.filter((each) => each.id !== id);
  };
  /** As Node's: a number where one is wanted. Nothing waits for a timer but what awaits it, so that unref has nothing to do. */
  class Timeout {
    #id;
    #held = true;
    constructor(id) { this.#id = id; }
    ref() {
      this.#held = true;
      return this;
    }
    unref() {
      this.#held = false;
      return this;
    }
    hasRef() { return this.#held; }
    refresh() {
      const waiting = timers.find((each) => each.id === this.#id);
      if (waiting !== undefined) waiting.due = Date.now() + waiting.millis;
      return this;
    }
    close() {
      clearTimer(this.#id);
      return this;
    }
    [Symbol.toPrimitive]() { return this.#id; }
  }
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

  const DOM_CODES = new Map([['InvalidCharacterError', 5], ['NotSupportedError', 9], ['SyntaxError', 12], ['AbortError', 20],
    ['TimeoutError', 23], ['DataCloneError', 25]]);
  class DOMException extends Error {
    #name;
    constructor(message = '', name = 'Error') {
      super(String(message));
      this.#name = String(name);
    }
    get name() { return this.#name; }
    get code() { return DOM_CODES.get(this.#name) ?? 0; }
  }
  const uncloneable = (text) => new DOMException(`${text} could not be cloned.`, 'DataCloneError');
  const ERRORS = new Map([EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError].map((kind) => [kind.name, kind]));
  const clone = (value, made) => {
    if (typeof value === 'function' || typeof value === 'symbol') throw uncloneable(String(value));
    if (typeof value !== 'object' || value === null) return value;
    if (made.has(value)) return made.get(value);
    const keep = (copy) => {
      made.set(value, copy);
      return copy;
    };
    if (value instanceof Date) return keep(new Date(value.getTime()));
    if (value instanceof RegExp) return keep(new RegExp(value.source, value.flags));
    if (value instanceof Number || value instanceof String || value instanceof Boolean || value instanceof BigInt)
      return keep(Object(value.valueOf()));
    if (value instanceof Symbol) throw uncloneable('[object Symbol]');
    if (value instanceof ArrayBuffer) return keep(value.slice(0));
    if (value instanceof DataView) return keep(new DataView(clone(value.buffer, made), value.byteOffset, value.byteLength));
    if (ArrayBuffer.isView(value)) return keep(new value.constructor(clone(value.buffer, made), value.byteOffset, value.length));
    if (value instanceof PromiseType || value instanceof WeakMap || value instanceof WeakSet || value instanceof WeakRef)
      throw uncloneable(`#<${value.constructor.name}>`);
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
      const copy = keep(new (ERRORS.get(value.name) ?? Error)(value.message));
      const put = (name, each) => Object.defineProperty(copy, name, { value: each, configurable: true, writable: true });
      put('stack', value.stack);
      if (value.cause !== undefined) put('cause', clone(value.cause, made));
      return copy;
    }
    const copy = keep(Array.isArray(value) ? new Array(value.length) : {});
    for (const key of Object.keys(value)) copy[key] = clone(value[key], made);
    return copy;
  };

  const structuredClone = (...given) => {
    if (given.length === 0) throw new TypeError('The "value" argument must be specified');
    const moved = [...given[1]?.transfer ?? []];
    if (!moved.every((each) => each instanceof ArrayBuffer)) throw new TypeError('Found invalid object in transferList');
    if (new Set(moved).size < moved.length || moved.some((each) => each.detached)) throw uncloneable('An ArrayBuffer');
    const copy = clone(given[0], new Map());
    for (const buffer of moved) buffer.transfer();
    return copy;
  };

  const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const btoa = (data) => {
    const text = String(data);
    let out = '';
    for (let i = 0; i < text.length; i += 3) {
      const codes = [0, 1, 2].map((k) => i + k < text.length ? text.charCodeAt(i + k) : 0);
      if (codes.some((code) => code > 255)) 
        throw new DOMException('btoa takes characters up to \\u00ff; encode the text first', 'InvalidCharacterError');
      const bits = codes[0] << 16 | codes[1] << 8 | codes[2];
      for (let k = 0; k < 4; k++) out += i + k > text.length ? '=' : BASE64[bits >> 18 - 6 * k & 63];
    }
    return out;
  };
  const atob = (data) => {
    let text = String(data).replace(/[\t\n\f\r ]/g, '');
    if (text.length % 4 === 0) text = text.replace(/={1,2}$/, '');
    if (text.length % 4 === 1 || /[^A-Za-z0-9+/]/.test(text)) 
      throw new DOMException('atob was given what is not base64', 'InvalidCharacterError');
    let out = '';
    let bits = 0;
    for (let i = 0; i < text.length; i++) {
      bits = bits << 6 | BASE64.indexOf(text[i]);
      if (i % 4 > 0) out += String.fromCharCode(bits >> (6 - 2 * (i % 4)) & 255);
      if (i % 4 === 3) bits = 0;
    }
    return out;
  };

  // The engine's decoder knows Unicode only. Windows-1252, which the web also takes for Latin-1, is what much of the rest is in.
  const UnicodeDecoder = TextDecoder;
  const LATIN = new Set(['ansi_x3.4-1968', 'ascii', 'cp1252', 'cp819', 'csisolatin1', 'ibm819', 'iso-8859-1', 'iso-ir-100', 'iso8859-1',
    'iso88591', 'iso_8859-1', 'iso_8859-1:1987', 'l1', 'latin1', 'us-ascii', 'windows-1252', 'x-cp1252']);
  const LATIN_FROM_80 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';
  class LocalTextDecoder extends UnicodeDecoder {
    #isLatin;
    constructor(label = 'utf-8', options = {}) {
      const isLatin = LATIN.has(String(label).trim().toLowerCase());
      super(isLatin ? 'utf-8' : label, options);
      this.#isLatin = isLatin;
    }
    get encoding() { return this.#isLatin ? 'windows-1252' : super.encoding; }
    decode(data, options) {
      if (!this.#isLatin) return super.decode(data, options);
      const bytes = data === undefined ? [] : new Uint8Array(...bytesOf(data));
      let text = '';
      for (const byte of bytes) text += byte >= 0x80 && byte < 0xa0 ? LATIN_FROM_80[byte - 0x80] : String.fromCharCode(byte);
      return text;
    }
  }
  Object.defineProperty(LocalTextDecoder, 'name', { value: 'TextDecoder' });

  // V8's, which classes of errors call as they are made.
  const captureStackTrace = (target) => {
    const frames = String(new Error('').stack).split('\n').slice(2).join('\n');
    const stack = `${Error.prototype.toString.call(target)}\n${frames}`;
    Object.defineProperty(target, 'stack', { value: stack, configurable: true, writable: true });
  };
  Object.defineProperty(Error, 'captureStackTrace', { value: captureStackTrace, configurable: true, writable: true });
  const added = {
    TextDecoder: LocalTextDecoder,
    console,
    setTimeout: timer(false),
    setInterval: timer(true),
    setImmediate: (callback, ...values) => timer(false)(callback, 0, ...values),
    clearTimeout: clearTimer,
    clearInterval: clearTimer,
    clearImmediate: clearTimer,
    queueMicrotask: (callback) => { PromiseType.resolve().then(() => { callback(); }); },
    structuredClone,
    DOMException,
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
