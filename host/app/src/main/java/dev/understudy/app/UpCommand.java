package dev.understudy.app;

import dev.understudy.app.web.Dashboard;
import dev.understudy.core.Understudy;
import dev.understudy.core.config.FleetSection;
import dev.understudy.core.engine.Engine;
import dev.understudy.core.fleet.Fleet;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "up",
        description = {
            "Stay: fire triggers, look every few minutes for what repeats, tell you what is ready or fails.",
            "Ends with Ctrl-C or SIGTERM. 'service install' has the system start it with your session."
        })
final class UpCommand implements Callable<Integer> {
    @ParentCommand
    RootCommand root;

    @Option(names = "--json", description = "Print events as JSON, one line each.")
    boolean json;

    @Option(
            names = "--fleet",
            paramLabel = "URL",
            description =
                    "Join the fleet on this NATS server, like nats://host:4222 (default: fleet.url; none if not set).")
    @Nullable
    String url;

    /** Beside the grace that runs under way have. */
    private static final Duration GOING_DOWN = Duration.ofSeconds(30);

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch down = new CountDownLatch(1);

    private volatile int exitCode = ExitCode.FAILED;
    private volatile Duration patience = GOING_DOWN;

    @Override
    public Integer call() throws InterruptedException {
        var hook = new Thread(this::goDown, "going down");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            stay();
            exitCode = ExitCode.DONE;
        } catch (RuntimeException e) {
            if (asked.getCount() > 0) {
                Runtime.getRuntime().removeShutdownHook(hook);
                throw e;
            }
            exitCode = Errors.report(root.console(), e, root.debug());
        } finally {
            down.countDown();
        }
        return exitCode;
    }

    /** All that is up together; what is opened later is closed first. */
    private void stay() throws InterruptedException {
        Optional<FleetSection> section = FleetAccess.section(root, url);
        try (var view = new UpView(root.console(), json);
                Fleet fleet = section.isEmpty() ? null : FleetAccess.connect(section.get());
                Understudy understudy = root.open();
                var dashboard = new Dashboard(understudy, Version.text(), this::problem, Clock.systemUTC());
                Engine engine = understudy.startEngine(
                        event -> {
                            view.show(event);
                            dashboard.happened(event);
                        },
                        Optional.ofNullable(fleet));
                OtlpPort traces = OtlpPort.open(understudy, root.console())) {
            // Runs of triggers, and then those of a fleet.
            patience = GOING_DOWN.plus(understudy.config().triggers().grace().multipliedBy(2));
            traces.announce();
            section.flatMap(FleetSection::url)
                    .ifPresent(server -> root.console()
                            .err()
                            .println(Style.DIM.of(
                                    root.console(),
                                    "fleet: " + server + ", here as "
                                            + understudy.fleetKey().nodeId())));
            dashboard
                    .open(engine)
                    .ifPresent(
                            link -> root.console().err().println(Style.DIM.of(root.console(), "dashboard: " + link)));
            view.watch(engine);
            asked.await();
        }
    }

    private void problem(String line) {
        root.console().err().println("understudy: " + Console.printable(line) + ".");
    }

    /** Called when the process is asked to end: lets the main thread close all, and says that it went well. */
    private void goDown() {
        asked.countDown();
        try {
            // Whatever holds it up, it ends: who started it must not have to kill it.
            if (!down.await(patience.toSeconds(), TimeUnit.SECONDS))
                problem("Going down took longer than " + patience.toSeconds() + " s and is cut short");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        // Left to itself, the JVM would report the signal (130, 143), which is how a crash looks to who started us.
        Runtime.getRuntime().halt(exitCode);
    }
}
