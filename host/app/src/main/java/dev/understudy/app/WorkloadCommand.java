package dev.understudy.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.core.Understudy;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.system.DetectedWorkload;
import dev.understudy.core.system.SystemWatch;
import dev.understudy.spi.system.SystemSnapshot;
import dev.understudy.spi.system.WorkloadEstimate;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "workload",
        description = {
            "Say what kind of work this machine does, and why: database, web_server, hpc_compute, io_intensive, general, or what a plugin names.",
            "Looks for some seconds; with --watch until Ctrl-C."
        },
        subcommands = {AdviceCommand.class, OptimizationsCommand.class})
final class WorkloadCommand implements Callable<Integer> {
    private static final ObjectMapper ONE_LINE = new ObjectMapper();
    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

    @ParentCommand
    RootCommand root;

    @Option(names = "--watch", description = "Go on and print a line every 5 s; another workload must last to count.")
    boolean watch;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "5",
            description = "How long to look, from 1 to 30 (default: ${DEFAULT-VALUE}).")
    int seconds;

    @Option(names = "--json", description = "Print JSON; with --watch, a line for each look.")
    boolean json;

    @Override
    public Integer call() throws InterruptedException {
        if (seconds < 1 || seconds > SystemWatch.WINDOW.toSeconds())
            throw UserException.badInput(
                    "--seconds is " + seconds,
                    "the work is judged over at most " + SystemWatch.WINDOW.toSeconds() + " s",
                    "Give a number from 1 to " + SystemWatch.WINDOW.toSeconds());
        Console console = root.console();
        try (Understudy understudy = root.open();
                SystemWatch system = understudy.watchSystem(
                        problem -> console.err().println("understudy: " + Console.printable(problem) + "."))) {
            system.start();
            if (watch) goOn(console, system);
            else lookOnce(console, system);
        }
        return ExitCode.DONE;
    }

    private void lookOnce(Console console, SystemWatch system) throws InterruptedException {
        try (var progress = new Progress(console)) {
            for (int left = seconds; left > 0; left--) {
                progress.step("Looking for " + left + " s");
                Thread.sleep(1000);
            }
            // The first sample is only where counting begins, and opening the machine takes a moment.
            boolean _ = system.awaitFirst(Duration.ofSeconds(5));
        }
        WorkloadEstimate estimate = system.estimate()
                .orElseThrow(() -> UserException.failed(
                        "The workload cannot be told",
                        "no plugin has a workload detector, or the machine cannot be sampled",
                        "'plugins' lists the plugins; 'plugins approve workloads' brings the built-in one back"));
        SystemSnapshot average = system.average(SystemWatch.WINDOW).orElseThrow();
        if (json) Json.print(console, WorkloadView.json(estimate, average));
        else WorkloadView.print(console, estimate, average);
    }

    private void goOn(Console console, SystemWatch system) throws InterruptedException {
        while (true) {
            Thread.sleep(LOOK_EVERY);
            var now = system.average(LOOK_EVERY);
            if (now.isEmpty()) continue;
            DetectedWorkload workload = system.workload();
            if (json) console.out().println(line(WorkloadView.json(workload, now.get())));
            else console.out().println(WorkloadView.line(console, workload, now.get()));
        }
    }

    private static String line(ObjectNode object) {
        try {
            return ONE_LINE.writeValueAsString(object);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts and numbers are always JSON", e);
        }
    }
}
