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
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code understudy plugins dev}: a person saves a class of their plugin, and the host that runs has it. Maven itself is tried
 * where projects are built; here {@code mvnw} of the project is a script that calls the compiler, which takes less long.
 */
@Tag("slow")
class PluginDevIT {
    private static final long PATIENCE_SECONDS = 60;
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    private Launcher understudy;

    @BeforeEach
    void startInAnEmptyFolder() {
        understudy = new Launcher(folder.resolve("understudy"), folder);
    }

    private void read(Process process) {
        try (var out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) lines.add(line);
        } catch (IOException _) {
            // It was killed.
        }
    }

    private JsonNode next() throws Exception {
        String line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(line).as("a line within " + PATIENCE_SECONDS + " s").isNotNull();
        return JSON.readTree(line);
    }

    private void write(String detectorName, String rest) {
        understudy.file("greet/src/main/java/Greet.java", """
                import dev.understudy.spi.*; import java.time.*; import java.util.*; import org.pf4j.*;
                @Extension public class Greet implements PatternDetector {
                    public String name() { return "%s"; }
                    public Detection start(Settings settings) {
                        return new Detection() {
                            public void accept(Task task) { %s }
                            public List<TaskPattern> patterns(Instant now) { return List.of(); }
                        };
                    }
                }
                """.formatted(detectorName, rest));
    }

    private void project() {
        understudy.file("greet/pom.xml", "<project/>");
        understudy.file("greet/MANIFEST", """
                Plugin-Id: greet
                Plugin-Version: 1.0.0
                Plugin-Requires: >=1.0.0 & <2.0.0
                """);
        String java = System.getProperty("java.home") + "/bin/";
        Path wrapper = understudy.file("greet/mvnw", """
                #!/bin/sh
                rm -rf target; mkdir -p target/classes
                %1$sjavac -d target/classes -cp '%2$s' -proc:full -Xlint:none src/main/java/Greet.java >target/log 2>&1 || {
                  sed 's/^/[ERROR] /' target/log; echo "[ERROR] again -> [Help 1]"; exit 1; }
                %1$sjar --create --file target/greet.jar --manifest MANIFEST -C target/classes .
                """.formatted(java, System.getProperty("java.class.path")));
        assertThat(wrapper.toFile().setExecutable(true)).isTrue();
    }

    @Test
    void buildsAtEachSaveAndSwapsTheJarInTheHostThatRuns() throws Exception {
        understudy.file("config.yaml", """
                triggers: { webhook_port: 0, grace_seconds: 0 }
                dashboard: { enabled: false }
                performance_analysis: { otlp_port: 0, otlp_grpc_port: 0 }
                """);
        project();
        write("hello", "");
        try (var up = UpProcess.start(understudy, folder.resolve("config.yaml"))) {
            Process dev = understudy.start("plugins", "dev", "greet", "--json");
            Thread.ofPlatform().daemon().start(() -> read(dev));
            try {
                JsonNode first = next();
                assertThat(first.path("built").asBoolean()).as(first.toString()).isTrue();
                assertThat(first.path("plugin").path("state").asText()).isEqualTo("started");
                assertThat(first.at("/plugin/provides/PatternDetector/0").asText())
                        .isEqualTo("hello");
                assertThat(up.await("plugin_changed").path("text").asText()).isEqualTo("The plugin greet is started");

                write("good_day", "");
                JsonNode second = next();
                assertThat(second.at("/plugin/provides/PatternDetector/0").asText())
                        .isEqualTo("good_day");
                assertThat(second.path("changes")).extracting(JsonNode::asText).containsExactly("changed Greet");
                assertThat(second.path("remains")).isEmpty();
                assertThat(up.await("plugin_changed").path("text").asText()).isEqualTo("The plugin greet is started");

                // What does not compile leaves the last one in its place.
                write("worse", "no such thing");
                JsonNode third = next();
                assertThat(third.path("built").asBoolean()).isFalse();
                assertThat(third.path("problems"))
                        .extracting(JsonNode::asText)
                        .anyMatch(line -> line.contains("Greet.java:6: error"))
                        .noneMatch(line -> line.contains("Help 1"));
                assertThat(understudy.run("plugins", "list").out()).contains("PatternDetector: good_day");

                new ProcessBuilder("kill", "-INT", Long.toString(dev.pid()))
                        .start()
                        .waitFor();
                assertThat(dev.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
                assertThat(dev.exitValue()).isEqualTo(130);
            } finally {
                dev.destroyForcibly();
            }
        }
        assertThat(understudy.run("log").out()).contains("plugin approved", "plugin greet");
    }

    @Test
    void refusesAFolderThatIsNoProjectInOneLine() throws Exception {
        Files.createDirectory(folder.resolve("empty"));

        var refused = understudy.run("plugins", "dev", "empty");
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.errorLines()).singleElement().asString().contains("empty", "it has no pom.xml");
    }
}
