package dev.understudy.app;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.understudy.core.Understudy;
import dev.understudy.spi.Task;
import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(name = "tasks", description = "List the latest tasks of the history.")
final class TasksCommand implements Callable<Integer> {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

    @ParentCommand
    RootCommand root;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "20",
            description = "How many at most (default: ${DEFAULT-VALUE}).")
    int limit;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    public Integer call() {
        List<Task> tasks;
        try (Understudy understudy = root.open()) {
            List<Task> all = understudy.history().tasks();
            tasks = all.subList(Math.max(0, all.size() - Math.max(0, limit)), all.size())
                    .reversed();
        }
        if (json) printJson(tasks);
        else print(tasks);
        return ExitCode.DONE;
    }

    private void printJson(List<Task> tasks) {
        var json = JsonNodeFactory.instance.objectNode();
        var array = json.putArray("tasks");
        for (Task task : tasks) array.add(ReplFacts.json(task));
        Json.print(root.console(), json);
    }

    private void print(List<Task> tasks) {
        if (tasks.isEmpty()) {
            root.console().out().println("No tasks yet. Start with: " + root.commandPrefix() + " learn");
            return;
        }
        var table = new Table(
                Table.Column.left("when"),
                Table.Column.right("took"),
                Table.Column.left("type"),
                Table.Column.wrapped("task"));
        for (Task task : tasks) {
            Object command = task.parameters().get(Task.COMMAND);
            table.row(
                    TIME.format(task.timestamp().atZone(ZoneId.systemDefault())),
                    task.duration().equals(Duration.ZERO) ? "" : Quantities.duration(task.duration()),
                    new Table.Cell(task.type(), task.success() ? List.of() : List.of(Style.RED)),
                    command instanceof String text ? text : task.description());
        }
        table.print(root.console(), "");
    }
}
