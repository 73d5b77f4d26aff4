package dev.understudy.core;

import dev.understudy.core.config.DataHome;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Where things are on this machine.
 *
 * @param dataHome in which everything is kept; created if absent
 * @param builtInPlugins the distribution's plugins folder; may be absent
 * @param templateDirectories folders with automation templates as data, the built-in one first
 * @param userHome what {@code ~} stands for
 */
public record Places(Path dataHome, Path builtInPlugins, List<Path> templateDirectories, Path userHome) {
    public Places {
        templateDirectories = List.copyOf(templateDirectories);
    }

    /**
     * The usual places of a person, with a distribution.
     *
     * @param distribution the folder that holds {@code plugins} and {@code templates}
     */
    public static Places of(Path distribution, Map<String, String> environment, Path userHome) {
        Path dataHome = DataHome.defaultRoot(environment, userHome);
        return new Places(
                dataHome,
                distribution.resolve("plugins"),
                List.of(distribution.resolve("templates"), dataHome.resolve("templates")),
                userHome);
    }
}
