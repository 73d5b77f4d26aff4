package dev.understudy.app;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.app.shape.HostShape;
import dev.understudy.core.Understudy;
import dev.understudy.core.audit.AuditKind;
import dev.understudy.core.plugin.PluginInfo;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.watch.FolderWatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "dev",
        description = {
            "Stay beside a plugin while you write it: at each save its project is built by its own Maven, the jar takes the"
                    + " place of the one before, and you see what changed.",
            "What you build is approved with it. An 'up' that runs takes the new jar at once. Ends with Ctrl-C; the last"
                    + " jar that was built stays installed."
        })
final class PluginDevCommand implements Callable<Integer> {
    @ParentCommand
    PluginsCommand plugins;

    @Parameters(paramLabel = "DIR", description = "The plugin's project, with its pom.xml.")
    Path folder;

    @Option(names = "--skip-tests", description = "Build without the project's tests.")
    boolean skipTests;

    @Option(names = "--json", description = "Print each build as JSON, one line each.")
    boolean json;

    @Override
    public Integer call() throws InterruptedException {
        Path project = real();
        var build = new PluginBuild(project, skipTests);
        var ended = new CountDownLatch(1);
        try (var _ = Invocation.current().ending().whenAsked(ended::countDown);
                Understudy understudy = plugins.root.open()) {
            var swap = new Swap(understudy, build);
            try (var rounds = new Rounds(swap::round);
                    var _ = FolderWatch.startTree(project, build::isSource, build::isSource, rounds::begin)) {
                Console console = plugins.root.console();
                if (console.isTerminal())
                    console.err().println(Style.DIM.of(console, "Watching " + folder + "; Ctrl-C ends."));
                ended.await();
            }
        }
        return ExitCode.DONE;
    }

    private Path real() {
        try {
            Path real = folder.toRealPath();
            if (Files.isRegularFile(real.resolve("pom.xml"))) return real;
        } catch (IOException _) {
            // It is told below.
        }
        throw UserException.badInput(
                folder + " is no plugin's project",
                Files.isDirectory(folder) ? "it has no pom.xml" : "there is no such folder",
                "'new plugin NAME --point POINT' writes one");
    }

    /** Builds, installs, and tells. */
    private final class Swap {
        private final Understudy understudy;
        private final PluginBuild build;
        private PluginBuild.Content before = new PluginBuild.Content(new TreeMap<>());
        private boolean first = true;

        Swap(Understudy understudy, PluginBuild build) {
            this.understudy = understudy;
            this.build = build;
        }

        void round() throws InterruptedException {
            long began = System.nanoTime();
            try {
                switch (build.run()) {
                    case PluginBuild.Result.Failed failed -> failed(failed.lines());
                    case PluginBuild.Result.Built built -> swap(built.jar(), System.nanoTime() - began);
                }
            } catch (UserException e) {
                // Given up for the next save, or for the end: what did not come about then is no news.
                if (!Thread.currentThread().isInterrupted()) failed(List.of(String.valueOf(e.getMessage())));
            }
        }

        private void swap(Path jar, long built) {
            long from = System.nanoTime();
            var content = PluginBuild.Content.of(jar);
            PluginInfo plugin = understudy.plugins().install(jar);
            Duration took = Duration.ofNanos(System.nanoTime() - from);
            List<String> changes = first ? List.of() : content.since(before);
            before = content;
            first = false;
            understudy
                    .automations()
                    .audit()
                    .add(
                            AuditKind.PLUGIN_APPROVED,
                            "",
                            Map.of(
                                    "plugin", plugin.id(),
                                    "sha256", plugin.sha256(),
                                    "state", plugin.state().id(),
                                    "by", "person"));
            // After it is in place: what has been let go can only be seen by collecting it.
            List<String> remains = understudy.plugins().remains();
            swapped(plugin, changes, remains, Duration.ofNanos(built), took);
        }

        private void swapped(
                PluginInfo plugin, List<String> changes, List<String> remains, Duration built, Duration took) {
            if (json) {
                ObjectNode line = JsonNodeFactory.instance.objectNode().put("built", true);
                line.set("plugin", HostShape.json(plugin));
                changes.forEach(line.putArray("changes")::add);
                remains.forEach(line.putArray("remains")::add);
                line.put("build_ms", built.toMillis()).put("swap_ms", took.toMillis());
                print(line);
                return;
            }
            Console console = plugins.root.console();
            boolean started = plugin.state() == PluginInfo.State.STARTED;
            console.out()
                    .println("\n" + Style.BOLD.of(console, Console.printable(plugin.id() + " " + plugin.version()))
                            + "  "
                            + (started ? Style.GREEN : Style.RED)
                                    .of(console, plugin.state().id().replace('_', ' '))
                            + Style.DIM.of(
                                    console,
                                    "  built in " + Quantities.duration(built) + ", swapped in "
                                            + Quantities.duration(took)));
            String says = PluginsCommand.says(plugin);
            if (!says.isEmpty()) console.out().println("  " + Console.printable(says));
            for (String change : changes) console.out().println("  " + Console.printable(change));
            for (String line : remains) console.out().println("  " + Style.YELLOW.of(console, Console.printable(line)));
        }

        private void failed(List<String> lines) {
            if (json) {
                ObjectNode line = JsonNodeFactory.instance.objectNode().put("built", false);
                lines.forEach(line.putArray("problems")::add);
                print(line);
                return;
            }
            Console console = plugins.root.console();
            console.out().println("\n" + Style.RED.of(console, "not swapped") + ":");
            for (String line : lines) console.out().println("  " + Console.printable(line));
        }

        private void print(ObjectNode line) {
            plugins.root.console().out().println(line);
        }
    }
}
