package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.core.plugin.PluginHost;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The examples of plugins/README.md are parts of what 'new plugin' writes, and that compiles. */
class PluginReadmeTest {
    @TempDir
    Path classes;

    static List<String> points() {
        return PluginHost.extensionPoints();
    }

    @ParameterizedTest
    @MethodSource("points")
    void showsAPartOfTheProjectOfEachExtensionPoint(String point) throws IOException {
        String readme = Files.readString(Path.of(System.getProperty("understudy.root"), "plugins", "README.md"));
        var example = Pattern.compile("### " + point + "\n.*?```java\n(.*?)```", Pattern.DOTALL)
                .matcher(readme);
        assertThat(example.find()).as("an example of " + point).isTrue();
        assertThat(withoutIndent(NewCommand.resource("plugin/" + point + ".java", "mine")))
                .contains(withoutIndent(example.group(1)));
    }

    private static String withoutIndent(String text) {
        return text.lines().map(String::strip).collect(Collectors.joining("\n"));
    }

    @ParameterizedTest
    @MethodSource("points")
    void compilesWithItsTest(String point) {
        List<JavaFileObject> units = List.of(unit("Mine", point + ".java"), unit("MineTest", point + "Test.java"));
        var messages = new StringWriter();
        var options = List.of(
                "-d",
                classes.toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-proc:none",
                "-Xlint:all",
                "-Werror");
        assertThat(ToolProvider.getSystemJavaCompiler()
                        .getTask(messages, null, null, options, null, units)
                        .call())
                .as(messages.toString())
                .isTrue();
    }

    private static JavaFileObject unit(String className, String resource) {
        String text = NewCommand.resource("plugin/" + resource, "mine")
                .replace("__PACKAGE__", "mine")
                .replace("__CLASS__", "Mine")
                .replace("__NAME__", "mine");
        return new SimpleJavaFileObject(
                URI.create("string:///mine/" + className + ".java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return text;
            }
        };
    }
}
