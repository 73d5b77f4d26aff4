package dev.understudy.plugins.automationtemplates;

import dev.understudy.plugins.automationtemplates.Value.Word;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Options and operands of a command whose options may be given several times.
 *
 * @param options in order
 * @param operands in order
 */
record HttpOptions(List<Option> options, List<Shape> operands) {

    /** An option by its long name; {@code value} is empty for a flag. */
    record Option(String name, Optional<Shape> value) {}

    /**
     * What a command understands.
     *
     * @param flags long names by letter (or long name) of options without a value
     * @param valued likewise of options with one
     * @param refused by long name, why an option cannot be honoured; by letter what it is called
     */
    record Syntax(Map<String, String> flags, Map<String, String> valued, Map<String, String> refused) {

        /** Reads {@code X=request data-raw=data silent}: another spelling before the name, or the name alone. */
        static Map<String, String> names(String words) {
            var names = new LinkedHashMap<String, String>();
            for (String word : words.split(" ")) {
                String[] parts = word.split("=");
                names.put(parts[0], parts[parts.length - 1]);
                names.put(parts[parts.length - 1], parts[parts.length - 1]);
            }
            return names;
        }
    }

    static HttpOptions read(ShellCommand command, Syntax syntax) throws NotAutomatable {
        var options = new ArrayList<Option>();
        var operands = new ArrayList<Shape>();
        Iterator<Word> words = command.words().iterator();
        while (words.hasNext()) {
            Shape shape = single(words.next());
            String start = shape.literalStart();
            if (command.observed().texts(new Word.One(shape)).stream().anyMatch(text -> text.startsWith("-"))
                    && start.length() < 2) throw NotAutomatable.mine("its options differ from task to task");
            if (start.startsWith("--") && start.length() > 2) {
                int equals = start.indexOf('=');
                String name = equals < 0 ? whole(shape) : start.substring(0, equals);
                Optional<Shape> attached = equals < 0 ? Optional.empty() : Optional.of(after(shape, equals + 1));
                options.add(option(command, syntax, name.substring(2), name, attached, words));
            } else if (start.startsWith("-") && start.length() > 1) {
                letters(command, syntax, shape, words, options);
            } else operands.add(ShellCommand.asGiven(shape));
        }
        return new HttpOptions(List.copyOf(options), List.copyOf(operands));
    }

    private static void letters(
            ShellCommand command, Syntax syntax, Shape shape, Iterator<Word> words, List<Option> options)
            throws NotAutomatable {
        String start = shape.literalStart();
        for (int at = 1; at < start.length(); at++) {
            String letter = start.substring(at, at + 1);
            boolean valued = syntax.valued().containsKey(letter);
            Shape rest = after(shape, at + 1);
            Optional<Shape> attached = valued && !rest.isEmpty() ? Optional.of(rest) : Optional.empty();
            options.add(option(command, syntax, letter, "-" + letter, attached, words));
            if (valued) return;
        }
        if (!shape.isConstant()) throw NotAutomatable.mine("its options differ from task to task");
    }

    private static Option option(
            ShellCommand command,
            Syntax syntax,
            String spelling,
            String shown,
            Optional<Shape> attached,
            Iterator<Word> words)
            throws NotAutomatable {
        String refused = syntax.refused().get(spelling);
        if (refused != null) throw NotAutomatable.mine(command.program() + " " + shown + " " + refused);
        String flag = syntax.flags().get(spelling);
        if (flag != null && attached.isEmpty()) return new Option(flag, Optional.empty());
        String valued = syntax.valued().get(spelling);
        if (valued == null)
            throw NotAutomatable.mine(
                    command.program() + " " + shown + " does something that no script of this template does exactly");
        if (attached.isPresent()) return new Option(valued, attached.map(ShellCommand::asGiven));
        if (!words.hasNext()) throw NotAutomatable.mine("its option " + shown + " has no value");
        return new Option(valued, Optional.of(ShellCommand.asGiven(single(words.next()))));
    }

    private static Shape single(Word word) throws NotAutomatable {
        if (word instanceof Word.One(Shape shape)) return shape;
        throw NotAutomatable.mine("how many arguments it has differs from task to task");
    }

    private static String whole(Shape shape) throws NotAutomatable {
        if (!shape.isConstant()) throw NotAutomatable.mine("its options differ from task to task");
        return shape.literalStart();
    }

    /** What stands after the first characters of a shape, which are literal. */
    private static Shape after(Shape shape, int length) {
        var parts = new ArrayList<>(shape.parts());
        parts.set(0, new Shape.Part.Literal(shape.literalStart().substring(length)));
        return new Shape(parts);
    }

    /** The value as a constant text. */
    static String constant(Option option) throws NotAutomatable {
        Shape value = option.value().orElseThrow();
        if (!value.isConstant()) throw NotAutomatable.mine("its " + option.name() + " differs from task to task");
        return value.fill(Map.of());
    }

    /** The value as a number of seconds or a count. */
    static double number(Option option) throws NotAutomatable {
        String text = constant(option);
        if (!text.matches("\\d{1,6}(\\.\\d{1,3})?"))
            throw NotAutomatable.mine("its " + option.name() + " is '" + text + "', no number");
        return Double.parseDouble(text);
    }

    static final Set<String> STANDARD_OUTPUT = Set.of("-", "/dev/stdout");
}
