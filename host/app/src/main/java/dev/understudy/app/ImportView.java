package dev.understudy.app;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.core.history.ImportReport;
import dev.understudy.core.problem.UserException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/** How imports are shown. */
final class ImportView {
    private static final int SKIPPED_SHOWN = 5;

    private ImportView() {}

    /**
     * Bad input is an error even though nothing broke: a person who named an empty file meant another one.
     *
     * @throws UserException if no file had anything in it
     */
    static void requireSomething(List<ImportReport> imports) {
        if (imports.stream().anyMatch(each -> !each.source().isEmpty())) return;
        ImportReport first = imports.getFirst();
        throw UserException.badInput(
                "'" + first.file() + "' holds no tasks", "the file is empty", "Name one that holds some");
    }

    static ObjectNode json(List<ImportReport> imports) {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("imported", sum(imports, ImportReport::imported));
        json.put("skipped", sum(imports, ImportReport::skipped));
        json.put("redacted", sum(imports, ImportReport::redacted));
        json.put("alreadyKnown", sum(imports, ImportReport::alreadyKnown));
        json.put("tooOld", sum(imports, ImportReport::tooOld));
        var lines = json.putArray("skippedLines");
        for (ImportReport each : imports)
            each.skippedLines()
                    .forEach(line -> lines.addObject()
                            .put("file", each.file().toString())
                            .put("line", line.line())
                            .put("reason", line.reason()));
        return json;
    }

    private static long sum(List<ImportReport> imports, ToLongFunction<ImportReport> figure) {
        return imports.stream().mapToLong(figure).sum();
    }

    static void print(Console console, List<ImportReport> imports) {
        for (ImportReport each : imports) {
            var parts = new ArrayList<String>();
            if (each.alreadyKnown() > 0) parts.add(each.alreadyKnown() + " known already");
            if (each.tooOld() > 0) parts.add(each.tooOld() + " older than what is kept");
            if (each.skipped() > 0) parts.add(each.skipped() + " not readable");
            if (each.redacted() > 0) parts.add("secrets replaced in " + each.redacted());
            console.out()
                    .println(count(each.imported(), "new task") + " from "
                            + Style.BOLD.of(
                                    console,
                                    Console.printable(String.valueOf(each.file().getFileName())))
                            + (each.source().isEmpty() ? "" : " (" + each.source() + ")")
                            + (parts.isEmpty() ? "" : ", " + String.join(", ", parts))
                            + ".");
            for (String note : each.notes())
                console.out().println(Style.DIM.of(console, "  " + Console.printable(note)));
        }
        printSkipped(console, imports);
    }

    /** What could not be read goes to standard error, so that it is seen even when the output is JSON. */
    static void printSkipped(Console console, List<ImportReport> imports) {
        for (ImportReport each : imports) {
            each.skippedLines().stream()
                    .limit(SKIPPED_SHOWN)
                    .forEach(line -> console.err()
                            .println(Console.printable(
                                    each.file().getFileName() + ", line " + line.line() + ": " + line.reason())));
            if (each.skipped() > SKIPPED_SHOWN)
                console.err()
                        .println(each.file().getFileName() + ": " + (each.skipped() - SKIPPED_SHOWN)
                                + " more lines could not be read (--json lists them).");
        }
    }

    static String count(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }
}
