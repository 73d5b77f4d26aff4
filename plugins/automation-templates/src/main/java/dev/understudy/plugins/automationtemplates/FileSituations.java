package dev.understudy.plugins.automationtemplates;

import dev.understudy.plugins.automationtemplates.Rehearsal.Example;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a command on files meets in life: private files, programs, files of long ago, empty ones, names with a blank and a
 * letter beyond ASCII, links, links that lead nowhere.
 */
final class FileSituations {
    private static final String PRIVATE = "0600";
    private static final String PROGRAM = "0755";
    private static final String SHARED = "0664";
    private static final String LONG_AGO = "1970-01-02T03:04:05Z";
    private static final String BEFORE_ZIP = "1979-12-31T22:58:56Z";
    private static final String RECENT = "2023-07-08T09:10:12Z";
    private static final String NOWHERE = "nowhere at all";

    private FileSituations() {}

    static List<Example> of(String operation, Map<String, List<String>> values) {
        return switch (operation) {
            case "copy_file", "move_file" -> transfer(one(values, "source"), one(values, "destination"));
            case "copy_folder" -> copyFolder(one(values, "source"), one(values, "destination"));
            case "copy_into", "move_into" -> into(values);
            case "delete" -> delete(values);
            case "make_folders" -> List.of(new Example());
            case "pack_tar", "pack_zip" -> pack(all(values, "sources"));
            case "compress" -> compress(all(values, "sources"));
            case "decompress", "decompress_bzip2", "decompress_xz" ->
                decompress(Packed.of(operation), all(values, "sources"));
            case "unpack_tar" ->
                List.of(new Example()
                        .packed(one(values, "archive"), Packed.TAR)
                        .folder(Paths.trimSlashes(one(values, "folder"))));
            default -> throw new IllegalArgumentException("no situations for " + operation);
        };
    }

    private static List<Example> transfer(String source, String destination) {
        boolean folder = FileRehearsals.looksLikeFolder(destination, source);
        String target = folder ? Paths.in(destination, source) : destination;
        return List.of(
                in(folder, destination).file(source, "private\n", PRIVATE, LONG_AGO),
                in(folder, destination).file(source, "", PROGRAM, RECENT).file(target, "old\n", SHARED, LONG_AGO),
                in(folder, destination).link(source, NOWHERE));
    }

    private static Example in(boolean folder, String destination) {
        return folder ? new Example().folder(destination) : new Example();
    }

    private static List<Example> copyFolder(String source, String destination) {
        String folder = Paths.trimSlashes(source);
        return List.of(tree(new Example(), folder), tree(new Example().folder(destination), folder));
    }

    /** A folder with one of each. */
    private static Example tree(Example example, String folder) {
        return example.file(folder + "/private ä.txt", "private\n", PRIVATE, LONG_AGO)
                .file(folder + "/program", "#!/bin/sh\n", PROGRAM, RECENT)
                .file(folder + "/empty", "", SHARED, BEFORE_ZIP)
                .file(folder + "/below/.hidden", "hidden\n", SHARED, RECENT)
                .folder(folder + "/nothing")
                .link(folder + "/to program", "program")
                .link(folder + "/dangling", NOWHERE);
    }

    private static List<Example> into(Map<String, List<String>> values) {
        String folder = one(values, "folder");
        var plain = new Example().folder(folder);
        var linked = new Example().folder(folder);
        for (String source : all(values, "sources")) {
            each(plain, source);
            if (!Globs.hasWildcard(source)) each(linked, source);
            else linked.file(Globs.example(source, "one"), "one\n").link(Globs.example(source, "two"), NOWHERE);
        }
        return List.of(plain, linked);
    }

    /** What a name or a pattern of names stands for. */
    private static Example each(Example example, String source) {
        if (!Globs.hasWildcard(source)) return example.file(source, "private\n", PRIVATE, LONG_AGO);
        return example.file(Globs.example(source, "private ä"), "private\n", PRIVATE, LONG_AGO)
                .file(Globs.example(source, "program"), "#!/bin/sh\n", PROGRAM, RECENT)
                .file(Globs.example(source, "empty"), "", SHARED, BEFORE_ZIP);
    }

    private static List<Example> delete(Map<String, List<String>> values) {
        boolean recursive = one(values, "recursive").equals("true");
        var files = new Example();
        var links = new Example();
        var folders = new Example();
        for (String path : all(values, "paths")) {
            each(files, path);
            String link = Globs.hasWildcard(path) ? Globs.example(path, "link") : Paths.trimSlashes(path);
            // What a link leads to is not the command's to delete.
            String kept = Paths.trimSlashes(folderOf(path) + "/kept by understudy");
            links.file(kept + "/photo ä.jpg", "photo\n", PRIVATE, LONG_AGO).link(link, kept);
            tree(folders, Globs.hasWildcard(path) ? Globs.example(path, "folder") : Paths.trimSlashes(path));
        }
        return recursive ? List.of(files, links, folders) : List.of(files, links);
    }

    private static String folderOf(String path) {
        String trimmed = Paths.trimSlashes(path);
        int slash = trimmed.lastIndexOf('/');
        return slash < 0 ? "." : trimmed.substring(0, slash);
    }

    private static List<Example> pack(List<String> sources) {
        var files = new Example();
        var trees = new Example();
        boolean anyTree = false;
        for (String source : sources) {
            each(files, Paths.trimSlashes(source));
            if (Globs.hasWildcard(source)) continue;
            anyTree = true;
            tree(trees, Paths.trimSlashes(source));
        }
        return anyTree ? List.of(files, trees) : List.of(files);
    }

    private static List<Example> compress(List<String> sources) {
        var situations = new ArrayList<Example>();
        var files = new Example();
        var links = new Example();
        for (String source : sources) {
            each(files, source);
            links.link(Globs.hasWildcard(source) ? Globs.example(source, "link") : source, NOWHERE);
        }
        situations.add(files);
        situations.add(links);
        return situations;
    }

    private static List<Example> decompress(Packed form, List<String> sources) {
        var files = new Example();
        var broken = new Example();
        var there = new Example();
        for (String source : sources) {
            boolean wild = Globs.hasWildcard(source);
            String file = wild ? Globs.example(source, "private ä") : source;
            files.packed(file, form.base64, PRIVATE, LONG_AGO);
            if (wild) files.packed(Globs.example(source, "program"), form.base64, PROGRAM, RECENT);
            broken.file(file, "this is not packed\n");
            there.packed(file, form.base64).file(form.unpacked(file), "old\n", SHARED, LONG_AGO);
        }
        return List.of(files, broken, there);
    }

    private static List<String> all(Map<String, List<String>> values, String name) {
        return Objects.requireNonNull(values.get(name), name);
    }

    private static String one(Map<String, List<String>> values, String name) {
        return all(values, name).getFirst();
    }
}
