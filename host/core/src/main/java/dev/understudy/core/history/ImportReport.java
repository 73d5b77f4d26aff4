package dev.understudy.core.history;

import java.nio.file.Path;
import java.util.List;

/**
 * What became of one imported file. Every entry of it is counted once: imported, already known, too old or skipped.
 *
 * @param file the file
 * @param source name of the task source that read it; empty if there was nothing to read
 * @param imported tasks that are new in the history
 * @param alreadyKnown tasks that it held before, or that the file holds twice
 * @param tooOld tasks older than all that the history keeps
 * @param skipped entries that could not be read
 * @param skippedLines the first of those, at most {@value #MAX_SKIPPED_LINES}
 * @param redacted imported tasks in which a secret was replaced
 * @param notes for people, one line each
 */
public record ImportReport(
        Path file,
        String source,
        long imported,
        long alreadyKnown,
        long tooOld,
        long skipped,
        List<SkippedLine> skippedLines,
        long redacted,
        List<String> notes) {

    /** How many skipped lines are told one by one. */
    public static final int MAX_SKIPPED_LINES = 100;

    public ImportReport {
        skippedLines = List.copyOf(skippedLines);
        notes = List.copyOf(notes);
    }

    /**
     * An entry that could not be read.
     *
     * @param line its first line, counted from 1
     * @param reason one line for people; holds nothing of the entry's text
     */
    public record SkippedLine(long line, String reason) {}
}
