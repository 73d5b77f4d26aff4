package dev.understudy.app;

import dev.understudy.core.history.ImportOptions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What can be said of files to import, above all of event logs: which column is what. */
final class EventLogOptions {
    @Option(
            names = "--format",
            paramLabel = "NAME",
            description = "How the files are read: xes or csv for event logs, else the name of a task source"
                    + " (default: what they look like).")
    @Nullable
    String format;

    @Option(
            names = "--case",
            paramLabel = "COLUMN",
            description =
                    "Of an event log: the column (XES: key of the trace) that says which case an event belongs to. It is"
                            + " left out, for what belongs together is to be found.")
    @Nullable
    String caseColumn;

    @Option(
            names = "--activity",
            paramLabel = "COLUMN",
            description = "Of an event log: the column that says what was done (XES: default concept:name).")
    @Nullable
    String activity;

    @Option(
            names = "--timestamp",
            paramLabel = "COLUMN",
            description = "Of an event log: the column that says when (XES: default time:timestamp).")
    @Nullable
    String timestamp;

    @Option(names = "--keep-case", description = "Of an event log: keep the case as a parameter of each task.")
    boolean keepCase;

    ImportOptions toImport() {
        Map<String, String> values = new LinkedHashMap<>();
        if (caseColumn != null) values.put("case", caseColumn);
        if (activity != null) values.put("activity", activity);
        if (timestamp != null) values.put("timestamp", timestamp);
        if (keepCase) values.put("keep-case", "true");
        return new ImportOptions(Optional.ofNullable(format), values);
    }
}
