package dev.understudy.bench.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.understudy.core.config.Config;
import dev.understudy.core.problem.UserException;

/** A person's {@code config.yaml}. */
public final class Configuration {
    private Configuration() {}

    /** Reads it. */
    public static void fuzzerTestOneInput(byte[] input) {
        try {
            Config.parse("config.yaml", new String(input, UTF_8));
        } catch (UserException refused) {
            Refusals.check(refused);
        }
    }
}
