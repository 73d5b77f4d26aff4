package dev.understudy.core.history;

import dev.understudy.spi.Task;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Replaces secrets in tasks by {@value #MASK}: passwords, tokens and keys by the option, variable, field, header or program
 * before them, by the task's type or the label beside them ({@link SecretHint}), and well-known keys by their shape.
 *
 * <p>It errs on the side of replacing. What it cannot know is a secret without any mark, such as a password that stands
 * alone in a sentence. A variable's name ({@code $TOKEN}) and a file's path in a secret's place stay. Safe for use by any
 * number of threads.
 */
public final class SecretRedactor {

    /** What stands where a secret stood. */
    public static final String MASK = "<secret>";

    /** Shorter ones are replaced where they were found, but not wherever the same letters stand. */
    private static final int MIN_SPREAD_LENGTH = 6;

    private static final int MAX_NESTED_COMMANDS = 2;
    private static final int MAX_REMEMBERED_NAMES = 10_000;

    /** Which parameter names call for a closer look: tasks have few names, and judging one costs more than all its texts. */
    private final Map<String, Boolean> names = new ConcurrentHashMap<>();

    private final Map<String, Boolean> types = new ConcurrentHashMap<>();

    /** Returns the task without secrets, the very same object if it has none. */
    public Task redact(Task task) {
        return suspicious(task) ? new Redaction().redact(task) : task;
    }

    /** Returns the text without secrets, read both as prose and as a shell command. */
    public String redact(String text) {
        return SecretTriggers.in(text) ? new Redaction().text(text) : text;
    }

    private boolean suspicious(Task task) {
        if (suspiciousType(task.type())
                || !SecretHint.ofFields(task.parameters()).isEmpty()) return true;
        if (SecretTriggers.in(task.type()) || SecretTriggers.in(task.description()) || SecretTriggers.in(task.id()))
            return true;
        for (Map.Entry<String, Object> parameter : task.parameters().entrySet()) {
            if (suspiciousName(parameter.getKey())) return true;
            // A shell task's description is most often its command, which was looked at already.
            boolean seen = sameObject(parameter.getValue(), task.description());
            if (!seen && suspicious(parameter.getValue())) return true;
        }
        return false;
    }

    private boolean suspiciousName(String name) {
        Boolean known = names.get(name);
        if (known != null) return known;
        boolean suspicious = SecretTriggers.in(name) || SecretName.matchesField(name);
        if (names.size() < MAX_REMEMBERED_NAMES) names.put(name, suspicious);
        return suspicious;
    }

    private boolean suspiciousType(String type) {
        Boolean known = types.get(type);
        if (known != null) return known;
        boolean suspicious = !SecretHint.ofType(type).isEmpty();
        if (types.size() < MAX_REMEMBERED_NAMES) types.put(type, suspicious);
        return suspicious;
    }

    // Not whether the texts are equal, which would cost more than to look at them again.
    @SuppressWarnings("ReferenceEquality")
    private static boolean sameObject(Object one, Object other) {
        return one == other;
    }

    private boolean suspicious(Object value) {
        return switch (value) {
            case String text -> SecretTriggers.in(text);
            case List<?> items -> {
                for (Object item : items) if (suspicious(item)) yield true;
                yield false;
            }
            case Map<?, ?> fields -> {
                if (!SecretHint.ofFields(named(fields)).isEmpty()) yield true;
                for (Map.Entry<?, ?> field : fields.entrySet()) {
                    String name = (String) field.getKey();
                    if (suspiciousName(name) || suspicious(field.getValue())) yield true;
                }
                yield false;
            }
            default -> false;
        };
    }

    /** Whose keys are names in any task. */
    @SuppressWarnings("unchecked")
    private static Map<String, Object> named(Map<?, ?> fields) {
        return (Map<String, Object>) fields;
    }

    /** The redaction of one task: what is found to be a secret in one of its texts is one in all of them. */
    private static final class Redaction {
        private final Set<String> found = new LinkedHashSet<>();

        private void note(String secret) {
            if (secret.length() >= MIN_SPREAD_LENGTH) found.add(secret);
        }

        Task redact(Task task) {
            String description = text(task.description());
            String type = text(task.type());
            String id = text(task.id());
            Map<String, Object> parameters = new LinkedHashMap<>();
            String beside = SecretHint.ofFields(task.parameters());
            String hint = beside.isEmpty() ? SecretHint.ofType(task.type()) : beside;
            task.parameters().forEach((name, value) -> {
                boolean arguments = name.equals(Task.ARGUMENTS);
                parameters.put(
                        name,
                        value(SecretHint.judged(name, hint), value, arguments ? firstCommand(task.type()) : List.of()));
            });
            if (!id.equals(task.id()))
                id = UUID.nameUUIDFromBytes(task.id().getBytes(StandardCharsets.UTF_8))
                        .toString();
            if (!found.isEmpty()) {
                description = spread(description);
                type = spread(type);
                parameters.replaceAll((name, value) -> spreadValue(value));
            }
            var redacted =
                    new Task(id, type, description, parameters, task.timestamp(), task.duration(), task.success());
            return redacted.equals(task) ? task : redacted;
        }

        /** The words of the first command of a shell task's type: they stand before its arguments. */
        private static List<String> firstCommand(String type) {
            var words = new ArrayList<String>();
            for (String word : type.split(" ")) {
                if (word.equals("|") || word.equals("&&") || word.equals("||") || word.equals(";") || word.equals("&"))
                    break;
                words.add(word);
            }
            return words;
        }

        private Object value(String name, Object value, List<String> before) {
            return switch (value) {
                case String text ->
                    SecretName.matchesField(name) && SecretValue.in(name, text) ? mask(text) : text(text);
                case List<?> items -> list(name, items, before);
                case Map<?, ?> fields -> {
                    var redacted = new LinkedHashMap<String, Object>();
                    boolean secret = SecretName.matchesField(name);
                    String hint = SecretHint.ofFields(named(fields));
                    fields.forEach((key, field) -> {
                        String fieldName = SecretHint.judged((String) key, hint);
                        String judged = secret && !SecretName.matchesField(fieldName) ? name : fieldName;
                        redacted.put((String) key, value(judged, field, List.of()));
                    });
                    yield redacted;
                }
                case Long number ->
                    SecretName.matchesField(name) && SecretName.coversNumbers(name) ? MASK : (Object) number;
                case Double number ->
                    SecretName.matchesField(name) && SecretName.coversNumbers(name) ? MASK : (Object) number;
                default -> value;
            };
        }

        private String mask(String secret) {
            note(secret);
            return MASK;
        }

        private List<Object> list(String name, List<?> items, List<String> before) {
            var words = new ArrayList<>(before);
            for (Object item : items) words.add(item instanceof String text ? text : "");
            int[] keep = CommandSecrets.find(words);
            var redacted = new ArrayList<Object>(items.size());
            int index = before.size();
            for (Object item : items) {
                int kept = keep[index++];
                if (item instanceof String text && kept != CommandSecrets.NONE)
                    redacted.add(text.substring(0, kept) + mask(text.substring(kept)));
                else redacted.add(value(name, item, List.of()));
            }
            return redacted;
        }

        String text(String text) {
            return text(text, 0);
        }

        private String text(String text, int nesting) {
            if (!SecretTriggers.in(text)) return text;
            boolean command = text.indexOf(' ') >= 0 && nesting <= MAX_NESTED_COMMANDS;
            return SecretShapes.redact(command ? command(text, nesting) : text, this::note);
        }

        /** Replaces the secrets of a text that may be a shell command, wherever its quotes stand. */
        private String command(String text, int nesting) {
            List<CommandWords.Word> words = CommandWords.of(text);
            int[] keep = CommandSecrets.find(
                    words.stream().map(CommandWords.Word::value).toList());
            StringBuilder result = null;
            int copied = 0;
            for (int i = 0; i < keep.length; i++) {
                CommandWords.Word word = words.get(i);
                if (keep[i] == CommandSecrets.NONE) {
                    // A quoted word may be a command itself: ssh host "mysql -psecret".
                    boolean nested =
                            word.value().indexOf(' ') > 0 && word.value().length() < text.length();
                    if (nested) text(word.value(), nesting + 1);
                    continue;
                }
                int kept = keep[i];
                mask(word.value().substring(kept));
                int from = kept == 0 ? startOf(words, i) : word.offsets().get(kept - 1) + 1;
                if (from < copied) continue;
                // Where the quote was opened before the secret, it is closed after it.
                char quoteBefore = kept == 0 ? ' ' : word.quotes().charAt(kept - 1);
                boolean stillOpen = quoteBefore != ' ' && word.quotes().charAt(kept) == quoteBefore;
                if (result == null) result = new StringBuilder(text.length());
                result.append(text, copied, from).append(MASK);
                if (stillOpen) result.append(quoteBefore);
                copied = word.end();
            }
            String masked = result == null
                    ? text
                    : result.append(text, copied, text.length()).toString();
            return spread(masked);
        }

        private static int startOf(List<CommandWords.Word> words, int index) {
            CommandWords.Word word = words.get(index);
            int first = word.offsets().getFirst();
            return word.quotes().charAt(0) == ' ' ? first : first - 1;
        }

        private String spread(String text) {
            String result = text;
            for (String secret : found) if (!MASK.contains(secret)) result = result.replace(secret, MASK);
            return result;
        }

        private Object spreadValue(Object value) {
            return switch (value) {
                case String text -> spread(text);
                case List<?> items -> items.stream().map(this::spreadValue).toList();
                case Map<?, ?> fields -> {
                    var spread = new LinkedHashMap<String, Object>();
                    fields.forEach((name, field) -> spread.put((String) name, spreadValue(field)));
                    yield spread;
                }
                default -> value;
            };
        }
    }
}
