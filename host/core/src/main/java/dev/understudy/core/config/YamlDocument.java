package dev.understudy.core.config;

import dev.understudy.core.config.MarkedNode.Empty;
import dev.understudy.core.config.MarkedNode.Entry;
import dev.understudy.core.config.MarkedNode.Mapping;
import dev.understudy.core.config.MarkedNode.Mark;
import dev.understudy.core.config.MarkedNode.Scalar;
import dev.understudy.core.config.MarkedNode.Sequence;
import dev.understudy.core.problem.Mistake;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Reads YAML text with the places of its values. */
public final class YamlDocument {
    private static final int MAX_DEPTH = 20;

    private YamlDocument() {}

    /** Reads a document whose root is a mapping; what is wrong with the text itself is noted, and nothing is returned. */
    public static Optional<Mapping> read(String file, String text, List<Mistake> mistakes) {
        var settings = LoadSettings.builder().setLabel(file).setUseMarks(true).build();
        try {
            Optional<Node> root = new Compose(settings).composeString(text);
            if (root.isEmpty()) return Optional.of(new Mapping(new Mark(1, 1), Map.of()));
            return switch (convert(file, root.get(), mistakes, 0)) {
                case Mapping mapping -> Optional.of(mapping);
                case Empty empty -> Optional.of(new Mapping(empty.mark(), Map.of()));
                case MarkedNode other -> {
                    mistakes.add(new Mistake(
                            file,
                            other.mark().line(),
                            other.mark().column(),
                            "",
                            "the file holds " + other.describe(),
                            "it must hold sections such as 'sandbox:'"));
                    yield Optional.empty();
                }
            };
        } catch (MarkedYamlEngineException e) {
            Mark mark = e.getProblemMark().map(YamlDocument::mark).orElse(new Mark(1, 1));
            mistakes.add(new Mistake(
                    file, mark.line(), mark.column(), "", "this is no YAML: " + e.getProblem(), "mend the line"));
            return Optional.empty();
        } catch (YamlEngineException e) {
            mistakes.add(new Mistake(file, 1, 1, "", "this is no YAML: " + e.getMessage(), "mend the file"));
            return Optional.empty();
        }
    }

    private static MarkedNode convert(String file, Node node, List<Mistake> mistakes, int depth) {
        Mark mark = node.getStartMark().map(YamlDocument::mark).orElse(new Mark(1, 1));
        // Anchors can make a node contain itself; nothing that we read is nested this deep.
        if (depth > MAX_DEPTH) {
            mistakes.add(new Mistake(file, mark.line(), mark.column(), "", "nested too deep", "write it flatter"));
            return new Empty(mark);
        }
        return switch (node) {
            case MappingNode mapping -> {
                var entries = new LinkedHashMap<String, Entry>();
                for (NodeTuple tuple : mapping.getValue()) {
                    Mark keyMark = tuple.getKeyNode()
                            .getStartMark()
                            .map(YamlDocument::mark)
                            .orElse(mark);
                    if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                        mistakes.add(new Mistake(
                                file, keyMark.line(), keyMark.column(), "", "a key is no word", "write a word"));
                        continue;
                    }
                    var entry = new Entry(keyMark, convert(file, tuple.getValueNode(), mistakes, depth + 1));
                    if (entries.putIfAbsent(key.getValue(), entry) != null)
                        mistakes.add(new Mistake(
                                file,
                                keyMark.line(),
                                keyMark.column(),
                                key.getValue(),
                                "is there twice",
                                "but must be there once"));
                }
                yield new Mapping(mark, entries);
            }
            case SequenceNode sequence ->
                new Sequence(
                        mark,
                        sequence.getValue().stream()
                                .map(item -> convert(file, item, mistakes, depth + 1))
                                .toList());
            case ScalarNode scalar -> convertScalar(mark, scalar);
            default -> throw new IllegalStateException("no YAML node: " + node.getNodeType());
        };
    }

    private static MarkedNode convertScalar(Mark mark, ScalarNode node) {
        String text = node.getValue();
        Tag tag = node.getTag();
        if (tag.equals(Tag.NULL)) return new Empty(mark);
        if (tag.equals(Tag.BOOL)) return new Scalar(mark, Boolean.valueOf(text));
        try {
            if (tag.equals(Tag.INT)) return new Scalar(mark, Long.valueOf(text));
            if (tag.equals(Tag.FLOAT)) return new Scalar(mark, Double.valueOf(text));
        } catch (NumberFormatException _) {
            // An integer beyond 64 bits, or '.inf': no number that any setting takes.
            return new Scalar(mark, text);
        }
        return new Scalar(mark, text);
    }

    private static Mark mark(org.snakeyaml.engine.v2.exceptions.Mark mark) {
        return new Mark(mark.getLine() + 1, mark.getColumn() + 1);
    }
}
