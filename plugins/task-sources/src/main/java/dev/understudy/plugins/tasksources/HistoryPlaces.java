package dev.understudy.plugins.tasksources;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Where programs keep a person's files: in the folders of the XDG Base Directory Specification 0.8, those that the
 * variables name and the usual ones, since a variable may hold for the shell and not for this process.
 */
record HistoryPlaces(Path home, Map<String, String> environment) {

    Stream<Path> data() {
        return both("XDG_DATA_HOME", ".local/share");
    }

    Stream<Path> state() {
        return both("XDG_STATE_HOME", ".local/state");
    }

    Stream<Path> config() {
        return both("XDG_CONFIG_HOME", ".config");
    }

    Stream<Path> cache() {
        return both("XDG_CACHE_HOME", ".cache");
    }

    private Stream<Path> both(String variable, String usual) {
        return Stream.concat(named(variable), Stream.of(home.resolve(usual)));
    }

    /** The absolute folder that a variable names, if it does. */
    Stream<Path> named(String variable) {
        String name = environment.getOrDefault(variable, "");
        try {
            return name.startsWith("/") ? Stream.of(Path.of(name)) : Stream.of();
        } catch (InvalidPathException unwritable) {
            return Stream.of();
        }
    }

    /** Those that are files, each once. */
    static List<Path> existing(Stream<Path> candidates) {
        return candidates.filter(Files::isRegularFile).distinct().toList();
    }
}
