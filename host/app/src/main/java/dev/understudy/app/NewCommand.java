package dev.understudy.app;

import dev.understudy.core.config.DataHome;
import dev.understudy.core.problem.UserException;
import dev.understudy.spi.ScriptLanguage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "new",
        description = "Begin a script, a template or a plugin of your own, from one that works as it is.",
        subcommands = {NewCommand.NewAutomation.class, NewCommand.NewTemplate.class, NewPluginCommand.class})
final class NewCommand implements Callable<Integer> {
    @ParentCommand
    RootCommand root;

    @picocli.CommandLine.Spec
    picocli.CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().usage(root.console().out());
        return ExitCode.BAD_INPUT;
    }

    /** The name as an id, so that what is made from it can be kept and run. */
    static String checked(String name, String form) {
        if (!name.matches(form))
            throw UserException.badInput(
                    "'" + name + "' cannot be the name",
                    "it must be lower-case letters, digits and " + (form.contains("_") ? "underscores" : "hyphens")
                            + ", starting with a letter",
                    "Try '" + suggestion(name, form) + "'");
        return name;
    }

    private static String suggestion(String name, String form) {
        String mark = form.contains("_") ? "_" : "-";
        String plain =
                name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", mark).replaceAll("^[^a-z]+|[-_]+$", "");
        return plain.isEmpty() ? "my" + mark + "own" : plain.substring(0, Math.min(60, plain.length()));
    }

    static String resource(String file, String name) {
        try (InputStream stream = Objects.requireNonNull(NewCommand.class.getResourceAsStream("new/" + file), file)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8).replace("__ID__", name);
        } catch (IOException e) {
            throw new IllegalStateException("the application's own file " + file, e);
        }
    }

    static void write(Path file, String text) throws IOException {
        try {
            Files.writeString(file, text, StandardOpenOption.CREATE_NEW);
        } catch (FileAlreadyExistsException e) {
            throw UserException.badInput(
                    Invocation.current().typed(file) + " exists already",
                    "nothing is overwritten",
                    "Choose another name");
        }
    }

    @Command(name = "automation", description = "Write a script file that runs as it is, in the folder where you are.")
    static final class NewAutomation implements Callable<Integer> {
        @ParentCommand
        NewCommand parent;

        @Parameters(paramLabel = "NAME")
        String name;

        @Option(
                names = {"-l", "--language"},
                defaultValue = "python",
                description = "js, python, bash or applescript (default: ${DEFAULT-VALUE}).")
        String language;

        @Option(names = "--adopt", description = "Also make an automation of it; see 'adopt'.")
        boolean adopt;

        @Override
        public Integer call() throws IOException, InterruptedException {
            String id = checked(name, "[a-z][a-z0-9-]{0,59}");
            ScriptLanguage chosen = Arrays.stream(ScriptLanguage.values())
                    .filter(each -> each.id().equals(language))
                    .findFirst()
                    .orElseThrow(() -> UserException.badInput(
                            "There is no language '" + language + "'",
                            "automations are written in "
                                    + Arrays.stream(ScriptLanguage.values())
                                            .map(ScriptLanguage::id)
                                            .collect(Collectors.joining(", ")),
                            "Choose one of them"));
            Path file = Invocation.current().path(id + "." + chosen.fileExtension());
            write(file, resource("automation." + chosen.fileExtension(), id));
            tell(Invocation.current().typed(file), chosen);
            return adopt ? AdoptCommand.adopt(parent.root, List.of(file), false) : ExitCode.DONE;
        }

        private void tell(String file, ScriptLanguage chosen) {
            RootCommand root = parent.root;
            var out = root.console().out();
            out.println("Wrote " + file + ", which runs as it is:");
            out.println("  " + root.commandPrefix() + " run " + file + " -p name=you");
            out.println("  " + root.commandPrefix() + " test " + file + "    (its test cases)");
            out.println("  " + root.commandPrefix() + " check " + file + "   (without running it)");
            switch (chosen) {
                case PYTHON ->
                    out.println("For type-ahead, put a copy of " + types("understudy.pyi")
                            + " beside it and begin with: import understudy");
                case JAVASCRIPT ->
                    out.println(
                            "For type-ahead, begin with: /// <reference path=\"" + types("understudy.d.ts") + "\" />");
                case BASH ->
                    out.println("Parameters come as PARAM_<NAME>; the result goes as JSON into the file \"$RESULT\".");
                case APPLESCRIPT -> out.println("It runs on macOS only.");
            }
        }

        private static Path types(String file) {
            return Path.of(System.getProperty("understudy.root", ""), "scripts", "types", file);
        }
    }

    @Command(name = "template", description = "Write a folder with a template of your own that works as it is.")
    static final class NewTemplate implements Callable<Integer> {
        @ParentCommand
        NewCommand parent;

        @Parameters(paramLabel = "NAME")
        String name;

        @Override
        public Integer call() throws IOException {
            String id = checked(name, "[a-z][a-z0-9_]{0,59}");
            RootCommand root = parent.root;
            Path home = root.homeFolder();
            Path folder = DataHome.open(home).folder("templates").resolve(id);
            Files.createDirectories(folder);
            write(folder.resolve("template.toml"), resource("template.toml", id));
            write(folder.resolve(id + ".py"), resource("template.py", id));
            var out = root.console().out();
            out.println("Wrote " + folder + " with a manifest and a script. Next:");
            out.println("  " + root.commandPrefix() + " templates check " + id);
            out.println("  " + root.commandPrefix() + " templates show " + id);
            return ExitCode.DONE;
        }
    }
}
