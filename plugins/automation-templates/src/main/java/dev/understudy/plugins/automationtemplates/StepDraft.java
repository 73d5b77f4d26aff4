package dev.understudy.plugins.automationtemplates;

import dev.understudy.spi.AutomationTemplate.Answer.Draft;
import dev.understudy.spi.ScriptLanguage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;

/**
 * What a template wrote for one step of a sequence.
 *
 * @param number of the step in its sequence, counted from 1
 * @param taskType of the step
 * @param parameters by name, each with its type, default and description
 * @param grants by kind
 * @param tests as in the metadata
 * @param program whether it starts a program, of which nobody knows all that it does
 * @param code the script without its metadata and evidence
 */
record StepDraft(
        int number,
        String taskType,
        String id,
        String description,
        ScriptLanguage language,
        Map<String, Map<String, Object>> parameters,
        Map<String, List<String>> grants,
        List<Map<String, Object>> tests,
        boolean program,
        String code) {

    /** Reads what a template of this plugin wrote. */
    static StepDraft read(int number, String taskType, Draft draft) {
        String mark = draft.language().lineComment();
        List<String> lines = List.of(draft.fileText().split("\n", -1));
        int end = lines.indexOf(mark + " ///");
        String toml = lines.subList(1, end).stream()
                .map(line -> line.substring(Math.min(line.length(), mark.length() + 1)))
                .collect(Collectors.joining("\n"));
        TomlParseResult metadata = Toml.parse(toml);
        var parameters = new LinkedHashMap<String, Map<String, Object>>();
        fields(metadata.getTableOrEmpty("parameters"))
                .forEach((name, parameter) -> parameters.put(name, object(parameter)));
        var grants = new LinkedHashMap<String, List<String>>();
        fields(metadata.getTableOrEmpty("grants")).forEach((kind, paths) -> grants.put(kind, texts(paths)));
        var tests = new ArrayList<Map<String, Object>>();
        for (Object test : metadata.getArrayOrEmpty("tests").toList()) tests.add(object(plain(test)));
        // Above the script stand its evidence, which is told anew for all steps, and a line that says what it does.
        List<String> code = lines.subList(end + 1, lines.size());
        int evidence = 0;
        while (evidence < code.size() && code.get(evidence).startsWith(mark + " Written by Understudy")) evidence++;
        return new StepDraft(
                number,
                taskType,
                draft.id(),
                String.valueOf(metadata.getString("description")),
                draft.language(),
                parameters,
                grants,
                tests,
                false,
                String.join("\n", code.subList(evidence, code.size())));
    }

    private static Map<String, Object> fields(TomlTable table) {
        var fields = new LinkedHashMap<String, Object>();
        for (String key : table.keySet()) fields.put(key, plain(Objects.requireNonNull(table.get(List.of(key)))));
        return fields;
    }

    private static Object plain(Object value) {
        return switch (value) {
            case TomlTable table -> fields(table);
            case TomlArray array ->
                array.toList().stream().map(StepDraft::plain).toList();
            default -> value;
        };
    }

    @SuppressWarnings("unchecked") // a table's keys are texts
    static Map<String, Object> object(Object value) {
        return (Map<String, Object>) value;
    }

    /** The tables of a list; none if it is no list. */
    static List<Map<String, Object>> objects(Object value) {
        return value instanceof List<?> items
                ? items.stream().map(StepDraft::object).toList()
                : List.of();
    }

    private static List<String> texts(Object value) {
        return value instanceof List<?> items
                ? items.stream().map(String::valueOf).toList()
                : List.of(String.valueOf(value));
    }

    List<String> granted(String kind) {
        return grants.getOrDefault(kind, List.of());
    }
}
