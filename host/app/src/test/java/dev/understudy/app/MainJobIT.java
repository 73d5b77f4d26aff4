package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The main job from end to end, through the launcher: learn, look, rehearse, approve, run. */
@ExtendWith(HostInProcess.Closing.class)
class MainJobIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static JsonNode json(Launcher.Result result) throws IOException {
        assertThat(result.exitCode()).as(result.err()).isZero();
        return JSON.readTree(result.out());
    }

    /** Learnt once; a test that changes anything takes it back. */
    @Nested
    class AHistoryInWhichFilesWereCopiedOneByOne {
        @TempDir
        static Path folder;

        private static Path work;
        private static Launcher understudy;
        private static JsonNode learnt;

        @BeforeAll
        static void learn() throws IOException {
            work = Files.createDirectory(folder.resolve("work"));
            understudy = new Launcher(folder.resolve("understudy"), work).inThisProcess();
            Files.createDirectories(work.resolve("bak"));
            var history = new StringBuilder();
            for (int i = 0; i < 8; i++) {
                understudy.file("notes/note" + i + ".txt", "note " + i + "\n");
                history.append("#").append(1_763_000_000 + 600 * i).append('\n');
                history.append("cp %1$s/notes/note%2$d.txt %1$s/bak/note%2$d.txt%n".formatted(work, i));
                history.append("#").append(1_763_000_005 + 600 * i).append("\nls -l\n");
            }
            understudy.file("bash_history", history.toString());
            learnt = json(understudy.run("learn", "bash_history", "--json"));
        }

        private String automation() {
            assertThat(learnt.at("/automations")).as(learnt.toPrettyString()).hasSize(1);
            return learnt.at("/automations/0/id").asText();
        }

        @Test
        void becomesOnePatternWithOneVariable() {
            assertThat(learnt.at("/tasks/imported").asInt()).isEqualTo(16);
            JsonNode copying = StreamSupport.stream(learnt.at("/patterns").spliterator(), false)
                    .filter(pattern -> pattern.at("/taskType").asText().equals("cp"))
                    .findFirst()
                    .orElseThrow();
            assertThat(copying.at("/occurrences").asInt()).isEqualTo(8);
            assertThat(copying.at("/variables")).hasSize(1);
            double sum = copying.at("/parts/frequency").asDouble()
                    + copying.at("/parts/timeSavings").asDouble()
                    + copying.at("/parts/recency").asDouble();
            assertThat(copying.at("/automationPotential").asDouble())
                    .isCloseTo(sum, org.assertj.core.data.Offset.offset(0.011));
        }

        @Test
        void givesAnAutomationThatHasPassedItsRehearsalAndLeftTheFilesAlone() throws IOException {
            assertThat(automation()).isNotBlank();
            assertThat(learnt.at("/automations/0/template").asText()).isEqualTo("file_operation");
            assertThat(learnt.at("/automations/0/state").asText()).isEqualTo("rehearsed");
            assertThat(learnt.at("/automations/0/rehearsal/passed").asInt())
                    .isPositive()
                    .isEqualTo(learnt.at("/automations/0/rehearsal/total").asInt());
            try (var files = Files.list(work.resolve("bak"))) {
                assertThat(files).isEmpty();
            }
        }

        @Test
        void rejectsWhatOnlyLooks() {
            assertThat(learnt.at("/rejected").findValuesAsText("reason"))
                    .anyMatch(reason -> reason.contains("only looks"));
        }

        @Test
        void runsItOnlyOnceApprovedAndThenReallyCopiesTheFile() throws IOException {
            String id = automation();
            JsonNode shown = json(understudy.run("automations", "show", id, "--json"));
            String parameter = learnt.at("/patterns/0/variables/0/name").asText();
            assertThat(shown.at("/parameters").findValuesAsText("name")).contains(parameter);
            String value = valueFor(learnt.at("/patterns/0/variables/0/values"), "3");

            var unapproved = understudy.run("run", id, "-p", parameter + "=" + value);
            assertThat(unapproved.exitCode()).isEqualTo(4);
            assertThat(unapproved.err()).contains("approve");
            assertThat(work.resolve("bak/note3.txt")).doesNotExist();

            assertThat(understudy.run("automations", "approve", id).exitCode()).isZero();
            JsonNode run = json(understudy.run("run", id, "-p", parameter + "=" + value, "--json"));
            assertThat(run.at("/outcome").asText()).isEqualTo("succeeded");
            assertThat(run.at("/changes/0/path").asText())
                    .isEqualTo(work.resolve("bak/note3.txt").toString());
            assertThat(run.at("/changes/0/kind").asText()).isEqualTo("created");
            assertThat(work.resolve("bak/note3.txt")).hasContent("note 3\n");
            String runId = json(understudy.run("undo", "--list", "--json"))
                    .at("/runs/0/runId")
                    .asText();
            assertThat(understudy.run("undo", runId).exitCode()).isZero();
            assertThat(work.resolve("bak/note3.txt")).doesNotExist();
            assertThat(understudy.run("automations", "suspend", id).exitCode()).isZero();
        }

        /** The observed value that stands for the note of this number. */
        private static String valueFor(JsonNode values, String number) {
            for (JsonNode value : values) if (value.asText().endsWith(number)) return value.asText();
            throw new AssertionError("no value for note " + number + " in " + values);
        }

        @Test
        void addsNothingWhenLearntASecondTime() throws IOException {
            JsonNode again = json(understudy.run("learn", "bash_history", "--json"));
            assertThat(again.at("/tasks/imported").asInt()).isZero();
            assertThat(again.at("/automations")).hasSize(1);
            assertThat(again.at("/automations/0/id").asText()).isEqualTo(automation());
        }
    }

    /** Learnt anew by each test; but what was rehearsed once need not be again. */
    @Nested
    class TheSampleWeek {
        @TempDir
        static Path folder;

        private static Launcher understudy;

        @BeforeAll
        static void startWithAnEmptyHome() throws IOException {
            Path work = Files.createDirectory(folder.resolve("work"));
            understudy = new Launcher(folder.resolve("understudy"), work).inThisProcess();
        }

        @Test
        void leadsToFileAndDataAutomationsThatAllPassTheirRehearsals() throws IOException {
            JsonNode learnt = json(understudy.run(
                    "learn", Launcher.ROOT.resolve("scripts/samples/week.jsonl").toString(), "--json"));
            var templates = learnt.at("/automations").findValuesAsText("template");
            assertThat(templates).contains("file_operation", "data_processing").hasSizeBetween(4, 10);
            for (JsonNode automation : learnt.at("/automations")) {
                assertThat(automation.at("/rehearsal/passed").asInt())
                        .as(automation.at("/id").asText())
                        .isPositive()
                        .isEqualTo(automation.at("/rehearsal/total").asInt());
            }
            assertThat(learnt.at("/rejected")).isNotEmpty();
        }

        @Test
        void readsWellAndNamesTheNextCommand() {
            var result = understudy
                    .inProcesses()
                    .run(
                            "learn",
                            Launcher.ROOT.resolve("scripts/samples/week.jsonl").toString());
            assertThat(result.exitCode()).as(result.err()).isZero();
            assertThat(result.out()).contains("understudy automations approve ");
            // The commands to copy stand on one line each, however long the paths in them are.
            assertThat(result.out().lines().filter(line -> !line.contains("understudy --home")))
                    .allMatch(line -> line.codePointCount(0, line.length()) <= 120);
        }
    }

    /** Daily work that nearly repeats: it is said what would show it (issue 12). */
    @Nested
    class AHistoryInWhichNothingRepeatsOftenEnough {
        @Test
        void saysWhatCameNearestAndWhichSettingWouldShowIt(@TempDir Path folder) throws IOException {
            Path work = Files.createDirectory(folder.resolve("work"));
            var understudy = new Launcher(folder.resolve("understudy"), work).inThisProcess();
            var history = new StringBuilder();
            for (int day = 0; day < 2; day++)
                for (String command : List.of("git pull", "ls", "make part" + day))
                    history.append("#")
                            .append(1_763_000_000 + 86_400 * day + history.length())
                            .append('\n')
                            .append(command)
                            .append('\n');
            understudy.file("bash_history", history.toString());
            var learnt = understudy.run("learn", "bash_history");
            assertThat(learnt.exitCode()).as(learnt.err()).isZero();
            assertThat(learnt.out())
                    .contains("git pull: on 2 days; repetitive_task_detection.recurring_days: 2 would show it")
                    .doesNotContain("ls: on 2 days");
        }
    }
}
