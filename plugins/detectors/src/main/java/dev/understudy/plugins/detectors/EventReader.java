package dev.understudy.plugins.detectors;

import dev.understudy.spi.Task;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads of what kind a task is, twice: the broad kind keeps what the repetition detector keeps of a task's shape at its
 * second level, the narrow one also tells bare words apart, as {@code make clean} and {@code make install}. Used by one
 * thread.
 */
final class EventReader {
    /** The level of {@link WordShape} that keeps a file's extension, but not its folder. */
    static final int LEVEL = 1;

    private static final int MAX_REMEMBERED = 1 << 14;
    private static final int MAX_WORD = 24;

    /** The two kinds of a task, as hashes. */
    record EventKinds(long broad, long narrow) {}

    private record Remembered(String type, EventKinds kinds) {}

    private final ParameterShape.Reader reader = new ParameterShape.Reader();
    private final WordShape word = new WordShape();
    /** People type the same commands again and again. */
    private final Map<String, Remembered> byCommand = new HashMap<>();

    EventKinds read(Task task) {
        if (!(task.parameters().get(Task.COMMAND) instanceof String command)
                || !(task.parameters().get(Task.ARGUMENTS) instanceof List<?> words)) {
            long kind = broad(task);
            return new EventKinds(kind, kind);
        }
        Remembered known = byCommand.get(command);
        if (known != null && known.type.equals(task.type())) return known.kinds;
        var kinds = new EventKinds(broad(task), narrow(task.type(), words));
        if (byCommand.size() == MAX_REMEMBERED) byCommand.clear();
        byCommand.put(command, new Remembered(task.type(), kinds));
        return kinds;
    }

    private long broad(Task task) {
        return Hash.combine(Hash.of(task.type()), reader.readAt(LEVEL, task));
    }

    private long narrow(String type, List<?> words) {
        long kind = Hash.of(type);
        long last = 0;
        word.startArguments();
        for (Object each : words) {
            long shape;
            if (each instanceof String text) {
                word.readArgument(text);
                shape = isBare(text) ? Hash.of(text) : word.hash(LEVEL);
            } else {
                word.readValue("0");
                shape = word.hash(LEVEL);
            }
            if (shape == last) continue;
            last = shape;
            kind = Hash.combine(kind, shape);
        }
        return kind;
    }

    private static boolean isBare(String text) {
        if (text.isEmpty() || text.length() > MAX_WORD) return false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isLetter(c) && c != '-' && c != '_' && c != ':') return false;
        }
        return true;
    }
}
