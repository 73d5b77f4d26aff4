package dev.understudy.sandbox.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A locale in which the names of files are UTF-8. Java, Bash and others go by the locale's variables, and glibc by files
 * that a jail must show: without them it falls back to ASCII without a word, and Java then reaches no file whose name
 * holds more.
 *
 * @param variables to be set
 * @param files that glibc reads for it; empty where it needs none (musl)
 */
public record Utf8Locale(Map<String, String> variables, List<Path> files) {
    /** What to do where the system has none. */
    public static final String MEND =
            "Install one: the package locales-all (Debian), glibc-langpack-en (Fedora) or glibc-locale (openSUSE)";

    private static final Path LOCALES = Path.of("/usr/lib/locale");
    private static final String PLAIN = "C.UTF-8";

    public Utf8Locale {
        variables = Map.copyOf(variables);
        files = List.copyOf(files);
    }

    /**
     * The plain one, which sorts by code and belongs to no country, where the system has it; else the host's own for
     * characters alone.
     *
     * @param environment the host's
     */
    public static Utf8Locale in(Map<String, String> environment) {
        return in(environment, LOCALES);
    }

    static Utf8Locale in(Map<String, String> environment, Path locales) {
        for (String folder : List.of("C.utf8", PLAIN)) {
            Path files = locales.resolve(folder);
            if (Files.exists(files.resolve("LC_CTYPE"))) return new Utf8Locale(Map.of("LANG", PLAIN), List.of(files));
        }
        Path archive = locales.resolve("locale-archive");
        return Stream.of("LC_ALL", "LC_CTYPE", "LANG")
                .map(name -> environment.getOrDefault(name, ""))
                .filter(value -> !value.isEmpty())
                .findFirst()
                .filter(Utf8Locale::isUtf8)
                .map(name -> new Utf8Locale(
                        name.startsWith("C.") ? Map.of("LANG", name) : Map.of("LANG", "C", "LC_CTYPE", name),
                        Stream.concat(Stream.of(archive).filter(Files::exists), folderOf(name, locales).stream())
                                .toList()))
                .orElse(new Utf8Locale(Map.of("LANG", PLAIN), List.of()));
    }

    /** Whether this process itself takes names for UTF-8. */
    public static boolean isOfThisProcess() {
        return isUtf8("." + System.getProperty("sun.jnu.encoding", ""));
    }

    private static boolean isUtf8(String locale) {
        return locale.toLowerCase(Locale.ROOT).matches(".*\\.utf-?8(@.*)?");
    }

    /** glibc writes the charset in the folder's name in its own way, so that names are compared without it. */
    private static Optional<Path> folderOf(String name, Path locales) {
        String wanted = withoutMarks(name);
        try (Stream<Path> folders = Files.list(locales)) {
            return folders.filter(folder ->
                            withoutMarks(String.valueOf(folder.getFileName())).equals(wanted))
                    .findFirst();
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private static String withoutMarks(String name) {
        return name.toLowerCase(Locale.ROOT).replace("-", "");
    }
}
