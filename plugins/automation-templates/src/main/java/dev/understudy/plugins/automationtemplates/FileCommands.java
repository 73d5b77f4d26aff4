package dev.understudy.plugins.automationtemplates;

import dev.understudy.plugins.automationtemplates.ShellCommand.Arguments;
import dev.understudy.plugins.automationtemplates.Value.Word;
import dev.understudy.spi.TaskPattern;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads {@code cp}, {@code mv}, {@code rm}, {@code mkdir}, {@code tar}, {@code zip} and {@code gzip} as operations on files. */
final class FileCommands {

    /** The operation's id, and what the command gives for its parameters. */
    record Reading(String operation, Map<String, Value> values) {}

    static final Set<String> PROGRAMS = Set.of("cp", "mv", "rm", "mkdir", "tar", "zip", "gzip");

    private final ShellCommand command;

    private FileCommands(ShellCommand command) {
        this.command = command;
    }

    static Reading read(TaskPattern pattern) throws NotAutomatable {
        ShellCommand command = ShellCommand.read(pattern);
        if (command.output().isPresent() || command.input().isPresent())
            throw NotAutomatable.mine("it redirects the input or output of " + command.program());
        var commands = new FileCommands(command);
        return switch (command.program()) {
            case "cp" -> commands.copy();
            default -> throw new IllegalArgumentException("no file program: " + command.program());
        };
    }

    private Reading copy() throws NotAutomatable {
        Arguments arguments = command.arguments(
                "fvrR", "t", Map.of("force", 'f', "verbose", 'v', "recursive", 'r', "target-directory=", 't'));
        return transfer("copy", arguments, arguments.has('r') || arguments.has('R'));
    }

    /** What {@code cp} and {@code mv} share: one source and a name, or sources and a folder. */
    private Reading transfer(String verb, Arguments arguments, boolean recursive) throws NotAutomatable {
        List<Word> operands = arguments.operands();
        int sources = arguments.value('t').isPresent() ? operands.size() : operands.size() - 1;
        if (sources < 1) throw NotAutomatable.mine(command.program() + " names no source and destination");
        Shape target = arguments.value('t').isPresent()
                ? command.path(arguments.value('t').get())
                : single(operands.getLast());
        if (command.hasWildcard(new Word.One(target)))
            throw NotAutomatable.mine("its destination is a pattern of file names");
        var values = new LinkedHashMap<String, Value>();
        Word first = operands.getFirst();
        if (sources == 1
                && arguments.value('t').isEmpty()
                && first instanceof Word.One
                && !command.hasWildcard(first)) {
            values.put("source", new Value.Text(single(first)));
            values.put("destination", new Value.Text(target));
            return new Reading(recursive ? verb + "_folder" : verb + "_file", values);
        }
        values.put("sources", new Value.Words(paths(operands.subList(0, sources))));
        values.put("folder", new Value.Text(target));
        values.put("create_folder", Value.Text.literal("false"));
        if (verb.equals("copy")) values.put("recursive", Value.Text.literal(String.valueOf(recursive)));
        return new Reading(verb + "_into", values);
    }

    private Shape single(Word word) throws NotAutomatable {
        if (word instanceof Word.One(Shape shape)) return command.path(shape);
        throw NotAutomatable.mine("how many files it takes varies where one is expected");
    }

    private List<Word> paths(List<Word> words) throws NotAutomatable {
        var paths = new ArrayList<Word>();
        for (Word word : words) paths.add(command.path(word));
        return paths;
    }
}
