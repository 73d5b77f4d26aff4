package dev.understudy.plugins.automationtemplates;

import dev.understudy.plugins.automationtemplates.Manifest.Operation;
import dev.understudy.spi.ScriptLanguage;
import dev.understudy.spi.TaskPattern;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What an automation says of itself to people: its id, its description, and the evidence that it was made from. */
final class Prose {
    private static final int MAX_DESCRIPTION = 300;

    private final Manifest manifest;
    private final TaskPattern pattern;
    private final Operation operation;
    private final Map<String, Value> values;

    Prose(Manifest manifest, TaskPattern pattern, Operation operation, Map<String, Value> values) {
        this.manifest = manifest;
        this.pattern = pattern;
        this.operation = operation;
        this.values = values;
    }

    String id() {
        var slug = new StringBuilder();
        boolean first = true;
        for (Shape.Part part : Shape.parse(operation.title()).parts()) {
            switch (part) {
                case Shape.Part.Literal(String text) -> slug.append(text);
                case Shape.Part.Variable(String name) -> {
                    Value value = values.get(name);
                    if (value != null) slug.append(first ? Slugs.what(value) : Slugs.where(value));
                    first = false;
                }
            }
        }
        return Slugs.id(slug.toString());
    }

    String description() {
        var text = new StringBuilder();
        for (Shape.Part part : Shape.parse(operation.summary()).parts()) {
            text.append(
                    switch (part) {
                        case Shape.Part.Literal(String plain) -> plain;
                        case Shape.Part.Variable(String name) ->
                            values.containsKey(name) ? display(values.get(name)) : name;
                    });
        }
        String line = text.toString().replaceAll("\\s+", " ").strip();
        if (!Toml.canHold(line)) line = operation.id();
        return line.length() <= MAX_DESCRIPTION
                ? line
                : line.substring(0, MAX_DESCRIPTION - 1).strip() + "…";
    }

    private static String display(Value value) {
        List<Shape> shapes = Value.shapes(value);
        int shown = Math.min(4, shapes.size());
        String list = shapes.subList(0, shown).stream().map(Shape::display).collect(Collectors.joining(", "));
        return shown < shapes.size() ? list + " and " + (shapes.size() - shown) + " more" : list;
    }

    /** The comment's lines. */
    List<String> evidence(Evidence evidence, ScriptLanguage language, ScriptLanguage wished) {
        LocalDate first = LocalDate.ofInstant(pattern.first(), ZoneOffset.UTC);
        LocalDate last = LocalDate.ofInstant(pattern.last(), ZoneOffset.UTC);
        String when = first.equals(last) ? "on " + last : "from " + first + " to " + last;
        String type = pattern.taskType().matches("[\\w .-]{1,60}") ? "'" + pattern.taskType() + "' " : "";
        int examples = Math.min(TestCases.MAX_LEARNT, evidence.learnt().size());
        var lines = new ArrayList<String>();
        lines.add("Written by Understudy from " + pattern.occurrences() + " " + type + "tasks seen " + when + "; "
                + (examples == 1 ? "one of them is its test." : examples + " of them are its tests."));
        int held = evidence.heldOut().size();
        if (held == 1) lines.add("One other was held out while it was written: it must come out the same.");
        if (held > 1) lines.add(held + " others were held out while it was written: they must come out the same.");
        if (language != wished)
            lines.add("In " + language.id() + ", since "
                    + manifest.without().getOrDefault(wished, "its template has no script for this in " + wished.id())
                    + ".");
        return lines;
    }
}
