package dev.understudy.plugins.automationtemplates;

import dev.understudy.plugins.automationtemplates.Manifest.Operation;
import dev.understudy.plugins.automationtemplates.Manifest.Parameter;
import dev.understudy.plugins.automationtemplates.Manifest.Step;
import dev.understudy.spi.ScriptLanguage;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The steps that a task took on a table, in order, from reading to writing. */
final class TablePlan {

    /** The forms in which tables are kept. */
    enum Format {
        CSV,
        JSON,
        JSON_LINES
    }

    /** Whose way of reading and writing a plan follows. */
    enum Manner {
        /** That of RFC 4180 and RFC 8259; how a file's fields are separated is found out. */
        STANDARD,
        /** csvcut and csvgrep: no dialect is found out. */
        CSVKIT,
        /** csvsort, csvjson and in2csv, which read by way of the library agate. */
        AGATE,
        MILLER,
        JQ
    }

    /** One step, with what the task gives for the parameters of its statement. */
    record Use(String step, Map<String, Value> values) {
        Use {
            values = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(values));
        }
    }

    private final Manner manner;
    private final Shape input;
    private final Shape output;
    private final Format inputFormat;
    private final Format outputFormat;
    private final String inputDelimiter;
    private final String outputDelimiter;
    private final List<Use> uses = new ArrayList<>();

    /**
     * A plan without steps yet.
     *
     * @param inputDelimiter what separates the fields of CSV; empty if it is to be found out
     * @param outputDelimiter likewise; empty if it is to be that of the input
     */
    TablePlan(
            Manner manner,
            Shape input,
            Shape output,
            Format inputFormat,
            Format outputFormat,
            String inputDelimiter,
            String outputDelimiter) {
        this.manner = manner;
        this.input = input;
        this.output = output;
        this.inputFormat = inputFormat;
        this.outputFormat = outputFormat;
        this.inputDelimiter = inputDelimiter;
        this.outputDelimiter = outputDelimiter;
    }

    TablePlan then(String step, Map<String, Value> values) {
        uses.add(new Use(step, values));
        return this;
    }

    boolean changesNothing() {
        return uses.isEmpty() && inputFormat == outputFormat && inputDelimiter.equals(outputDelimiter);
    }

    Format inputFormat() {
        return inputFormat;
    }

    Format outputFormat() {
        return outputFormat;
    }

    Manner manner() {
        return manner;
    }

    /**
     * The whole plan as one operation, with a script put together for each language of the library.
     *
     * @param steps all of them, reading and writing included
     */
    record Written(Operation operation, Map<String, Value> values, List<Named> steps) {}

    /** A step, and the operation's names for the parameters of its statement. */
    record Named(String step, Map<String, String> names) {}

    Written write(Manifest manifest) {
        var all = new ArrayList<Use>();
        var read = new LinkedHashMap<String, Value>();
        read.put("input", new Value.Text(input));
        read.put("delimiter", Value.Text.literal(inputDelimiter));
        all.add(new Use(reading(), read));
        all.addAll(uses);
        var write = new LinkedHashMap<String, Value>();
        write.put("output", new Value.Text(output));
        write.put("output_delimiter", Value.Text.literal(outputDelimiter));
        all.add(new Use(writing(), write));

        var parameters = new LinkedHashMap<String, Parameter>();
        var values = new LinkedHashMap<String, Value>();
        var statements = new EnumMap<ScriptLanguage, List<String>>(ScriptLanguage.class);
        var phrases = new ArrayList<String>();
        var named = new ArrayList<Named>();
        for (Use use : all) {
            Step step = manifest.step(use.step());
            var names = new LinkedHashMap<String, String>();
            step.parameters().forEach((name, parameter) -> {
                String own = name;
                if (name.equals("output")) {
                    names.put(name, own);
                    parameters.put(own, parameter);
                    values.put(own, new Value.Text(output));
                    return;
                }
                for (int number = 2; parameters.containsKey(own); number++) own = name + "_" + number;
                names.put(name, own);
                parameters.put(own, parameter);
                values.put(own, java.util.Objects.requireNonNull(use.values().get(name), name));
            });
            named.add(new Named(use.step(), names));
            step.statements()
                    .forEach((language, statement) -> statements
                            .computeIfAbsent(language, _ -> new ArrayList<>())
                            .add(renamed(language, statement, names)));
            if (!step.summary().isEmpty()) phrases.add(renamed(step.summary(), names));
        }
        Operation operation = manifest.operation("table");
        String summary = summary(phrases);
        var scripts = new EnumMap<ScriptLanguage, String>(ScriptLanguage.class);
        manifest.library().forEach((language, library) -> {
            List<String> lines = statements.getOrDefault(language, List.of());
            if (lines.size() == all.size()) scripts.put(language, library.compose(summary, lines));
        });
        return new Written(
                new Operation(
                        operation.id(),
                        summary,
                        title(manifest),
                        scripts,
                        List.of(),
                        operation.reads(),
                        operation.writes(),
                        List.of(),
                        operation.types(),
                        operation.actions(),
                        parameters),
                values,
                List.copyOf(named));
    }

    private String reading() {
        return switch (manner) {
            case STANDARD -> "read_" + suffix(inputFormat);
            case CSVKIT -> "read_csvkit";
            case AGATE -> inputFormat == Format.CSV ? "read_agate" : "read_csvkit_json";
            case MILLER -> "read_miller";
            case JQ -> inputFormat == Format.JSON ? "read_jq" : "read_jq_stream";
        };
    }

    private String writing() {
        return switch (manner) {
            case STANDARD ->
                outputFormat == Format.CSV && outputDelimiter.isEmpty()
                        ? "write_csv_alike"
                        : "write_" + suffix(outputFormat);
            case CSVKIT, AGATE -> outputFormat == Format.CSV ? "write_csvkit" : "write_csvkit_json";
            case MILLER -> outputFormat == Format.JSON_LINES ? "write_jsonl" : "write_miller_" + suffix(outputFormat);
            case JQ -> outputFormat == Format.JSON ? "write_jq" : "write_jq_lines";
        };
    }

    private String summary(List<String> phrases) {
        if (phrases.isEmpty())
            return "Converts the " + name(inputFormat) + " file {input} to the " + name(outputFormat)
                    + " file {output}.";
        return "Reads {input}, " + String.join(", ", phrases) + ", and writes {output}.";
    }

    private String title(Manifest manifest) {
        String words = uses.stream()
                .map(use -> manifest.step(use.step()).title())
                .filter(title -> !title.isEmpty())
                .distinct()
                .collect(Collectors.joining(" "));
        if (words.isEmpty()) return "convert {input} to " + suffix(outputFormat);
        return words + " {input} to {output}";
    }

    private static String name(Format format) {
        return switch (format) {
            case CSV -> "CSV";
            case JSON -> "JSON";
            case JSON_LINES -> "JSON Lines";
        };
    }

    private static String suffix(Format format) {
        return switch (format) {
            case CSV -> "csv";
            case JSON -> "json";
            case JSON_LINES -> "jsonl";
        };
    }

    private static String renamed(String sentence, Map<String, String> names) {
        var parts = new ArrayList<Shape.Part>();
        for (Shape.Part part : Shape.parse(sentence).parts()) {
            parts.add(
                    switch (part) {
                        case Shape.Part.Literal literal -> literal;
                        case Shape.Part.Variable(String name) ->
                            new Shape.Part.Variable(names.getOrDefault(name, name));
                    });
        }
        return new Shape(parts).template();
    }

    private static String renamed(ScriptLanguage language, String statement, Map<String, String> names) {
        return ParameterUse.in(language).matcher(statement).replaceAll(use -> {
            String name = ParameterUse.name(use);
            return java.util.regex.Matcher.quoteReplacement(ParameterUse.of(language, names.getOrDefault(name, name)));
        });
    }
}
