package dev.understudy.core.comparison;

import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunReport.FileChange;
import dev.understudy.sandbox.control.RunReport.FileChange.After;
import dev.understudy.sandbox.control.RunReport.FileChange.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Holds the files that a rehearsed script left against those that the program left from which it was learnt.
 *
 * <p>Owners are not compared: in the jail every file belongs to the user of the run.
 */
public final class TreeComparison {
    /** A file that is older than its run by this much had its time set; a younger one simply came about. */
    private static final Duration SET = Duration.ofSeconds(2);

    private final String program;
    private final Instant started;

    private TreeComparison(String program, Instant started) {
        this.program = program;
        this.started = started;
    }

    /**
     * What differs, one line for each path, sorted by path; empty if the same was left.
     *
     * @param program what the second run is called in the lines
     * @param ofScript a rehearsal that succeeded
     * @param ofProgram likewise, of the same files
     */
    public static List<String> differences(String program, RunReport ofScript, RunReport ofProgram) {
        Instant first = ofScript.started().isBefore(ofProgram.started()) ? ofScript.started() : ofProgram.started();
        var comparison = new TreeComparison(program, first.minus(SET));
        Map<Path, FileChange> script = byPath(ofScript);
        Map<Path, FileChange> real = byPath(ofProgram);
        var paths = new TreeSet<>(script.keySet());
        paths.addAll(real.keySet());
        return paths.stream()
                .flatMap(path -> comparison
                        .difference(Optional.ofNullable(script.get(path)), Optional.ofNullable(real.get(path)))
                        .map(what -> path + what)
                        .stream())
                .toList();
    }

    private static Map<Path, FileChange> byPath(RunReport report) {
        return report.changes().stream()
                // A folder that is there before and after has at most another time, which comes about by what is in it.
                .filter(change -> !change.directory() || change.kind() != Kind.CHANGED)
                .collect(Collectors.toMap(FileChange::path, Function.identity()));
    }

    private Optional<String> difference(Optional<FileChange> script, Optional<FileChange> real) {
        if (script.isEmpty() || real.isEmpty())
            return Optional.of(": " + program + " " + does(real) + ", the script " + does(script));
        FileChange ours = script.get();
        FileChange theirs = real.get();
        if (ours.kind() != theirs.kind() || ours.directory() != theirs.directory())
            return Optional.of(": " + program + " " + does(real) + ", the script " + does(script));
        if (ours.after().isEmpty() || theirs.after().isEmpty())
            return ours.sizeAfter() == theirs.sizeAfter()
                    ? Optional.empty()
                    : both(": ", theirs.sizeAfter() + " bytes", ours.sizeAfter() + " bytes");
        return difference(ours.path(), ours.after().get(), theirs.after().get());
    }

    private static String does(Optional<FileChange> change) {
        return change.map(found -> switch (found.kind()) {
                    case CREATED -> found.directory() ? "makes this folder" : "makes it";
                    case CHANGED -> "changes it";
                    case DELETED -> "deletes it";
                })
                .orElse("leaves it alone");
    }

    private Optional<String> difference(Path path, After ours, After theirs) {
        return switch (theirs) {
            case After.Folder folder ->
                ours instanceof After.Folder(int mode) ? mode(mode, folder.mode()) : both(": ", "a folder", kind(ours));
            case After.Link(Path target) ->
                ours instanceof After.Link(Path other)
                        ? other.equals(target) ? Optional.empty() : both(": ", "a link to " + target, "one to " + other)
                        : both(": ", "a link to " + target, kind(ours));
            case After.File file ->
                ours instanceof After.File other
                        ? Contents.difference(path.toString(), file.bytes(), other.bytes())
                                .map(where -> where.said(program + " gives", "the script"))
                                .or(() -> mode(other.mode(), file.mode()))
                                .or(() -> time(other.modified(), file.modified()))
                        : both(": ", "a file", kind(ours));
        };
    }

    private static String kind(After after) {
        return switch (after) {
            case After.File _ -> "a file";
            case After.Folder _ -> "a folder";
            case After.Link(Path target) -> "a link to " + target;
        };
    }

    private Optional<String> mode(int ours, int theirs) {
        return ours == theirs ? Optional.empty() : both(", mode: ", octal(theirs), octal(ours));
    }

    private static String octal(int mode) {
        return String.format(Locale.ROOT, "%04o", mode);
    }

    /** A time that either has set; times that simply came about differ as the runs do. */
    private Optional<String> time(Instant ours, Instant theirs) {
        if (!ours.isBefore(started) && !theirs.isBefore(started)) return Optional.empty();
        return ours.getEpochSecond() == theirs.getEpochSecond()
                ? Optional.empty()
                : both(", time: ", said(theirs), said(ours));
    }

    private String said(Instant time) {
        return time.isBefore(started) ? String.valueOf(Instant.ofEpochSecond(time.getEpochSecond())) : "now";
    }

    private Optional<String> both(String what, String theirs, String ours) {
        return Optional.of(what + program + " gives " + theirs + ", the script " + ours);
    }
}
