package dev.understudy.plugins.automationtemplates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.spi.AutomationTemplate.Answer.Draft;
import dev.understudy.spi.ScriptLanguage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;

/**
 * Runs a draft under CPython, Node or Bash on real files in a folder, the first two with a stand-in for the
 * {@code understudy} object.
 */
final class DraftRun {
    private static final Map<String, String> INSTALLED = new ConcurrentHashMap<>();

    private final Draft draft;
    private final Path home;

    DraftRun(Draft draft, Path home) {
        this.draft = draft;
        this.home = home;
    }

    static TomlParseResult metadata(Draft draft) {
        String mark = draft.language().lineComment();
        var toml = new StringBuilder();
        boolean inside = false;
        for (String line : draft.fileText().lines().toList()) {
            if (line.equals(mark + " /// automation")) inside = true;
            else if (inside && line.equals(mark + " ///")) break;
            else if (inside)
                toml.append(line.substring(Math.min(line.length(), mark.length() + 1)))
                        .append('\n');
        }
        TomlParseResult parsed = Toml.parse(toml.toString());
        assertThat(parsed.errors()).as(draft.fileText()).isEmpty();
        return parsed;
    }

    /** The script below the metadata block. */
    static String code(Draft draft) {
        String end = "\n" + draft.language().lineComment() + " ///\n";
        return draft.fileText().substring(draft.fileText().indexOf(end) + end.length());
    }

    /** What a pretended file holds. */
    static byte[] content(TomlTable file) {
        String packed = file.getString("base64");
        return packed == null
                ? Objects.requireNonNull(file.getString("text")).getBytes(StandardCharsets.UTF_8)
                : Base64.getDecoder().decode(packed);
    }

    /** Stages, runs and checks every test in the draft's metadata. */
    void passesItsTests() throws IOException, InterruptedException {
        TomlParseResult metadata = metadata(draft);
        TomlArray tests = Objects.requireNonNull(metadata.getArray("tests"));
        assertThat(tests.size()).isPositive();
        for (int i = 0; i < tests.size(); i++) {
            TomlTable test = tests.getTable(i);
            // Without it, only the program from which the command was learnt says what must come of it.
            TomlTable expect = test.getTable("expect");
            if (expect != null) passes(metadata, test, expect);
        }
    }

    private void passes(TomlParseResult metadata, TomlTable test, TomlTable expect)
            throws IOException, InterruptedException {
        for (Object each : test.getArrayOrEmpty("files").toList()) {
            var file = (TomlTable) each;
            Path path = real(Objects.requireNonNull(file.getString("path")));
            if (file.getBoolean("directory", () -> false)) Files.createDirectories(path);
            else {
                Files.createDirectories(Objects.requireNonNull(path.getParent()));
                Files.write(path, content(file));
            }
        }
        for (Object each : expect.getArrayOrEmpty("changes").toList()) {
            var change = (TomlTable) each;
            Path path = real(Objects.requireNonNull(change.getString("path")));
            // Only the folder that the run itself is to make may be missing.
            if (!draft.fileText().contains("create_folder = { type = \"boolean\", default = true"))
                Files.createDirectories(Objects.requireNonNull(path.getParent()));
        }
        String result = run(parameters(metadata, test), test.getArrayOrEmpty("responses"));
        assertThat(result).as("%s%n%s", test.toJson(), draft.fileText()).contains("\"success\":true");
        for (Object each : expect.getArrayOrEmpty("changes").toList()) {
            var change = (TomlTable) each;
            Path path = real(Objects.requireNonNull(change.getString("path")));
            if ("deleted".equals(change.getString("kind"))) assertThat(path).doesNotExist();
            else assertThat(path).exists();
            String text = change.getString("text");
            if (text != null) assertThat(path).as(draft.fileText()).hasContent(text);
        }
    }

    static Map<String, Object> parameters(TomlParseResult metadata, TomlTable test) {
        var parameters = new LinkedHashMap<String, Object>();
        TomlTable declared = metadata.getTableOrEmpty("parameters");
        for (String name : declared.keySet()) {
            Object standard = Objects.requireNonNull(declared.getTable(name)).get("default");
            if (standard != null) parameters.put(name, standard);
        }
        TomlTable given = test.getTableOrEmpty("params");
        for (String name : given.keySet()) parameters.put(name, Objects.requireNonNull(given.get(name)));
        return parameters;
    }

    /**
     * Runs with parameters and returns the result as JSON without blanks around its punctuation.
     *
     * @param responses what the script's requests are answered, in turn
     */
    String run(Map<String, Object> parameters, TomlArray responses) throws IOException, InterruptedException {
        if (draft.language() == ScriptLanguage.BASH) return runBash(parameters);
        boolean python = draft.language() == ScriptLanguage.PYTHON;
        String name = python ? "python3" : "node";
        String program = INSTALLED.computeIfAbsent(name, DraftRun::installed);
        assumeTrue(!program.isEmpty(), name + " is not installed");
        Path script = Files.createTempFile(home.getParent(), "script", python ? ".py" : ".js");
        Files.writeString(script, draft.fileText());
        Path host = Files.createTempFile(home.getParent(), "host", python ? ".py" : ".cjs");
        try (InputStream text =
                Objects.requireNonNull(DraftRun.class.getResourceAsStream(python ? "host.py" : "host.js"))) {
            Files.write(host, text.readAllBytes());
        }
        var command = new ProcessBuilder(
                        List.of(program, host.toString(), script.toString(), json(parameters), json(responses)))
                .redirectError(ProcessBuilder.Redirect.PIPE);
        command.environment().put("HOME", home.toString());
        Process process = command.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0)
            fail("%s ended with %d:%n%s%n%s", program, process.exitValue(), errors, draft.fileText());
        return output.strip().replaceAll("([\":,\\]}]) +", "$1");
    }

    /** As the jail does it: parameters as variables, a path's tilde written out, the result in a file. */
    private String runBash(Map<String, Object> parameters) throws IOException, InterruptedException {
        Path script = Files.createTempFile(home.getParent(), "script", ".sh");
        Files.writeString(script, draft.fileText());
        Path result = Files.createTempFile(home.getParent(), "result", ".json");
        var command = new ProcessBuilder("/bin/bash", "--noprofile", "--norc", script.toString());
        command.environment().put("HOME", home.toString());
        command.environment().put("RESULT", result.toString());
        TomlTable declared = metadata(draft).getTableOrEmpty("parameters");
        parameters.forEach((name, value) -> {
            boolean path = "path".equals(declared.getString(List.of(name, "type")));
            String text = value instanceof String plain ? plain : json(value);
            command.environment()
                    .put(
                            "PARAM_" + name.toUpperCase(Locale.ROOT),
                            path ? real(text).toString() : text);
        });
        Process process = command.redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) fail("bash ended with %d:%n%s%n%s", process.exitValue(), output, draft.fileText());
        return Files.readString(result).strip().replaceAll("([\":,\\]}]) +", "$1");
    }

    /** Where the program is: the system's own if there is one (it starts without a version manager), else by path. */
    private static String installed(String name) {
        for (String program : List.of("/usr/bin/" + name, name)) {
            try {
                var process = new ProcessBuilder(program, "--version")
                        .redirectErrorStream(true)
                        .start();
                process.getInputStream().readAllBytes();
                if (process.waitFor() == 0) return program;
            } catch (IOException e) {
                // Not here; perhaps at the next place.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return "";
            }
        }
        return "";
    }

    Path real(String path) {
        return path.startsWith("~/") ? home.resolve(path.substring(2)) : Path.of(path);
    }

    static String json(Object value) {
        return switch (value) {
            case String text -> quoted(text);
            case TomlArray array -> json(array.toList());
            case TomlTable table -> json(table.toMap());
            case List<?> list -> {
                var items = new ArrayList<String>();
                for (Object item : list) items.add(json(item));
                yield "[" + String.join(",", items) + "]";
            }
            case Map<?, ?> map -> {
                var fields = new ArrayList<String>();
                map.forEach((key, field) -> fields.add(quoted(String.valueOf(key)) + ":" + json(field)));
                yield "{" + String.join(",", fields) + "}";
            }
            default -> String.valueOf(value);
        };
    }

    private static String quoted(String text) {
        var quoted = new StringBuilder("\"");
        text.chars().forEach(c -> {
            if (c < ' ' || c == '"' || c == '\\') quoted.append(String.format(java.util.Locale.ROOT, "\\u%04x", c));
            else quoted.append((char) c);
        });
        return quoted.append('"').toString();
    }

    /** All files below a folder, by path relative to it. */
    static Map<String, String> contents(Path folder) {
        try (Stream<Path> paths = Files.walk(folder)) {
            var contents = new LinkedHashMap<String, String>();
            for (Path path : paths.filter(Files::isRegularFile).sorted().toList())
                contents.put(folder.relativize(path).toString(), Files.readString(path, StandardCharsets.ISO_8859_1));
            return contents;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
