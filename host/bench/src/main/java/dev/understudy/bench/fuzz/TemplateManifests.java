package dev.understudy.bench.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.understudy.plugins.automationtemplates.OwnTemplates;
import dev.understudy.spi.AutomationTemplate.Entry;
import dev.understudy.spi.PluginContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The manifest of a template that a person has been given. */
public final class TemplateManifests {
    private static final Path FOLDER = Scratch.folder("templates");
    private static final Path TEMPLATE = FOLDER.resolve("own");

    private TemplateManifests() {}

    /** Reads it as the host does; what is broken is an entry that says so. */
    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        Files.createDirectories(TEMPLATE);
        Files.write(TEMPLATE.resolve("template.toml"), input);
        Files.writeString(TEMPLATE.resolve("do.py"), "def execute(params):\n    return {}\n", UTF_8);
        for (Entry entry : new OwnTemplates(new PluginContext(List.of(FOLDER))).entries())
            if (entry.name().isBlank()) throw new AssertionError("a template without a name");
    }
}
