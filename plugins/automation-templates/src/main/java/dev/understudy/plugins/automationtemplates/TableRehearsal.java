package dev.understudy.plugins.automationtemplates;

import dev.understudy.plugins.automationtemplates.TablePlan.Format;
import dev.understudy.plugins.automationtemplates.TablePlan.Named;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A small table made for the steps of a plan, and what they must make of it.
 *
 * <p>The steps are carried out here once more, on values chosen so that each has something to do: a filter keeps some
 * rows and drops others, rows come unsorted and twice.
 */
final class TableRehearsal implements Rehearsal {
    private static final String NUMBER = "-?(0|[1-9][0-9]*)(\\.[0-9]+)?";

    private final TablePlan plan;
    private final List<Named> steps;

    TableRehearsal(TablePlan plan, List<Named> steps) {
        this.plan = plan;
        this.steps = List.copyOf(steps);
    }

    @Override
    public Example example(Map<String, List<String>> values) {
        var table = made(values);
        String input = one(values, "input");
        String output = one(values, "output");
        var example = new Example()
                .file(input, written(table, plan.inputFormat(), values.getOrDefault("delimiter", List.of(""))));
        example.made(output, List.of(input));
        boolean told = true;
        for (Named step : steps) told &= apply(step, values, table);
        if (!told) return example.rewritten(output, "");
        List<String> delimiter = values.getOrDefault("output_delimiter", values.getOrDefault("delimiter", List.of("")));
        return example.written(
                output,
                switch (plan.manner()) {
                    case STANDARD -> written(table, plan.outputFormat(), delimiter);
                    case CSVKIT, AGATE -> plan.outputFormat() == Format.JSON ? array(table) : csv(table, ",");
                    case MILLER -> miller(table, plan.outputFormat());
                    case JQ -> jq(table, plan.outputFormat());
                });
    }

    /** Cells that are blank, long, quoted, beyond ASCII, or numbers in any of their forms; rows twice; no rows at all. */
    @Override
    public List<Example> situations(Map<String, List<String>> values) {
        List<String> delimiter = values.getOrDefault("delimiter", List.of(""));
        String input = one(values, "input");
        var odd = made(values);
        List<Map<String, Object>> usual = List.copyOf(odd.rows);
        var blank = made(values);
        for (var cells : List.of(
                List.<Object>of("", "", ""),
                List.<Object>of("1234567890123456789", "1234567890123456788", "-0"),
                List.<Object>of("ä \"x\", y", "Z", " a"),
                List.<Object>of("1e-5", ".5", "+25"),
                List.<Object>of("007", "10", "9"))) {
            var row = new LinkedHashMap<String, Object>();
            // A cell at a time is another than usual, so that no filter drops them all.
            for (String column : odd.columns) row.put(column, cells.get(row.size() % cells.size()));
            odd.rows.add(row);
            for (String column : odd.columns) {
                var single = new LinkedHashMap<>(usual.getFirst());
                single.put(column, cells.getFirst());
                odd.rows.add(single);
            }
        }
        for (String column : blank.columns) {
            var row = new LinkedHashMap<>(usual.getFirst());
            row.put(column, "");
            blank.rows.add(row);
        }
        blank.rows.add(new LinkedHashMap<>(usual.getFirst()));
        var none = made(values);
        none.rows = List.of();
        var situations = new ArrayList<>(List.of(
                new Example().file(input, written(odd, plan.inputFormat(), delimiter)),
                new Example().file(input, written(blank, plan.inputFormat(), delimiter)),
                new Example().file(input, written(none, plan.inputFormat(), delimiter))));
        if (plan.inputFormat() == Format.CSV)
            situations.add(new Example().file(input, twoOfOneName(made(values), delimiter.getFirst())));
        return situations;
    }

    /** The table with two more columns, both called {@code note}. */
    private static String twoOfOneName(Table table, String told) {
        String delimiter = told.isEmpty() ? "," : told;
        List<String> lines = csv(table, delimiter).lines().toList();
        return IntStream.range(0, lines.size())
                .mapToObj(row -> lines.get(row)
                        + delimiter
                        + String.join(delimiter, row == 0 ? List.of("note", "note") : List.of("first", "second")))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static final class Table {
        final List<String> columns = new ArrayList<>();
        List<Map<String, Object>> rows = new ArrayList<>();

        void columns(Collection<String> names) {
            List<String> copy = List.copyOf(names);
            columns.clear();
            columns.addAll(copy);
        }
    }

    // ---- the table

    private Table made(Map<String, List<String>> values) {
        var columns = new LinkedHashMap<String, List<String>>();
        var made = new LinkedHashSet<String>();
        for (Named step : steps) {
            switch (step.step()) {
                case "select", "keep", "pick_jq" ->
                    all(step, values, "columns").forEach(name -> columns.putIfAbsent(name, texts(name)));
                case "drop" -> all(step, values, "dropped").forEach(name -> columns.putIfAbsent(name, texts(name)));
                case "rename", "rename_miller" -> {
                    all(step, values, "old_names").forEach(name -> columns.putIfAbsent(name, texts(name)));
                    made.addAll(all(step, values, "new_names"));
                }
                case "sort", "sort_csvkit", "sort_miller" ->
                    all(step, values, "sort_by").forEach(name -> {
                        if (!made.contains(name)) columns.putIfAbsent(name, texts(name));
                    });
                case "unique" -> all(step, values, "same").forEach(name -> columns.putIfAbsent(name, texts(name)));
                case "group", "group_miller" -> {
                    all(step, values, "group_by").forEach(name -> columns.putIfAbsent(name, texts(name)));
                    all(step, values, "measured").forEach(name -> {
                        columns.put(name, List.of("10", "7", "20.5"));
                        for (String function : all(step, values, "functions")) made.add(name + "_" + function);
                    });
                    made.add("count");
                }
                default -> {
                    if (step.step().startsWith("keep_")) {
                        String value = all(step, values, "value").getFirst();
                        columns.put(all(step, values, "column").getFirst(), passing(filter(step, values), value));
                    }
                }
            }
        }
        if (columns.isEmpty()) {
            columns.put("name", List.of("North, \"old\" town", "South", "North, \"old\" town"));
            columns.put("amount", List.of("12.5", "7", "12.5"));
        }
        var table = new Table();
        table.columns(columns.keySet());
        for (int row = 0; row < 3; row++) {
            var fields = new LinkedHashMap<String, Object>();
            for (var column : columns.entrySet())
                fields.put(column.getKey(), column.getValue().get(row));
            table.rows.add(fields);
        }
        return table;
    }

    /** The first and the last row are the same, so that there is something to group and to leave out. */
    private static List<String> texts(String column) {
        return List.of(column + " 2", column + " 1", column + " 2");
    }

    /** Values of which a filter keeps the first and the last, and drops the one between. */
    private static List<String> passing(String filter, String value) {
        boolean number = value.matches(NUMBER);
        String greater = number ? new BigDecimal(value).add(BigDecimal.ONE).toPlainString() : value + "z";
        String less = number ? new BigDecimal(value).subtract(BigDecimal.ONE).toPlainString() : "";
        String other = number ? greater : value + " not";
        return switch (filter) {
            case "keep_equal" -> List.of(value, other, value);
            case "keep_different" -> List.of(other, value, other);
            case "keep_below" -> List.of(less, greater, less);
            case "keep_above" -> List.of(greater, less, greater);
            case "keep_at_most" -> List.of(value, greater, value);
            case "keep_at_least" -> List.of(value, less, value);
            case "keep_containing" -> List.of("a " + value + " b", "", "a " + value + " b");
            default -> List.of(value, "", value);
        };
    }

    // ---- what the steps make of it

    /** Carries out a step; false if what it gives cannot be told. */
    private static boolean apply(Named step, Map<String, List<String>> values, Table table) {
        switch (step.step()) {
            case "select", "pick_jq" -> table.columns(all(step, values, "columns"));
            case "keep" -> table.columns.retainAll(all(step, values, "columns"));
            case "drop" -> table.columns.removeAll(all(step, values, "dropped"));
            case "rename", "rename_miller" ->
                rename(table, all(step, values, "old_names"), all(step, values, "new_names"));
            case "sort", "sort_csvkit" ->
                sort(
                        table,
                        all(step, values, "sort_by"),
                        step.step().equals("sort"),
                        all(step, values, "descending").getFirst().equals("true"));
            case "sort_miller" -> {
                String flag = all(step, values, "flag").getFirst();
                sort(table, all(step, values, "sort_by"), flag.startsWith("-n"), flag.endsWith("r"));
            }
            case "unique" -> {
                List<String> by = all(step, values, "same");
                var first = new LinkedHashMap<List<String>, Map<String, Object>>();
                for (var row : table.rows) first.putIfAbsent(key(row, by.isEmpty() ? table.columns : by), row);
                table.rows = new ArrayList<>(first.values());
            }
            case "group", "group_miller" ->
                group(
                        table,
                        all(step, values, "group_by"),
                        all(step, values, "functions"),
                        all(step, values, "measured"));
            case "head" -> {
                int count = Integer.parseInt(all(step, values, "count").getFirst());
                if (count >= 0) table.rows = table.rows.subList(0, Math.min(count, table.rows.size()));
            }
            case "require_whole" -> {}
            case "infer", "infer_miller" -> {
                for (var row : table.rows)
                    row.replaceAll((_, field) ->
                            field instanceof String text && text.matches(NUMBER) ? new BigDecimal(text) : field);
            }
            case "keep_matching" -> {
                return false;
            }
            default -> {
                if (step.step().startsWith("keep_")) {
                    String column = all(step, values, "column").getFirst();
                    String value = all(step, values, "value").getFirst();
                    if (!value.matches(NUMBER) && value.startsWith("0") && value.length() > 1) return false;
                    table.rows.removeIf(row -> !keeps(filter(step, values), text(row.get(column)), value));
                }
            }
        }
        return true;
    }

    /** What a filter does, by the name of the step that does nothing else. */
    private static String filter(Named step, Map<String, List<String>> values) {
        if (!step.names().containsKey("operator")) return step.step();
        return switch (all(step, values, "operator").getFirst()) {
            case "==" -> "keep_equal";
            case "!=" -> "keep_different";
            case "<" -> "keep_below";
            case "<=" -> "keep_at_most";
            case ">" -> "keep_above";
            case ">=" -> "keep_at_least";
            default -> throw new IllegalArgumentException("no operator of " + step);
        };
    }

    private static boolean keeps(String filter, String field, String value) {
        int order = field.matches(NUMBER) && value.matches(NUMBER)
                ? new BigDecimal(field).compareTo(new BigDecimal(value))
                : field.compareTo(value);
        return switch (filter) {
            case "keep_equal" -> order == 0;
            case "keep_different" -> order != 0;
            case "keep_below" -> order < 0;
            case "keep_above" -> order > 0;
            case "keep_at_most" -> order <= 0;
            case "keep_at_least" -> order >= 0;
            case "keep_containing" -> field.contains(value);
            default -> throw new IllegalArgumentException("no filter: " + filter);
        };
    }

    private static void rename(Table table, List<String> oldNames, List<String> newNames) {
        var names = new LinkedHashMap<String, String>();
        for (int i = 0; i < oldNames.size(); i++) names.put(oldNames.get(i), newNames.get(i));
        table.columns.replaceAll(column -> names.getOrDefault(column, column));
        var rows = new ArrayList<Map<String, Object>>();
        for (var row : table.rows) {
            var renamed = new LinkedHashMap<String, Object>();
            row.forEach((column, field) -> renamed.put(names.getOrDefault(column, column), field));
            rows.add(renamed);
        }
        table.rows = rows;
    }

    private static void sort(Table table, List<String> by, boolean bySize, boolean descending) {
        Comparator<Map<String, Object>> order = (_, _) -> 0;
        for (String column : by) {
            boolean numbers = bySize
                    && table.rows.stream().allMatch(row -> text(row.get(column)).matches(NUMBER));
            Comparator<Map<String, Object>> next = numbers
                    ? Comparator.comparing(row -> new BigDecimal(text(row.get(column))))
                    : Comparator.comparing(row -> text(row.get(column)));
            order = order.thenComparing(next);
        }
        table.rows.sort(descending ? order.reversed() : order);
    }

    private static void group(Table table, List<String> by, List<String> functions, List<String> measured) {
        var groups = new LinkedHashMap<List<String>, List<Map<String, Object>>>();
        for (var row : table.rows)
            groups.computeIfAbsent(key(row, by), _ -> new ArrayList<>()).add(row);
        var rows = new ArrayList<Map<String, Object>>();
        var columns = new LinkedHashSet<>(by);
        for (var members : groups.values()) {
            var row = new LinkedHashMap<String, Object>();
            for (String column : by)
                row.put(column, Objects.requireNonNull(members.getFirst().get(column)));
            if (measured.isEmpty()) row.put("count", BigDecimal.valueOf(members.size()));
            for (String column : measured)
                for (String function : functions)
                    row.put(column + "_" + function, aggregate(function, column, members));
            columns.addAll(row.keySet());
            rows.add(row);
        }
        table.columns(columns);
        table.rows = rows;
    }

    private static BigDecimal aggregate(String function, String column, List<Map<String, Object>> members) {
        List<BigDecimal> numbers = members.stream()
                .map(row -> new BigDecimal(text(row.get(column))))
                .toList();
        BigDecimal sum = numbers.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
        return switch (function) {
            case "count" -> BigDecimal.valueOf(numbers.size());
            case "sum" -> sum;
            case "mean" -> sum.divide(BigDecimal.valueOf(numbers.size()), MathContext.DECIMAL64);
            case "min" -> numbers.stream().min(Comparator.naturalOrder()).orElseThrow();
            case "max" -> numbers.stream().max(Comparator.naturalOrder()).orElseThrow();
            default -> throw new IllegalArgumentException("no function: " + function);
        };
    }

    private static List<String> key(Map<String, Object> row, List<String> columns) {
        return columns.stream().map(column -> text(row.get(column))).toList();
    }

    // ---- the table as a file

    private static String written(Table table, Format format, List<String> delimiter) {
        return switch (format) {
            case CSV -> csv(table, delimiter.getFirst());
            case JSON ->
                table.rows.isEmpty()
                        ? "[]\n"
                        : table.rows.stream()
                                .map(row -> fields(table, row).isEmpty()
                                        ? "  {}"
                                        : "  {\n    " + String.join(",\n    ", fields(table, row)) + "\n  }")
                                .collect(Collectors.joining(",\n", "[\n", "\n]\n"));
            case JSON_LINES ->
                table.rows.stream()
                        .map(row -> "{" + String.join(", ", fields(table, row)) + "}\n")
                        .collect(Collectors.joining());
        };
    }

    /** As csvjson writes it: on one line that does not end. */
    private static String array(Table table) {
        return table.rows.stream()
                .map(row -> "{" + String.join(", ", fields(table, row)) + "}")
                .collect(Collectors.joining(", ", "[", "]"));
    }

    private static String miller(Table table, Format format) {
        return switch (format) {
            case CSV -> table.rows.isEmpty() ? "" : csv(table, ",");
            case JSON ->
                table.rows.stream()
                        .map(row -> "{\n  " + String.join(",\n  ", fields(table, row)) + "\n}")
                        .collect(Collectors.joining(",\n", "[\n", table.rows.isEmpty() ? "]\n" : "\n]\n"));
            case JSON_LINES -> written(table, format, List.of(""));
        };
    }

    private static String jq(Table table, Format format) {
        if (format == Format.JSON) return written(table, format, List.of(""));
        return table.rows.stream()
                .map(row -> table.columns.stream()
                        .map(column -> quoted(column) + ":" + json(row, column))
                        .collect(Collectors.joining(",", "{", "}\n")))
                .collect(Collectors.joining());
    }

    private static String csv(Table table, String told) {
        String delimiter = told.isEmpty() ? "," : told;
        var lines = new StringBuilder(line(table.columns, delimiter));
        for (var row : table.rows) lines.append(line(key(row, table.columns), delimiter));
        return lines.toString();
    }

    private static String line(List<String> fields, String delimiter) {
        if (fields.equals(List.of(""))) return "\"\"\n";
        return fields.stream()
                        .map(field -> field.contains(delimiter) || field.matches("(?s).*[\"\r\n].*")
                                ? "\"" + field.replace("\"", "\"\"") + "\""
                                : field)
                        .collect(Collectors.joining(delimiter))
                + "\n";
    }

    private static List<String> fields(Table table, Map<String, Object> row) {
        return table.columns.stream()
                .filter(row::containsKey)
                .map(column -> quoted(column) + ": " + json(row, column))
                .toList();
    }

    private static String json(Map<String, Object> row, String column) {
        return row.get(column) instanceof String text ? quoted(text) : text(row.get(column));
    }

    private static String quoted(String text) {
        var quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                case '\b' -> quoted.append("\\b");
                case '\f' -> quoted.append("\\f");
                default -> quoted.append(c < ' ' ? String.format(Locale.ROOT, "\\u%04x", (int) c) : String.valueOf(c));
            }
        }
        return quoted.append('"').toString();
    }

    private static String text(@org.jspecify.annotations.Nullable Object field) {
        if (field instanceof BigDecimal number) {
            BigDecimal plain = number.stripTrailingZeros();
            return (plain.scale() < 0 ? plain.setScale(0) : plain).toPlainString();
        }
        return field == null ? "" : field.toString();
    }

    private static List<String> all(Named step, Map<String, List<String>> values, String parameter) {
        String name = Objects.requireNonNull(step.names().get(parameter), parameter);
        return Objects.requireNonNull(values.get(name), name);
    }

    private static String one(Map<String, List<String>> values, String name) {
        return Objects.requireNonNull(values.get(name), name).getFirst();
    }
}
