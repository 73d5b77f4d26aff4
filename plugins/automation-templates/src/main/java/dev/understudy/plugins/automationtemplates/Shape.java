package dev.understudy.plugins.automationtemplates;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text in which parts vary: {@code ~/{name}.txt}. A brace that stands for itself is doubled in {@link #template}.
 *
 * @param parts never two literals side by side, never an empty literal
 */
record Shape(List<Part> parts) {

    sealed interface Part {
        record Literal(String text) implements Part {}

        record Variable(String name) implements Part {}
    }

    private static final Pattern MARK = Pattern.compile("\\{\\{|}}|\\{([a-z][a-z0-9_]*)}");
    private static final Pattern LIST_VARIABLE = Pattern.compile("\\{([a-z][a-z0-9_]*)\\.\\.\\.}");

    Shape {
        var joined = new ArrayList<Part>();
        for (Part part : parts) {
            if (part instanceof Part.Literal(String text)) {
                if (text.isEmpty()) continue;
                if (!joined.isEmpty() && joined.getLast() instanceof Part.Literal(String before)) {
                    joined.set(joined.size() - 1, new Part.Literal(before + text));
                    continue;
                }
            }
            joined.add(part);
        }
        parts = List.copyOf(joined);
    }

    /** Reads the notation of {@link dev.understudy.spi.TaskPattern#parameters}. */
    static Shape parse(String template) {
        var parts = new ArrayList<Part>();
        Matcher mark = MARK.matcher(template);
        int from = 0;
        while (mark.find()) {
            parts.add(new Part.Literal(template.substring(from, mark.start())));
            String name = mark.group(1);
            parts.add(name == null ? new Part.Literal(mark.group().substring(1)) : new Part.Variable(name));
            from = mark.end();
        }
        parts.add(new Part.Literal(template.substring(from)));
        return new Shape(parts);
    }

    /** The variable's name if the text stands for a run of list elements, {@code {name...}}. */
    static Optional<String> listVariable(String template) {
        Matcher matcher = LIST_VARIABLE.matcher(template);
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    static Shape literal(String text) {
        return new Shape(List.of(new Part.Literal(text)));
    }

    static Shape variable(String name) {
        return new Shape(List.of(new Part.Variable(name)));
    }

    boolean isConstant() {
        return variables().isEmpty();
    }

    boolean isEmpty() {
        return parts.isEmpty();
    }

    /** The variable that is the whole text. */
    Optional<String> wholeVariable() {
        return parts.size() == 1 && parts.getFirst() instanceof Part.Variable(String name)
                ? Optional.of(name)
                : Optional.empty();
    }

    Set<String> variables() {
        var names = new LinkedHashSet<String>();
        for (Part part : parts) if (part instanceof Part.Variable(String name)) names.add(name);
        return names;
    }

    /** The text with every brace that stands for itself doubled; for a constant, {@link #fill} gives it plain. */
    String template() {
        return render(text -> text.replace("{", "{{").replace("}", "}}"), name -> "{" + name + "}");
    }

    /** The text for people: single braces around names, whatever else it holds. */
    String display() {
        return render(text -> text, name -> "{" + name + "}");
    }

    String fill(Map<String, String> bindings) {
        return render(text -> text, name -> bindings.getOrDefault(name, ""));
    }

    private String render(UnaryOperator<String> literal, UnaryOperator<String> variable) {
        var text = new StringBuilder();
        for (Part part : parts) {
            switch (part) {
                case Part.Literal(String plain) -> text.append(literal.apply(plain));
                case Part.Variable(String name) -> text.append(variable.apply(name));
            }
        }
        return text.toString();
    }

    Shape plus(Shape more) {
        var joined = new ArrayList<>(parts);
        joined.addAll(more.parts);
        return new Shape(joined);
    }

    /** The literal text that it starts with, possibly empty. */
    String literalStart() {
        return !parts.isEmpty() && parts.getFirst() instanceof Part.Literal(String text) ? text : "";
    }

    /** The literal text that it ends with, possibly empty. */
    String literalEnd() {
        return !parts.isEmpty() && parts.getLast() instanceof Part.Literal(String text) ? text : "";
    }

    boolean anyLiteral(Predicate<String> test) {
        for (Part part : parts) if (part instanceof Part.Literal(String text) && test.test(text)) return true;
        return false;
    }

    /** Everything up to the last slash of its literals, that slash not included; empty if it has none. */
    Optional<Shape> folder() {
        return cutAtLastSlash(parts, true);
    }

    /** Everything after the last slash of its literals. */
    Shape name() {
        return cutAtLastSlash(parts, false).orElse(this);
    }

    /** The folder that holds all that the pattern can match: what stands before the part with the first wildcard. */
    Optional<Shape> fixedFolder() {
        var before = new ArrayList<Part>();
        for (Part part : parts) {
            if (part instanceof Part.Literal(String text)) {
                int wildcard = Globs.firstWildcard(text);
                if (wildcard >= 0) {
                    before.add(new Part.Literal(text.substring(0, wildcard)));
                    break;
                }
            }
            before.add(part);
        }
        return cutAtLastSlash(new Shape(before).parts, true);
    }

    private static Optional<Shape> cutAtLastSlash(List<Part> parts, boolean before) {
        for (int i = parts.size() - 1; i >= 0; i--) {
            if (!(parts.get(i) instanceof Part.Literal(String text))) continue;
            int slash = text.lastIndexOf('/');
            if (slash < 0) continue;
            var cut = new ArrayList<Part>();
            if (before) {
                cut.addAll(parts.subList(0, i));
                boolean root = i == 0 && slash == 0;
                cut.add(new Part.Literal(root ? "/" : text.substring(0, slash)));
            } else {
                cut.add(new Part.Literal(text.substring(slash + 1)));
                cut.addAll(parts.subList(i + 1, parts.size()));
            }
            return Optional.of(new Shape(cut));
        }
        return Optional.empty();
    }
}
