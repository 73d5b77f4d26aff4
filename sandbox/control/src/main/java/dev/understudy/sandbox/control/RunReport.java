package dev.understudy.sandbox.control;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * All that is known of a run when it has ended.
 *
 * @param runId unique, sortable by start ({@code yyyyMMdd'T'HHmmss'Z'-} and a random part); names the before-images for undo
 * @param outcome how it ended
 * @param isolation as requested
 * @param tier which wall stood around it
 * @param started when the host took the request
 * @param duration from the host's call to its result
 * @param changes what it changed (or, in a rehearsal, would change), sorted by path; empty unless it succeeded or was
 *     a rehearsal
 * @param output what it logged and printed, within the output limit, in order
 * @param usage what it used
 * @param place where in its script it failed or hit a limit, if that is known
 */
public record RunReport(
        String runId,
        RunOutcome outcome,
        IsolationLevel isolation,
        Tier tier,
        Instant started,
        Duration duration,
        List<FileChange> changes,
        List<OutputLine> output,
        Usage usage,
        Optional<Place> place) {

    public RunReport {
        changes = List.copyOf(changes);
        output = List.copyOf(output);
    }

    /** A report of a run of which no place is known. */
    public RunReport(
            String runId,
            RunOutcome outcome,
            IsolationLevel isolation,
            Tier tier,
            Instant started,
            Duration duration,
            List<FileChange> changes,
            List<OutputLine> output,
            Usage usage) {
        this(runId, outcome, isolation, tier, started, duration, changes, output, usage, Optional.empty());
    }

    /**
     * A place in a script.
     *
     * @param line counted from 1
     * @param column counted from 1 in characters; 0 if only the line is known
     * @param text the line itself
     */
    public record Place(int line, int column, String text) {
        public Place {
            if (line < 1 || column < 0) throw new IllegalArgumentException("line " + line + ", column " + column);
        }

        /** A place in this text; empty for line 0. What is beyond the end of the line or of the text is at that end. */
        public static Optional<Place> in(String source, int line, int column) {
            List<String> lines = source.lines().toList();
            if (line < 1 || lines.isEmpty()) return Optional.empty();
            if (line > lines.size())
                return Optional.of(new Place(lines.size(), lines.getLast().length() + 1, lines.getLast()));
            String text = lines.get(line - 1);
            return Optional.of(new Place(line, Math.clamp(column, 0, text.length() + 1), text));
        }
    }

    /**
     * One file or folder that differs.
     *
     * @param path absolute
     * @param kind how it differs
     * @param directory whether it is a folder
     * @param sizeBefore in bytes; 0 if created
     * @param sizeAfter in bytes; 0 if deleted
     * @param diff a unified diff if both sides are text of reasonable size
     * @param text the whole text after the change, under the same condition; empty if deleted
     * @param after all of what is there then; known of rehearsals only, and not of deleted files and large ones
     */
    public record FileChange(
            Path path,
            Kind kind,
            boolean directory,
            long sizeBefore,
            long sizeAfter,
            Optional<String> diff,
            Optional<String> text,
            Optional<After> after) {

        /** A change of which no more than the text is known. */
        public FileChange(
                Path path,
                Kind kind,
                boolean directory,
                long sizeBefore,
                long sizeAfter,
                Optional<String> diff,
                Optional<String> text) {
            this(path, kind, directory, sizeBefore, sizeAfter, diff, text, Optional.empty());
        }

        /** A change of which the text is not known. */
        public FileChange(
                Path path, Kind kind, boolean directory, long sizeBefore, long sizeAfter, Optional<String> diff) {
            this(path, kind, directory, sizeBefore, sizeAfter, diff, Optional.empty());
        }

        /** What a rehearsal left at a path. */
        public sealed interface After {
            /** Permissions are the lowest nine bits of the mode; the time is the start of the run or later if it was not set. */
            @SuppressWarnings("ArrayRecordComponent") // Compared by those who know what is in it.
            record File(byte[] bytes, int mode, Instant modified) implements After {}

            record Folder(int mode) implements After {}

            record Link(Path target) implements After {}
        }

        public enum Kind {
            CREATED,
            CHANGED,
            DELETED
        }
    }

    /**
     * One line that the script printed ({@code stdout}, {@code stderr}) or logged ({@code info}, {@code warn} …), or that
     * tells of a rehearsed script's command that failed while the script went on ({@value #UNNOTICED}).
     */
    public record OutputLine(String channel, String text) {
        public static final String UNNOTICED = "unnoticed";
    }

    /**
     * What a run used; zero where the runtime cannot tell.
     *
     * @param peakMemoryBytes of the guest's data where it can be told from the runtime's own
     * @param ioBytes read and written together, whether a disk had to move or not: in a cell the bytes of files, as the run's
     *     view counts them, and what its programs say; in a jail those of all read and write calls, pipes included, as the
     *     kernel counts them ({@code rchar} and {@code wchar} of {@code /proc/PID/io}), of a run in a jail of its own as of
     *     the last look before its end. Empty where nobody counted.
     */
    public record Usage(
            Duration cpuTime,
            long peakMemoryBytes,
            long outputBytes,
            long diskBytes,
            int processes,
            int openFiles,
            OptionalLong ioBytes) {
        public static final Usage NONE = new Usage(Duration.ZERO, 0, 0, 0, 0, 0, OptionalLong.empty());
    }
}
