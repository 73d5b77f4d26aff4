package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Errors of scripts point into them, and are said once. */
@ExtendWith(HostInProcess.Closing.class)
class ScriptErrorIT {
    @TempDir
    Path folder;

    private Launcher understudy;

    @BeforeEach
    void startWithAnEmptyHome() {
        understudy = new Launcher(folder.resolve("understudy"), folder).inThisProcess();
    }

    private String error(String command, String file, String language, String comment, String more, String code) {
        understudy.file(file, """
                %1$s /// automation
                %1$s id = "a"
                %1$s description = "A."
                %1$s language = "%2$s"
                %1$s %3$s
                %1$s ///
                """.formatted(comment, language, more) + code);
        var result = understudy.run(command, file);
        assertThat(result.exitCode()).isPositive();
        return result.err();
    }

    private String run(String file, String code) {
        return run(file, "", code);
    }

    private String run(String file, String more, String code) {
        return switch (file.substring(file.lastIndexOf('.') + 1)) {
            case "js" -> error("run", file, "js", "//", more, code);
            case "py" -> error("run", file, "python", "#", more, code);
            default -> error("run", file, "bash", "#", more, code);
        };
    }

    @Nested
    class InJavaScript {
        @Test
        void nameTheLineAndTheCallsThatLedThere() {
            assertThat(run("a.js", """
                    const inner = (p) => p.missing.deep;
                    function execute(params) {
                      return inner(params);
                    }
                    """)).isEqualTo("""
                    a.js:7:22: TypeError: Cannot read property 'deep' of undefined.
                        const inner = (p) => p.missing.deep;
                                             ^
                      at inner (a.js:7)
                      at execute (a.js:9)
                    """);
        }

        @Test
        void sayWhatTheSandboxDoesNotAllowAndWhatWould() {
            assertThat(run("a.js", "function execute() {\n\treturn '日本' + understudy.files.read('/etc/hosts');\n}\n"))
                    .isEqualTo("""
                            a.js:8:16: not granted: reading /etc/hosts (grant it with reads = ["/etc/hosts"]).
                                return '日本' + understudy.files.read('/etc/hosts');
                                                ^
                            """);
        }

        @Test
        void ofSyntaxAreTheSameInARunAndInACheck() {
            String place = """
                        return p..x;
                                 ^
                    """;
            assertThat(run("a.js", "function execute(p) {\n  return p..x;\n}\n"))
                    .isEqualTo("a.js:8:12: syntax error: Expected ident but found .\n" + place);
            var check = understudy.run("check", "a.js");
            assertThat(check.err())
                    .isEqualTo("a.js:8:12: syntax error: Expected ident but found .;"
                            + " nothing of the script can run before it is mended.\n" + place);
        }

        @Test
        void ofTimeNameTheLineAndTheKey() {
            assertThat(run("a.js", "limits = { wall = \"500ms\" }", "function execute() {\n  for (;;) ;\n}\n"))
                    .matches("""
                            a\\.js:8:\\d+: the limit of 500 ms wall time was exceeded \\(used: 5\\d\\d ms\\);\
                             limits = \\{ wall = … } in its head raises it\\.
                                for \\(;;\\) ;
                             +\\^
                            """);
        }
    }

    @Nested
    class InPython {
        @Test
        void nameTheLineAndTheCallsThatLedThere() {
            assertThat(run("a.py", """
                    def inner(p):
                        return p["missing"]
                    def execute(params):
                        return inner(params)
                    """)).isEqualTo("""
                    a.py:8:12: KeyError: 'missing'.
                        return p["missing"]
                               ^
                      at inner (a.py:8)
                      at execute (a.py:10)
                    """);
        }

        @Test
        void ofSyntaxAreTheSameInARunAndInACheck() {
            String place = """
                        return p[[
                                 ^
                    """;
            assertThat(run("a.py", "def execute(p):\n    return p[[\n"))
                    .isEqualTo("a.py:8:14: syntax error: '[' was never closed.\n" + place);
            assertThat(understudy.run("check", "a.py").err())
                    .isEqualTo("a.py:8:14: syntax error: '[' was never closed;"
                            + " nothing of the script can run before it is mended.\n" + place);
        }

        @Test
        void ofCpuTimeNameTheLineAndTheKey() {
            assertThat(run("a.py", "limits = { cpu = \"500ms\" }", "def execute(p):\n    while True:\n        pass\n"))
                    .startsWith("a.py:")
                    .contains("CPU time was exceeded", "limits = { cpu = … } in its head raises it.\n")
                    .containsPattern("\n    (while True:|pass)\n");
        }
    }

    @Nested
    class InBash {
        @Test
        void areSaidOnceWithTheirLine() {
            assertThat(run("a.sh", "echo before >&2\nif true; then\n  set -e; nosuch --option\nfi\n"))
                    .isEqualTo("""
                    before
                    a.sh:9: not allowed at isolation full: starting programs (isolation partial would allow it).
                        set -e; nosuch --option
                    """);
        }

        @Test
        void ofItsOwnAreSaidOnceWithTheirLine() {
            assertThat(run("a.sh", "set -u\necho \"$nothing\"\n")).isEqualTo("""
                    a.sh:8: nothing: unbound variable.
                        echo "$nothing"
                    """);
        }

        @Test
        void ofSyntaxAreAtTheLastLineAtMost() {
            String place = """
                        echo x
                              ^
                    """;
            assertThat(run("a.sh", "if true; then\n  echo x\n"))
                    .isEqualTo("a.sh:8:9: syntax error: unexpected end of file.\n" + place);
            assertThat(understudy.run("check", "a.sh").err())
                    .isEqualTo("a.sh:8:9: syntax error: unexpected end of file;"
                            + " nothing of the script can run before it is mended.\n" + place);
        }

        @Test
        void ofProgramsStandAsTheyWereSaid() {
            assertThat(run("a.sh", "isolation = \"partial\"\n# grants = { programs = [\"ls\"] }", "ls --nonsense\n"))
                    .startsWith("ls: ")
                    .contains("understudy: it ended with status 2");
        }

        @Test
        void ofLimitsNameTheKey() {
            assertThat(run("a.sh", "limits = { wall = \"500ms\" }", "while :; do :; done\n"))
                    .endsWith("; limits = { wall = … } in its head raises it.\n");
        }
    }

    @Test
    void ofTheHeadShowTheLine() {
        assertThat(run("a.py", "limits = { wal = \"5s\" }", "def execute(p):\n    return {}\n"))
                .contains("a.py:5:", "\n    # limits = { wal = \"5s\" }\n", "^");
    }
}
