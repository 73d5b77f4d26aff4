package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plugins that spin, print and would end the JVM, in the program as people start it. */
@Tag("slow")
class BadPluginIT {
    @TempDir
    Path folder;

    private Launcher understudy;

    @BeforeEach
    void startInAnEmptyFolder() {
        understudy = new Launcher(folder.resolve("understudy"), folder);
        understudy.file("tasks.jsonl", """
                {"task_id":"1","task_type":"backup","parameters":{"what":"a"},"timestamp":"2026-11-09T09:00:00Z"}
                {"task_id":"2","task_type":"backup","parameters":{"what":"a"},"timestamp":"2026-11-09T09:01:00Z"}
                {"task_id":"3","task_type":"backup","parameters":{"what":"a"},"timestamp":"2026-11-09T09:02:00Z"}
                """);
    }

    @Test
    void oneThatWouldEndTheJvmIsNamedAndTheOthersGoOn() throws Exception {
        install("System.exit(7);");

        var learnt = understudy.run("--debug", "learn", "tasks.jsonl");
        assertThat(learnt.exitCode()).as(learnt.err()).isZero();
        assertThat(learnt.out()).contains("backup");
        assertThat(learnt.out() + learnt.err())
                .contains("bad", "a plugin must not end the host, as exit would")
                // The stack, for who looks for the mistake.
                .contains("at Bad$1.accept");
    }

    @Test
    void oneThatSpinsDoesNotKeepUpFromEndingWhenItIsAsked() throws Exception {
        try (var spinning = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            install("try { new java.net.Socket(\"127.0.0.1\", " + spinning.getLocalPort()
                    + ").close(); } catch (java.io.IOException e) { } for (;;) Thread.onSpinWait();");
            upEndsWhenItIsAskedOnce(spinning);
        }
    }

    private void upEndsWhenItIsAskedOnce(ServerSocket spinning) throws Exception {
        understudy.file("config.yaml", """
                triggers: { webhook_port: 0, grace_seconds: 0 }
                dashboard: { enabled: false }
                performance_analysis: { otlp_port: 0, otlp_grpc_port: 0 }
                """);
        understudy.run("import", "tasks.jsonl");
        Process up = understudy.start(
                "up", "--json", "--config", folder.resolve("config.yaml").toString());
        try (var lines = up.inputReader()) {
            spinning.accept().close();
            // As a process it would close its pipes, too, and with them what it still says.
            up.toHandle().destroy();
            assertThat(lines.readAllAsString()).contains("stopping");
            assertThat(up.waitFor()).isZero();
        } finally {
            up.destroyForcibly();
        }
    }

    /** As a forgotten line for debugging does. */
    @Test
    void whatOnePrintsIsNoPartOfAResultThatProgramsRead() throws Exception {
        install("System.out.println(\"looking at a task\");");

        var learnt = understudy.run("learn", "tasks.jsonl", "--json");
        assertThat(new ObjectMapper().readTree(learnt.out()).isObject())
                .as(learnt.out())
                .isTrue();
        assertThat(learnt.out()).doesNotContain("looking at a task");
        assertThat(learnt.err()).contains("looking at a task");
    }

    private void install(String accept) throws IOException {
        Path jar = jar("""
                import dev.understudy.spi.*; import java.time.*; import java.util.*; import org.pf4j.*;
                @Extension public class Bad implements PatternDetector {
                    public String name() { return "bad"; }
                    public Detection start(Settings settings) {
                        return new Detection() {
                            public void accept(Task task) { %s }
                            public List<TaskPattern> patterns(Instant now) { return List.of(); }
                        };
                    }
                }
                """.formatted(accept));
        var installed = understudy.run("plugins", "install", jar.toString());
        assertThat(installed.exitCode()).as(installed.out() + installed.err()).isZero();
    }

    private Path jar(String source) throws IOException {
        Path classes = Files.createDirectory(folder.resolve("classes"));
        var unit = new SimpleJavaFileObject(URI.create("string:///Bad.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
        var options = List.of(
                "-d", classes.toString(), "-cp", System.getProperty("java.class.path"), "-proc:full", "-Xlint:none");
        assertThat(ToolProvider.getSystemJavaCompiler()
                        .getTask(null, null, _ -> {}, options, null, List.of(unit))
                        .call())
                .isTrue();
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Plugin-Id", "bad");
        manifest.getMainAttributes().putValue("Plugin-Version", "1.0.0");
        manifest.getMainAttributes().putValue("Plugin-Requires", ">=1.0.0 & <2.0.0");
        Path jar = folder.resolve("bad.jar");
        try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest);
                var files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                Files.copy(file, out);
                out.closeEntry();
            }
        }
        return jar;
    }
}
