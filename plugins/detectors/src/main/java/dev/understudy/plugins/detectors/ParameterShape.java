package dev.understudy.plugins.detectors;

import dev.understudy.spi.Task;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The shape of a task's parameters at three levels of detail: their names, the forms of their values and the shapes of
 * their words (see {@link WordShape}).
 */
final class ParameterShape {
    private static final int MAX_DEPTH = 8;

    /** Keys whose value says what is done rather than to what, so that different values are different shapes. */
    private static final Set<String> VERB_KEYS = Set.of(
            "operation",
            "op",
            "action",
            "method",
            "mode",
            "verb",
            "kind",
            "type",
            "format",
            "from_format",
            "to_format");

    private static final TextGroups.Masked[] NO_TEXTS = {};

    /** Of everything at the finest level, the lengths of lists and masked texts included. */
    final long key;

    /** Of the lengths of all word lists. */
    final long lengths;

    /** Whether they are those of a shell task. */
    final boolean shell;

    /** Whether the command is nothing but the type and the arguments, joined by blanks. */
    final boolean plain;

    private final long[] levels;
    private final int structured;
    private final TextGroups.Masked[] texts;

    private ParameterShape(Reader reader, long key) {
        this.key = key;
        lengths = reader.lengths;
        shell = reader.shell;
        plain = reader.plain;
        levels = reader.sums.clone();
        structured = reader.structured;
        texts = reader.textCount == 0 ? NO_TEXTS : Arrays.copyOf(reader.texts, reader.textCount);
    }

    /** The shape at a level; level 0 tells free texts apart by template, so templates must be up to date. */
    long at(int level) {
        long shape = levels[level];
        if (level == 0) for (TextGroups.Masked text : texts) shape = Hash.combine(shape, text.template());
        return shape;
    }

    /** Whether anything but bare words is left of the parameters at a level. */
    boolean isStructured(int level) {
        return (structured & 1 << level) != 0 || (level == 0 && texts.length > 0);
    }

    boolean hasTexts() {
        return texts.length > 0;
    }

    /** Registers the free texts with those of their parameters. */
    void hold() {
        for (TextGroups.Masked text : texts) text.hold();
    }

    /** Forgets the free texts. */
    void release() {
        for (TextGroups.Masked text : texts) text.release();
    }

    /** Reads shapes; reused, so used by one thread. */
    static final class Reader {
        private final WordShape word = new WordShape();
        private final TextMask mask = new TextMask();
        private final long[] sums = new long[WordShape.LEVELS];
        private final long[] last = new long[WordShape.LEVELS];
        private final long[] list = new long[WordShape.LEVELS];
        private TextGroups.Masked[] texts = new TextGroups.Masked[4];
        private int textCount;
        private int structured;
        private long lengths;
        private boolean shell;
        private boolean plain;
        private @Nullable TasksOfType type;

        /** Reads a task's shape and returns its {@link ParameterShape#key}. */
        long read(TasksOfType tasks, Task task) {
            read(task, tasks);
            long key = Hash.combine(Hash.combine(sums[0], lengths), plain ? 1 : 0);
            for (int i = 0; i < textCount; i++) key = Hash.combine(key, texts[i].hash());
            return key;
        }

        /** Reads a task's shape at a level, free texts not told apart. */
        long readAt(int level, Task task) {
            read(task, null);
            return sums[level];
        }

        private void read(Task task, @Nullable TasksOfType tasks) {
            Map<String, Object> parameters = task.parameters();
            Arrays.fill(sums, 0);
            textCount = 0;
            structured = 0;
            lengths = 0;
            type = tasks;
            shell = parameters.get(Task.ARGUMENTS) instanceof List && parameters.get(Task.COMMAND) instanceof String;
            plain = shell
                    && isPlain(task.type(), (String) parameters.getOrDefault(Task.COMMAND, ""), (List<?>)
                            parameters.getOrDefault(Task.ARGUMENTS, List.of()));
            object(1, parameters, 0);
        }

        /** The shape that was read last. */
        ParameterShape shape(long key) {
            return new ParameterShape(this, key);
        }

        private void object(long path, Map<?, ?> fields, int depth) {
            for (Map.Entry<?, ?> field : fields.entrySet()) {
                String key = (String) field.getKey();
                if (depth == 0 && key.equals(Task.EFFECTS)) continue;
                long slot = Hash.combine(path, Hash.of(key));
                boolean restatement =
                        depth == 0 && (key.equals(Task.WORKING_DIRECTORY) || (shell && key.equals(Task.COMMAND)));
                boolean shellName = depth == 0 && shell && key.equals(Task.SHELL);
                if (restatement) add(slot, 1);
                // What a pattern of file names means differs from shell to shell, so it never varies within a group.
                else if (shellName) add(slot, Hash.of(JsonText.of(field.getValue())));
                else value(slot, key, field.getValue(), depth + 1);
            }
        }

        private void value(long slot, String key, @Nullable Object value, int depth) {
            switch (value) {
                case String text -> scalar(slot, key, text, depth);
                case Boolean truth -> {
                    structured |= 3;
                    sums[0] += Hash.combine(slot, truth ? 3 : 2);
                    sums[1] += Hash.combine(slot, truth ? 3 : 2);
                    sums[2] += Hash.combine(slot, 2);
                }
                case Number _ -> {
                    structured |= 7;
                    add(slot, 4);
                }
                case List<?> items when isWords(items) -> words(slot, items);
                case Map<?, ?> fields when depth < MAX_DEPTH && !fields.isEmpty() -> object(slot, fields, depth);
                case null, default -> add(slot, 5);
            }
        }

        private void add(long slot, long form) {
            long hash = Hash.combine(slot, form);
            for (int level = 0; level < sums.length; level++) sums[level] += hash;
        }

        private void scalar(long slot, String key, String text, int depth) {
            if (VERB_KEYS.contains(key)) {
                structured |= 7;
                add(slot, Hash.of(text));
                return;
            }
            word.readValue(text);
            if (word.isText()) text(slot, depth == 1 ? key : null, text);
            for (int level = 0; level < sums.length; level++) {
                sums[level] += Hash.combine(slot, word.hash(level));
                if (!word.isText() && !word.isBare(level)) structured |= 1 << level;
            }
        }

        private void words(long slot, List<?> items) {
            word.startArguments();
            Arrays.fill(last, 0);
            Arrays.fill(list, slot);
            for (Object item : items) {
                if (item instanceof String text) word.readArgument(text);
                else word.readValue("0");
                if (word.isText()) text(slot, null, (String) item);
                for (int level = 0; level < list.length; level++) {
                    long hash = word.hash(level);
                    if (!word.isBare(level) && !word.isText()) structured |= 1 << level;
                    // A run of words of one shape is as good as one word, so that lists of any length have one shape.
                    if (hash == last[level] && !word.isText()) continue;
                    last[level] = hash;
                    list[level] = Hash.combine(list[level], hash);
                }
            }
            for (int level = 0; level < list.length; level++) sums[level] += list[level];
            lengths += Hash.combine(slot, items.size());
        }

        private void text(long slot, @Nullable String key, String text) {
            if (type == null) return;
            if (textCount == texts.length) texts = Arrays.copyOf(texts, 2 * textCount);
            texts[textCount++] = type.texts(slot, key).find(mask.mask(text));
        }
    }

    /** Whether a task's command is nothing but its type and its arguments, joined by blanks. */
    static boolean isPlain(Task task) {
        return task.parameters().get(Task.COMMAND) instanceof String command
                && task.parameters().get(Task.ARGUMENTS) instanceof List<?> words
                && isPlain(task.type(), command, words);
    }

    private static boolean isPlain(String type, String command, List<?> words) {
        if (!command.startsWith(type)) return false;
        int at = type.length();
        for (Object word : words) {
            String text = JsonText.of(word);
            if (at >= command.length() || command.charAt(at) != ' ' || !command.startsWith(text, at + 1)) return false;
            at += 1 + text.length();
        }
        return at == command.length();
    }

    /** Whether a list holds nothing but texts and numbers. */
    static boolean isWords(List<?> items) {
        for (int i = 0; i < items.size(); i++) {
            Object item = items.get(i);
            if (!(item instanceof String || item instanceof Number)) return false;
        }
        return true;
    }
}
