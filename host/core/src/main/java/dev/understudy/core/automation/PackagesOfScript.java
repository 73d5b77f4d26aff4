package dev.understudy.core.automation;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a script imports that is none of its language's own.
 *
 * @param dependencies as its head names them
 * @param locked the SHA-256 of the lock that its head names; empty if it names none
 * @param folder where its runs find them; null as long as nobody has looked, and if it has none
 */
public record PackagesOfScript(
        List<String> dependencies, String locked, @Nullable Path folder) {
    static final PackagesOfScript NONE = new PackagesOfScript(List.of(), "", null);

    public PackagesOfScript {
        dependencies = List.copyOf(dependencies);
    }

    PackagesOfScript in(Path where) {
        return new PackagesOfScript(dependencies, locked, where);
    }
}
