package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.understudy.core.config.Config;
import dev.understudy.core.problem.UserException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** That the documents keep step with the code. */
class DocumentsTest {
    private static final Path ROOT = Path.of(System.getProperty("understudy.root"));
    private static final Path DOCS = ROOT.resolve("host/app/docs");
    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:)([^)#]+)");
    private static final Pattern KNOWN = Pattern.compile("known here are ([a-z_, ]+)");

    /** {@code -Dunderstudy.reference=write} writes the page anew. */
    @Test
    void listWhatEveryCommandTakes() throws IOException {
        var silent = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        CommandLine root = CommandLineInterface.create(new Console(silent, silent, false, Map.of()));
        var page = new StringBuilder("""
                # Every command and option

                Made from the commands' own descriptions, as `--help` shows them. These stand before or after any command:

                """);
        table(page, root.getCommandSpec().options());
        root.getSubcommands().values().forEach(each -> section(page, each.getCommandSpec()));
        Path file = DOCS.resolve("reference.md");
        if (System.getProperty("understudy.reference", "").equals("write")) Files.writeString(file, page);
        assertThat(file).content().isEqualTo(page.toString());
    }

    private static void section(StringBuilder page, CommandSpec command) {
        if (command.usageMessage().hidden()) return;
        page.append("\n## `").append(command.qualifiedName()).append("`\n");
        page.append(text(command.usageMessage().description())).append("\n\n");
        table(
                page,
                Stream.<ArgSpec>concat(
                                command.positionalParameters().stream(),
                                command.options().stream().filter(option -> !option.inherited()))
                        .toList());
        command.subcommands().values().stream().distinct().forEach(each -> section(page, each.getCommandSpec()));
    }

    private static void table(StringBuilder page, List<? extends ArgSpec> arguments) {
        List<? extends ArgSpec> shown =
                arguments.stream().filter(each -> !each.hidden()).toList();
        if (shown.isEmpty()) return;
        page.append("| | |\n|---|---|\n");
        for (ArgSpec each : shown) {
            String names = each instanceof OptionSpec option ? String.join(", ", option.names()) : "";
            String value = each.arity().max() == 0 ? "" : each.paramLabel();
            page.append("| `")
                    .append(Stream.of(names, value)
                            .filter(part -> !part.isEmpty())
                            .collect(Collectors.joining(" ")))
                    .append("` | ")
                    .append(text(each.description()).replace("|", "\\|"))
                    .append(" |\n");
        }
    }

    private static String text(String[] lines) {
        return String.join(" ", lines).replace("%n", " ").replace("%%", "%").replaceAll("\\s+", " ");
    }

    /** What is known there is told where something is not. */
    @Test
    void explainEveryKeyOfTheConfiguration(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("config.yaml");
        Files.writeString(file, "x: 1\n");
        Set<String> sections = known(file);
        assertThat(sections).contains("sandbox", "dashboard");
        var keys = new TreeSet<>(sections);
        var text = new StringBuilder();
        for (String section : sections)
            if (!section.equals("notifications")) text.append(section).append(": { x: 1 }\n");
        text.append("notifications: { webhook: { x: 1 }, email: { x: 1 } }\n");
        Files.writeString(file, text);
        keys.addAll(known(file));
        Files.writeString(file, """
                dashboard: { tls: { x: 1 } }
                performance_analysis: { workflows: { nightly: { x: 1 } } }
                sandbox: { limits: { x: 1 } }
                continuous_optimization: { profiles: { general: { x: 1, objective: { url: "http://localhost", x: 1 } } } }
                """);
        keys.addAll(known(file));
        assertThat(keys).contains("isolation_level", "min_success_rate", "keystore", "direction");

        String page = Files.readString(DOCS.resolve("configuration.md"));
        String explained = page.substring(page.indexOf("## Each key"));
        // Those of limits stand with limits.
        keys.removeAll(List.of("wall", "cpu", "memory", "processes", "output", "disk", "files"));
        assertThat(keys).allSatisfy(key -> assertThat(explained).contains("`" + key + "`"));
    }

    private static Set<String> known(Path file) {
        UserException refused = catchThrowableOfType(UserException.class, () -> Config.load(file));
        return KNOWN.matcher(String.valueOf(refused.getMessage()))
                .results()
                .map(MatchResult::group)
                .flatMap(line -> Stream.of(line.replace("known here are ", "").split(", ")))
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void leadToWhatIsThere() throws IOException {
        try (Stream<Path> docs = Files.list(DOCS)) {
            List<Path> pages = Stream.concat(
                            docs,
                            Stream.of(
                                            "README.md",
                                            "CONTRIBUTING.md",
                                            "plugins/README.md",
                                            "sandbox/SECURITY.md",
                                            "scripts/README.md")
                                    .map(ROOT::resolve))
                    .toList();
            for (Path page : pages)
                assertThat(LINK.matcher(Files.readString(page)).results().map(match -> match.group(1)))
                        .as(page.toString())
                        .allSatisfy(
                                link -> assertThat(page.resolveSibling(link)).exists());
        }
    }
}
