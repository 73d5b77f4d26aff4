package dev.understudy.spi;

import java.nio.file.Path;
import java.util.List;

/**
 * What a host tells an extension. An extension class that wants it has one public constructor with this type as its only
 * parameter; otherwise the constructor without parameters is used.
 *
 * @param templateDirectories folders with automation templates as data, the built-in one first
 */
public record PluginContext(List<Path> templateDirectories) {
    public PluginContext {
        templateDirectories = List.copyOf(templateDirectories);
    }
}
