package dev.understudy.plugins.parametertargets;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What an administrator has set to hold after every start: by files of {@code sysctl.d(5)} in the folders that are the
 * administrator's, not the distribution's; by {@code sysctl.} on the kernel's command line; and for block devices by udev
 * rules.
 */
final class AdministratorSettings {
    private static final List<String> FOLDERS = List.of("etc/sysctl.d", "run/sysctl.d", "usr/local/lib/sysctl.d");
    private static final Pattern QUEUE_ATTRIBUTE = Pattern.compile("ATTR\\{queue/([a-z_]+)\\}\\s*=[^=]");

    /** Where each was set, by the sysctl's name with dots, where {@code *} stands for any part. */
    private final Map<String, String> places = new LinkedHashMap<>();

    private AdministratorSettings() {}

    static AdministratorSettings on(Path root) {
        var settings = new AdministratorSettings();
        for (Path file : files(root)) settings.read(root, file);
        settings.readCommandLine(root.resolve("proc/cmdline"));
        for (Path file : list(root.resolve("etc/udev/rules.d"), ".rules")) settings.readRules(root, file);
        return settings;
    }

    private static List<Path> files(Path root) {
        var files = new ArrayList<Path>();
        for (String folder : FOLDERS) files.addAll(list(root.resolve(folder), ".conf"));
        files.add(root.resolve("etc/sysctl.conf"));
        return files;
    }

    private static List<Path> list(Path folder, String suffix) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().endsWith(suffix))
                    .sorted()
                    .toList();
        } catch (IOException _) {
            return List.of();
        }
    }

    /** Where the parameter was set, as a phrase; empty if nowhere. The parts of a row count as the row. */
    String place(KernelParameter parameter) {
        String name = parameter.name();
        String key = parameter.form() instanceof Form.Field ? name.substring(0, name.lastIndexOf('.')) : name;
        String exact = places.get(key);
        if (exact != null) return exact;
        return places.entrySet().stream()
                .filter(entry -> matches(entry.getKey(), key))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("");
    }

    private static boolean matches(String pattern, String name) {
        if (pattern.indexOf('*') < 0) return false;
        String[] parts = pattern.split("\\*", -1);
        var regex = new StringBuilder(Pattern.quote(parts[0]));
        for (int i = 1; i < parts.length; i++) regex.append("[^.]*").append(Pattern.quote(parts[i]));
        return name.matches(regex.toString());
    }

    private void read(Path root, Path file) {
        List<String> lines = lines(file);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            int equals = line.indexOf('=');
            if (equals < 1 || line.startsWith("#") || line.startsWith(";")) continue;
            String key = line.substring(line.startsWith("-") ? 1 : 0, equals).strip();
            places.putIfAbsent(dotted(key), "/" + root.relativize(file) + " line " + (i + 1));
        }
    }

    private void readCommandLine(Path file) {
        for (String line : lines(file))
            for (String word : line.split("\\s+")) {
                int equals = word.indexOf('=');
                if (word.startsWith("sysctl.") && equals > 0)
                    places.putIfAbsent(dotted(word.substring("sysctl.".length(), equals)), "the kernel's command line");
            }
    }

    private void readRules(Path root, Path file) {
        List<String> lines = lines(file);
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).strip().startsWith("#")) continue;
            var matcher = QUEUE_ATTRIBUTE.matcher(lines.get(i));
            // Which devices a rule is for, udev alone can say.
            while (matcher.find())
                places.putIfAbsent("block.*." + matcher.group(1), "/" + root.relativize(file) + " line " + (i + 1));
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException _) {
            return List.of();
        }
    }

    /** The first separator decides: behind a slash, dots are part of names, and slashes separate. */
    private static String dotted(String key) {
        int slash = key.indexOf('/');
        int dot = key.indexOf('.');
        if (slash < 0 || (dot >= 0 && dot < slash)) return key;
        return key.replace('/', '.');
    }
}
