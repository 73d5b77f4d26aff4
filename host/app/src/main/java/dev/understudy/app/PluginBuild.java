package dev.understudy.app;

import dev.understudy.core.problem.UserException;
import dev.understudy.core.system.PersonsLocale;
import dev.understudy.sandbox.control.ProcessStarter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Builds a plugin's project by its own Maven, and looks at the jar that comes of it. */
final class PluginBuild {
    /** What a person reads of a build that fails; Maven says most of it several times. */
    private static final int LINES_SHOWN = 20;

    private final Path project;
    private final boolean skipTests;

    /**
     * @param project the folder with its {@code pom.xml}
     * @param skipTests whether its tests are left out
     */
    PluginBuild(Path project, boolean skipTests) {
        this.project = project;
        this.skipTests = skipTests;
    }

    /** The folder with the project's sources, in which the build writes nothing. */
    boolean isSource(Path folder) {
        String name = String.valueOf(folder.getFileName());
        return !folder.equals(project.resolve("target")) && !name.startsWith(".") && !name.equals("node_modules");
    }

    /** What is compiled and packed of a jar: each file but the manifest and Maven's own, with what tells it from another. */
    record Content(TreeMap<String, String> files) {
        static Content of(Path jar) {
            var files = new TreeMap<String, String>();
            try (var open = new JarFile(jar.toFile())) {
                open.stream()
                        .filter(entry -> !entry.isDirectory()
                                && !entry.getName().startsWith("META-INF/maven/")
                                && !entry.getName().equals(JarFile.MANIFEST_NAME))
                        .forEach(entry -> files.put(entry.getName(), entry.getCrc() + " " + entry.getSize()));
            } catch (IOException _) {
                // One that cannot be read is told of by whoever loads it.
            }
            return new Content(files);
        }

        /** What is different since, in words such as {@code changed Detector}; empty for nothing. */
        List<String> since(Content before) {
            var different = new ArrayList<String>();
            files.forEach((name, file) -> {
                String old = before.files.get(name);
                if (old == null) different.add("new " + shown(name));
                else if (!old.equals(file)) different.add("changed " + shown(name));
            });
            before.files.keySet().stream()
                    .filter(name -> !files.containsKey(name))
                    .forEach(name -> different.add("gone " + shown(name)));
            return different;
        }

        private static String shown(String name) {
            return name.endsWith(".class")
                    ? name.substring(0, name.length() - ".class".length()).replace('/', '.')
                    : name;
        }
    }

    /** What came of a build. */
    sealed interface Result {
        /** A jar is there. */
        record Built(Path jar) implements Result {}

        /** None is, and why; lines of the build's own for people. */
        record Failed(List<String> lines) implements Result {}
    }

    /**
     * Builds it, and ends the build where it is interrupted.
     *
     * @throws UserException if there is no Maven
     */
    Result run() throws InterruptedException {
        var command = new ArrayList<String>();
        Path wrapper = project.resolve("mvnw");
        command.add(Files.isExecutable(wrapper) ? wrapper.toString() : "mvn");
        command.addAll(List.of("-B", "-q", "-ntp"));
        if (skipTests) command.add("-DskipTests");
        command.add("package");
        Path log = null;
        try (var starter = new ProcessStarter()) {
            log = Files.createTempFile("understudy-build", ".log");
            var builder = new ProcessBuilder(command)
                    .directory(project.toFile())
                    .redirectErrorStream(true)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(log.toFile());
            PersonsLocale.restore(builder.environment());
            int code = waitFor(starter.start(builder));
            if (code != 0) return new Result.Failed(told(log, code));
        } catch (IOException e) {
            throw UserException.failed(
                    "The project cannot be built",
                    "Maven cannot be started: " + e.getMessage(),
                    "Install it (apt install maven), or put Maven's wrapper 'mvnw' beside the pom.xml",
                    e);
        } finally {
            deleteQuietly(log);
        }
        return jar().<Result>map(Result.Built::new)
                .orElseGet(() -> new Result.Failed(
                        List.of("the build has left no jar in target/ whose manifest has a Plugin-Id")));
    }

    private static int waitFor(Process build) throws InterruptedException {
        try {
            return build.waitFor();
        } finally {
            // Given up: Maven forks a JVM for the tests, which would go on without it.
            List<ProcessHandle> started = build.descendants().toList();
            build.destroy();
            started.forEach(ProcessHandle::destroy);
        }
    }

    /** Maven's errors without what it says of itself, or the end of what was printed instead. */
    private static List<String> told(Path log, int code) throws IOException {
        List<String> all = new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
        var errors = new ArrayList<String>();
        for (String line : all) {
            if (!line.startsWith("[ERROR]")) continue;
            String text = line.substring("[ERROR]".length()).strip();
            if (text.contains("-> [Help 1]") && !errors.isEmpty()) break;
            if (!text.isEmpty() && !errors.contains(text)) errors.add(text);
        }
        if (errors.isEmpty()) errors.addAll(all.subList(Math.max(0, all.size() - LINES_SHOWN), all.size()));
        if (errors.isEmpty()) errors.add("Maven ended with exit code " + code + " and said nothing");
        if (errors.size() <= LINES_SHOWN) return errors;
        var shown = new ArrayList<>(errors.subList(0, LINES_SHOWN));
        shown.add("… and " + (errors.size() - LINES_SHOWN) + " more lines");
        return shown;
    }

    /** The newest plugin in the folder where Maven leaves jars. */
    private Optional<Path> jar() {
        try (Stream<Path> files = Files.list(project.resolve("target"))) {
            return files.filter(file -> file.toString().endsWith(".jar") && isPlugin(file))
                    .max(Comparator.comparingLong((Path file) -> file.toFile().lastModified()));
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private static boolean isPlugin(Path file) {
        try (var jar = new JarFile(file.toFile())) {
            Manifest manifest = jar.getManifest();
            return manifest != null && manifest.getMainAttributes().getValue("Plugin-Id") != null;
        } catch (IOException _) {
            return false;
        }
    }

    private static void deleteQuietly(@Nullable Path file) {
        try {
            if (file != null) Files.deleteIfExists(file);
        } catch (IOException _) {
            // The system clears its folder for such files.
        }
    }
}
