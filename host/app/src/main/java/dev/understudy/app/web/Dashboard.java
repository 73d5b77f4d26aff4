package dev.understudy.app.web;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.understudy.app.shape.HostShape;
import dev.understudy.core.Understudy;
import dev.understudy.core.config.DashboardSection;
import dev.understudy.core.engine.Engine;
import dev.understudy.core.engine.EngineEvent;
import java.net.BindException;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The dashboard of a host that stays: opened once the engine runs, closed with it. Safe for use by several threads.
 *
 * <p>What happens before {@link #open} is kept for the first reader, like all events.
 */
public final class Dashboard implements AutoCloseable {
    private final Understudy understudy;
    private final String version;
    private final Consumer<String> problems;
    private final InstantSource clock;
    private final Instant startedAt;
    private final EventStream stream;
    private final TuningRoutes tuning;
    /** What is open; the latest is closed first. */
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    private volatile List<Route> routes = List.of();
    private volatile @Nullable Metrics metrics;

    /**
     * @param version of Understudy, for pages
     * @param problems hears of what does not work, one line each; called by several threads
     */
    public Dashboard(Understudy understudy, String version, Consumer<String> problems, InstantSource clock) {
        this.understudy = understudy;
        this.version = version;
        this.problems = problems;
        this.clock = clock;
        startedAt = clock.instant();
        stream = new EventStream(startedAt.toEpochMilli());
        tuning = new TuningRoutes(understudy, clock);
    }

    /** Takes what happens, for those who read. */
    public void happened(EngineEvent event) {
        stream.publish("event", HostShape.json(event));
        tuning.happened(event);
        Metrics figures = metrics;
        if (figures != null) figures.happened(event);
    }

    /**
     * Begins to answer, if that is configured and its port is free; what hinders it is said to whoever hears of problems.
     *
     * @return the link that lets its holder in; empty if nothing answers
     * @throws dev.understudy.core.problem.UserException if what is configured cannot be used
     */
    public synchronized Optional<URI> open(Engine engine) {
        DashboardSection config = understudy.config().dashboard();
        if (!config.enabled()) return Optional.empty();
        String token = AccessToken.read(understudy.home());
        var sessions = new Sessions(token, clock);
        var points = new LivePoints();
        var figures = new Metrics(version);
        var runs = new Runs(understudy.automations().audit(), stream, figures);
        var cache = new AnalyticsCache(
                understudy, () -> stream.publishUnkept("analytics", JsonNodeFactory.instance.objectNode()));
        var live = new LiveFeed(understudy, stream, points, runs, cache, problems);
        figures.watch(understudy, engine, stream, cache, live::load);
        var pages = new PageRoutes(stream);
        var found = new ArrayList<Route>();
        found.addAll(pages.first());
        found.add(figures.route());
        found.addAll(new HostRoutes(understudy, engine, sessions, runs, points, version, startedAt).all());
        found.addAll(new AutomationRoutes(understudy, problems).all());
        found.addAll(new PerformanceRoutes(understudy, cache, live::load).all());
        found.add(tuning.route());
        found.add(new OpenApi(version).route());
        found.addAll(pages.last());
        try {
            WebServer started = WebServer.start(config, found, sessions, new WrongTries(System::nanoTime), problems);
            routes = List.copyOf(found);
            metrics = figures;
            parts.push(cache);
            parts.push(live);
            parts.push(started);
            live.start();
            return Optional.of(started.address().resolve("?token=" + token));
        } catch (BindException e) {
            problems.accept("no dashboard: " + config.address() + ":" + config.port() + " cannot be used ("
                    + e.getMessage() + "); another 'up' may have it, or configure dashboard.port");
            return Optional.empty();
        }
    }

    /** What is answered; nothing before it is open. */
    List<Route> routes() {
        return routes;
    }

    @Override
    public synchronized void close() {
        stream.close();
        for (AutoCloseable each : parts) {
            try {
                each.close();
            } catch (Exception e) {
                problems.accept("the dashboard did not close: " + e);
            }
        }
        parts.clear();
    }
}
