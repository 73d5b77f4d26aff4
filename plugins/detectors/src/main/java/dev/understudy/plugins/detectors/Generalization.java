package dev.understudy.plugins.detectors;

import dev.understudy.plugins.detectors.Column.NameSource;
import dev.understudy.plugins.detectors.Template.Hole;
import dev.understudy.plugins.detectors.Template.Literal;
import dev.understudy.plugins.detectors.Template.Part;
import dev.understudy.plugins.detectors.Template.Text;
import dev.understudy.spi.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * What the parameters of a group of tasks have in common, and what varies.
 *
 * <p>Words are compared at the same position, and what they begin and end with in common, up to a separator, is
 * constant. Parts that hold the same in every task are one variable.
 */
final class Generalization {
    /** A text with more varying words than this is one variable from the first to the last of them. */
    private static final int MAX_VARYING_WORDS = 12;

    private final String type;
    private final List<Variant> variants;
    private final int level;
    private final boolean shell;
    private final Map<Integer, List<Column>> columns = new HashMap<>();
    private final Template.Fields template;
    private final List<Column> variables = new ArrayList<>();
    private final Map<Column, String> names = new HashMap<>();

    /**
     * Generalises.
     *
     * @param variants of one shape at {@code level}, latest first
     */
    Generalization(String type, List<Variant> variants, int level) {
        this.type = type;
        this.variants = variants;
        this.level = level;
        Variant latest = variants.getFirst();
        shell = latest.shell;
        List<Map<?, ?>> all = new ArrayList<>(variants.size());
        for (Variant variant : variants) all.add(variant.parameters);
        template = fields(latest.parameters, all, true);
        var taken = new HashSet<String>();
        template.forEachColumn(column -> {
            if (names.containsKey(column)) return;
            variables.add(column);
            names.put(column, Names.unique(column.name(), taken));
        });
    }

    /** The varying parts in the order in which they first appear. */
    List<Column> variables() {
        return variables;
    }

    String nameOf(Column column) {
        return names.getOrDefault(column, column.name());
    }

    /** The parameters with the variables' names in place of what varies. */
    @SuppressWarnings("unchecked") // fields are rendered as a map by name
    Map<String, Object> parameters() {
        return (Map<String, Object>) template.render(this::nameOf);
    }

    /** Whether there is anything in common beyond the type. */
    boolean meansSomething() {
        if (variables.isEmpty()) return true;
        for (var field : template.fields().entrySet()) {
            boolean restatement = field.getKey().equals(Task.WORKING_DIRECTORY)
                    || (shell && field.getKey().equals(Task.COMMAND));
            if (!restatement && field.getValue().hasConstant()) return true;
        }
        return variables.stream().allMatch(Column::meansSomething);
    }

    private Template.Fields fields(Map<?, ?> latest, List<? extends Map<?, ?>> all, boolean top) {
        var fields = new LinkedHashMap<String, Template>();
        // The arguments come first: they name the variables that the command as typed repeats.
        Template arguments = top && shell ? field(Task.ARGUMENTS, all) : null;
        for (Object key : latest.keySet()) {
            String name = (String) key;
            if (arguments != null && name.equals(Task.ARGUMENTS)) fields.put(name, arguments);
            else if (arguments != null && name.equals(Task.COMMAND)) fields.put(name, command(arguments));
            else fields.put(name, field(name, all));
        }
        return new Template.Fields(fields);
    }

    private Template field(String name, List<? extends Map<?, ?>> all) {
        List<Object> values = new ArrayList<>(all.size());
        for (Map<?, ?> one : all) {
            Object value = one.get(name);
            values.add(value == null ? "" : value);
        }
        Object first = values.getFirst();
        if (first instanceof Map<?, ?> object && !object.isEmpty() && allMaps(values, object))
            return fields(
                    object, values.stream().map(value -> (Map<?, ?>) value).toList(), false);
        if (first instanceof List<?> list && Variant.isWords(list) && allWordLists(values))
            return list(
                    name, values.stream().<List<?>>map(value -> (List<?>) value).toList());
        String[] texts = texts(values);
        if (allSame(texts)) return first instanceof String text ? Template.literal(text) : new Template.Constant(first);
        if (!values.stream().allMatch(String.class::isInstance)) {
            Column column = intern(Column.ofTexts(texts));
            column.name(Names.identifier(name), NameSource.KEY);
            return Template.hole(column);
        }
        return text(texts, Names.identifier(name), NameSource.KEY);
    }

    private static boolean allMaps(List<Object> values, Map<?, ?> first) {
        for (Object value : values)
            if (!(value instanceof Map<?, ?> map && map.keySet().equals(first.keySet()))) return false;
        return true;
    }

    private static boolean allWordLists(List<Object> values) {
        for (Object value : values) if (!(value instanceof List<?> list && Variant.isWords(list))) return false;
        return true;
    }

    private static String[] texts(List<?> values) {
        String[] texts = new String[values.size()];
        for (int i = 0; i < texts.length; i++) texts[i] = JsonText.of(values.get(i));
        return texts;
    }

    private static boolean allSame(String[] texts) {
        String first = texts[0];
        for (String text : texts) if (!text.equals(first)) return false;
        return true;
    }

    /** One column for all parts that hold the same. */
    private Column intern(Column column) {
        List<Column> sameHash = columns.computeIfAbsent(column.valuesHash(), _ -> new ArrayList<>());
        for (Column known : sameHash) if (known.sameAs(column)) return known;
        sameHash.add(column);
        return column;
    }

    // Lists of words

    private Template list(String key, List<List<?>> lists) {
        int length = lists.getFirst().size();
        boolean sameLength = lists.stream().allMatch(list -> list.size() == length);
        List<Template> elements = new ArrayList<>();
        var place = new Place(key);
        if (sameLength) {
            for (int at = 0; at < length; at++) elements.add(element(lists, at, place));
            return new Template.Items(elements);
        }
        List<int[]> runs = lists.stream().map(this::runEnds).toList();
        int count = runs.getFirst().length;
        if (!runs.stream().allMatch(ends -> ends.length == count)) {
            runs = lists.stream().map(list -> new int[] {list.size()}).toList();
        }
        for (int run = 0; run < runs.getFirst().length; run++) {
            List<List<?>> parts = new ArrayList<>(lists.size());
            for (int i = 0; i < lists.size(); i++) {
                int start = run == 0 ? 0 : runs.get(i)[run - 1];
                parts.add(lists.get(i).subList(start, runs.get(i)[run]));
            }
            run(parts, place, elements);
        }
        return new Template.Items(elements);
    }

    /** Where the runs of words of one shape end. */
    private int[] runEnds(List<?> words) {
        var shape = new WordShape();
        int[] ends = new int[words.size()];
        int count = 0;
        long last = 0;
        for (int i = 0; i < words.size(); i++) {
            if (words.get(i) instanceof String text) shape.readArgument(text);
            else shape.readValue("0");
            if (i > 0 && (shape.hash(level) != last || shape.isText())) ends[count++] = i;
            last = shape.hash(level);
        }
        if (!words.isEmpty()) ends[count++] = words.size();
        return Arrays.copyOf(ends, count);
    }

    private void run(List<List<?>> parts, Place place, List<Template> elements) {
        int shortest = parts.stream().mapToInt(List::size).min().orElse(0);
        int longest = parts.stream().mapToInt(List::size).max().orElse(0);
        if (shortest == longest) {
            for (int at = 0; at < shortest; at++) elements.add(element(parts, at, place));
            return;
        }
        int before = 0;
        while (before < shortest - 1 && sameAt(parts, before, true)) before++;
        int after = 0;
        while (after < shortest - 1 - before && sameAt(parts, after, false)) after++;
        for (int at = 0; at < before; at++) elements.add(element(parts, at, place));
        String[] lists = new String[parts.size()];
        for (int i = 0; i < lists.length; i++) {
            var words = new StringJoiner("\n");
            for (Object word : parts.get(i).subList(before, parts.get(i).size() - after)) words.add(JsonText.of(word));
            lists[i] = words.toString();
        }
        Column column = intern(Column.ofLists(lists));
        place.nameList(column);
        elements.add(new Template.Run(column));
        int end = after;
        List<List<?>> tails = new ArrayList<>(parts.size());
        for (List<?> part : parts) tails.add(part.subList(part.size() - end, part.size()));
        for (int at = 0; at < after; at++) elements.add(element(tails, at, place));
    }

    private static boolean sameAt(List<List<?>> parts, int offset, boolean fromStart) {
        List<?> first = parts.getFirst();
        Object word = first.get(fromStart ? offset : first.size() - 1 - offset);
        for (List<?> part : parts)
            if (!part.get(fromStart ? offset : part.size() - 1 - offset).equals(word)) return false;
        return true;
    }

    private Template element(List<? extends List<?>> lists, int at, Place place) {
        List<Object> words = new ArrayList<>(lists.size());
        for (List<?> list : lists) words.add(list.get(at));
        String[] texts = texts(words);
        boolean constant = allSame(texts);
        Template element;
        if (constant)
            element = words.getFirst() instanceof String text
                    ? Template.literal(text)
                    : new Template.Constant(words.getFirst());
        else if (words.stream().allMatch(String.class::isInstance))
            element = text(texts, place.name(texts[0]), NameSource.POSITION);
        else {
            Column column = intern(Column.ofTexts(texts));
            column.name(place.name(texts[0]), NameSource.POSITION);
            element = Template.hole(column);
        }
        place.pass(texts[0], constant);
        return element;
    }

    /** Where in a list of words one is, as far as names depend on it. */
    private final class Place {
        private final String key;
        private String option = "";
        private int position;

        Place(String key) {
            this.key = key;
        }

        String name(String word) {
            if (!shell || !key.equals(Task.ARGUMENTS)) return Names.identifier(key);
            int equals = word.indexOf('=');
            if (word.startsWith("-") && equals > 0) return Names.ofOption(word.substring(0, equals));
            String afterOption = option.isEmpty() ? "" : Names.ofOption(option);
            return afterOption.isEmpty() ? Names.ofPosition(type, position) : afterOption;
        }

        void nameList(Column column) {
            boolean arguments = shell && key.equals(Task.ARGUMENTS);
            column.name(
                    arguments ? Names.ofList(type, position) : Names.identifier(key),
                    arguments ? NameSource.POSITION : NameSource.KEY);
        }

        void pass(String word, boolean constant) {
            boolean isOption = constant && word.length() > 1 && word.startsWith("-");
            option = isOption ? word : "";
            if (!isOption && !WordShape.isOperator(word)) position++;
        }
    }

    // Texts

    private Text text(String[] texts, String name, NameSource source) {
        for (String text : texts) if (text.indexOf(' ') >= 0) return sentence(texts, name, source);
        return word(texts, name, source);
    }

    /** A varying word: a constant beginning and end, and one variable between. */
    private Text word(String[] texts, String name, NameSource source) {
        Affixes affixes = Affixes.of(texts);
        if (affixes.prefix() == 0 && affixes.suffix() == 0) {
            Column column = intern(Column.ofTexts(texts));
            column.name(name, source);
            return Template.hole(column);
        }
        String[] middles = new String[texts.length];
        for (int i = 0; i < texts.length; i++)
            middles[i] = texts[i].substring(affixes.prefix(), texts[i].length() - affixes.suffix());
        String prefix = texts[0].substring(0, affixes.prefix());
        String suffix = texts[0].substring(texts[0].length() - affixes.suffix());
        Column column = intern(Column.ofTexts(middles));
        if (isWhole(prefix, suffix)) column.name(name, source);
        List<Part> parts = new ArrayList<>(3);
        if (!prefix.isEmpty()) parts.add(new Literal(prefix));
        parts.add(new Hole(column));
        if (!suffix.isEmpty()) parts.add(new Literal(suffix));
        return new Text(parts);
    }

    /** Whether what is around a variable is quotes, brackets or an option's name only, so that the place names it. */
    private static boolean isWhole(String prefix, String suffix) {
        if (!suffix.isEmpty() && suffix.codePoints().anyMatch(c -> Character.isLetterOrDigit(c) || c == '/'))
            return false;
        return prefix.startsWith("-")
                || prefix.codePoints().noneMatch(c -> Character.isLetterOrDigit(c) || c == '/' || c == '~');
    }

    /** A varying text of several words. */
    private Text sentence(String[] texts, String name, NameSource source) {
        String[][] words = new String[texts.length][];
        boolean aligned = true;
        for (int i = 0; i < texts.length; i++) {
            words[i] = texts[i].split(" ", -1);
            aligned &= words[i].length == words[0].length;
        }
        if (aligned) {
            Text byWord = wordByWord(words);
            if (byWord != null) return byWord;
        }
        int shortest = Integer.MAX_VALUE;
        for (String[] row : words) shortest = Math.min(shortest, row.length);
        int before = 0;
        while (before < shortest - 1 && sameWord(words, before, true)) before++;
        int after = 0;
        while (after < shortest - 1 - before && sameWord(words, after, false)) after++;
        String head = joined(words[0], 0, before);
        String tail = joined(words[0], words[0].length - after, words[0].length);
        if (before > 0) head += " ";
        if (after > 0) tail = " " + tail;
        String[] middles = new String[texts.length];
        for (int i = 0; i < texts.length; i++)
            middles[i] = texts[i].substring(head.length(), texts[i].length() - tail.length());
        List<Part> parts = new ArrayList<>();
        if (!head.isEmpty()) parts.add(new Literal(head));
        parts.addAll(word(middles, name, source).parts());
        if (!tail.isEmpty()) parts.add(new Literal(tail));
        return new Text(joinLiterals(parts));
    }

    private @Nullable Text wordByWord(String[][] words) {
        int count = words[0].length;
        boolean[] varies = new boolean[count];
        int varying = 0;
        for (int at = 0; at < count; at++) {
            varies[at] = !sameWord(words, at, true);
            if (varies[at]) varying++;
        }
        if (varying > MAX_VARYING_WORDS || 3 * (count - varying) < count) return null;
        List<Part> parts = new ArrayList<>();
        String before = "";
        for (int at = 0; at < count; at++) {
            if (at > 0) parts.add(new Literal(" "));
            if (!varies[at]) {
                if (!words[0][at].isEmpty()) parts.add(new Literal(words[0][at]));
            } else {
                String[] column = new String[words.length];
                for (int i = 0; i < column.length; i++) column[i] = words[i][at];
                parts.addAll(word(column, Names.identifier(before), NameSource.POSITION)
                        .parts());
            }
            before = varies[at] || Character.isUpperCase(words[0][at].isEmpty() ? ' ' : words[0][at].charAt(0))
                    ? ""
                    : words[0][at];
            if (before.length() < 4) before = "";
        }
        return new Text(joinLiterals(parts));
    }

    private static boolean sameWord(String[][] words, int offset, boolean fromStart) {
        String word = words[0][fromStart ? offset : words[0].length - 1 - offset];
        for (String[] row : words) if (!row[fromStart ? offset : row.length - 1 - offset].equals(word)) return false;
        return true;
    }

    private static String joined(String[] words, int from, int to) {
        return String.join(" ", Arrays.asList(words).subList(from, to));
    }

    private static List<Part> joinLiterals(List<Part> parts) {
        List<Part> joined = new ArrayList<>();
        for (Part part : parts) {
            if (part instanceof Literal literal && !joined.isEmpty() && joined.getLast() instanceof Literal last)
                joined.set(joined.size() - 1, new Literal(last.text() + literal.text()));
            else joined.add(part);
        }
        return joined;
    }

    /** The command as typed: the type and the arguments, if all were typed plainly, else a text like any other. */
    private Template command(Template arguments) {
        String[] typed = new String[variants.size()];
        boolean plain = true;
        for (int i = 0; i < typed.length; i++) {
            Map<String, Object> parameters = variants.get(i).parameters;
            typed[i] = JsonText.of(parameters.getOrDefault(Task.COMMAND, ""));
            plain = plain && isPlain(typed[i], (List<?>) parameters.getOrDefault(Task.ARGUMENTS, List.of()));
        }
        if (allSame(typed)) return Template.literal(typed[0]);
        if (!plain || !(arguments instanceof Template.Items items)) return text(typed, "command_text", NameSource.KIND);
        List<Part> parts = new ArrayList<>();
        parts.add(new Literal(type));
        for (Template element : items.elements()) {
            parts.add(new Literal(" "));
            switch (element) {
                case Text text -> parts.addAll(text.parts());
                case Template.Run run -> parts.add(new Hole(run.column()));
                case Template.Constant constant -> parts.add(new Literal(JsonText.of(constant.value())));
                case Template.Items _, Template.Fields _ -> throw new IllegalStateException("a word list in " + items);
            }
        }
        return new Text(joinLiterals(parts));
    }

    private boolean isPlain(String command, List<?> words) {
        if (!command.startsWith(type)) return false;
        int at = type.length();
        for (Object word : words) {
            String text = JsonText.of(word);
            if (at >= command.length() || command.charAt(at) != ' ' || !command.startsWith(text, at + 1)) return false;
            at += 1 + text.length();
        }
        return at == command.length();
    }
}
