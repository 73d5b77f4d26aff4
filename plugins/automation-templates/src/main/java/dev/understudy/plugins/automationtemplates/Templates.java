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
import org.jspecify.annotations.Nullable;

/**
 * The templates in the host's template folders, read when they are first asked for: most commands need none. A folder that
 * holds a broken one is reported and left out. Safe for use by several threads.
 */
final class Templates {
    private static final System.Logger LOG = System.getLogger(Templates.class.getName());

    /** Names for which an extension of its own stands. */
    static final Set<String> BUILT_IN = Set.of("file_operation", "data_processing", "api_call", "workflow_sequence");

    private final List<Path> directories;
    private final Predicate<String> wanted;
    private @Nullable Contents contents;
    private boolean reported;

    private record Read(Manifest manifest, Path folder) {}

    private record Contents(Map<String, Read> byName, List<Entry> broken) {}

    private Templates(List<Path> directories, Predicate<String> wanted) {
        this.directories = directories;
        this.wanted = wanted;
    }

    /** Those of every folder below the given ones; of two templates with one name the later is left out. */
    static Templates all(List<Path> directories) {
        return new Templates(directories, _ -> true);
    }

    /** The one in the folder of a name. */
    static Templates only(String name, List<Path> directories) {
        return new Templates(directories, name::equals);
    }

    private synchronized Contents contents() {
        if (contents == null) contents = read();
        return contents;
    }

    private Contents read() {
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
        return new Contents(byName, broken);
    }

    private List<Path> folders(Path directory) {
        var folders = new ArrayList<Path>();
        if (!Files.isDirectory(directory)) return folders;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries)
                if (wanted.test(String.valueOf(entry.getFileName()))
                        && Files.isRegularFile(entry.resolve(ManifestReader.FILE_NAME))) folders.add(entry);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "Templates in " + directory + " left out: " + e);
        }
        folders.sort(null);
        return folders;
    }

    /** Says once of each broken template that it is left out, and why. */
    synchronized void report() {
        if (reported) return;
        reported = true;
        for (Entry entry : contents().broken())
            entry.problems()
                    .forEach(problem -> LOG.log(
                            System.Logger.Level.WARNING,
                            "Template left out: " + problem.file() + ":" + problem.line() + ": "
                                    + (problem.key().isEmpty() ? "" : "'" + problem.key() + "' ") + problem.what()));
    }

    String description(String name, String otherwise) {
        Read read = contents().byName().get(name);
        return read == null ? otherwise : read.manifest().description();
    }

    Manifest require(String name) throws NotAutomatable {
        Read read = contents().byName().get(name);
        if (read == null)
            throw new NotAutomatable(
                    "the folder of template " + name + " is missing or broken", NotAutomatable.ANOTHER_FIELD);
        return read.manifest();
    }

    /** All templates but the built-in ones. */
    List<Manifest> own() {
        return contents().byName().values().stream()
                .map(Read::manifest)
                .filter(manifest -> !BUILT_IN.contains(manifest.name()))
                .toList();
    }

    /** The templates of some names, for listings; a broken one goes by its folder's name. */
    List<Entry> entries(Predicate<String> names) {
        var entries = new ArrayList<Entry>();
        contents().byName().forEach((name, read) -> {
            if (names.test(name)) entries.add(Examples.entry(read.manifest(), read.folder()));
        });
        for (Entry entry : contents().broken()) if (names.test(entry.name())) entries.add(entry);
        return entries;
    }
}
