package dev.understudy.sandbox.control.cells;

import static dev.understudy.sandbox.control.cells.Cells.javaScript;
import static dev.understudy.sandbox.control.cells.Cells.python;
import static dev.understudy.sandbox.control.cells.Cells.run;
import static dev.understudy.sandbox.control.cells.Cells.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunOutcome.Failed;
import dev.understudy.sandbox.control.RunOutcome.Refused;
import dev.understudy.sandbox.control.RunOutcome.Succeeded;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunReport.OutputLine;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.RunRequest.Language;
import dev.understudy.sandbox.control.RunRequest.Mode;
import dev.understudy.sandbox.control.RunRequest.Reuse;
import dev.understudy.sandbox.control.ScriptRunner;
import dev.understudy.sandbox.control.Tier;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class CellRunnerTest {
    private static final String PARAMETERS =
            "{\"name\":\"Ada \\\"é\\\"\",\"n\":[1,-2.5,null,true],\"deep\":{\"a\":{}}}";

    private static RunOutcome javaScriptOutcome(String body) throws InterruptedException {
        return run(with(javaScript("function execute(params) {\n" + body + "\n}"), PARAMETERS))
                .outcome();
    }

    private static RunOutcome pythonOutcome(String body) throws InterruptedException {
        return run(with(python("def execute(params):\n" + body.indent(4)), PARAMETERS))
                .outcome();
    }

    @Nested
    class WhatGoesInAndComesOut {
        @Test
        void parametersComeBackFromJavaScriptAsTheyWere() throws Exception {
            assertThat(javaScriptOutcome("return params;")).isEqualTo(new Succeeded(PARAMETERS));
        }

        @Test
        void parametersComeBackFromPythonAsTheyWere() throws Exception {
            assertThat(pythonOutcome("return params")).isEqualTo(new Succeeded(PARAMETERS));
        }

        @Test
        void parametersAreOrdinaryPythonObjects() throws Exception {
            assertThat(pythonOutcome("""
                            import json
                            kinds = [type(params), type(params["name"]), type(params["n"]), type(params["n"][2])]
                            return [[kind.__name__ for kind in kinds], json.dumps(params["n"])]
                            """))
                    .isEqualTo(new Succeeded("[[\"dict\",\"str\",\"list\",\"NoneType\"],\"[1, -2.5, null, true]\"]"));
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '~',
                value = {
                    "{when: new Date(0), gone: undefined, kept: null} | {\"when\":\"1970-01-01T00:00:00Z\",\"kept\":null}",
                    "new Map([['a', 1]]) | {\"a\":1}",
                    "Promise.resolve([1]) | [1]",
                    "'\\u0007\\ud800' | \"\\u0007\\ud800\"",
                })
        void javaScriptValuesBecomeJson(String value, String json) throws Exception {
            assertThat(javaScriptOutcome("return " + value)).isEqualTo(new Succeeded(json));
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "{x: {y: 10n}} | result.x.y is a BigInt",
                    "[NaN] | result[0] is not a number",
                    "{f() {}} | result.f is of type Function",
                    "new Set([1]) | result is of type Set",
                })
        void whatJsonCannotHoldIsNamed(String value, String error) throws Exception {
            assertThat(javaScriptOutcome("return " + value))
                    .isInstanceOfSatisfying(
                            Failed.class, failed -> assertThat(failed.error()).startsWith(error));
        }

        @Test
        void aCircleIsRefusedInBothLanguages() throws Exception {
            assertThat(javaScriptOutcome("const a = {}; a.a = a; return a"))
                    .isInstanceOfSatisfying(
                            Failed.class, failed -> assertThat(failed.error()).contains("refers to itself"));
            assertThat(pythonOutcome("a = []\na.append(a)\nreturn a"))
                    .isInstanceOfSatisfying(
                            Failed.class, failed -> assertThat(failed.error()).contains("refers to itself"));
        }

        @Test
        void outputIsCutIntoLinesInOrder() throws Exception {
            RunReport report = run(python("""
                    import sys
                    def execute(params):
                        print('one')
                        understudy.log.warn('two')
                        print('three', end='')
                        print('four', file=sys.stderr)
                    """));
            assertThat(report.output())
                    .containsExactlyInAnyOrder(
                            new OutputLine("stdout", "one"),
                            new OutputLine("warn", "two"),
                            new OutputLine("stdout", "three"),
                            new OutputLine("stderr", "four"))
                    .startsWith(new OutputLine("stdout", "one"), new OutputLine("warn", "two"));
            assertThat(report.usage().outputBytes()).isEqualTo("one\ntwo\nthreefour\n".length());
            assertThat(report.tier()).isEqualTo(Tier.PROCESS);
        }

        @Test
        void progressReachesTheListener() throws Exception {
            var heard = new ArrayList<String>();
            RunListener listener = new RunListener() {
                @Override
                public void progress(double share, String text) {
                    heard.add(share + " " + text);
                }
            };
            Cells.shared()
                    .start(javaScript("function execute() { understudy.progress(0.5, 'half'); }"), listener)
                    .await();
            assertThat(heard).containsExactly("0.5 half");
        }
    }

    @Nested
    class WhenTheScriptIsWrong {
        @Test
        void aSyntaxErrorHasItsPlace() throws Exception {
            assertThat(run(javaScript("let x = 1;\nlet y = = 2;\n")).outcome())
                    .isInstanceOfSatisfying(
                            Failed.class,
                            failed -> assertThat(failed.error()).startsWith("syntax error in line 2, column 9: "));
            assertThat(run(javaScript("function execute() { return = 1 }")).outcome())
                    .isInstanceOfSatisfying(
                            Failed.class,
                            failed -> assertThat(failed.error()).startsWith("syntax error in line 1, column 29: "));
            assertThat(run(python("x = 1\ndef execute(p)\n    return 1\n")).outcome())
                    .isInstanceOfSatisfying(
                            Failed.class,
                            failed -> assertThat(failed.error())
                                    .startsWith("syntax error in line 2, column ")
                                    .endsWith(": expected ':'"));
        }

        @Test
        void aMissingExecuteIsSaidWithTheMend() throws Exception {
            assertThat(run(javaScript("let x = 1")).outcome())
                    .isInstanceOfSatisfying(
                            Failed.class,
                            failed -> assertThat(failed.error())
                                    .contains("no function named execute", "function execute(params)"));
            assertThat(run(python("x = 1")).outcome())
                    .isInstanceOfSatisfying(
                            Failed.class,
                            failed -> assertThat(failed.error())
                                    .contains("no function named execute", "def execute(params)"));
        }

        @Test
        void whatItThrowsComesWithItsOwnStack() throws Exception {
            assertThat(javaScriptOutcome("const f = () => { throw new TypeError('boom') };\nf()"))
                    .isEqualTo(new Failed("TypeError: boom (line 2)", "  at f (test:2)\n  at execute (test:3)"));
            assertThat(pythonOutcome("raise ValueError('boom')"))
                    .isEqualTo(new Failed("ValueError: boom (line 2)", "  at execute (test:2)"));
        }

        @Test
        void successFalseIsAFailureWithItsError() throws Exception {
            assertThat(javaScriptOutcome("return { success: false, error: 'nope' }"))
                    .isEqualTo(new Failed("nope", ""));
            assertThat(pythonOutcome("return {'success': False, 'error': 'nope'}"))
                    .isEqualTo(new Failed("nope", ""));
        }

        @ParameterizedTest
        @ValueSource(strings = {"import sys; sys.exit(0)", "import os; os._exit(0)", "raise SystemExit"})
        void exitIsNoReturn(String body) throws Exception {
            assertThat(pythonOutcome(body))
                    .isInstanceOfSatisfying(
                            Failed.class,
                            failed -> assertThat(failed.error())
                                    .isEqualTo("the script called exit instead of returning"));
        }
    }

    @Nested
    class Modules {
        @Test
        void anExportedExecuteIsFound() throws Exception {
            assertThat(run(javaScript("export async function execute() { return { m: await 1 } }"))
                            .outcome())
                    .isEqualTo(new Succeeded("{\"m\":1}"));
        }

        /** ai-ecoverse/slicc#1426, unjs/mlly#369: an expression took texts and comments for module syntax. */
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "const t = `\nimport os\nexport x`;\nfunction execute() { return 1 }",
                    "/*\nexport the rows\n*/\nfunction execute() {\n  const o = {\n    export: 1,\n  };\n  return o.export }",
                    "import.meta;\nfunction execute() { return 1 }",
                    "const one = await 1;\nfunction execute() { return one }",
                    "export default (params) => 1",
                    "#!/usr/bin/env node\nfunction execute() { return 1 }",
                })
        void aScriptIsAModuleOnlyIfItsGrammarSaysSo(String source) throws Exception {
            assertThat(run(javaScript(source)).outcome()).isEqualTo(new Succeeded("1"));
        }

        /** oracle/graalpython#1099, #174, openai/codex#24933: what an embedded Python did not do as CPython does. */
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "import datetime|datetime.datetime.fromtimestamp(0).timestamp() == 0",
                    "import datetime|f'{datetime.date(2024, 1, 2):%F}' == '2024-01-02'",
                    "import time|time.strftime('%F %T %e %z', time.gmtime(0)) == '1970-01-01 00:00:00  1 +0000'",
                    "import asyncio|asyncio.run(asyncio.wait_for(asyncio.sleep(0.001, 7), 5)) == 7",
                    "import sys|sys.maxsize == 2 ** 63 - 1",
                    "import sys|sys.modules[__name__].execute is execute",
                    "import collections|collections.UserString('text').find('x') == 2",
                    "import sys|sys.getsizeof(1) > 0 and sys.getsizeof('text') > 0 and sys.getsizeof([]) > 0",
                    "import math|[math.cbrt(27), math.cbrt(-8.0), math.cbrt(0), math.exp2(3)] == [3.0, -2.0, 0.0, 8.0]",
                    "import argparse|argparse.ArgumentParser().parse_args([]) == argparse.Namespace()",
                    "import datetime, time|datetime.datetime.now().astimezone().tzname() == time.localtime().tm_zone",
                    "import os.path|os.path.expanduser('~nobody-of-that-name/x') == '~nobody-of-that-name/x'",
                    "import signal|signal.signal(signal.SIGPIPE, signal.SIG_DFL) is signal.SIG_DFL",
                    "import inspect|'def execute' in inspect.getsource(execute)",
                })
        void pythonIsAsPeopleKnowIt(String line) throws Exception {
            String[] parts = line.split("\\|");
            assertThat(run(python(parts[0] + "\ndef execute(params):\n    return " + parts[1]))
                            .outcome())
                    .isEqualTo(new Succeeded("true"));
        }

        /** oracle/graalpython#174. */
        @ParameterizedTest
        @ValueSource(strings = {"import sqlite3", "import bz2", "import hashlib; hashlib.blake2b(b'')"})
        void whatACellLacksNamesTheWayOut(String statement) throws Exception {
            assertThat(run(python("def execute(params):\n    " + statement)).outcome())
                    .isInstanceOfSatisfying(
                            Failed.class, failed -> assertThat(failed.error()).contains("runtime = \"native\""));
        }

        @Test
        void wholeNumbersOfAnySizeAreExactInPython() throws Exception {
            assertThat(run(with(
                                    python(
                                            "import json\ndef execute(params):\n"
                                                    + "    return [{params['n']: 1}[12345678901234567890], json.dumps(params), params['n'] + 1]"),
                                    "{\"n\":12345678901234567890}"))
                            .outcome())
                    .isEqualTo(new Succeeded("[1,\"{\\\"n\\\": 12345678901234567890}\",12345678901234567891]"));
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "async function f() { throw new Error('lost', {cause: new TypeError('why')}) } function execute() { f(); return 1 }"
                            + " | Error: lost (line 1), caused by TypeError: why",
                    "function execute() { throw new AggregateError([new Error('a')], 'm') } | AggregateError: m (line 1): Error: a",
                    "function execute() { return new URL('http://a') } | URL is not there in a cell; runtime = \"native\" has it (line 1)",
                })
        void whatJavaScriptFailsWithSaysWhy(String source, String error) throws Exception {
            assertThat(run(javaScript(source)).outcome())
                    .isInstanceOfSatisfying(
                            Failed.class, failed -> assertThat(failed.error()).isEqualTo(error));
        }

        @Test
        void timersFireWhileAPromiseIsAwaited() throws Exception {
            assertThat(run(javaScript(
                                    "async function execute() { return await new Promise((done) => setTimeout(done, 5, 'later')) }"))
                            .outcome())
                    .isEqualTo(new Succeeded("\"later\""));
        }

        /** bellard/quickjs#28. */
        @Test
        void consoleShowsValuesAsNodeDoes() throws Exception {
            assertThat(run(javaScript("function execute() { console.log({ total: 42 }, new Map([['k', 7]])) }"))
                            .output())
                    .extracting(line -> line.text())
                    .containsExactly("{ total: 42 } Map(1) { 'k' => 7 }");
        }

        /** Node 20 makes control characters of what stands between 0x80 and 0x9f, which the standard does not. */
        @Test
        void whatExcelSavesAsCsvIsReadAsText() throws Exception {
            assertThat(run(javaScript("""
                            function execute() {
                              const bytes = new Uint8Array([0x3b, 0x80, 0xe9, 0x96, 0x81, 0x3b]);
                              return ['windows-1252', 'ISO-8859-1', 'ascii'].map((label) =>
                                new TextDecoder(label).decode(bytes.subarray(1, 5)));
                            }""")).outcome())
                    .isEqualTo(new Succeeded("[\"€é–\u0081\",\"€é–\u0081\",\"€é–\u0081\"]"));
        }

        @Test
        void consoleShowsAsDeepAsItIsAsked() throws Exception {
            assertThat(run(javaScript("""
                            function execute() {
                              const deep = { a: { b: { c: { d: 1 } } } };
                              console.dir(deep);
                              console.dir(deep, { depth: 0 });
                              console.dir(deep, { depth: null });
                              console.log(Object(5n), Object(Symbol('q')), JSON.parse('{"__proto__": 1}'), new DataView(new ArrayBuffer(0)));
                              console.table([{ ü: '日本' }, { ü: 'e\u0301😀' }]);
                            }""")).output())
                    .extracting(line -> line.text())
                    .containsExactly(
                            "{ a: { b: { c: [Object] } } }",
                            "{ a: [Object] }",
                            "{",
                            "  a: { b: { c: { d: 1 } } }",
                            "}",
                            "[BigInt: 5n] [Symbol: Symbol(q)] { ['__proto__']: 1 } DataView {",
                            "  byteLength: 0,",
                            "  byteOffset: 0,",
                            "  buffer: ArrayBuffer { [Uint8Contents]: <>, byteLength: 0 }",
                            "}",
                            "┌─────────┬────────┐",
                            "│ (index) │ ü      │",
                            "├─────────┼────────┤",
                            "│ 0       │ '日本' │",
                            "│ 1       │ 'e\u0301😀'  │",
                            "└─────────┴────────┘");
        }

        @Test
        void understudyCanBeImportedInPython() throws Exception {
            assertThat(run(python("from understudy import log\ndef execute(params):\n    log.info('x')\n    return 1"))
                            .outcome())
                    .isEqualTo(new Succeeded("1"));
        }
    }

    @Nested
    class ContextsOfRuns {
        @ParameterizedTest
        @CsvSource({"FRESH,1", "SHARED,2"})
        void areNewUnlessSharedByTheSameScript(Reuse reuse, String second) throws Exception {
            // One runner with one cell, so that both runs are sure to meet in it.
            try (CellRunner runner = Cells.open(HostServices.NONE, 1, java.time.Duration.ofMinutes(1))) {
                RunRequest request = with(
                        javaScript("const fresh = 1; function execute() {"
                                + " globalThis.n = (globalThis.n || 0) + fresh; return globalThis.n }"),
                        Mode.REHEARSE,
                        reuse);
                assertThat(runner.start(request, RunListener.SILENT).await().outcome())
                        .isEqualTo(new Succeeded("1"));
                assertThat(runner.start(request, RunListener.SILENT).await().outcome())
                        .isEqualTo(new Succeeded(second));
            }
        }

        @Test
        void pythonSharesModulesButNotTheScriptsOwnNames() throws Exception {
            RunRequest request = with(python("""
                            import sys
                            sys.n = getattr(sys, 'n', 0) + 1
                            mine = globals().get('mine', 0) + 1
                            def execute(params):
                                return [mine, sys.n > 0]
                            """), Mode.REHEARSE, Reuse.SHARED);
            assertThat(run(request).outcome()).isEqualTo(new Succeeded("[1,true]"));
            assertThat(run(request).outcome()).isEqualTo(new Succeeded("[1,true]"));
        }
    }

    @Nested
    class WhenARunIsCancelled {
        @Test
        void itIsGoneAndTheNextIsUnharmed() throws Exception {
            var began = new CountDownLatch(1);
            RunListener listener = new RunListener() {
                @Override
                public void progress(double share, String text) {
                    began.countDown();
                }
            };
            ScriptRunner.Run run = Cells.shared()
                    .start(
                            javaScript("function execute() { understudy.progress(0, '');"
                                    + " for (;;) { try { for (;;); } catch (e) {} } }"),
                            listener);
            began.await();
            run.cancel();
            assertThat(run.await().outcome()).isEqualTo(new RunOutcome.Cancelled());
            assertThat(javaScriptOutcome("return 1")).isEqualTo(new Succeeded("1"));
        }

        @Test
        void oneThatWaitsForItsTurnNeverStarts() throws Exception {
            try (CellRunner runner = Cells.open(HostServices.NONE, 1, java.time.Duration.ofMinutes(1))) {
                ScriptRunner.Run first =
                        runner.start(javaScript("function execute() { for (;;); }"), RunListener.SILENT);
                ScriptRunner.Run second =
                        runner.start(javaScript("function execute() { return 1 }"), RunListener.SILENT);
                second.cancel();
                first.cancel();
                assertThat(first.await().outcome()).isEqualTo(new RunOutcome.Cancelled());
                assertThat(second.await()).satisfies(report -> {
                    assertThat(report.outcome()).isEqualTo(new RunOutcome.Cancelled());
                    assertThat(report.tier()).isEqualTo(Tier.NONE);
                });
            }
        }
    }

    @Nested
    class WhenTheRunnerIsClosed {
        @Test
        void noProcessIsLeft() throws Exception {
            List<Long> before = children();
            try (CellRunner runner = Cells.open(HostServices.NONE, 2, java.time.Duration.ofMinutes(1))) {
                runner.start(javaScript("function execute() { return 1 }"), RunListener.SILENT)
                        .await();
                assertThat(children()).hasSizeGreaterThan(before.size());
            }
            assertThat(children()).isSubsetOf(before);
        }

        private static List<Long> children() {
            return ProcessHandle.current()
                    .children()
                    .filter(ProcessHandle::isAlive)
                    // What all tests share is prepared behind their backs, and may outlive the runner that began it.
                    .filter(process -> Stream.of(process.info().arguments().orElse(new String[0]))
                            .noneMatch("train"::equals))
                    .map(ProcessHandle::pid)
                    .toList();
        }
    }

    @Nested
    class WhatCellsDoNotSpeak {
        @Test
        void isRefused() throws Exception {
            assertThat(run(Cells.request(Language.BASH, "true")).outcome()).isInstanceOf(Refused.class);
        }
    }
}
