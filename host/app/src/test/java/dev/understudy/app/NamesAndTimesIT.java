package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Names that people give their files, in the locales in which programs are started, and local time in a zone that is not
 * UTC. Sources: UniversalMediaServer#5100, nroduit/Weasis#838, Snd-R/komf#191 (no LANG), openaudible#265, thisisgm/flea#156
 * (jail without a locale), home-assistant/core#43412 (sandbox in UTC), pyodide#4668 (zoneinfo).
 */
@Tag("slow")
class NamesAndTimesIT {
    private static final String READS_FILE = """
            grants = { reads = ["{file}"] }
            parameters.file = { type = "path", description = "A file." }
            """;

    /** 2024-07-01 02:00 UTC is 22:00 of the day before in New York. */
    private static final String MOMENT = "1719799200";

    @TempDir
    static Path locales;

    @TempDir
    Path folder;

    private Launcher understudy;

    @BeforeAll
    static void makeALocale() throws IOException, InterruptedException {
        Process made = new ProcessBuilder("localedef", "-i", "de_DE", "-f", "ISO-8859-1", locales + "/de_DE.ISO-8859-1")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assumeTrue(made.waitFor() == 0, "needs localedef and the package locales");
    }

    @BeforeEach
    void startWithAnEmptyHome() throws IOException {
        understudy = new Launcher(folder.resolve("home"), Files.createDirectory(folder.resolve("work")));
    }

    private void script(String file, String comment, String language, String more, String code) {
        var text = new StringBuilder(comment + " /// automation\n");
        ("id = \"names-" + language + "\"\ndescription = \"Names.\"\nlanguage = \"" + language + "\"\n" + more)
                .lines()
                .forEach(line -> text.append(comment).append(' ').append(line).append('\n'));
        understudy.file(file, text + comment + " ///\n" + code);
    }

    private String inLocale(String locale) {
        return "unset LANG LC_ALL LC_CTYPE; export LOCPATH=" + locales + "\n"
                + (locale.equals("unset") ? "" : "export LANG=" + locale + "\n");
    }

    /** In names: letters beyond ASCII, composed and decomposed, an emoji, a line feed. */
    @ParameterizedTest
    @ValueSource(strings = {"unset", "C", "POSIX", "C.UTF-8", "en_US.UTF-8", "de_DE.ISO-8859-1"})
    void filesWithAnyNameAreFoundInAnyLocale(String locale) {
        script("script.sh", "#", "bash", READS_FILE, """
                read -r line <"$PARAM_FILE"; shopt -s nullglob; found=(M?rz)
                echo "{\\"success\\":true,\\"line\\":\\"$line\\"}" >"$RESULT"
                """);
        script("script.js", "//", "js", READS_FILE, """
                function execute(params) { return { success: true, line: understudy.files.read(params.file) }; }
                """);
        Launcher.Result result = understudy.bash(inLocale(locale) + """
                mkdir -p "Büro 😀"; mv script.sh "Büro 😀/Prüfung.sh"; mv script.js "Büro 😀/Prüfung.js"; cd "Büro 😀"
                UNDERSTUDY_HOME="$UNDERSTUDY_HOME/Häuslich"
                printf 'composed' >'März.txt'
                printf 'decomposed' >$'Ma\\xcc\\x88rz.txt'
                printf 'broken' >$'two\\nlines.txt'
                understudy run Prüfung.sh -p file=März.txt
                understudy run Prüfung.sh -p file=$'Ma\\xcc\\x88rz.txt'
                understudy run Prüfung.js -p file=März.txt
                understudy run Prüfung.js -p file=$'two\\nlines.txt'
                """);

        assertThat(result.out().lines().filter(line -> line.contains("\"line\"")))
                .as(result.err())
                .satisfiesExactly(
                        first -> assertThat(first).contains("\"line\":\"composed\""),
                        second -> assertThat(second).contains("\"line\":\"decomposed\""),
                        third -> assertThat(third).contains("\"line\":\"composed\""),
                        fourth -> assertThat(fourth).contains("\"line\":\"broken\""));
    }

    @Nested
    class AFolderHoldsANameThatIsNoUtf8 {
        @Test
        void scriptsGoThroughItAndKeepTheName() {
            script("copy.js", "//", "js", """
                    grants = { reads = ["{folder}"], writes = ["{target}"] }
                    parameters.folder = { type = "path", description = "A folder." }
                    parameters.target = { type = "path", description = "Another." }
                    """, """
                    function execute(params) {
                      const names = understudy.files.list(params.folder);
                      for (const name of names) understudy.files.copy(`${params.folder}/${name}`, `${params.target}/${name}`);
                      return { success: true, count: names.length };
                    }
                    """);
            Launcher.Result result = understudy.bash("""
                    mkdir in out; echo a >in/plain.txt; echo b >$'in/bad\\xff.txt'
                    understudy run copy.js -p folder=in -p target=out
                    cat $'out/bad\\xff.txt' out/plain.txt
                    """);

            assertThat(result.out()).as(result.err()).contains("\"count\":2").endsWith("b\na\n");
            assertThat(result.out()).contains("bad\\xff.txt");
        }

        @Test
        void suchAnArgumentIsRefusedByName() {
            script("script.sh", "#", "bash", READS_FILE, "echo '{\"success\":true}' >\"$RESULT\"\n");
            Launcher.Result result = understudy.bash("""
                    echo b >$'bad\\xff.txt'
                    understudy run script.sh -p file=$'bad\\xff.txt'
                    """);

            assertThat(result.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
            assertThat(result.errorLines()).hasSize(1);
            assertThat(result.err()).contains("bad\\xff.txt", "UTF-8").doesNotContain("mistake of Understudy");
        }
    }

    /** A POSIX rule is what TZ holds where no zones are installed. */
    @ParameterizedTest
    @ValueSource(strings = {"America/New_York", ":America/New_York", "EST5EDT,M3.2.0,M11.1.0"})
    void localTimeIsTheMachinesInEveryRuntime(String zone) {
        script("js.js", "//", "js", "", """
                function execute() {
                    return { success: true, hour: new Date(%s000).getHours(), midnight: new Date('6/30/2024').getHours() };
                }
                """.formatted(MOMENT));
        String python = """
                import time, datetime, zoneinfo
                def execute(params):
                    berlin = datetime.datetime(2024, 7, 1, 12, tzinfo=zoneinfo.ZoneInfo("Europe/Berlin"))
                    return {"success": True, "hour": time.localtime(%s).tm_hour, "berlin": berlin.strftime("%%H%%z")}
                """.formatted(MOMENT);
        script("cell.py", "#", "python", "", python);
        script("native.py", "#", "python", "runtime = \"native\"", python);
        script("bash.sh", "#", "bash", "", """
                printf -v hour '%%(%%-H)T' %s; echo "{\\"success\\":true,\\"hour\\":$hour}" >"$RESULT"
                """.formatted(MOMENT));
        Launcher.Result result = understudy.bash("export TZ='" + zone + "'\n" + """
                for script in js.js cell.py native.py bash.sh; do understudy run $script; done
                """);

        assertThat(result.out().lines().filter(line -> line.contains("\"hour\"")))
                .as(result.err())
                .hasSize(4)
                .allSatisfy(line -> assertThat(line).contains("\"hour\":22"));
        assertThat(result.out()).as("a date without a time is a local one").contains("\"midnight\":0");
        assertThat(result.out().lines().filter(line -> line.contains("\"berlin\":\"12+0200\"")))
                .as("zoneinfo finds its zones in cells and native runs")
                .hasSize(2);
    }
}
