package dev.understudy.plugins.automationtemplates;

import dev.understudy.plugins.automationtemplates.Rehearsal.Example;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** What a rehearsal of each file operation needs and must change. */
final class FileRehearsals {
    private FileRehearsals() {}

    static Rehearsal of(String operation) {
        return Rehearsal.of(example(operation), values -> FileSituations.of(operation, values));
    }

    private static Function<Map<String, List<String>>, Example> example(String operation) {
        return switch (operation) {
            case "copy_file" -> FileRehearsals::copyFile;
            case "copy_folder" -> FileRehearsals::copyFolder;
            case "copy_into" -> FileRehearsals::copyInto;
            case "move_file" -> FileRehearsals::moveFile;
            case "move_into" -> FileRehearsals::moveInto;
            case "delete" -> FileRehearsals::delete;
            case "make_folders" -> FileRehearsals::makeFolders;
            case "pack_tar", "pack_zip" -> FileRehearsals::pack;
            case "compress" -> FileRehearsals::compress;
            case "decompress", "decompress_bzip2", "decompress_xz" ->
                values -> decompress(Packed.of(operation), values);
            case "unpack_tar" -> FileRehearsals::unpack;
            default -> throw new IllegalArgumentException("no rehearsal for " + operation);
        };
    }

    private static Example copyFile(Map<String, List<String>> values) {
        var example = new Example();
        String source = one(values, "source");
        String destination = one(values, "destination");
        example.file(source, text(source));
        if (!looksLikeFolder(destination, source))
            return example.written(destination, text(source)).made(destination, List.of(source));
        String copy = Paths.in(destination, source);
        return example.folder(destination).written(copy, text(source)).made(copy, List.of(source));
    }

    private static Example copyFolder(Map<String, List<String>> values) {
        String source = one(values, "source");
        String file = Paths.extension(source).isEmpty() ? Paths.trimSlashes(source) + "/example.txt" : source;
        return new Example().file(file, text(file));
    }

    private static boolean hasWildcard(Map<String, List<String>> values, String name) {
        return Objects.requireNonNull(values.get(name), name).stream().anyMatch(Globs::hasWildcard);
    }

    private static Example copyInto(Map<String, List<String>> values) {
        var example = new Example();
        String folder = one(values, "folder");
        example.folder(folder);
        for (String source : sources(values, "sources")) {
            example.file(source, text(source));
            example.written(Paths.in(folder, source), text(source));
        }
        return hasWildcard(values, "sources") ? example.withoutChanges() : example;
    }

    private static Example moveFile(Map<String, List<String>> values) {
        return copyFile(values).deleted(one(values, "source"));
    }

    private static Example moveInto(Map<String, List<String>> values) {
        Example example = copyInto(values);
        if (!hasWildcard(values, "sources")) sources(values, "sources").forEach(example::deleted);
        return example;
    }

    private static Example delete(Map<String, List<String>> values) {
        var example = new Example();
        for (String path : sources(values, "paths"))
            example.file(path, text(path)).deleted(path);
        return hasWildcard(values, "paths") ? example.withoutChanges() : example;
    }

    private static Example makeFolders(Map<String, List<String>> values) {
        // A folder that the person made is likely still there, and then nothing changes.
        return new Example().parameter("ignore_existing", true);
    }

    private static Example pack(Map<String, List<String>> values) {
        var example = new Example();
        for (String source : sources(values, "sources")) {
            boolean folder = Paths.extension(source).isEmpty();
            String file = folder ? Paths.trimSlashes(source) + "/example.txt" : source;
            example.file(file, text(file));
        }
        example.rewritten(one(values, "archive"), "");
        return hasWildcard(values, "sources")
                ? example
                : example.made(one(values, "archive"), sources(values, "sources"));
    }

    private static Example compress(Map<String, List<String>> values) {
        var example = new Example();
        boolean keep = one(values, "keep").equals("true");
        for (String source : sources(values, "sources")) {
            example.file(source, text(source)).rewritten(source + ".gz", "");
            if (!keep) example.deleted(source);
        }
        // What the person compressed is there, and a rehearsal of the same must be free to write it again.
        example.parameter("overwrite", true);
        return hasWildcard(values, "sources") ? example.withoutChanges() : example;
    }

    private static Example decompress(Packed form, Map<String, List<String>> values) {
        var example = new Example();
        boolean keep = one(values, "keep").equals("true");
        for (String source : sources(values, "sources")) {
            example.packed(source, form.base64).written(form.unpacked(source), Packed.TEXT);
            if (!keep) example.deleted(source);
        }
        example.parameter("overwrite", true);
        return hasWildcard(values, "sources") ? example.withoutChanges() : example;
    }

    private static Example unpack(Map<String, List<String>> values) {
        String folder = Paths.trimSlashes(one(values, "folder"));
        return new Example()
                .packed(one(values, "archive"), Packed.TAR)
                .folder(folder)
                .written(folder + "/" + Packed.IN_TAR, Packed.TEXT);
    }

    /** The sources, with a file that it matches in place of each pattern. */
    private static List<String> sources(Map<String, List<String>> values, String name) {
        return Objects.requireNonNull(values.get(name), name).stream()
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
