// Finds packages by their names as Node does (https://nodejs.org/api/modules.html, https://nodejs.org/api/packages.html): by
// require, and for imports. A cell has none of Node's own modules, so of a package's conditions "node" never holds.
(function (call) {
  'use strict';
  const BUILT_IN = new Set(['assert', 'async_hooks', 'buffer', 'child_process', 'cluster', 'console', 'constants', 'crypto',
    'dgram', 'diagnostics_channel', 'dns', 'domain', 'events', 'fs', 'http', 'http2', 'https', 'inspector', 'module', 'net',
    'os', 'path', 'perf_hooks', 'process', 'punycode', 'querystring', 'readline', 'repl', 'stream', 'string_decoder',
    'timers', 'tls', 'tty', 'url', 'util', 'v8', 'vm', 'wasi', 'worker_threads', 'zlib']);
  const COMMON = ['require', 'default'];
  const MODULE = ['import', 'default'];
  const evaluate = globalThis.eval;
  const NAME = /^(?:@[^/]+\/)?[^/@.][^/]*/;
  const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;
  const RESERVED = new Set(('default break case catch class const continue debugger delete do else enum export extends false '
    + 'finally for function if import in instanceof new null return super switch this throw true try typeof var void while '
    + 'with yield let static implements interface package private protected public await eval arguments').split(' '));
  let root = '';
  let loaded = new Map();
  let described = new Map();

  const notFound = (message) => Object.assign(new Error(message), { code: 'MODULE_NOT_FOUND' });

  const kind = (path) => call('exists', path, 'all') ? call('info', path, 'all')[0] : '';
  const isFile = (path) => kind(path) === 'file';
  const folderOf = (path) => path.slice(0, path.lastIndexOf('/'));
  const isInside = (path) => path === root || path.startsWith(root + '/');

  const joined = (folder, rest) => {
    const names = folder.split('/');
    for (const name of rest.split('/')) {
      if (name === '' || name === '.') continue;
      if (name === '..') names.pop();
      else names.push(name);
    }
    return names.join('/');
  };

  /** What a folder's package.json says; null if there is none. */
  const description = (folder) => {
    if (!described.has(folder)) {
      const file = `${folder}/package.json`;
      described.set(folder, isFile(file) ? JSON.parse(call('read', file)) : null);
    }
    return described.get(folder);
  };

  /** The nearest folder above a file that describes a package; the root if there is none. */
  const packageOf = (path) => {
    let folder = folderOf(path);
    while (folder !== root && isInside(folder) && description(folder) === null) folder = folderOf(folder);
    return folder;
  };

  const asFile = (path) => [path, `${path}.js`, `${path}.json`, `${path}.cjs`].find(isFile);
  const asFolder = (path) => {
    if (kind(path) !== 'directory') return undefined;
    const main = description(path)?.main;
    const named = typeof main === 'string' ? joined(path, main) : undefined;
    return (named && (asFile(named) ?? asFile(`${named}/index`))) ?? asFile(`${path}/index`);
  };

  /** The first target whose condition holds; null where a package keeps a file to itself. */
  const target = (found, conditions, star) => {
    if (typeof found === 'string') return star === undefined ? found : found.replaceAll('*', star);
    if (Array.isArray(found)) return found.map((each) => target(each, conditions, star)).find((each) => each);
    if (typeof found !== 'object' || found === null) return found;
    for (const [condition, each] of Object.entries(found)) {
      const chosen = conditions.includes(condition) ? target(each, conditions, star) : undefined;
      if (chosen !== undefined) return chosen;
    }
    return undefined;
  };

  /** What a map of a package ("exports", "imports") says of a path; undefined if it says nothing. */
  const mapped = (map, path, conditions) => {
    if (Object.hasOwn(map, path)) return target(map[path], conditions);
    const patterns = Object.keys(map).filter((each) => each.includes('*')).sort((a, b) => b.indexOf('*') - a.indexOf('*'));
    for (const pattern of patterns) {
      const [before, after] = pattern.split('*');
      if (path.startsWith(before) && path.endsWith(after) && path.length >= before.length + after.length)
        return target(map[pattern], conditions, path.slice(before.length, path.length - after.length));
    }
    return undefined;
  };

  const inPackage = (folder, path, conditions, request) => {
    const { exports } = description(folder) ?? {};
    if (exports === undefined || exports === null) return path === '.' ? asFolder(folder) : asFile(joined(folder, path)) ?? asFolder(joined(folder, path));
    const isMap = typeof exports === 'object' && !Array.isArray(exports) && Object.keys(exports).some((each) => each.startsWith('.'));
    const found = mapped(isMap ? exports : { '.': exports }, path, conditions);
    if (typeof found !== 'string') throw notFound(`Package '${folder.slice(root.length + 1)}' gives no '${path}' to others (required as '${request}')`);
    return joined(folder, found);
  };

  const byName = (request, from, conditions) => {
    const name = NAME.exec(request)?.[0];
    if (name === undefined) return undefined;
    const path = `.${request.slice(name.length)}`;
    for (let folder = from; isInside(folder); folder = folderOf(folder)) {
      const place = folder === root ? `${root}/${name}` : `${folder}/node_modules/${name}`;
      if (kind(place) === 'directory') return inPackage(place, path, conditions, request);
      if (folder === root) break;
    }
    return undefined;
  };

  /** The package to which a name of its own belongs: an import does not tell from where it comes. */
  const ownerOf = (request) => {
    const owners = [...described].filter(([, each]) => mapped(each?.imports ?? {}, request, MODULE) !== undefined);
    if (owners.length > 1) throw notFound(`Cannot find module '${request}': ${owners.length} packages have one; write runtime = "native"`);
    return owners.length === 1 ? owners[0][0] : root;
  };

  /** The file that a request from a folder leads to. */
  const resolve = (request, from, conditions) => {
    let path;
    if (request.startsWith('node:') || BUILT_IN.has(request.split('/')[0]) && kind(`${root}/${request.split('/')[0]}`) === '')
      throw notFound(`Cannot find module '${request}': a cell has none of Node's own modules; write runtime = "native" to have them`);
    if (/^\.{0,2}\//.test(request) || request === '.' || request === '..') {
      if (from === root) throw notFound(`Cannot find module '${request}': a script can name packages only`);
      path = joined(request.startsWith('/') ? '' : from, request);
      path = isInside(path) ? (request.endsWith('/') ? undefined : asFile(path)) ?? asFolder(path) : undefined;
    } else if (request.startsWith('#')) {
      const folder = from === root ? ownerOf(request) : packageOf(`${from}/.`);
      const found = mapped(description(folder)?.imports ?? {}, request, conditions);
      path = typeof found !== 'string' ? undefined : found.startsWith('.') ? joined(folder, found) : resolve(found, folder, conditions);
    } else {
      path = byName(request, from, conditions);
    }
    if (path === undefined) throw notFound(`Cannot find module '${request}' among the script's packages`);
    return path;
  };

  const isModule = (path) => path.endsWith('.mjs') || (path.endsWith('.js') && description(packageOf(path))?.type === 'module');

  const processOf = Object.freeze({ env: Object.freeze({}), argv: [], versions: {}, platform: 'linux', cwd: () => '/',
    nextTick: (callback, ...values) => { Promise.resolve().then(() => callback(...values)); } });

  const load = (path) => {
    const known = loaded.get(path);
    if (known !== undefined) return known.exports;
    if (isModule(path)) throw new Error(`${path} is an ECMAScript module: use import, not require`);
    const module = { exports: {}, id: path, filename: path, loaded: false };
    // Known before it is run, so that packages that need each other meet what is there so far.
    loaded.set(path, module);
    try {
      const text = call('read', path);
      if (path.endsWith('.json')) {
        module.exports = JSON.parse(text);
      } else {
        const code = text.startsWith('#!') ? `//${text}` : text;
        const body = evaluate(`(function (exports, require, module, __filename, __dirname, global, process) {${code}\n})\n//# sourceURL=${path}`);
        body.call(module.exports, module.exports, requireFrom(folderOf(path)), module, path, folderOf(path), globalThis, processOf);
      }
      module.loaded = true;
    } catch (problem) {
      loaded.delete(path);
      throw problem;
    }
    return module.exports;
  };

  const requireFrom = (folder) => {
    const require = (request) => load(resolve(String(request), folder, COMMON));
    require.resolve = (request) => resolve(String(request), folder, COMMON);
    return require;
  };

  return {
    /** Begins a run that finds its packages in a folder; with an empty one it has none. */
    open: (folder) => {
      root = folder;
      loaded = new Map();
      described = new Map();
      if (folder === '') delete globalThis.require;
      else Object.defineProperty(globalThis, 'require', { value: requireFrom(folder), configurable: true, writable: true });
    },
    /** The file of an import by name, with a module's text in its stead if it is none. */
    imported: (request) => {
      const path = resolve(request, root, MODULE);
      if (isModule(path)) return { path, text: null };
      const exports = load(path);
      const names = typeof exports === 'object' && exports !== null || typeof exports === 'function'
        ? Object.keys(exports).filter((each) => IDENTIFIER.test(each) && !RESERVED.has(each)) : [];
      const text = `const all = globalThis.require.of(${JSON.stringify(path)});\nexport default all;\n`
        + names.map((each) => `export const ${each} = all.${each};\n`).join('');
      globalThis.require.of = load;
      return { path, text };
    },
  };
})
