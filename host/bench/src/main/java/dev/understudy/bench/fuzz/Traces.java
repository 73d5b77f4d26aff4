package dev.understudy.bench.fuzz;

import dev.understudy.core.config.Config;
import dev.understudy.core.performance.PerformanceHistory;
import dev.understudy.core.performance.PerformanceImport;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.store.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file of traces, in OTLP's protobuf or JSON, or of Understudy's own metrics and executions. */
public final class Traces {
    private static final Path FOLDER = Scratch.folder("traces");
    private static final Path FILE = FOLDER.resolve("traces");
    private static final PerformanceHistory HISTORY =
            PerformanceHistory.of(Config.DEFAULT, Database.open(FOLDER.resolve("store.db")));

    private Traces() {}

    /** Imports it into a store. */
    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        Files.write(FILE, input);
        try {
            PerformanceImport.file(HISTORY, FILE);
        } catch (UserException refused) {
            Refusals.check(refused);
        }
    }
}
