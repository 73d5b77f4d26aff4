package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code understudy dev}: a person saves a script and sees what it does (issue 17). */
@Tag("slow")
class DevIT {
    private static final long PATIENCE_SECONDS = 60;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String GOOD = """
            # /// automation
            # id = "count"
            # description = "Counts."
            # language = "python"
            # grants = { writes = ["~/out.txt"] }
            #
            # [[tests]]
            # name = "counts"
            # expect = { result = { lines = 2 } }
            # ///
            def execute(params):
                print("counting")
                understudy.files.write("~/out.txt", "two\\n")
                return {"lines": 2}
            """;

    @TempDir
    Path folder;

    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    private void read(Process process) {
        try (var out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) lines.add(line);
        } catch (IOException _) {
            // It was killed.
        }
    }

    /** The lines up to one that says this. */
    private List<String> await(String text) throws InterruptedException {
        var seen = new ArrayList<String>();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            String line = lines.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (line == null) throw new AssertionError("no '" + text + "' in " + seen);
            seen.add(line);
            if (line.contains(text)) return seen;
        }
    }

    @Test
    void showsAtEachSaveWhatTheScriptDoesThenAndEndsOnCtrlC() throws Exception {
        Path work = Files.createDirectory(folder.resolve("work"));
        var understudy = new Launcher(folder.resolve("understudy"), work);
        Path script = understudy.file("count.py", GOOD);
        Process process = understudy.start("dev", "count.py");
        Thread.ofPlatform().daemon().start(() -> read(process));
        try {
            assertThat(await("1 of 1 cases passed"))
                    .anyMatch(line -> line.startsWith("count.py  "))
                    .anyMatch(line -> line.startsWith("passed counts  "))
                    .contains("  counting", "  → {\"lines\":2}")
                    .anyMatch(line -> line.startsWith("  + created ~/out.txt"))
                    .contains("    +two");

            understudy.file("count.py", GOOD.replace("return {\"lines\": 2}", "return {\"lines\": no}"));
            assertThat(await("0 of 1 cases passed"))
                    .anyMatch(line -> line.startsWith("failed counts  "))
                    .anyMatch(line -> line.contains("name 'no' is not defined"))
                    .anyMatch(line -> line.startsWith("  count.py:14"))
                    .anyMatch(line -> line.contains("return {\"lines\": no}"));

            // As editors do that write a new file and put it in the place of the old.
            Path next = understudy.file("count.py.new", GOOD.replace("def execute(params):", "def execute(params)"));
            Files.move(next, script, StandardCopyOption.REPLACE_EXISTING);
            assertThat(await("not run: it has mistakes"))
                    .anyMatch(line -> line.startsWith("count.py:11:") && line.contains("syntax error"));

            Files.delete(script);
            await("not run: ");

            // One that does not end is given up for the next save.
            String endless = GOOD.replace("return", "\n    while True: pass\n    return");
            understudy.file("count.py", endless);
            await("count.py  ");
            understudy.file("count.py", GOOD.replace("lines = 2", "lines = 3"));
            assertThat(await("0 of 1 cases passed")).anyMatch(line -> line.contains("3"));

            new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                    .start()
                    .waitFor();
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(130);
            assertThat(folder.resolve("user/out.txt")).doesNotExist();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void tellsAProgramOfEachSaveInALineOfJson() throws Exception {
        Path work = Files.createDirectory(folder.resolve("work"));
        var understudy = new Launcher(folder.resolve("understudy"), work);
        understudy.file("count.py", GOOD);
        Process process = understudy.start("dev", "count.py", "--json");
        Thread.ofPlatform().daemon().start(() -> read(process));
        try {
            JsonNode good = JSON.readTree(await("{").getLast());
            assertThat(good.path("ok").asBoolean()).as(good.toString()).isTrue();
            assertThat(good.at("/cases/0/name").asText()).isEqualTo("counts");
            assertThat(good.at("/cases/0/run/result/lines").asInt()).isEqualTo(2);
            assertThat(good.at("/cases/0/run/changes"))
                    .anyMatch(change -> change.path("path").asText().endsWith("/out.txt"));

            understudy.file("count.py", GOOD.replace("lines = 2", "lines = 3"));
            JsonNode failed = JSON.readTree(await("{").getLast());
            assertThat(failed.path("ok").asBoolean()).isFalse();
            assertThat(failed.at("/cases/0/problems")).isNotEmpty();

            understudy.file("count.py", GOOD.replace("def execute(params):", "def execute(params)"));
            JsonNode mistaken = JSON.readTree(await("{").getLast());
            assertThat(mistaken.at("/mistakes/0/line").asInt()).isEqualTo(11);
            assertThat(mistaken.has("cases")).isFalse();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void refusesWhatIsNoFileInOneLine() {
        var understudy = new Launcher(folder.resolve("understudy"), folder);

        var refused = understudy.run("dev", "nothing.py");
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.errorLines()).singleElement().asString().contains("nothing.py", "no such file");
    }
}
