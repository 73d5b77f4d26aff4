package dev.understudy.plugins.automationtemplates;

import dev.understudy.plugins.automationtemplates.Rehearsal.Example;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Function;

/** What a rehearsal of each operation on lines needs and must change. */
final class LineRehearsals {
    private static final List<String> LINES = List.of("pear", "apple", "pear", "fig", "fig");

    private LineRehearsals() {}

    static Rehearsal of(String operation) {
        return Rehearsal.of(example(operation), values -> situations(operation, values));
    }

    /** Lines that are empty, that begin with a blank, that hold numbers and letters beyond ASCII; no line at all. */
    private static List<Example> situations(String operation, Map<String, List<String>> values) {
        String delimiter = operation.equals("cut_fields") ? one(values, "delimiter") : "\t";
        var odd = new ArrayList<>(List.of("b", "", "B", "ä", "a", " b", "10", "9", "-1", "ä", "1234567890123456789"));
        for (String line : List.of("x%sy%sz", "%s", "x%s", "%s%sä%sy%s")) odd.add(line.replace("%s", delimiter));
        odd.add("1234567890123456788");
        List<String> texts = List.of(text(odd), String.join("\n", odd), "");
        List<String> inputs = all(values, operation.equals("sort_lines") ? "inputs" : "input");
        return texts.stream()
                .map(text -> {
                    var example = new Example();
                    for (String input : inputs)
                        example.file(Globs.hasWildcard(input) ? Globs.example(input, "example") : input, text);
                    return example;
                })
                .toList();
    }

    private static Function<Map<String, List<String>>, Example> example(String operation) {
        return switch (operation) {
            case "sort_lines" -> LineRehearsals::sortLines;
            case "unique_lines" -> LineRehearsals::uniqueLines;
            case "cut_fields" -> LineRehearsals::cutFields;
            default -> throw new IllegalArgumentException("no rehearsal for " + operation);
        };
    }

    private static Example sortLines(Map<String, List<String>> values) {
        var example = new Example();
        var lines = new ArrayList<String>();
        for (String input : all(values, "inputs")) {
            // A pattern stands for several files; one is enough to show what happens to it.
            example.file(Globs.hasWildcard(input) ? Globs.example(input, "example") : input, text(LINES));
            lines.addAll(LINES);
        }
        List<String> sorted =
                one(values, "unique").equals("true") ? new ArrayList<>(new TreeSet<>(lines)) : new ArrayList<>(lines);
        Collections.sort(sorted);
        if (one(values, "descending").equals("true")) Collections.reverse(sorted);
        String output = one(values, "output");
        // A pattern may match files that nobody recorded, and a file sorted into itself is no file that was there
        // before.
        if (all(values, "inputs").stream().anyMatch(Globs::hasWildcard)) return example;
        return example.written(output, text(sorted)).made(output, all(values, "inputs"));
    }

    private static Example uniqueLines(Map<String, List<String>> values) {
        return new Example()
                .file(one(values, "input"), text(LINES))
                .written(one(values, "output"), text(List.of("pear", "apple", "pear", "fig")))
                .made(one(values, "output"), all(values, "input"));
    }

    private static Example cutFields(Map<String, List<String>> values) {
        String delimiter = one(values, "delimiter");
        List<Integer> wanted =
                all(values, "fields").stream().map(Integer::valueOf).toList();
        int width = Math.min(50, Collections.max(wanted) + 1);
        var lines = new ArrayList<String>();
        var cut = new ArrayList<String>();
        for (String row : List.of("a", "b")) {
            var fields = new ArrayList<String>();
            var kept = new ArrayList<String>();
            for (int field = 1; field <= width; field++) {
                fields.add(row + field);
                if (wanted.contains(field)) kept.add(row + field);
            }
            lines.add(String.join(delimiter, fields));
            cut.add(String.join(delimiter, kept));
        }
        return new Example()
                .file(one(values, "input"), text(lines))
                .written(one(values, "output"), text(cut))
                .made(one(values, "output"), all(values, "input"));
    }

    private static String text(List<String> lines) {
        return String.join("\n", lines) + "\n";
    }

    private static List<String> all(Map<String, List<String>> values, String name) {
        return Objects.requireNonNull(values.get(name), name);
    }

    private static String one(Map<String, List<String>> values, String name) {
        return all(values, name).getFirst();
    }
}
