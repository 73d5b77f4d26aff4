package dev.understudy.app;

import dev.understudy.core.Understudy;
import dev.understudy.core.problem.UserException;
import dev.understudy.sandbox.control.Grants;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jline.terminal.Terminal;

/** The REPL on an engine that is open; {@link Repl#on} makes one for a program that embeds Understudy. */
public final class ReplOnEngine {
    private final Understudy understudy;
    private final String commandPrefix;
    private final Supplier<ReplRoom> room;

    /**
     * @param commandPrefix how the person types a command on the same data
     * @param room where to sit down; closed when the person ends
     */
    ReplOnEngine(Understudy understudy, String commandPrefix, Supplier<ReplRoom> room) {
        this.understudy = understudy;
        this.commandPrefix = commandPrefix;
        this.room = room;
    }

    /** With what the configuration allows, in JavaScript, and nothing granted. */
    ReplOnEngine(Understudy understudy) {
        this(
                understudy,
                "understudy --home " + understudy.home().root(),
                () -> new ReplRoom(
                        understudy,
                        new ReplTerms(
                                understudy.config().sandbox().isolationLevel(),
                                understudy.config().sandbox().limits(),
                                new Grants(List.of(), List.of(), List.of(), List.of()),
                                Path.of("").toAbsolutePath()),
                        ReplLanguage.JAVASCRIPT));
    }

    /**
     * Runs on a terminal until the person ends it (Ctrl-D, {@code %exit}, or the end of its input). Prints to that terminal only.
     * The caller closes terminal and engine.
     *
     * @return 0
     * @throws UserException if the sandbox is switched off
     * @throws IOException if the terminal fails
     */
    public int run(Terminal terminal) throws IOException, InterruptedException {
        var out = new PrintStream(terminal.output(), true, terminal.encoding());
        var environment = new HashMap<>(System.getenv());
        environment.put("TERM", terminal.getType());
        environment.put("COLUMNS", Integer.toString(terminal.getColumns()));
        return run(new Console(out, out, true, environment), terminal);
    }

    /** Where the command was typed: on its terminal, or from what is piped in. */
    int run(Console console, Invocation invocation) throws IOException, InterruptedException {
        if (!console.isTerminal()) return runFromPipe(console, invocation.input());
        try (Terminal terminal = invocation.terminal()) {
            return run(console, terminal);
        }
    }

    private int run(Console console, Terminal terminal) throws IOException, InterruptedException {
        return with(console, terminal::getColumns, (repl, sessions) -> {
            console.out()
                    .println(Style.DIM.of(
                            console,
                            "Understudy " + Version.text() + ", "
                                    + sessions.language().id()
                                    + (sessions.isTrusted()
                                            ? " in the host's own process, with all rights of this user."
                                            : " in a sandbox.")
                                    + " %help lists the words, Ctrl-D ends."));
            return repl.run(
                    terminal,
                    new Repl.Comfort(
                            new ReplCompleter(sessions, understudy),
                            new ReplHighlighter(sessions::language),
                            understudy.home().folder("repl").resolve("history")));
        });
    }

    private int runFromPipe(Console console, InputStream input) throws IOException, InterruptedException {
        return with(console, () -> 0, (repl, _) -> repl.runFromPipe(input));
    }

    private interface Run {
        int of(Repl repl, ReplSessions sessions) throws IOException, InterruptedException;
    }

    private int with(Console console, IntSupplier width, Run run) throws IOException, InterruptedException {
        if (!understudy.config().sandbox().enabled())
            throw UserException.notAllowed(
                    "Nothing runs",
                    "the sandbox is switched off (sandbox.enabled: false)",
                    "Switch it on to run scripts");
        try (ReplRoom entered = room.get()) {
            ReplSessions sessions = entered.sessions();
            sessions.warmUp();
            var printer = new ReplPrinter(console, width);
            var repl = new Repl(console, new ReplWords(console, commandPrefix, understudy, sessions, printer));
            int exitCode = run.of(repl, sessions);
            int lost = entered.guests() > 1 ? 0 : sessions.changes().size();
            if (lost > 0)
                console.err()
                        .println("understudy: " + lost + (lost == 1 ? " change was" : " changes were")
                                + " not committed, and thrown away.");
            return exitCode;
        }
    }
}
