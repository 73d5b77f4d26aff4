package dev.understudy.core.optimization;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Kernel parameters that an administrator has written down, as sysctl.d(5) reads them: what stands there was meant. What a
 * distribution ships below {@code /usr/lib} does not count.
 */
final class AdministratorSettings {
    private static final List<Path> FOLDERS = List.of(Path.of("/etc/sysctl.d"), Path.of("/run/sysctl.d"));
    private static final Path FILE = Path.of("/etc/sysctl.conf");

    private AdministratorSettings() {}

    /** The file that sets each parameter, by its name with dots; what cannot be read counts as not there. */
    static Map<String, Path> here() {
        var files = new ArrayList<Path>();
        for (Path folder : FOLDERS) files.addAll(filesOf(folder));
        files.add(FILE);
        return of(files);
    }

    static Map<String, Path> of(List<Path> files) {
        var settings = new HashMap<String, Path>();
        for (Path file : files) for (String name : names(file)) settings.put(name, file);
        return settings;
    }

    private static List<Path> filesOf(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(each -> each.toString().endsWith(".conf"))
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException _) {
            return List.of();
        }
    }

    private static List<String> names(Path file) {
        String text;
        try {
            text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException _) {
            return List.of();
        }
        var names = new ArrayList<String>();
        text.lines().forEach(line -> {
            String setting = line.strip();
            int equals = setting.indexOf('=');
            if (setting.startsWith("#") || setting.startsWith(";") || equals < 1) return;
            // A minus says that a failure is to be passed over; slashes may stand for dots.
            String name =
                    setting.substring(setting.startsWith("-") ? 1 : 0, equals).strip();
            names.add(name.replace('/', '.'));
        });
        return names;
    }
}
