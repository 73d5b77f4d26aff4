package dev.understudy.app;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Starts the command line. */
public final class Main {
    // Kept, since the log manager forgets a logger that nobody holds.
    private static final Logger OWN = Logger.getLogger("dev.understudy");
    private static final Logger FLYWAY = Logger.getLogger("org.flywaydb");

    private Main() {}

    /** Libraries tell of their every step; a person wants to hear of what is wrong only. */
    public static void quietLibraries() {
        if (System.getProperty("java.util.logging.SimpleFormatter.format") == null)
            System.setProperty("java.util.logging.SimpleFormatter.format", "understudy: %5$s%n");
        Logger.getLogger("").setLevel(Level.SEVERE);
        OWN.setLevel(Level.WARNING);
        // Flyway logs an error and throws it, too: the person hears of it once.
        FLYWAY.setLevel(Level.OFF);
    }

    public static void main(String[] arguments) {
        var console = Console.ofProcess();
        // Asked for by scripts and prompts, so it must not wait for the command line to be put together.
        if (List.of(arguments).equals(List.of("--version"))) {
            console.out().println("understudy " + Version.text());
            return;
        }
        quietLibraries();
        System.exit(CommandLineInterface.run(console, arguments));
    }
}
