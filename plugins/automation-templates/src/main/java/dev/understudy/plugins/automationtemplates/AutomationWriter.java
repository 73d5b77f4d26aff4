package dev.understudy.plugins.automationtemplates;

import dev.understudy.plugins.automationtemplates.Declarations.Filling;
import dev.understudy.plugins.automationtemplates.Declarations.Reading;
import dev.understudy.plugins.automationtemplates.Evidence.Seen;
import dev.understudy.plugins.automationtemplates.Manifest.Operation;
import dev.understudy.spi.AutomationTemplate.Answer.Draft;
import dev.understudy.spi.ScriptLanguage;
import dev.understudy.spi.TaskPattern;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.stream.Collectors;

/**
 * Writes one automation file: metadata, a comment that names the evidence, the script.
 *
 * <p>The script is the template's text as it is. Everything observed stands in the metadata as a parameter's default, a
 * grant or a test; a parameter that holds variables itself ({@code ~/{name}.txt}) is filled in where the script reads it.
 */
final class AutomationWriter {
    private final Manifest manifest;
    private final TaskPattern pattern;
    private final Operation operation;
    private final Map<String, Value> values;
    private final Reach reach;
    private final ScriptLanguage wished;
    private final ScriptLanguage language;

    private AutomationWriter(
            Manifest manifest,
            TaskPattern pattern,
            Operation operation,
            Map<String, Value> values,
            Reach reach,
            ScriptLanguage wished) {
        this.manifest = manifest;
        this.pattern = pattern;
        this.operation = operation;
        this.values = values;
        this.reach = reach;
        this.wished = wished;
        this.language = language(operation, wished);
    }

    /** The wished language if the operation has a script in it, else Python, else any. */
    private static ScriptLanguage language(Operation operation, ScriptLanguage wished) {
        if (operation.scripts().containsKey(wished)) return wished;
        if (operation.scripts().containsKey(ScriptLanguage.PYTHON)) return ScriptLanguage.PYTHON;
        return operation.scripts().keySet().stream().sorted().findFirst().orElseThrow();
    }

    /** Writes the automation of an operation that reaches nothing but files. */
    static Draft write(
            Manifest manifest,
            TaskPattern pattern,
            Operation operation,
            Map<String, Value> values,
            Rehearsal rehearsal,
            ScriptLanguage wished)
            throws NotAutomatable {
        Safety.requireFolder(operation, values, pattern);
        return write(manifest, pattern, operation, values, Reach.FILES, rehearsal, wished);
    }

    /**
     * Writes the automation.
     *
     * @param values what the pattern gives for the operation's parameters; those it does not give take their default
     * @param wished the language to use if the operation has a script in it
     */
    static Draft write(
            Manifest manifest,
            TaskPattern pattern,
            Operation operation,
            Map<String, Value> values,
            Reach reach,
            Rehearsal rehearsal,
            ScriptLanguage wished)
            throws NotAutomatable {
        return new AutomationWriter(manifest, pattern, operation, values, reach, wished).write(rehearsal);
    }

    private Draft write(Rehearsal rehearsal) throws NotAutomatable {
        Evidence evidence = Evidence.of(pattern, values, reach.secrets());
        Declarations declarations = declarations(evidence);
        // A task that was held out and does not fit shows that too little was learnt: it is learnt from as well.
        for (Optional<Seen> other = declarations.counterexample();
                other.isPresent();
                other = declarations.counterexample()) {
            evidence = evidence.learningFrom(other.get());
            declarations = declarations(evidence);
        }
        var prose = new Prose(manifest, pattern, operation, values);
        String id = prose.id();
        var metadata = new ArrayList<String>();
        metadata.add("id = " + Toml.string(id));
        metadata.add("description = " + Toml.string(prose.description()));
        metadata.add("language = " + Toml.string(language.id()));
        metadata.add("template = " + Toml.string(manifest.name()));
        metadata.addAll(permissions(PathGrants.of(operation, values, declarations, evidence)));
        var varying = new ArrayList<String>();
        var parameters = new ArrayList<String>();
        declarations.declared().forEach((name, parameter) -> {
            Map<String, Object> table = Routine.parameter(pattern, name, parameter.table());
            parameters.add("parameters." + name + " = " + Toml.value(table));
            if (parameter.varies()) varying.add(String.valueOf(table.get("type")));
        });
        metadata.addAll(Routine.triggers(pattern, varying));
        metadata.addAll(parameters);
        List<Map<String, Object>> tests = TestCases.of(pattern, operation, values, declarations, evidence, rehearsal);
        for (Map<String, Object> test : tests) {
            metadata.add("");
            metadata.add("[[tests]]");
            test.forEach((key, value) -> metadata.add(key + " = " + Toml.value(value)));
        }
        String mark = language.lineComment();
        var text = new StringBuilder();
        text.append(mark).append(" /// automation\n");
        for (String line : metadata)
            text.append((mark + " " + line).stripTrailing()).append('\n');
        text.append(mark).append(" ///\n");
        for (String line : prose.evidence(evidence, language, wished))
            text.append(mark).append(' ').append(line).append('\n');
        text.append(code(declarations));
        return new Draft(id, language, text.toString());
    }

    private Declarations declarations(Evidence evidence) throws NotAutomatable {
        return Declarations.of(pattern, operation, values, language, evidence, reach.secrets());
    }

    private List<String> permissions(PathGrants.Granted paths) {
        boolean programs =
                language == ScriptLanguage.BASH && !operation.programs().isEmpty();
        var grants = new LinkedHashMap<String, Object>();
        grants.put("reads", paths.reads());
        grants.put("writes", paths.writes());
        if (!reach.hosts().isEmpty()) grants.put("hosts", reach.hosts());
        if (programs) grants.put("programs", operation.programs());
        var lines = new ArrayList<String>();
        if (!reach.hosts().isEmpty()) lines.add("isolation = \"minimal\"");
        else if (programs) lines.add("isolation = \"partial\"");
        reach.wallTime().ifPresent(wall -> lines.add("limits = { wall = \"" + wall.toSeconds() + "s\" }"));
        lines.add("grants = " + Toml.value(grants));
        return lines;
    }

    private String code(Declarations declarations) {
        String script = Objects.requireNonNull(operation.scripts().get(language));
        Matcher use = ParameterUse.in(language).matcher(script);
        var code = new StringBuilder();
        boolean fills = false;
        while (use.find()) {
            String name = ParameterUse.name(use);
            Reading reading = declarations.reading(name);
            fills |= reading.filling() != Filling.AS_IS;
            boolean expanded = script.startsWith(EXPAND, use.start() - EXPAND.length());
            String expression = expanded
                    ? patterns(reading, declarations.holdsPatterns(name), declarations.wildVariables())
                    : expression(reading);
            use.appendReplacement(code, Matcher.quoteReplacement(expression));
        }
        use.appendTail(code);
        String filled = language == ScriptLanguage.BASH ? fillInBash(code.toString(), declarations) : code.toString();
        if (language == ScriptLanguage.BASH
                && operation.parameters().keySet().stream().noneMatch(declarations::holdsPatterns))
            return filled.replaceFirst("(?m)^set -eu", "set -efu");
        return fills && language == ScriptLanguage.JAVASCRIPT ? filled + FILL_JAVASCRIPT : filled;
    }

    /** Puts statements behind the line that sets the shell's options, which put the days into the texts that name them. */
    private String fillInBash(String code, Declarations declarations) {
        var lines = new LinkedHashSet<String>();
        operation.parameters().keySet().forEach(name -> {
            Reading reading = declarations.reading(name);
            Value value = values.get(name);
            if (value == null || reading.filling() == Filling.AS_IS) return;
            String text = ParameterUse.of(language, reading.parameter());
            // The host puts the home folder into paths, and this is a text.
            if (reading.filling() == Filling.TEXT) lines.add(text + "=${" + text + "/#\"~/\"/\"$HOME/\"}");
            for (String day : value.variables())
                lines.add(text + "=${" + text + "//\"{" + day + "}\"/\"$" + ParameterUse.of(language, day) + "\"}");
        });
        if (lines.isEmpty()) return code;
        String statements = "# The day, where its name stands in braces.\n" + String.join("\n", lines) + "\n";
        return code.replaceFirst("(?m)^(set -eu.*\n)", "$1" + Matcher.quoteReplacement(statements));
    }

    /** The call by which a script puts in the place of patterns what they match. */
    private static final String EXPAND = "expand(";

    /**
     * What is expanded as patterns: of names, and of what is filled into patterns, no character is a wildcard.
     *
     * @param wild variables that held wildcards themselves, so that theirs are
     */
    private String patterns(Reading reading, boolean arePatterns, List<String> wild) {
        String parameter = ParameterUse.of(language, reading.parameter());
        boolean python = language == ScriptLanguage.PYTHON;
        if (language == ScriptLanguage.BASH || (arePatterns && reading.filling() == Filling.AS_IS))
            return expression(reading);
        if (reading.filling() == Filling.AS_IS)
            return python
                    ? "[understudy.files.escape(path) for path in " + parameter + "]"
                    : parameter + ".map((path) => understudy.files.escape(path))";
        if (!arePatterns)
            return python
                    ? "[understudy.files.escape(text.format(**params)) for text in " + parameter + "]"
                    : parameter + ".map((text) => understudy.files.escape(fill(text, params)))";
        String names = "[" + wild.stream().map(Toml::string).collect(Collectors.joining(", ")) + "]";
        if (python)
            return "[text.format(**{name: "
                    + (wild.isEmpty() ? "" : "value if name in " + names + " else ")
                    + "understudy.files.escape(str(value)) for name, value in params.items()}) for text in " + parameter
                    + "]";
        String escape = wild.isEmpty()
                ? "understudy.files.escape"
                : "(value, name) => (" + names + ".includes(name) ? value : understudy.files.escape(value))";
        return parameter + ".map((text) => fill(text, params, " + escape + "))";
    }

    private String expression(Reading reading) {
        String parameter = ParameterUse.of(language, reading.parameter());
        if (language == ScriptLanguage.BASH) return parameter;
        boolean python = language == ScriptLanguage.PYTHON;
        return switch (reading.filling()) {
            case AS_IS -> parameter;
            case TEXT -> python ? parameter + ".format(**params)" : "fill(" + parameter + ", params)";
            case LIST ->
                python
                        ? "[text.format(**params) for text in " + parameter + "]"
                        : parameter + ".map((text) => fill(text, params))";
        };
    }

    private static final String FILL_JAVASCRIPT = """

            /** Puts the parameters in place of their names in braces; a doubled brace stands for itself. */
            function fill(text, params, written = String) {
              return text.replace(/\\{\\{|\\}\\}|\\{(\\w+)\\}/g, (mark, name) => (name ? written(String(params[name]), name) : mark[0]));
            }
            """;
}
