
// Runs one script's execute(params): parameters as JSON on stdin, the result as JSON in the file that RESULT names. What
// stands before it, shared, is what cells do alike.
const fs = require('fs');
const os = require('os');
const path = require('path');
const url = require('url');
const vm = require('vm');
const Module = require('module');

const isolation = process.env.UNDERSTUDY_ISOLATION;
const name = process.env.UNDERSTUDY_NAME || 'script';
const scriptFile = process.argv[2];

class NotAllowed extends Error {}

function refusal(act) {
    return act === 'network'
        ? `not allowed at isolation ${isolation}: network (a native script has none at any level)`
        : `not allowed at isolation ${isolation}: ${act} (isolation partial would allow it)`;
}

// Says early, and in the level's words, what the jail would refuse anyway; it is no wall.
const load = Module._load;
Module._load = function (request, ...rest) {
    const plain = String(request).replace(/^node:/, '');
    if (['net', 'http', 'https', 'http2', 'tls', 'dgram', 'dns', 'dns/promises'].includes(plain))
        throw new NotAllowed(refusal('network'));
    if (isolation === 'full' && (plain === 'child_process' || plain === 'cluster'))
        throw new NotAllowed(refusal('starting programs'));
    return load.call(this, request, ...rest);
};
globalThis.fetch = () => {
    throw new NotAllowed(refusal('network'));
};

function tell(what) {
    fs.writeSync(2, '\x1e' + JSON.stringify(what) + '\n');
}

function expand(file) {
    const text = String(file);
    return text === '~' || text.startsWith('~/') ? process.env.HOME + text.slice(1) : text;
}

const CLASSES = {
    alpha: '\\p{L}', digit: '0-9', alnum: '\\p{L}\\p{N}', upper: '\\p{Lu}', lower: '\\p{Ll}', space: '\\s', blank: ' \\t',
    punct: '\\p{P}\\p{S}', cntrl: '\\p{Cc}', xdigit: '0-9A-Fa-f', print: '\\P{C}', graph: '\\p{L}\\p{N}\\p{P}\\p{S}',
};
const literal = char => `\\u{${char.codePointAt(0).toString(16)}}`;

/** Where the set that begins before a place is closed, or -1. */
function setEnd(chars, start) {
    let at = start;
    if (chars[at] === '!' || chars[at] === '^') at++;
    if (chars[at] === ']') at++;
    while (at < chars.length && chars[at] !== ']') {
        const closed = chars[at] === '[' && chars[at + 1] === ':' ? chars.findIndex((each, i) => i >= at + 2 && each === ':' && chars[i + 1] === ']') : -1;
        at = closed >= 0 ? closed + 2 : at + (chars[at] === '\\' ? 2 : 1);
    }
    return at < chars.length ? at : -1;
}

/** A set in brackets as a part of a regular expression. */
function setSource(chars) {
    const negated = chars[0] === '!' || chars[0] === '^';
    let members = '';
    for (let at = negated ? 1 : 0; at < chars.length; ) {
        const named = /^\[:(.*?):\]/.exec(chars.slice(at).join(''));
        if (named) {
            members += CLASSES[named[1]] ?? '';
            at += named[0].length;
            continue;
        }
        if (chars[at] === '\\' && at + 1 < chars.length) at++;
        const first = chars[at++];
        if (chars[at] !== '-' || at + 1 >= chars.length) {
            members += literal(first);
            continue;
        }
        at++;
        if (chars[at] === '\\' && at + 1 < chars.length) at++;
        const last = chars[at++];
        if (first <= last) members += `${literal(first)}-${literal(last)}`;
    }
    if (members === '') return negated ? '.' : '(?!)';
    return `[${negated ? '^' : ''}${members}]`;
}

/** What a name has to match; null if the pattern is a plain name. */
function namePattern(pattern) {
    const chars = [...pattern];
    let source = '';
    let wild = false;
    for (let at = 0; at < chars.length; ) {
        const char = chars[at++];
        const end = char === '[' ? setEnd(chars, at) : -1;
        if (char === '*' || char === '?') source += char === '*' ? '.*' : '.';
        else if (end >= 0) {
            source += setSource(chars.slice(at, end));
            at = end + 1;
        } else {
            source += literal(char === '\\' && at < chars.length ? chars[at++] : char);
            continue;
        }
        wild = true;
    }
    return wild ? new RegExp(`^${source}$`, 'su') : null;
}

/** The patterns that a text with alternatives in braces stands for. */
function alternatives(text) {
    let depth = 0;
    let ends = [];
    for (let at = 0; at < text.length; at++) {
        if (text[at] === '\\') at++;
        else if (text[at] === '{') {
            if (depth++ === 0) ends = [at];
        } else if (text[at] === ',' && depth === 1) ends.push(at);
        else if (text[at] === '}' && depth > 0 && --depth === 0 && ends.length > 1) {
            ends.push(at);
            return ends.slice(1).flatMap((end, i) =>
                alternatives(text.slice(0, ends[0]) + text.slice(ends[i] + 1, end) + text.slice(at + 1)));
        }
    }
    return [text];
}

function status(file, follow) {
    try {
        return follow === 'none' ? fs.lstatSync(file) : fs.statSync(file);
    } catch {
        return null;
    }
}

const isFolder = file => status(file)?.isDirectory() === true;

function namesIn(folder) {
    try {
        return fs.readdirSync(folder || '.');
    } catch {
        return [];
    }
}

/** Adds the paths below a folder that a pattern matches, given as its names. */
function search(folder, names, foldersOnly, found) {
    if (names.length === 0) {
        if (!foldersOnly) found.add(folder);
        else if (isFolder(folder)) found.add(folder.replace(/\/*$/, '/'));
        return;
    }
    const [name, ...rest] = names;
    const start = folder === '' || folder === '/' ? folder : folder + '/';
    const wanted = namePattern(name);
    if (name === '**') {
        if (rest.length > 0) search(folder, rest, foldersOnly, found);
        for (const each of namesIn(folder)) {
            if (each.startsWith('.')) continue;
            if (rest.length === 0) search(start + each, rest, foldersOnly, found);
            if (status(start + each, 'none')?.isDirectory()) search(start + each, names, foldersOnly, found);
        }
    } else if (wanted) {
        for (const each of namesIn(folder))
            if ((/^\\?\./.test(name) || !each.startsWith('.')) && wanted.test(each))
                search(start + each, rest, foldersOnly, found);
    } else {
        const plain = start + name.replace(/\\(.)/gs, '$1');
        if (status(plain, 'none')) search(plain, rest, foldersOnly, found);
    }
}

const files = {
    read: file => fs.readFileSync(expand(file), 'utf8'),
    readBytes: file => new Uint8Array(fs.readFileSync(expand(file))),
    write: (file, data) => fs.writeFileSync(expand(file), data),
    append: (file, data) => fs.appendFileSync(expand(file), data),
    copy(from, to, {follow = 'named', keep = 'content'} = {}) {
        const source = expand(from);
        let target = expand(to);
        if (isFolder(target)) target = path.join(target, path.basename(source));
        const named = follow === 'none' || isFolder(source) ? source : fs.realpathSync(source);
        fs.cpSync(named, target, {
            recursive: true, dereference: follow === 'all', verbatimSymlinks: true, preserveTimestamps: keep !== 'content',
        });
    },
    copyAttributes(from, to) {
        const {mode, atime, mtime} = fs.statSync(expand(from));
        fs.chmodSync(expand(to), mode & 0o777);
        fs.utimesSync(expand(to), atime, mtime);
    },
    move(from, to) {
        const source = expand(from);
        let target = expand(to);
        if (fs.existsSync(target) && fs.statSync(target).isDirectory())
            target = path.join(target, path.basename(source));
        try {
            fs.renameSync(source, target);
        } catch (problem) {
            if (problem.code !== 'EXDEV') throw problem;
            fs.cpSync(source, target, {recursive: true, preserveTimestamps: true, verbatimSymlinks: true});
            fs.rmSync(source, {recursive: true});
        }
    },
    remove: file => fs.rmSync(expand(file), {recursive: true}),
    mkdir: file => void fs.mkdirSync(expand(file), {recursive: true}),
    list: file => fs.readdirSync(expand(file)).sort(),
    glob(pattern) {
        const found = new Set();
        for (const each of alternatives(expand(pattern))) {
            const names = each.split('/').filter(name => name !== '' && name !== '.');
            search(each.startsWith('/') ? '/' : '', names, each.endsWith('/'), found);
        }
        return [...found].sort();
    },
    escape: text => String(text).replace(/[*?[\\{]/g, '\\$&'),
    exists: (file, {follow = 'all'} = {}) => status(expand(file), follow) !== null,
    info(file, {follow = 'all'} = {}) {
        const is = follow === 'none' ? fs.lstatSync(expand(file)) : fs.statSync(expand(file));
        const kind = is.isSymbolicLink() ? 'link' : is.isDirectory() ? 'directory' : is.isFile() ? 'file' : 'other';
        return {kind, size: is.size, modified: is.mtimeMs / 1000};
    },
};

function log(channel) {
    return text => tell({channel, text: String(text)});
}

globalThis.understudy = {
    log: {debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error')},
    progress: (share, text = '') => tell({progress: Number(share), text: String(text)}),
    files,
    run(program, ...rest) {
        if (isolation === 'full') throw new NotAllowed(refusal('starting programs'));
        const last = rest[rest.length - 1];
        const given = typeof last === 'object' && last !== null && !Array.isArray(last) ? rest.pop() : {};
        const input = given.stdin === undefined || given.stdin === null ? ''
            : given.stdin instanceof ArrayBuffer ? new Uint8Array(given.stdin)
            : ArrayBuffer.isView(given.stdin) ? given.stdin : String(given.stdin);
        const done = load('child_process', null, false).spawnSync(String(program), rest.flat().map(String), {
            input, encoding: 'utf8', maxBuffer: Infinity, cwd: given.cwd === undefined ? undefined : expand(given.cwd),
        });
        if (done.error) throw done.error;
        const code = done.status === null ? 128 + os.constants.signals[done.signal] : done.status;
        return {code, stdout: done.stdout, stderr: done.stderr};
    },
    secret(name) {
        const value = process.env[`SECRET_${name}`];
        if (value === undefined)
            throw new NotAllowed(`not allowed: secret '${name}' is not granted; grants.secrets = ["${name}"] would allow it`);
        return value;
    },
    http() {
        throw new NotAllowed(refusal('network'));
    },
};

// Given up when the result is written: a script that has used up all open files must still be able to say so.
const reserved = fs.openSync('/dev/null', 'r');

function leave(text, status) {
    try {
        fs.closeSync(reserved);
    } catch {
        // The script closed what was not its own; then there is room as well.
    }
    fs.writeFileSync(process.env.RESULT, text);
    process.exitCode = status;
    process.exit();
}

const limits = {EMFILE: 'open files', ENOMEM: 'memory', EFBIG: 'disk', EAGAIN: 'processes'};

/** Of a thread that could not start Node tells the system's word in the message only. */
function limitOf(problem) {
    const code = problem.code === 'ERR_WORKER_INIT_FAILED' ? /\b[A-Z]+$/.exec(problem.message)?.[0] : problem.code;
    return limits[code];
}

function isUngranted(problem) {
    if (problem?.code !== 'ENOENT' || !String(problem.syscall).startsWith('spawn')) return false;
    return !fs.existsSync(problem.path.includes('/') ? problem.path : path.join(process.env.PATH, problem.path));
}

function fail(problem) {
    const known = problem instanceof Error;
    const error = problem instanceof NotAllowed ? problem.message
        : isUngranted(problem) ? `not allowed: program '${problem.path}' is not granted; grants.programs = ["${problem.path}"] would allow it` : problem instanceof shared.ResultError ? problem.message
        : known ? `${problem.name}: ${problem.message}${shared.causes(problem)}` : `a promise was rejected with ${String(problem)}`;
    leave(JSON.stringify({success: false, error, detail: known && !(problem instanceof shared.ResultError) ? String(problem.stack) : '', limit: known ? limitOf(problem) : undefined}), 1);
}

// So that a module's function is found, exported or not.
const MODULE_TAIL = "\n;globalThis.execute ??= typeof execute === 'function' ? execute : undefined;\n";

const packages = process.env.UNDERSTUDY_PACKAGES;

/** A file in a folder of the run's own from which Node finds packages by their names, as it does from no data URL. */
function besidePackages(name) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'packages-'));
    fs.symlinkSync(packages, path.join(folder, 'node_modules'));
    return path.join(folder, name);
}

function moduleBesidePackages(source) {
    const file = besidePackages('script.mjs');
    fs.writeFileSync(file, source);
    return url.pathToFileURL(file).href;
}

/** Runs it as a plain script; as a module if only a module's grammar takes it. Of the two errors of what is neither, one helps. */
async function executeOf(text) {
    let plain;
    try {
        plain = new vm.Script(text, {filename: name});
    } catch (asPlain) {
        if (!(asPlain instanceof SyntaxError)) throw asPlain;
        const source = `${text}${MODULE_TAIL}//# sourceURL=${encodeURI(name)}`;
        try {
            const exported = await import(packages ? moduleBesidePackages(source)
                : `data:text/javascript;base64,${Buffer.from(source).toString('base64')}`);
            return [exported.execute, exported.default, globalThis.execute].find(each => typeof each === 'function');
        } catch (asModule) {
            throw asModule instanceof SyntaxError && !/\b(?:import|export|await)\b/.test(asPlain.message) ? asPlain : asModule;
        }
    }
    plain.runInThisContext();
    return vm.runInThisContext("typeof globalThis.execute === 'function' ? globalThis.execute : typeof execute === 'function' ? execute : undefined");
}

async function main() {
    const params = JSON.parse(fs.readFileSync(0, 'utf8'));
    globalThis.require = packages ? Module.createRequire(besidePackages('script.js')) : require;
    const execute = await executeOf(fs.readFileSync(scriptFile, 'utf8'));
    if (typeof execute !== 'function')
        throw new Error('the script has no function named execute. Add function execute(params) { … } that returns an object.');
    const result = await execute(params);
    leave(shared.write(result, Number.MAX_SAFE_INTEGER), 0);
}

process.on('uncaughtException', fail);
main().catch(fail);
