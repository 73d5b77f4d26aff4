package dev.understudy.sandbox.control.conformance;

import static dev.understudy.sandbox.control.conformance.GuestRuntime.BASH;
import static dev.understudy.sandbox.control.conformance.GuestRuntime.JAVASCRIPT_CELL;
import static dev.understudy.sandbox.control.conformance.GuestRuntime.JAVASCRIPT_NATIVE;
import static dev.understudy.sandbox.control.conformance.GuestRuntime.PYTHON_CELL;
import static dev.understudy.sandbox.control.conformance.GuestRuntime.PYTHON_NATIVE;

import dev.understudy.sandbox.control.conformance.Attack.Meets;
import dev.understudy.sandbox.control.tester.LimitName;
import java.util.ArrayList;
import java.util.List;

/** Every cheap means by limit and runtime; the first of each pair is what all levels are tried with. */
final class Attacks {
    private static final List<Attack> ALL = new ArrayList<>();
    /** Bash has no sleep of its own: waits for what never comes. */
    private static final String PAUSE = "exec {never}<> <(:); pause() { read -r -t 60 -u $never; }\n";

    private Attacks() {}

    static List<Attack> of(LimitName limit, GuestRuntime runtime) {
        return ALL.stream()
                .filter(attack -> attack.limit() == limit && attack.runtime() == runtime)
                .toList();
    }

    static {
        wall();
        cpu();
        memory();
        processes();
        output();
        disk();
        files();
    }

    private static void wall() {
        add(LimitName.WALL, JAVASCRIPT_CELL, "a loop", "for (;;);");
        add(LimitName.WALL, JAVASCRIPT_CELL, "a loop that catches all", "for (;;) { try { for (;;); } catch (e) {} }");
        add(LimitName.WALL, JAVASCRIPT_CELL, "big integers", "let x = 3n; for (;;) x = x * x;");
        add(
                LimitName.WALL,
                JAVASCRIPT_CELL,
                "a regular expression",
                "return /^((a+)+)\\2c$/.test('a'.repeat(60) + 'b');");
        add(
                LimitName.WALL,
                JAVASCRIPT_CELL,
                "promises without end",
                "const again = () => Promise.resolve().then(again); return again();");

        add(LimitName.WALL, PYTHON_CELL, "a loop", "while True: pass");
        add(LimitName.WALL, PYTHON_CELL, "sleep", "import time\ntime.sleep(60)");
        add(
                LimitName.WALL,
                PYTHON_CELL,
                "a loop that catches all",
                "while True:\n  try:\n    while True: pass\n  except BaseException: pass");
        add(LimitName.WALL, PYTHON_CELL, "big integers", "return sum(range(10**12))");
        // The reference back keeps the engine from doing it by an automaton, which would take no time at all.
        add(
                LimitName.WALL,
                PYTHON_CELL,
                "a regular expression",
                "import re\nre.match(r'^((a+)+)\\2c$', 'a' * 60 + 'b')");
        add(
                LimitName.WALL,
                PYTHON_CELL,
                "a handler at exit",
                "import atexit\ndef never():\n  while True: pass\natexit.register(never)\nreturn 1");

        add(LimitName.WALL, BASH, "waiting", PAUSE + "pause");
        add(
                LimitName.WALL,
                BASH,
                "waiting with signals ignored",
                PAUSE + "trap '' TERM INT HUP XCPU; while :; do read -r -t 1 -u $never; done");
        add(
                LimitName.WALL,
                BASH,
                "a child forked twice that ignores signals",
                PAUSE + "(trap '' TERM HUP; (pause) & ) & pause");
        add(LimitName.WALL, BASH, "a loop", "while :; do :; done");

        add(LimitName.WALL, PYTHON_NATIVE, "sleep", "import time\ntime.sleep(60)");
        add(LimitName.WALL, PYTHON_NATIVE, "a child forked twice that ignores signals", """
                import os, signal, time
                for s in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP): signal.signal(s, signal.SIG_IGN)
                if os.fork() == 0:
                  if os.fork() == 0: time.sleep(60)
                  os._exit(0)
                time.sleep(60)
                """);
        add(LimitName.WALL, PYTHON_NATIVE, "big integers", "x = 3\nwhile True: x = x * x % (10 ** 50000)");
        add(LimitName.WALL, PYTHON_NATIVE, "a regular expression", "import re\nre.match('^(a+)+$', 'a' * 60 + 'b')");
        add(
                LimitName.WALL,
                PYTHON_NATIVE,
                "a finaliser",
                "class Never:\n  def __del__(self):\n    while True: pass\nx = Never()\ndel x");

        add(LimitName.WALL, JAVASCRIPT_NATIVE, "a loop", "for (;;);");
        add(
                LimitName.WALL,
                JAVASCRIPT_NATIVE,
                "waiting with signals ignored",
                "for (const s of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(s, () => {});"
                        + " return new Promise((done) => setTimeout(done, 60000));");
        add(LimitName.WALL, JAVASCRIPT_NATIVE, "big integers", "let x = 3n; for (;;) x = x * x % 10n ** 20000n;");
        add(LimitName.WALL, JAVASCRIPT_NATIVE, "a regular expression", "return /^(a+)+$/.test('a'.repeat(60) + 'b');");
    }

    private static void cpu() {
        add(LimitName.CPU, JAVASCRIPT_CELL, "a loop", "for (;;);");
        add(LimitName.CPU, JAVASCRIPT_CELL, "big integers", "let x = 3n; for (;;) x = x * x % 10n ** 2000n;");
        add(LimitName.CPU, PYTHON_CELL, "a loop", "while True: pass");
        add(LimitName.CPU, PYTHON_CELL, "big integers", "x = 3\nwhile True: x = x * x % (10 ** 2000)");
        add(LimitName.CPU, BASH, "a loop", "while :; do :; done");
        add(LimitName.CPU, BASH, "a loop with signals ignored", "trap '' XCPU TERM; while :; do :; done");
        add(
                LimitName.CPU,
                BASH,
                "children that each use little",
                "while :; do (for ((i = 0; i < 20000; i++)); do :; done); done");
        add(LimitName.CPU, PYTHON_NATIVE, "a loop", "while True: pass");
        add(
                LimitName.CPU,
                PYTHON_NATIVE,
                "a loop with signals ignored",
                "import signal\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True: pass");
        add(LimitName.CPU, JAVASCRIPT_NATIVE, "a loop", "for (;;);");
    }

    private static void memory() {
        add(
                LimitName.MEMORY,
                JAVASCRIPT_CELL,
                "arrays that are kept",
                "const a = []; for (let i = 0;; i++) a.push(new Uint8Array(1000000));");
        add(
                LimitName.MEMORY,
                JAVASCRIPT_CELL,
                "strings of 10 GB in all",
                "const a = []; for (let i = 0; i < 40; i++) { a.push('x'.repeat(1 << 28) + i); a[i].charCodeAt(5); }");
        error(LimitName.MEMORY, JAVASCRIPT_CELL, "one string of 10 GB", "return 'x'.repeat(1e10).length;");
        error(LimitName.MEMORY, JAVASCRIPT_CELL, "deep recursion", "function f() { return f() + 1 } return f();");
        error(LimitName.MEMORY, JAVASCRIPT_CELL, "deep JSON", "return JSON.parse('['.repeat(1000000));");
        add(LimitName.MEMORY, PYTHON_CELL, "arrays that are kept", "a = []\nwhile True: a.append(bytearray(10**7))");
        add(
                LimitName.MEMORY,
                PYTHON_CELL,
                "arrays that are kept, all errors caught",
                "a = []\nwhile True:\n  try:\n    a.append(bytearray(10**7))\n  except BaseException: pass");
        error(LimitName.MEMORY, PYTHON_CELL, "one string of 10 GB", "return len('x' * 10**10)");
        error(
                LimitName.MEMORY,
                PYTHON_CELL,
                "deep recursion",
                "import sys\nsys.setrecursionlimit(10**9)\ndef f(): return f()\nreturn f()");
        error(LimitName.MEMORY, PYTHON_CELL, "deep JSON", "import json\nreturn json.loads('[' * 1000000)");
        add(LimitName.MEMORY, BASH, "a text that doubles", "x=0123456789abcdef; while :; do x=$x$x; done");
        add(
                LimitName.MEMORY,
                BASH,
                "processes that are each below it",
                PAUSE + "hog() { local x=0123456789abcdef; for ((i = 0; i < 21; i++)); do x=$x$x; done; pause; }\n"
                        + "hog & hog & hog & wait");
        add(
                LimitName.MEMORY,
                PYTHON_NATIVE,
                "arrays that are kept",
                "x = []\nwhile True: x.append(bytearray(1 << 20))");
        add(LimitName.MEMORY, PYTHON_NATIVE, "one string of 10 GB", "x = 'a' * (10 ** 10)");
        add(
                LimitName.MEMORY,
                PYTHON_NATIVE,
                "mapped memory",
                "import mmap\nm = mmap.mmap(-1, 100 << 20)\nfor i in range(0, 100 << 20, 4096): m[i] = 1\n"
                        + "while True: pass");
        error(LimitName.MEMORY, PYTHON_NATIVE, "deep JSON", "import json\nreturn json.loads('[' * 1000000)");
        error(LimitName.MEMORY, PYTHON_NATIVE, "deep recursion", "def f(): return f()\nreturn f()");
        add(
                LimitName.MEMORY,
                JAVASCRIPT_NATIVE,
                "arrays that are kept",
                "const x = []; while (true) x.push(new Array(1e5).fill(x.length));");
        add(
                LimitName.MEMORY,
                JAVASCRIPT_NATIVE,
                "memory outside the heap",
                "const x = []; while (true) x.push(Buffer.alloc(1 << 20, 1));");
        error(LimitName.MEMORY, JAVASCRIPT_NATIVE, "one string of 10 GB", "return 'x'.repeat(1e10).length;");
        error(LimitName.MEMORY, JAVASCRIPT_NATIVE, "deep JSON", "return JSON.parse('['.repeat(1000000));");
        error(LimitName.MEMORY, JAVASCRIPT_NATIVE, "deep recursion", "function f() { return f() + 1 } return f();");
    }

    private static void processes() {
        refused(LimitName.PROCESSES, JAVASCRIPT_CELL, "threads", "new Worker('x');");
        refused(LimitName.PROCESSES, JAVASCRIPT_CELL, "programs", "process.exit();");
        refused(LimitName.PROCESSES, PYTHON_CELL, "a fork bomb", "import os\nwhile True: os.fork()");
        refused(
                LimitName.PROCESSES,
                PYTHON_CELL,
                "threads",
                "import threading\nwhile True: threading.Thread(target=print).start()");
        refused(LimitName.PROCESSES, PYTHON_CELL, "programs", "import os\nos.system('true')");
        add(LimitName.PROCESSES, BASH, "a fork bomb", PAUSE + "bomb() { bomb | bomb & }; bomb; pause");
        add(LimitName.PROCESSES, BASH, "children without end", PAUSE + "while :; do (pause) & done");
        add(LimitName.PROCESSES, BASH, "children forked twice", PAUSE + "f() { ( (f) & (f) & ); }; f; pause");
        add(
                LimitName.PROCESSES,
                PYTHON_NATIVE,
                "a fork bomb",
                "import os, time\nwhile True:\n  if os.fork() == 0: time.sleep(9)");
        add(
                LimitName.PROCESSES,
                PYTHON_NATIVE,
                "threads",
                "import threading, time\nfor i in range(50): threading.Thread(target=time.sleep, args=(9,)).start()");
        add(
                LimitName.PROCESSES,
                JAVASCRIPT_NATIVE,
                "threads",
                "const { Worker } = require('worker_threads');"
                        + " return new Promise((done, fail) => { for (let i = 0; i < 50; i++)"
                        + " new Worker('setTimeout(() => {}, 9000)', { eval: true }).on('error', fail); });");
    }

    private static void output() {
        add(LimitName.OUTPUT, JAVASCRIPT_CELL, "a flood", "for (;;) console.log('flood');");
        add(LimitName.OUTPUT, JAVASCRIPT_CELL, "a flood of errors", "for (;;) console.error('flood');");
        add(LimitName.OUTPUT, JAVASCRIPT_CELL, "a flood of log lines", "for (;;) understudy.log.info('flood');");
        add(LimitName.OUTPUT, JAVASCRIPT_CELL, "a long result", "return 'x'.repeat(20000);");
        add(LimitName.OUTPUT, PYTHON_CELL, "a flood", "while True: print('flood')");
        add(LimitName.OUTPUT, PYTHON_CELL, "a flood of errors", "import sys\nwhile True: sys.stderr.write('flood')");
        add(LimitName.OUTPUT, PYTHON_CELL, "a long result", "return 'x' * 20000");
        add(LimitName.OUTPUT, BASH, "a flood", "while :; do echo flood; done");
        add(LimitName.OUTPUT, BASH, "a flood of errors", "while :; do echo flood >&2; done");
        add(LimitName.OUTPUT, BASH, "a long result", "printf '\"%020000d\"' 1 >\"$RESULT\"");
        add(LimitName.OUTPUT, PYTHON_NATIVE, "a flood", "while True: print('flood')");
        add(
                LimitName.OUTPUT,
                PYTHON_NATIVE,
                "a flood of errors",
                "import sys\nwhile True: sys.stderr.write('flood\\n')");
        add(LimitName.OUTPUT, PYTHON_NATIVE, "a long result", "return 'x' * 20000");
        add(LimitName.OUTPUT, JAVASCRIPT_NATIVE, "a flood", "for (;;) console.log('flood');");
        add(LimitName.OUTPUT, JAVASCRIPT_NATIVE, "a flood of errors", "for (;;) console.error('flood');");
        add(LimitName.OUTPUT, JAVASCRIPT_NATIVE, "a long result", "return 'x'.repeat(20000);");
    }

    private static void disk() {
        add(
                LimitName.DISK,
                JAVASCRIPT_CELL,
                "many files",
                "for (let i = 0;; i++) understudy.files.write('f' + i, 'x'.repeat(100000));");
        add(LimitName.DISK, JAVASCRIPT_CELL, "one file", "for (;;) understudy.files.append('f', 'x'.repeat(100000));");
        add(
                LimitName.DISK,
                PYTHON_CELL,
                "one file",
                "with open('x', 'wb') as f:\n  for i in range(1000): f.write(b'x' * 65536)");
        add(
                LimitName.DISK,
                PYTHON_CELL,
                "a sparse file",
                "with open('x', 'wb') as f:\n  f.seek(10**12)\n  f.write(b'x')");
        add(
                LimitName.DISK,
                BASH,
                "one file",
                "x=0123456789abcdef; for ((i = 0; i < 14; i++)); do x=$x$x; done; while :; do echo \"$x\" >>one; done");
        add(
                LimitName.DISK,
                BASH,
                "many files",
                "x=0123456789abcdef; for ((i = 0; i < 14; i++)); do x=$x$x; done;"
                        + " while :; do echo \"$x\" >many$((n++)); done");
        add(LimitName.DISK, BASH, "empty files", "cd /tmp; while :; do : >empty$((n++)); done");
        add(
                LimitName.DISK,
                PYTHON_NATIVE,
                "one file",
                "with open('x', 'wb') as f:\n  for i in range(1000): f.write(b'x' * 65536)");
        add(LimitName.DISK, PYTHON_NATIVE, "a sparse file", "open('big', 'wb').truncate(1 << 30)");
        add(
                LimitName.DISK,
                JAVASCRIPT_NATIVE,
                "one file",
                "const fs = require('fs'); for (;;) fs.appendFileSync('x', 'x'.repeat(100000));");
        add(
                LimitName.DISK,
                JAVASCRIPT_NATIVE,
                "a sparse file",
                "const fs = require('fs'); fs.writeFileSync('x', ''); fs.truncateSync('x', 2 ** 30);");
    }

    private static void files() {
        nothing(
                LimitName.FILES,
                JAVASCRIPT_CELL,
                "reading many times",
                "understudy.files.write('f', 'x'); for (let i = 0; i < 100; i++) understudy.files.read('f'); return 1;");
        add(
                LimitName.FILES,
                PYTHON_CELL,
                "opening many",
                "a = []\nfor i in range(100): a.append(open('f%d' % i, 'w'))");
        add(
                LimitName.FILES,
                BASH,
                "opening many",
                "for ((i = 0; i < 100; i++)); do exec {fd}</dev/null || exit 1; done");
        add(LimitName.FILES, PYTHON_NATIVE, "opening many", "x = [open('/dev/null') for i in range(100)]");
        add(
                LimitName.FILES,
                JAVASCRIPT_NATIVE,
                "opening many",
                "const fs = require('fs'); for (let i = 0; i < 100; i++) fs.openSync('/dev/null');");
    }

    private static void add(LimitName limit, GuestRuntime runtime, String name, String body) {
        ALL.add(new Attack(limit, runtime, name, body, Meets.LIMIT));
    }

    private static void error(LimitName limit, GuestRuntime runtime, String name, String body) {
        ALL.add(new Attack(limit, runtime, name, body, Meets.ERROR));
    }

    private static void refused(LimitName limit, GuestRuntime runtime, String name, String body) {
        ALL.add(new Attack(limit, runtime, name, body, Meets.REFUSAL));
    }

    private static void nothing(LimitName limit, GuestRuntime runtime, String name, String body) {
        ALL.add(new Attack(limit, runtime, name, body, Meets.NOTHING));
    }
}
