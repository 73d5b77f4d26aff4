package dev.understudy.plugins.detectors;

import dev.understudy.spi.TaskPattern.Variable;
import dev.understudy.spi.TaskPattern.VariableKind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What one varying part held in each task of a group, latest task first.
 *
 * <p>A value is a text without its ends; it is cut out only where it is shown, because there are many more tasks than
 * values shown.
 */
final class Column {
    /** How good a name is: a later one replaces an earlier. */
    enum NameSource {
        KIND,
        POSITION,
        KEY
    }

    private final String[] texts;
    private final int prefix;
    private final int suffix;
    private final boolean list;
    private final long hash;
    private final int distinct;
    private final List<String> shown = new ArrayList<>();
    private final VariableKind kind;
    private String name = "";
    private NameSource source = NameSource.KIND;

    private Column(String[] texts, Affixes affixes, boolean list) {
        this.texts = texts;
        this.list = list;
        prefix = affixes.prefix();
        suffix = affixes.suffix();
        var seen = new LongSet(texts.length);
        long all = list ? 1 : 0;
        for (int row = 0; row < texts.length; row++) {
            String text = texts[row];
            long value = Hash.of(text, prefix, text.length() - suffix);
            all = Hash.combine(all, value);
            if (seen.add(value) && shown.size() < Variable.MAX_VALUES) shown.add(value(row));
        }
        hash = all;
        distinct = seen.size();
        kind = list ? VariableKind.LIST : Kinds.of(shown);
    }

    /** A varying text, without what all have in common at the ends. */
    static Column ofTexts(String[] texts, Affixes affixes) {
        return new Column(texts, affixes, false);
    }

    /** A varying run of words, one word a line. */
    static Column ofLists(String[] texts) {
        return new Column(texts, Affixes.NONE, true);
    }

    /** What it held in a task. */
    String value(int row) {
        return texts[row].substring(prefix, texts[row].length() - suffix);
    }

    /** A 64-bit hash of all values in their order, the same for columns that hold the same. */
    long hash() {
        return hash;
    }

    /** Proposes a name; empty is no name. */
    void name(String proposed, NameSource from) {
        if (proposed.isEmpty() || (!name.isEmpty() && from.compareTo(source) <= 0)) return;
        name = proposed;
        source = from;
    }

    boolean isList() {
        return list;
    }

    /** The name wished for, before it is made unique. */
    String name() {
        return name.isEmpty() ? Names.ofKind(kind) : name;
    }

    /** Whether the values have more in common than that they are texts. */
    boolean meansSomething() {
        if (!list) return kind != VariableKind.TEXT;
        List<String> words = shown.stream()
                .flatMap(value -> Stream.of(value.split("\n", -1)))
                .toList();
        return Kinds.of(words) != VariableKind.TEXT;
    }

    Variable variable(String uniqueName) {
        return new Variable(uniqueName, kind, distinct, shown);
    }
}
