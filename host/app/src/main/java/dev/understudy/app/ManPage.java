package dev.understudy.app;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** A man page in the macros of man(7): all commands with their options, from their own descriptions. */
final class ManPage {
    private final StringBuilder page = new StringBuilder();

    private ManPage() {}

    static String of(CommandSpec root) {
        var man = new ManPage();
        man.write(root);
        return man.page.toString();
    }

    private void write(CommandSpec root) {
        String name = root.name();
        line(".TH " + name.toUpperCase(Locale.ROOT) + " 1 \"\" \"Understudy " + Version.text()
                + "\" \"User Commands\"");
        // Names of files and options that are cut in two or set apart cannot be copied.
        line(".nh");
        line(".ad l");
        line(".SH NAME");
        text(name + " - " + sentence(root.usageMessage().header()).replaceFirst("\\.$", ""));
        line(".SH SYNOPSIS");
        line(".B " + escaped(name));
        text("[OPTIONS] COMMAND [ARGUMENTS]");
        line(".SH OPTIONS");
        text("These stand before or after any command.");
        arguments(root.options());
        line(".SH COMMANDS");
        root.subcommands().values().stream().distinct().forEach(each -> command(each.getCommandSpec()));
        line(".SH EXIT STATUS");
        for (String status : List.of("0 done", "1 failed", "2 bad input", "3 a limit was exceeded", "4 not allowed")) {
            line(".TP");
            line(".B " + status.charAt(0));
            text(status.substring(2));
        }
        line(".SH FILES");
        paths("~/.local/share/understudy", "all that is kept: the data home");
        paths("~/.config/understudy/config.yaml", "the configuration");
        line(".SH NOTES");
        text("Made from what the commands say of themselves with --help.");
    }

    private void paths(String path, String what) {
        line(".TP");
        line(".I " + escaped(path));
        text(what);
    }

    private void command(CommandSpec command) {
        if (command.usageMessage().hidden()) return;
        line(".SS " + escaped(command.qualifiedName()));
        List<PositionalParamSpec> positional = command.positionalParameters().stream()
                .filter(each -> !each.hidden())
                .toList();
        List<OptionSpec> options = command.options().stream()
                .filter(option -> !option.inherited() && !option.hidden())
                .toList();
        if (!positional.isEmpty() || !options.isEmpty())
            text(command.qualifiedName()
                    + (options.isEmpty() ? "" : " [OPTIONS]")
                    + positional.stream()
                            .map(each ->
                                    each.arity().min() == 0 ? " [" + each.paramLabel() + "]" : " " + each.paramLabel())
                            .collect(Collectors.joining()));
        line(".PP");
        text(sentence(command.usageMessage().description()));
        arguments(Stream.<ArgSpec>concat(positional.stream(), options.stream()).toList());
        command.subcommands().values().stream().distinct().forEach(each -> command(each.getCommandSpec()));
    }

    private void arguments(List<? extends ArgSpec> arguments) {
        for (ArgSpec each : arguments) {
            if (each.hidden()) continue;
            String names = each instanceof OptionSpec option ? String.join(", ", option.names()) : "";
            String value = each.arity().max() == 0 ? "" : each.paramLabel();
            line(".TP");
            line(Stream.of(
                            names.isEmpty() ? "" : "\\fB" + escaped(names) + "\\fR",
                            value.isEmpty() ? "" : "\\fI" + escaped(value) + "\\fR")
                    .filter(part -> !part.isEmpty())
                    .collect(Collectors.joining(" ")));
            text(sentence(each.description()));
        }
    }

    private static String sentence(String[] lines) {
        return String.join(" ", lines)
                .replace("%n", " ")
                .replace("%%", "%")
                .replaceAll("\\s+", " ")
                .strip();
    }

    private void line(String line) {
        page.append(line).append('\n');
    }

    /** A dot or an apostrophe at the beginning of a line would be a request. */
    private void text(String text) {
        String escaped = escaped(text);
        line(escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped);
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\e").replace("-", "\\-").replace("…", "...");
    }
}
