package dev.understudy.plugins.detectors;

import dev.understudy.spi.Task;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All tasks of a type with exactly the same parameters, and the shape of these. */
final class Variant {
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

    final TasksOfType type;
    final Map<String, Object> parameters;
    final boolean shell;
    private final long shape0;
    private final long shape1;
    private final long shape2;
    private final int structured;

    /** Of the lengths of all word lists. */
    final long lengths;

    private final TextGroups.Masked[] texts;
    int count;

    /** The group in the making, or the one found last. */
    @Nullable
    Group group;

    private Variant(TasksOfType type, Map<String, Object> parameters, Reader reader) {
        this.type = type;
        this.parameters = parameters;
        shell = reader.shell;
        shape0 = reader.sums[0];
        shape1 = reader.sums[1];
        shape2 = reader.sums[2];
        structured = reader.structured;
        lengths = reader.lengths;
        texts = reader.textCount == 0 ? NO_TEXTS : Arrays.copyOf(reader.texts, reader.textCount);
    }

    /** The shape at a level of detail; level 0 tells free texts apart by template, so templates must be up to date. */
    long shape(int level) {
        if (level == 1) return shape1;
        if (level == 2) return shape2;
        long shape = shape0;
        for (TextGroups.Masked text : texts) shape = Hash.combine(shape, text.template());
        // A parameter that holds free texts holds texts of one word too, and each of these is a template of its own.
        if (texts.length == 0)
            for (String key : type.textKeys())
                if (parameters.get(key) instanceof String text) shape = Hash.combine(shape, type.maskedWord(text));
        return shape;
    }

    /** Whether anything but bare words is left of the parameters at a level. */
    boolean isStructured(int level) {
        return (structured & 1 << level) != 0 || (level == 0 && texts.length > 0);
    }

    /** Forgets the free texts when the last task is gone. */
    void release() {
        for (TextGroups.Masked text : texts) text.release();
    }

    /** Reads the shapes of parameters; reused, so used by one thread. */
    static final class Reader {
        private final WordShape word = new WordShape();
        private final TextMask mask = new TextMask();
        private final long[] sums = new long[WordShape.LEVELS];
        private TextGroups.Masked[] texts = new TextGroups.Masked[4];
        private int textCount;
        private int structured;
        private long lengths;
        private boolean shell;
        private @Nullable TasksOfType type;

        Variant read(TasksOfType tasks, Map<String, Object> parameters) {
            Arrays.fill(sums, 0);
            textCount = 0;
            structured = 0;
            lengths = 0;
            type = tasks;
            shell = parameters.get(Task.ARGUMENTS) instanceof List && parameters.get(Task.COMMAND) instanceof String;
            object(1, parameters, 0);
            return new Variant(tasks, parameters, this);
        }

        private void object(long path, Map<?, ?> fields, int depth) {
            for (Map.Entry<?, ?> field : fields.entrySet()) {
                String key = (String) field.getKey();
                long slot = Hash.combine(path, Hash.of(key));
                if (depth == 0 && (key.equals(Task.WORKING_DIRECTORY) || (shell && key.equals(Task.COMMAND))))
                    add(slot, 1);
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
                sums[level] += Hash.combine(slot, word.isText() ? 6 : word.hash(level));
                if (!word.isText() && !word.isBare(level)) structured |= 1 << level;
            }
        }

        private void words(long slot, List<?> items) {
            long[] last = new long[WordShape.LEVELS];
            long[] shapes = {slot, slot, slot};
            for (Object item : items) {
                if (item instanceof String text) word.readArgument(text);
                else word.readValue("0");
                if (word.isText()) text(slot, null, (String) item);
                for (int level = 0; level < shapes.length; level++) {
                    long hash = word.hash(level);
                    if (!word.isBare(level) && !word.isText()) structured |= 1 << level;
                    // A run of words of one shape is as good as one word, so that lists of any length have one shape.
                    if (hash == last[level] && !word.isText()) continue;
                    last[level] = hash;
                    shapes[level] = Hash.combine(shapes[level], hash);
                }
            }
            for (int level = 0; level < shapes.length; level++) sums[level] += shapes[level];
            lengths += Hash.combine(slot, items.size());
        }

        private void text(long slot, @Nullable String key, String text) {
            TasksOfType type = Objects.requireNonNull(this.type);
            if (textCount == texts.length) texts = Arrays.copyOf(texts, 2 * textCount);
            texts[textCount++] = type.texts(slot, key).add(mask.mask(text));
        }
    }

    /** Whether a list holds nothing but texts and numbers. */
    static boolean isWords(Collection<?> items) {
        for (Object item : items) if (!(item instanceof String || item instanceof Number)) return false;
        return true;
    }
}
