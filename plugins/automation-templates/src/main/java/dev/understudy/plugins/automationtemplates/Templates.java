package dev.understudy.plugins.automationtemplates;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The templates in the host's template folders. A folder that holds a broken one is reported and left out. */
final class Templates {
    private static final System.Logger LOG = System.getLogger(Templates.class.getName());

    private final Map<String, Manifest> byName;

    private Templates(Map<String, Manifest> byName) {
        this.byName = byName;
    }

    /** Reads every folder below the given ones; of two templates with one name the later is left out. */
    static Templates read(List<Path> directories) {
        var byName = new LinkedHashMap<String, Manifest>();
        for (Path directory : directories) {
            for (Path folder : folders(directory)) {
                try {
                    Manifest manifest = ManifestReader.read(folder);
                    if (byName.putIfAbsent(manifest.name(), manifest) != null)
                        throw new TemplateException(
                                folder.resolve(ManifestReader.FILE_NAME),
                                1,
                                "name",
                                "is '" + manifest.name() + "', which another template already has");
                } catch (TemplateException e) {
                    LOG.log(System.Logger.Level.WARNING, "Template left out: " + e.getMessage());
                }
            }
        }
        return new Templates(byName);
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

    String description(String name, String otherwise) {
        Manifest manifest = byName.get(name);
        return manifest == null ? otherwise : manifest.description();
    }

    Manifest require(String name) throws NotAutomatable {
        Manifest manifest = byName.get(name);
        if (manifest == null)
            throw new NotAutomatable(
                    "the folder of template " + name + " is missing or broken", NotAutomatable.ANOTHER_FIELD);
        return manifest;
    }

    /** All templates but those with these names. */
    List<Manifest> except(String... names) {
        return byName.values().stream()
                .filter(manifest -> !List.of(names).contains(manifest.name()))
                .toList();
    }
}
