(function (out, err, brief) {
  'use strict';
  // As Node's util.inspect writes values: the same limits, brackets and breaks (compact 3, 80 columns, two levels, 100 items).
  const LINE = 80;
  const DEPTH = 2;
  const MOST_ITEMS = 100;
  const LEVELS_ON_A_LINE = 3;
  const { ArrayBuffer, BigInt, Boolean, DataView, Date, Error, Map, Number, Promise, RegExp, Set, SharedArrayBuffer, String, Symbol, WeakMap,
    WeakRef, WeakSet } = globalThis;
  const TypedArray = Object.getPrototypeOf(Uint8Array);
  const custom = Symbol.for('nodejs.util.inspect.custom');
  const escapes = { '\n': '\\n', '\t': '\\t', '\r': '\\r', '\b': '\\b', '\f': '\\f', '\v': '\\v', '\\': '\\\\' };

  const quoted = (text) => {
    const quote = !text.includes("'") ? "'" : !text.includes('"') ? '"' : !text.includes('`') && !text.includes('${') ? '`' : "'";
    const inner = text.replace(/[\u0000-\u001f\u007f-\u009f\\]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
      (c) => escapes[c] ?? (c < '\u0100' ? `\\x${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
        : `\\u${c.charCodeAt(0).toString(16).toUpperCase()}`));
    return quote + (quote === "'" ? inner.replaceAll("'", "\\'") : inner) + quote;
  };
  const keyText = (key) => typeof key === 'symbol' ? `[${key.toString()}]` : key === '__proto__' ? "['__proto__']" : /^[a-zA-Z_][a-zA-Z_0-9]*$/.test(key) ? key : quoted(key);

  const primitive = (value, at) => {
    switch (typeof value) {
      case 'string':
        if (value.length > 16 && value.length > LINE - at.indentation - 4)
          return value.split(/(?<=\n)/).map(quoted).join(` +\n${' '.repeat(at.indentation + 2)}`);
        return quoted(value);
      case 'number': return Object.is(value, -0) ? '-0' : String(value);
      case 'bigint': return `${value}n`;
      case 'symbol': return value.toString();
      default: return String(value);
    }
  };
  const constructorName = (value) => {
    for (let object = value; object !== null; object = Object.getPrototypeOf(object)) {
      const found = Object.getOwnPropertyDescriptor(object, 'constructor');
      if (found !== undefined && typeof found.value === 'function' && found.value.name !== '') return String(found.value.name);
    }
    return null;
  };
  const prefixed = (value, fallback, size) => {
    const name = constructorName(value);
    let tag = value[Symbol.toStringTag];
    if (typeof tag !== 'string' || tag === '' || tag === name) tag = '';
    const counted = size === undefined ? '' : `(${size})`;
    const start = name === null ? `[${fallback}${counted}: null prototype] ` : `${name}${counted} `;
    return tag === '' ? start : `${start}[${tag}] `;
  };
  const functionText = (value) => {
    const source = Function.prototype.toString.call(value);
    if (/^class\b/.test(source)) {
      const base = Object.getPrototypeOf(value);
      return `[class ${value.name || '(anonymous)'}${base && base.name ? ` extends ${base.name}` : ''}]`;
    }
    const kind = Object.prototype.toString.call(value).slice(8, -1);
    return `[${kind}${value.name ? `: ${value.name}` : ' (anonymous)'}]`;
  };
  const errorText = (value, at) => {
    const head = `${value.name}${value.message ? `: ${value.message}` : ''}`;
    const stack = typeof value.stack === 'string' && value.stack !== '' ? value.stack.trimEnd() : '';
    const frames = stack.startsWith(head) ? stack.slice(head.length) : stack.replace(/^[^\n]*/, '');
    const text = frames.trim() === '' ? `[${head}]` : head + frames;
    return at.indentation === 0 ? text : text.replaceAll('\n', `\n${' '.repeat(at.indentation)}`);
  };
  const isIndex = (key) => /^(?:0|[1-9]\d{0,9})$/.test(key);
  const ownKeys = (value, withoutIndices) => {
    let keys = Object.keys(value);
    if (withoutIndices) keys = keys.filter((key) => !isIndex(key));
    return keys.concat(Object.getOwnPropertySymbols(value).filter((key) => Object.prototype.propertyIsEnumerable.call(value, key)));
  };

  const property = (value, key, at, level, isList) => {
    const found = Object.getOwnPropertyDescriptor(value, key) ?? { value: value[key], enumerable: true };
    let text;
    if ('value' in found) {
      at.indentation += 2;
      text = any(found.value, at, level);
      at.indentation -= 2;
    } else {
      text = found.get ? found.set ? '[Getter/Setter]' : '[Getter]' : found.set ? '[Setter]' : 'undefined';
    }
    return isList ? text : `${found.enumerable ? keyText(key) : `[${String(key)}]`}: ${text}`;
  };
  const list = (value, at, level) => {
    const entries = [];
    let index = 0;
    while (index < value.length && entries.length < MOST_ITEMS) {
      if (index in value) {
        entries.push(property(value, String(index), at, level, true));
        index++;
      } else {
        const from = index;
        while (index < value.length && !(index in value)) index++;
        entries.push(`<${index - from} empty item${index - from > 1 ? 's' : ''}>`);
      }
    }
    if (index < value.length) entries.push(more(value.length - index));
    return entries;
  };
  const more = (count) => `... ${count} more item${count > 1 ? 's' : ''}`;
  const items = (values, size, at, text) => {
    const entries = [];
    at.indentation += 2;
    for (const each of values) {
      if (entries.length === MOST_ITEMS) {
        entries.push(more(size - MOST_ITEMS));
        break;
      }
      entries.push(text(each));
    }
    at.indentation -= 2;
    return entries;
  };

  /** Puts many short items of a list into columns. */
  const inColumns = (entries, value, at) => {
    const count = value.length > MOST_ITEMS && entries.length > MOST_ITEMS ? entries.length - 1 : entries.length;
    const lengths = entries.slice(0, count).map((entry) => entry.length);
    const longest = Math.max(...lengths) + 2;
    const total = lengths.reduce((sum, length) => sum + length + 2, 0);
    if (longest * 3 + at.indentation >= LINE || !(total / longest > 5 || longest <= 8)) return entries;
    const biased = Math.max(longest - 3 - Math.sqrt(longest - total / entries.length), 1);
    const columns = Math.min(Math.round(Math.sqrt(2.5 * biased * count) / biased),
      Math.floor((LINE - at.indentation) / longest), LEVELS_ON_A_LINE * 4, 15);
    if (columns <= 1) return entries;
    const widths = [];
    for (let i = 0; i < columns; i++) {
      let width = 0;
      for (let j = i; j < count; j += columns) width = Math.max(width, lengths[j]);
      widths.push(width + 2);
    }
    const toTheRight = Array.prototype.slice.call(value, 0, count).every((each) => typeof each === 'number' || typeof each === 'bigint');
    const rows = [];
    for (let i = 0; i < count; i += columns) {
      const last = Math.min(i + columns, count);
      let row = '';
      for (let j = i; j < last - 1; j++) {
        const cell = `${entries[j]}, `;
        row += toTheRight ? cell.padStart(widths[j - i]) : cell.padEnd(widths[j - i]);
      }
      row += toTheRight ? entries[last - 1].padStart(widths[last - 1 - i] - 2) : entries[last - 1];
      rows.push(row);
    }
    if (count < entries.length) rows.push(entries[count]);
    return rows;
  };
  const joined = (given, start, open, close, at, level, listed) => {
    let entries = given;
    if (listed !== undefined && entries.length > 6) entries = inColumns(entries, listed, at);
    if (at.deepest - level < LEVELS_ON_A_LINE && entries.length === given.length) {
      const begun = entries.length + at.indentation + open.length + start.length + 10;
      const length = entries.reduce((sum, entry) => sum + entry.length, entries.length + begun);
      if (length <= LINE && !entries.some((entry) => entry.includes('\n')) && !start.includes('\n'))
        return `${start ? `${start} ` : ''}${open} ${entries.join(', ')} ${close}`;
    }
    const indent = `\n${' '.repeat(at.indentation)}`;
    return `${start ? `${start} ` : ''}${open}${indent}  ${entries.join(`,${indent}  `)}${indent}${close}`;
  };

  const object = (value, at, above) => {
    const level = above + 1;
    const name = constructorName(value);
    let start = '';
    let open = '{';
    let close = '}';
    let keys = ownKeys(value, false);
    let entries = () => [];
    let listed;
    if (Array.isArray(value) || value instanceof TypedArray) {
      open = `${Array.isArray(value) && name === 'Array' ? '' : prefixed(value, 'Array', value.length)}[`;
      close = ']';
      listed = value;
      keys = ownKeys(value, true);
      if (value.length === 0 && keys.length === 0) return `${open}]`;
      entries = () => list(value, at, level);
    } else if (value instanceof Set) {
      open = `${prefixed(value, 'Set', value.size)}{`;
      entries = () => items(value, value.size, at, (each) => any(each, at, level));
    } else if (value instanceof Map) {
      open = `${prefixed(value, 'Map', value.size)}{`;
      entries = () => items(value, value.size, at, ([key, each]) => `${any(key, at, level)} => ${any(each, at, level)}`);
    } else if (typeof value === 'function') {
      start = functionText(value);
    } else if (value instanceof RegExp) {
      start = value.toString();
    } else if (value instanceof Date) {
      start = Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
    } else if (value instanceof Error) {
      start = errorText(value, at);
      keys = keys.filter((key) => !['name', 'message', 'stack'].includes(key));
      for (const key of ['cause', 'errors'])
        if (Object.hasOwn(value, key) && !keys.includes(key)) keys.push(key);
    } else if ([Number, Boolean, String, BigInt, Symbol].some((kind) => value instanceof kind)) {
      start = `[${name ?? 'Object'}: ${primitive(value.valueOf(), at)}]`;
      keys = ownKeys(value, value instanceof String);
    } else if (value instanceof ArrayBuffer || value instanceof SharedArrayBuffer) {
      open = `${name} {`;
      entries = () => {
        const bytes = [...new Uint8Array(value).slice(0, 50)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
        return [`[Uint8Contents]: <${bytes}${value.byteLength > 50 ? ` ... ${value.byteLength - 50} more bytes` : ''}>`,
          `byteLength: ${value.byteLength}`];
      };
    } else if (value instanceof WeakMap || value instanceof WeakSet) {
      open = `${name} {`;
      entries = () => ['<items unknown>'];
    } else if (value instanceof Promise) {
      open = `${name} {`;
      entries = () => ['<awaited by nobody here>'];
    } else if (value instanceof DataView) {
      open = `${name} {`;
      entries = () => ['byteLength', 'byteOffset', 'buffer'].map((key) => property(value, key, at, level, false));
    } else if (value instanceof WeakRef) {
      open = `${name} {`;
    } else if (Object.prototype.toString.call(value) === '[object Arguments]') {
      open = '[Arguments] {';
    } else {
      open = name === 'Object' && typeof value[Symbol.toStringTag] !== 'string' ? '{' : `${prefixed(value, 'Object')}{`;
      if (keys.length === 0) return `${open}}`;
    }
    if (start !== '' && keys.length === 0) return start;
    if (above > at.depth) return Array.isArray(value) ? '[Array]' : `[${name ?? 'Object: null prototype'}]`;
    at.seen.push(value);
    at.deepest = level;
    const parts = entries();
    for (const key of keys) parts.push(property(value, key, at, level, false));
    at.seen.pop();
    const reference = at.circular.get(value);
    const mark = reference === undefined ? '' : `<ref *${reference}>`;
    if (parts.length === 0) return `${mark ? `${mark} ` : ''}${start ? `${start} ` : ''}${open}${close}`;
    const head = [mark, start].filter((each) => each !== '').join(' ');
    return joined(parts, head, open, close, at, level, keys.length === 0 ? listed : undefined);
  };
  const any = (value, at, level) => {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return primitive(value, at);
    try {
      if (typeof value[custom] === 'function') {
        const shown = value[custom](at.depth - level, {}, inspect);
        if (shown !== value) return typeof shown === 'string' ? shown : any(shown, at, level);
      }
      if (at.seen.includes(value)) {
        if (!at.circular.has(value)) at.circular.set(value, at.circular.size + 1);
        return `[Circular *${at.circular.get(value)}]`;
      }
      return object(value, at, level);
    } catch (problem) {
      return `[${typeof value}, which cannot be shown: ${brief(problem)}]`;
    }
  };
  const beginning = (depth) => ({ indentation: 0, seen: [], circular: new Map(), deepest: 0, depth });
  /** As util.inspect, of whose options it knows the depth: null is as deep as it goes. */
  const inspect = (value, { depth = DEPTH } = {}) => any(value, beginning(depth === null ? Infinity : Number(depth)), 0);

  /** As util.format: placeholders of a first text, the rest with blanks between. */
  const format = (...values) => {
    const shown = (value) => typeof value === 'string' ? value : inspect(value);
    if (typeof values[0] !== 'string' || values.length === 1) return values.map(shown).join(' ');
    let next = 1;
    const text = values[0].replace(/%[sdifjoOc%]/g, (mark) => {
      if (mark === '%%') return '%';
      if (next >= values.length) return mark;
      const value = values[next++];
      switch (mark[1]) {
        case 's':
          if (typeof value === 'bigint') return `${value}n`;
          return typeof value !== 'object' || value === null ? Object.is(value, -0) ? '-0' : String(value)
            : value instanceof Date ? inspect(value) : value instanceof Error || (Object.hasOwn(value, 'toString') || (constructorName(value) ?? 'Object') !== 'Object')
              && !Array.isArray(value) && typeof value.toString === 'function' && value.toString !== Object.prototype.toString
              ? String(value) : inspect(value);
        case 'd': return typeof value === 'bigint' ? `${value}n` : typeof value === 'symbol' || typeof value === 'object' ? 'NaN' : String(Number(value));
        case 'i': return typeof value === 'bigint' ? `${value}n` : String(parseInt(value, 10));
        case 'f': return String(parseFloat(value));
        case 'j': try { return JSON.stringify(value); } catch { return '[Circular]'; }
        case 'c': return '';
        default: return inspect(value);
      }
    });
    return [text, ...values.slice(next).map(shown)].join(' ');
  };

  let indent = '';
  const counts = new Map();
  const timers = new Map();
  const printer = (write) => (...values) => {
    const text = format(...values);
    write(indent === '' ? text : indent + text.replaceAll('\n', `\n${indent}`));
  };
  const log = printer(out);
  const warn = printer(err);
  const took = (label) => {
    const millis = Date.now() - timers.get(label);
    return `${label}: ${millis < 1000 ? `${millis}ms` : `${(millis / 1000).toFixed(3)}s`}`;
  };
  const WIDE = /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1faff}\u{20000}-\u{3fffd}]/u;
  const NO_WIDTH = /\p{Mn}|\p{Me}|\p{Cf}/u;
  /** How many columns of a terminal a text takes. */
  const columns = (text) => [...text.normalize('NFC')]
    .reduce((sum, each) => sum + (NO_WIDTH.test(each) ? 0 : WIDE.test(each) ? 2 : 1), 0);
  const table = (data, chosen) => {
    if (typeof data !== 'object' || data === null) return log(data);
    const isMap = data instanceof Map;
    const rows = isMap ? [...data].map(([key, value], i) => [String(i), { Key: key, Values: value }])
      : data instanceof Set ? [...data].map((value, i) => [String(i), value]) : Object.entries(data);
    const names = [];
    let hasValues = false;
    for (const [, row] of rows) {
      if (typeof row !== 'object' || row === null) hasValues = true;
      else for (const key of Object.keys(row)) if (!names.includes(key)) names.push(key);
    }
    const shown = chosen ?? names;
    const head = [isMap || data instanceof Set ? '(iteration index)' : '(index)', ...shown, ...(hasValues ? ['Values'] : [])];
    const cell = (value) => typeof value === 'object' && value !== null && Object.keys(value).length > 0
      ? any(value, beginning(DEPTH), DEPTH) : inspect(value);
    const lines = rows.map(([index, row]) => {
      const plain = typeof row !== 'object' || row === null;
      return [index, ...shown.map((name) => !plain && Object.hasOwn(row, name) ? cell(row[name]) : ''),
        ...(hasValues ? [plain ? cell(row) : ''] : [])];
    });
    const widths = head.map((title, i) => Math.max(columns(title), ...lines.map((line) => columns(line[i]))) + 2);
    const rule = (left, middle, right) => left + widths.map((width) => '─'.repeat(width)).join(middle) + right;
    const row = (cells) => `│${cells.map((text, i) => ` ${text}${' '.repeat(widths[i] - 1 - columns(text))}`).join('│')}│`;
    log([rule('┌', '┬', '┐'), row(head), rule('├', '┼', '┤'), ...lines.map(row), rule('└', '┴', '┘')].join('\n'));
  };
  const console = {
    log,
    info: log,
    debug: log,
    error: warn,
    warn,
    dir: (value, options) => { log(inspect(value, options ?? {})); },
    dirxml: log,
    table,
    trace: (...values) => {
      const stack = String(new Error('').stack).split('\n').slice(1).join('\n');
      warn(`Trace${values.length > 0 ? `: ${format(...values)}` : ''}\n${stack}`);
    },
    assert: (condition, ...values) => {
      if (condition) return;
      if (typeof values[0] === 'string') warn(`Assertion failed: ${values[0]}`, ...values.slice(1));
      else warn('Assertion failed', ...values);
    },
    clear: () => {},
    count: (label = 'default') => {
      counts.set(String(label), (counts.get(String(label)) ?? 0) + 1);
      log(`${label}: ${counts.get(String(label))}`);
    },
    countReset: (label = 'default') => { counts.delete(String(label)); },
    group: (...values) => {
      if (values.length > 0) log(...values);
      indent += '  ';
    },
    groupEnd: () => { indent = indent.slice(2); },
    time: (label = 'default') => { timers.set(String(label), Date.now()); },
    timeLog: (label = 'default', ...values) => { if (timers.has(String(label))) log(took(String(label)), ...values); },
    timeEnd: (label = 'default') => {
      if (timers.has(String(label))) log(took(String(label)));
      timers.delete(String(label));
    },
  };
  console.groupCollapsed = console.group;
  return { console, inspect };
})
