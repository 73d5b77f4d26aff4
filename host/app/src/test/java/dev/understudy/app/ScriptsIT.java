package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The ready-made automations: each is without mistakes, lists test cases, and passes them. */
@Tag("slow")
@ExtendWith(HostInProcess.Closing.class)
class ScriptsIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path SCRIPTS = Launcher.ROOT.resolve("scripts");

    @TempDir
    static Path folder;

    private static Launcher understudy;

    @BeforeAll
    static void startWithAnEmptyHome() throws IOException {
        understudy = new Launcher(folder.resolve("understudy"), Files.createDirectory(folder.resolve("work")))
                .inThisProcess();
    }

    static List<Path> scripts() throws IOException {
        try (Stream<Path> files = Files.list(SCRIPTS)) {
            return files.filter(file -> file.toString().matches(".*\\.(py|js|sh|applescript)"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void areAtLeastTenInAllFourLanguagesAndEachIsInTheReadme() throws IOException {
        String readme = Files.readString(SCRIPTS.resolve("README.md"));

        assertThat(scripts()).hasSizeGreaterThanOrEqualTo(10);
        assertThat(scripts().stream().map(file -> file.toString().replaceAll(".*\\.", "")))
                .contains("py", "js", "sh", "applescript");
        assertThat(scripts()).allSatisfy(file -> assertThat(readme).contains("`" + file.getFileName() + "`"));
    }

    @Test
    void haveNoMistakes() throws IOException {
        var command = new ArrayList<>(List.of("check", "--json"));
        for (Path script : scripts()) command.add(script.toString());
        var result = understudy.run(command.toArray(String[]::new));

        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        for (JsonNode file : JSON.readTree(result.out()).path("files"))
            assertThat(file.path("unchecked").isNull())
                    .as("%s", file)
                    .isEqualTo(!file.path("file").asText().endsWith(".applescript"));
    }

    static List<Path> runnableHere() throws IOException {
        return scripts().stream()
                .filter(file -> !file.toString().endsWith(".applescript"))
                .toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("runnableHere")
    void passTheirTestCases(Path script) throws IOException {
        var result = understudy.run("test", script.toString(), "--json");
        JsonNode json = JSON.readTree(result.out());

        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(json.path("passed").asInt()).isPositive();
    }

    @Test
    void digestARealRepository() throws IOException, InterruptedException {
        Path repository = Files.createDirectories(folder.resolve("repository"));
        Path digest = folder.resolve("digest.md");
        git(repository, "init", "-q");
        Files.writeString(repository.resolve("a.txt"), "one\ntwo\n");
        git(repository, "add", ".");
        git(repository, "-c", "user.name=Ada", "-c", "user.email=ada@x.org", "commit", "-q", "-m", "Begin");

        var result = understudy.run(
                "run",
                SCRIPTS.resolve("git-digest.sh").toString(),
                "-p",
                "repository=" + repository,
                "-p",
                "digest=" + digest);

        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(digest).content().contains("# repository: 1 commits", "**Ada**: Begin", "- a.txt: 2 lines");
    }

    private static void git(Path repository, String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        Process git = new ProcessBuilder(command)
                .directory(repository.toFile())
                .inheritIO()
                .start();
        assertThat(git.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(git.exitValue()).isZero();
    }
}
