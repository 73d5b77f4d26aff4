package dev.understudy.app;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.core.problem.UserException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Makes a script of a session: what was typed, in its order, and a function {@code execute} that gives the value of the last
 * entry. Its first test says that this is the value that the session had.
 */
record ReplSave(String id, ReplLanguage language, List<String> entries, ReplTerms terms, Optional<JsonNode> last) {
    private static final Pattern LAST_RESULT = Pattern.compile("(?<![\\w$.])_(?![\\w$])");
    /** A name, or what only a session is told of the host, and no name is given to it. */
    private static final Pattern ONLY_LOOKS = Pattern.compile(
            "(?s)[\\w$.]+;?|(?!(?:const|let|var)\\s|\\w+\\s*=(?!=)).*\\bunderstudy\\.(?:tasks|patterns|automations|runs|metrics"
                    + "|workload|tuning|plugins)\\b.*");

    ReplSave {
        entries = List.copyOf(entries);
    }

    /**
     * The entries of a session that are worth keeping.
     *
     * @throws UserException if there are none, or one needs what only a session has
     */
    static List<String> worthKeeping(ReplLanguage language, List<String> entries) {
        var kept = new ArrayList<String>();
        for (int i = 0; i < entries.size(); i++) {
            String entry = entries.get(i);
            boolean looks = language != ReplLanguage.BASH
                    && ONLY_LOOKS.matcher(entry.strip()).matches();
            if (!looks || i == entries.size() - 1) kept.add(entry.stripTrailing());
        }
        if (kept.isEmpty())
            throw UserException.badInput(
                    "There is nothing to save", "no entry in " + language.id() + " has succeeded", "Type one first");
        if (language != ReplLanguage.BASH)
            kept.stream()
                    .filter(entry -> LAST_RESULT.matcher(entry).find())
                    .findFirst()
                    .ifPresent(entry -> {
                        throw UserException.badInput(
                                "The session was not saved",
                                "'" + entry.lines().findFirst().orElse("") + "' uses _, which a script does not have",
                                "Give that value a name and type it again");
                    });
        return kept;
    }

    /** The script; with the last entry as the value of {@code execute} if it is an expression. */
    String text(boolean lastIsExpression) {
        String comment = language == ReplLanguage.JAVASCRIPT ? "// " : "# ";
        var text = new StringBuilder();
        for (String line : metadata(lastIsExpression))
            text.append(comment).append(line).append('\n');
        boolean hasValue = language != ReplLanguage.BASH && lastIsExpression;
        for (String entry : hasValue ? entries.subList(0, entries.size() - 1) : entries)
            text.append(entry).append('\n');
        String value = entries.getLast().strip().replaceFirst(";+$", "");
        switch (language) {
            case JAVASCRIPT ->
                text.append(value.startsWith("await ") ? "async " : "")
                        .append("function execute(params) {\n  return { success: true")
                        .append(hasValue ? ", result: (" + value + ") };\n}\n" : " };\n}\n");
            case PYTHON ->
                text.append("def execute(params):\n    return {\"success\": True")
                        .append(hasValue ? ", \"result\": (" + value + ")}\n" : "}\n");
            case BASH -> {
                // Its status is its result.
            }
        }
        return text.toString();
    }

    private List<String> metadata(boolean lastIsExpression) {
        var lines = new ArrayList<String>();
        lines.add("/// automation");
        lines.add("id = " + quoted(id));
        lines.add("description = "
                + quoted("What was typed in a session on " + LocalDate.now(ZoneId.systemDefault()) + "."));
        lines.add("language = " + quoted(language.id()));
        lines.add("isolation = " + quoted(terms.isolation().id()));
        var grants = new ArrayList<String>();
        list(
                grants,
                "reads",
                terms.grants().reads().stream().map(Path::toString).toList());
        list(
                grants,
                "writes",
                terms.grants().writes().stream().map(Path::toString).toList());
        list(grants, "programs", terms.grants().programs());
        list(grants, "hosts", terms.grants().hosts());
        if (!grants.isEmpty()) lines.add("grants = { " + String.join(", ", grants) + " }");
        lines.add("");
        lines.add("[[tests]]");
        lines.add("name = \"as in the session\"");
        Optional<String> expected =
                lastIsExpression && language != ReplLanguage.BASH ? last.flatMap(ReplSave::toml) : Optional.empty();
        lines.add("expect = { "
                + expected.map(value -> "result = { result = " + value + " }").orElse("success = true") + " }");
        lines.add("///");
        return lines.stream().map(String::stripTrailing).toList();
    }

    private static void list(List<String> grants, String name, List<String> values) {
        if (!values.isEmpty())
            grants.add(name + values.stream().map(ReplSave::quoted).collect(Collectors.joining(", ", " = [", "]")));
    }

    /** A value as TOML writes it in one line; empty if it has what TOML cannot write. */
    private static Optional<String> toml(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> Optional.of(quoted(value.asText()));
            case BOOLEAN, NUMBER -> Optional.of(value.toString());
            case ARRAY -> {
                var items = value.valueStream().map(ReplSave::toml).toList();
                yield items.stream().allMatch(Optional::isPresent)
                        ? Optional.of(items.stream().map(Optional::get).collect(Collectors.joining(", ", "[", "]")))
                        : Optional.empty();
            }
            case OBJECT -> {
                var fields = value.propertyStream()
                        .map(field -> toml(field.getValue()).map(text -> quoted(field.getKey()) + " = " + text))
                        .toList();
                yield fields.stream().allMatch(Optional::isPresent)
                        ? Optional.of(fields.stream().map(Optional::get).collect(Collectors.joining(", ", "{ ", " }")))
                        : Optional.empty();
            }
            case NULL, MISSING, BINARY, POJO -> Optional.empty();
        };
    }

    /** Texts are quoted alike in JSON and TOML, but for what TOML's escapes do not know. */
    private static String quoted(String text) {
        var quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') quoted.append('\\').append(c);
            else if (c < ' ' || c == '\u007f') quoted.append(String.format("\\u%04X", (int) c));
            else quoted.append(c);
        }
        return quoted.append('"').toString();
    }
}
