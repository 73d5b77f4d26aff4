package dev.understudy.app;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.understudy.core.Understudy;
import dev.understudy.core.plugin.PluginHost.Provided;
import dev.understudy.core.tuning.program.TuningProfile;
import dev.understudy.spi.optimization.OptimizerStrategy;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(name = "optimizers", description = "List the strategies that 'tune --strategy' knows.")
final class OptimizersCommand implements Callable<Integer> {
    @ParentCommand
    RootCommand root;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    public Integer call() {
        Console console = root.console();
        try (Understudy understudy = root.open()) {
            List<Provided<OptimizerStrategy>> strategies = understudy.tuning().strategies().stream()
                    .sorted(Comparator.comparing(Provided::name))
                    .toList();
            if (json) {
                var object = JsonNodeFactory.instance.objectNode();
                var array = object.putArray("strategies");
                for (var each : strategies)
                    array.addObject()
                            .put("name", each.name())
                            .put("description", each.extension().description())
                            .put("plugin", each.pluginId())
                            .put("default", each.name().equals(TuningProfile.DEFAULT_STRATEGY));
                Json.print(console, object);
            } else if (strategies.isEmpty()) {
                console.out().println("No plugin brings a strategy. 'plugins' lists what is installed.");
            } else {
                var table = new Table(
                        Table.Column.left("strategy"),
                        Table.Column.wrapped("how it searches"),
                        Table.Column.left("plugin"));
                for (var each : strategies)
                    table.row(
                            new Table.Cell(each.name(), Style.BOLD),
                            each.extension().description(),
                            each.pluginId());
                table.print(console, "");
            }
        }
        return ExitCode.DONE;
    }
}
