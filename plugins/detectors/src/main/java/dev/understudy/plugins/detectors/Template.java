package dev.understudy.plugins.detectors;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Generalised parameters, before the variables have names. */
sealed interface Template {
    /** A variable as it is written. */
    Pattern VARIABLE = Pattern.compile("\\{[a-z][a-z0-9_]*(\\.\\.\\.)?}");

    /** A value that is the same in all tasks and is no text. */
    record Constant(Object value) implements Template {}

    /** A text of constant and varying parts; also any other value that varies as a whole. */
    record Text(List<Part> parts) implements Template {}

    /** A list; an element that is a {@link Run} stands for several. */
    record Items(List<Template> elements) implements Template {}

    /** Words of a list whose number varies. */
    record Run(Column column) implements Template {}

    /** An object, in the order of the source. */
    record Fields(Map<String, Template> fields) implements Template {}

    /** A part of a text. */
    sealed interface Part {}

    /** A part that is the same in all tasks. */
    record Literal(String text) implements Part {}

    /** A varying part. */
    record Hole(Column column) implements Part {}

    static Text literal(String text) {
        return new Text(text.isEmpty() ? List.of() : List.of(new Literal(text)));
    }

    static Text hole(Column column) {
        return new Text(List.of(new Hole(column)));
    }

    /** Visits the columns in the order in which they appear. */
    default void forEachColumn(Consumer<Column> visitor) {
        switch (this) {
            case Constant _ -> {}
            case Text text -> {
                for (Part part : text.parts) if (part instanceof Hole hole) visitor.accept(hole.column);
            }
            case Items items -> items.elements.forEach(element -> element.forEachColumn(visitor));
            case Run run -> visitor.accept(run.column);
            case Fields fields -> fields.fields.values().forEach(field -> field.forEachColumn(visitor));
        }
    }

    /** The template with parts in the place of each hole that a column fills. */
    default Template with(Column column, List<Part> parts) {
        return switch (this) {
            case Constant constant -> constant;
            case Text text -> {
                List<Part> replaced = new ArrayList<>();
                for (Part part : text.parts) {
                    if (part instanceof Hole hole && hole.column == column) replaced.addAll(parts);
                    else replaced.add(part);
                }
                yield new Text(replaced);
            }
            case Items items ->
                new Items(items.elements.stream()
                        .map(element -> element.with(column, parts))
                        .toList());
            case Run run -> run;
            case Fields fields -> {
                var replaced = LinkedHashMap.<String, Template>newLinkedHashMap(fields.fields.size());
                fields.fields.forEach((key, field) -> replaced.put(key, field.with(column, parts)));
                yield new Fields(replaced);
            }
        };
    }

    /** Whether it is the same in all tasks. */
    default boolean isConstant() {
        return switch (this) {
            case Constant _ -> true;
            case Text text -> text.parts.stream().allMatch(Literal.class::isInstance);
            case Items items -> items.elements.stream().allMatch(Template::isConstant);
            case Run _ -> false;
            case Fields fields -> fields.fields.values().stream().allMatch(Template::isConstant);
        };
    }

    /** Whether any text, number or truth value in it is the same in all tasks. */
    default boolean hasConstant() {
        return switch (this) {
            case Constant _ -> true;
            case Text text ->
                text.parts.stream().anyMatch(part -> part instanceof Literal literal && hasLetterOrDigit(literal.text));
            case Items items -> items.elements.stream().anyMatch(Template::hasConstant);
            case Run _ -> false;
            case Fields fields -> fields.fields.values().stream().anyMatch(Template::hasConstant);
        };
    }

    private static boolean hasLetterOrDigit(String text) {
        return text.codePoints().anyMatch(Character::isLetterOrDigit);
    }

    /** The variables in a text that {@link #render} wrote, each in its braces. */
    static List<String> variablesIn(String written) {
        return VARIABLE.matcher(written.replace("{{", "").replace("}}", ""))
                .results()
                .map(MatchResult::group)
                .toList();
    }

    /** Writes the parameters as a pattern has them. */
    default Object render(Function<Column, String> names) {
        return switch (this) {
            case Constant constant -> constant.value;
            case Text text -> {
                var written = new StringBuilder();
                for (Part part : text.parts)
                    switch (part) {
                        case Literal literal ->
                            written.append(literal.text.replace("{", "{{").replace("}", "}}"));
                        case Hole hole -> written.append(braced(hole.column, names));
                    }
                yield written.toString();
            }
            case Items items -> {
                List<Object> elements = new ArrayList<>(items.elements.size());
                for (Template element : items.elements) elements.add(element.render(names));
                yield elements;
            }
            case Run run -> braced(run.column, names);
            case Fields fields -> {
                var rendered = LinkedHashMap.<String, Object>newLinkedHashMap(fields.fields.size());
                fields.fields.forEach((key, field) -> rendered.put(key, field.render(names)));
                yield rendered;
            }
        };
    }

    private static String braced(Column column, Function<Column, String> names) {
        return "{" + names.apply(column) + (column.isList() ? "...}" : "}");
    }
}
