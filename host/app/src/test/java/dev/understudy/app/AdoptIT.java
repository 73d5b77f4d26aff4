package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A script of one's own through its whole life, as a person types it. */
@Tag("slow")
@ExtendWith(HostInProcess.Closing.class)
class AdoptIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CASE =
            "# [[tests]]\n# params = { name = \"%s\" }\n# expect = { result = { hello = \"Ada\" } }\n";

    /** One data home for all: what is prepared on the first run is prepared once. */
    @TempDir
    static Path shared;

    @TempDir
    Path folder;

    private Launcher understudy;

    @BeforeEach
    void startInAnEmptyFolder() {
        understudy = new Launcher(shared.resolve("understudy"), folder).inThisProcess();
    }

    private Path write(String id, String tests) {
        return understudy.file(id + ".py", """
                # /// automation
                # id = "%s"
                # description = "Greets."
                # language = "python"
                # parameters.name = { type = "string", default = "Ada" }
                %s# ///
                def execute(params):
                    return {"hello": params["name"]}
                """.formatted(id, tests));
    }

    private JsonNode json(String... arguments) throws IOException {
        return JSON.readTree(understudy.run(arguments).out());
    }

    @Test
    void rehearsesApprovesRunsAndTakesAChangeAsANewVersion() throws IOException {
        write("greet", CASE.formatted("Ada"));
        assertThat(understudy.run("rehearse", "greet.py").err()).contains("'adopt greet.py' makes an automation");
        assertThat(understudy.run("adopt", ".").err()).contains("cannot be read: it is a folder");

        var adopted = understudy.run("adopt", "greet.py");
        assertThat(adopted.exitCode()).as(adopted.err()).isZero();
        assertThat(adopted.out()).contains("is an automation now", "1 of 1 cases", "automations approve greet");
        assertThat(understudy.run("automations", "approve", "greet").exitCode()).isZero();
        assertThat(understudy.run("run", "greet").exitCode()).isZero();
        assertThat(understudy.run("adopt", "greet.py").out()).contains("nothing changes");

        String trigger = "# reuse = false\n# triggers = [{ cron = \"0 9 * * MON\" }]\n";
        write("greet", trigger + CASE.formatted("Ada"));
        assertThat(understudy.run("adopt", "greet.py").out()).contains("has version 2", "version 1 runs");
        assertThat(understudy.run("automations", "show", "greet").out())
                .contains("1, which runs; version 2 is newer")
                .doesNotContain("# reuse = false");
        assertThat(understudy
                        .run("automations", "show", "greet", "--version", "2")
                        .out())
                .contains("2; version 1 runs", "# reuse = false", "automations approve greet")
                .containsPattern("(?m)^  triggers +cron 0 9 \\* \\* MON$");
        assertThat(understudy.run("automations", "approve", "greet").exitCode()).isZero();
        assertThat(understudy.run("automations", "show", "greet").out()).contains("2, which runs");
        assertThat(understudy
                        .run("automations", "approve", "greet", "--version", "1")
                        .exitCode())
                .isZero();
        assertThat(understudy.run("automations", "show", "greet").out())
                .contains("1, which runs; version 2 is newer")
                .doesNotContain("# reuse = false");
        assertThat(understudy
                        .run("automations", "approve", "greet", "--version", "3")
                        .err())
                .contains("has no version 3");
        assertThat(understudy.run("automations", "approve", "greet").exitCode()).isZero();
        assertThat(understudy.run("automations", "rollback", "greet").exitCode())
                .isZero();

        assertThat(understudy.run("automations", "pause", "greet").out()).contains("until you resume its triggers");
        assertThat(understudy.run("automations", "show", "greet").out()).containsPattern("triggers\\s+paused");
        assertThat(understudy.run("automations", "resume", "greet").exitCode()).isZero();
        assertThat(understudy.run("automations", "show", "greet").out()).doesNotContain("paused");

        assertThat(understudy.run("automations", "export", "greet", "out").exitCode())
                .isZero();
        assertThat(folder.resolve("out/greet.py")).hasSameBinaryContentAs(folder.resolve("greet.py"));
        assertThat(json("adopt", "out/greet.py", "--json")
                        .at("/adopted/0/change")
                        .asText())
                .isEqualTo("none");
        assertThat(json("automations", "--deployed", "--json")
                        .at("/automations/0/id")
                        .asText())
                .isEqualTo("greet");
    }

    @Test
    void saysThatARehearsalWithoutTestsProvesLittle() {
        write("bare", "");
        assertThat(understudy.run("adopt", "bare.py").out()).contains("proves little");
    }

    @Test
    void letsAPersonApproveNineOfTenAfterShowingWhatFailedAndNoFewer() throws IOException {
        write("nine", CASE.formatted("Ada").repeat(9) + CASE.formatted("Bob"));
        assertThat(json("test", "nine.py", "--json")
                        .at("/validation/deployable")
                        .asBoolean())
                .isTrue();
        var adopted = json("adopt", "nine.py", "--json").at("/adopted/0/automation");
        assertThat(adopted.at("/rehearsal/deployable").asBoolean()).isTrue();
        var approved = understudy.run("automations", "approve", "nine");
        assertThat(approved.exitCode()).as(approved.err()).isZero();
        assertThat(approved.out()).contains("failed ", "at least 90.0 %", "runs from now on");

        write("eight", CASE.formatted("Ada").repeat(8) + CASE.formatted("Bob").repeat(2));
        assertThat(understudy.run("adopt", "eight.py").exitCode()).isEqualTo(1);
        var refused = understudy.run("automations", "approve", "eight");
        assertThat(refused.exitCode()).isEqualTo(4);
        assertThat(refused.err()).contains("8 of 10 cases, fewer than 90.0 %");
    }

    @Test
    void testsSeveralFilesInOneBatch() throws IOException {
        write("one", CASE.formatted("Ada"));
        write("two", CASE.formatted("Bob"));
        var both = understudy.run("test", "one.py", "two.py", "--json", "--junit", "report.xml");
        assertThat(both.exitCode()).isEqualTo(1);
        assertThat(JSON.readTree(both.out()).at("/suites")).hasSize(2);
        assertThat(Files.readString(folder.resolve("report.xml"))).contains("one", "two");
    }

    @Test
    void adoptsFromAWatchedFolderWhileItIsUp() throws IOException {
        Path scripts = Files.createDirectories(folder.resolve("scripts"));
        Path config = understudy.file("config.yaml", """
                automations: { watch: [%s] }
                triggers: { webhook_port: 0 }
                dashboard: { enabled: false }
                performance_analysis: { otlp_port: 0 }
                """.formatted(scripts));
        try (var up = UpProcess.start(understudy, config)) {
            Files.move(write("kept", CASE.formatted("Ada")), scripts.resolve("kept.py"));
            assertThat(up.await("automation_changed", "kept").path("text").asText())
                    .contains("adopted as a draft");
        }
        assertThat(json("automations", "show", "kept", "--json").path("state").asText())
                .isEqualTo("draft");
    }

    /** A script as people have them: words on its command line, no metadata (issue 14). */
    @Test
    void writesTheHeadOfAScriptThatHasNone() throws IOException {
        Path letters = Files.createDirectories(folder.resolve("letters"));
        Files.writeString(letters.resolve("a.txt"), "two\nlines\n");
        understudy.file("count-lines.sh", """
                #!/bin/bash
                # Counts the lines of a text.
                file=$1
                wc -l < "$file" > "%s/count.txt"
                """.formatted(letters));

        var adopted = understudy.run("adopt", "count-lines.sh");

        assertThat(adopted.out())
                .contains(
                        "It has no metadata, so these were written",
                        "language = \"bash\"",
                        "reads = [\"{file}\"], writes = [\"%s/count.txt\"], programs = [\"wc\"]".formatted(letters),
                        "parameters.file = { type = \"path\"");
        assertThat(understudy.run("adopt", "count-lines.sh").out()).contains("nothing changes");
        assertThat(json("automations", "show", "count-lines", "--json")
                        .at("/description")
                        .asText())
                .isEqualTo("Counts the lines of a text.");
        Path exported = folder.resolve("out");
        assertThat(understudy
                        .run("automations", "export", "count-lines", exported.toString())
                        .exitCode())
                .isZero();
        var ran = understudy.run(
                "run", exported.resolve("count-lines.sh").toString(), "-p", "file=" + letters.resolve("a.txt"));
        assertThat(ran.exitCode()).as(ran.err()).isZero();
        assertThat(letters.resolve("count.txt")).hasContent("2");
    }
}
