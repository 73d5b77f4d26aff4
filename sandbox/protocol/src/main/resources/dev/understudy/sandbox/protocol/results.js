(() => {
  'use strict';
  const MAX_DEPTH = 64;
  const MOST_CAUSES = 5;
  // Scripts may change what globals are called; what they made before is still of these.
  const { ArrayBuffer, BigInt64Array, BigUint64Array, DataView, Date, Error, Map, Promise, Proxy, RegExp, Set, SharedArrayBuffer,
    WeakMap, WeakRef, WeakSet } = globalThis;
  const quoted = JSON.stringify;
  const TypedArray = Object.getPrototypeOf(Uint8Array);

  class ResultError extends Error {
    get name() { return 'ResultError'; }
  }

  const isPlain = (value) => {
    const prototype = Object.getPrototypeOf(value);
    return prototype === null || prototype === Object.prototype;
  };
  const typeName = (value) => {
    try {
      if (typeof value === 'function') return 'Function';
      if (typeof value === 'symbol') return 'Symbol';
      const tag = Object.prototype.toString.call(value).slice(8, -1);
      const name = value.constructor && typeof value.constructor.name === 'string' ? value.constructor.name : '';
      return tag === 'Object' && name ? name : tag;
    } catch {
      return 'Object';
    }
  };
  /** Its name and first line. */
  const brief = (problem) => {
    try {
      const text = problem instanceof Error ? `${problem.name}: ${problem.message}` : String(problem);
      return text.split('\n')[0].slice(0, 200);
    } catch {
      return typeName(problem);
    }
  };
  const hint = (value) => {
    if (value instanceof Set) return 'Make a list of it: [...x].';
    if (value instanceof Error) return `Return its message; it says: ${brief(value)}`;
    if (value instanceof Promise) return 'Await it.';
    if (value instanceof RegExp) return 'Return x.source.';
    if (value instanceof ArrayBuffer || value instanceof SharedArrayBuffer || value instanceof DataView)
      return 'Make a list of its bytes: [...new Uint8Array(x)].';
    if (typeof value === 'object' && typeof value[Symbol.iterator] === 'function') return 'Make a list of it: [...x].';
    return 'Return objects, lists, text, numbers, true, false or null.';
  };

  /** The result as JSON: as JSON.stringify writes it, where that loses nothing; else an error that says where. */
  const write = (result, maxChars) => {
    const pieces = [];
    const place = [];
    const above = new Set();
    let size = 0;
    const here = () => 'result' + place.map((part) => typeof part === 'number' ? `[${part}]` : `.${part.slice(0, 80)}`).join('');
    const refuse = (what) => { throw new ResultError(here() + what); };
    const unfit = (value) => refuse(` is of type ${typeName(value)}, which JSON cannot hold. ${hint(value)}`);
    const put = (piece) => {
      // What goes over it in one piece is sent, and is the output limit's for the host to tell.
      if (size > maxChars)
        throw new ResultError(`the result takes more than the ${maxChars} bytes that the output limit leaves it. `
          + 'Return less, or write it to a file.');
      size += piece.length;
      pieces.push(piece);
    };
    const number = (value) => {
      if (!Number.isFinite(value))
        refuse(` is ${Number.isNaN(value) ? 'not a number (NaN)' : 'infinite'}, which JSON cannot hold. Return null or text instead.`);
      put(String(value));
    };
    const field = (key, value, first) => {
      put(`${first ? '' : ','}${quoted(key)}:`);
      place.push(key);
      any(value, key);
      place.pop();
    };
    const object = (value) => {
      const keys = Object.keys(value);
      if (keys.length === 0 && !isPlain(value) && typeName(value) !== 'Module')
        refuse(` is of type ${typeName(value)} and has no fields that JSON could hold. Return what it holds as plain data.`);
      put('{');
      let first = true;
      for (const key of keys) {
        let member;
        try {
          member = value[key];
        } catch (problem) {
          place.push(key);
          refuse(` could not be read: ${brief(problem)}`);
        }
        if (member === undefined) continue;
        field(key, member, first);
        first = false;
      }
      put('}');
    };
    const map = (value) => {
      const written = new Set();
      put('{');
      for (const [key, member] of value) {
        if (typeof key !== 'string' && !Number.isFinite(key))
          throw new ResultError(`a key of ${here()} is not text but of type ${typeName(key)}. JSON needs text as keys; convert it first.`);
        const name = String(key);
        if (written.has(name)) refuse(" has keys that are the same as text, like 1 and '1'.");
        if (member === undefined) continue;
        field(name, member, written.size === 0);
        written.add(name);
      }
      put('}');
    };
    const list = (value) => {
      put('[');
      for (let i = 0; i < value.length; i++) {
        if (i > 0) put(',');
        place.push(i);
        any(value[i], i);
        place.pop();
      }
      put(']');
    };
    const nested = (value, writer) => {
      if (above.has(value)) refuse(' refers to itself. Return plain data.');
      if (place.length >= MAX_DEPTH) refuse(` is nested more than ${MAX_DEPTH} deep. Return plain data.`);
      above.add(value);
      writer(value);
      above.delete(value);
    };
    const any = (value, key) => {
      switch (typeof value) {
        case 'string': return put(quoted(value));
        case 'number': return number(value);
        case 'boolean': return put(String(value));
        case 'undefined': return put('null');
        case 'bigint': return refuse(' is a BigInt, which JSON does not have. Return Number(x) or String(x) instead.');
        case 'object': return value === null ? put('null') : anyObject(value, key);
        default: return unfit(value);
      }
    };
    const anyObject = (value, key) => {
      if (Array.isArray(value)) return nested(value, list);
      if (value instanceof Date) {
        if (Number.isNaN(value.getTime())) refuse(' is an invalid Date. Return null or text instead.');
        return put(quoted(value.toISOString().replace('.000Z', 'Z')));
      }
      if (value instanceof Map) return nested(value, map);
      if (value instanceof TypedArray) return nested(value, list);
      if (value instanceof Number || value instanceof String || value instanceof Boolean) return any(value.valueOf(), key);
      if ([Set, Error, Promise, RegExp, ArrayBuffer, SharedArrayBuffer, DataView, WeakMap, WeakSet, WeakRef]
        .some((kind) => value instanceof kind)) return unfit(value);
      let toJson;
      try {
        toJson = value.toJSON;
      } catch (problem) {
        refuse(` could not be read: ${brief(problem)}`);
      }
      // One that every object has was put there by a script that spoils its own language.
      if (typeof toJson === 'function' && toJson !== Object.prototype.toJSON) {
        return nested(value, () => {
          let plain;
          try {
            plain = toJson.call(value, String(key));
          } catch (problem) {
            refuse(`'s toJSON failed: ${brief(problem)}`);
          }
          if (plain === value) object(value);
          else any(plain, key);
        });
      }
      if (typeof value.next === 'function' && typeof value[Symbol.iterator] === 'function') return unfit(value);
      if (typeof value.then === 'function') return unfit(value);
      return nested(value, object);
    };
    any(result, '');
    return pieces.join('');
  };

  /** What a result says that has success: false; undefined if it does not. */
  const failure = (result) => {
    const read = (name) => result instanceof Map ? result.get(name) : result[name];
    if (typeof result !== 'object' || result === null || read('success') !== false) return undefined;
    const error = read('error');
    if (error === undefined || error === null) return 'the script returned success: false without an error';
    return error instanceof Error ? brief(error) : String(error);
  };

  /** What led to an error, to be added to its own line: the parts of an AggregateError, and causes. */
  const causes = (problem) => {
    let told = '';
    const seen = new Set();
    for (let at = problem; at instanceof Error && !seen.has(at) && seen.size < MOST_CAUSES; at = at.cause) {
      seen.add(at);
      if (Array.isArray(at.errors))
        told += `: ${at.errors.slice(0, MOST_CAUSES).map((part) => brief(part) + causes(part)).join('; ')}`;
      if (at.cause !== undefined && !seen.has(at.cause)) told += `, caused by ${brief(at.cause)}`;
    }
    return told;
  };

  return { ResultError, write, failure, causes, brief };
})()
