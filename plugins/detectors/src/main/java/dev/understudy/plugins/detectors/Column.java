package dev.understudy.plugins.detectors;

import dev.understudy.plugins.detectors.Template.Hole;
import dev.understudy.plugins.detectors.Template.Literal;
import dev.understudy.plugins.detectors.Template.Part;
import dev.understudy.spi.DayExpression;
import dev.understudy.spi.TaskPattern.Variable;
import dev.understudy.spi.TaskPattern.VariableKind;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
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
        KEY,
        DAY
    }

    /** A part of another text is no coincidence from this length on. */
    private static final int MIN_PART = 2;

    private final String[] texts;
    private final int prefix;
    private final int suffix;
    private final boolean list;
    private final long hash;
    private final int distinct;
    private final List<String> shown = new ArrayList<>();
    private final VariableKind kind;
    private Optional<DayExpression> day = Optional.empty();
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

    /**
     * The text of another column in which this one's value is a part, as around a file's name in a path: what is
     * before it, this column, and what is after it.
     *
     * @param intern gives the one column for all that hold the same
     * @return the parts; empty if this is no such part of it in every task
     */
    List<Part> within(Column whole, UnaryOperator<Column> intern) {
        if (whole == this || list || whole.list) return List.of();
        String[] before = new String[texts.length];
        String[] after = new String[texts.length];
        for (int row = 0; row < texts.length; row++) {
            String value = value(row);
            String text = whole.value(row);
            int at = text.lastIndexOf(value);
            int end = at + value.length();
            if (at < 0 || value.length() < MIN_PART || value.length() == text.length()) return List.of();
            boolean alone = (at == 0 || Affixes.isSeparator(text.charAt(at - 1)))
                    && (end == text.length() || Affixes.isSeparator(text.charAt(end)));
            if (!alone) return List.of();
            before[row] = text.substring(0, at);
            after[row] = text.substring(end);
        }
        List<Part> parts = new ArrayList<>(3);
        around(before, intern).ifPresent(parts::add);
        parts.add(new Hole(this));
        around(after, intern).ifPresent(parts::add);
        return parts;
    }

    private static Optional<Part> around(String[] texts, UnaryOperator<Column> intern) {
        for (String text : texts)
            if (!text.equals(texts[0])) return Optional.of(new Hole(intern.apply(ofTexts(texts, Affixes.NONE))));
        return texts[0].isEmpty() ? Optional.empty() : Optional.of(new Literal(texts[0]));
    }

    /** Finds out whether the values are the days of their tasks, latest first. */
    void compareWith(List<LocalDate> days) {
        if (list || day.isPresent()) return;
        List<String> values = new ArrayList<>(texts.length);
        for (int row = 0; row < texts.length; row++) values.add(value(row));
        day = DayTexts.of(values, days);
        day.ifPresent(found -> name(Names.ofDay(found), NameSource.DAY));
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
        return new Variable(uniqueName, day.isPresent() ? VariableKind.DATE : kind, distinct, shown, day);
    }
}
