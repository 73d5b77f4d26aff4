package dev.understudy.plugins.automationtemplates;

import dev.understudy.plugins.automationtemplates.Manifest.Command;
import dev.understudy.plugins.automationtemplates.Manifest.Kind;
import dev.understudy.plugins.automationtemplates.Manifest.Operation;
import dev.understudy.plugins.automationtemplates.Manifest.Parameter;
import dev.understudy.plugins.automationtemplates.Value.Word;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Gives the words of a shell command to the parameters of an operation, by what its manifest says of options and operands. An
 * option of which it says nothing may change what the command does, so the command is left alone.
 */
final class CommandLine {
    private final Operation operation;
    private final Command described;
    private final ShellCommand command;
    private final Map<String, Value> values = new LinkedHashMap<>();
    private final List<Word> operands = new ArrayList<>();

    private CommandLine(Operation operation, Command described, ShellCommand command) {
        this.operation = operation;
        this.described = described;
        this.command = command;
    }

    /**
     * What the command gives for the operation's parameters.
     *
     * @throws NotAutomatable if the manifest does not say what one of its words means
     */
    static Map<String, Value> values(Operation operation, ShellCommand command) throws NotAutomatable {
        Command described = operation
                .command()
                .orElseThrow(
                        () -> NotAutomatable.mine("it was typed into a shell, and the template does not say what its"
                                + " words are (operands, flags, and options of parameters)"));
        if (command.output().isPresent() || command.input().isPresent())
            throw NotAutomatable.mine("it redirects its input or output, which this template does not do");
        var line = new CommandLine(operation, described, command);
        line.readWords();
        line.giveOperands();
        return line.values;
    }

    private void readWords() throws NotAutomatable {
        boolean optionsOver = false;
        for (Iterator<Word> words = command.words().iterator(); words.hasNext(); ) {
            Word word = words.next();
            List<String> texts = command.observed().texts(word);
            boolean option = !optionsOver && texts.stream().anyMatch(text -> text.startsWith("-") && text.length() > 1);
            if (!option) operands.add(word);
            else if (texts.stream().distinct().count() > 1 && !isValueOfOne(word))
                throw NotAutomatable.mine("its options differ from task to task");
            else if (texts.getFirst().equals("--")) optionsOver = true;
            else readOption(word, texts.getFirst(), words);
        }
    }

    /** {@code --limit={n}}: the option is one, its value varies. */
    private boolean isValueOfOne(Word word) {
        return word instanceof Word.One(Shape shape) && shape.template().matches("--[A-Za-z0-9-]+=.*");
    }

    private void readOption(Word word, String text, Iterator<Word> rest) throws NotAutomatable {
        if (described.flags().contains(text)) return;
        int equals = text.startsWith("--") ? text.indexOf('=') : -1;
        String name = equals < 0 ? text : text.substring(0, equals);
        Optional<String> parameter = described.parameterOf(name);
        if (parameter.isPresent() && kind(parameter.get()) == Kind.BOOLEAN && equals < 0) {
            values.put(parameter.get(), Value.Text.literal("true"));
        } else if (parameter.isPresent() && equals > 0 && word instanceof Word.One(Shape shape)) {
            String template = shape.template();
            give(parameter.get(), List.of(new Word.One(Shape.parse(template.substring(template.indexOf('=') + 1)))));
        } else if (parameter.isPresent() && rest.hasNext()) {
            give(parameter.get(), List.of(rest.next()));
        } else if (text.matches("-[A-Za-z0-9]{2,}")) {
            // -av is -a -v, where the manifest knows each of them.
            for (char letter : text.substring(1).toCharArray()) readLetter("-" + letter, text);
        } else {
            throw unknown(text);
        }
    }

    private void readLetter(String letter, String text) throws NotAutomatable {
        if (described.flags().contains(letter)) return;
        Optional<String> parameter = described.parameterOf(letter);
        if (parameter.isEmpty() || kind(parameter.get()) != Kind.BOOLEAN) throw unknown(text);
        values.put(parameter.get(), Value.Text.literal("true"));
    }

    private static NotAutomatable unknown(String option) {
        return NotAutomatable.mine(
                "it has the option " + option + ", of which this template does not know what it changes");
    }

    /** One that takes several takes what the others leave. */
    private void giveOperands() throws NotAutomatable {
        List<String> names = described.operands();
        long several = names.stream().filter(name -> kind(name).isList()).count();
        int surplus = operands.size() - names.size();
        if (surplus < 0 || (surplus > 0 && several != 1))
            throw NotAutomatable.mine(
                    "it has " + operands.size() + " words besides its options, and this template is for " + names.size()
                            + (names.isEmpty() ? "" : " (" + String.join(", ", names) + ")"));
        int next = 0;
        for (String name : names) {
            int count = kind(name).isList() ? 1 + surplus : 1;
            give(name, operands.subList(next, next + count));
            next += count;
        }
        for (Map.Entry<String, Parameter> each : operation.parameters().entrySet())
            if (!values.containsKey(each.getKey()) && each.getValue().standard().isEmpty())
                throw NotAutomatable.mine("it does not say " + each.getKey());
    }

    private void give(String name, List<Word> words) throws NotAutomatable {
        Kind kind = kind(name);
        if (kind.isList()) {
            values.put(name, new Value.Words(kind.isPath() ? command.paths(words) : words));
            return;
        }
        if (!(words.getFirst() instanceof Word.One(Shape shape)))
            throw NotAutomatable.mine("its " + name + " is several words in some tasks");
        List<String> texts = command.observed().texts(words.getFirst());
        if (kind.isPath() && texts.stream().anyMatch(Globs::hasWildcard))
            throw NotAutomatable.mine("its " + name + " is a pattern of file names, not a single one");
        if (kind.isPath() && texts.stream().anyMatch(text -> text.matches("[^/]+:.*")))
            throw NotAutomatable.mine("its " + name + " is on another machine");
        values.put(name, new Value.Text(kind.isPath() ? command.path(shape) : shape));
    }

    private Kind kind(String name) {
        return Objects.requireNonNull(operation.parameters().get(name), name).kind();
    }
}
