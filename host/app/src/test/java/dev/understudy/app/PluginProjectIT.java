package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a stranger does who has the program and Maven, and nothing of its sources: begin a plugin, build it, drop it in. */
@Tag("slow")
class PluginProjectIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final List<String> POINTS = List.of(
            "TaskSource",
            "PatternDetector",
            "AutomationTemplate",
            "BottleneckDetector",
            "DegradationPredictor",
            "RecommendationRule",
            "OptimizerStrategy",
            "ParameterTarget",
            "WorkloadDetector",
            "NotificationSink");

    /** What Maven fetches for all, once; not the person's, in which what is tested must not stay. */
    @TempDir
    static Path fetched;

    @TempDir
    Path folder;

    private Launcher understudy;

    @BeforeEach
    void startInAnEmptyFolder() {
        understudy = new Launcher(folder.resolve("understudy"), folder);
    }

    @Test
    void aProjectForEveryExtensionPointPassesItsContractAndIsListedOnceItsJarIsDroppedIn() throws Exception {
        Map<String, String> ids = new LinkedHashMap<>();
        for (String point : POINTS) {
            String id = "my-" + point.toLowerCase(java.util.Locale.ROOT);
            ids.put(id, point);
            var begun = understudy.run("new", "plugin", id, "--point", point);
            assertThat(begun.exitCode()).as(begun.err()).isZero();
        }
        // All in one Maven, which starts slowly; each project is whole by itself, as the other test shows.
        understudy.file("pom.xml", """
                <project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
                  <groupId>all</groupId><artifactId>all</artifactId><version>1</version><packaging>pom</packaging>
                  <modules>%s</modules></project>
                """.formatted(
                ids.keySet().stream().map(id -> "<module>" + id + "</module>").collect(Collectors.joining())));
        build(folder);

        Path plugins = Files.createDirectories(understudy.home().resolve("plugins"));
        for (String id : ids.keySet()) {
            assertThat(testsRun(folder.resolve(id))).as("tests of " + id).isGreaterThan(2);
            Files.copy(folder.resolve(id + "/target/" + id + ".jar"), plugins.resolve(id + ".jar"));
        }
        for (String id : ids.keySet()) {
            var approved = understudy.run("plugins", "approve", id);
            assertThat(approved.exitCode()).as(approved.out() + approved.err()).isZero();
        }
        JsonNode listed =
                JSON.readTree(understudy.run("plugins", "list", "--json").out()).path("plugins");
        ids.forEach((id, point) -> assertThat(listed)
                .as(id)
                .filteredOn(plugin -> plugin.path("id").asText().equals(id))
                .singleElement()
                .satisfies(plugin -> {
                    assertThat(plugin.path("state").asText()).isEqualTo("started");
                    assertThat(plugin.path("provides").has(point)).isTrue();
                }));
    }

    @Test
    void aProjectIsBuiltInItsOwnFolderByOneCommandAndInstalled() throws Exception {
        var begun = understudy.run("new", "plugin", "backups", "--point", "workloaddetector");
        assertThat(begun.out()).contains("(cd backups && mvn package)", "plugins install backups/target/backups.jar");
        build(folder.resolve("backups"));

        var installed = understudy.run("plugins", "install", "backups/target/backups.jar");
        assertThat(installed.exitCode()).as(installed.err()).isZero();
        assertThat(installed.out()).contains("started", "WorkloadDetector: backups");
    }

    @Test
    void nothingIsOverwrittenAndWhatCannotBeIsRefusedInOneLine() {
        assertThat(understudy.run("new", "plugin", "mine", "--point", "Sorcery").errorLines())
                .singleElement()
                .asString()
                .contains("There is no extension point 'Sorcery'", "PatternDetector, AutomationTemplate");
        assertThat(understudy
                        .run("new", "plugin", "new", "--point", "TaskSource")
                        .errorLines())
                .singleElement()
                .asString()
                .contains("a word of Java", "my-new");
        understudy.file("taken/pom.xml", "mine");
        var taken = understudy.run("new", "plugin", "taken", "--point", "TaskSource");
        assertThat(taken.exitCode()).isEqualTo(2);
        assertThat(taken.errorLines()).singleElement().asString().contains("taken exists already");
        assertThat(folder.resolve("taken/pom.xml")).hasContent("mine");
    }

    /**
     * Runs Maven as it is on this machine. Its local repository is an empty one; what this project's own build has fetched
     * is taken from where it lies, and what is not there from Central.
     */
    private void build(Path project) throws IOException, InterruptedException {
        Path settings = Files.writeString(folder.resolve("settings.xml"), """
                <settings><profiles><profile><id>near</id>
                  <repositories><repository><id>near</id><url>%1$s</url></repository></repositories>
                  <pluginRepositories><pluginRepository><id>near</id><url>%1$s</url></pluginRepository></pluginRepositories>
                </profile></profiles><activeProfiles><activeProfile>near</activeProfile></activeProfiles></settings>
                """.formatted(
                Path.of(System.getProperty("user.home"), ".m2/repository").toUri()));
        Path log = folder.resolve("maven.log");
        Process maven = new ProcessBuilder(
                        "mvn", "-B", "-q", "-s", settings.toString(), "-Dmaven.repo.local=" + fetched, "package")
                .directory(project.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertThat(maven.waitFor()).as(Files.readString(log)).isZero();
    }

    private static int testsRun(Path project) throws IOException {
        try (var reports = Files.list(project.resolve("target/surefire-reports"))) {
            return reports.filter(report -> report.toString().endsWith(".txt"))
                    .mapToInt(report -> Integer.parseInt(read(report).replaceAll("(?s).*Tests run: (\\d+),.*", "$1")))
                    .sum();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
