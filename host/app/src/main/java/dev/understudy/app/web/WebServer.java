package dev.understudy.app.web;

import dev.understudy.core.config.DashboardSection;
import dev.understudy.core.problem.UserException;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.ContentTooLargeResponse;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.javalin.router.Endpoint;
import java.io.IOException;
import java.net.BindException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** Javalin's routes on a small Jetty of our own, which needs none of its web sockets. */
final class WebServer implements AutoCloseable {
    private static final int MAX_THREADS = 16;
    private static final Duration IDLE = Duration.ofSeconds(60);
    private static final Duration STOP = Duration.ofSeconds(2);
    private static final Duration STOP_IDLE = Duration.ofMillis(50);

    private final Server server;
    private final ServerConnector connector;
    private final DashboardSection config;

    private WebServer(Server server, ServerConnector connector, DashboardSection config) {
        this.server = server;
        this.connector = connector;
        this.config = config;
    }

    /**
     * Starts to answer.
     *
     * @param problems hears of our own mistakes, one line each; called by several threads
     * @throws BindException if the port is taken, or the address is none of this machine's
     */
    static WebServer start(
            DashboardSection config,
            List<Route> routes,
            Sessions sessions,
            WrongTries wrongTries,
            Consumer<String> problems)
            throws BindException {
        var pool = new QueuedThreadPool(MAX_THREADS, 2);
        pool.setName("dashboard");
        pool.setDaemon(true);
        // An open event stream holds its thread for hours.
        pool.setVirtualThreadsExecutor(Executors.newVirtualThreadPerTaskExecutor());
        var server = new Server(pool);
        ServerConnector connector = connector(server, config);
        server.addConnector(connector);
        var context = new ServletContextHandler();
        context.setContextPath("/");
        // Names of workflows may hold slashes, which are no separators then.
        context.getServletHandler().setDecodeAmbiguousURIs(true);
        Javalin javalin = Javalin.create(settings -> configure(settings, routes, problems));
        context.addServlet(new ServletHolder(javalin.javalinServlet()), "/*");
        server.setHandler(new Gate(context, sessions, wrongTries, config));
        server.setErrorHandler(new PlainErrors());
        server.setStopTimeout(STOP.toMillis());
        try {
            server.start();
        } catch (Exception e) {
            stop(server);
            throw translated(e, config);
        }
        return new WebServer(server, connector, config);
    }

    private static BindException translated(Exception e, DashboardSection config) {
        for (Throwable cause = e; cause != null; cause = cause.getCause())
            if (cause instanceof BindException taken) return taken;
        throw UserException.failed(
                "The dashboard cannot be opened at " + config.address() + ":" + config.port(),
                String.valueOf(e.getMessage()),
                "Mend the section 'dashboard' of the configuration",
                e);
    }

    private static ServerConnector connector(Server server, DashboardSection config) {
        var http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendDateHeader(true);
        http.setRequestHeaderSize(16 << 10);
        http.setHttpCompliance(HttpCompliance.RFC7230);
        http.setUriCompliance(UriCompliance.DEFAULT.with(
                "NAMES",
                UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR,
                UriCompliance.Violation.AMBIGUOUS_PATH_ENCODING));
        ServerConnector connector;
        if (config.tls().isPresent()) {
            var customizer = new SecureRequestCustomizer();
            // The gate looks at the host; a certificate of one's own may name another.
            customizer.setSniHostCheck(false);
            http.addCustomizer(customizer);
            connector = new ServerConnector(
                    server,
                    1,
                    1,
                    new SslConnectionFactory(tls(config.tls().get()), "http/1.1"),
                    new HttpConnectionFactory(http));
        } else {
            connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        }
        connector.setHost(config.address());
        connector.setPort(config.port());
        connector.setIdleTimeout(IDLE.toMillis());
        // Browsers keep connections open that nothing is asked over; a stop need not wait for them.
        connector.setShutdownIdleTimeout(STOP_IDLE.toMillis());
        return connector;
    }

    private static SslContextFactory.Server tls(DashboardSection.Tls tls) {
        var factory = new SslContextFactory.Server();
        try {
            factory.setKeyStorePath(tls.keystore().toAbsolutePath().toString());
            factory.setKeyStoreType("PKCS12");
            factory.setKeyStorePassword(Files.readString(tls.passwordFile()).strip());
        } catch (IOException | IllegalArgumentException e) {
            throw UserException.badInput(
                    "The dashboard's certificate cannot be read",
                    e.getClass().getSimpleName() + " " + e.getMessage(),
                    "Check dashboard.tls in the configuration");
        }
        return factory;
    }

    private static void configure(JavalinConfig settings, List<Route> routes, Consumer<String> problems) {
        settings.startup.showJavalinBanner = false;
        settings.startup.showOldJavalinVersionWarning = false;
        settings.startup.startupWatcherEnabled = false;
        settings.http.maxRequestSize = Gate.MAX_BODY_BYTES;
        settings.http.compressionStrategy = CompressionStrategy.NONE;
        settings.http.prefer405over404 = true;
        for (Route route : routes) settings.routes.addEndpoint(endpoint(route));
        settings.routes.exception(
                Failure.Answer.class, (answer, context) -> Answers.failure(context, answer.failure()));
        settings.routes.exception(UserException.class, (e, context) -> Answers.failure(context, Failure.of(e)));
        settings.routes.exception(ContentTooLargeResponse.class, (_, context) -> tooLarge(context));
        settings.routes.exception(HttpResponseException.class, WebServer::answer);
        settings.routes.exception(Exception.class, (e, context) -> {
            problems.accept("the dashboard could not answer " + context.method() + " " + context.path() + ": " + e);
            Answers.failure(
                    context,
                    new Failure(
                            500, "A mistake of Understudy's own", e.getClass().getSimpleName(), "Please report it"));
        });
    }

    private static Endpoint endpoint(Route route) {
        HandlerType type = switch (route.method()) {
            case GET -> HandlerType.GET;
            case POST -> HandlerType.POST;
        };
        return new Endpoint(type, route.path(), route.handler());
    }

    /** A body that turned out too large while it was read; some of the rest is read too, so that the client sees the answer. */
    private static void tooLarge(Context context) {
        try {
            context.req().getInputStream().skip(Gate.MAX_DISCARDED_BYTES);
        } catch (IOException _) {
            // Who has gone need not hear.
        }
        Answers.failure(context, Gate.tooLarge());
    }

    /** What Javalin itself refuses. */
    private static void answer(HttpResponseException e, Context context) {
        Answers.failure(
                context,
                new Failure(
                        e.getStatus(),
                        e.getStatus() == 404 ? "There is nothing here" : String.valueOf(e.getMessage()),
                        context.method() + " of this path is not known",
                        "See /api/openapi.json"));
    }

    /** Where it answers; ends with a slash. */
    URI address() {
        String scheme = config.tls().isPresent() ? "https" : "http";
        return URI.create(scheme + "://" + host() + ":" + connector.getLocalPort() + "/");
    }

    private String host() {
        String address = config.address();
        // All addresses are none to open in a browser.
        if (address.equals("0.0.0.0") || address.equals("::"))
            return config.hosts().isEmpty() ? "localhost" : config.hosts().getFirst();
        return address.contains(":") ? "[" + address + "]" : address;
    }

    private static void stop(Server server) {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("Jetty does not stop", e);
        }
    }

    @Override
    public void close() {
        stop(server);
    }
}
