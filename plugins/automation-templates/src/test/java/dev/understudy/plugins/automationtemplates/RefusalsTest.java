package dev.understudy.plugins.automationtemplates;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.spi.AutomationTemplate.Answer.Draft;
import dev.understudy.spi.AutomationTemplate.Answer.NotMine;
import dev.understudy.spi.AutomationTemplate.Request;
import dev.understudy.spi.PluginContext;
import dev.understudy.spi.ScriptLanguage;
import dev.understudy.spi.TaskPattern.VariableKind;
import java.util.HashMap;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What would be done nearly, but not exactly, as the person did it is refused with a reason that names it. */
class RefusalsTest {
    private final FileOperationTemplate files = new FileOperationTemplate(GeneratedScriptsTest.CONTEXT);
    private final DataProcessingTemplate data = new DataProcessingTemplate(GeneratedScriptsTest.CONTEXT);

    static Stream<Arguments> onFiles() {
        return Stream.of(
                Arguments.of(Patterns.shell("cp", "-u", "/a", "/b"), "cp -u"),
                Arguments.of(Patterns.shell("cp", "-L", "-P", "/a", "/b"), "the last would win"),
                Arguments.of(Patterns.shell("cp", "-r", "/a/.", "/b"), "by dots"),
                Arguments.of(Patterns.shell("rm", "-f", "/a/!(keep*).bak"), "an extended pattern"),
                Arguments.of(Patterns.shell("mv", "/a/@(a|b).log", "/b"), "an extended pattern"),
                Arguments.of(Patterns.shell("rm", "/a/*(.)").with("shell", "zsh"), "qualifiers of zsh"),
                Arguments.of(Patterns.shell("mv", "-i", "/a", "/b"), "mv -i"),
                Arguments.of(
                        Patterns.shell("cp", "SIMPLE_BACKUP_SUFFIX=.b", "/a", "/b"), "it sets SIMPLE_BACKUP_SUFFIX"),
                Arguments.of(Patterns.shell("cp", "/a", "/b", "&&", "ls"), "a sequence of commands (&&)"),
                Arguments.of(Patterns.shell("cp", "/a", "/b", ";", "ls"), "a sequence of commands (;)"),
                Arguments.of(Patterns.shell("cp", "$(ls)", "/b"), "another command's output"),
                Arguments.of(Patterns.shell("cp", "$HOME/a", "/b"), "variables of the shell"),
                Arguments.of(Patterns.shell("cp", "/a/{{x,y}}", "/b"), "by braces"),
                Arguments.of(Patterns.shell("cp", "/a\\*", "/b"), "wildcard or a backslash of its own"),
                Arguments.of(Patterns.shell("cp", "/a", "/b", ">", "/log"), "redirects"),
                Arguments.of(Patterns.shell("cp", "{x}", "/b").seen("x", "-r").seen("x", "/a"), "options differ"),
                Arguments.of(Patterns.shell("rm", "x.tmp"), "deletes by a relative path"),
                // jimhester/per-directory-history#28: run elsewhere, these would take another folder's files.
                Arguments.of(Patterns.shell("mv", "*.log", "old/"), "the folder in which it ran is not recorded"),
                Arguments.of(Patterns.shell("cp", "*.log", "/bak/"), "the folder in which it ran is not recorded"),
                Arguments.of(Patterns.shell("gzip", "app.log"), "the folder in which it ran is not recorded"),
                Arguments.of(
                        Patterns.shell("tar", "czf", "/a.tgz", "src"), "the folder in which it ran is not recorded"),
                Arguments.of(
                        Patterns.shell("mv", "app.log", "old/{n}.log")
                                .seen("n", "1")
                                .seen("n", "2"),
                        "the folder in which it ran is not recorded"),
                Arguments.of(Patterns.shell("rm", "-rf", "~"), "too much to leave to an automation"),
                Arguments.of(Patterns.shell("rm", "-rf", "/srv/x/.."), "too much to leave to an automation"),
                Arguments.of(Patterns.shell("rm", "-f", "~/*.tmp"), "all of your home folder"),
                Arguments.of(Patterns.shell("mkdir", "-m", "700", "/a"), "mkdir -m"),
                Arguments.of(Patterns.shell("tar", "xzf", "/a.tgz"), "the folder in which it unpacks is not recorded"),
                Arguments.of(Patterns.shell("tar", "xf", "/a.tar.bz2", "-C", "/b"), "neither tar nor tar.gz"),
                Arguments.of(Patterns.shell("tar", "xf", "/a.tar", "x").in("/b"), "only some files"),
                Arguments.of(Patterns.shell("tar", "xf", "/a.tar").in("~"), "all of your home folder"),
                Arguments.of(Patterns.shell("gzip", "-dN", "/a.gz"), "gzip -d -N"),
                Arguments.of(Patterns.shell("gunzip", "-r", "/a"), "gunzip -r"),
                Arguments.of(Patterns.shell("gunzip", "/a.zip"), "the names of its files do not say"),
                Arguments.of(Patterns.shell("bunzip2", "a.bz2"), "the folder in which it ran is not recorded"),
                Arguments.of(
                        Patterns.task("decompress_file").with("path", "/a.zip"), "do not all end in .gz, all in .bz2"),
                Arguments.of(
                        Patterns.task("file_copy")
                                .with("source", "/a.txt")
                                .with("destination", "/b.txt")
                                .with("preserve_permissions", true),
                        "'preserve_permissions'"),
                Arguments.of(
                        Patterns.shell("cp", "{pattern}", "/bak")
                                .kind("pattern", VariableKind.GLOB)
                                .seen("pattern", "/a/*.txt")
                                .seen("pattern", "/b/*.txt"),
                        "the folder of its files varies"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("onFiles")
    void ofFileOperations(Patterns pattern, String reason) {
        var answer = files.propose(pattern.build(), new Request(ScriptLanguage.PYTHON));

        assertThat(answer).isInstanceOfSatisfying(NotMine.class, notMine -> {
            assertThat(notMine.reason()).contains(reason);
            assertThat(notMine.relevance()).isGreaterThan(0.9);
        });
    }

    /** GNU sort(1): "Set LC_ALL=C to get the traditional sort order that uses native byte values." */
    @ParameterizedTest
    @CsvSource({
        "LANG=de_DE.UTF-8, LC_COLLATE=, LANG=de_DE.UTF-8",
        "LANG=C.UTF-8, LC_COLLATE=en_US.UTF-8, LC_COLLATE=en_US.UTF-8",
        "LANG=de_DE.UTF-8, LC_ALL=C, ''",
        "LANG=C.UTF-8, LC_CTYPE=de_DE.UTF-8, ''",
        "LANG=, LC_ALL=, ''",
    })
    void ofWhatOrdersByTheRulesOfALanguage(String first, String second, String named) {
        var environment = new HashMap<String, String>();
        for (String variable : List.of(first, second))
            environment.put(variable.split("=", 2)[0], variable.split("=", 2)[1]);
        var template = new DataProcessingTemplate(
                new PluginContext(GeneratedScriptsTest.CONTEXT.templateDirectories(), environment));

        var plain = template.propose(Patterns.shell("sort", "/a", ">", "/b").build(), new Request(ScriptLanguage.BASH));
        var byCodes = template.propose(
                Patterns.shell("sort", "LC_ALL=C", "/a", ">", "/b").build(), new Request(ScriptLanguage.BASH));

        assertThat(byCodes).isInstanceOf(Draft.class);
        if (named.isEmpty()) assertThat(plain).isInstanceOf(Draft.class);
        else
            assertThat(plain)
                    .isInstanceOfSatisfying(
                            NotMine.class,
                            notMine -> assertThat(notMine.reason()).contains("(" + named + ")"));
    }

    static Stream<Arguments> onData() {
        return Stream.of(
                Arguments.of(Patterns.shell("csvsort", "-c", "a", "/a.csv", ">", "/b.csv"), "without -I"),
                Arguments.of(Patterns.shell("in2csv", "/a.json", ">", "/b.csv"), "without -I"),
                Arguments.of(Patterns.shell("csvcut", "-c", "1,3", "/a.csv", ">", "/b.csv"), "by their numbers"),
                Arguments.of(Patterns.shell("jq", ".\\[] | .a + 1", "/a.json", ">", "/b.json"), "jq"),
                Arguments.of(Patterns.shell("sort", "-n", "/a", ">", "/b"), "sort -n"),
                Arguments.of(Patterns.shell("sort", "LC_ALL=en_US.UTF-8", "/a", ">", "/b"), "it sets LC_ALL"),
                Arguments.of(Patterns.shell("sort", "TMPDIR=/x", "/a", ">", "/b"), "it sets TMPDIR"),
                Arguments.of(Patterns.shell("sort", "/a", "|", "head", ">", "/b"), "a sequence of commands (|)"),
                Arguments.of(Patterns.shell("cut", "-d,", "-f2-", "/a", ">", "/b"), "open at one end"),
                Arguments.of(Patterns.shell("mlr", "--icsv", "--ojson", "nest", "-x", "/a", ">", "/b"), "'nest'"),
                Arguments.of(
                        Patterns.task("filter_csv").with("input", "/a.csv").with("output", "/b.csv"), "filters by"),
                Arguments.of(
                        Patterns.task("filter_csv")
                                .with("input", "/a.csv")
                                .with("output", "/b.csv")
                                .with("where", "a = 1 or b = 2"),
                        "more than one comparison"),
                Arguments.of(
                        Patterns.task("convert_csv").with("input", "/a.csv").with("output", "/b.xlsx"),
                        "the format of its output"),
                Arguments.of(
                        Patterns.task("csv_to_json")
                                .with("input", "/a.csv")
                                .with("output", "/b.json")
                                .with("encoding", "latin1"),
                        "'encoding'"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("onData")
    void ofDataProcessing(Patterns pattern, String reason) {
        var answer = data.propose(pattern.build(), new Request(ScriptLanguage.PYTHON));

        assertThat(answer).isInstanceOfSatisfying(NotMine.class, notMine -> {
            assertThat(notMine.reason()).contains(reason);
            assertThat(notMine.relevance()).isGreaterThan(0.9);
        });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("looking")
    void ofWhatOnlyLooks(Patterns pattern) {
        for (var template : List.of(files, data))
            assertThat(template.propose(pattern.build(), new Request(ScriptLanguage.PYTHON)))
                    .isInstanceOfSatisfying(
                            NotMine.class,
                            notMine -> assertThat(notMine.reason()).endsWith("only looks: it changes nothing"));
    }

    @Test
    void ofWhatIsDoneByHand() {
        assertThat(files.propose(Patterns.shell("vim", "notes.txt").build(), new Request(ScriptLanguage.PYTHON)))
                .isInstanceOfSatisfying(
                        NotMine.class,
                        notMine -> assertThat(notMine.reason()).isEqualTo("vim is worked with by hand, step by step"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("acting")
    void butNotOfWhatTheSameProgramsChange(Patterns pattern) {
        assertThat(files.propose(pattern.build(), new Request(ScriptLanguage.PYTHON)))
                .isInstanceOfSatisfying(
                        NotMine.class,
                        notMine -> assertThat(notMine.reason()).startsWith("no template knows how to do"));
    }

    /** A hint to install the program would mend nothing (issue 12). */
    @ParameterizedTest(name = "{0}")
    @MethodSource("reaching")
    void ofWhatReachesBeyondTheSandbox(Patterns pattern, String needed) {
        assertThat(files.propose(pattern.build(), new Request(ScriptLanguage.PYTHON)))
                .isInstanceOfSatisfying(
                        NotMine.class,
                        notMine -> assertThat(notMine.reason()).contains(needed).doesNotContain("…"));
    }

    static Stream<Arguments> reaching() {
        String host =
                ": only a script's own http does, and the hosts that grants.hosts names, at isolation \"minimal\"";
        return Stream.of(
                Arguments.of(
                        Patterns.shell("aws s3 cp", "s3://a/b.gz", "/data/"),
                        "aws s3 cp needs the network, which programs do not reach from the sandbox" + host),
                Arguments.of(Patterns.shell("gcloud storage cp", "gs://a/b", "/data/"), host),
                Arguments.of(Patterns.shell("scp", "/a", "host:b"), host),
                Arguments.of(Patterns.shell("curl", "https://example.org/a", "-o", "/a"), host),
                Arguments.of(Patterns.shell("rsync", "-a", "src/", "backup:src/"), host),
                Arguments.of(Patterns.shell("git push"), host),
                Arguments.of(Patterns.shell("psql", "-c", "vacuum"), "psql needs a server"),
                Arguments.of(Patterns.shell("docker compose up", "-d"), "needs a service of this machine"),
                Arguments.of(Patterns.shell("lp", "-d", "lj4", "/a.ps"), "needs a service of this machine"));
    }

    static Stream<Patterns> acting() {
        return Stream.of(
                Patterns.shell("find", "/tmp/x", "-delete"),
                Patterns.shell("git branch", "-d", "old"),
                Patterns.shell("crontab", "new.cron"),
                Patterns.shell("cat", "a", "b", ">", "c"),
                Patterns.shell("ps | grep", "aux", "|", "grep", "java", ">", "found"),
                Patterns.shell("rsync", "-a", "src/", "/bak/"),
                Patterns.shell("git commit", "-m", "x"));
    }

    static Stream<Patterns> looking() {
        return Stream.of(
                Patterns.shell("ls", "-l"),
                Patterns.shell("git status"),
                Patterns.shell("cat", "{file}").seen("file", "a").seen("file", "b"),
                Patterns.shell("grep", "-rn", "TODO", "src", "2>", "/dev/null"),
                Patterns.shell("find", ".", "-name", "*.java"),
                Patterns.shell("git branch", "-a"),
                Patterns.shell("git remote"),
                Patterns.shell("crontab", "-l"),
                Patterns.shell("dpkg", "-l"),
                Patterns.shell("cargo build", "--help"),
                Patterns.shell("terraform plan"),
                Patterns.shell("docker compose ps"),
                Patterns.shell("ps | grep", "aux", "|", "grep", "java"));
    }
}
