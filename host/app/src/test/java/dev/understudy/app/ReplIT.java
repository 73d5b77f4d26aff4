package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The REPL as a program pipes into it; each line is what a person would type. */
class ReplIT {
    @TempDir
    Path folder;

    private Launcher understudy;

    @BeforeEach
    void startWithAnEmptyHome() {
        understudy = new Launcher(folder.resolve("understudy"), folder);
    }

    @Test
    void keepsJavaScriptStateBetweenLinesAndWaitsForTheEndOfAFunction() {
        var result = understudy.type("""
                const prices = [1, 2, 3]
                function total(items) {
                  return items.reduce((sum, item) => sum + item, 0)
                }
                total(prices)
                """, "repl", "js");
        assertThat(result.err()).isEmpty();
        assertThat(result.out().lines()).contains("6");
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void keepsPythonStateBetweenLinesAndEndsABlockAtAnEmptyLine() {
        var result = understudy.type("""
                import math
                def half(x):
                    return x / 2

                half(math.floor(5.9))
                """, "repl", "python");
        assertThat(result.err()).isEmpty();
        assertThat(result.out().lines()).contains("2.5");
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void takesAPythonProgramWithEmptyLinesInBlocksAndTexts() {
        var result = understudy.type("""
                class Sum:
                    \"""Adds:

                    one by one
                    \"""

                    def upTo(self, n):
                        total = 0

                        for i in range(n):
                            total += i

                        return total

                Sum().upTo(4)
                if Sum().upTo(1):
                    print("some")
                else:
                    print("none")
                """, "repl", "python");
        assertThat(result.err()).isEmpty();
        assertThat(result.out().lines()).contains("6", "none");
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void goesOnAfterAnErrorAndSaysSoInTheEnd() {
        var result = understudy.type("boom()\n1 + 1\n", "repl", "js");
        assertThat(result.err()).contains("boom");
        assertThat(result.out().lines()).contains("2");
        assertThat(result.exitCode()).isEqualTo(1);
    }

    @Test
    void changesAGrantedFileOnlyOnceItIsToldTo() throws IOException {
        Path file = Files.writeString(folder.resolve("note.txt"), "before");
        var looked = understudy.type(
                "understudy.files.write('%s', 'after')\n%%changes\n".formatted(file),
                "repl",
                "js",
                "--write",
                file.toString());
        assertThat(looked.out()).contains("note.txt", "+after");
        assertThat(file).hasContent("before");
        understudy.type(
                "understudy.files.write('%s', 'after')\n%%commit\n".formatted(file),
                "repl",
                "js",
                "--write",
                file.toString());
        assertThat(Files.readString(file, StandardCharsets.UTF_8)).isEqualTo("after");
    }

    @Test
    void speaksJavaScriptWithoutBeingAsked() {
        assertThat(understudy.type("1+1", "repl")).isEqualTo(new Launcher.Result(0, "2\n", ""));
    }

    @Test
    void showsListsOfRecordsAsTablesAndKeepsTheLastResult() {
        var result = understudy.type("""
                [{ name: 'Anna', age: 31 }, { name: '日本', age: 4, note: 'a\\nb' }]
                _[1].age + 1
                [3, 1, 2]
                await Promise.resolve('later')
                ?parseInt
                %py
                [{"a": 1.5}]
                _[0]["a"] * 2
                """, "repl");
        assertThat(result.out()).isEqualTo("""
                #  name  age  note
                0  Anna   31
                1  日本    4  a b
                5
                [ 3, 1, 2 ]
                later
                parseInt: function
                function parseInt(…)
                #    a
                0  1.5
                3.0
                """);
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void answersItsOwnWordsInOneClearLine() {
        var result = understudy.type("""
                %helo
                %limits wall
                %grant read
                %isolation total
                %load nothing.js
                .exit
                ?nothing
                %limits wall=2s memory=512MiB
                %limits
                %isolation
                %exit
                1 + 1
                """, "repl");
        assertThat(result.errorLines())
                .containsExactly(
                        "There is no %helo: it is none of the REPL's words. Did you mean %help?",
                        "The limit wall is '': it must be a number with a unit (ms, s, m, h or d), like '30s'. Write it so",
                        "Nothing was granted: 'read' says not what. Write %grant read PATH, for example;"
                                + " kinds are read, write, program, host",
                        "There is no isolation 'total': it is full, partial or minimal. Choose one of them",
                        "nothing.js was not loaded: there is no such file. Check the name",
                        ".exit is no word: words begin with %. Write %exit",
                        "There is nothing named nothing, or finding out would run something.");
        assertThat(result.out()).isEqualTo("""
                A limit of memory is one of the cell: the session starts anew.
                wall=2s cpu=10s memory=512MiB processes=32 output=1MiB disk=64MiB files=128
                full: reads and writes what is granted, starts no programs, reaches no network
                """);
        assertThat(result.exitCode()).isEqualTo(1);
    }

    @Test
    void timesLoadsAndRemembersEntries() {
        understudy.file("twice.js", "function twice(n) {\n  return 2 * n\n}\n");
        var result = understudy.type("""
                %load twice.js
                %time twice(21)
                %timeit twice(1)
                %history 2
                """, "repl", "python");
        assertThat(result.err()).isEmpty();
        assertThat(result.out().lines().toList())
                .satisfiesExactly(
                        first -> assertThat(first).isEqualTo("42"),
                        second -> assertThat(second).matches("took [\\d.]+ (µs|ms|s)"),
                        third -> assertThat(third)
                                .matches(
                                        "[\\d.]+ (ns|µs|ms) each \\(slowest round [\\d.]+ (ns|µs|ms); \\d rounds of [\\d,]+\\)"),
                        fourth -> assertThat(fourth).isEqualTo("1 js     function twice(n) {"),
                        fifth -> assertThat(fifth).isEqualTo("           return 2 * n"),
                        sixth -> assertThat(sixth).isEqualTo("         }"),
                        seventh -> assertThat(seventh).isEqualTo("2 js     twice(21)"));
    }

    @Test
    void sharesGrantsAndFilesAmongLanguagesAndCommitsMoreThanOnce() throws IOException {
        Path file = Files.writeString(folder.resolve("note.txt"), "one\n");
        var result = understudy.type("""
                understudy.files.append('note.txt', 'none\\n')
                %%grant write %1$s
                understudy.files.append('%1$s', 'two\\n')
                %%py
                with open("%1$s", "a") as file: _n = file.write("three\\n")

                %%bash
                echo four >>%1$s
                if true; then
                  mapfile -t lines <%1$s; echo ${#lines[@]} lines
                fi
                %%grant read /tmp
                %%commit
                echo five >>%1$s
                %%commit
                echo six >>%1$s
                %%discard
                """.formatted(file), "repl");
        assertThat(result.errorLines().toString()).contains("not granted: writing", "1 change is not committed");
        assertThat(result.out())
                .contains("4 lines\n", "Committed 1 change; to take that back: ", "Discarded 1 change.");
        assertThat(file).hasContent("one\ntwo\nthree\nfour\nfive\n");
        String undo = result.out()
                .lines()
                .filter(line -> line.startsWith("Committed"))
                .toList()
                .getLast();
        understudy.run("undo", undo.substring(undo.lastIndexOf(' ') + 1));
        assertThat(file).hasContent("one\ntwo\nthree\nfour\n");
    }

    @Test
    void tellsWhatTheHostKnowsAsObjectsToRead() {
        understudy.file("tasks.jsonl", """
                {"task_id":"1","task_type":"cp","description":"","parameters":{"arguments":["a","b"]},"timestamp":"2026-11-09T09:00:00Z","duration_ms":900,"success":true}
                """);
        understudy.run("import", "tasks.jsonl");
        var result = understudy.type("""
                understudy.tasks[0].parameters.arguments
                understudy.plugins.map(plugin => plugin.id).includes('detectors')
                understudy.tasks.length = 0; understudy.tasks.length
                'use strict'; understudy.tasks[0].success = false
                ['patterns', 'automations', 'runs', 'metrics', 'tuning'].map(name => understudy[name].length)
                %py
                understudy.tasks[0].task_type
                understudy.tasks[0]["success"] = False
                understudy.nothing
                """, "repl");
        assertThat(result.out().lines()).containsExactly("[ 'a', 'b' ]", "true", "1", "[ 0, 0, 0, 0, 0 ]", "'cp'");
        assertThat(result.err())
                .contains("TypeError", "what the host knows can be read only", "has no attribute 'nothing'");
    }

    @Test
    void savesTheSessionAsAnAutomationWhoseFirstTestIsWhatItGave() {
        var saved = understudy.type("""
                const prices = [1, 2, 3]
                prices
                function total(items) {
                  return { sum: items.reduce((sum, item) => sum + item, 0) }
                }
                total(prices)
                %save total-prices
                """, "repl");
        assertThat(saved.err()).isEmpty();
        assertThat(saved.out()).contains("total-prices is an automation now", "Its rehearsal passed 1 of 1 cases.");
        assertThat(understudy.run("automations", "show", "total-prices").out())
                .contains("expect = { result = { result = { \"sum\" = 6 } } }");
        assertThat(understudy.run("automations", "approve", "total-prices").exitCode())
                .isZero();
        assertThat(understudy.run("run", "total-prices").out())
                .isEqualTo("{\"success\":true,\"result\":{\"sum\":6}}\n");
    }

    @Test
    void savesASessionInPython() {
        var saved = understudy.type("""
                import math
                def half(x):
                    return math.floor(x / 2)

                half(5)
                %save half-of
                %save Half
                """, "repl", "python");
        assertThat(saved.out()).contains("half-of is an automation now", "Its rehearsal passed 1 of 1 cases.");
        assertThat(saved.errorLines())
                .containsExactly("'Half' is no name for an automation: it must begin with a small letter"
                        + " and hold small letters, digits and hyphens. Choose another");
    }

    @Test
    void refusesALanguageThatHasNone() {
        var result = understudy.run("repl", "cobol");
        assertThat(result.err()).contains("cobol", "js");
        assertThat(result.exitCode()).isEqualTo(2);
    }

    @Test
    void refusesToBeTrustedWhereNoPersonSits() {
        var piped = understudy.type("understudy.home()", "repl", "--trusted");
        assertThat(piped.out()).isEmpty();
        assertThat(piped.errorLines()).singleElement().asString().contains("only a person at a terminal");
        assertThat(piped.exitCode()).isEqualTo(4);
        var python = understudy.run("repl", "python", "--trusted");
        assertThat(python.errorLines()).singleElement().asString().contains("only JavaScript has it");
        assertThat(python.exitCode()).isEqualTo(2);
    }

    @Nested
    class OnATerminal {
        private final String terminal = "understudy-" + ProcessHandle.current().pid();
        private InputStream screen;
        private boolean ended;

        @BeforeEach
        void start(TestInfo test) throws Exception {
            assumeTrue(Files.isExecutable(Path.of("/usr/bin/tmux")), "tmux keeps the terminal, and is not installed");
            Path pipe = folder.resolve("screen");
            assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                    .isZero();
            String[] command = test.getTags().contains("trusted")
                    ? new String[] {"repl", "--trusted"}
                    : new String[] {"repl", "js"};
            understudy.startOnTerminal(terminal, pipe, command);
            screen = Files.newInputStream(pipe);
        }

        @AfterEach
        void end() throws IOException {
            if (!ended) understudy.tmux(terminal, "kill-server");
            screen.close();
        }

        private void type(String line) {
            understudy.tmux(terminal, "send-keys", "-l", line);
            understudy.tmux(terminal, "send-keys", "Enter");
        }

        /** Reads what the terminal shows up to a text. */
        private String shown(String text) throws IOException {
            var shown = new StringBuilder();
            while (shown.indexOf(text) < 0) {
                int next = screen.read();
                assertThat(next).as("the end, after: %s", shown).isNotNegative();
                shown.append((char) next);
            }
            return shown.toString();
        }

        @Test
        @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
        void ctrlCEndsTheEvaluationAndKeepsTheSessionsState() throws Exception {
            shown("js> ");
            type("let answer = 6 * 7; console.log('no' + 'ted')");
            shown("noted");
            shown("js> ");
            type("console.log('be' + 'gun'); while (true) {}");
            shown("begun");
            understudy.tmux(terminal, "send-keys", "C-c");
            assertThat(shown("js> ")).contains("interrupted").doesNotContain("anew");
            type("'still ' + answer");
            assertThat(shown("still 42")).doesNotContain("ReferenceError");
        }

        @Test
        @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
        void takesAPasteOfTwoHundredLinesRecallsAnEntryAsAWholeAndEndsWithCtrlD() throws Exception {
            shown("js> ");
            var lines = new StringBuilder();
            for (int i = 0; i < 197; i++)
                lines.append("const v").append(i).append(" = ").append(i).append('\n');
            lines.append("const tail = 't'\nfunction last() {\n  return 'v' + v196 }\nlast()");
            understudy.tmux(
                    terminal,
                    "load-buffer",
                    understudy.file("paste.js", lines.toString()).toString());
            understudy.tmux(terminal, "paste-buffer", "-p");
            shown("last()");
            understudy.tmux(terminal, "send-keys", "Enter");
            shown("v196\r");
            shown("js> ");
            type("function twice(n) {");
            shown("... ");
            type("return tail + n }");
            shown("js> ");
            type("twice(4)");
            shown("t4");
            shown("js> ");
            understudy.tmux(terminal, "send-keys", "Up", "Up");
            assertThat(shown("tail + n }")).contains("function", "twice");
            understudy.tmux(terminal, "send-keys", "C-c");
            shown("js> ");
            understudy.tmux(terminal, "send-keys", "C-d");
            assertThat(screen.readAllBytes()).isNotNull();
            // tmux has ended with its last terminal.
            ended = true;
        }

        @Test
        @Tag("trusted")
        @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
        void trustedReachesTheEngineItselfAndSaysSoInThePrompt() throws Exception {
            understudy.file("count.sh", "echo 1\n");
            assertThat(shown("js trusted> ")).contains("in the host's own process, with all rights of this user");
            type("let found = understudy.automations().list(); 'has ' + found.size()");
            shown("has 0");
            shown("js trusted> ");
            type(
                    "understudy.automations().ownScripts().adopt(Java.type('java.util.List').of(Java.type('java.nio.file.Path').of('"
                            + folder.resolve("count.sh") + "'))).size() + ' kept'");
            shown("1 kept");
            shown("js trusted> ");
            type("understudy.automations().list().get(0).id() + '!'");
            shown("count!");
            shown("js trusted> ");
            type("%save it");
            shown("an automation runs in the sandbox");
            shown("js trusted> ");
            type("console.log('be' + 'gun'); while (true) {}");
            shown("begun");
            understudy.tmux(terminal, "send-keys", "C-c");
            shown("interrupted");
            shown("js trusted> ");
            type("%py");
            shown("py");
            shown("> ");
            type("'in the ' + type(understudy.automations).__name__");
            assertThat(shown("in the tuple")).doesNotContain("trusted");
        }

        @Test
        @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
        void tabCompletesWordsMembersAndPaths() throws Exception {
            understudy.file("letters/hello.txt", "hello");
            shown("js> ");
            type("const shop = { fruit: { apple: 'gre' + 'en' } }");
            shown("js> ");
            understudy.tmux(terminal, "send-keys", "-l", "sho");
            understudy.tmux(terminal, "send-keys", "Tab");
            understudy.tmux(terminal, "send-keys", "-l", ".fr");
            understudy.tmux(terminal, "send-keys", "Tab");
            understudy.tmux(terminal, "send-keys", "-l", ".a");
            understudy.tmux(terminal, "send-keys", "Tab", "Enter");
            shown("green");
            shown("js> ");
            understudy.tmux(terminal, "send-keys", "-l", "'x' + 'lett");
            understudy.tmux(terminal, "send-keys", "Tab");
            understudy.tmux(terminal, "send-keys", "-l", "he");
            understudy.tmux(terminal, "send-keys", "Tab");
            type("'");
            shown("xletters/hello.txt");
            shown("js> ");
            understudy.tmux(terminal, "send-keys", "-l", "%isol");
            understudy.tmux(terminal, "send-keys", "Tab");
            type("");
            shown("starts no programs");
        }
    }
}
