package dev.understudy.spi;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a host tells an extension. An extension class that wants it has one public constructor with this type as its only
 * parameter; otherwise the constructor without parameters is used.
 *
 * @param templateDirectories folders with automation templates as data, the built-in one first
 * @param environment the variables that the person's own programs start with; empty if they are not known
 */
public record PluginContext(List<Path> templateDirectories, Map<String, String> environment) {
    public PluginContext {
        templateDirectories = List.copyOf(templateDirectories);
        environment = Map.copyOf(environment);
    }

    /** Of a person of whom nothing is known. */
    public PluginContext(List<Path> templateDirectories) {
        this(templateDirectories, Map.of());
    }
}
