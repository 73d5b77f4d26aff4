package dev.understudy.core.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Writes single settings into the text of a configuration, and leaves all else as the person wrote it: comments, order, form.
 *
 * <p>The text is read again afterwards, and counts only if it says exactly what was to be changed and nothing else, so that YAML
 * in a form that is not foreseen here is left to a person.
 */
public final class ConfigurationText {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_.]*[A-Za-z][A-Za-z0-9_.]*");
    private static final Pattern WORD_OF_YAML =
            Pattern.compile("(?i)true|false|null|yes|no|on|off|nan|y|n|[0-9.]+e[0-9]+");

    private ConfigurationText() {}

    /**
     * The text with one setting.
     *
     * @param path the keys that lead to it, outermost first; at least one
     * @param value a truth value, number or text
     * @return empty if it cannot be written into this text without touching more
     */
    public static Optional<String> with(String text, List<String> path, Object value) {
        if (path.isEmpty()) throw new IllegalArgumentException("a setting without a key");
        try {
            Optional<String> written = written(text, path, literal(value));
            return written.filter(edited -> saysOnlyThis(text, edited, path, value));
        } catch (YamlEngineException _) {
            return Optional.empty();
        }
    }

    /** What the text says of a setting, as people read it; empty if it says nothing. */
    public static Optional<String> value(String text, List<String> path) {
        @Nullable Object at = load(text);
        for (String key : path) {
            if (!(at instanceof Map<?, ?> map) || !map.containsKey(key)) return Optional.empty();
            at = map.get(key);
        }
        return Optional.of(String.valueOf(at));
    }

    private static Optional<String> written(String text, List<String> path, String literal) {
        Optional<Node> root = new Compose(settings()).composeString(text);
        if (root.isEmpty()) return Optional.of(withLine(text, text.length(), "", path, literal));
        if (!(root.get() instanceof MappingNode at)) return Optional.empty();
        @Nullable Node parentKey = null;
        for (int depth = 0; ; depth++) {
            Optional<NodeTuple> found = tuple(at, path.get(depth));
            List<String> rest = path.subList(depth, path.size());
            if (found.isEmpty()) return inserted(text, at, parentKey, rest, literal);
            Node held = found.get().getValueNode();
            if (depth == path.size() - 1)
                return held instanceof ScalarNode
                                && start(held) != start(found.get().getKeyNode())
                        ? Optional.of(replaced(text, held, literal))
                        : Optional.empty();
            if (held instanceof MappingNode next) {
                parentKey = found.get().getKeyNode();
                at = next;
            } else if (held.getTag().equals(Tag.NULL)) {
                return Optional.of(replaced(
                        text, held, "{ " + flow(path.subList(depth + 1, path.size()), literal) + " }"));
            } else {
                return Optional.empty();
            }
        }
    }

    private static Optional<String> inserted(
            String text, MappingNode at, @Nullable Node parentKey, List<String> rest, String literal) {
        if (at.getFlowStyle() == FlowStyle.FLOW) {
            int inside = offset(text, start(at)) + 1;
            String more = at.getValue().isEmpty() ? " " : ",";
            return Optional.of(text.substring(0, inside) + " " + flow(rest, literal) + more + text.substring(inside));
        }
        if (parentKey == null) return Optional.of(withLine(text, text.length(), "", rest, literal));
        int keyLine = parentKey.getEndMark().orElseThrow().getLine();
        Mark first = at.getStartMark().orElseThrow();
        // 'a: &anchor' and the like begin on the key's own line, and so does what is no block at all.
        if (first.getLine() <= keyLine) return Optional.empty();
        int line = text.indexOf(
                        '\n', offset(text, parentKey.getEndMark().orElseThrow().getIndex()))
                + 1;
        return Optional.of(withLine(text, line, " ".repeat(first.getColumn()), rest, literal));
    }

    /** With a line, or as many as there are keys, put in at the beginning of a line or at the end. */
    private static String withLine(String text, int offset, String indent, List<String> path, String literal) {
        String before = text.substring(0, offset);
        String mark = text.contains("\r\n") ? "\r\n" : "\n";
        var lines = new StringBuilder(before.isEmpty() || before.endsWith("\n") ? "" : mark);
        String deeper = indent;
        for (String key : path.subList(0, path.size() - 1)) {
            lines.append(deeper).append(literal(key)).append(':').append(mark);
            deeper += "  ";
        }
        lines.append(deeper)
                .append(literal(path.getLast()))
                .append(": ")
                .append(literal)
                .append(mark);
        return before + lines + text.substring(offset);
    }

    private static String flow(List<String> path, String literal) {
        var text = new StringBuilder();
        for (String key : path.subList(0, path.size() - 1))
            text.append(literal(key)).append(": { ");
        text.append(literal(path.getLast())).append(": ").append(literal);
        return text.append(" }".repeat(path.size() - 1)).toString();
    }

    private static String replaced(String text, Node node, String by) {
        int from = offset(text, start(node));
        int to = offset(text, node.getEndMark().orElseThrow().getIndex());
        String space = from > 0 && text.charAt(from - 1) == ':' ? " " : "";
        return text.substring(0, from) + space + by + text.substring(to);
    }

    private static Optional<NodeTuple> tuple(MappingNode mapping, String key) {
        return mapping.getValue().stream()
                .filter(each -> each.getKeyNode() instanceof ScalarNode scalar
                        && scalar.getValue().equals(key))
                .findFirst();
    }

    private static int start(Node node) {
        return node.getStartMark().orElseThrow().getIndex();
    }

    /** Marks count characters as people do, and texts their halves. */
    private static int offset(String text, int characters) {
        return text.offsetByCodePoints(0, characters);
    }

    private static String literal(Object value) {
        if (!(value instanceof String text)) return String.valueOf(value);
        boolean plain =
                PLAIN.matcher(text).matches() && !WORD_OF_YAML.matcher(text).matches();
        return plain ? text : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static boolean saysOnlyThis(String before, String after, List<String> path, Object value) {
        @Nullable Object was = load(before);
        @Nullable Object meant = load(literal(value));
        return meant != null
                && with(was instanceof Map<?, ?> map ? map : Map.of(), path, meant)
                        .equals(load(after));
    }

    private static Map<Object, Object> with(Map<?, ?> map, List<String> path, Object value) {
        var copy = new LinkedHashMap<Object, Object>(map);
        String key = path.getFirst();
        if (path.size() == 1) copy.put(key, value);
        else
            copy.put(
                    key,
                    with(
                            map.get(key) instanceof Map<?, ?> inner ? inner : Map.of(),
                            path.subList(1, path.size()),
                            value));
        return copy;
    }

    private static @Nullable Object load(String text) {
        return new Load(settings()).loadFromString(text);
    }

    private static LoadSettings settings() {
        return LoadSettings.builder().setUseMarks(true).build();
    }
}
