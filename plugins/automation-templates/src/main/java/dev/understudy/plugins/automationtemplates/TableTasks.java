package dev.understudy.plugins.automationtemplates;

import dev.understudy.plugins.automationtemplates.ShellCommand.Observed;
import dev.understudy.plugins.automationtemplates.TablePlan.Format;
import dev.understudy.plugins.automationtemplates.Value.Word;
import dev.understudy.spi.Task;
import dev.understudy.spi.TaskPattern;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a recorded task with named parameters as steps on a table. */
final class TableTasks {
    private static final Pattern CONDITION = Pattern.compile(
            "\\s*(.+?)\\s*(>=|<=|!=|<>|==|=~|=|<|>|\\bcontains\\b|\\bmatches\\b|\\bis not\\b|\\bis\\b)\\s*(.+?)\\s*",
            Pattern.DOTALL);
    private static final Set<String> FUNCTIONS = Set.of("count", "sum", "mean", "min", "max");

    private final Manifest manifest;
    private final TaskPattern pattern;
    private final Observed observed;
    private final Shape folder;
    private final Set<String> left;
    private final String verb;

    private TableTasks(Manifest manifest, TaskPattern pattern) throws NotAutomatable {
        this.manifest = manifest;
        this.pattern = pattern;
        this.observed = Observed.of(pattern);
        this.folder = pattern.parameters().get(Task.WORKING_DIRECTORY) instanceof String text
                ? Shape.parse(text)
                : new Shape(List.of());
        this.left = new LinkedHashSet<>(pattern.parameters().keySet());
        left.remove(Task.WORKING_DIRECTORY);
        left.removeAll(manifest.ignored());
        this.verb = verb();
    }

    static TablePlan read(Manifest manifest, TaskPattern pattern) throws NotAutomatable {
        return new TableTasks(manifest, pattern).read();
    }

    /** What the type or the action says was done, in one word. */
    private String verb() throws NotAutomatable {
        String type = TaskMatcher.normal(pattern.taskType());
        String words = type;
        if (manifest.types().contains(type)) {
            Optional<String> name =
                    manifest.actionNames().stream().filter(left::contains).findFirst();
            // Beside a column and a value, "op" compares them.
            if (name.isPresent() && !(name.get().equals("op") && left.contains("value"))) {
                left.remove(name.get());
                words = TaskMatcher.normal(String.valueOf(pattern.parameters().get(name.get())));
            } else words = "";
        }
        if (words.contains("dedup") || words.contains("unique") || words.contains("duplicate")) return "unique";
        if (words.contains("filter")) return "filter";
        if (words.contains("sort")) return "sort";
        if (words.contains("group") || words.contains("aggregat") || words.contains("summar")) return "group";
        if (words.contains("select")) return "select";
        if (words.contains("rename")) return "rename";
        if (words.contains("_to_") || words.contains("conver")) return "convert";
        if (words.isEmpty() || Set.of("transform", "process", "head").contains(words)) return words;
        if (words.matches("(process|transform)_\\w+|\\w+_transform")) return "";
        throw NotAutomatable.mine("its operation '" + words.replaceAll("[^\\w]", "?") + "' is none of this template's");
    }

    private TablePlan read() throws NotAutomatable {
        Shape input = path("input");
        Shape output = path("output");
        String type = TaskMatcher.normal(pattern.taskType());
        Matcher conversion =
                Pattern.compile("(csv|json|jsonl)_to_(csv|json|jsonl)").matcher(type);
        Optional<String> from = word("input_format", "from_format", "source_format");
        Optional<String> to = word("output_format", "to_format", "target_format", "format");
        if (conversion.matches()) {
            if (from.isEmpty()) from = Optional.of(conversion.group(1));
            if (to.isEmpty()) to = Optional.of(conversion.group(2));
        }
        Optional<String> delimiter = word("delimiter", "separator");
        Format inputFormat = format(from, input, "input");
        Format outputFormat = format(to, output, "output");
        // Unless somebody says what separates its fields, a file's own delimiter is found out and kept.
        String inputDelimiter = delimiter.orElseGet(() -> isTabs(input) ? "\t" : "");
        String like = inputFormat != Format.CSV || (delimiter.isEmpty() && isTabs(input)) ? "," : inputDelimiter;
        String outputDelimiter =
                word("output_delimiter", "output_separator").orElseGet(() -> isTabs(output) ? "\t" : like);
        for (String each : List.of(inputDelimiter, outputDelimiter))
            if (each.length() > 1) throw NotAutomatable.mine("its delimiter is more than one character");
        var plan = new TablePlan(
                TablePlan.Manner.STANDARD, input, output, inputFormat, outputFormat, inputDelimiter, outputDelimiter);

        filter(plan);
        unique(plan);
        group(plan);
        sort(plan);
        select(plan);
        head(plan);
        rename(plan);
        if (truth("infer_types", "infer", "numbers")) plan.then("infer", Map.of());
        if (!left.isEmpty())
            throw NotAutomatable.mine("it has the parameter '" + left.iterator().next()
                    + "', of which this template does not know what it changes");
        if (plan.changesNothing()) throw NotAutomatable.mine("it does not say what it did to the table");
        return plan.then("make_folder", Map.of());
    }

    // ---- steps

    private void filter(TablePlan plan) throws NotAutomatable {
        boolean any = false;
        for (String name : List.of("where", "filter", "condition", "conditions", "filters")) {
            if (!left.remove(name)) continue;
            any = true;
            Object raw = pattern.parameters().get(name);
            if (raw instanceof List<?> conditions) for (Object each : conditions) condition(plan, each);
            else if (raw != null) condition(plan, raw);
        }
        if (left.contains("column")
                && (left.contains("value") || left.contains("equals") || left.contains("contains"))) {
            any = true;
            var condition = new LinkedHashMap<String, Object>();
            for (String name : List.of("column", "value", "operator", "op", "equals", "contains"))
                if (left.remove(name))
                    condition.put(
                            name,
                            java.util.Objects.requireNonNull(
                                    pattern.parameters().get(name)));
            condition(plan, condition);
        }
        if (verb.equals("filter") && !any) throw NotAutomatable.mine("it does not say what it filters by (where)");
    }

    private void condition(TablePlan plan, Object raw) throws NotAutomatable {
        if (raw instanceof String text) {
            Matcher matcher = CONDITION.matcher(text);
            if (text.matches("(?is).*\\s(and|or)\\s.*|.*(&&|\\|\\|).*") || !matcher.matches())
                throw NotAutomatable.mine("its condition is more than one comparison of a column with a value");
            keep(plan, unquoted(matcher.group(1)), matcher.group(2), unquoted(matcher.group(3)));
            return;
        }
        if (!(raw instanceof Map<?, ?> fields)) throw NotAutomatable.mine("its condition is no comparison");
        if (fields.get("column") instanceof String column) {
            var rest = new LinkedHashMap<Object, Object>(fields);
            rest.remove("column");
            Object operator = "=";
            for (String name : List.of("operator", "op")) if (rest.containsKey(name)) operator = rest.remove(name);
            Object value = rest.remove("value");
            for (String name : List.of("equals", "contains")) {
                if (value != null || !rest.containsKey(name)) continue;
                operator = name;
                value = rest.remove(name);
            }
            if (value == null || !rest.isEmpty())
                throw NotAutomatable.mine("its condition is no comparison of a column with a value");
            keep(plan, Shape.parse(column), String.valueOf(operator), shape(value));
            return;
        }
        for (Map.Entry<?, ?> each : fields.entrySet())
            keep(plan, Shape.parse(String.valueOf(each.getKey())), "=", shape(each.getValue()));
    }

    private void keep(TablePlan plan, Shape column, String operator, Shape value) throws NotAutomatable {
        String step = switch (operator.toLowerCase(Locale.ROOT).strip()) {
            case "=", "==", "is", "eq", "equals", "equal" -> "keep_equal";
            case "!=", "<>", "is not", "ne", "not_equals", "not equals" -> "keep_different";
            case "<", "lt", "less_than" -> "keep_below";
            case ">", "gt", "greater_than" -> "keep_above";
            case "<=", "le", "lte" -> "keep_at_most";
            case ">=", "ge", "gte" -> "keep_at_least";
            case "contains", "includes" -> "keep_containing";
            case "matches", "=~", "regex" -> "keep_matching";
            default -> throw NotAutomatable.mine("it compares by '" + operator + "', which is not known");
        };
        if (step.equals("keep_matching")) requireCommonExpression(observed.texts(new Word.One(value)));
        plan.then(step, ordered("column", new Value.Text(column), "value", new Value.Text(value)));
    }

    /** Refuses regular expressions that languages read in different ways. */
    static void requireCommonExpression(List<String> expressions) throws NotAutomatable {
        for (String expression : expressions) {
            if (!expression.matches("[\\w\\s.@/,:^$|*+?()\\[\\]{}\\\\#&%=!<>\"'-]*")
                    || expression.matches("(?s).*(\\(\\?|\\\\[^dDwWsSbB.\\\\/^$|*+?()\\[\\]{}-]|\\[\\[|[*+?}]\\+).*"))
                throw NotAutomatable.mine("its regular expression may mean something else in another language");
            try {
                Pattern.compile(expression);
            } catch (java.util.regex.PatternSyntaxException e) {
                throw NotAutomatable.mine("its regular expression is not one");
            }
        }
    }

    private void unique(TablePlan plan) throws NotAutomatable {
        var names = new ArrayList<>(List.of("unique_by", "dedupe_by", "deduplicate_by", "distinct_by"));
        boolean mine = verb.equals("unique");
        if (mine) names.addAll(List.of("by", "key", "keys", "subset", "on", "columns", "column", "unique_on"));
        Optional<Value.Words> by = words(names);
        boolean told = truth("deduplicate", "dedupe", "unique", "distinct");
        if (mine && left.contains("keep")) {
            if (!word("keep").orElse("").equals("first"))
                throw NotAutomatable.mine("it keeps another than the first of equal rows");
        }
        if (by.isPresent() || mine || told) plan.then("unique", Map.of("same", by.orElse(new Value.Words(List.of()))));
    }

    private void group(TablePlan plan) throws NotAutomatable {
        var names = new ArrayList<>(List.of("group_by", "groupby"));
        boolean mine = verb.equals("group");
        if (mine) names.addAll(List.of("by", "group", "key", "keys"));
        Optional<Value.Words> by = words(names);
        if (by.isEmpty()) {
            if (mine) throw NotAutomatable.mine("it does not say what it groups by");
            return;
        }
        var functions = new ArrayList<String>();
        var measured = new ArrayList<Value.Words>();
        for (String name : List.of("sum", "mean", "avg", "average", "min", "max", "count")) {
            if (!left.contains(name)) continue;
            Object raw = pattern.parameters().get(name);
            String function = name.equals("avg") || name.equals("average") ? "mean" : name;
            if (raw instanceof Boolean truth) {
                left.remove(name);
                if (!function.equals("count"))
                    throw NotAutomatable.mine("it does not say of which column it takes the " + name);
                if (truth) functions.add("count");
                continue;
            }
            functions.add(function);
            words(List.of(name)).ifPresent(measured::add);
        }
        aggregates(functions, measured);
        boolean onlyCount = measured.isEmpty() && (functions.isEmpty() || functions.equals(List.of("count")));
        if (!onlyCount && (measured.isEmpty() || measured.stream().distinct().count() > 1))
            throw NotAutomatable.mine("it computes different figures of different columns");
        plan.then(
                "group",
                ordered(
                        "group_by",
                        by.get(),
                        "functions",
                        Value.Words.literals(functions.isEmpty() ? List.of("count") : functions),
                        "measured",
                        onlyCount ? new Value.Words(List.of()) : measured.getFirst()));
    }

    private void aggregates(List<String> functions, List<Value.Words> measured) throws NotAutomatable {
        for (String name : List.of("aggregate", "aggregates", "aggregation", "aggregations", "agg", "function")) {
            if (!left.contains(name)) continue;
            Object raw = pattern.parameters().get(name);
            left.remove(name);
            if (raw instanceof Map<?, ?> byColumn && byColumn.size() == 1) {
                Map.Entry<?, ?> only = byColumn.entrySet().iterator().next();
                measured.add(Value.Words.of(Shape.parse(String.valueOf(only.getKey()))));
                raw = java.util.Objects.requireNonNull(only.getValue());
            } else {
                words(List.of("column", "columns", "field", "value", "values", "of"))
                        .ifPresent(measured::add);
            }
            List<?> names = raw instanceof List<?> list
                    ? list
                    : List.of(String.valueOf(raw).split("\\s*,\\s*"));
            for (Object each : names) {
                String function = TaskMatcher.normal(String.valueOf(each));
                if (function.equals("avg") || function.equals("average")) function = "mean";
                if (!FUNCTIONS.contains(function))
                    throw NotAutomatable.mine(
                            "it computes '" + function.replaceAll("\\W", "?") + "', which is not known");
                functions.add(function);
            }
        }
    }

    private void sort(TablePlan plan) throws NotAutomatable {
        var names = new ArrayList<>(List.of("sort_by", "order_by", "sort"));
        boolean mine = verb.equals("sort");
        if (mine) names.addAll(List.of("by", "key", "keys", "column", "columns"));
        Optional<Value.Words> by = words(names);
        if (by.isEmpty()) {
            if (mine) throw NotAutomatable.mine("it does not say what it sorts by");
            return;
        }
        boolean descending = truth("descending", "desc", "reverse", "sort_descending");
        Optional<String> order = word("order", "direction", "sort_order");
        if (order.isPresent()) {
            String said = order.get().toLowerCase(Locale.ROOT);
            if (!said.startsWith("asc") && !said.startsWith("desc"))
                throw NotAutomatable.mine("its order is neither ascending nor descending");
            descending |= said.startsWith("desc");
        }
        plan.then("sort", ordered("sort_by", by.get(), "descending", Value.Text.literal(String.valueOf(descending))));
    }

    private void select(TablePlan plan) throws NotAutomatable {
        Optional<Value.Words> columns = words(List.of("columns", "fields", "select", "keep_columns"));
        if (columns.isPresent()) plan.then("select", Map.of("columns", columns.get()));
        Optional<Value.Words> dropped = words(List.of("drop", "drop_columns", "exclude", "remove_columns"));
        if (dropped.isPresent()) plan.then("drop", Map.of("dropped", dropped.get()));
        if (verb.equals("select") && columns.isEmpty() && dropped.isEmpty())
            throw NotAutomatable.mine("it does not say which columns it keeps");
    }

    private void head(TablePlan plan) throws NotAutomatable {
        for (String name : List.of("limit", "head", "first")) {
            Object raw = pattern.parameters().get(name);
            if (!left.contains(name) || raw == null) continue;
            left.remove(name);
            plan.then("head", Map.of("count", new Value.Text(shape(raw))));
        }
    }

    private void rename(TablePlan plan) throws NotAutomatable {
        boolean any = false;
        for (String name : List.of("rename", "renames", "mapping", "rename_columns")) {
            if (!left.contains(name)) continue;
            left.remove(name);
            any = true;
            if (!(pattern.parameters().get(name) instanceof Map<?, ?> names) || names.isEmpty())
                throw NotAutomatable.mine("its " + name + " is no list of old and new names");
            var old = new ArrayList<Shape>();
            var fresh = new ArrayList<Shape>();
            for (Map.Entry<?, ?> each : names.entrySet()) {
                old.add(Shape.parse(String.valueOf(each.getKey())));
                fresh.add(shape(each.getValue()));
            }
            plan.then(
                    "rename",
                    ordered(
                            "old_names", Value.Words.of(old.toArray(Shape[]::new)),
                            "new_names", Value.Words.of(fresh.toArray(Shape[]::new))));
        }
        if (verb.equals("rename") && !any) throw NotAutomatable.mine("it does not say which columns it renames");
    }

    // ---- parameters

    private Shape path(String parameter) throws NotAutomatable {
        var names = java.util.Objects.requireNonNull(
                        manifest.operation("table").parameters().get(parameter))
                .names();
        for (String name : names) {
            if (!left.contains(name)) continue;
            left.remove(name);
            if (!(pattern.parameters().get(name) instanceof String text))
                throw NotAutomatable.mine("its " + name + " is not a single file");
            Shape path = Shape.parse(text);
            for (String each : observed.texts(new Word.One(path))) {
                if (each.isBlank()) throw NotAutomatable.mine("its " + name + " is empty");
                if (Globs.hasWildcard(each)) throw NotAutomatable.mine("its " + name + " is a pattern of file names");
            }
            return ShellCommand.resolve(folder, path, observed);
        }
        throw NotAutomatable.mine("it does not say " + parameter);
    }

    private Format format(Optional<String> told, Shape path, String what) throws NotAutomatable {
        String name = told.map(TaskMatcher::normal).orElse("");
        if (name.isEmpty()) {
            for (String each : observed.texts(new Word.One(path))) {
                String extension = Paths.extension(each).toLowerCase(Locale.ROOT);
                if (!name.isEmpty() && !name.equals(extension))
                    throw NotAutomatable.mine("the format of its " + what + " differs from task to task");
                name = extension;
            }
        }
        return formatOf(name).orElseThrow(() -> NotAutomatable.mine("the format of its " + what + " is not known"));
    }

    static Optional<Format> formatOf(String name) {
        return switch (name) {
            case "csv", "tsv" -> Optional.of(Format.CSV);
            case "json" -> Optional.of(Format.JSON);
            case "jsonl", "ndjson", "json_lines", "jsonlines" -> Optional.of(Format.JSON_LINES);
            default -> Optional.empty();
        };
    }

    private boolean isTabs(Shape path) {
        return observed.texts(new Word.One(path)).stream()
                .allMatch(each -> Paths.extension(each).equalsIgnoreCase("tsv"));
    }

    /** A constant text under the first of the names that is there. */
    private Optional<String> word(String... names) throws NotAutomatable {
        Optional<String> name = Arrays.stream(names).filter(left::contains).findFirst();
        if (name.isEmpty()) return Optional.empty();
        left.remove(name.get());
        if (!(pattern.parameters().get(name.get()) instanceof String text)
                || !Shape.parse(text).isConstant())
            throw NotAutomatable.mine("its " + name.get() + " differs from task to task");
        return Optional.of(Shape.parse(text).fill(Map.of()));
    }

    private boolean truth(String... names) throws NotAutomatable {
        for (String name : names) {
            if (!left.contains(name) || !(pattern.parameters().get(name) instanceof Boolean truth)) continue;
            left.remove(name);
            return truth;
        }
        return false;
    }

    private Optional<Value.Words> words(List<String> names) throws NotAutomatable {
        for (String name : names) {
            Object raw = pattern.parameters().get(name);
            if (!left.contains(name) || raw == null || raw instanceof Boolean) continue;
            left.remove(name);
            var words = new ArrayList<Word>();
            if (raw instanceof List<?> items) {
                for (Object item : items) {
                    if (item instanceof List || item instanceof Map)
                        throw NotAutomatable.mine("its " + name + " holds more than names");
                    Optional<String> run = item instanceof String text ? Shape.listVariable(text) : Optional.empty();
                    words.add(run.<Word>map(each -> new Word.Run(each, new Shape(List.of())))
                            .orElseGet(() -> new Word.One(shape(item))));
                }
            } else if (raw instanceof Map) {
                throw NotAutomatable.mine("its " + name + " is an object");
            } else {
                Shape shape = shape(raw);
                if (!shape.isConstant())
                    for (String each : observed.texts(new Word.One(shape)))
                        if (each.contains(",")) throw NotAutomatable.mine("the number of its " + name + " varies");
                if (shape.isConstant())
                    for (String each : shape.fill(Map.of()).split("\\s*,\\s*"))
                        words.add(new Word.One(Shape.literal(each)));
                else words.add(new Word.One(shape));
            }
            return Optional.of(new Value.Words(words));
        }
        return Optional.empty();
    }

    private static Shape shape(@org.jspecify.annotations.Nullable Object raw) {
        return raw instanceof String text ? Shape.parse(text) : Shape.literal(String.valueOf(raw));
    }

    private static Shape unquoted(String template) {
        String text = template.strip();
        boolean quoted = text.length() >= 2
                && ((text.startsWith("\"") && text.endsWith("\"")) || (text.startsWith("'") && text.endsWith("'")));
        return Shape.parse(quoted ? text.substring(1, text.length() - 1) : text);
    }

    static Map<String, Value> ordered(Object... namesAndValues) {
        var values = new LinkedHashMap<String, Value>();
        for (int i = 0; i < namesAndValues.length; i += 2)
            values.put((String) namesAndValues[i], (Value) namesAndValues[i + 1]);
        return values;
    }
}
