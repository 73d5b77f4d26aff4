package dev.understudy.plugins.automationtemplates;

import dev.understudy.plugins.automationtemplates.Value.Word;
import dev.understudy.spi.Task;
import dev.understudy.spi.TaskPattern;
import dev.understudy.spi.TaskPattern.Variable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * One simple shell command: program, words, and where its output goes.
 *
 * @param program the type of its tasks
 * @param folder where it ran; empty if unknown
 * @param words after the program, redirections taken out
 * @param output the file that its standard output replaces
 * @param input the file that is its standard input
 * @param shell which expands the patterns in it
 * @param locale by whose rules it orders text, where the command itself says so: one that orders by character codes
 */
record ShellCommand(
        String program,
        Shape folder,
        List<Word> words,
        Optional<Shape> output,
        Optional<Shape> input,
        Observed observed,
        Shell shell,
        Optional<String> locale) {

    private static final Pattern SEQUENCE = Pattern.compile("&&|\\|\\|?|\\|&|;;?|&|\\(|\\)|\n");
    private static final Pattern REDIRECTION = Pattern.compile("[0-9]*[<>][<>&|]*-?[0-9]*|&>>?");
    private static final Pattern SUBSTITUTION = Pattern.compile("\\$\\(|`|<\\(|>\\(");
    private static final Pattern VARIABLE = Pattern.compile("\\$[A-Za-z_{0-9@*#?!]");
    private static final Pattern ASSIGNMENT = Pattern.compile("(?<name>[A-Za-z_][A-Za-z0-9_]*)\\+?=.*", Pattern.DOTALL);
    private static final Set<String> ORDERING = Set.of("LC_ALL", "LC_COLLATE", "LANG");

    /** Whose operands look like assignments. */
    private static final Set<String> OF_ASSIGNMENTS = Set.of("dd", "make", "gmake", "export", "alias");

    private static final Pattern BRACES = Pattern.compile("\\{[^{}]*(,|\\.\\.)[^{}]*}");

    /** What the variables of a pattern held. */
    record Observed(Map<String, Set<String>> values) {
        static Observed of(TaskPattern pattern) {
            var values = new TreeMap<String, Set<String>>();
            for (Variable variable : pattern.variables())
                values.put(variable.name(), new LinkedHashSet<>(variable.values()));
            for (var observation : pattern.observations())
                observation
                        .bindings()
                        .forEach((name, value) -> values.computeIfAbsent(name, _ -> new LinkedHashSet<>())
                                .add(value));
            return new Observed(values);
        }

        Set<String> of(String variable) {
            return values.getOrDefault(variable, Set.of());
        }

        /** Every text that the shape is known to have been; {@code limit} variables at most vary at once. */
        List<String> texts(Word word) {
            return switch (word) {
                case Word.One(Shape shape) -> {
                    if (shape.isConstant()) yield List.of(shape.fill(Map.of()));
                    var texts = new ArrayList<String>();
                    for (String variable : shape.variables())
                        for (String text : of(variable)) texts.add(shape.fill(Map.of(variable, text)));
                    yield texts;
                }
                case Word.Run(String variable, Shape _) -> {
                    var texts = new ArrayList<String>();
                    for (String lines : of(variable)) texts.addAll(List.of(lines.split("\n", -1)));
                    yield texts;
                }
            };
        }
    }

    /** Whether a pattern came from a shell, as {@link Task} describes it. */
    static boolean is(TaskPattern pattern) {
        return pattern.parameters().containsKey(Task.ARGUMENTS);
    }

    /**
     * Reads the command of a pattern.
     *
     * @throws NotAutomatable if it is more than one simple command
     */
    static ShellCommand read(TaskPattern pattern) throws NotAutomatable {
        var observed = Observed.of(pattern);
        if (!(pattern.parameters().get(Task.ARGUMENTS) instanceof List<?> arguments))
            throw NotAutomatable.mine("its arguments differ too much from task to task");
        var words = new ArrayList<Word>();
        for (Object argument : arguments) {
            if (!(argument instanceof String text)) throw NotAutomatable.mine("its arguments are no words");
            Optional<String> run = Shape.listVariable(text);
            words.add(run.isPresent() ? new Word.Run(run.get(), EMPTY) : new Word.One(Shape.parse(text)));
        }
        for (Word word : words) for (String text : observed.texts(word)) requirePlain(pattern.taskType(), text);
        Shape folder =
                pattern.parameters().get(Task.WORKING_DIRECTORY) instanceof String text ? Shape.parse(text) : EMPTY;
        Optional<String> locale = takeLocale(pattern.taskType(), words);
        return withoutRedirections(pattern.taskType(), folder, words, observed, Shell.of(pattern))
                .in(locale);
    }

    /** How many of a command's words stand before its program and set variables of the environment for it. */
    static int assignments(String program, List<?> arguments) {
        if (OF_ASSIGNMENTS.contains(program)) return 0;
        int count = 0;
        while (count < arguments.size()
                && arguments.get(count) instanceof String word
                && ASSIGNMENT.matcher(word).matches()) count++;
        return count;
    }

    /** Takes the variables that are set for the program out of its words: a locale that orders by codes, no other. */
    private static Optional<String> takeLocale(String program, List<Word> words) throws NotAutomatable {
        Optional<String> ordering = Optional.empty();
        int set = assignments(
                program,
                words.stream()
                        .map(word -> word instanceof Word.One(Shape shape) ? shape.template() : "")
                        .toList());
        for (Word word : words.subList(0, set)) {
            String[] variable =
                    word instanceof Word.One(Shape shape) ? shape.template().split("=", 2) : new String[2];
            if (!ORDERING.contains(variable[0]) || !Collation.isByCodes(variable[1]))
                throw NotAutomatable.mine(
                        "it sets " + variable[0] + " for its program, which no script of this template does");
            // Of the three the first wins.
            if (ordering.isEmpty() || !variable[0].equals("LANG")) ordering = Optional.of(variable[1]);
        }
        words.subList(0, set).clear();
        return ordering;
    }

    /** The pattern with other arguments. */
    static TaskPattern withArguments(TaskPattern pattern, List<Object> arguments) {
        var parameters = new LinkedHashMap<>(pattern.parameters());
        parameters.put(Task.ARGUMENTS, arguments);
        return new TaskPattern(
                pattern.id(),
                pattern.detector(),
                pattern.taskType(),
                pattern.occurrences(),
                pattern.first(),
                pattern.last(),
                pattern.averageDuration(),
                pattern.successRate(),
                parameters,
                pattern.variables(),
                pattern.potential(),
                pattern.observations(),
                pattern.sequence(),
                pattern.recurrence());
    }

    private static final Shape EMPTY = new Shape(List.of());

    private static void requirePlain(String program, String text) throws NotAutomatable {
        if (SEQUENCE.matcher(text).matches())
            throw NotAutomatable.mine("it is a sequence of commands (" + text.strip() + "), not one operation");
        if (SUBSTITUTION.matcher(text).find())
            throw NotAutomatable.mine("it takes a part of its command line from another command's output");
        // Miller's own expressions name columns so, and in quotes, or they would not have worked.
        if (!program.equals("mlr") && VARIABLE.matcher(text).find())
            throw NotAutomatable.mine("it uses variables of the shell, whose values are not recorded");
        if (text.indexOf('\n') >= 0) throw NotAutomatable.mine("one of its words goes over several lines");
    }

    private static ShellCommand withoutRedirections(
            String program, Shape folder, List<Word> words, Observed observed, Shell shell) throws NotAutomatable {
        var kept = new ArrayList<Word>();
        Optional<Shape> output = Optional.empty();
        Optional<Shape> input = Optional.empty();
        Iterator<Word> remaining = words.iterator();
        while (remaining.hasNext()) {
            Word word = remaining.next();
            String operator = word instanceof Word.One(Shape shape) && shape.isConstant() ? shape.fill(Map.of()) : "";
            if (!REDIRECTION.matcher(operator).matches()) {
                for (String text : observed.texts(word))
                    if (REDIRECTION.matcher(text).matches())
                        throw NotAutomatable.mine("its redirections differ from task to task");
                kept.add(word);
                continue;
            }
            if (operator.equals("2>&1")) continue;
            if (!remaining.hasNext() || !(remaining.next() instanceof Word.One(Shape target)))
                throw NotAutomatable.mine("its redirection '" + operator + "' names no single file");
            boolean discarded = target.isConstant() && target.fill(Map.of()).equals("/dev/null");
            if (discarded && operator.contains(">")) continue;
            switch (operator) {
                case ">", "1>", ">|" -> {
                    if (output.isPresent()) throw NotAutomatable.mine("it redirects its output twice");
                    output = Optional.of(target);
                }
                case "<", "0<" -> input = Optional.of(target);
                default ->
                    throw NotAutomatable.mine(
                            "it redirects with '" + operator + "', and only '> file' and '< file' are kept to");
            }
        }
        return new ShellCommand(program, folder, List.copyOf(kept), output, input, observed, shell, Optional.empty());
    }

    /**
     * Tells options and operands apart.
     *
     * @param flags letters of options without a value that are understood
     * @param valued letters of options that take a value
     * @param longNames what long options mean, by name without dashes; an option with a value ends with {@code =}
     */
    Arguments arguments(String flags, String valued, Map<String, Character> longNames) throws NotAutomatable {
        var given = new TreeSet<Character>();
        var optionValues = new TreeMap<Character, Shape>();
        var operands = new ArrayList<Word>();
        boolean options = true;
        Iterator<Word> remaining = words.iterator();
        while (remaining.hasNext()) {
            Word word = remaining.next();
            String text = word instanceof Word.One(Shape shape) && shape.isConstant() ? shape.fill(Map.of()) : "";
            boolean dashed = observed.texts(word).stream().anyMatch(each -> each.startsWith("-") && each.length() > 1);
            if (!options || !dashed) {
                operands.add(word);
                continue;
            }
            if (text.equals("--")) {
                options = false;
                continue;
            }
            if (!(word instanceof Word.One(Shape shape)) || shape.literalStart().length() < 2)
                throw NotAutomatable.mine("its options differ from task to task");
            if (text.startsWith("--")) {
                String name = text.substring(2, text.indexOf('=') < 0 ? text.length() : text.indexOf('=') + 1);
                Character letter = longNames.get(name);
                if (letter == null) throw unknown("--" + name.replace("=", ""));
                given.add(letter);
                if (name.endsWith("=")) optionValues.put(letter, Shape.literal(text.substring(name.length() + 2)));
                continue;
            }
            String letters = shape.literalStart();
            for (int at = 1; at < letters.length(); at++) {
                char letter = letters.charAt(at);
                if (valued.indexOf(letter) >= 0) {
                    String rest = shape.template().substring(at + 1);
                    if (!rest.isEmpty()) optionValues.put(letter, Shape.parse(rest));
                    else if (remaining.hasNext() && remaining.next() instanceof Word.One(Shape next)) {
                        optionValues.put(letter, next);
                    } else throw NotAutomatable.mine("its option -" + letter + " has no value");
                    given.add(letter);
                    letters = "";
                } else if (flags.indexOf(letter) >= 0) given.add(letter);
                else throw unknown("-" + letter);
            }
            if (!letters.isEmpty() && !shape.isConstant())
                throw NotAutomatable.mine("its options differ from task to task");
        }
        return new Arguments(given, optionValues, operands);
    }

    private NotAutomatable unknown(String option) {
        return NotAutomatable.mine(
                program + " " + option + " does something that no script of this template does exactly");
    }

    /** Options by letter, and the rest. */
    record Arguments(Set<Character> flags, Map<Character, Shape> values, List<Word> operands) {
        boolean has(char letter) {
            return flags.contains(letter);
        }

        Optional<Shape> value(char letter) {
            return Optional.ofNullable(values.get(letter));
        }
    }

    // ---- words as paths

    ShellCommand withWords(List<Word> others) {
        return new ShellCommand(program, folder, List.copyOf(others), output, input, observed, shell, locale);
    }

    private ShellCommand in(Optional<String> ordering) {
        return new ShellCommand(program, folder, words, output, input, observed, shell, ordering);
    }

    /** The command as if it had run in another folder. */
    ShellCommand in(Shape otherFolder) {
        return new ShellCommand(program, otherFolder, words, output, input, observed, shell, locale);
    }

    List<Word> paths(List<Word> names) throws NotAutomatable {
        var paths = new ArrayList<Word>();
        for (Word name : names) paths.add(path(name));
        return paths;
    }

    /** The word as a path seen from the folder in which the command ran. */
    Word path(Word word) throws NotAutomatable {
        return switch (word) {
            case Word.One(Shape shape) -> new Word.One(path(shape));
            case Word.Run(String variable, Shape _) -> {
                requireExpandable(word);
                shell.requirePortable(observed.texts(word));
                yield new Word.Run(variable, folder);
            }
        };
    }

    Shape path(Shape shape) throws NotAutomatable {
        requireExpandable(new Word.One(shape));
        return resolve(folder, shell.portable(shape, observed), observed);
    }

    /** The path seen from the folder, if that can be said for all that it was. */
    static Shape resolve(Shape folder, Shape path, Observed observed) throws NotAutomatable {
        if (folder.isEmpty()) return path;
        List<String> texts = observed.texts(new Word.One(path));
        long absolute = texts.stream().filter(Paths::isAbsolute).count();
        if (absolute == texts.size() && absolute > 0) return path;
        if (absolute > 0) throw NotAutomatable.mine("its paths are absolute in some tasks and relative in others");
        return Paths.resolve(folder, path);
    }

    private void requireExpandable(Word word) throws NotAutomatable {
        for (String text : observed.texts(word)) {
            if (text.indexOf('\\') >= 0)
                throw NotAutomatable.mine("a file name in it holds a wildcard or a backslash of its own");
            if (BRACES.matcher(text).find()) throw NotAutomatable.mine("it lists names by braces, as in {a,b}");
            if (text.startsWith("~") && !text.equals("~") && !text.startsWith("~/"))
                throw NotAutomatable.mine("it names another person's home folder");
            if (text.isEmpty()) throw NotAutomatable.mine("one of its file names is empty");
        }
    }

    /** The word as its program got it: without the backslash that a quoted wildcard carries. */
    static Shape asGiven(Shape shape) {
        var parts = new ArrayList<Shape.Part>();
        for (Shape.Part part : shape.parts()) {
            parts.add(
                    switch (part) {
                        case Shape.Part.Literal(String text) ->
                            new Shape.Part.Literal(text.replaceAll("\\\\([*?\\[])", "$1"));
                        case Shape.Part.Variable variable -> variable;
                    });
        }
        return new Shape(parts);
    }

    boolean hasWildcard(Word word) {
        return observed.texts(word).stream().anyMatch(Globs::hasWildcard);
    }
}
