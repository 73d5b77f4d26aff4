package dev.understudy.sandbox.control.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunOutcome.Failed;
import dev.understudy.sandbox.control.RunOutcome.Succeeded;
import dev.understudy.sandbox.control.RunReport;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Scripts find in cells what they know of CPython and Node; where they do not, the page says so. */
@Tag("slow")
class RuntimeConformanceTest {
    private static final Path PAGE = Path.of("RUNTIMES.md");
    private static final Limits WIDE =
            Limits.DEFAULT.withWallTime(Duration.ofMinutes(5)).withCpuTime(Duration.ofMinutes(5));
    private static final ObjectMapper JSON = new ObjectMapper();
    private static RealRunners runners;

    @BeforeAll
    static void open() throws Exception {
        runners = RealRunners.open();
    }

    @AfterAll
    static void close() throws Exception {
        runners.close();
    }

    private static RunOutcome outcome(GuestRuntime runtime, String script) throws Exception {
        RunReport report = runners.runWhole(runtime, script, IsolationLevel.FULL, WIDE);
        runners.assumeInstalled(runtime, report);
        return report.outcome();
    }

    /** n8n-io/n8n#2606, oracle/graaljs#766, windmill-labs/windmill#2223: dates, maps and numbers that came back as something else. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "JAVASCRIPT | {d: new Date(0), e: new Date(5), m: new Map([['a', 1], [2, [, undefined]]]), n: [1e21, -0, 1/2], t: new Float64Array(2), u: undefined, b: new Number(3), j: {toJSON: () => 7}} "
                        + "| {\"d\":\"1970-01-01T00:00:00Z\",\"e\":\"1970-01-01T00:00:00.005Z\",\"m\":{\"a\":1,\"2\":[null,null]},\"n\":[1e+21,0,0.5],\"t\":[0,0],\"b\":3,\"j\":7}",
                "JAVASCRIPT | {a: [new Set([1])]} | result.a[0] is of type Set",
                "JAVASCRIPT | {p: Promise.resolve(1)} | result.p is of type Promise",
                "JAVASCRIPT | {e: new Error('disk full')} | result.e is of type Error",
                "JAVASCRIPT | {d: new Date(NaN)} | result.d is an invalid Date",
                "JAVASCRIPT | {r: /x/} | result.r is of type RegExp",
                "JAVASCRIPT | {b: new ArrayBuffer(1)} | result.b is of type ArrayBuffer",
                "JAVASCRIPT | {i: [1n]} | result.i[0] is a BigInt",
                "JAVASCRIPT | {get x() { throw new Error('no'); }} | result.x could not be read: Error: no",
                "JAVASCRIPT | new (class Hidden { #a = 1 })() | result is of type Hidden and has no fields",
                "PYTHON | [1.0, 1e16, -0.0, 2**80, {1: 2, None: 3}, (1,), range(2), None] | [1.0,1e+16,-0.0,1208925819614629174706176,{\"1\":2,\"null\":3},[1],[0,1],null]",
                "PYTHON | [datetime.datetime(2024, 1, 2), datetime.time(12), datetime.date(2024, 1, 2), datetime.datetime(2024, 1, 2, tzinfo=datetime.timezone.utc)] | [\"2024-01-02T00:00:00\",\"12:00:00\",\"2024-01-02\",\"2024-01-02T00:00:00+00:00\"]",
                "PYTHON | [collections.UserDict(a=1), collections.ChainMap({'b': 1}), collections.deque([1]), array.array('i', [1, 2]), Colour.RED, Point(1), uuid.UUID(int=0), pathlib.Path('/a')] | [{\"a\":1},{\"b\":1},[1],[1,2],\"red\",{\"x\":1},\"00000000-0000-0000-0000-000000000000\",\"/a\"]",
                "PYTHON | {'a': [0, 0, {1}]} | result.a[2] is of type set",
                "PYTHON | {'d': decimal.Decimal(1)} | result.d is of type Decimal",
                "PYTHON | {'b': b'x'} | result.b is of type bytes",
                "PYTHON | {'g': (i for i in ())} | result.g is of type generator",
                "PYTHON | {'n': [float('nan')]} | result.n[0] is not a number (NaN)",
                "PYTHON | {(1, 2): 3} | a key of result is not text but of type tuple",
                "PYTHON | circle | result[0] refers to itself",
            })
    void aValueIsTheSameJsonInACellAndNatively(String language, String value, String expected) throws Exception {
        for (String where : List.of("_CELL", "_NATIVE")) {
            GuestRuntime runtime = GuestRuntime.valueOf(language + where);
            String script = language.equals("PYTHON") ? """
                    import array, collections, dataclasses, datetime, decimal, enum, pathlib, uuid
                    class Colour(enum.Enum):
                        RED = 'red'
                    @dataclasses.dataclass
                    class Point:
                        x: int
                    circle = []
                    circle.append(circle)
                    def execute(params):
                        return %s
                    """.formatted(value) : runtime.script("return " + value);
            RunOutcome outcome = outcome(runtime, script);
            if (expected.startsWith("{") || expected.startsWith("["))
                assertThat(outcome).as(runtime.title).isEqualTo(new Succeeded(expected));
            else
                assertThat(outcome)
                        .as(runtime.title)
                        .isInstanceOfSatisfying(
                                Failed.class,
                                failed -> assertThat(failed.error()).startsWith(expected));
        }
    }

    @Test
    void thePageSaysWhatTheRunShowed() throws Exception {
        String page = HEAD
                + table("Python", "expressions.py.txt", PYTHON, GuestRuntime.PYTHON_CELL, GuestRuntime.PYTHON_NATIVE)
                + table(
                        "JavaScript",
                        "expressions.js.txt",
                        JAVASCRIPT,
                        GuestRuntime.JAVASCRIPT_CELL,
                        GuestRuntime.JAVASCRIPT_NATIVE);
        if (Boolean.getBoolean("conformance.write")) Files.writeString(PAGE, page);
        assertThat(Files.readString(PAGE))
                .as("sandbox/control/RUNTIMES.md differs from what this run showed; make it anew with: " + REGENERATE)
                .isEqualTo(page);
    }

    private static String table(String title, String file, String script, GuestRuntime cell, GuestRuntime own)
            throws Exception {
        List<String> expressions = expressions(file);
        List<String> inCell = shown(cell, script, expressions);
        List<String> natively = shown(own, script, expressions);
        var page = new StringBuilder("\n## " + title + "\n| | expression | cell | native |\n|---|---|---|---|\n");
        for (int i = 0; i < expressions.size(); i++)
            page.append("| %s | %s | %s | %s |\n"
                    .formatted(
                            inCell.get(i).equals(natively.get(i)) ? "" : "differs",
                            code(expressions.get(i)),
                            code(inCell.get(i)),
                            code(natively.get(i))));
        return page.toString();
    }

    private static String code(String text) {
        return "`" + text.replace("|", "\\|").replace("`", "'") + "`";
    }

    private static List<String> expressions(String file) throws Exception {
        try (InputStream stream = Objects.requireNonNull(RuntimeConformanceTest.class.getResourceAsStream(file))) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
    }

    private static List<String> shown(GuestRuntime runtime, String script, List<String> expressions) throws Exception {
        RunOutcome outcome = outcome(runtime, script.replace("EXPRESSIONS", JSON.writeValueAsString(expressions)));
        assertThat(outcome).isInstanceOf(Succeeded.class);
        return List.of(JSON.readValue(((Succeeded) outcome).resultJson(), String[].class));
    }

    private static final String REGENERATE =
            "mvn -pl sandbox/control -am package -Dtest=RuntimeConformanceTest -Dsurefire.failIfNoSpecifiedTests=false"
                    + " -Dconformance.write=true";

    private static final String HEAD = """
            # What scripts find in cells and natively

            Made from a run of `RuntimeConformanceTest`, which fails where this page and the run differ. Each expression is evaluated
            by the same script in a cell and with `runtime = "native"`; the columns hold what it is, as its language writes it, or
            the error. What stands different, and why, is in `scripts/README.md`.

            To make it anew: `%s`
            """.formatted(REGENERATE);

    private static final String PYTHON = """
            import array, ast, base64, collections, configparser, csv, datetime, decimal, fnmatch, fractions, functools, hashlib
            import html, inspect, itertools, json, math, os, pathlib, pickle, random, re, statistics, struct, sys, textwrap, time
            import unicodedata, urllib.parse, uuid, xml.etree.ElementTree, zlib
            def shown(expression):
                try:
                    return ascii(eval(expression, globals()))[:100]
                except BaseException as problem:
                    return ascii(type(problem).__name__ + ": " + str(problem).split("\\n")[0])[1:-1][:100]
            def execute(params):
                return [shown(expression) for expression in EXPRESSIONS]
            """;

    private static final String JAVASCRIPT = """
            var class_;
            function text(value) {
              if (typeof value === 'string') return JSON.stringify(value);
              if (typeof value === 'bigint') return value + 'n';
              if (Object.is(value, -0)) return '-0';
              if (typeof value !== 'object' || value === null) return String(value);
              return JSON.stringify(value);
            }
            function shown(expression) {
              try {
                return text((0, eval)(expression)).slice(0, 100);
              } catch (problem) {
                return problem.name;
              }
            }
            function execute(params) {
              return EXPRESSIONS.map(shown);
            }
            """;
}
