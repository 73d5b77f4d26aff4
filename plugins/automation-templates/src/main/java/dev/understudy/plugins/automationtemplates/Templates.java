package dev.understudy.plugins.automationtemplates;

import dev.understudy.spi.AutomationTemplate.Entry;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** The templates in the host's template folders. A folder that holds a broken one is reported and left out. */
final class Templates {
    private static final System.Logger LOG = System.getLogger(Templates.class.getName());

    /** Names for which an extension of its own stands. */
    static final Set<String> BUILT_IN = Set.of("file_operation", "data_processing", "api_call", "workflow_sequence");

    private final Map<String, Read> byName;
    private final List<Entry> broken;

    private record Read(Manifest manifest, Path folder) {}

    private Templates(Map<String, Read> byName, List<Entry> broken) {
        this.byName = byName;
        this.broken = broken;
    }

    /** Reads every folder below the given ones; of two templates with one name the later is left out. */
    static Templates read(List<Path> directories) {
        var byName = new LinkedHashMap<String, Read>();
        var broken = new ArrayList<Entry>();
        for (Path directory : directories) {
            for (Path folder : folders(directory)) {
                try {
                    Manifest manifest = ManifestReader.read(folder);
                    if (byName.putIfAbsent(manifest.name(), new Read(manifest, folder)) != null)
                        throw new TemplateException(
                                folder.resolve(ManifestReader.FILE_NAME),
                                1,
                                "name",
                                "is '" + manifest.name() + "', which another template already has");
                } catch (TemplateException e) {
                    broken.add(new Entry(
                            String.valueOf(folder.getFileName()),
                            "",
                            Optional.of(folder),
                            List.of(),
                            List.of(e.problem())));
                }
            }
        }
        return new Templates(byName, broken);
    }

    private static List<Path> folders(Path directory) {
        var folders = new ArrayList<Path>();
        if (!Files.isDirectory(directory)) return folders;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries)
                if (Files.isRegularFile(entry.resolve(ManifestReader.FILE_NAME))) folders.add(entry);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "Templates in " + directory + " left out: " + e);
        }
        folders.sort(null);
        return folders;
    }

    /** Says of each broken template that it is left out, and why. */
    Templates report() {
        for (Entry entry : broken)
            entry.problems()
                    .forEach(problem -> LOG.log(
                            System.Logger.Level.WARNING,
                            "Template left out: " + problem.file() + ":" + problem.line() + ": "
                                    + (problem.key().isEmpty() ? "" : "'" + problem.key() + "' ") + problem.what()));
        return this;
    }

    String description(String name, String otherwise) {
        Read read = byName.get(name);
        return read == null ? otherwise : read.manifest().description();
    }

    Manifest require(String name) throws NotAutomatable {
        Read read = byName.get(name);
        if (read == null)
            throw new NotAutomatable(
                    "the folder of template " + name + " is missing or broken", NotAutomatable.ANOTHER_FIELD);
        return read.manifest();
    }

    /** All templates but the built-in ones. */
    List<Manifest> own() {
        return byName.values().stream()
                .map(Read::manifest)
                .filter(manifest -> !BUILT_IN.contains(manifest.name()))
                .toList();
    }

    /** The templates of some names, for listings; a broken one goes by its folder's name. */
    List<Entry> entries(Predicate<String> names) {
        var entries = new ArrayList<Entry>();
        byName.forEach((name, read) -> {
            if (names.test(name)) entries.add(Examples.entry(read.manifest(), read.folder()));
        });
        for (Entry entry : broken) if (names.test(entry.name())) entries.add(entry);
        return entries;
    }
}
