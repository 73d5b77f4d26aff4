package dev.understudy.plugins.automationtemplates;

import dev.understudy.plugins.automationtemplates.Rehearsal.Example;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What a rehearsal of each file operation needs and must change. */
final class FileRehearsals {
    private FileRehearsals() {}

    static Rehearsal of(String operation) {
        return switch (operation) {
            case "copy_file", "copy_folder" -> FileRehearsals::copyFile;
            case "copy_into" -> FileRehearsals::copyInto;
            default -> throw new IllegalArgumentException("no rehearsal for " + operation);
        };
    }

    private static Example copyFile(Map<String, List<String>> values) {
        var example = new Example();
        String source = one(values, "source");
        String destination = one(values, "destination");
        example.file(source, text(source));
        if (!looksLikeFolder(destination, source)) return example.written(destination, text(source));
        return example.folder(destination).written(Paths.in(destination, source), text(source));
    }

    private static Example copyInto(Map<String, List<String>> values) {
        var example = new Example();
        String folder = one(values, "folder");
        if (one(values, "create_folder").equals("false")) example.folder(folder);
        for (String source : sources(values)) {
            example.file(source, text(source));
            example.written(Paths.in(folder, source), text(source));
        }
        return example;
    }

    /** The sources, with a file that it matches in place of each pattern. */
    private static List<String> sources(Map<String, List<String>> values) {
        return Objects.requireNonNull(values.get("sources"), "sources").stream()
                .map(source -> Globs.hasWildcard(source) ? Globs.example(source, "example") : source)
                .distinct()
                .toList();
    }

    /** Whether a destination is more likely a folder than a file: it has no ending where the source has one. */
    static boolean looksLikeFolder(String destination, String source) {
        if (destination.endsWith("/")) return true;
        String name = Paths.name(destination);
        if (name.equals("~") || name.equals(".") || name.equals("..")) return true;
        return Paths.extension(destination).isEmpty()
                && !Paths.extension(source).isEmpty();
    }

    private static String one(Map<String, List<String>> values, String name) {
        return Objects.requireNonNull(values.get(name), name).getFirst();
    }

    /** The contents of a file that a rehearsal pretends. */
    static String text(String path) {
        return "Rehearsal stand-in for " + Paths.name(path) + "\n";
    }
}
