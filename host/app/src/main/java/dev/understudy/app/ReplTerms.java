package dev.understudy.app;

import dev.understudy.core.config.Quantity;
import dev.understudy.core.problem.UserException;
import dev.understudy.sandbox.control.Grants;
import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.RunRequest;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What a person's sessions may do and use, in all languages alike. */
record ReplTerms(IsolationLevel isolation, Limits limits, Grants grants, Path folder) {
    /** What can be granted. */
    static final List<String> GRANTS = List.of("read", "write", "program", "host");

    /** As the metadata of a script names limits. */
    static final List<String> LIMITS = List.of("wall", "cpu", "memory", "processes", "output", "disk", "files");

    RunRequest request(ReplLanguage language) {
        return new RunRequest(
                "repl",
                "repl",
                language.spoken(),
                "",
                "{}",
                RunRequest.ScriptRuntime.POLYGLOT,
                isolation,
                limits,
                grants,
                RunRequest.Mode.COMMIT,
                RunRequest.Reuse.SHARED,
                Map.of(),
                folder,
                Set.of());
    }

    /** With the isolation of this name. */
    ReplTerms isolated(String level) {
        for (IsolationLevel each : IsolationLevel.values()) {
            if (each.id().equals(level.toLowerCase(Locale.ROOT)))
                return checked(new ReplTerms(each, limits, grants, folder));
        }
        throw UserException.badInput(
                "There is no isolation '" + level + "'", "it is full, partial or minimal", "Choose one of them");
    }

    /** With one more grant. */
    ReplTerms granting(String kind, String what) {
        Grants more = switch (kind) {
            case "read", "reads" ->
                new Grants(with(grants.reads(), path(what)), grants.writes(), grants.hosts(), grants.programs());
            case "write", "writes" ->
                new Grants(grants.reads(), with(grants.writes(), path(what)), grants.hosts(), grants.programs());
            case "program", "programs" ->
                new Grants(grants.reads(), grants.writes(), grants.hosts(), with(grants.programs(), what));
            case "host", "hosts" ->
                new Grants(grants.reads(), grants.writes(), with(grants.hosts(), what), grants.programs());
            default ->
                throw UserException.badInput(
                        "Nothing is granted",
                        "'" + kind + "' is none of " + String.join(", ", GRANTS),
                        "Write %grant read PATH, for example");
        };
        return checked(new ReplTerms(isolation, limits, more, folder));
    }

    private static <T> List<T> with(List<T> some, T more) {
        if (some.contains(more)) return some;
        var all = new ArrayList<>(some);
        all.add(more);
        return all;
    }

    private Path path(String typed) {
        try {
            Path home = RootCommand.userHome();
            Path path = typed.equals("~")
                    ? home
                    : typed.startsWith("~/") ? home.resolve(typed.substring(2)) : folder.resolve(typed);
            return path.normalize();
        } catch (InvalidPathException e) {
            throw UserException.badInput("'" + typed + "' is no path", String.valueOf(e.getReason()), "Check the name");
        }
    }

    private static ReplTerms checked(ReplTerms terms) {
        terms.isolation.refusal(terms.grants).ifPresent(refused -> {
            throw UserException.notAllowed(
                    "Nothing was changed",
                    refused.reason(),
                    terms.grants.hosts().isEmpty()
                            ? "Write %isolation partial first"
                            : "Write %isolation minimal first");
        });
        return terms;
    }

    /** With one limit set, written as {@code wall=5s}. */
    ReplTerms limited(String setting) {
        int at = setting.indexOf('=');
        String name = at < 0 ? setting : setting.substring(0, at);
        String value = at < 0 ? "" : setting.substring(at + 1);
        try {
            Limits set = switch (name) {
                case "wall" -> limits.withWallTime(time(name, value));
                case "cpu" -> limits.withCpuTime(time(name, value));
                case "memory" -> limits.withMemoryBytes(bytes(name, value));
                case "processes" -> limits.withProcesses(count(name, value));
                case "output" -> limits.withOutputBytes(bytes(name, value));
                case "disk" -> limits.withDiskBytes(bytes(name, value));
                case "files" -> limits.withOpenFiles(count(name, value));
                default ->
                    throw UserException.badInput(
                            "There is no limit '" + name + "'",
                            "the limits are " + String.join(", ", LIMITS),
                            "Write %limits wall=5s, for example");
            };
            return new ReplTerms(isolation, set, grants, folder);
        } catch (IllegalArgumentException e) {
            throw UserException.badInput(
                    "The limit " + name + " cannot be '" + value + "'",
                    String.valueOf(e.getMessage()),
                    "Choose another");
        }
    }

    private static Duration time(String name, String value) {
        return Quantity.parseDuration(value).orElseThrow(() -> wrong(name, value, Quantity.DURATION_FORM));
    }

    private static long bytes(String name, String value) {
        return Quantity.parseBytes(value).orElseThrow(() -> wrong(name, value, Quantity.BYTES_FORM));
    }

    private static int count(String name, String value) {
        if (!value.matches("\\d{1,6}")) throw wrong(name, value, "a whole number");
        return Integer.parseInt(value);
    }

    private static UserException wrong(String name, String value, String form) {
        return UserException.badInput("The limit " + name + " is '" + value + "'", "it must be " + form, "Write it so");
    }
}
