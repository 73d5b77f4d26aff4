package dev.understudy.app;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.app.shape.PerformanceShape;
import dev.understudy.core.Understudy;
import dev.understudy.core.performance.PerformanceImport;
import dev.understudy.core.performance.PerformanceService;
import dev.understudy.core.performance.Period;
import dev.understudy.core.performance.WorkflowAnalysis;
import dev.understudy.core.problem.UserException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "workflows",
        description =
                "List workflows with what there is to gain, most first; show one; import metrics, executions and traces.",
        subcommands = {WorkflowsCommand.Show.class, WorkflowsCommand.Import.class})
final class WorkflowsCommand implements Callable<Integer> {
    static final String PERIOD = "30d";

    @ParentCommand
    RootCommand root;

    @Option(
            names = "--period",
            defaultValue = PERIOD,
            description = "How far back, for example 12h or 4w (default: ${DEFAULT-VALUE}).")
    String period;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    public Integer call() {
        Console console = root.console();
        try (Understudy understudy = root.open()) {
            PerformanceService service = understudy.performanceService();
            Period stretch = Period.of(period, understudy.performance());
            List<WorkflowAnalysis> analyses = service.analyseAll(stretch.from(), stretch.to());
            warn(console, service);
            if (json) {
                var object = JsonNodeFactory.instance.objectNode();
                var array = object.putArray("workflows");
                analyses.forEach(each -> array.add(PerformanceShape.json(each)));
                addProblems(object, service);
                Json.print(console, object);
            } else if (analyses.isEmpty())
                console.out()
                        .println("No executions are known. Bring them in with: " + root.commandPrefix()
                                + " workflows import FILE");
            else PerformanceView.printList(console, analyses);
        }
        return ExitCode.DONE;
    }

    /** The plugins whose part is missing, for programs. */
    static ObjectNode addProblems(ObjectNode object, PerformanceService service) {
        var problems = object.putArray("problems");
        service.problems().forEach(problems::add);
        return object;
    }

    static void warn(Console console, PerformanceService service) {
        PatternsCommand.warn(console, service.problems());
    }

    @Command(
            name = "show",
            description =
                    "Show a workflow, or a process that is known by its metrics: its steps, bottlenecks, what gets worse, and what would help.")
    static final class Show implements Callable<Integer> {
        @ParentCommand
        WorkflowsCommand workflows;

        @Parameters(paramLabel = "WORKFLOW", description = "Its name.")
        String workflow;

        @Option(names = "--period", defaultValue = PERIOD, description = "How far back (default: ${DEFAULT-VALUE}).")
        String period;

        @Option(names = "--json", description = "Print JSON.")
        boolean json;

        @Override
        public Integer call() {
            Console console = workflows.root.console();
            try (Understudy understudy = workflows.root.open()) {
                require(understudy, workflow);
                PerformanceService service = understudy.performanceService();
                Period stretch = Period.of(period, understudy.performance());
                WorkflowAnalysis analysis = analysis(understudy, workflow, stretch);
                warn(console, service);
                if (json) Json.print(console, addProblems(PerformanceShape.json(analysis), service));
                else PerformanceView.print(console, analysis);
            }
            return ExitCode.DONE;
        }
    }

    /** Of a workflow, or of a process that is known by its metrics alone. */
    static WorkflowAnalysis analysis(Understudy understudy, String name, Period stretch) {
        PerformanceService service = understudy.performanceService();
        return understudy.performance().workflows().contains(name)
                ? service.analyse(name, stretch.from(), stretch.to())
                : service.analyseProcess(name, stretch.from(), stretch.to());
    }

    static void require(Understudy understudy, String name) {
        if (!understudy.performance().workflows().contains(name)
                && !understudy.performance().processes().contains(name))
            throw UserException.badInput(
                    "There is no workflow '" + name + "', and no process",
                    "none of its executions was recorded",
                    "'workflows' and 'report' list all");
    }

    @Command(
            name = "import",
            description = {
                "Import metrics and executions from JSON Lines, or traces from an OTLP file in JSON. A line is one of:",
                "  {\"metric_id\":\"1\",\"process_name\":\"backup\",\"timestamp\":\"2026-11-09T09:00:00Z\",\"duration_ms\":900,"
                        + "\"cpu_usage\":12.5,\"memory_usage\":3.0,\"io_bytes\":4096,\"success\":true}",
                "  {\"id\":\"7\",\"workflow\":\"deploy\",\"start\":\"2026-11-09T09:00:00Z\",\"end\":\"2026-11-09T09:01:00Z\","
                        + "\"state\":\"succeeded\",\"steps\":[{\"name\":\"build\",\"start\":\"…\",\"end\":\"…\",\"state\":\"succeeded\","
                        + "\"attributes\":{\"module\":\"core\"}}]}",
                "  {\"resourceSpans\":[…]}"
            })
    static final class Import implements Callable<Integer> {
        @ParentCommand
        WorkflowsCommand workflows;

        @Parameters(paramLabel = "FILE", arity = "1..*", description = "JSON Lines or OTLP JSON.")
        List<Path> files;

        @Option(names = "--json", description = "Print JSON.")
        boolean json;

        @Override
        public Integer call() {
            Console console = workflows.root.console();
            var object = JsonNodeFactory.instance.objectNode();
            var array = object.putArray("files");
            try (Understudy understudy = workflows.root.open()) {
                for (Path file : files) {
                    PerformanceImport.Report report = PerformanceImport.file(understudy.performance(), file);
                    var entry = array.addObject()
                            .put("file", file.toString())
                            .put("metrics", report.metrics())
                            .put("executions", report.executions())
                            .put("skipped", report.skipped());
                    var problems = entry.putArray("problems");
                    report.problems().forEach(problems::add);
                    if (json) continue;
                    console.out()
                            .println(Console.printable(file.toString()) + ": " + report.metrics() + " metrics, "
                                    + report.executions() + " executions new; " + report.skipped() + " skipped");
                    for (String problem : report.problems())
                        console.err().println("understudy: " + Console.printable(problem) + ".");
                }
            }
            if (json) Json.print(console, object);
            return ExitCode.DONE;
        }
    }
}
