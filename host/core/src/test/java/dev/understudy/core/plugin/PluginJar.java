package dev.understudy.core.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Builds plugin jars as a stranger would: sources compiled against the SPI, and PF4J's own index of extensions. */
public final class PluginJar {
    private final Map<String, String> manifest = new LinkedHashMap<>();
    private final Map<String, String> sources = new LinkedHashMap<>();
    private final Map<String, String> files = new LinkedHashMap<>();
    private String processing = "-proc:full";

    public PluginJar(String id) {
        manifest.put("Plugin-Id", id);
        manifest.put("Plugin-Version", "1.0.0");
        manifest.put("Plugin-Requires", ">=1.0.0 & <2.0.0");
    }

    public PluginJar manifest(String key, String value) {
        manifest.put(key, value);
        return this;
    }

    PluginJar without(String key) {
        manifest.remove(key);
        return this;
    }

    /** Adds a file to the jar. */
    PluginJar file(String name, String text) {
        files.put(name, text);
        return this;
    }

    /** Compiles as JDK 23 and later do unless told otherwise: PF4J's processor does not run. */
    PluginJar withoutIndex() {
        processing = "-proc:none";
        return this;
    }

    /** Adds a class with all of the SPI imported. */
    public PluginJar source(String className, String body) {
        sources.put(
                className,
                "import dev.understudy.spi.*; import java.util.*; import java.time.*; import org.pf4j.*;\n" + body);
        return this;
    }

    /** Adds a template that refuses every pattern with {@code reason()}. */
    public PluginJar template(String className, String name, String reason) {
        return source(className, """
                @Extension public class %s implements AutomationTemplate {
                    public String name() { return "%s"; }
                    public String description() { return "for tests"; }
                    public Answer propose(TaskPattern pattern, Request request) { return new Answer.NotMine(%s, 0.5); }
                }
                """.formatted(className, name, reason));
    }

    /** Compiles and writes the jar. */
    public Path write(Path jar) throws IOException {
        Path classes = Files.createTempDirectory(jar.getParent(), "classes");
        compile(classes);
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = classes.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        var attributes = new Manifest();
        attributes.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.forEach((key, value) -> attributes.getMainAttributes().putValue(key, value));
        try (var out = new JarOutputStream(Files.newOutputStream(jar), attributes);
                var files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                Files.copy(file, out);
                out.closeEntry();
            }
        }
        return jar;
    }

    private void compile(Path classes) throws IOException {
        if (sources.isEmpty()) return;
        var compiler = ToolProvider.getSystemJavaCompiler();
        var messages = new StringWriter();
        List<JavaFileObject> units = sources.entrySet().stream()
                .map(source -> unit(source.getKey(), source.getValue()))
                .toList();
        // PF4J's processor on the class path writes META-INF/extensions.idx.
        var options = List.of(
                "-d", classes.toString(), "-cp", System.getProperty("java.class.path"), processing, "-Xlint:none");
        assertThat(compiler.getTask(messages, null, null, options, null, units).call())
                .as("compiling the plugin: %s", messages)
                .isTrue();
    }

    private static JavaFileObject unit(String className, String text) {
        return new SimpleJavaFileObject(URI.create("string:///" + className + ".java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return text;
            }
        };
    }
}
