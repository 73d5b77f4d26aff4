package dev.understudy.plugins.detectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.understudy.spi.PatternDetector.Settings;
import dev.understudy.spi.Task;
import dev.understudy.spi.TaskPattern;
import dev.understudy.spi.TaskPattern.Variable;
import dev.understudy.spi.TaskPattern.VariableKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RepetitiveTaskIdentifierTest {
    private static final Instant START = Instant.parse("2026-11-16T09:00:00Z");

    private final List<Task> tasks = new ArrayList<>();

    private void shell(String type, String... arguments) {
        String command = type + (arguments.length > 0 ? " " + String.join(" ", arguments) : "");
        typed(type, command, arguments);
    }

    private void typed(String type, String command, String... arguments) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put(Task.COMMAND, command);
        parameters.put(Task.ARGUMENTS, List.of(arguments));
        task(type, parameters, Duration.ZERO);
    }

    private void task(String type, Map<String, Object> parameters, Duration duration) {
        int number = tasks.size();
        tasks.add(new Task("t" + number, type, "", parameters, START.plusSeconds(number), duration, true));
    }

    private static Map<String, Object> json(Object... keysAndValues) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2)
            parameters.put((String) keysAndValues[i], keysAndValues[i + 1]);
        return parameters;
    }

    private List<TaskPattern> patterns() {
        var detection = new RepetitiveTaskIdentifier().start(new Settings(3, Duration.ofHours(24), 10_000));
        tasks.forEach(detection::accept);
        return detection.patterns(START.plusSeconds(tasks.size()));
    }

    private TaskPattern onlyPattern() {
        List<TaskPattern> patterns = patterns();
        assertThat(patterns).hasSize(1);
        return patterns.getFirst();
    }

    private static Object arguments(TaskPattern pattern) {
        return pattern.parameters().getOrDefault(Task.ARGUMENTS, "none");
    }

    @Nested
    class WhenFilesAreCopiedOneByOne {
        @Test
        void isOnePatternWithOneVariable() {
            shell("cp", "~/a.txt", "/bak/a.txt");
            shell("cp", "~/b.txt", "/bak/b.txt");
            shell("cp", "~/c.txt", "/bak/c.txt");
            TaskPattern pattern = onlyPattern();
            assertThat(pattern.parameters())
                    .containsEntry(Task.COMMAND, "cp ~/{name}.txt /bak/{name}.txt")
                    .containsEntry(Task.ARGUMENTS, List.of("~/{name}.txt", "/bak/{name}.txt"));
            assertThat(pattern.variables())
                    .containsExactly(new Variable("name", VariableKind.IDENTIFIER, 3, List.of("c", "b", "a")));
        }

        @Test
        void isNotSpoilledByAnUnrelatedCopy() {
            shell("cp", "~/a.txt", "/bak/a.txt");
            shell("cp", "x", "y");
            shell("cp", "~/b.txt", "/bak/b.txt");
            shell("cp", "-r", "photos", "/mnt");
            shell("cp", "~/c.txt", "/bak/c.txt");
            assertThat(arguments(onlyPattern())).isEqualTo(List.of("~/{name}.txt", "/bak/{name}.txt"));
        }

        @Test
        void leavesTheRestToAGeneralPatternOnceThatRepeats() {
            for (String name : List.of("a", "b", "c")) shell("cp", "~/" + name + ".txt", "/bak/" + name + ".txt");
            shell("cp", "x", "y");
            shell("cp", "p/q.c", "z");
            shell("cp", "k", "lib/m.h");
            assertThat(patterns())
                    .extracting(RepetitiveTaskIdentifierTest::arguments, TaskPattern::occurrences)
                    .containsExactlyInAnyOrder(
                            tuple(List.of("~/{name}.txt", "/bak/{name}.txt"), 3),
                            tuple(List.of("{source}", "{destination}"), 3));
        }

        @Test
        void keepsOptionsApart() {
            for (String name : List.of("a", "b", "c")) shell("cp", "-r", name, "/bak");
            for (String name : List.of("a", "b", "c")) shell("cp", "-u", name, "/bak");
            assertThat(patterns())
                    .extracting(RepetitiveTaskIdentifierTest::arguments)
                    .containsExactlyInAnyOrder(List.of("-r", "{source}", "/bak"), List.of("-u", "{source}", "/bak"));
        }
    }

    @Nested
    class WhenTheNumberOfWordsVaries {
        @Test
        void isAListVariable() {
            shell("rm", "a", "b", "c");
            shell("rm", "d", "e");
            shell("rm", "f");
            TaskPattern pattern = onlyPattern();
            assertThat(pattern.parameters())
                    .containsEntry(Task.ARGUMENTS, List.of("{files...}"))
                    .containsEntry(Task.COMMAND, "rm {files...}");
            assertThat(pattern.variables())
                    .containsExactly(new Variable("files", VariableKind.LIST, 3, List.of("f", "d\ne", "a\nb\nc")));
        }

        @Test
        void keepsTheWordsThatAreTheSameAtTheEnds() {
            shell("cp", "a", "b", "/bak/");
            shell("cp", "c", "/bak/");
            shell("cp", "d", "e", "f", "/bak/");
            assertThat(arguments(onlyPattern())).isEqualTo(List.of("{files...}", "/bak/"));
        }

        @Test
        void doesNotMakeAListOfOneOddTask() {
            for (int i = 0; i < 5; i++) shell("mv", "old" + (char) ('a' + i), "new" + (char) ('k' + i));
            shell("mv", "x", "y", "folder");
            assertThat(arguments(onlyPattern())).isEqualTo(List.of("{source}", "{destination}"));
        }
    }

    @Nested
    class WhenOneWordVaries {
        @ParameterizedTest
        @CsvSource({
            "report-2026-01-05.pdf, report-2026-01-12.pdf, report-2026-02-02.pdf, report-{date}.pdf, DATE",
            "build/app-1.2.3.jar, build/app-1.3.0.jar, build/app-1.3.9.jar, build/app-{name}.jar, IDENTIFIER",
            "img_001.png, img_002.png, img_017.png, img_{number}.png, NUMBER",
            "https://a.example/x, https://a.example/y, https://a.example/z/w, https://a.example/{path}, PATH",
            "src/main/A.java, src/main/B.java, src/main/C.java, src/main/{name}.java, IDENTIFIER",
            "0.5, 0.25, 0.125, {number}, NUMBER",
            "*.log, *.tmp, *.bak, *.{name}, IDENTIFIER",
        })
        void isCutAtSeparators(String first, String second, String third, String template, VariableKind kind) {
            for (String word : List.of(first, second, third)) shell("tool", word);
            TaskPattern pattern = onlyPattern();
            assertThat(arguments(pattern)).isEqualTo(List.of(template));
            assertThat(pattern.variables()).extracting(Variable::kind).containsExactly(kind);
        }

        @Test
        void isNamedAfterItsOption() {
            for (String epochs : List.of("10", "20", "30")) shell("python", "train.py", "--epochs", epochs);
            assertThat(arguments(onlyPattern())).isEqualTo(List.of("train.py", "--epochs", "{epochs}"));
        }

        @Test
        void isNotTheProgramThatAPipeFeeds() {
            for (String program : List.of("more", "sort", "wc"))
                for (String file : List.of("a", "b", "c")) shell("ps", "-f", file, "|", program);
            assertThat(patterns())
                    .extracting(RepetitiveTaskIdentifierTest::arguments)
                    .containsExactlyInAnyOrder(
                            List.of("-f", "{file}", "|", "more"),
                            List.of("-f", "{file}", "|", "sort"),
                            List.of("-f", "{file}", "|", "wc"));
        }

        @Test
        void isFoundInACommandThatWasTypedWithQuotes() {
            for (String message : List.of("fix the parser", "add a test for dates", "release"))
                typed("git commit", "git commit -m \"" + message + "\"", "-m", message);
            TaskPattern pattern = onlyPattern();
            assertThat(pattern.parameters())
                    .containsEntry(Task.ARGUMENTS, List.of("-m", "{message}"))
                    .containsEntry(Task.COMMAND, "git commit -m \"{message}\"");
        }

        @Test
        void writesLiteralBracesTwice() {
            for (String name : List.of("a", "b", "c")) shell("tool", "--format={x}", "/in/" + name);
            assertThat(arguments(onlyPattern())).isEqualTo(List.of("--format={{x}}", "/in/{name}"));
        }
    }

    @Nested
    class WhenTasksHaveJsonParameters {
        @Test
        void namesVariablesAfterTheirKeys() {
            for (int month = 10; month <= 12; month++)
                task(
                        "export_report",
                        json(
                                "month",
                                "2026-" + month,
                                "format",
                                "pdf",
                                "copies",
                                (long) month,
                                "file",
                                "out/report-2026-" + month + ".pdf"),
                        Duration.ofMillis(100));
            TaskPattern pattern = onlyPattern();
            assertThat(pattern.parameters())
                    .isEqualTo(json(
                            "month",
                            "{month}",
                            "format",
                            "pdf",
                            "copies",
                            "{copies}",
                            "file",
                            "out/report-{month}.pdf"));
            assertThat(pattern.variables())
                    .extracting(Variable::name, Variable::kind)
                    .containsExactly(tuple("month", VariableKind.DATE), tuple("copies", VariableKind.NUMBER));
        }

        @Test
        void keepsWhatIsDoneApart() {
            for (String file : List.of("a.csv", "b.csv", "c.csv")) {
                task("data", json("operation", "sort", "file", file), Duration.ofMillis(5));
                task("data", json("operation", "filter", "file", file), Duration.ofMillis(5));
            }
            assertThat(patterns())
                    .extracting(TaskPattern::parameters)
                    .containsExactlyInAnyOrder(
                            json("operation", "sort", "file", "{name}.csv"),
                            json("operation", "filter", "file", "{name}.csv"));
        }

        @Test
        void replacesAWholeObjectThatVaries() {
            for (long i = 0; i < 3; i++)
                task("plan", json("steps", List.of(Map.of("times", i)), "on", "x"), Duration.ofMillis(5));
            TaskPattern pattern = onlyPattern();
            assertThat(pattern.parameters()).isEqualTo(json("steps", "{steps}", "on", "x"));
            assertThat(pattern.variables().getFirst().values())
                    .containsExactly("[{\"times\":2}]", "[{\"times\":1}]", "[{\"times\":0}]");
        }
    }

    @Nested
    class WhenTasksAreTexts {
        @Test
        void groupsThemByTemplate() {
            for (String user : List.of("alice", "bob", "carol", "dave"))
                task("log", json("message", "user " + user + " logged in from 10.0.0.7"), Duration.ofMillis(1));
            task("log", json("message", "disk full"), Duration.ofMillis(1));
            assertThat(onlyPattern().parameters()).containsEntry("message", "user {user} logged in from 10.0.0.7");
        }

        @Test
        void doesNotReportTextsThatHaveNothingInCommon() {
            for (String text : List.of("all is well", "call the plumber today", "yesterday", "buy bread"))
                task("note", json("text", text), Duration.ofMillis(1));
            assertThat(patterns()).isEmpty();
        }
    }

    @Nested
    class AverageDuration {
        @Test
        void isTheMeanOfWhatWasRecorded() {
            for (long millis : List.of(100L, 200L, 600L)) task("sync", json(), Duration.ofMillis(millis));
            assertThat(onlyPattern().averageDuration()).isEqualTo(Duration.ofMillis(300));
        }

        @Test
        void isTheTimeToTypeTheCommandWhereNoneWasRecorded() {
            // "make all" and the key that sends it are nine keystrokes of 0.28 s (Card, Moran and Newell 1980).
            for (int i = 0; i < 3; i++) shell("make", "all");
            assertThat(onlyPattern().averageDuration().toNanos() / 1e9).isEqualTo(2.52, within(1e-6));
        }
    }

    @Nested
    class WhenTheInputIsHostile {
        @Test
        void boundsWhatItKeepsOfMillionsOfShapes() {
            var detection = new RepetitiveTaskIdentifier().start(new Settings(3, Duration.ZERO, 100));
            for (int i = 0; i < 200_000; i++)
                detection.accept(new Task(
                        "t" + i,
                        "type" + i % 1000,
                        "",
                        json("k" + i, "v", "text", "some words " + Integer.toString(i, 36)),
                        START.plusSeconds(i),
                        Duration.ZERO,
                        true));
            assertThat(detection.finestGroups().stream().mapToInt(List::size).sum())
                    .isEqualTo(100);
            assertThat(detection.patterns(START)).isEmpty();
        }

        @Test
        void takesVeryLongAndEmptyAndDeepParameters() {
            Object deep = "x";
            for (int i = 0; i < 500; i++) deep = Map.of("in", deep);
            String text = "word ".repeat(100_000);
            for (int i = 0; i < 3; i++) {
                task("deep", json("value", deep), Duration.ZERO);
                task("long", json("value", text + i), Duration.ZERO);
                task("empty", json("value", "", "list", List.of(), "object", Map.of()), Duration.ZERO);
                task("unicode", json("value", "\uD83D\uDE00 \uE000 \u0000 " + i), Duration.ZERO);
            }
            assertThat(patterns()).extracting(TaskPattern::occurrences).containsExactly(3, 3, 3, 3);
        }
    }
}
