package dev.understudy.plugins.tasksources;

import dev.understudy.spi.Task;
import dev.understudy.spi.TaskSource.Input;
import dev.understudy.spi.TaskSource.TaskSink;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes tasks of the entries of one shell history.
 *
 * <p>An entry with a time stamp is the same task wherever its file lies: the same command at the same second. An entry
 * without one is the same task if it is the n-th with its text in the same file, so that a history that grew gives the
 * tasks it gave before, and new ones.
 */
final class ShellTasks {

    private static final int MAX_DESCRIPTION = 200;
    private static final int MAX_JOINED_LINES = 200;
    /** After so many entries that no line completed, the file is not what it seems, and trying on would cost much. */
    private static final int MAX_FAILED_JOINS = 50;

    private final String source;
    private final Input input;
    private final TaskSink sink;
    private final ShellSyntax syntax;
    private final LineJoins joins;
    private final StableId ids = new StableId();
    private final RecentTexts texts = new RecentTexts();
    /** How often each command was seen: within its second if it has a time stamp, else within the file. */
    private final Map<String, Integer> seenInSecond = new HashMap<>();

    private final Map<String, Integer> seenInFile = new HashMap<>();
    private long second = Long.MIN_VALUE;
    /** Entries that wait for a time stamp to count back from. */
    private final List<Entry> waiting = new ArrayList<>();

    private long estimated;

    private int failedJoins;
    private final Map<String, Object> parameters = new LinkedHashMap<>();

    /** Whether an entry without a time stamp may go on in the lines after it. */
    enum LineJoins {
        NEVER,
        WHERE_INCOMPLETE
    }

    private record Entry(long line, String command) {}

    private record Parsed(String command, ShellCommand shell) {}

    ShellTasks(String source, Input input, TaskSink sink, ShellSyntax syntax, LineJoins joins) {
        this.source = source;
        this.input = input;
        this.sink = sink;
        this.syntax = syntax;
        this.joins = joins;
    }

    void stamped(long line, String command, Instant start, Duration elapsed) {
        estimateWaiting(start.minusSeconds(1));
        if (start.getEpochSecond() != second) {
            second = start.getEpochSecond();
            seenInSecond.clear();
        }
        try {
            var parsed = new Parsed(command, ShellCommand.parse(command, syntax));
            int occurrence = seenInSecond.merge(command, 1, Integer::sum);
            String id = ids.add(second).add(command).add(occurrence).next(source + "-");
            accept(id, parsed, start, elapsed);
        } catch (UnreadableEntryException unreadable) {
            sink.skip(line, unreadable.reason());
        }
    }

    void unstamped(long line, String command) {
        waiting.add(new Entry(line, command));
    }

    /** Ends the input. */
    void end() {
        estimateWaiting(input.lastModified());
        if (estimated > 0)
            sink.note("The time stamps of " + estimated + (estimated == 1 ? " task are" : " tasks are")
                    + " estimates: the history does not record them.");
    }

    private void estimateWaiting(Instant last) {
        List<Parsed> parsed = parseWaiting();
        for (int i = 0; i < parsed.size(); i++) {
            String command = parsed.get(i).command();
            int occurrence = seenInFile.merge(command, 1, Integer::sum);
            String id = ids.add(input.path().toString())
                    .add(command)
                    .add(occurrence)
                    .next(source + "-");
            accept(id, parsed.get(i), last.minusSeconds(parsed.size() - 1L - i), Duration.ZERO);
        }
        estimated += parsed.size();
        waiting.clear();
    }

    /** Parses the waiting entries; one that leaves a quote or a here-document open takes the lines after it that close it. */
    private List<Parsed> parseWaiting() {
        var result = new ArrayList<Parsed>(waiting.size());
        for (int i = 0; i < waiting.size(); i++) {
            Entry entry = waiting.get(i);
            try {
                ShellCommand shell = ShellCommand.parse(entry.command(), syntax);
                int more = shell.hereDocumentOpen() ? addJoined(i, result) : 0;
                if (more == 0) result.add(new Parsed(entry.command(), shell));
                i += more;
            } catch (UnreadableEntryException unreadable) {
                int more = unreadable.incomplete() ? addJoined(i, result) : 0;
                if (more == 0) sink.skip(entry.line(), unreadable.reason());
                i += more;
            }
        }
        return result;
    }

    /** Adds the entry at this place joined with the fewest lines after it that complete it; returns how many those are. */
    private int addJoined(int first, List<Parsed> result) {
        if (joins == LineJoins.NEVER || failedJoins >= MAX_FAILED_JOINS) return 0;
        var joined = new StringBuilder(waiting.get(first).command());
        int lastLine = Math.min(waiting.size() - 1, first + MAX_JOINED_LINES);
        for (int i = first + 1; i <= lastLine; i++) {
            joined.append('\n').append(waiting.get(i).command());
            try {
                ShellCommand shell = ShellCommand.parse(joined.toString(), syntax);
                if (shell.hereDocumentOpen()) continue;
                result.add(new Parsed(joined.toString(), shell));
                return i - first;
            } catch (UnreadableEntryException unreadable) {
                if (!unreadable.incomplete()) break;
            }
        }
        failedJoins++;
        return 0;
    }

    private void accept(String id, Parsed parsed, Instant start, Duration elapsed) {
        String command = parsed.command();
        var arguments = new ArrayList<String>(parsed.shell().arguments().size());
        for (String argument : parsed.shell().arguments()) arguments.add(texts.canonical(argument));
        parameters.clear();
        parameters.put(Task.COMMAND, command);
        parameters.put(Task.ARGUMENTS, List.copyOf(arguments));
        String type = texts.canonical(parsed.shell().type());
        sink.accept(new Task(id, type, description(command), parameters, start, elapsed, true));
    }

    /** The command itself if it is one line of bearable length, so that the two share their text. */
    private static String description(String command) {
        int lineEnd = command.indexOf('\n');
        if (lineEnd < 0 && command.length() <= MAX_DESCRIPTION) return command;
        int end = lineEnd < 0 ? command.length() : lineEnd;
        if (end > MAX_DESCRIPTION)
            end = Character.isHighSurrogate(command.charAt(MAX_DESCRIPTION - 1))
                    ? MAX_DESCRIPTION - 1
                    : MAX_DESCRIPTION;
        return command.substring(0, end) + " …";
    }
}
