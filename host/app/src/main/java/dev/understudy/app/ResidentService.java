package dev.understudy.app;

import dev.understudy.app.resident.Caller;
import dev.understudy.app.resident.Request;
import dev.understudy.app.resident.ResidentServer;
import dev.understudy.core.Understudy;
import dev.understudy.core.executor.StageTimes;
import dev.understudy.core.problem.UserException;
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
    /** Of as long as the person likes: they take no turn, and an engine is theirs until they end. */
    private static final Set<String> SESSIONS = Set.of("attach", "mcp", "repl");

    /**
     * The others name files as they were typed, or are the host themselves; or they measure programs of the person's ('tune',
     * 'workload'), which shall run where their processor time, their niceness and their Ctrl-C are those of the terminal, and for
     * so long that a start more is nothing.
     */
    static final Set<String> SERVED = Set.of(
            "attach",
            "automations",
            "check",
            "completion",
            "import",
            "learn",
            "log",
            "mcp",
            "optimizers",
            "patterns",
            "proposals",
            "recommend",
            "rehearse",
            "repl",
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

    private final ReplRooms rooms = new ReplRooms();
    private volatile @Nullable Opened current;
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
    public Optional<ResidentServer.Work> begin(Request request, Caller caller) {
        String[] arguments = request.arguments().toArray(String[]::new);
        return CommandLineInterface.command(arguments)
                .filter(SERVED::contains)
                .map(command -> new Served(request, arguments, SESSIONS.contains(command), caller));
    }

    /** An engine that is open, and how many use it; another takes its place where what it rests on has changed. */
    private static final class Opened {
        private final Understudy engine;
        private final String foundations;
        private int users;
        private boolean replaced;

        Opened(Understudy engine, String foundations) {
            this.engine = engine;
            this.foundations = foundations;
        }
    }

    /** One command. */
    private final class Served implements ResidentServer.Work, Invocation.Host {
        private final String[] arguments;
        private final boolean isSession;
        private final Console console;
        private final Invocation invocation;
        private final Thread worker = Thread.currentThread();
        private volatile boolean hasSpoken;
        private boolean entered;
        private @Nullable Opened used;

        Served(Request request, String[] arguments, boolean isSession, Caller caller) {
            this.arguments = arguments;
            this.isSession = isSession;
            Charset charset = request.terminal() ? Console.ofTerminal() : StandardCharsets.UTF_8;
            var noticed = new Caller(noticed(caller.out()), noticed(caller.err()), caller.input(), caller.terminal());
            console = new Console(
                    new PrintStream(noticed.out(), true, charset),
                    new PrintStream(noticed.err(), true, charset),
                    request.terminal(),
                    request.environment());
            invocation = Invocation.served(
                    request.folder(),
                    request.calledAs(),
                    request.environment(),
                    () -> !hasSpoken && !caller.input().isTouched(),
                    this,
                    noticed);
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

        @Override
        public Understudy open(RootCommand root) {
            if (!root.homeFolder().toAbsolutePath().normalize().equals(home)
                    || !root.configFile().toAbsolutePath().normalize().equals(configFile)) throw new NotServed();
            if (!isSession && !entered) {
                enter();
                entered = true;
            }
            Opened opened = used == null ? opened() : used;
            used = opened;
            return opened.engine.session(root.notices());
        }

        @Override
        public ReplRooms rooms() {
            return rooms;
        }

        @Override
        public void share(ReplRoom room) {
            Opened engine = used;
            if (engine == null) throw new IllegalStateException("no engine is open");
            enter(engine);
            rooms.add(room, () -> leave(engine));
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
                if (used != null) leave(used);
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
    private void enter() {
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
    }

    /** All that wait would start their processes at once, and wait for one another there. */
    private Duration patience() {
        int rounds = 1 + turn.getQueueLength() / Runtime.getRuntime().availableProcessors();
        Duration together = PATIENCE.multipliedBy(rounds);
        return together.compareTo(LONGEST_PATIENCE) < 0 ? together : LONGEST_PATIENCE;
    }

    /** For one who {@link #leave leaves} it again. */
    private synchronized Opened opened() {
        String found = foundations();
        Opened open = current;
        if (open != null && !found.equals(open.foundations)) {
            replace(open);
            open = null;
        }
        if (open == null) {
            Understudy engine = host.openHere(host.notices());
            // Opening it may have made the store.
            engine.automations();
            open = new Opened(engine, foundations());
            current = open;
        }
        enter(open);
        return open;
    }

    private synchronized void enter(Opened open) {
        open.users++;
    }

    /** Opens the engine and starts the cells that are likely to be wanted, before anybody asks. */
    void makeReady() {
        try {
            Opened open = opened();
            try {
                open.engine.sandbox().makeReady();
            } finally {
                leave(open);
            }
        } catch (UserException _) {
            // The first command meets the same, and tells it.
        }
    }

    private void replace(Opened open) {
        current = null;
        open.replaced = true;
        if (open.users == 0) open.engine.close();
    }

    private synchronized void leave(Opened open) {
        open.users--;
        if (open.replaced && open.users == 0) open.engine.close();
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
                + " commands so far.\n" + rooms.status()
                + times();
    }

    /** What the executor has measured of runs, where that is switched on. */
    private String times() {
        Opened open = current;
        if (open == null) return "";
        var text = new StringBuilder();
        for (StageTimes each : open.engine.executor().times())
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

    /** Sessions that are under way lose theirs with the process. */
    @Override
    public synchronized void close() {
        Opened open = current;
        if (open == null) return;
        open.users = 0;
        replace(open);
    }
}
