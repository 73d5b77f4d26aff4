package dev.understudy.plugins.automationtemplates;

import dev.understudy.plugins.automationtemplates.FileCommands.Reading;
import dev.understudy.plugins.automationtemplates.ShellCommand.Arguments;
import dev.understudy.plugins.automationtemplates.TablePlan.Format;
import dev.understudy.plugins.automationtemplates.TablePlan.Manner;
import dev.understudy.plugins.automationtemplates.Value.Word;
import dev.understudy.spi.Task;
import dev.understudy.spi.TaskPattern;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Reads commands of csvkit, Miller, jq and the classic line tools as steps on a table or on lines. */
final class TableCommands {
    static final Set<String> PROGRAMS =
            Set.of("csvcut", "csvgrep", "csvsort", "csvjson", "in2csv", "mlr", "jq", "sort", "uniq", "cut");

    sealed interface Commanded {}

    record Table(TablePlan plan) implements Commanded {}

    record Lines(Reading reading) implements Commanded {}

    private final ShellCommand command;
    private final Collation collation;
    private final String program;

    private TableCommands(ShellCommand command, Collation collation) {
        this.command = command;
        this.collation = collation;
        this.program = command.program();
    }

    /** @param collation by which the person's programs order text, where the command itself does not say it */
    static Commanded read(TaskPattern pattern, Collation collation) throws NotAutomatable {
        var commands = new TableCommands(ShellCommand.read(sortedAndUnique(pattern)), collation);
        return switch (pattern.taskType()) {
            case "csvcut" -> new Table(commands.csvcut());
            case "csvgrep" -> new Table(commands.csvgrep());
            case "csvsort" -> new Table(commands.csvsort());
            case "csvjson" -> new Table(commands.convert(Format.CSV, Format.JSON));
            case "in2csv" -> new Table(commands.convert(Format.JSON, Format.CSV));
            case "mlr" -> new Table(commands.miller());
            case "jq" -> new Table(commands.jq());
            case "sort" -> new Lines(commands.sortLines());
            case "uniq" -> new Lines(commands.uniqueLines());
            case "cut" -> new Lines(commands.cutFields());
            default -> throw new IllegalArgumentException("no table program: " + pattern.taskType());
        };
    }

    /** {@code sort FILE | uniq > OUTPUT} is {@code sort -u FILE > OUTPUT}; any other pattern stays as it is. */
    private static TaskPattern sortedAndUnique(TaskPattern pattern) {
        if (!pattern.taskType().equals("sort") || !(pattern.parameters().get(Task.ARGUMENTS) instanceof List<?> words))
            return pattern;
        int pipe = words.indexOf("|");
        if (pipe < 0
                || pipe + 1 >= words.size()
                || !"uniq".equals(words.get(pipe + 1))
                || (pipe + 2 < words.size() && !">".equals(words.get(pipe + 2)))) return pattern;
        var joined = new ArrayList<Object>(words);
        joined.set(pipe, "-u");
        joined.remove(pipe + 1);
        return ShellCommand.withArguments(pattern, joined);
    }

    // ---- csvkit

    private TablePlan csvcut() throws NotAutomatable {
        Arguments arguments =
                command.arguments("", "cCd", Map.of("columns=", 'c', "not-columns=", 'C', "delimiter=", 'd'));
        TablePlan plan = csv(arguments, Manner.CSVKIT);
        if (arguments.has('c') == arguments.has('C'))
            throw NotAutomatable.mine("csvcut says neither which columns to keep nor which to leave out");
        return arguments.has('c')
                ? plan.then("select", Map.of("columns", names(arguments, 'c')))
                : plan.then("drop", Map.of("dropped", names(arguments, 'C')));
    }

    private TablePlan csvgrep() throws NotAutomatable {
        Arguments arguments =
                command.arguments("", "cmrd", Map.of("columns=", 'c', "match=", 'm', "regex=", 'r', "delimiter=", 'd'));
        TablePlan plan = csv(arguments, Manner.CSVKIT);
        Value.Words columns = names(arguments, 'c');
        if (columns.words().size() != 1 || !(columns.words().getFirst() instanceof Word.One(Shape column)))
            throw NotAutomatable.mine("csvgrep looks in more than one column");
        if (arguments.has('m') == arguments.has('r'))
            throw NotAutomatable.mine("csvgrep says no single thing to look for");
        boolean expression = arguments.has('r');
        Shape value = ShellCommand.asGiven(required(arguments, expression ? 'r' : 'm'));
        if (expression) TableTasks.requireCommonExpression(command.observed().texts(new Word.One(value)));
        return plan.then(
                        expression ? "keep_matching" : "keep_containing",
                        TableTasks.ordered("column", new Value.Text(column), "value", new Value.Text(value)))
                .then("require_whole", Map.of());
    }

    private TablePlan csvsort() throws NotAutomatable {
        Arguments arguments = command.arguments(
                "rI", "cd", Map.of("columns=", 'c', "reverse", 'r', "no-inference", 'I', "delimiter=", 'd'));
        requireNoInference(arguments);
        TablePlan plan = csv(arguments, Manner.AGATE);
        return plan.then(
                "sort_csvkit",
                TableTasks.ordered("sort_by", names(arguments, 'c'), "descending", truth(arguments.has('r'))));
    }

    private TablePlan convert(Format from, Format to) throws NotAutomatable {
        Arguments arguments =
                command.arguments("I", "df", Map.of("no-inference", 'I', "delimiter=", 'd', "format=", 'f'));
        requireNoInference(arguments);
        Shape input = input(arguments.operands());
        if (from == Format.JSON) {
            String format =
                    arguments.value('f').map(shape -> shape.fill(Map.of())).orElse("");
            for (String each : command.observed().texts(new Word.One(input)))
                if (!(format.isEmpty() ? Paths.extension(each) : format).equals("json"))
                    throw NotAutomatable.mine("in2csv reads another format than JSON here");
        }
        return new TablePlan(Manner.AGATE, input, output(), from, to, delimiter(arguments, ""), ",");
    }

    private void requireNoInference(Arguments arguments) throws NotAutomatable {
        if (!arguments.has('I'))
            throw NotAutomatable.mine(
                    program + " without -I rewrites what looks like numbers and dates, in ways of its own");
    }

    private TablePlan csv(Arguments arguments, Manner manner) throws NotAutomatable {
        return new TablePlan(
                manner,
                input(arguments.operands()),
                output(),
                Format.CSV,
                Format.CSV,
                delimiter(arguments, manner == Manner.AGATE ? "" : ","),
                ",");
    }

    private String delimiter(Arguments arguments, String otherwise) throws NotAutomatable {
        if (arguments.value('d').isEmpty()) return otherwise;
        String delimiter = constant(arguments.value('d').get(), "delimiter");
        if (delimiter.length() != 1) throw NotAutomatable.mine("its delimiter is not one character");
        return delimiter;
    }

    private Value.Words names(Arguments arguments, char option) throws NotAutomatable {
        Shape given = required(arguments, option);
        Value.Words names = commaSeparated(given);
        for (Word word : names.words())
            for (String name : command.observed().texts(word))
                if (name.matches("[0-9]+(-[0-9]*)?|-[0-9]+|.*:.*"))
                    throw NotAutomatable.mine("it names columns by their numbers");
        return names;
    }

    private Value.Words commaSeparated(Shape given) throws NotAutomatable {
        for (String variable : given.variables())
            for (String text : command.observed().of(variable))
                if (text.contains(",")) throw NotAutomatable.mine("the number of its columns varies");
        var shapes = new ArrayList<Shape>();
        for (String name : given.template().split(",", -1)) shapes.add(Shape.parse(name));
        return Value.Words.of(shapes.toArray(Shape[]::new));
    }

    // ---- Miller

    private TablePlan miller() throws NotAutomatable {
        var words = new ArrayList<>(command.words());
        Format from = null;
        Format to = null;
        while (!words.isEmpty() && constant(words.getFirst()).startsWith("-")) {
            String option = constant(words.removeFirst());
            switch (option) {
                case "--csv", "-c", "--c2c" -> from = to = Format.CSV;
                case "--json", "-j" -> from = to = Format.JSON;
                case "--jsonl" -> from = to = Format.JSON_LINES;
                case "--icsv" -> from = Format.CSV;
                case "--ijson" -> from = Format.JSON;
                case "--ijsonl" -> from = Format.JSON_LINES;
                case "--ocsv" -> to = Format.CSV;
                case "--ojson" -> to = Format.JSON;
                case "--ojsonl" -> to = Format.JSON_LINES;
                case "--c2j" -> {
                    from = Format.CSV;
                    to = Format.JSON;
                }
                case "--c2l" -> {
                    from = Format.CSV;
                    to = Format.JSON_LINES;
                }
                case "--j2c" -> {
                    from = Format.JSON;
                    to = Format.CSV;
                }
                default -> throw NotAutomatable.mine("mlr " + option + " is not understood");
            }
        }
        if (from == null || to == null)
            throw NotAutomatable.mine("mlr reads or writes another format than CSV or JSON");
        if (words.size() < 2) throw NotAutomatable.mine("mlr names no verb and file");
        if (from != Format.CSV)
            throw NotAutomatable.mine("mlr reads JSON here, whose values it takes in ways of its own");
        Shape input = input(List.of(words.removeLast()));
        var plan = new TablePlan(Manner.MILLER, input, output(), from, to, ",", ",");
        var verb = new ArrayList<Word>();
        words.add(new Word.One(Shape.literal("then")));
        for (Word word : words) {
            if (!constant(word).equals("then")) {
                verb.add(word);
                continue;
            }
            millerVerb(plan, verb);
            verb.clear();
        }
        if (to != Format.CSV) plan.then("infer_miller", Map.of());
        return plan;
    }

    private void millerVerb(TablePlan plan, List<Word> verb) throws NotAutomatable {
        if (verb.isEmpty()) throw NotAutomatable.mine("mlr names no verb");
        String name = constant(verb.getFirst());
        ShellCommand rest = command.withWords(verb.subList(1, verb.size()));
        switch (name) {
            case "cat" -> requireNothing(rest.words());
            case "cut" -> {
                Arguments arguments = rest.arguments("xo", "f", Map.of());
                requireNothing(arguments.operands());
                Value.Words columns = commaSeparated(required(arguments, 'f'));
                if (arguments.has('x')) plan.then("drop", Map.of("dropped", columns));
                else plan.then(arguments.has('o') ? "select" : "keep", Map.of("columns", columns));
            }
            case "head" -> {
                Arguments arguments = rest.arguments("", "n", Map.of());
                requireNothing(arguments.operands());
                plan.then(
                        "head",
                        Map.of("count", new Value.Text(arguments.value('n').orElse(Shape.literal("10")))));
            }
            case "rename" -> {
                if (rest.words().size() != 1 || !(rest.words().getFirst() instanceof Word.One(Shape given)))
                    throw NotAutomatable.mine("mlr rename takes options that are not understood");
                List<Word> names = commaSeparated(given).words();
                if (names.size() % 2 != 0) throw NotAutomatable.mine("mlr rename lacks a new name");
                plan.then(
                        "rename_miller",
                        TableTasks.ordered("old_names", every(names, 0), "new_names", every(names, 1)));
            }
            case "sort" -> millerSort(plan, rest.words());
            case "filter" -> {
                if (rest.words().size() != 1 || !(rest.words().getFirst() instanceof Word.One(Shape expression)))
                    throw NotAutomatable.mine("mlr filter takes options that are not understood");
                comparison(
                        plan,
                        expression,
                        Pattern.compile(
                                "\\s*\\$(?:\\{\\{(.+?)}}|(\\w+))\\s*(==|!=|>=|<=|>|<|=~)\\s*(\"([^\"]*)\"|-?[0-9.]+)\\s*"),
                        "mlr filter");
            }
            case "uniq" -> {
                if (rest.words().size() == 1
                        && constant(rest.words().getFirst()).equals("-a")) {
                    plan.then("unique", Map.of("same", new Value.Words(List.of())));
                    return;
                }
                throw NotAutomatable.mine("mlr uniq is only understood as 'uniq -a'");
            }
            case "stats1" -> {
                Arguments arguments = rest.arguments("", "afg", Map.of());
                requireNothing(arguments.operands());
                Value.Words functions = commaSeparated(required(arguments, 'a'));
                for (String function : functions.fill(Map.of()))
                    if (!Set.of("count", "sum", "mean", "min", "max").contains(function))
                        throw NotAutomatable.mine("mlr stats1 computes more than count, sum, mean, min and max");
                plan.then(
                        "group_miller",
                        TableTasks.ordered(
                                "group_by", commaSeparated(required(arguments, 'g')),
                                "functions", functions,
                                "measured", commaSeparated(required(arguments, 'f'))));
            }
            default -> throw NotAutomatable.mine("the verb '" + name + "' of mlr is not understood");
        }
    }

    private static Value.Words every(List<Word> words, int remainder) {
        return new Value.Words(IntStream.range(0, words.size())
                .filter(i -> i % 2 == remainder)
                .mapToObj(words::get)
                .toList());
    }

    private void millerSort(TablePlan plan, List<Word> words) throws NotAutomatable {
        if (words.size() != 2 || !(words.get(1) instanceof Word.One(Shape columns)))
            throw NotAutomatable.mine("mlr sort sorts by several keys in several ways");
        String flag = constant(words.getFirst());
        if (!Set.of("-f", "-r", "-nf", "-nr").contains(flag))
            throw NotAutomatable.mine("mlr sort " + flag + " is not understood");
        plan.then(
                "sort_miller",
                TableTasks.ordered("sort_by", commaSeparated(columns), "flag", Value.Text.literal(flag)));
    }

    /** A comparison; the expression's groups are the column (quoted or bare), the operator and the value. */
    private void comparison(TablePlan plan, Shape expression, Pattern form, String what) throws NotAutomatable {
        Matcher matcher = form.matcher(expression.template());
        if (!matcher.matches())
            throw NotAutomatable.mine(
                    "the expression of " + what + " is more than one comparison of a column with a value");
        Shape column = Shape.parse(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
        boolean text = matcher.group(5) != null;
        Shape value = Shape.parse(text ? matcher.group(5) : matcher.group(4));
        for (String each : command.observed().texts(new Word.One(value)))
            if (each.contains("\\") || each.contains("\""))
                throw NotAutomatable.mine("the value in the expression of " + what + " has escapes");
        String operator = matcher.group(3);
        if (operator.equals("=~")) {
            TableTasks.requireCommonExpression(command.observed().texts(new Word.One(value)));
            plan.then(
                    "keep_matching",
                    TableTasks.ordered("column", new Value.Text(column), "value", new Value.Text(value)));
            return;
        }
        if (text && !Set.of("==", "!=").contains(operator))
            throw NotAutomatable.mine("it compares texts by size, in an order of its own");
        if (!text && !matcher.group(4).matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?"))
            throw NotAutomatable.mine("the number in the expression of " + what + " may mean another one");
        plan.then(
                "keep_" + plan.manner().name().toLowerCase(Locale.ROOT) + (text ? "_text" : "_number"),
                TableTasks.ordered(
                        "column",
                        new Value.Text(column),
                        "operator",
                        Value.Text.literal(operator),
                        "value",
                        new Value.Text(value)));
    }

    // ---- jq

    private static final Pattern JQ_SELECT = Pattern.compile(
            "\\s*map\\s*\\(\\s*select\\s*\\(\\s*\\.(?:\"([^\"]+)\"|(\\w+))\\s*(==|!=|>=|<=|>|<)\\s*(\"([^\"]*)\"|-?[0-9.]+)\\s*\\)\\s*\\)\\s*");
    private static final Pattern JQ_COLUMNS =
            Pattern.compile("(?:\\.\\[]\\s*\\|\\s*|map\\s*\\(\\s*)\\{\\{\\s*([\\w\\s,]+?)\\s*}}\\s*\\)?");

    private TablePlan jq() throws NotAutomatable {
        Arguments arguments = command.arguments("cs", "", Map.of("compact-output", 'c', "slurp", 's'));
        List<Word> operands = arguments.operands();
        if (operands.isEmpty() || !(operands.getFirst() instanceof Word.One(Shape quoted)))
            throw NotAutomatable.mine("jq names no filter");
        Shape filter = ShellCommand.asGiven(quoted);
        String expression = filter.template().strip();
        Shape input = input(operands.subList(1, operands.size()));
        boolean stream = expression.startsWith(".[]");
        if (arguments.has('s')) {
            if (!expression.equals(".")) throw NotAutomatable.mine("jq -s with a filter is not understood");
            if (arguments.has('c')) throw NotAutomatable.mine("jq -c writes a whole list on one line");
            return new TablePlan(Manner.JQ, input, output(), Format.JSON_LINES, Format.JSON, ",", ",");
        }
        if (stream && !arguments.has('c'))
            throw NotAutomatable.mine(
                    "jq without -c writes objects one after the other over several lines, which is no JSON Lines");
        if (!stream && arguments.has('c')) throw NotAutomatable.mine("jq -c writes a whole list on one line");
        var plan = new TablePlan(
                Manner.JQ, input, output(), Format.JSON, stream ? Format.JSON_LINES : Format.JSON, ",", ",");
        if (expression.equals(".[]")) return plan;
        Matcher columns = JQ_COLUMNS.matcher(expression);
        if (columns.matches() && stream != expression.endsWith(")")) {
            var names = new ArrayList<String>();
            for (String name : columns.group(1).split("\\s*,\\s*")) {
                if (!name.matches("\\w+")) throw NotAutomatable.mine("the filter of jq is more than a choice of keys");
                names.add(name);
            }
            return plan.then("pick_jq", Map.of("columns", Value.Words.literals(names)));
        }
        Matcher select = JQ_SELECT.matcher(expression);
        if (!select.matches())
            throw NotAutomatable.mine("the filter of jq is more than a choice of keys or one comparison");
        comparison(plan, filter, JQ_SELECT, "jq");
        return plan;
    }

    // ---- lines

    private Reading sortLines() throws NotAutomatable {
        Arguments arguments = command.arguments("ur", "o", Map.of("unique", 'u', "reverse", 'r', "output=", 'o'));
        var values = new LinkedHashMap<String, Value>();
        List<Word> inputs = arguments.operands();
        if (inputs.isEmpty() && command.input().isPresent())
            inputs = List.of(new Word.One(command.input().get()));
        if (inputs.isEmpty()) throw NotAutomatable.mine("sort reads no file");
        if (command.locale().isEmpty()) collation.requireByCodes(program);
        values.put("inputs", new Value.Words(command.paths(inputs)));
        values.put(
                "output",
                new Value.Text(
                        arguments.value('o').isPresent()
                                ? command.path(arguments.value('o').get())
                                : output()));
        values.put("unique", truth(arguments.has('u')));
        values.put("descending", truth(arguments.has('r')));
        return new Reading("sort_lines", values);
    }

    private Reading uniqueLines() throws NotAutomatable {
        Arguments arguments = command.arguments("", "", Map.of());
        List<Word> operands = arguments.operands();
        var values = new LinkedHashMap<String, Value>();
        boolean both = operands.size() == 2 && command.output().isEmpty();
        values.put("input", new Value.Text(input(both ? operands.subList(0, 1) : operands)));
        values.put("output", new Value.Text(both ? single(operands.get(1)) : output()));
        return new Reading("unique_lines", values);
    }

    private Reading cutFields() throws NotAutomatable {
        Arguments arguments = command.arguments("", "df", Map.of("delimiter=", 'd', "fields=", 'f'));
        String delimiter =
                arguments.value('d').isPresent() ? constant(arguments.value('d').get(), "delimiter") : "\t";
        // GNU cut takes one byte.
        if (!delimiter.matches("[\\x01-\\x7f]")) throw NotAutomatable.mine("its delimiter is not one character");
        var fields = new TreeSet<Integer>();
        for (String part : constant(required(arguments, 'f'), "list of fields").split(",", -1)) {
            if (!part.matches("[1-9][0-9]{0,3}(-[1-9][0-9]{0,3})?"))
                throw NotAutomatable.mine("its list of fields is open at one end");
            String[] ends = part.split("-", -1);
            for (int field = Integer.parseInt(ends[0]); field <= Integer.parseInt(ends[ends.length - 1]); field++)
                fields.add(field);
        }
        var values = new LinkedHashMap<String, Value>();
        values.put("input", new Value.Text(input(arguments.operands())));
        values.put("output", new Value.Text(output()));
        values.put("delimiter", Value.Text.literal(delimiter));
        values.put(
                "fields",
                Value.Words.literals(fields.stream().map(String::valueOf).toList()));
        return new Reading("cut_fields", values);
    }

    // ---- words

    private Shape input(List<Word> operands) throws NotAutomatable {
        if (operands.isEmpty() && command.input().isPresent())
            return command.path(command.input().get());
        if (operands.size() != 1)
            throw NotAutomatable.mine(program + " reads " + (operands.isEmpty() ? "no" : "more than one") + " file");
        return single(operands.getFirst());
    }

    private Shape output() throws NotAutomatable {
        Optional<Shape> output = command.output();
        if (output.isEmpty())
            throw new NotAutomatable(program + " only looks here: its output goes to no file", Looking.LOOKS_ONLY);
        return command.path(output.get());
    }

    private Shape single(Word word) throws NotAutomatable {
        if (!(word instanceof Word.One(Shape shape)) || command.hasWildcard(word))
            throw NotAutomatable.mine("it reads as many files as a pattern matches");
        return command.path(shape);
    }

    private Shape required(Arguments arguments, char option) throws NotAutomatable {
        return arguments.value(option).orElseThrow(() -> NotAutomatable.mine(program + " lacks its option -" + option));
    }

    private static String constant(Shape shape, String what) throws NotAutomatable {
        if (!shape.isConstant()) throw NotAutomatable.mine("its " + what + " differs from task to task");
        return shape.fill(Map.of());
    }

    /** The word if it is always the same, else an empty text. */
    private static String constant(Word word) {
        return word instanceof Word.One(Shape shape) && shape.isConstant() ? shape.fill(Map.of()) : "";
    }

    private void requireNothing(List<Word> words) throws NotAutomatable {
        if (!words.isEmpty())
            throw NotAutomatable.mine(
                    "a verb of " + program.toLowerCase(Locale.ROOT) + " takes more than is understood");
    }

    private static Value truth(boolean truth) {
        return Value.Text.literal(String.valueOf(truth));
    }
}
