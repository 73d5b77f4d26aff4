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
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes tasks of the entries of one shell history.
 *
 * <p>An entry with a time stamp is the same task wherever its file lies: the same command at the same second. An entry
 * without one is the same task if it is the n-th with its text in the same file, so that a history that grew gives the
 * tasks it gave before, and new ones. Its time is an estimate between those of the entries around it.
 */
final class ShellTasks {

    private static final Recorded NOTHING = new Recorded(Duration.ZERO, "", true);
    private static final int MAX_DESCRIPTION = 200;
    private static final int MAX_JOINED_LINES = 200;
    /** After so many entries that no line completed, the file is not what it seems, and trying on would cost much. */
    private static final int MAX_FAILED_JOINS = 50;

    private final Shell shell;
    private final Input input;
    private final TaskSink sink;
    private final LineJoins joins;
    private final StableId ids = new StableId();
    private final RecentTexts texts = new RecentTexts();
    private final FolderTrail folders;
    /** How often each command was seen: within its second if it has a time stamp, else within the file. */
    private final Map<String, Integer> seenInSecond = new HashMap<>();

    private final Map<String, Integer> seenInFile = new HashMap<>();
    private long second = Long.MIN_VALUE;
    /** Entries that wait for a time stamp to count back from. */
    private final List<Entry> waiting = new ArrayList<>();

    /** When the first of those was started, if that is known. */
    private @Nullable Instant firstStarted;
    /** The last time that the history told. */
    private @Nullable Instant latest;

    private long estimated;

    private int failedJoins;
    private final Map<String, Object> parameters = new LinkedHashMap<>();

    /** Whether an entry may go on in the lines after it. */
    enum LineJoins {
        NEVER,
        WHERE_INCOMPLETE
    }

    private record Entry(long line, String command) {}

    private record Parsed(long line, String command, ShellCommand shell) {}

    ShellTasks(Shell shell, Input input, TaskSink sink, LineJoins joins) {
        this.shell = shell;
        this.input = input;
        this.sink = sink;
        this.joins = joins;
        this.folders = new FolderTrail(shell);
    }

    /**
     * What a history tells of a command beside its time.
     *
     * @param folder in which it ran; empty if that is not known
     */
    record Recorded(Duration elapsed, String folder, boolean success) {}

    /** Takes a whole entry whose time is known. */
    void stamped(long line, String command, Instant start, Duration elapsed) {
        stamped(line, command, start, new Recorded(elapsed, "", true));
    }

    /** The same where more is known. */
    void stamped(long line, String command, Instant start, Recorded recorded) {
        settle(Optional.of(start));
        try {
            acceptStamped(new Parsed(line, command, shell.parse(command)), start, recorded);
        } catch (UnreadableEntryException unreadable) {
            sink.skip(line, unreadable.reason());
        }
    }

    /** Takes the time at which the next entry was started; those after it have none until the next time is told. */
    void stamp(Instant start) {
        settle(Optional.of(start));
        firstStarted = start;
    }

    /** Takes an entry, or the next line of one. */
    void unstamped(long line, String command) {
        waiting.add(new Entry(line, command));
    }

    /** Forgets the last entry if it is the one at this place. */
    void takeBack(long line) {
        if (!waiting.isEmpty() && waiting.getLast().line() == line) waiting.removeLast();
    }

    /** Ends the input. */
    void end() {
        settle(Optional.empty());
        if (estimated > 0)
            sink.note("The time stamps of " + estimated + (estimated == 1 ? " task are" : " tasks are")
                    + " estimates: the history does not record them.");
    }

    private void acceptStamped(Parsed parsed, Instant start, Recorded recorded) {
        latest = start;
        folders.at(start);
        if (start.getEpochSecond() != second) {
            second = start.getEpochSecond();
            seenInSecond.clear();
        }
        int occurrence = seenInSecond.merge(parsed.command(), 1, Integer::sum);
        accept(ids.add(second).add(parsed.command()).add(occurrence), parsed, start, recorded);
    }

    /** Gives out what waits, now that the next known time, or the end of the input, is there. */
    private void settle(Optional<Instant> next) {
        List<Parsed> parsed = parseWaiting();
        Instant start = firstStarted;
        if (start != null
                && !parsed.isEmpty()
                && parsed.getFirst().line() == waiting.getFirst().line())
            acceptStamped(parsed.removeFirst(), start, NOTHING);
        firstStarted = null;
        waiting.clear();
        Estimates times = Estimates.of(parsed.size(), Optional.ofNullable(latest), next, input.lastModified());
        for (int i = 0; i < parsed.size(); i++) {
            String command = parsed.get(i).command();
            int occurrence = seenInFile.merge(command, 1, Integer::sum);
            ids.add(input.path().toString()).add(command).add(occurrence);
            accept(ids, parsed.get(i), times.time(i), NOTHING);
        }
        estimated += parsed.size();
    }

    /** Parses the waiting entries; one that is not complete takes the lines after it that complete it. */
    private List<Parsed> parseWaiting() {
        var result = new ArrayList<Parsed>(waiting.size());
        for (int i = 0; i < waiting.size(); i++) {
            Entry entry = waiting.get(i);
            if (entry.command().isBlank()) continue;
            try {
                ShellCommand command = shell.parse(entry.command());
                int more = command.open() ? addJoined(i, result) : 0;
                if (more == 0) result.add(new Parsed(entry.line(), entry.command(), command));
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
                ShellCommand command = shell.parse(joined.toString());
                if (command.open()) continue;
                result.add(new Parsed(waiting.get(first).line(), joined.toString(), command));
                return i - first;
            } catch (UnreadableEntryException unreadable) {
                if (!unreadable.incomplete()) break;
            }
        }
        failedJoins++;
        return 0;
    }

    private void accept(StableId identity, Parsed parsed, Instant start, Recorded recorded) {
        String id = identity.next(shell.id() + "-");
        String command = parsed.command();
        var arguments = new ArrayList<String>(parsed.shell().arguments().size());
        for (String argument : parsed.shell().arguments()) arguments.add(texts.canonical(argument));
        parameters.clear();
        parameters.put(Task.COMMAND, command);
        parameters.put(Task.ARGUMENTS, List.copyOf(arguments));
        if (shell.readsPatternsItsOwnWay(parsed.shell().tokens())) parameters.put(Task.SHELL, shell.id());
        Optional<String> folder = recorded.folder().startsWith("/") ? Optional.of(recorded.folder()) : folders.folder();
        folder.ifPresent(known -> parameters.put(Task.WORKING_DIRECTORY, texts.canonical(known)));
        folders.follow(parsed.shell().tokens());
        String type = texts.canonical(parsed.shell().type());
        sink.accept(
                new Task(id, type, description(command), parameters, start, recorded.elapsed(), recorded.success()));
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
