package dev.understudy.plugins.detectors;

import dev.understudy.plugins.detectors.Column.NameSource;
import dev.understudy.plugins.detectors.Template.Hole;
import dev.understudy.plugins.detectors.Template.Literal;
import dev.understudy.plugins.detectors.Template.Part;
import dev.understudy.plugins.detectors.Template.Text;
import dev.understudy.spi.Task;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

    private static final Pattern DIGITS = Pattern.compile("[0-9]+");
    private static final int MAX_NUMBERS = 4;

    private final int level;

    /** The days of the tasks, latest first; empty where they tell nothing. */
    private final List<LocalDate> days;

    /** Whether these are enough to tell a month from a constant. */
    private final boolean manyDays;

    private final Map<Long, Column> columns = new HashMap<>();
    private final List<Template.Fields> templates = new ArrayList<>();
    private final List<Column> variables = new ArrayList<>();
    private final Map<Column, String> names = new HashMap<>();

    /** Of the tasks that are being read. */
    private String type = "";

    private boolean shell;
    private boolean plain;

    /** Whether a number in a value may vary although no separator stands beside it. */
    private boolean numbersApart;

    /**
     * Generalises.
     *
     * @param tasks of one shape at {@code level}, latest first
     * @param plain whether the command of each is nothing but type and arguments, joined by blanks
     * @param calendar says on which days they were; null if that does not matter
     */
    Generalization(Task[] tasks, int level, boolean plain, @Nullable CalendarReading calendar) {
        this(tasks, level, calendar);
        templates.add(read(tasks, plain));
        nameVariables();
    }

    /**
     * Generalises the steps of a sequence together: what holds the same in several steps is one variable, and so is what
     * is a part of another step's text.
     *
     * @param steps by step, the task of each occurrence, latest occurrence first; of one shape at {@code level} each
     * @param calendar says on which days they were; null if that does not matter
     */
    static Generalization ofSteps(List<Task[]> steps, int level, @Nullable CalendarReading calendar) {
        return ofSteps(steps, level, calendar, false);
    }

    /** The same for what was recorded step by step: of a value like {@code A17} only the number varies. */
    static Generalization ofRecorded(List<Task[]> steps, int level, @Nullable CalendarReading calendar) {
        return ofSteps(steps, level, calendar, true);
    }

    private static Generalization ofSteps(
            List<Task[]> steps, int level, @Nullable CalendarReading calendar, boolean numbersApart) {
        var general = new Generalization(steps.getFirst(), level, calendar);
        general.numbersApart = numbersApart;
        for (Task[] tasks : steps) {
            boolean plain = true;
            for (Task task : tasks) plain &= ParameterShape.isPlain(task);
            general.templates.add(general.read(tasks, plain));
        }
        general.findParts();
        general.nameVariables();
        return general;
    }

    private Generalization(Task[] tasks, int level, @Nullable CalendarReading calendar) {
        this.level = level;
        List<LocalDate> all = calendar == null
                ? List.of()
                : Arrays.stream(tasks)
                        .map(task -> calendar.day(task.timestamp()))
                        .toList();
        int different = new HashSet<>(all).size();
        days = different > 1 ? all : List.of();
        manyDays = calendar != null && different >= calendar.recurringDays();
    }

    private Template.Fields read(Task[] tasks, boolean plainly) {
        Map<String, Object> latest = tasks[0].parameters();
        type = tasks[0].type();
        shell = latest.get(Task.ARGUMENTS) instanceof List && latest.get(Task.COMMAND) instanceof String;
        plain = plainly;
        Map<?, ?>[] all = new Map<?, ?>[tasks.length];
        for (int i = 0; i < all.length; i++) all[i] = tasks[i].parameters();
        return fields(latest, all, true);
    }

    private void nameVariables() {
        var taken = new HashSet<String>();
        for (Template.Fields template : templates)
            template.forEachColumn(column -> {
                if (names.containsKey(column)) return;
                variables.add(column);
                names.put(column, Names.unique(column.name(), taken));
            });
    }

    /** Makes a variable of a step's text that is a part of another step's text in every occurrence. */
    private void findParts() {
        var found = new LinkedHashSet<Column>();
        for (Template.Fields template : templates) template.forEachColumn(found::add);
        for (Column whole : found) {
            for (Column part : found) {
                List<Part> parts = part.within(whole, this::intern);
                if (parts.isEmpty()) continue;
                templates.replaceAll(template -> (Template.Fields) template.with(whole, parts));
                break;
            }
        }
    }

    /** The varying parts in the order in which they first appear. */
    List<Column> variables() {
        return variables;
    }

    String nameOf(Column column) {
        return names.getOrDefault(column, column.name());
    }

    /** The parameters with the variables' names in place of what varies. */
    Map<String, Object> parameters() {
        return parameters(0);
    }

    /** The parameters of one step of a sequence, counted from 0. */
    @SuppressWarnings("unchecked") // fields are rendered as a map by name
    Map<String, Object> parameters(int step) {
        return (Map<String, Object>) templates.get(step).render(this::nameOf);
    }

    /** Whether there is anything in common beyond the type. */
    boolean meansSomething() {
        if (variables.isEmpty()) return true;
        for (var field : templates.getFirst().fields().entrySet()) {
            boolean restatement = field.getKey().equals(Task.WORKING_DIRECTORY)
                    || (shell && field.getKey().equals(Task.COMMAND));
            if (!restatement && field.getValue().hasConstant()) return true;
        }
        return variables.stream().allMatch(Column::meansSomething);
    }

    private Template.Fields fields(Map<?, ?> latest, Map<?, ?>[] all, boolean top) {
        var fields = new LinkedHashMap<String, Template>();
        // The arguments come first: they name the variables that the command as typed repeats.
        Template arguments = top && shell ? field(Task.ARGUMENTS, all) : null;
        for (Object key : latest.keySet()) {
            String name = (String) key;
            // What a task changed differs with the files that it found, and asks for nothing.
            if (top && name.equals(Task.EFFECTS)) continue;
            if (arguments != null && name.equals(Task.ARGUMENTS)) fields.put(name, arguments);
            else if (arguments != null && name.equals(Task.COMMAND)) fields.put(name, command(arguments, all));
            else fields.put(name, field(name, all));
        }
        return new Template.Fields(fields);
    }

    private Template field(String name, Map<?, ?>[] all) {
        Object[] values = new Object[all.length];
        int texts = 0;
        int maps = 0;
        int lists = 0;
        for (int i = 0; i < values.length; i++) {
            Object value = all[i].get(name);
            values[i] = value == null ? "" : value;
            if (values[i] instanceof String) texts++;
            else if (values[i] instanceof Map) maps++;
            else if (values[i] instanceof List<?> list && ParameterShape.isWords(list)) lists++;
        }
        if (lists == values.length) return list(name, values);
        if (maps == values.length && sameKeys(values)) {
            Map<?, ?>[] objects = new Map<?, ?>[values.length];
            for (int i = 0; i < objects.length; i++) objects[i] = (Map<?, ?>) values[i];
            return fields(objects[0], objects, false);
        }
        return value(values, texts == values.length, Names.identifier(name), NameSource.KEY);
    }

    private static boolean sameKeys(Object[] maps) {
        var keys = ((Map<?, ?>) maps[0]).keySet();
        for (Object map : maps) if (!((Map<?, ?>) map).keySet().equals(keys)) return false;
        return !keys.isEmpty();
    }

    /** A text, or any value that is taken as a whole. */
    private Template value(Object[] values, boolean allTexts, String name, NameSource source) {
        String[] texts = new String[values.length];
        for (int i = 0; i < texts.length; i++) texts[i] = JsonText.of(values[i]);
        if (allSame(texts)) return values[0] instanceof String ? constant(texts) : new Template.Constant(values[0]);
        Text apart = allTexts && numbersApart ? numbersApart(texts, name, source) : null;
        if (apart != null) return apart;
        if (allTexts) return text(texts, name, source);
        Column column = intern(Column.ofTexts(texts, Affixes.NONE));
        column.name(name, source);
        return Template.hole(column);
    }

    /** Texts that differ in their numbers only, with a variable for each number; null if they differ otherwise. */
    private @Nullable Text numbersApart(String[] texts, String name, NameSource source) {
        String[] around = DIGITS.split(texts[0], -1);
        if (around.length < 2
                || around.length > MAX_NUMBERS + 1
                || String.join("", around).isBlank()) return null;
        String[][] numbers = new String[around.length - 1][texts.length];
        for (int row = 0; row < texts.length; row++) {
            if (!Arrays.equals(DIGITS.split(texts[row], -1), around)) return null;
            Matcher number = DIGITS.matcher(texts[row]);
            for (int at = 0; number.find(); at++) numbers[at][row] = number.group();
        }
        List<Part> parts = new ArrayList<>();
        if (!around[0].isEmpty()) parts.add(new Literal(around[0]));
        for (int at = 0; at < numbers.length; at++) {
            if (allSame(numbers[at])) parts.add(new Literal(numbers[at][0]));
            else {
                Column column = intern(Column.ofTexts(numbers[at], Affixes.NONE));
                column.name(name, source);
                parts.add(new Hole(column));
            }
            if (!around[at + 1].isEmpty()) parts.add(new Literal(around[at + 1]));
        }
        return new Text(parts);
    }

    /** A text that is always the same, but for the month or week that all tasks were in. */
    private Template constant(String[] texts) {
        String text = texts[0];
        Optional<DayTexts.Period> period = manyDays ? DayTexts.periodIn(text, days) : Optional.empty();
        if (period.isEmpty()) return Template.literal(text);
        int start = period.get().start();
        int end = period.get().end();
        List<Part> parts = new ArrayList<>(3);
        if (start > 0) parts.add(new Literal(text.substring(0, start)));
        parts.add(new Hole(intern(Column.ofTexts(texts, new Affixes(start, text.length() - end)))));
        if (end < text.length()) parts.add(new Literal(text.substring(end)));
        return new Text(parts);
    }

    private static boolean allSame(String[] texts) {
        String first = texts[0];
        for (String text : texts) if (!text.equals(first)) return false;
        return true;
    }

    /** One column for all parts that hold the same. */
    private Column intern(Column column) {
        Column known = columns.putIfAbsent(column.hash(), column);
        if (known != null) return known;
        if (!days.isEmpty()) column.compareWith(days);
        return column;
    }

    // Lists of words

    private Template list(String key, Object[] lists) {
        List<?>[] words = new List<?>[lists.length];
        boolean sameLength = true;
        for (int i = 0; i < words.length; i++) {
            words[i] = (List<?>) lists[i];
            sameLength &= words[i].size() == words[0].size();
        }
        var elements = new ArrayList<Template>();
        var place = new Place(key);
        if (sameLength) {
            int[] starts = new int[words.length];
            for (int at = 0; at < words[0].size(); at++) elements.add(element(words, starts, at, place));
            return new Template.Items(elements);
        }
        int[][] ends = new int[words.length][];
        boolean sameRuns = true;
        for (int i = 0; i < words.length; i++) {
            ends[i] = runEnds(words[i]);
            sameRuns &= ends[i].length == ends[0].length;
        }
        if (!sameRuns) for (int i = 0; i < words.length; i++) ends[i] = new int[] {words[i].size()};
        int[] starts = new int[words.length];
        for (int run = 0; run < ends[0].length; run++) {
            int[] runEnds = new int[words.length];
            for (int i = 0; i < words.length; i++) runEnds[i] = ends[i][run];
            run(words, starts, runEnds, place, elements);
            starts = runEnds;
        }
        return new Template.Items(elements);
    }

    /** Where the runs of words of one shape end. */
    private int[] runEnds(List<?> words) {
        var shape = new WordShape();
        shape.startArguments();
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

    /** One run of words, which differs in length from task to task: common words at its ends stay words. */
    private void run(List<?>[] words, int[] starts, int[] ends, Place place, List<Template> elements) {
        int shortest = Integer.MAX_VALUE;
        int longest = 0;
        for (int i = 0; i < words.length; i++) {
            shortest = Math.min(shortest, ends[i] - starts[i]);
            longest = Math.max(longest, ends[i] - starts[i]);
        }
        if (shortest == longest) {
            for (int at = 0; at < shortest; at++) elements.add(element(words, starts, at, place));
            return;
        }
        int before = 0;
        while (before < shortest - 1 && sameAt(words, starts, before)) before++;
        int after = 0;
        while (after < shortest - 1 - before && sameAt(words, ends, -1 - after)) after++;
        for (int at = 0; at < before; at++) elements.add(element(words, starts, at, place));
        String[] lists = new String[words.length];
        int[] tails = new int[words.length];
        for (int i = 0; i < lists.length; i++) {
            tails[i] = ends[i] - after;
            var joined = new StringJoiner("\n");
            for (Object word : words[i].subList(starts[i] + before, tails[i])) joined.add(JsonText.of(word));
            lists[i] = joined.toString();
        }
        Column column = intern(Column.ofLists(lists));
        place.nameList(column);
        elements.add(new Template.Run(column));
        for (int at = 0; at < after; at++) elements.add(element(words, tails, at, place));
    }

    private static boolean sameAt(List<?>[] words, int[] from, int offset) {
        Object word = words[0].get(from[0] + offset);
        for (int i = 1; i < words.length; i++)
            if (!words[i].get(from[i] + offset).equals(word)) return false;
        return true;
    }

    private Template element(List<?>[] words, int[] starts, int at, Place place) {
        Object[] values = new Object[words.length];
        boolean allTexts = true;
        for (int i = 0; i < values.length; i++) {
            values[i] = words[i].get(starts[i] + at);
            allTexts &= values[i] instanceof String;
        }
        String first = JsonText.of(values[0]);
        Template element = value(values, allTexts, place.name(first), NameSource.POSITION);
        place.pass(first, element.isConstant());
        return element;
    }

    /** Where in a list of words one is, as far as names depend on it. */
    private final class Place {
        private final String key;
        private final boolean arguments;
        private String program = type;
        private String before = "";
        private int position;

        Place(String key) {
            this.key = key;
            arguments = shell && key.equals(Task.ARGUMENTS);
        }

        String name(String word) {
            if (!arguments) return Names.identifier(key);
            int equals = word.indexOf('=');
            if (word.startsWith("-") && equals > 0) return Names.ofOption(word.substring(0, equals));
            return Names.ofArgument(program, position, before);
        }

        void nameList(Column column) {
            column.name(
                    arguments ? Names.ofList(program, position) : Names.identifier(key),
                    arguments ? NameSource.POSITION : NameSource.KEY);
        }

        void pass(String word, boolean constant) {
            if (WordShape.isBeforeProgram(before)) {
                program = word;
                position = 0;
            } else {
                boolean option = constant && word.length() > 1 && word.startsWith("-");
                if (!option && !WordShape.isOperator(word)) position++;
            }
            before = constant ? word : "";
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
        Column column = intern(Column.ofTexts(texts, affixes));
        String prefix = texts[0].substring(0, affixes.prefix());
        String suffix = texts[0].substring(texts[0].length() - affixes.suffix());
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
        Text byWord = wordByWord(texts);
        if (byWord != null) return byWord;
        // Common words at the ends; a blank is a separator, so the common ends stop at one.
        return word(texts, name, source);
    }

    /** The texts word by word, or null if they have different numbers of words or too little in common. */
    private @Nullable Text wordByWord(String[] texts) {
        String[] first = texts[0].split(" ", -1);
        boolean[] varies = new boolean[first.length];
        for (String text : texts) {
            int start = 0;
            for (int at = 0; at < first.length; at++) {
                int blank = text.indexOf(' ', start);
                boolean last = at == first.length - 1;
                if (last != (blank < 0)) return null;
                int end = last ? text.length() : blank;
                if (!varies[at]) varies[at] = end - start != first[at].length() || !text.startsWith(first[at], start);
                start = end + 1;
            }
        }
        int varying = 0;
        for (boolean one : varies) if (one) varying++;
        if (varying > MAX_VARYING_WORDS || 3 * (first.length - varying) < first.length) return null;
        List<Part> parts = new ArrayList<>();
        for (int at = 0; at < first.length; at++) {
            if (at > 0) parts.add(new Literal(" "));
            if (varies[at]) {
                String name = at == 0 || varies[at - 1] ? "" : nameAfter(first[at - 1]);
                parts.addAll(word(wordsAt(texts, at), name, NameSource.POSITION).parts());
            } else if (!first[at].isEmpty()) parts.add(new Literal(first[at]));
        }
        return new Text(joinLiterals(parts));
    }

    /** A lower-case word names what comes after it: "user alice", "port 22". */
    private static String nameAfter(String word) {
        boolean noun = word.length() > 3 && word.chars().allMatch(c -> c >= 'a' && c <= 'z');
        return noun ? word : "";
    }

    private static String[] wordsAt(String[] texts, int at) {
        String[] words = new String[texts.length];
        for (int i = 0; i < words.length; i++) {
            int start = 0;
            for (int skip = 0; skip < at; skip++) start = texts[i].indexOf(' ', start) + 1;
            int end = texts[i].indexOf(' ', start);
            words[i] = texts[i].substring(start, end < 0 ? texts[i].length() : end);
        }
        return words;
    }

    private static List<Part> joinLiterals(List<Part> parts) {
        List<Part> joined = new ArrayList<>();
        var literal = new StringBuilder();
        for (Part part : parts) {
            if (part instanceof Literal(String text)) {
                literal.append(text);
                continue;
            }
            if (!literal.isEmpty()) joined.add(new Literal(literal.toString()));
            literal.setLength(0);
            joined.add(part);
        }
        if (!literal.isEmpty()) joined.add(new Literal(literal.toString()));
        return joined;
    }

    /** The command as typed: the type and the arguments, if all were typed plainly, else a text like any other. */
    private Template command(Template arguments, Map<?, ?>[] all) {
        if (!plain || !(arguments instanceof Template.Items items)) {
            Object[] typed = new Object[all.length];
            for (int i = 0; i < typed.length; i++)
                typed[i] = JsonText.of(Objects.requireNonNullElse(all[i].get(Task.COMMAND), ""));
            return value(typed, true, "command_text", NameSource.KIND);
        }
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
}
