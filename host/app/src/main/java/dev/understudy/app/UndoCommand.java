package dev.understudy.app;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.core.Understudy;
import dev.understudy.core.automation.RunUndo.Undoable;
import dev.understudy.core.problem.UserException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "undo",
        description = {
            "Take back all that a run has changed, as long as nothing else has changed it since.",
            "What runs replaced and deleted is kept up to sandbox.undo_space; the oldest goes first."
        })
final class UndoCommand implements Callable<Integer> {
    @ParentCommand
    RootCommand root;

    @Parameters(paramLabel = "RUN", arity = "0..1", description = "A run's id, as 'run' prints it.")
    @Nullable
    String run;

    @Option(names = "--list", description = "List the runs that can be undone, newest first.")
    boolean list;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    public Integer call() {
        if (list == (run != null))
            throw UserException.badInput(
                    "It is not clear what to undo",
                    run == null ? "no run is named" : "a run and --list do not go together",
                    "'undo --list' lists what can be undone");
        try (Understudy understudy = root.open()) {
            if (run == null) show(understudy.undo().list());
            else show(understudy.undo().undo(run));
        }
        return ExitCode.DONE;
    }

    private void show(Undoable undone) {
        Console console = root.console();
        if (json) {
            Json.print(console, json(undone).put("outcome", "undone"));
            return;
        }
        for (Path path : undone.run().paths())
            console.out().println("  " + Console.printable(Console.shortened(path.toString())));
        int files = undone.run().paths().size();
        console.out()
                .println("The run " + undone.run().runId() + " was undone: "
                        + (files == 1 ? "this is" : "these " + files + " are") + " as before it.");
    }

    private static ObjectNode json(Undoable each) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("runId", each.run().runId());
        json.put("automation", each.automation().isEmpty() ? null : each.automation());
        json.put("committed", each.run().committed().toString());
        json.put("bytes", each.run().bytes());
        var paths = json.putArray("paths");
        each.run().paths().forEach(path -> paths.add(path.toString()));
        return json;
    }

    private void show(List<Undoable> undoable) {
        Console console = root.console();
        if (json) {
            var object = JsonNodeFactory.instance.objectNode();
            var array = object.putArray("runs");
            undoable.forEach(each -> array.add(json(each)));
            Json.print(console, object);
            return;
        }
        if (undoable.isEmpty()) {
            console.out().println("There is nothing to undo.");
            return;
        }
        var table = new Table(
                Table.Column.left("run"),
                Table.Column.left("automation"),
                Table.Column.left("when"),
                Table.Column.right("kept"),
                Table.Column.wrapped("changed"));
        for (Undoable each : undoable) {
            List<Path> paths = each.run().paths();
            String more = paths.size() > 1 ? " and " + (paths.size() - 1) + " more" : "";
            table.row(
                    new Table.Cell(each.run().runId(), Style.BOLD),
                    each.automation(),
                    VersionsView.time(each.run().committed()),
                    Quantities.bytes(each.run().bytes()),
                    Console.shortened(paths.getFirst().toString()) + more);
        }
        table.print(console, "");
    }
}
