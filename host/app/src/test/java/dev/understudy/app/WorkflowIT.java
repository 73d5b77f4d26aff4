package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.StringJoiner;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A sequence of tasks becomes an automation of steps, which stops at a step that fails and goes on from there. */
@ExtendWith(HostInProcess.Closing.class)
class WorkflowIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> OTHER_TASKS = List.of(
            "ls", "ls -l", "cat todo.txt", "git status", "date", "df -h", "ps aux", "man tar", "head notes.txt", "pwd");

    @TempDir
    Path folder;

    private Launcher understudy;
    private Path work;
    private final StringJoiner history = new StringJoiner("\n", "", "\n");
    private Instant time = Instant.parse("2026-11-02T08:00:00Z");
    private int tasks;

    @BeforeEach
    void recordedDays() {
        work = folder.resolve("sales");
        understudy = new Launcher(folder.resolve("home"), folder).inThisProcess();
        var random = new Random(11);
        for (int day = 10; day < 18; day++) {
            for (int i = 0; i < 12; i++) did(OTHER_TASKS.get(random.nextInt(OTHER_TASKS.size())));
            String date = "2026-11-" + day;
            understudy.file("sales/in/sales-" + date + ".csv", "id,city\n1,Bonn\n");
            did("cp in/sales-" + date + ".csv work/" + date + ".csv");
            if (day % 2 == 0) did("ls -l");
            did("csvjson -I work/" + date + ".csv > work/" + date + ".json");
            did("cp work/" + date + ".json out/" + date + ".json");
        }
        for (String name : List.of("work", "out")) understudy.file("sales/" + name + "/.keep", "");
    }

    private void did(String command) {
        List<String> words = List.of(command.split(" "));
        time = time.plusSeconds(120);
        ObjectNode task = JSON.createObjectNode()
                .put("task_id", "t" + ++tasks)
                .put("task_type", words.getFirst())
                .put("description", command)
                .put("timestamp", time.toString())
                .put("duration_ms", 4000)
                .put("success", true);
        ObjectNode parameters = task.putObject("parameters").put("command", command);
        var arguments = parameters.putArray("arguments");
        words.stream().skip(1).forEach(arguments::add);
        parameters.put("working_directory", work.toString());
        history.add(task.toString());
    }

    private JsonNode json(String... arguments) throws IOException {
        Launcher.Result result = understudy.run(arguments);
        assertThat(result.out()).as(result.err()).startsWith("{");
        return JSON.readTree(result.out());
    }

    private static JsonNode sequence(JsonNode patterns) {
        for (JsonNode pattern : patterns) if (pattern.at("/kind").asText().equals("sequence")) return pattern;
        throw new AssertionError("no sequence in " + patterns);
    }

    private static JsonNode ofTemplate(JsonNode automations, String template) {
        for (JsonNode each : automations) if (each.at("/template").asText().equals(template)) return each;
        throw new AssertionError("none of template " + template + " in " + automations);
    }

    @Test
    void goesFromRecordedTasksToARunThatResumes() throws IOException {
        JsonNode learnt =
                json("learn", understudy.file("week.jsonl", history.toString()).toString(), "--json");

        JsonNode pattern = sequence(json("patterns", "--json").at("/patterns"));
        assertThat(pattern.at("/taskType").asText()).isEqualTo("cp → csvjson → cp");
        assertThat(pattern.at("/occurrences").asInt()).isEqualTo(8);
        assertThat(pattern.at("/steps").findValuesAsText("taskType")).containsExactly("cp", "csvjson", "cp");
        assertThat(pattern.at("/carriedOver").findValuesAsText("text")).contains("work/{date}.csv", "work/{date}.json");
        assertThat(pattern.at("/chance").asDouble()).isLessThan(0.001);

        JsonNode automation = ofTemplate(learnt.at("/automations"), "workflow_sequence");
        assertThat(automation.at("/rehearsal/passed").asInt())
                .isEqualTo(automation.at("/rehearsal/total").asInt())
                .isPositive();
        String id = automation.at("/id").asText();
        assertThat(understudy.run("automations", "approve", id).exitCode()).isZero();

        Path source = understudy.file("sales/in/sales-2026-12-01.csv", "id,city\n1,Bonn,too much\n");
        JsonNode failed = json("run", id, "-p", "date=2026-12-01", "--json");
        assertThat(failed.at("/outcome").asText()).isEqualTo("failed");
        assertThat(failed.at("/error").asText())
                .contains("the step 'convert_table' failed")
                .contains("--resume");
        assertThat(failed.at("/steps").findValuesAsText("outcome")).containsExactly("succeeded", "failed");
        assertThat(work.resolve("work/2026-12-01.csv")).exists();
        assertThat(work.resolve("out/2026-12-01.json")).doesNotExist();

        // Without its source the first step would fail if it ran again.
        Files.delete(source);
        Files.writeString(work.resolve("work/2026-12-01.csv"), "id,city\n1,Bonn\n");
        JsonNode resumed = json("run", id, "--resume", "--json");
        assertThat(resumed.at("/outcome").asText()).isEqualTo("succeeded");
        assertThat(resumed.at("/steps").findValuesAsText("outcome"))
                .containsOnly("succeeded")
                .hasSize(3);
        assertThat(JSON.readTree(work.resolve("out/2026-12-01.json").toFile())
                        .at("/0/city")
                        .asText())
                .isEqualTo("Bonn");

        // Of the two runs, the second took one step over from the first.
        JsonNode timed = json("workflows", "show", "automation:" + id, "--json");
        assertThat(timed.at("/executions/count").asInt()).isEqualTo(2);
        assertThat(timed.at("/executions/success_rate").asDouble()).isEqualTo(0.5);
        assertThat(timed.at("/steps").findValuesAsText("count")).containsExactlyInAnyOrder("1", "2", "1");
        assertThat(json("report", "--json").at("/workflows").findValuesAsText("workflow"))
                .contains("automation:" + id);

        Launcher.Result again = understudy.run("run", id, "--resume");
        assertThat(again.exitCode()).isEqualTo(2);
        assertThat(again.errorLines()).singleElement().asString().contains("nothing to resume");
    }
}
