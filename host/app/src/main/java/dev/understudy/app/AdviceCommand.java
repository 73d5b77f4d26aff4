package dev.understudy.app;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.understudy.core.Understudy;
import dev.understudy.core.optimization.Advice;
import dev.understudy.core.optimization.AdviceStore;
import dev.understudy.core.optimization.ResultFolder;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "advice",
        description = {
            "List the settings of this machine that are worth changing for what it does, with the commands.",
            "'up' looks for them where continuous_optimization.enabled is true. It writes none of them, not",
            "even to measure, unless the profile of that work says 'try: true' or 'apply: true', and something",
            "measures progress: /proc/pressure, or an 'objective' that the profile names."
        },
        subcommands = {AdviceCommand.Silence.class, AdviceCommand.Hear.class})
final class AdviceCommand implements Callable<Integer> {
    @ParentCommand
    WorkloadCommand workload;

    @Option(names = "--all", description = "Silenced advice, too.")
    boolean all;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    public Integer call() {
        Console console = workload.root.console();
        List<Advice> advice;
        Set<String> silenced;
        boolean enabled;
        try (Understudy understudy = workload.root.open()) {
            AdviceStore store = understudy.advice();
            advice = all ? store.all() : store.standing();
            silenced = store.silenced();
            enabled = understudy.config().continuousOptimization().enabled();
        }
        if (json) {
            var object = JsonNodeFactory.instance.objectNode();
            var array = object.putArray("advice");
            for (Advice each : advice) array.add(ResultFolder.json(each).put("silenced", silenced.contains(each.id())));
            Json.print(console, object);
        } else if (advice.isEmpty()) {
            console.out()
                    .println(
                            enabled
                                    ? "There is no advice. 'up' looks when it starts and when the machine does other work."
                                    : "There is no advice: continuous_optimization.enabled is false, so 'up' does not look.");
        } else for (Advice each : advice) print(console, each, silenced.contains(each.id()));
        return ExitCode.DONE;
    }

    private static void print(Console console, Advice advice, boolean silenced) {
        console.out()
                .println(Style.BOLD.of(console, Console.printable(advice.id()))
                        + (silenced ? Style.DIM.of(console, "  silenced") : ""));
        for (Advice.Change each : advice.changes())
            console.out().println("  " + Console.printable(each.parameter() + ": " + each.from() + " -> " + each.to()));
        console.out().println("  " + Console.printable(advice.reason()));
        for (String line : advice.evidence())
            console.out().println("  " + Style.DIM.of(console, "- " + Console.printable(line)));
        if (!advice.apply().isEmpty()) console.out().println("  apply: " + Console.printable(advice.apply()));
        if (!advice.undo().isEmpty()) console.out().println("  undo:  " + Console.printable(advice.undo()));
        console.out().println();
    }

    @Command(name = "silence", description = "Do not tell of an advice again.")
    static final class Silence implements Callable<Integer> {
        @ParentCommand
        AdviceCommand advice;

        @Parameters(paramLabel = "ID", description = "Its id.")
        String id;

        @Override
        public Integer call() {
            try (Understudy understudy = advice.workload.root.open()) {
                understudy.advice().silence(id, Instant.now());
            }
            advice.workload
                    .root
                    .console()
                    .out()
                    .println("Silenced. 'workload advice hear " + id + "' takes that back.");
            return ExitCode.DONE;
        }
    }

    @Command(name = "hear", description = "Tell of a silenced advice again.")
    static final class Hear implements Callable<Integer> {
        @ParentCommand
        AdviceCommand advice;

        @Parameters(paramLabel = "ID", description = "Its id.")
        String id;

        @Override
        public Integer call() {
            try (Understudy understudy = advice.workload.root.open()) {
                understudy.advice().hear(id);
            }
            advice.workload.root.console().out().println("It will be told of again.");
            return ExitCode.DONE;
        }
    }
}
