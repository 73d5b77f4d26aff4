package dev.understudy.core.automation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.core.config.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A script without metadata gets the head that its name and its text show, and no more (issue 14). */
class ScriptHeadTest {
    @TempDir
    Path programs;

    @BeforeEach
    void putProgramsThere() throws IOException {
        for (String name : List.of("cp", "date", "gzip", "sort")) {
            Path program = Files.writeString(programs.resolve(name), "#!/bin/sh\n");
            assertThat(program.toFile().setExecutable(true)).isTrue();
        }
    }

    private ScriptHead.Headed headed(String file, String text) {
        ScriptHead.Headed headed =
                ScriptHead.write(file, text, List.of(programs.toString())).orElseThrow();
        // Whatever is written must be read again without a mistake.
        assertThat(AutomationReader.check(file, headed.text(), Config.DEFAULT.sandbox())
                        .mistakes())
                .as(headed.text())
                .isEmpty();
        return headed;
    }

    @Test
    void ofPythonHasItsParametersWithTheirDefaultsAndThePathsThatItNames() {
        var headed = headed("/home/me/bin/Tidy_Reports.py", """
                #!/usr/bin/env python3
                # Collects the week's reports.
                import os, shutil

                ARCHIVE = os.path.expanduser("~/archive/reports")

                def execute(params):
                    days = int(params["days"])
                    keep = params.get("keep", 3)
                    shout = params.get("shout", False)
                    for name in os.listdir(params["folder"]):
                        shutil.copy(os.path.join(params["folder"], name), ARCHIVE)
                    with open("/srv/log/tidy.log", "a") as log:
                        log.write(open("/srv/log/header.txt").read())
                    return {"success": True}
                """);
        assertThat(headed.head())
                .containsExactly(
                        "id = \"tidy-reports\"",
                        "description = \"Collects the week's reports.\"",
                        "language = \"python\"",
                        "grants = { reads = [\"{folder}\", \"/srv/log/header.txt\"], writes = [\"~/archive/reports\", \"/srv/log/tidy.log\"] }",
                        "parameters.days = { type = \"integer\", description = \"What the script reads as days.\" }",
                        "parameters.keep = { type = \"integer\", default = 3, description = \"What the script reads as keep.\" }",
                        "parameters.shout = { type = \"boolean\", default = false, description = \"What the script reads as shout.\" }",
                        "parameters.folder = { type = \"path\", description = \"What the script reads as folder.\" }");
        assertThat(headed.text())
                .startsWith("#!/usr/bin/env python3\n# /// automation\n# id")
                .contains("# ///\n# Collects");
    }

    @Test
    void ofPythonThatIsStartedAsAProgramGetsAFunctionThatGivesItItsWords() {
        var headed = headed("count.py", """
                import sys

                def main():
                    source = sys.argv[1]
                    print(len(open(source).readlines()), sys.argv[2])

                if __name__ == "__main__":
                    main()
                """);
        assertThat(headed.head())
                .contains("description = \"Adopted from count.py.\"", "grants = { reads = [\"{source}\"] }")
                .anyMatch(line -> line.startsWith("parameters.argument_2 = { type = \"string\""));
        assertThat(headed.text())
                .contains("sys.argv = [\"count.py\", str(params[\"source\"]), str(params[\"argument_2\"])]");
    }

    @Test
    void ofBashHasItsWordsByTheirNamesAndTheProgramsThatItStarts() {
        var headed = headed("backup.sh", """
                #!/bin/bash
                # Copies a file away.
                set -eu
                fail() {
                    echo "$1" >&2
                    exit 1
                }
                SRC=$1
                level=${2:-9}
                [[ -e $SRC ]] || fail "There is no $SRC"
                cp "$SRC" ~/backup/latest.txt
                gzip "-$level" "$HOME/backup/latest.txt"
                echo 'sort of done' # sort
                date >/dev/null
                sort < "$PARAM_LIST" > /srv/sorted.txt
                nosuchprogram
                """);
        assertThat(headed.head())
                .containsExactly(
                        "id = \"backup\"",
                        "description = \"Copies a file away.\"",
                        "language = \"bash\"",
                        "isolation = \"partial\"",
                        "grants = { reads = [\"{list}\", \"{src}\"], writes = [\"~/backup/latest.txt\", \"/srv/sorted.txt\"], programs = [\"cp\", \"gzip\", \"date\", \"sort\"] }",
                        "parameters.list = { type = \"path\", description = \"What the script reads as list.\" }",
                        "parameters.src = { type = \"path\", description = \"What the script reads as src.\" }",
                        "parameters.level = { type = \"string\", default = \"9\", description = \"What the script reads as level.\" }");
        assertThat(headed.text()).contains("# ///\nset -- \"$PARAM_SRC\" \"$PARAM_LEVEL\"");
    }

    @Test
    void ofJavaScriptHasItsHostsAndPrograms() {
        var headed = headed("fetchRates.js", """
                // Fetches today's rates.
                function execute(params) {
                  const answer = understudy.http.get(`https://rates.example.org/${params.currency ?? "EUR"}`);
                  understudy.files.write("~/rates.json", answer.text);
                  return { success: true };
                }
                """);
        assertThat(headed.head())
                .contains(
                        "id = \"fetch-rates\"",
                        "isolation = \"minimal\"",
                        "grants = { writes = [\"~/rates.json\"], hosts = [\"rates.example.org\"] }",
                        "parameters.currency = { type = \"string\", default = \"EUR\", description = \"What the script reads as currency.\" }");
    }

    @ParameterizedTest
    @CsvSource({
        "cp \"$1\" /srv/new.txt, reads = [\"{argument_1}\"], writes = [\"/srv/new.txt\"]",
        "rm -f \"$1\", , writes = [\"{argument_1}\"]",
        "cat /srv/*.log > /srv/all.txt, reads = [\"/srv\"], writes = [\"/srv/all.txt\"]",
        "curl https://example.org/x > /dev/null, , ",
        "ls / ~ /etc /usr/share, , ",
    })
    void asksForWhatTheTextNames(String command, String reads, String writes) {
        String grants = headed("x.sh", command + "\n").head().stream()
                .filter(line -> line.startsWith("grants"))
                .findFirst()
                .orElse("");
        assertThat(grants.contains("reads")).isEqualTo(reads != null);
        assertThat(grants.contains("writes")).isEqualTo(writes != null);
        for (String part : new String[] {reads, writes})
            if (part != null) assertThat(grants).contains(part);
    }

    @Test
    void isNoneWhereTheNameSaysNoLanguage() {
        assertThat(ScriptHead.write("notes.txt", "x", List.of())).isEmpty();
    }
}
