package dev.understudy.plugins.detectors;

import dev.understudy.spi.DayExpression;
import dev.understudy.spi.TaskPattern.VariableKind;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Finds names for variables that a person would have given them. */
final class Names {
    /** What the words of well-known programs are, by position; the last name serves for all that follow. */
    private static final Map<String, List<String>> POSITIONS = Map.ofEntries(
            Map.entry("cp", List.of("source", "destination")),
            Map.entry("mv", List.of("source", "destination")),
            Map.entry("ln", List.of("target", "link")),
            Map.entry("scp", List.of("source", "destination")),
            Map.entry("rsync", List.of("source", "destination")),
            Map.entry("cd", List.of("folder")),
            Map.entry("pushd", List.of("folder")),
            Map.entry("mkdir", List.of("folder")),
            Map.entry("rmdir", List.of("folder")),
            Map.entry("ls", List.of("path")),
            Map.entry("git checkout", List.of("branch")),
            Map.entry("git switch", List.of("branch")),
            Map.entry("git merge", List.of("branch")),
            Map.entry("git push", List.of("remote", "branch")),
            Map.entry("git pull", List.of("remote", "branch")),
            Map.entry("git clone", List.of("url", "folder")),
            Map.entry("ssh", List.of("host", "remote_command")),
            Map.entry("ping", List.of("host")),
            Map.entry("telnet", List.of("host", "port")),
            Map.entry("ftp", List.of("host")),
            Map.entry("rlogin", List.of("host")),
            Map.entry("rsh", List.of("host", "remote_command")),
            Map.entry("finger", List.of("user")),
            Map.entry("talk", List.of("user")),
            Map.entry("su", List.of("user")),
            Map.entry("mail", List.of("recipient")),
            Map.entry("kill", List.of("pid")),
            Map.entry("man", List.of("topic")),
            Map.entry("grep", List.of("text", "file")),
            Map.entry("find", List.of("folder")),
            Map.entry("chmod", List.of("mode", "file")),
            Map.entry("chown", List.of("owner", "file")),
            Map.entry("tar", List.of("archive", "file")),
            Map.entry("zip", List.of("archive", "file")),
            Map.entry("make", List.of("target")),
            Map.entry("curl", List.of("url")),
            Map.entry("wget", List.of("url")));

    private static final Set<String> OF_FILES = Set.of(
            "vi", "vim", "emacs", "nano", "cat", "less", "more", "head", "tail", "rm", "touch", "lpr", "gcc", "cc",
            "g++", "python", "python3", "node", "bash", "sh", "open", "unzip", "gzip", "gunzip", "sort", "wc", "pico",
            "source");

    private static final Map<String, String> OPTIONS = Map.of(
            "m", "message", "o", "output", "n", "count", "p", "port", "u", "user", "f", "file", "d", "folder", "t",
            "tag");

    private Names() {}

    static String ofKind(VariableKind kind) {
        return switch (kind) {
            case PATH -> "path";
            case GLOB -> "files";
            case NUMBER -> "number";
            case DATE -> "date";
            case URL -> "url";
            case HOST -> "host";
            case IDENTIFIER -> "name";
            case TEXT -> "text";
            case LIST -> "items";
        };
    }

    /** The name of what is the day: {@code yesterday}, {@code month}, {@code day_minus_2}. */
    static String ofDay(DayExpression day) {
        return identifier(day.day().replace("today-", "day_minus_").replace("today+", "day_plus_"));
    }

    /**
     * The name of a whole argument, or an empty text.
     *
     * @param position among the arguments that are no options
     * @param before the word before it if that is always the same, else an empty text
     */
    static String ofArgument(String program, int position, String before) {
        if (before.endsWith(">") || before.endsWith(">>")) return "output";
        if (before.equals("<")) return "input";
        List<String> names = POSITIONS.get(program);
        if (names != null) return names.get(Math.min(position, names.size() - 1));
        String afterOption = before.length() > 1 && before.startsWith("-") ? ofOption(before) : "";
        if (!afterOption.isEmpty()) return afterOption;
        return OF_FILES.contains(program) ? "file" : "";
    }

    /** The name of a run of words, or an empty text. */
    static String ofList(String program, int position) {
        return switch (ofArgument(program, position, "")) {
            case "" -> "";
            case "folder" -> "folders";
            case "file", "source", "destination", "path", "archive", "target", "link" -> "files";
            case "branch" -> "branches";
            case String name -> name + "s";
        };
    }

    /** The name of what an option is given, or an empty text. */
    static String ofOption(String option) {
        String bare = option.startsWith("--") ? option.substring(2) : option.substring(1);
        if (bare.length() == 1) return OPTIONS.getOrDefault(bare, "");
        return option.startsWith("--") ? identifier(bare) : "";
    }

    /** Makes a lower-case identifier of any text; empty if nothing of it can stay. */
    static String identifier(String text) {
        var name = new StringBuilder();
        for (int i = 0; i < text.length() && name.length() < 40; i++) {
            char c = text.charAt(i);
            boolean upper = c >= 'A' && c <= 'Z';
            boolean afterLower = i > 0 && Character.isLowerCase(text.charAt(i - 1));
            if (upper && afterLower) name.append('_');
            if (upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9' && !name.isEmpty()))
                name.append(Character.toLowerCase(c));
            else if (!name.isEmpty() && name.charAt(name.length() - 1) != '_') name.append('_');
        }
        while (!name.isEmpty() && name.charAt(name.length() - 1) == '_') name.setLength(name.length() - 1);
        return name.toString().toLowerCase(Locale.ROOT);
    }

    /** Makes a name unique by a number, counted from 2. */
    static String unique(String name, Set<String> taken) {
        String unique = name;
        for (int i = 2; !taken.add(unique); i++) unique = name + "_" + i;
        return unique;
    }
}
