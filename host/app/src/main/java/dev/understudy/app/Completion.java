package dev.understudy.app;

import java.util.Locale;
import java.util.Map;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Writes shell completion for the whole command line. */
final class Completion {
    private static final String PROGRAM = "understudy";

    private Completion() {}

    /** The shells for which there is one. */
    enum Shell {
        bash,
        zsh,
        fish
    }

    static String of(Shell shell, CommandLine commandLine) {
        return switch (shell) {
            case bash -> AutoComplete.bash(PROGRAM, commandLine);
            // zsh runs bash's own completions through bashcompinit; picocli's script switches it on by itself.
            case zsh -> "#compdef " + PROGRAM + "\n" + AutoComplete.bash(PROGRAM, commandLine);
            case fish -> fish(commandLine);
        };
    }

    private static String fish(CommandLine commandLine) {
        var script = new StringBuilder("# fish completion for " + PROGRAM + "\n");
        String names = String.join(" ", commandLine.getSubcommands().keySet());
        script.append("set -l commands ").append(names).append('\n');
        options(script, commandLine.getCommandSpec(), "not __fish_seen_subcommand_from $commands");
        for (Map.Entry<String, CommandLine> command :
                commandLine.getSubcommands().entrySet()) {
            var spec = command.getValue().getCommandSpec();
            if (spec.usageMessage().hidden()) continue;
            complete(script, "not __fish_seen_subcommand_from $commands", "-f -a " + command.getKey(), summary(spec));
            String seen = "__fish_seen_subcommand_from " + command.getKey();
            options(script, spec, seen);
            for (Map.Entry<String, CommandLine> nested :
                    command.getValue().getSubcommands().entrySet())
                complete(
                        script,
                        seen,
                        "-a " + nested.getKey(),
                        summary(nested.getValue().getCommandSpec()));
        }
        return script.toString();
    }

    private static void options(StringBuilder script, CommandSpec spec, String condition) {
        for (OptionSpec option : spec.options()) {
            if (option.hidden()) continue;
            var arguments = new StringBuilder();
            for (String name : option.names())
                arguments.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
            if (option.arity().max() > 0) arguments.append(" -r");
            String description = option.description().length > 0 ? option.description()[0] : "";
            complete(script, condition, arguments.toString().strip(), description);
        }
    }

    private static void complete(StringBuilder script, String condition, String arguments, String description) {
        script.append("complete -c ")
                .append(PROGRAM)
                .append(" -n '")
                .append(condition)
                .append("' ")
                .append(arguments);
        if (!description.isEmpty())
            script.append(" -d '")
                    .append(description.replace("%n", " ").replace("'", "\\'"))
                    .append('\'');
        script.append('\n');
    }

    private static String summary(CommandSpec spec) {
        String[] description = spec.usageMessage().description();
        return description.length == 0
                ? ""
                : description[0].lines().findFirst().orElse("").toLowerCase(Locale.ROOT);
    }
}
