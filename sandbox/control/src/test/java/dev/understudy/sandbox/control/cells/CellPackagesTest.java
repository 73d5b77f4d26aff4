package dev.understudy.sandbox.control.cells;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.sandbox.control.Grants;
import dev.understudy.sandbox.control.RunOutcome.Failed;
import dev.understudy.sandbox.control.RunOutcome.Succeeded;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Modules that a script finds by their names in the folder that its run was given. */
@Tag("slow")
class CellPackagesTest {
    @TempDir
    Path temporary;

    private Path packages = Path.of("/");

    @BeforeEach
    void makeFolder() throws IOException {
        packages = Files.createDirectory(temporary.toRealPath().resolve("packages"));
    }

    private void write(String name, String text) throws IOException {
        Path file = packages.resolve(name);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.writeString(file, text);
    }

    private RunRequest given(RunRequest request, List<Path> writes) {
        return Cells.with(request, new Grants(List.of(), writes, List.of(), List.of()).withPackages(packages));
    }

    private RunReport javaScript(String source) throws InterruptedException {
        return Cells.run(given(Cells.javaScript(source), List.of()));
    }

    private RunReport python(String source) throws InterruptedException {
        return Cells.run(given(Cells.python(source), List.of()));
    }

    private static String error(RunReport report) {
        return ((Failed) report.outcome()).error().replaceFirst(" \\(line \\d+\\)$", "");
    }

    @Nested
    class InJavaScript {
        @BeforeEach
        void fill() throws IOException {
            write("plain/index.js", "module.exports = (a) => 'plain ' + a + ' ' + require('./lib/more').more;");
            write(
                    "plain/lib/more.js",
                    "exports.more = require('../package.json').version + require('@some/scoped').name;");
            write("plain/package.json", "{\"version\": \"1.2\"}");
            write("plain/node_modules/@some/scoped/package.json", "{\"main\": \"main\"}");
            write("plain/node_modules/@some/scoped/main.js", "exports.name = 'nested';");
            write("@some/scoped/package.json", "{\"main\": \"lib/main.cjs\"}");
            write("@some/scoped/lib/main.cjs", "exports.name = 'top'; exports.default = 1; exports['no name'] = 2;");
            write("both/package.json", """
                    {"type": "module", "imports": {"#own": "./own.mjs"}, "exports": {
                      ".": {"node": "./wrong.js", "import": "./both.js", "require": "./both.cjs"},
                      "./parts/*": {"default": "./lib/*.js"}, "./parts/secret": null}}
                    """);
            write(
                    "both/both.js",
                    "export { own } from '#own'; export { part } from './lib/part.js'; export default 'module';");
            write("both/own.mjs", "export const own = 'own';");
            write("both/both.cjs", "module.exports = 'common';");
            write("both/lib/part.js", "import { name } from '@some/scoped'; export const part = 'part of ' + name;");
            write("both/lib/secret.js", "export default 1;");
            write("a/index.js", "exports.first = 1; exports.b = require('b').name; exports.last = 2;");
            write("b/index.js", "exports.name = 'b saw ' + Object.keys(require('a'));");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "require('plain')(1)                             | plain 1 1.2nested",
                    "require('@some/scoped').name                    | top",
                    "require('both')                                 | common",
                    "require('both/parts/part') + ''                 | Error: PACKAGES/both/lib/part.js is an ECMAScript module: use import, not require",
                    "require('both/parts/secret')                    | Error: Package 'both' gives no './parts/secret' to others (required as 'both/parts/secret')",
                    "require('a').b + ', ' + require('a').last       | b saw first, 2",
                    "require('c')                                    | Error: Cannot find module 'c' among the script's packages",
                    "require('./c')                                  | Error: Cannot find module './c': a script can name packages only",
                    "require('fs')                                   | Error: Cannot find module 'fs': a cell has none of Node's own modules; write runtime = \"native\" to have them",
                })
        void requireFindsWhatNodeWould(String expression, String expected) throws Exception {
            RunReport report = javaScript("function execute() { return " + expression + "; }");
            String said = report.outcome() instanceof Succeeded(String json)
                    ? json.substring(1, json.length() - 1)
                    : error(report);
            assertThat(said).isEqualTo(expected.replace("PACKAGES", packages.toString()));
        }

        @Test
        void importFindsModulesAndWhatIsNone() throws Exception {
            assertThat(javaScript("""
                                    import plain from 'plain';
                                    import scoped, { name } from '@some/scoped';
                                    import both, { own, part } from 'both';
                                    import { part as same } from 'both/parts/part';
                                    export async function execute() {
                                      const later = await import('plain');
                                      return [plain(1), name, scoped.default, both, own, part, same, later.default === plain];
                                    }
                                    """).outcome())
                    .isEqualTo(new Succeeded("[\"plain 1 1.2nested\",\"top\",1,\"module\",\"own\",\"part of top\","
                            + "\"part of top\",true]"));
        }

        @Test
        void thereIsNoRequireWhereThereAreNoPackages() throws Exception {
            assertThat(Cells.run(Cells.javaScript("function execute() { return typeof require; }"))
                            .outcome())
                    .isEqualTo(new Succeeded("\"undefined\""));
        }

        @Test
        void theyAreOnlyReadAlsoWhereAllAroundThemMayBeWritten() throws Exception {
            RunReport report = Cells.run(given(
                    Cells.javaScript(
                            "function execute() { understudy.files.write('" + packages + "/a/index.js', 'x'); }"),
                    List.of(temporary.toRealPath())));
            assertThat(error(report)).contains("not granted").contains("a/index.js");
            assertThat(packages.resolve("a/index.js")).content().startsWith("exports.first");
        }
    }

    @Nested
    class InPython {
        @BeforeEach
        void fill() throws IOException {
            write("single.py", "NAME = 'single'\n");
            write("whole/__init__.py", "from .part import part\nfrom importlib.resources import files\n");
            write("whole/part.py", "import single\ndef part(): return 'part with ' + single.NAME\n");
            write("whole/data.txt", "data");
        }

        @Test
        void importFindsModulesPackagesAndTheirData() throws Exception {
            assertThat(python("""
                                    import single
                                    from whole import part, files
                                    def execute(params):
                                        return [single.NAME, part(), files("whole").joinpath("data.txt").read_text()]
                                    """).outcome()).isEqualTo(new Succeeded("[\"single\",\"part with single\",\"data\"]"));
        }

        @Test
        void theNextRunWithoutPackagesFindsNone() throws Exception {
            String source = "def execute(params):\n    import single\n";
            assertThat(python(source).outcome()).isInstanceOf(Succeeded.class);
            assertThat(error(Cells.run(Cells.python(source)))).contains("No module named 'single'");
        }

        @Test
        void theyAreOnlyReadAlsoWhereAllAroundThemMayBeWritten() throws Exception {
            RunReport report = Cells.run(given(
                    Cells.python("def execute(params):\n    open('" + packages + "/single.py', 'w').write('x')\n"),
                    List.of(temporary.toRealPath())));
            assertThat(error(report)).contains("not granted: writing");
            assertThat(packages.resolve("single.py")).content().isEqualTo("NAME = 'single'\n");
        }

        @Test
        void nothingOfThemIsAChange() throws Exception {
            RunRequest request = given(Cells.python("import whole\ndef execute(params): return 1\n"), List.of());
            assertThat(Cells.run(request).changes()).isEmpty();
        }
    }

    @Test
    void theyMayLieAmongWhatIsTheHostsOwn() throws Exception {
        Path own = Files.createDirectories(
                Path.of("target", "test-home-" + ProcessHandle.current().pid(), "packages", "x")
                        .toAbsolutePath());
        packages = own.toRealPath();
        write("single.py", "NAME = 'single'\n");
        Path secret = packages.resolveSibling("secret");
        Files.writeString(secret, "x");
        assertThat(python("import single\ndef execute(params): return single.NAME\n")
                        .outcome())
                .isEqualTo(new Succeeded("\"single\""));
        assertThat(error(Cells.run(given(
                        Cells.python("def execute(params): open('" + secret + "').read()\n"),
                        List.of(Path.of("target").toRealPath())))))
                .contains("not granted: reading");
    }
}
