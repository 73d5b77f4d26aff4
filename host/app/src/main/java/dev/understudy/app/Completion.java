package dev.understudy.app;

import java.util.List;
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

    /** What the host has names for. */
    enum Names {
        automations,
        runs,
        patterns,
        plugins
    }

    /**
     * What a command takes beside options.
     *
     * @param path the command, and the one below it if it has any, with a blank between
     */
    private record Takes(String path, Names names, Files files) {}

    private enum Files {
        TOO,
        NONE
    }

    private static final List<Takes> TAKEN = List.of(
            new Takes("run", Names.automations, Files.TOO),
            new Takes("test", Names.automations, Files.TOO),
            new Takes("rehearse", Names.automations, Files.NONE),
            new Takes("customize", Names.automations, Files.NONE),
            new Takes("automations show", Names.automations, Files.NONE),
            new Takes("automations approve", Names.automations, Files.NONE),
            new Takes("automations reject", Names.automations, Files.NONE),
            new Takes("automations pause", Names.automations, Files.NONE),
            new Takes("automations resume", Names.automations, Files.NONE),
            new Takes("automations suspend", Names.automations, Files.NONE),
            new Takes("automations rollback", Names.automations, Files.NONE),
            new Takes("automations retire", Names.automations, Files.NONE),
            new Takes("automations diff", Names.automations, Files.NONE),
            new Takes("automations ab", Names.automations, Files.NONE),
            new Takes("automations export", Names.automations, Files.TOO),
            new Takes("undo", Names.runs, Files.NONE),
            new Takes("create", Names.patterns, Files.NONE),
            new Takes("plugins approve", Names.plugins, Files.NONE),
            new Takes("plugins disable", Names.plugins, Files.NONE),
            new Takes("plugins enable", Names.plugins, Files.NONE),
            new Takes("plugins remove", Names.plugins, Files.NONE));

    static String of(Shell shell, CommandLine commandLine) {
        return switch (shell) {
            case bash -> AutoComplete.bash(PROGRAM, commandLine) + named();
            // zsh runs bash's own completions through bashcompinit; picocli's script switches it on by itself.
            case zsh -> "#compdef " + PROGRAM + "\n" + AutoComplete.bash(PROGRAM, commandLine) + named();
            case fish -> fish(commandLine);
        };
    }

    /** Adds to what picocli completes, which knows the command line but not what the host holds: names, and files where it forgets them. */
    private static String named() {
        var cases = new StringBuilder();
        for (Takes each : TAKEN)
            cases.append("    '")
                    .append(each.path())
                    .append("') names=")
                    .append(each.names())
                    .append(each.files() == Files.TOO ? " files=yes" : "")
                    .append(" ;;\n");
        return """

                # What the host has names for, and files.
                function _understudy_named() {
                  local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}
                  _complete_understudy
                  [[ "$current" == -* || "$before" == --home || "$before" == --config ]] && return
                  local word names="" files="" first="" second="" skipped="" count=0 i
                  local -a home
                  home=()
                  for ((i = 1; i < COMP_CWORD; i++)); do
                    word=${COMP_WORDS[i]}
                    if [[ "$skipped" == --home || "$skipped" == --config ]]; then
                      home+=("$skipped" "$word"); skipped=""
                    elif [[ "$word" == --home || "$word" == --config ]]; then skipped=$word
                    elif [[ "$word" != -* ]]; then
                      count=$((count + 1))
                      [[ $count == 1 ]] && first=$word
                      [[ $count == 2 ]] && second=$word
                    fi
                  done
                  case "$first" in
                    automations | plugins) first="$first $second" ;;
                    *) [[ "$before" == -p || "$before" == --parameter || "$before" == --isolation ]] && return ;;
                  esac
                  case "$first" in
                %s    *) return ;;
                  esac
                  local IFS=$'\n'
                  COMPREPLY+=( $( compgen -W "$( "${COMP_WORDS[0]/#\\~/$HOME}" "${home[@]}" completion names "$names" 2>/dev/null </dev/null )" -- "$current" ) )
                  if [[ -n "$files" ]]; then
                    type compopt &>/dev/null && compopt -o filenames
                    COMPREPLY+=( $( compgen -f -- "$current" ) )
                  fi
                }
                complete -F _understudy_named -o default understudy understudy.sh understudy.bash
                """.formatted(cases);
    }

    private static String fish(CommandLine commandLine) {
        var script = new StringBuilder("# fish completion for " + PROGRAM + "\n");
        String names = String.join(" ", commandLine.getSubcommands().keySet());
        script.append("set -g __understudy_commands ").append(names).append('\n');
        options(script, commandLine.getCommandSpec(), "not __fish_seen_subcommand_from $__understudy_commands");
        for (Map.Entry<String, CommandLine> command :
                commandLine.getSubcommands().entrySet()) {
            var spec = command.getValue().getCommandSpec();
            if (spec.usageMessage().hidden()) continue;
            complete(
                    script,
                    "not __fish_seen_subcommand_from $__understudy_commands",
                    "-f -a " + command.getKey(),
                    summary(spec));
            String seen = "__fish_seen_subcommand_from " + command.getKey();
            options(script, spec, seen);
            for (Map.Entry<String, CommandLine> nested :
                    command.getValue().getSubcommands().entrySet()) {
                if (nested.getValue().getCommandSpec().usageMessage().hidden()) continue;
                complete(
                        script,
                        seen,
                        "-a " + nested.getKey(),
                        summary(nested.getValue().getCommandSpec()));
            }
        }
        script.append("""
                # What the host has names for, of the data home that was named before.
                function __understudy_names
                    set -l words (commandline -opc)
                    set -l home
                    for i in (seq 2 (count $words))
                        if contains -- $words[$i] --home --config; and test $i -lt (count $words)
                            set -a home $words[$i] $words[(math $i + 1)]
                        end
                    end
                    $words[1] $home completion names $argv[1] 2>/dev/null </dev/null
                end
                """);
        for (Takes each : TAKEN) {
            String[] path = each.path().split(" ");
            String seen = "__fish_seen_subcommand_from " + path[0]
                    + (path.length > 1 ? "; and __fish_seen_subcommand_from " + path[1] : "");
            complete(
                    script,
                    seen,
                    (each.files() == Files.TOO ? "" : "-f ") + "-a \"(__understudy_names " + each.names() + ")\"",
                    "");
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
