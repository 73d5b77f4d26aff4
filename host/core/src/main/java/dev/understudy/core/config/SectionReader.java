package dev.understudy.core.config;

import dev.understudy.core.config.MarkedNode.Empty;
import dev.understudy.core.config.MarkedNode.Entry;
import dev.understudy.core.config.MarkedNode.Mapping;
import dev.understudy.core.config.MarkedNode.Mark;
import dev.understudy.core.config.MarkedNode.Scalar;
import dev.understudy.core.config.MarkedNode.Sequence;
import dev.understudy.core.problem.Mistake;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads one section key by key and notes every mistake instead of stopping at the first.
 *
 * <p>Each reading method remembers its key, so that {@link #finish} can report the keys that nothing asked for. A value
 * that is wrong reads as its default.
 */
public final class SectionReader {
    /** So many names at most are listed where one of them is near to what was written. */
    private static final int MANY = 15;

    private final String file;
    private final String prefix;
    private final Mapping section;
    private final List<Mistake> mistakes;
    private final Set<String> known = new LinkedHashSet<>();

    private SectionReader(String file, String prefix, Mapping section, List<Mistake> mistakes) {
        this.file = file;
        this.prefix = prefix;
        this.section = section;
        this.mistakes = mistakes;
    }

    /** A reader of a whole file; mistakes are added to the list. */
    public static SectionReader of(String file, Mapping root, List<Mistake> mistakes) {
        return new SectionReader(file, "", root, mistakes);
    }

    /** A section below this one; an absent one reads as empty. */
    public SectionReader section(String key) {
        Mapping mapping = switch (node(key)) {
            case null -> emptySection();
            case Mapping found -> found;
            case Empty _ -> emptySection();
            case MarkedNode other -> {
                note(key, other.mark(), "is " + other.describe(), "but must be a section with keys of its own");
                yield emptySection();
            }
        };
        return new SectionReader(file, path(key), mapping, mistakes);
    }

    /** The sections of a list ({@code [[key]]}); an absent list reads as empty. */
    public List<SectionReader> sections(String key) {
        var readers = new ArrayList<SectionReader>();
        for (MarkedNode item : items(key)) {
            String itemPath = path(key) + "[" + readers.size() + "]";
            if (item instanceof Mapping mapping) readers.add(new SectionReader(file, itemPath, mapping, mistakes));
            else note(key, item.mark(), "holds " + item.describe(), "but must be a list of sections");
        }
        return readers;
    }

    /** The sections below this one whose names the file chooses, by name. */
    public Map<String, SectionReader> namedSections(String key) {
        SectionReader parent = section(key);
        var readers = new LinkedHashMap<String, SectionReader>();
        for (String name : parent.section.entries().keySet()) readers.put(name, parent.section(name));
        return readers;
    }

    /** The keys that the file has here, in its order. */
    public Set<String> keys() {
        return new LinkedHashSet<>(section.entries().keySet());
    }

    public boolean has(String key) {
        return section.entries().containsKey(key);
    }

    /** The place of a key, or of the section if the key is absent. */
    public Mark mark(String key) {
        Entry entry = section.entries().get(key);
        return entry == null ? section.mark() : entry.keyMark();
    }

    public boolean flag(String key, boolean fallback) {
        return value(
                key,
                "true or false",
                fallback,
                node -> value(node) instanceof Boolean truth ? Optional.of(truth) : Optional.empty());
    }

    public int integer(String key, int fallback, int min, int max) {
        return value(
                key,
                "an integer from " + min + " to " + max,
                fallback,
                node -> value(node) instanceof Long number && number >= min && number <= max
                        ? Optional.of(number.intValue())
                        : Optional.empty());
    }

    public double number(String key, double fallback, double min, double max) {
        return value(key, "a number from " + plain(min) + " to " + plain(max), fallback, node -> {
            if (!(value(node) instanceof Number found)) return Optional.empty();
            double number = found.doubleValue();
            return number >= min && number <= max ? Optional.of(number) : Optional.empty();
        });
    }

    public Duration duration(String key, Duration fallback, Predicate<Duration> allowed, String range) {
        return value(
                key,
                Quantity.DURATION_FORM + ", " + range,
                fallback,
                node -> value(node) instanceof String text
                        ? Quantity.parseDuration(text).filter(allowed)
                        : Optional.empty());
    }

    public long bytes(String key, long fallback, long min, String range) {
        return value(
                key,
                Quantity.BYTES_FORM + ", " + range,
                fallback,
                node -> value(node) instanceof String text
                        ? Quantity.parseBytes(text).filter(size -> size >= min)
                        : Optional.empty());
    }

    /** One of some words. */
    public <T> T choice(String key, T fallback, Map<String, T> choices) {
        String allowed = "one of " + String.join(", ", choices.keySet());
        MarkedNode node = node(key);
        if (node != null && value(node) instanceof String word && !choices.containsKey(word)) {
            note(key, node.mark(), "is '" + word + "'", "but must be " + allowed + suggestion(word, choices.keySet()));
            return fallback;
        }
        return value(
                key,
                allowed,
                fallback,
                found -> value(found) instanceof String word
                        ? Optional.ofNullable(choices.get(word))
                        : Optional.empty());
    }

    public String text(String key, String fallback, String allowed, Predicate<String> rule) {
        return value(
                key,
                allowed,
                fallback,
                node -> value(node) instanceof String text ? Optional.of(text).filter(rule) : Optional.empty());
    }

    /** A text that must be there; reads as empty if it is not, which is a mistake that has been noted. */
    public String requiredText(String key, String allowed, Predicate<String> rule) {
        if (!has(key)) {
            known.add(key);
            note(key, section.mark(), "is missing", "and must be " + allowed);
            return "";
        }
        return text(key, "", allowed, rule);
    }

    /** A list of texts. */
    public List<String> texts(String key, String allowed, Predicate<String> rule) {
        var texts = new ArrayList<String>();
        for (MarkedNode item : items(key)) {
            if (value(item) instanceof String text && rule.test(text)) texts.add(text);
            else note(key, item.mark(), "holds " + item.describe(), "but must be " + allowed);
        }
        return texts;
    }

    /** Any value as plain JSON, or null if absent. */
    public @Nullable Object plain(String key) {
        MarkedNode node = node(key);
        return node == null || node instanceof Empty ? null : node.plain();
    }

    /** All entries of this section as plain JSON, whatever their keys. */
    public Map<String, Object> plainEntries() {
        var entries = new LinkedHashMap<String, Object>();
        for (String key : section.entries().keySet()) {
            Object value = plain(key);
            if (value != null) entries.put(key, value);
        }
        return entries;
    }

    /** Notes a mistake of a key. */
    public void mistake(String key, String found, String allowed) {
        note(key, mark(key), found, allowed);
    }

    /** Reports the keys that nothing asked for. */
    public void finish() {
        section.entries().forEach((key, entry) -> {
            if (known.contains(key)) return;
            note(
                    key,
                    entry.keyMark(),
                    "is unknown",
                    known.isEmpty() ? "this section has no settings" : whatIsKnown(key));
        });
    }

    /** Of many names a person wants to read the one that they meant. */
    private String whatIsKnown(String key) {
        Optional<String> near = NearestWord.to(key, known);
        if (known.size() > MANY && near.isPresent())
            return "did you mean '" + near.get() + "'? configuration.md lists all " + known.size()
                    + " settings of this section";
        return "known here are " + String.join(", ", known) + suggestion(key, known);
    }

    private <T> T value(String key, String allowed, T fallback, Function<MarkedNode, Optional<T>> reader) {
        MarkedNode node = node(key);
        if (node == null) return fallback;
        Optional<T> value = reader.apply(node);
        if (value.isEmpty()) note(key, node.mark(), "is " + node.describe(), "but must be " + allowed);
        return value.orElse(fallback);
    }

    private static @Nullable Object value(MarkedNode node) {
        return node instanceof Scalar scalar ? scalar.value() : null;
    }

    private List<MarkedNode> items(String key) {
        return switch (node(key)) {
            case null -> List.of();
            case Sequence sequence -> sequence.items();
            case Empty _ -> List.of();
            case MarkedNode other -> {
                note(key, other.mark(), "is " + other.describe(), "but must be a list");
                yield List.of();
            }
        };
    }

    private @Nullable MarkedNode node(String key) {
        known.add(key);
        Entry entry = section.entries().get(key);
        return entry == null ? null : entry.value();
    }

    private void note(String key, Mark mark, String found, String allowed) {
        mistakes.add(new Mistake(file, mark.line(), mark.column(), path(key), found, allowed));
    }

    private String path(String key) {
        if (key.isEmpty()) return prefix;
        return prefix.isEmpty() ? key : prefix + "." + key;
    }

    private Mapping emptySection() {
        return new Mapping(section.mark(), Map.of());
    }

    private static String suggestion(String word, Set<String> known) {
        return NearestWord.to(word, known)
                .map(nearest -> "; did you mean '" + nearest + "'?")
                .orElse("");
    }

    private static String plain(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
}
