package dev.understudy.app;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Puts the command line together, runs it, and turns every error into one line and an exit code. */
final class CommandLineInterface {
    /** The library takes no less. */
    private static final int LEAST_HELP_WIDTH = 55;

    private static final int MOST_HELP_WIDTH = 110;

    private CommandLineInterface() {}

    static int run(Console console, String... arguments) {
        CommandLine commandLine = create(console, needed(arguments));
        try {
            int code = commandLine.execute(arguments);
            if (command(arguments).filter(ResidentService.SERVED::contains).isPresent())
                HostCommand.leaveBehind(commandLine.getCommand());
            return code;
        } catch (OutOfMemoryError | LinkageError e) {
            // No exception, so picocli does not catch it; of a machine that is used up people hear in one line, too.
            return Errors.report(
                    console, e, commandLine.<RootCommand>getCommand().debug());
        }
    }

    /** The command that is called, alone: to put all of them together takes half a second. All, where it is not clear which. */
    private static List<Class<?>> needed(String... arguments) {
        return command(arguments)
                .flatMap(name -> RootCommand.COMMANDS.stream()
                        .filter(type -> type.getSimpleName().equalsIgnoreCase(name + "Command"))
                        .findFirst())
                .<List<Class<?>>>map(List::of)
                .orElse(RootCommand.COMMANDS);
    }

    /** The name of the command that is called, if it is clear which. */
    static Optional<String> command(String... arguments) {
        for (int i = 0; i < arguments.length; i++) {
            String argument = arguments[i];
            if (argument.equals("--home") || argument.equals("--config")) i++;
            else if (!argument.startsWith("-")) return Optional.of(argument);
        }
        return Optional.empty();
    }

    static CommandLine create(Console console) {
        return create(console, RootCommand.COMMANDS);
    }

    private static CommandLine create(Console console, List<Class<?>> commands) {
        var commandLine = new CommandLine(new RootCommand(console));
        commands.forEach(commandLine::addSubcommand);
        commandLine.setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8));
        commandLine.setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8));
        commandLine.setColorScheme(CommandLine.Help.defaultColorScheme(console.isStyled() ? Ansi.ON : Ansi.OFF));
        commandLine.setUsageHelpWidth(Math.clamp(console.width(), LEAST_HELP_WIDTH, MOST_HELP_WIDTH));
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setParameterExceptionHandler((exception, given) -> badUsage(console, exception));
        commandLine.registerConverter(Path.class, Invocation.current()::path);
        commandLine.registerConverter(int.class, text -> number(text, "whole number", Integer::valueOf));
        commandLine.registerConverter(Integer.class, text -> number(text, "whole number", Integer::valueOf));
        commandLine.registerConverter(long.class, text -> number(text, "whole number", Long::valueOf));
        commandLine.registerConverter(Long.class, text -> number(text, "whole number", Long::valueOf));
        commandLine.registerConverter(double.class, text -> number(text, "number", Double::valueOf));
        commandLine.registerConverter(Double.class, text -> number(text, "number", Double::valueOf));
        commandLine.setExecutionExceptionHandler((exception, command, parsed) -> {
            if (Invocation.current().declines(exception)) return ExitCode.FAILED;
            RootCommand root = command.getCommandSpec().root().commandLine().getCommand();
            return Errors.report(console, exception, root.debug());
        });
        return commandLine;
    }

    /** The library speaks of its own types. */
    private static <T> T number(String text, String kind, Function<String, T> reader) {
        try {
            return reader.apply(text);
        } catch (NumberFormatException _) {
            throw new TypeConversionException("'" + text + "' is no " + kind + " that it takes");
        }
    }

    private static int badUsage(Console console, ParameterException exception) {
        CommandLine command = exception.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        String message =
                String.valueOf(exception.getMessage()).lines().findFirst().orElse("bad usage");
        var suggestions = new StringBuilder();
        if (exception instanceof UnmatchedArgumentException unmatched
                && !unmatched.getSuggestions().isEmpty())
            suggestions
                    .append(" Did you mean: ")
                    .append(String.join(", ", unmatched.getSuggestions()))
                    .append('?');
        console.err()
                .println("understudy: " + message + (message.endsWith(".") ? "" : ".") + suggestions + " See '" + name
                        + " --help'.");
        return ExitCode.BAD_INPUT;
    }
}
