package dev.understudy.plugins.detectors;

import dev.understudy.spi.TaskPattern.Variable;
import dev.understudy.spi.TaskPattern.VariableKind;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What one varying part held in each variant of a group, latest variant first. */
final class Column {
    /** How good a name is: a later one replaces an earlier. */
    enum NameSource {
        KIND,
        POSITION,
        KEY
    }

    final String[] values;
    private final boolean list;
    private final Set<String> distinct;
    private final VariableKind kind;
    private String name;
    private NameSource source;

    private Column(String[] values, boolean list, String name, NameSource source) {
        this.values = values;
        this.list = list;
        this.name = name;
        this.source = source;
        distinct = new LinkedHashSet<>(Arrays.asList(values));
        kind = list ? VariableKind.LIST : Kinds.of(distinct);
    }

    /** A varying text that is named after its kind. */
    static Column ofTexts(String[] values) {
        return new Column(values, false, "", NameSource.KIND);
    }

    /** A varying run of words, one word a line. */
    static Column ofLists(String[] values) {
        return new Column(values, true, "", NameSource.KIND);
    }

    /** Proposes a name; empty is no name. */
    void name(String proposed, NameSource from) {
        if (proposed.isEmpty() || (!name.isEmpty() && from.compareTo(source) <= 0)) return;
        name = proposed;
        source = from;
    }

    boolean sameAs(Column other) {
        return list == other.list && distinct.size() == other.distinct.size() && Arrays.equals(values, other.values);
    }

    int valuesHash() {
        return Arrays.hashCode(values);
    }

    VariableKind kind() {
        return kind;
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
        List<String> words = distinct.stream()
                .flatMap(value -> Stream.of(value.split("\n", -1)))
                .toList();
        return Kinds.of(words) != VariableKind.TEXT;
    }

    Variable variable(String uniqueName) {
        return new Variable(
                uniqueName,
                kind,
                distinct.size(),
                distinct.stream().limit(Variable.MAX_VALUES).toList());
    }
}
