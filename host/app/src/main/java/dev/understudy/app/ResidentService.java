package dev.understudy.app;

import dev.understudy.app.resident.Request;
import dev.understudy.app.resident.ResidentServer;
import dev.understudy.core.Understudy;
import dev.understudy.core.executor.StageTimes;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Does commands for others in this process, on an engine that stays open. A command that would say what is wrong with its
 * input works in its own process, where it says so in the person's own words for their files.
 */
final class ResidentService implements ResidentServer.Service, AutoCloseable {
    /** The others name files as they were typed, start programs of the person's, wait for their keys, or are the host themselves. */
    static final Set<String> SERVED = Set.of(
            "automations",
            "check",
            "completion",
            "import",
            "learn",
            "log",
            "optimizers",
            "patterns",
            "proposals",
            "recommend",
            "rehearse",
            "report",
            "run",
            "runs",
            "tasks",
            "templates",
            "test",
            "workflows");

    /** Starting a process of its own takes a command about as long, where it is alone on a processor. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final Duration LONGEST_PATIENCE = Duration.ofSeconds(15);

    private final RootCommand host;
    private final Path home;
    private final Path configFile;
    private final AtomicInteger served = new AtomicInteger();
    /** Served or not, how many had their turn. */
    private final AtomicInteger done = new AtomicInteger();

    private volatile @Nullable Understudy engine;
    private String foundations = "";
    /** One command at a time; those that come meanwhile in the order in which they came. */
    private final Semaphore turn = new Semaphore(1, true);

    /** A command that its own process must do. */
    private static final class NotServed extends RuntimeException {
        private static final long serialVersionUID = 1;

        NotServed() {
            super("to be done in its own process", null, false, false);
        }
    }

    ResidentService(RootCommand host) {
        this.host = host;
        home = host.homeFolder().toAbsolutePath().normalize();
        configFile = host.configFile().toAbsolutePath().normalize();
    }

    @Override
    public Set<String> commands() {
        return SERVED;
    }

    @Override
    public Optional<ResidentServer.Work> begin(Request request, OutputStream out, OutputStream err) {
        String[] arguments = request.arguments().toArray(String[]::new);
        if (CommandLineInterface.command(arguments).filter(SERVED::contains).isEmpty()) return Optional.empty();
        return Optional.of(new Served(request, arguments, out, err));
    }

    /** One command. */
    private final class Served implements ResidentServer.Work {
        private final String[] arguments;
        private final Console console;
        private final Invocation invocation;
        private final Thread worker = Thread.currentThread();
        private volatile boolean hasSpoken;
        private boolean entered;

        Served(Request request, String[] arguments, OutputStream out, OutputStream err) {
            this.arguments = arguments;
            Charset charset = request.terminal() ? Console.ofTerminal() : StandardCharsets.UTF_8;
            console = new Console(
                    new PrintStream(noticed(out), true, charset),
                    new PrintStream(noticed(err), true, charset),
                    request.terminal(),
                    request.environment());
            invocation = Invocation.served(
                    request.folder(), request.calledAs(), request.environment(), () -> !hasSpoken, this::open);
        }

        private OutputStream noticed(OutputStream stream) {
            return new OutputStream() {
                @Override
                public void write(int value) throws IOException {
                    hasSpoken = true;
                    stream.write(value);
                }

                @Override
                public void write(byte[] bytes, int from, int length) throws IOException {
                    hasSpoken = true;
                    stream.write(bytes, from, length);
                }
            };
        }

        private Understudy open(RootCommand root) {
            if (!root.homeFolder().toAbsolutePath().normalize().equals(home)
                    || !root.configFile().toAbsolutePath().normalize().equals(configFile)) throw new NotServed();
            Understudy engine = enter();
            entered = true;
            Understudy session = engine.session(root.notices());
            root.tellNews(session);
            return session;
        }

        @Override
        public Optional<Integer> run() {
            try {
                int code = invocation.call(() -> CommandLineInterface.run(console, arguments));
                if (invocation.hasDeclined()) return Optional.empty();
                served.incrementAndGet();
                return Optional.of(code);
            } catch (Exception e) {
                return Optional.of(Errors.report(console, e, false));
            } finally {
                if (entered) {
                    done.incrementAndGet();
                    turn.release();
                }
            }
        }

        @Override
        public boolean end() {
            if (invocation.ending().ask()) return true;
            worker.interrupt();
            return false;
        }
    }

    /** Waits for its turn while others have theirs one after the other, and is not served where one of them takes long. */
    private Understudy enter() {
        try {
            int before = done.get();
            while (!turn.tryAcquire(patience().toMillis(), TimeUnit.MILLISECONDS)) {
                int now = done.get();
                if (now == before) throw new NotServed();
                before = now;
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new NotServed();
        }
        try {
            return opened();
        } catch (RuntimeException | Error e) {
            turn.release();
            throw e;
        }
    }

    /** All that wait would start their processes at once, and wait for one another there. */
    private Duration patience() {
        int rounds = 1 + turn.getQueueLength() / Runtime.getRuntime().availableProcessors();
        Duration together = PATIENCE.multipliedBy(rounds);
        return together.compareTo(LONGEST_PATIENCE) < 0 ? together : LONGEST_PATIENCE;
    }

    private synchronized Understudy opened() {
        String found = foundations();
        Understudy open = engine;
        if (open != null && !found.equals(foundations)) {
            close();
            open = null;
        }
        if (open == null) {
            open = host.openHere(host.notices());
            // Opening it may have made the store.
            open.automations();
            engine = open;
            foundations = foundations();
        }
        return open;
    }

    /** What an open engine rests on: where any of it has changed, a new process would do otherwise. */
    private String foundations() {
        var text = new StringBuilder();
        try {
            text.append(Files.exists(configFile) ? Files.readString(configFile) : "")
                    .append('\n');
            BasicFileAttributes store = Files.readAttributes(home.resolve("understudy.db"), BasicFileAttributes.class);
            text.append(store.fileKey()).append('\n');
        } catch (NoSuchFileException _) {
            text.append("no store\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (Path folder : List.of(
                home.resolve("plugins"),
                home.resolve("templates"),
                RootCommand.installation().plugins(),
                RootCommand.installation().templates())) {
            try (Stream<Path> files = Files.walk(folder, 2)) {
                for (Path file : files.sorted().toList()) {
                    BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
                    text.append(file)
                            .append(' ')
                            .append(found.size())
                            .append(' ')
                            .append(found.lastModifiedTime())
                            .append('\n');
                }
            } catch (IOException | UncheckedIOException _) {
                text.append(folder).append(" is not there\n");
            }
        }
        return text.toString();
    }

    @Override
    public String status() {
        return "A host (process " + ProcessHandle.current().pid() + ") serves " + home + ": " + served.get()
                + " commands so far.\n" + times();
    }

    /** What the executor has measured of runs, where that is switched on. */
    private String times() {
        Understudy open = engine;
        if (open == null) return "";
        var text = new StringBuilder();
        for (StageTimes each : open.executor().times())
            text.append(String.format(
                    Locale.ROOT,
                    "  runs, %-8s  p50 %8.3f ms  p99 %8.3f ms  mean %8.3f ms  (%d)%n",
                    each.stage(),
                    each.p50Micros() / 1e3,
                    each.p99Micros() / 1e3,
                    each.meanMicros() / 1e3,
                    each.runs()));
        return text.toString();
    }

    @Override
    public synchronized void close() {
        if (engine != null) engine.close();
        engine = null;
    }
}
