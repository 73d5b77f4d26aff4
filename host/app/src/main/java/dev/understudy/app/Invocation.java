package dev.understudy.app;

import dev.understudy.app.resident.Caller;
import dev.understudy.app.resident.CallerTerminal;
import dev.understudy.core.Understudy;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;

/**
 * From where a command was called: its process's own surroundings, or those of a command that a host serves, which differ from
 * the host's.
 */
final class Invocation {
    private static final ScopedValue<Invocation> SERVED = ScopedValue.newInstance();
    private static final Invocation OF_PROCESS = new Invocation(
            Path.of("").toAbsolutePath(),
            System.getProperty("understudy.command", "understudy"),
            System.getenv(),
            Ending.ofProcess(),
            () -> false,
            null,
            null);

    private final Path folder;
    private final String calledAs;
    private final Map<String, String> environment;
    private final Map<Path, String> typed = new ConcurrentHashMap<>();
    private final Ending ending;
    private final BooleanSupplier mayDecline;
    private final @Nullable Host host;
    private final @Nullable Caller caller;
    private final @Nullable InputStream input;
    private volatile boolean declined;

    /** What does a command for its process, on an engine that is open already. */
    interface Host {
        Understudy open(RootCommand root);

        ReplRooms rooms();

        /** Lets others join a REPL on that engine. */
        void share(ReplRoom room);
    }

    private Invocation(
            Path folder,
            String calledAs,
            Map<String, String> environment,
            Ending ending,
            BooleanSupplier mayDecline,
            @Nullable Host host,
            @Nullable Caller caller) {
        this.folder = folder;
        this.calledAs = calledAs;
        this.environment = environment;
        this.ending = ending;
        this.mayDecline = mayDecline;
        this.host = host;
        this.caller = caller;
        // What is read of it at once is as much as a process of its own would read.
        input = caller == null ? null : new BufferedInputStream(caller.input());
    }

    /**
     * Of a command that a host serves.
     *
     * @param environment the variables of its process
     * @param mayDecline whether it has said and read nothing yet, so that its own process can still do it
     * @param caller its process
     */
    static Invocation served(
            Path folder,
            String calledAs,
            Map<String, String> environment,
            BooleanSupplier mayDecline,
            Host host,
            Caller caller) {
        return new Invocation(folder, calledAs, environment, new Ending(), mayDecline, host, caller);
    }

    /** Of the command that this thread does. */
    static Invocation current() {
        return SERVED.orElse(OF_PROCESS);
    }

    <T> T call(Callable<T> command) throws Exception {
        return ScopedValue.where(SERVED, this).call(command::call);
    }

    /** The working folder; absolute. */
    Path folder() {
        return folder;
    }

    /** What a path that was typed names: as it was typed where that does, so that messages show it so. */
    Path path(String typed) {
        if (host == null) return Path.of(typed);
        Path path = folder.resolve(typed);
        this.typed.put(path, Path.of(typed).toString());
        return path;
    }

    Path path(Path typed) {
        return path(typed.toString());
    }

    /** As the person would type a path: one that {@link #path} made of what was typed, or that lies below such a one. */
    String typed(Path path) {
        for (Path above = path; above != null; above = above.getParent()) {
            String known = typed.get(above);
            if (known != null)
                return above.equals(path)
                        ? known
                        : Path.of(known).resolve(above.relativize(path)).toString();
        }
        return path.toString();
    }

    /** The variables of the command's process. */
    Map<String, String> environment() {
        return environment;
    }

    /** The launcher, as the person called it. */
    String calledAs() {
        return calledAs;
    }

    /** The standard input; whoever reads it reads on where the last one stopped. */
    InputStream input() {
        return input == null ? System.in : input;
    }

    /**
     * The terminal that the command was typed at. Whoever opens it closes it.
     *
     * @throws IOException if there is none
     */
    Terminal terminal() throws IOException {
        if (caller == null)
            return TerminalBuilder.builder().system(true).dumb(true).build();
        CallerTerminal terminal = caller.terminal();
        if (terminal == null) throw new IOException("the command has no terminal");
        return ServedTerminal.open(terminal, caller, environment.getOrDefault("TERM", "dumb"));
    }

    /** The REPLs that are open in the host which does this command; empty in a process of its own. */
    Optional<ReplRooms> rooms() {
        return Optional.ofNullable(host).map(Host::rooms);
    }

    /** Lets others join a REPL, where a host does this command. */
    void share(ReplRoom room) {
        if (host != null) host.share(room);
    }

    Ending ending() {
        return ending;
    }

    /** Whether a host does this command for its process. */
    boolean isServed() {
        return host != null;
    }

    /**
     * Whether what went wrong is left to the command's own process, which can still do it from the beginning; it says so in the
     * person's own words for their files.
     */
    boolean declines(Exception exception) {
        if (exception instanceof InterruptedException || !mayDecline.getAsBoolean()) return false;
        declined = true;
        return true;
    }

    boolean hasDeclined() {
        return declined;
    }

    /** The engine that a host has open; empty in a process of its own. */
    Optional<Understudy> open(RootCommand root) {
        return Optional.ofNullable(host).map(each -> each.open(root));
    }
}
