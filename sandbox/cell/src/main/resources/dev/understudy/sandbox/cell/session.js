(function (call, inspect, ground) {
  'use strict';
  // What a person's session has beside a script: the last value, lists as tables, what the host knows, and answers to
  // questions about names. The answers read what is there and call nothing of the guest's: no getter, no trap of a proxy.
  const MOST_ROWS = 200;
  const MOST_COLUMNS = 16;
  const MOST_NUMBERS = 10000;
  const SOURCE_LINES = 20;
  const { Array, Function, JSON, Map, Number, Object, Reflect, Set, String, WeakSet } = globalThis;
  const evaluate = globalThis.eval;
  const { apply, construct, get: read, getOwnPropertyDescriptor: own, getPrototypeOf: above, ownKeys } = Reflect;
  const { defineProperty, freeze, hasOwn } = Object;
  const { isArray } = Array;
  const { parse } = JSON;
  const sourceOf = Function.prototype.toString;
  const holds = WeakSet.prototype.has;
  const put = WeakSet.prototype.add;
  const ObjectGround = Object.prototype;
  const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

  const proxies = new WeakSet();
  const isProxy = (value) => apply(holds, proxies, [value]);
  const PlainProxy = globalThis.Proxy;
  const marked = (proxy) => {
    apply(put, proxies, [proxy]);
    return proxy;
  };
  const revocable = (...parts) => {
    const made = PlainProxy.revocable(...parts);
    marked(made.proxy);
    return made;
  };
  const SessionProxy = new PlainProxy(PlainProxy, {
    construct: (target, parts) => marked(construct(target, parts)),
    get: (target, name) => name === 'revocable' ? revocable : read(target, name),
  });
  defineProperty(globalThis, 'Proxy', { value: SessionProxy, configurable: true, enumerable: false, writable: true });

  const frozen = (value) => {
    if (typeof value !== 'object' || value === null) return value;
    for (const key of ownKeys(value)) frozen(own(value, key).value);
    return freeze(value);
  };
  const askers = new WeakSet();
  for (const name of ['tasks', 'patterns', 'automations', 'runs', 'metrics', 'workload', 'tuning', 'plugins']) {
    const get = () => frozen(parse(call('facts', name)));
    apply(put, askers, [get]);
    defineProperty(ground, name, { get, enumerable: true });
  }
  freeze(ground);

  /** What a name leads to, in a list; none if it leads nowhere, or if finding out would run something of the guest's. */
  const step = (holder, name) => {
    if (holder === undefined || holder === null) return [];
    for (let at = Object(holder); at !== null; at = above(at)) {
      if (isProxy(at)) return [];
      const found = own(at, name);
      if (found === undefined) continue;
      if (hasOwn(found, 'value')) return [found.value];
      return found.get !== undefined && apply(holds, askers, [found.get]) ? [found.get()] : [];
    }
    return undefined;
  };
  const root = (name) => {
    const found = step(globalThis, name);
    if (found !== undefined) return found;
    try {
      // No property of the global object: what is left is a name that an entry has declared, and reading it runs nothing.
      return IDENTIFIER.test(name) ? [evaluate(name)] : [];
    } catch {
      return [];
    }
  };
  const find = (path) => {
    const [first, ...rest] = path.split('.');
    let found = root(first);
    for (const name of rest) {
      if (found.length === 0) return found;
      found = step(found[0], name) ?? [];
    }
    return found;
  };
  const namesOf = (value) => {
    const names = new Set();
    for (let at = value === undefined || value === null ? null : Object(value); at !== null && !isProxy(at); at = above(at)) {
      if (at === ObjectGround && names.size > 0) break;
      for (const key of ownKeys(at)) if (typeof key === 'string' && IDENTIFIER.test(key)) names.add(key);
    }
    return [...names];
  };
  const members = (path) => {
    const found = path === '' ? [globalThis] : find(path);
    return found.length === 0 ? '' : namesOf(found[0]).join('\n');
  };

  const kindOf = (value) => {
    if (value === null) return 'null';
    if (typeof value !== 'object') return typeof value;
    if (isProxy(value)) return 'proxy';
    for (let at = value; at !== null && !isProxy(at); at = above(at)) {
      const maker = own(at, 'constructor');
      if (maker === undefined || typeof maker.value !== 'function' || isProxy(maker.value)) continue;
      const name = own(maker.value, 'name');
      if (name !== undefined && typeof name.value === 'string' && name.value !== '') return name.value;
    }
    return 'object';
  };
  const explain = (path) => {
    const found = find(path);
    if (found.length === 0) return '';
    const [value] = found;
    if (typeof value === 'function' && !isProxy(value)) {
      const source = apply(sourceOf, value, []);
      const lines = source.split('\n');
      const shown = source.includes('[native code]') ? `function ${path}(${'…'})` : lines.slice(0, SOURCE_LINES).join('\n');
      return `${path}: ${source.startsWith('class') ? 'class' : 'function'}\n${shown}${lines.length > SOURCE_LINES ? '\n…' : ''}`;
    }
    if (typeof value !== 'object' || value === null) return `${path}: ${kindOf(value)}\n${inspect(value)}`;
    const length = isArray(value) && !isProxy(value) ? ` of ${own(value, 'length').value}` : '';
    const names = namesOf(value);
    return `${path}: ${kindOf(value)}${length}${names.length > 0 ? `\n${names.join(', ')}` : ''}`;
  };

  const oneLine = (value) => (typeof value === 'string' ? value : inspect(value)).replace(/\s*\n\s*/g, ' ');
  const isRecord = (value) => {
    if (typeof value !== 'object' || value === null || isProxy(value) || isArray(value)) return false;
    const ground = above(value);
    return (ground === null || ground === ObjectGround) && ownKeys(value).every((key) => hasOwn(own(value, key), 'value'));
  };
  /** The columns of a list that is fit for a table; none for any other. */
  const columnsOf = (list) => {
    const columns = new Set();
    for (const each of list) {
      if (!isRecord(each)) return [];
      for (const key of Object.keys(each)) columns.add(key);
      if (columns.size > MOST_COLUMNS) return [];
    }
    return [...columns];
  };
  const keep = (value) => {
    try {
      defineProperty(globalThis, '_', { value, configurable: true, enumerable: false, writable: true });
    } catch {
      // The guest has made it its own.
    }
  };
  /** Keeps a value as the last one, and shows it; false if the one who asks is to show it as text. */
  const show = (value) => {
    if (value === undefined) return true;
    keep(value);
    if (!isArray(value) || isProxy(value) || value.length === 0) return false;
    if (value.length > 2 && value.length <= MOST_NUMBERS && value.every((each) => typeof each === 'number' && Number.isFinite(each))) {
      call('series', inspect(value), value);
      return true;
    }
    const columns = columnsOf(value);
    if (columns.length === 0) return false;
    const rows = value.slice(0, MOST_ROWS);
    call('rows', columns, rows.flatMap((row) => columns.map((name) => hasOwn(row, name) ? oneLine(row[name]) : '')), value.length - rows.length);
    return true;
  };
  return { members, explain, show };
})
