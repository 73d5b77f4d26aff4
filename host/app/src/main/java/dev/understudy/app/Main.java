package dev.understudy.app;

import dev.understudy.sandbox.control.time.MachineZone;
import java.util.List;
import java.util.Optional;
import java.util.TimeZone;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Starts the command line. */
public final class Main {
    // Kept, since the log manager forgets a logger that nobody holds.
    private static final Logger OWN = Logger.getLogger("dev.understudy");

    private Main() {}

    /** Libraries tell of their every step; a person wants to hear of what is wrong only. */
    public static void quietLibraries() {
        if (System.getProperty("java.util.logging.SimpleFormatter.format") == null)
            System.setProperty("java.util.logging.SimpleFormatter.format", "understudy: %5$s%n");
        Logger.getLogger("").setLevel(Level.SEVERE);
        OWN.setLevel(Level.WARNING);
    }

    public static void main(String[] arguments) {
        var console = Console.ofProcess();
        // What a plugin or a library prints would stand in the middle of a result that a program reads.
        System.setOut(System.err);
        // Asked for by scripts and prompts, so it must not wait for the command line to be put together.
        if (List.of(arguments).equals(List.of("--version"))) {
            console.out().println("understudy " + Version.text());
            return;
        }
        Optional<String> unreadable = Arguments.unreadable(arguments);
        if (unreadable.isPresent()) {
            console.err().println("understudy: " + unreadable.get());
            System.exit(ExitCode.BAD_INPUT);
        }
        quietLibraries();
        TimeZone.setDefault(TimeZone.getTimeZone(MachineZone.in(System.getenv()).id()));
        int code = CommandLineInterface.run(console, arguments);
        Invocation.current().ending().done();
        System.exit(code);
    }
}
