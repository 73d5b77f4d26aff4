package dev.understudy.app;

import dev.understudy.core.plugin.PluginHost;
import dev.understudy.core.problem.UserException;
import dev.understudy.spi.Spi;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import javax.lang.model.SourceVersion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/**
 * Writes a Maven project for a plugin. Its SPI and test kit come from the Maven repository that the build puts beside the
 * application; the project names that folder, so nothing need be installed first and a project shows what it is built
 * against.
 */
@Command(
        name = "plugin",
        description =
                "Write a Maven project for a plugin, in the folder where you are: 'mvn package' builds and tests it.")
final class NewPluginCommand implements Callable<Integer> {
    @ParentCommand
    NewCommand parent;

    @Parameters(paramLabel = "NAME")
    String name;

    @Option(
            names = "--point",
            required = true,
            paramLabel = "POINT",
            completionCandidates = Points.class,
            description = "What it extends: ${COMPLETION-CANDIDATES}.")
    String point;

    @Override
    public Integer call() throws IOException {
        String id = NewCommand.checked(name, "[a-z][a-z0-9-]{0,59}");
        String chosen = PluginHost.extensionPoints().stream()
                .filter(each -> each.equalsIgnoreCase(point))
                .findFirst()
                .orElseThrow(() -> UserException.badInput(
                        "There is no extension point '" + point + "'",
                        "plugins extend " + String.join(", ", PluginHost.extensionPoints()),
                        "Choose one of them"));
        String packageName = id.replace("-", "");
        if (SourceVersion.isKeyword(packageName))
            throw UserException.badInput(
                    "'" + id + "' cannot be the name",
                    "'" + packageName + "' is a word of Java and cannot be a package",
                    "Try 'my-" + id + "'");
        String className = className(id, chosen);
        Path folder = Invocation.current().path(id);
        try {
            Files.createDirectory(folder);
        } catch (FileAlreadyExistsException e) {
            throw UserException.badInput(id + " exists already", "nothing is overwritten", "Choose another name");
        }
        write(
                folder.resolve("pom.xml"),
                NewCommand.resource("plugin/pom.xml", id)
                        .replace("__PACKAGE__", packageName)
                        .replace("__DESCRIPTION__", "A " + chosen)
                        .replace("__REQUIRES__", requires())
                        .replace("__REPOSITORY__", repository())
                        .replace("#{", "${"));
        write(
                folder.resolve("src/main/java/" + packageName + "/" + className + ".java"),
                source(chosen + ".java", id, packageName, className, chosen));
        write(
                folder.resolve("src/test/java/" + packageName + "/" + className + "Test.java"),
                source(chosen + "Test.java", id, packageName, className, chosen));
        tell(id, chosen, className);
        return ExitCode.DONE;
    }

    private void tell(String id, String chosen, String className) {
        RootCommand root = parent.root;
        var out = root.console().out();
        out.println("Wrote " + id + ": the " + chosen + " " + className + ", which works as it is, and its test:");
        out.println("  (cd " + id + " && mvn package)");
        out.println("  " + root.commandPrefix() + " plugins install " + id + "/target/" + id + ".jar");
    }

    private static String source(String file, String id, String packageName, String className, String point) {
        return NewCommand.resource("plugin/" + file, id)
                .replace("__PACKAGE__", packageName)
                .replace("__CLASS__", className)
                .replace("__NAME__", extensionName(id, point));
    }

    /** In the form that each extension point has for names. */
    private static String extensionName(String id, String point) {
        return switch (point) {
            case "OptimizerStrategy" -> id.replace('-', '_').toUpperCase(Locale.ROOT);
            case "ParameterTarget" -> id;
            default -> id.replace('-', '_');
        };
    }

    /** {@code tidy-logs} as a {@code TaskSource} is {@code TidyLogsSource}. */
    private static String className(String id, String point) {
        String words = Arrays.stream(id.split("-"))
                .filter(word -> !word.isEmpty())
                .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
                .collect(Collectors.joining());
        String kind = point.replaceFirst(".*(?=[A-Z])", "");
        boolean said = id.endsWith(kind.toLowerCase(Locale.ROOT)) && !words.equals(kind);
        String name = said ? words : words + kind;
        return PluginHost.extensionPoints().contains(name) ? "Own" + name : name;
    }

    /** The versions of the SPI that are compatible with this one. */
    private static String requires() {
        int major = Integer.parseInt(Spi.VERSION.substring(0, Spi.VERSION.indexOf('.')));
        return "&gt;=" + Spi.VERSION + " &amp; &lt;" + (major + 1) + ".0.0";
    }

    private static String repository() {
        Path folder =
                Path.of(System.getProperty("understudy.dist", ""), "maven").toAbsolutePath();
        if (!Files.isDirectory(folder))
            throw UserException.failed(
                    "A plugin cannot be begun here",
                    "the SPI is missing from " + folder,
                    "Build Understudy again: mvn package -DskipTests");
        return folder.toUri().toString().replaceFirst("/$", "").replace("&", "&amp;");
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        NewCommand.write(file, text);
    }

    /** For help and completion. */
    static final class Points implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            List<String> points = new ArrayList<>(PluginHost.extensionPoints());
            return points.iterator();
        }
    }
}
