package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ManPageTest {
    @TempDir
    Path folder;

    private static CommandLine commandLine() {
        var silent = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        return CommandLineInterface.create(new Console(silent, silent, false, Map.of()));
    }

    private record Formatted(String text, String warnings) {}

    private Formatted formatted(String page) throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("understudy.1"), page);
        Path warnings = folder.resolve("warnings");
        Process process = new ProcessBuilder(List.of(
                        "groff",
                        "-man",
                        "-Tutf8",
                        "-Kutf8",
                        "-ww",
                        "-Wbreak",
                        "-rLL=100n",
                        "-P-c",
                        "-P-b",
                        "-P-u",
                        file.toString()))
                .redirectError(warnings.toFile())
                .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return new Formatted(text, Files.readString(warnings));
    }

    @Test
    void isFormattedWithoutAWarningAndNamesEveryCommandAndOption() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/groff")), "groff is not installed");
        CommandLine root = commandLine();
        Formatted formatted = formatted(ManPage.of(root.getCommandSpec()));
        assertThat(formatted.warnings()).isEmpty();
        root.getSubcommands().forEach((name, command) -> {
            if (command.getCommandSpec().usageMessage().hidden()) return;
            assertThat(formatted.text()).contains("understudy " + name);
            command.getCommandSpec().options().stream()
                    .filter(option -> !option.hidden() && !option.inherited())
                    .forEach(option ->
                            assertThat(formatted.text()).as(name).contains(String.join(", ", option.names())));
        });
        // A hyphen that can be typed, and not a printer's.
        assertThat(formatted.text()).contains("understudy - Watches the tasks", "--dry-run");
    }

    @Test
    void shieldsWhatTheFormatterWouldTakeForARequest() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/groff")), "groff is not installed");
        var spec = CommandLine.Model.CommandSpec.create().name("odd");
        spec.usageMessage().header("is odd");
        var sub = CommandLine.Model.CommandSpec.create().name("sub");
        sub.usageMessage().description(".SH Not a heading, but C:\\temp\\fB");
        spec.addSubcommand("sub", sub);
        assertThat(formatted(ManPage.of(spec)).text()).contains(".SH Not a heading, but C:\\temp\\fB");
    }
}
