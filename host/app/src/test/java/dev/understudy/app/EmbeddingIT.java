package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Understudy inside another program, which is a process of its own over the jars that are shipped (issue 14). */
@Tag("slow")
class EmbeddingIT {
    private static final Path EXAMPLE = Launcher.ROOT.resolve("scripts/samples/Embedding.java");

    private static final Path REPL = Launcher.ROOT.resolve("scripts/samples/EmbeddedRepl.java");

    @TempDir
    Path folder;

    private record Ended(int exitCode, String out, String err) {}

    private Ended java(List<String> options, Path program, String... arguments) throws Exception {
        return java("", options, program, arguments);
    }

    /** @param typed on its standard input */
    private Ended java(String typed, List<String> options, Path program, String... arguments) throws Exception {
        var command = new ArrayList<String>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        // Those that the documents name for an embedding program; what the JVM says of its libraries is no log line.
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(options);
        command.addAll(List.of(
                "-cp",
                Launcher.ROOT.resolve("host/app/target/understudy/lib") + "/*",
                program.toString(),
                ".",
                folder.resolve("data").toString()));
        command.addAll(List.of(arguments));
        Path out = folder.resolve("out.txt");
        Path err = folder.resolve("err.txt");
        Process process = new ProcessBuilder(command)
                .directory(Launcher.ROOT.toFile())
                .redirectInput(
                        Files.writeString(folder.resolve("in.txt"), typed).toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
        return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    private Path reports() throws IOException {
        Path files = Files.createDirectory(folder.resolve("files"));
        Files.createDirectory(files.resolve("kept"));
        for (int day = 1; day <= 6; day++) Files.writeString(files.resolve("report-" + day + ".csv"), day + "\n");
        return files;
    }

    @Test
    void goesFromRepetitionToAnAutomationThatRuns() throws Exception {
        Path files = reports();

        Ended ended = java(List.of(), EXAMPLE, files.toString());

        assertThat(ended.exitCode()).as(ended.err()).isZero();
        assertThat(ended.out()).contains("5 times, potential 9", "5 of 5 cases", "Succeeded", "automationsDeployed=1");
        assertThat(files.resolve("kept/report-6.csv")).hasContent("6");
        // PF4J and Flyway wrote about ninety lines here.
        assertThat(ended.err()).isEmpty();
    }

    /** What a program asks for itself it gets. */
    @Test
    void logsWhereTheProgramAsksForIt() throws Exception {
        Path program = Files.writeString(folder.resolve("Asking.java"), """
                void main(String[] args) {
                    var logger = java.util.logging.Logger.getLogger("org.flywaydb");
                    logger.setLevel(java.util.logging.Level.INFO);
                    var home = dev.understudy.core.config.DataHome.open(java.nio.file.Path.of(args[1]));
                    var installation = dev.understudy.core.sandbox.Installation.at(
                            java.nio.file.Path.of(args[0], "host/app/target/understudy"),
                            java.nio.file.Path.of(args[0], "templates"));
                    try (var understudy = dev.understudy.core.Understudy.open(
                            installation, home, dev.understudy.core.config.Config.DEFAULT)) {
                        IO.println(understudy.patterns().size());
                    }
                }
                """);

        Ended ended = java(List.of(), program);

        assertThat(ended.exitCode()).as(ended.err()).isZero();
        assertThat(ended.err()).contains("INFO").doesNotContain("org.pf4j");
    }

    /** In five lines. */
    @Test
    void hasTheReplOnItsOwnTerminal() throws Exception {
        Ended ended = java("""
                let n = 6
                n * 7
                understudy.plugins.length > 3
                %py
                f"{2 ** 10}"
                """, List.of(), REPL);

        assertThat(ended.exitCode()).as(ended.err()).isZero();
        assertThat(ended.out()).contains("js in a sandbox", "42", "true", "1024");
        String example = Files.readString(REPL);
        String body = example.substring(example.indexOf("    var installation"), example.lastIndexOf("}"));
        assertThat(body.lines().count()).isEqualTo(5);
        assertThat(Files.readString(Launcher.ROOT.resolve("host/app/docs/embedding.md")))
                .contains(body);
    }

    @Test
    void isTheExampleThatTheDocumentsShow() throws IOException {
        String example = Files.readString(EXAMPLE);
        String shown = example.substring(example.indexOf("void main"));
        assertThat(Files.readString(Launcher.ROOT.resolve("host/app/docs/embedding.md")))
                .contains(shown);
        String body = shown.substring(shown.indexOf("try ("), shown.lastIndexOf("}\n}"));
        assertThat(body.lines().count()).isLessThanOrEqualTo(20);
    }
}
