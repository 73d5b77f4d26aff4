package dev.understudy.core;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * Keeps the libraries inside from printing in a program that has not asked for it. What goes wrong in them is told by
 * Understudy itself; a level that the program has set stays.
 */
final class QuietLibraries {
    // Kept, since the log manager forgets a logger that nobody holds.
    private static final List<Logger> LOGGERS =
            Stream.of("org.pf4j", "org.flywaydb").map(Logger::getLogger).toList();

    /** SLF4J's own: it prints three lines where a program has no logging at all, unless told not to before its first use. */
    private static final String SLF4J_VERBOSITY = "slf4j.internal.verbosity";

    private QuietLibraries() {}

    static void quiet() {
        if (System.getProperty(SLF4J_VERBOSITY) == null) System.setProperty(SLF4J_VERBOSITY, "ERROR");
        for (Logger logger : LOGGERS) if (logger.getLevel() == null) logger.setLevel(Level.OFF);
    }
}
