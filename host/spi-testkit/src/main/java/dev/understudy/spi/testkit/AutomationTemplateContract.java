package dev.understudy.spi.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.understudy.spi.AutomationPotential;
import dev.understudy.spi.AutomationTemplate;
import dev.understudy.spi.AutomationTemplate.Answer;
import dev.understudy.spi.AutomationTemplate.Answer.Draft;
import dev.understudy.spi.AutomationTemplate.Answer.NotMine;
import dev.understudy.spi.AutomationTemplate.Request;
import dev.understudy.spi.ScriptLanguage;
import dev.understudy.spi.Task;
import dev.understudy.spi.TaskPattern;
import dev.understudy.spi.TaskPattern.Observation;
import dev.understudy.spi.TaskPattern.Variable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;

/**
 * What every automation template keeps to. Extend it, say which template and which patterns it automates, and the rest
 * is tried: values of every awkward kind in those patterns, and patterns that are none of its business.
 */
public abstract class AutomationTemplateContract {

    /** Texts with which a person's files could be named and which a careless template would splice into code. */
    private static final List<String> AWKWARD = List.of(
            "Łódź ☃ 𝒳",
            "it's \"quoted\"",
            "line\nbreak",
            "tab\tand\rreturn",
            "\"\"\"",
            "'''",
            "# ///",
            "// ///",
            "\n# ///\nimport os\n",
            "{name}",
            "{{}}",
            "}{",
            "${HOME}",
            "$(id)",
            "`id`",
            "; rm -rf ~",
            "&& true",
            "a|b>c",
            "../../etc/passwd",
            "-rf",
            "--help",
            "*",
            "[a-z]?",
            "\\",
            "\\u0041",
            "%s%n",
            "separator\u2028next\u2029last",
            "direction\u202Eturned",
            "nul\u0000inside",
            "half a pair \uD800",
            "",
            " ",
            ".",
            "..",
            "~",
            "/",
            "x".repeat(2_000));

    private static final String BEFORE = "zq7w";
    private static final String AFTER = "w7qz";

    /** The template; a new one each time or always the same. */
    protected abstract AutomationTemplate template();

    /** Patterns for which it writes an automation; at least one has a variable. */
    protected abstract List<TaskPattern> patternsThatItAutomates();

    @Test
    void hasANameAndADescriptionOfOneLine() {
        assertThat(template().name()).matches("[a-z][a-z0-9_]*");
        assertThat(template().description()).isNotBlank().doesNotContain("\n");
    }

    @Test
    void writesAnAutomationForEachOfItsPatternsInEachLanguageThatIsAskedFor() {
        for (TaskPattern pattern : patternsThatItAutomates()) {
            for (ScriptLanguage language : ScriptLanguage.values()) {
                Answer answer = template().propose(pattern, new Request(language));

                assertThat(answer).as("%s", pattern).isInstanceOf(Draft.class);
                check(pattern, answer);
            }
        }
    }

    @Test
    void answersTheSameToTheSame() {
        for (TaskPattern pattern : patternsThatItAutomates()) {
            var request = new Request(ScriptLanguage.PYTHON);
            assertThat(template().propose(pattern, request))
                    .isEqualTo(template().propose(pattern, request));
        }
    }

    @Test
    void keepsAwkwardValuesOutOfTheCodeAndWholeInTheMetadata() {
        for (TaskPattern pattern : patternsThatItAutomates()) {
            for (String awkward : AWKWARD) {
                for (String value : List.of(awkward, BEFORE + awkward + AFTER)) {
                    TaskPattern changed = withValues(pattern, value);
                    for (ScriptLanguage language : List.of(ScriptLanguage.PYTHON, ScriptLanguage.JAVASCRIPT))
                        check(changed, template().propose(changed, new Request(language)));
                }
            }
        }
    }

    @Test
    void keepsAwkwardConstantsOutOfTheCode() {
        for (TaskPattern pattern : patternsThatItAutomates()) {
            for (String awkward : AWKWARD) {
                TaskPattern changed = withConstants(pattern, BEFORE + awkward + AFTER);
                check(changed, template().propose(changed, new Request(ScriptLanguage.PYTHON)));
            }
        }
    }

    @Test
    void saysWhyOfPatternsThatAreNoneOfItsBusiness() {
        for (TaskPattern pattern : foreignPatterns()) {
            Answer answer = template().propose(pattern, new Request(ScriptLanguage.PYTHON));

            assertThat(answer).as("%s", pattern).isInstanceOf(NotMine.class);
            check(pattern, answer);
        }
    }

    private static List<TaskPattern> foreignPatterns() {
        var patterns = new ArrayList<TaskPattern>();
        for (String type : List.of("no such task", "☃", "a\nb", "\"\"\"", "# ///", "{type}", "x".repeat(1_000)))
            patterns.add(pattern(type, Map.of(), List.of(), List.of()));
        patterns.add(pattern("nested", Map.of("a", Map.of("b", List.of(1L, true, 2.5))), List.of(), List.of()));
        patterns.add(pattern("ls", Map.of(Task.ARGUMENTS, List.of("-l")), List.of(), List.of()));
        patterns.add(pattern("odd", Map.of(Task.ARGUMENTS, "{arguments}"), List.of(), List.of()));
        patterns.add(pattern("odd", Map.of(Task.ARGUMENTS, List.of(1L, List.of("x"))), List.of(), List.of()));
        return patterns;
    }

    // ---- what every answer keeps to

    private static void check(TaskPattern pattern, Answer answer) {
        switch (answer) {
            case NotMine notMine -> {
                assertThat(notMine.reason()).isNotBlank().doesNotContain("\n");
                assertThat(notMine.relevance()).isBetween(0.0, 1.0);
            }
            case Draft draft -> checkDraft(pattern, draft);
        }
    }

    private static void checkDraft(TaskPattern pattern, Draft draft) {
        List<String> lines = List.of(draft.fileText().split("\n", -1));
        String mark = draft.language().lineComment();
        assertThat(lines.getFirst()).isEqualTo(mark + " /// automation");
        int end = lines.indexOf(mark + " ///");
        assertThat(end).as(draft.fileText()).isPositive();
        var metadata = new StringBuilder();
        for (String line : lines.subList(1, end)) {
            assertThat(line).startsWith(mark);
            assertThat(line.codePoints().noneMatch(c -> c == '\r' || c == 0x2028 || c == 0x2029))
                    .as("no line of the metadata holds a character that ends a line elsewhere")
                    .isTrue();
            metadata.append(line.substring(Math.min(line.length(), mark.length() + 1)))
                    .append('\n');
        }
        TomlParseResult toml = Toml.parse(metadata.toString());
        assertThat(toml.errors()).as(draft.fileText()).isEmpty();
        assertThat(toml.getString("id")).isEqualTo(draft.id());
        assertThat(toml.getString("language")).isEqualTo(draft.language().id());
        assertThat(toml.getString("description")).isNotBlank().doesNotContain("\n");
        checkTests(pattern, toml);
        // What the comment below the metadata says of the evidence, such as its dates, is no code.
        checkCode(
                pattern,
                lines.subList(end + 1, lines.size()).stream()
                        .dropWhile(line -> line.startsWith(mark))
                        .collect(Collectors.joining("\n")));
    }

    private static void checkTests(TaskPattern pattern, TomlParseResult toml) {
        TomlArray tests = toml.getArrayOrEmpty("tests");
        assertThat(tests.isEmpty()).as("an automation has a test").isFalse();
        var texts = new ArrayList<String>();
        collect(toml, texts);
        Map<String, String> latest = pattern.observations().isEmpty()
                ? Map.of()
                : pattern.observations().getFirst().bindings();
        var given = String.valueOf(pattern.parameters());
        latest.forEach((name, value) -> {
            if (!given.contains("{" + name + "}") && !given.contains("{" + name + "...}")) return;
            for (String part : value.split("\n", -1))
                assertThat(texts).as("'%s' of {%s}", part, name).anyMatch(text -> text.contains(part));
        });
    }

    private static void collect(Object value, List<String> texts) {
        switch (value) {
            case TomlTable table -> table.toMap().values().forEach(each -> collect(each, texts));
            case TomlArray array -> array.toList().forEach(each -> collect(each, texts));
            default -> texts.add(String.valueOf(value));
        }
    }

    private static void checkCode(TaskPattern pattern, String code) {
        for (Observation observation : pattern.observations())
            for (String value : observation.bindings().values())
                if (value.length() >= 8) assertThat(code).doesNotContain(value);
        assertThat(code).doesNotContain(BEFORE).doesNotContain(AFTER);
    }

    // ---- patterns with other values

    private static TaskPattern withValues(TaskPattern pattern, String value) {
        var variables = new ArrayList<Variable>();
        for (Variable variable : pattern.variables())
            variables.add(new Variable(variable.name(), variable.kind(), 1, List.of(value)));
        var observations = new ArrayList<Observation>();
        for (Observation observation : pattern.observations()) {
            var bindings = new TreeMap<String, String>();
            observation.bindings().keySet().forEach(name -> bindings.put(name, value));
            observations.add(new Observation(observation.task(), bindings));
        }
        return pattern(pattern.taskType(), pattern.parameters(), variables, observations);
    }

    private static TaskPattern withConstants(TaskPattern pattern, String text) {
        String literal = text.replace("{", "{{").replace("}", "}}");
        var parameters = new LinkedHashMap<String, Object>();
        pattern.parameters().forEach((name, value) -> parameters.put(name, withConstants(value, literal)));
        return pattern(pattern.taskType(), parameters, pattern.variables(), pattern.observations());
    }

    private static Object withConstants(Object value, String literal) {
        return switch (value) {
            case String template when template.endsWith("...}") -> template;
            case String template -> template + literal;
            case List<?> items -> {
                var changed = new ArrayList<Object>();
                for (Object item : items) changed.add(withConstants(item, literal));
                yield changed;
            }
            default -> value;
        };
    }

    /**
     * Returns a pattern of tasks that differ in nothing but texts.
     *
     * @param parameters with each varying part as the variable's name in braces; a literal brace is doubled
     * @param values what each variable held in the latest task, by its name
     */
    protected static TaskPattern pattern(String type, Map<String, Object> parameters, Map<String, String> values) {
        var variables = new ArrayList<Variable>();
        values.forEach((name, value) ->
                variables.add(new Variable(name, TaskPattern.VariableKind.TEXT, 2, List.of(value, value + " 2"))));
        var task = new Task(
                "contract", type, "", parameters, Instant.parse("2026-11-15T09:30:00Z"), Duration.ofSeconds(5), true);
        return pattern(type, parameters, variables, List.of(new Observation(task, values)));
    }

    private static TaskPattern pattern(
            String type, Map<String, Object> parameters, List<Variable> variables, List<Observation> observations) {
        Instant last = Instant.parse("2026-11-15T09:30:00Z");
        return new TaskPattern(
                "contract",
                "contract",
                type,
                3,
                last.minus(Duration.ofDays(2)),
                last,
                Duration.ofSeconds(5),
                1.0,
                parameters,
                variables,
                AutomationPotential.of(3, Duration.ofSeconds(5), Duration.ZERO),
                observations);
    }

    @Test
    void staysCalmWhenNoTaskWasKept() {
        for (TaskPattern pattern : patternsThatItAutomates()) {
            TaskPattern bare = pattern(pattern.taskType(), pattern.parameters(), pattern.variables(), List.of());
            assertThatCode(() -> check(bare, template().propose(bare, new Request(ScriptLanguage.PYTHON))))
                    .doesNotThrowAnyException();
        }
    }
}
