package dev.understudy.app;

import dev.understudy.core.Understudy;
import dev.understudy.core.automation.AutomationService;
import dev.understudy.core.automation.CheckResult;
import dev.understudy.core.automation.TestRun;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.watch.FolderWatch;
import dev.understudy.sandbox.control.tester.TestListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "dev",
        description = {
            "Stay beside a script while you write it: at each save it is checked and its [[tests]] are run in the sandbox,"
                    + " and you see what each case prints and what it would change.",
            "Nothing of yours is changed. A save while the tests run has them begin anew. Ends with Ctrl-C."
        })
final class DevCommand implements Callable<Integer> {
    @ParentCommand
    RootCommand root;

    @Parameters(paramLabel = "FILE", description = "The script.")
    Path file;

    @Option(
            names = {"-p", "--parameter"},
            paramLabel = "NAME=VALUE",
            description = "A parameter for the cases that leave it out; may be given several times.")
    Map<String, String> parameters = new LinkedHashMap<>();

    @Override
    public Integer call() throws InterruptedException {
        Path watched = real();
        var ended = new CountDownLatch(1);
        try (var _ = Invocation.current().ending().whenAsked(ended::countDown);
                Understudy understudy = root.open();
                var rounds = new Rounds(understudy.automations());
                var _ = FolderWatch.start(folderOf(watched), watched::equals, rounds::begin)) {
            if (root.console().isTerminal())
                root.console().err().println(Style.DIM.of(root.console(), "Watching " + file + "; Ctrl-C ends."));
            ended.await();
        }
        return ExitCode.DONE;
    }

    /** What is written when the person saves: where the name is a link, what it leads to. */
    private Path real() {
        try {
            Path real = file.toRealPath();
            if (Files.isRegularFile(real)) return real;
        } catch (IOException _) {
            // It is told below.
        }
        throw UserException.badInput(
                file + " cannot be watched",
                Files.exists(file) ? "it is no file" : "there is no such file",
                "'new automation NAME' writes a beginning");
    }

    private static Path folderOf(Path file) {
        Path folder = file.getParent();
        if (folder == null) throw new IllegalStateException(file + " is real and lies nowhere");
        return folder;
    }

    /** Check and tests of what was saved last; what was saved before is given up. */
    private final class Rounds implements AutoCloseable {
        private final AutomationService automations;
        private final DevView view = new DevView(root.console(), file.toString());
        private @Nullable Thread current;
        private boolean closed;

        Rounds(AutomationService automations) {
            this.automations = automations;
        }

        synchronized void begin() {
            if (closed) return;
            stop();
            current = Thread.ofPlatform().daemon().name("dev").start(this::round);
        }

        private void stop() {
            if (current == null) return;
            current.interrupt();
            try {
                current.join();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }

        private void round() {
            try {
                view.saved();
                CheckResult checked =
                        automations.check(file, Invocation.current().typed(file));
                view.checked(checked);
                if (!checked.mistakes().isEmpty()) return;
                TestRun run = automations.testBeingWritten(
                        file, parameters, Invocation.current().folder(), TestListener.SILENT);
                view.tested(run);
            } catch (UserException e) {
                view.failed(e);
            } catch (InterruptedException _) {
                // Another save, or the end.
            }
        }

        @Override
        public synchronized void close() {
            closed = true;
            stop();
        }
    }
}
