package dev.understudy.app;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.core.Understudy;
import dev.understudy.core.automation.TemplateService;
import dev.understudy.core.automation.TemplateService.Listed;
import dev.understudy.core.automation.TemplateService.Tried;
import dev.understudy.core.problem.Mistake;
import dev.understudy.core.problem.UserException;
import dev.understudy.spi.AutomationTemplate.Answer;
import dev.understudy.spi.AutomationTemplate.Operation;
import dev.understudy.spi.AutomationTemplate.Problem;
import dev.understudy.spi.ScriptLanguage;
import dev.understudy.spi.TaskPattern;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "templates",
        description = "List automation templates; show one, check what yours write, or try one on what repeats.",
        subcommands = {
            TemplatesCommand.ListTemplates.class,
            TemplatesCommand.Check.class,
            TemplatesCommand.Show.class,
            TemplatesCommand.Try.class
        })
final class TemplatesCommand implements Callable<Integer> {
    @ParentCommand
    RootCommand root;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    public Integer call() {
        return list(root, json);
    }

    private static List<Listed> all(Understudy understudy) {
        return understudy.templates().list(understudy.home().folder("templates"));
    }

    private static int list(RootCommand root, boolean json) {
        List<Listed> templates;
        try (Understudy understudy = root.open()) {
            templates = all(understudy);
        }
        Console console = root.console();
        if (json) {
            var object = JsonNodeFactory.instance.objectNode();
            var array = object.putArray("templates");
            templates.forEach(template -> array.add(describe(template)));
            Json.print(console, object);
            return ExitCode.DONE;
        }
        var table = new Table(
                Table.Column.left("template"),
                Table.Column.left("from"),
                Table.Column.left("languages"),
                Table.Column.wrapped("what it does, or why it is left out"));
        for (Listed template : templates)
            table.row(
                    new Table.Cell(template.entry().name(), Style.BOLD),
                    template.own() ? "you" : template.pluginId(),
                    languages(template),
                    template.entry().problems().isEmpty()
                            ? new Table.Cell(template.entry().description())
                            : new Table.Cell(problem(template.entry().problems().getFirst()), Style.RED));
        table.print(console, "");
        return ExitCode.DONE;
    }

    private static String problem(Problem problem) {
        return problem.file() + ":" + problem.line() + ": "
                + (problem.key().isEmpty() ? "" : "'" + problem.key() + "' ") + problem.what();
    }

    private static String languages(Listed template) {
        return template.entry().operations().stream()
                .flatMap(operation -> operation.languages().stream())
                .distinct()
                .sorted()
                .map(ScriptLanguage::id)
                .collect(Collectors.joining(", "));
    }

    private static ObjectNode describe(Listed template) {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("name", template.entry().name());
        json.put("description", template.entry().description());
        json.put("plugin", template.pluginId());
        json.put("own", template.own());
        json.put("folder", template.entry().folder().map(String::valueOf).orElse(null));
        var operations = json.putArray("operations");
        for (Operation operation : template.entry().operations()) {
            var object = operations.addObject().put("id", operation.id()).put("summary", operation.summary());
            var types = object.putArray("taskTypes");
            operation.taskTypes().forEach(types::add);
            var languages = object.putArray("languages");
            operation.languages().forEach(language -> languages.add(language.id()));
        }
        var problems = json.putArray("problems");
        for (Problem problem : template.entry().problems())
            problems.addObject()
                    .put("file", problem.file().toString())
                    .put("line", problem.line())
                    .put("key", problem.key())
                    .put("what", problem.what());
        return json;
    }

    private static List<Listed> named(List<Listed> templates, String name) {
        List<Listed> found = templates.stream()
                .filter(template -> template.entry().name().equals(name))
                .toList();
        if (found.isEmpty())
            throw UserException.badInput(
                    "There is no template " + name,
                    "no plugin and no folder has this name",
                    "'templates' lists them all");
        return found;
    }

    @Command(name = "list", description = "List all templates; of one that is left out, why.")
    static final class ListTemplates implements Callable<Integer> {
        @ParentCommand
        TemplatesCommand templates;

        @Option(names = "--json", description = "Print JSON.")
        boolean json;

        @Override
        public Integer call() {
            return list(templates.root, json || templates.json);
        }
    }

    @Command(name = "show", description = "Show what a template can write automations for.")
    static final class Show implements Callable<Integer> {
        @ParentCommand
        TemplatesCommand templates;

        @Parameters(paramLabel = "NAME")
        String name;

        @Option(names = "--json", description = "Print JSON.")
        boolean json;

        @Override
        public Integer call() {
            RootCommand root = templates.root;
            Listed template;
            try (Understudy understudy = root.open()) {
                template = named(all(understudy), name).getFirst();
            }
            Console console = root.console();
            if (json || templates.json) {
                Json.print(console, describe(template));
                return ExitCode.DONE;
            }
            console.out()
                    .println(Style.BOLD.of(console, template.entry().name()) + "  "
                            + Console.printable(template.entry().description()));
            template.entry().folder().ifPresent(folder -> console.out().println("  " + folder));
            for (Problem problem : template.entry().problems())
                console.out().println("  " + Style.RED.of(console, Console.printable(problem(problem))));
            var table = new Table(
                    Table.Column.left("operation"),
                    Table.Column.left("languages"),
                    Table.Column.wrapped("what it does"),
                    Table.Column.wrapped("task types"));
            for (Operation operation : template.entry().operations())
                table.row(
                        new Table.Cell(operation.id(), Style.BOLD),
                        operation.languages().stream().map(ScriptLanguage::id).collect(Collectors.joining(", ")),
                        operation.summary(),
                        String.join(", ", operation.taskTypes()));
            if (!table.isEmpty()) table.print(console, "  ");
            return ExitCode.DONE;
        }
    }

    @Command(
            name = "try",
            description = "Show which patterns a template would match and what it would write. Nothing is kept.")
    static final class Try implements Callable<Integer> {
        @ParentCommand
        TemplatesCommand templates;

        @Parameters(paramLabel = "NAME")
        String name;

        @Option(
                names = "--history",
                paramLabel = "FILE",
                description = "Look at what repeats in this file instead of what was learnt.")
        @Nullable
        Path history;

        @Override
        public Integer call() {
            RootCommand root = templates.root;
            List<Tried> tried;
            try (Understudy understudy = root.open()) {
                Listed template = named(all(understudy), name).getFirst();
                List<TaskPattern> patterns = history == null
                        ? understudy.patterns()
                        : understudy.patternsIn(Invocation.current().path(history), reading -> {
                            ImportView.requireSomething(List.of(reading));
                            ImportView.printSkipped(root.console(), List.of(reading));
                        });
                tried = understudy
                        .templates()
                        .tryOn(
                                template,
                                patterns,
                                understudy.config().automationCreation().language());
            }
            print(root.console(), tried);
            return ExitCode.DONE;
        }

        private void print(Console console, List<Tried> tried) {
            if (tried.isEmpty())
                console.out()
                        .println(name + " matches nothing that repeats "
                                + (history == null ? "in what was learnt" : "in " + history)
                                + ". 'templates show " + name + "' says what it is for, 'patterns' what repeats.");
            for (Tried each : tried) {
                TaskPattern pattern = each.pattern();
                console.out()
                        .println(Style.BOLD.of(console, Console.printable(PatternText.shape(pattern))) + "  ("
                                + pattern.occurrences() + " times)");
                switch (each.answer()) {
                    case Answer.NotMine(String reason, double _) ->
                        console.out().println("  left alone: " + Console.printable(reason));
                    case Answer.Draft draft ->
                        draft.fileText().lines().forEach(line -> console.out().println("  " + Console.printable(line)));
                }
            }
        }
    }

    @Command(
            name = "check",
            description = {
                "Check one template, or all of yours: the files of each, and what it writes.",
                "An automation is written for an example of each operation, in each language, and rehearsed."
            })
    static final class Check implements Callable<Integer> {
        @ParentCommand
        TemplatesCommand templates;

        @Parameters(paramLabel = "NAME", arity = "0..1")
        @Nullable
        String name;

        @Option(names = "--json", description = "Print JSON.")
        boolean json;

        @Override
        public Integer call() throws InterruptedException {
            RootCommand root = templates.root;
            Console console = root.console();
            var mistakes = new ArrayList<Mistake>();
            List<Listed> checked;
            try (Understudy understudy = root.open();
                    var progress = new Progress(console)) {
                TemplateService service = understudy.templates();
                List<Listed> all = all(understudy);
                checked = name == null ? all.stream().filter(Listed::own).toList() : named(all, name);
                for (Listed template : checked) {
                    progress.step("Checking " + template.entry().name());
                    mistakes.addAll(service.check(template));
                }
            }
            if (json || templates.json) {
                var object = JsonNodeFactory.instance.objectNode();
                var names = object.putArray("checked");
                checked.forEach(template -> names.add(template.entry().name()));
                CheckCommand.mistakes(object.putArray("mistakes"), mistakes);
                Json.print(console, object);
            } else {
                for (Mistake mistake : mistakes) console.err().println(Console.printable(mistake.toString()));
                if (checked.isEmpty())
                    console.out()
                            .println("You have no templates yet. Begin one with: " + root.commandPrefix()
                                    + " new template NAME");
                else if (mistakes.isEmpty())
                    console.out()
                            .println(checked.stream()
                                            .map(template -> template.entry().name())
                                            .collect(Collectors.joining(", "))
                                    + ": no mistakes found.");
            }
            return mistakes.isEmpty() ? ExitCode.DONE : ExitCode.BAD_INPUT;
        }
    }
}
