package dev.understudy.plugins.automationtemplates;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Names for the steps' functions: what the task does, and never a value that was observed. */
final class StepNames {
    private static final Map<String, String> VERBS = Map.ofEntries(
            Map.entry("cp", "copy_files"),
            Map.entry("mv", "move_files"),
            Map.entry("rm", "delete_files"),
            Map.entry("mkdir", "make_folders"),
            Map.entry("tar", "pack_files"),
            Map.entry("zip", "pack_files"),
            Map.entry("gzip", "compress_files"),
            Map.entry("gunzip", "decompress_files"),
            Map.entry("unxz", "decompress_files"),
            Map.entry("sort", "sort_lines"),
            Map.entry("csvcut", "select_columns"),
            Map.entry("csvgrep", "filter_rows"),
            Map.entry("csvsort", "sort_rows"),
            Map.entry("csvjson", "convert_table"),
            Map.entry("in2csv", "convert_table"),
            Map.entry("mlr", "process_table"),
            Map.entry("jq", "process_table"),
            Map.entry("uniq", "drop_repeated_lines"),
            Map.entry("cut", "cut_fields"));

    private final Map<Integer, String> names = new HashMap<>();

    StepNames(List<StepDraft> steps) {
        Set<String> taken = new HashSet<>();
        for (StepDraft step : steps)
            taken.addAll(ScriptParts.of(step.language(), step.code()).functions.keySet());
        for (StepDraft step : steps) {
            String wished = name(step.taskType().strip());
            String name = wished;
            for (int i = 2; !taken.add(name); i++) name = wished + "_" + i;
            names.put(step.number(), name);
        }
    }

    private static String name(String taskType) {
        String verb = VERBS.get(taskType);
        if (verb != null) return verb;
        String plain = taskType.replaceAll("([a-z0-9])([A-Z])", "$1_$2")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "_")
                .replaceAll("^[_0-9]+|_+$", "");
        // Two words are no keyword of any language.
        if (plain.isEmpty()) return "do_task";
        String shorter = plain.length() <= 40 ? plain : plain.substring(0, 40);
        return shorter.contains("_") ? shorter : "do_" + shorter;
    }

    String of(StepDraft step) {
        return Objects.requireNonNull(names.get(step.number()), step::taskType);
    }
}
