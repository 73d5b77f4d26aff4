package dev.understudy.bench.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.understudy.core.automation.AutomationFile;
import dev.understudy.core.config.Config;
import dev.understudy.core.problem.UserException;
import dev.understudy.spi.ScriptLanguage;

/** A script with its metadata, as a stranger hands it on; the first byte chooses the language. */
public final class Metadata {
    private Metadata() {}

    /** Reads it. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) return;
        ScriptLanguage[] languages = ScriptLanguage.values();
        String name = "script." + languages[(input[0] & 0xff) % languages.length].fileExtension();
        try {
            AutomationFile.parse(name, new String(input, 1, input.length - 1, UTF_8), Config.DEFAULT.sandbox());
        } catch (UserException refused) {
            Refusals.check(refused);
        }
    }
}
