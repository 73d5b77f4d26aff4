// Runs one script's execute(params): parameters as JSON on stdin, the result as JSON in the file that RESULT names.
'use strict';
const fs = require('fs');
const os = require('os');
const path = require('path');
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

function matcher(pattern) {
    const source = pattern
        .split(/(\*\*\/|\*\*|\*|\?|\[[^\]]*\])/)
        .map(part => {
            if (part === '**/') return '(?:[^/]+/)*';
            if (part === '**') return '.*';
            if (part === '*') return '[^/]*';
            if (part === '?') return '[^/]';
            if (part.startsWith('[')) return part.replace(/^\[!/, '[^');
            return part.replace(/[.+^${}()|\\]/g, '\\$&');
        })
        .join('');
    return new RegExp(`^${source}$`);
}

function walk(folder, found) {
    let entries;
    try {
        entries = fs.readdirSync(folder, {withFileTypes: true});
    } catch {
        return found;
    }
    for (const entry of entries) {
        const file = folder === '' ? entry.name : path.posix.join(folder, entry.name);
        found.push(file);
        if (entry.isDirectory()) walk(file, found);
    }
    return found;
}

const files = {
    read: file => fs.readFileSync(expand(file), 'utf8'),
    readBytes: file => new Uint8Array(fs.readFileSync(expand(file))),
    write: (file, data) => fs.writeFileSync(expand(file), data),
    append: (file, data) => fs.appendFileSync(expand(file), data),
    copy(from, to) {
        const source = expand(from);
        let target = expand(to);
        if (fs.existsSync(target) && fs.statSync(target).isDirectory())
            target = path.join(target, path.basename(source));
        fs.cpSync(source, target, {recursive: true});
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
            fs.cpSync(source, target, {recursive: true, preserveTimestamps: true});
            fs.rmSync(source, {recursive: true});
        }
    },
    remove: file => fs.rmSync(expand(file), {recursive: true}),
    mkdir: file => void fs.mkdirSync(expand(file), {recursive: true}),
    list: file => fs.readdirSync(expand(file)).sort(),
    glob(pattern) {
        const expanded = expand(pattern);
        const fixed = expanded.split('/');
        const first = fixed.findIndex(part => /[*?[]/.test(part));
        if (first < 0) return fs.existsSync(expanded) ? [expanded] : [];
        const base = fixed.slice(0, first).join('/');
        const start = base === '' && expanded.startsWith('/') ? '/' : base;
        const wanted = matcher(expanded);
        return walk(start, []).filter(file => wanted.test(file)).sort();
    },
    exists: file => fs.existsSync(expand(file)),
    info(file) {
        const status = fs.lstatSync(expand(file));
        const kind = status.isSymbolicLink() ? 'link' : status.isDirectory() ? 'directory' : 'file';
        return {kind, size: status.size, modified: status.mtimeMs / 1000};
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
    http() {
        throw new NotAllowed(refusal('network'));
    },
};

// Given up when the result is written: a script that has used up all open files must still be able to say so.
const reserved = fs.openSync('/dev/null', 'r');

function leave(result, status) {
    const text = JSON.stringify(result);
    try {
        fs.closeSync(reserved);
    } catch {
        // The script closed what was not its own; then there is room as well.
    }
    fs.writeFileSync(process.env.RESULT, text === undefined ? '{}' : text);
    process.exitCode = status;
    process.exit();
}

const limits = {EMFILE: 'open files', ENOMEM: 'memory', EFBIG: 'disk', EAGAIN: 'processes'};

function isUngranted(problem) {
    if (problem?.code !== 'ENOENT' || !String(problem.syscall).startsWith('spawn')) return false;
    return !fs.existsSync(problem.path.includes('/') ? problem.path : path.join(process.env.PATH, problem.path));
}

function fail(problem) {
    const known = problem instanceof Error;
    const error = problem instanceof NotAllowed ? problem.message
        : isUngranted(problem) ? `not allowed: program '${problem.path}' is not granted; grants.programs = ["${problem.path}"] would allow it` : known ? `${problem.name}: ${problem.message}` : String(problem);
    leave({success: false, error, detail: known ? String(problem.stack) : '', limit: known ? limits[problem.code] : undefined}, 1);
}

async function main() {
    const params = JSON.parse(fs.readFileSync(0, 'utf8'));
    let execute;
    if (scriptFile.endsWith('.mjs')) {
        const exported = await import(scriptFile);
        execute = exported.execute ?? exported.default;
    } else {
        globalThis.require = require;
        vm.runInThisContext(fs.readFileSync(scriptFile, 'utf8'), {filename: name});
        execute = vm.runInThisContext("typeof execute === 'function' ? execute : undefined");
    }
    if (typeof execute !== 'function')
        throw new Error('the script has no function named execute. Add function execute(params) { … } that returns an object.');
    leave((await execute(params)) ?? {}, 0);
}

process.on('uncaughtException', fail);
main().catch(fail);
