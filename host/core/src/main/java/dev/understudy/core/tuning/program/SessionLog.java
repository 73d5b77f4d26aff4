package dev.understudy.core.tuning.program;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.core.config.DataHome;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.tuning.TrialRecord;
import dev.understudy.spi.optimization.SearchSpace;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The file of one session, JSON Lines: what was wanted, each trial as it ended, and the verdict. Each line is on the disk before
 * the next trial begins, so that a session which was killed goes on where it was. Used by one thread at a time.
 */
final class SessionLog {
    static final String SUFFIX = ".jsonl";

    private final Path file;

    SessionLog(Path file) {
        this.file = file;
    }

    Path file() {
        return file;
    }

    /** Adds a line. */
    void append(ObjectNode line) {
        // An interrupt would close the file; what was measured is to be kept all the same.
        boolean interrupted = Thread.interrupted();
        try {
            DataHome.createPrivateFile(file);
        } catch (IOException e) {
            throw unusable(e);
        }
        try (var channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long end = channel.size();
            // A line that a crash cut off stays where it is and is passed over when the file is read.
            String begin = end > 0 && !endsWithLineFeed(channel, end) ? "\n" : "";
            channel.write(StandardCharsets.UTF_8.encode(begin + line + "\n"), end);
            channel.force(true);
        } catch (IOException e) {
            throw unusable(e);
        } finally {
            if (interrupted) Thread.currentThread().interrupt();
        }
    }

    private static boolean endsWithLineFeed(FileChannel channel, long end) throws IOException {
        var last = java.nio.ByteBuffer.allocate(1);
        return channel.read(last, end - 1) == 1 && last.get(0) == '\n';
    }

    /** The session's first line. */
    Optional<JsonNode> head() {
        return lines().stream().findFirst().filter(line -> line.has("profile"));
    }

    /** The line with the verdict, if the session has ended. */
    Optional<JsonNode> end() {
        return lines().stream().filter(line -> line.has("verdict")).findFirst();
    }

    int trials() {
        return (int) lines().stream().filter(line -> line.has("phase")).count();
    }

    /**
     * All trials.
     *
     * @throws UserException if one is not of this space
     */
    List<TrialRecord> trials(SearchSpace space) {
        var trials = new ArrayList<TrialRecord>();
        for (JsonNode line : lines()) {
            if (!line.has("phase")) continue;
            try {
                trials.add(SessionJson.trial(line, space));
            } catch (IllegalArgumentException e) {
                throw UserException.failed(
                        "The session " + file + " cannot go on",
                        "one of its trials does not fit its parameters: " + e.getMessage(),
                        "Begin a new one");
            }
        }
        return trials;
    }

    private List<JsonNode> lines() {
        var lines = new ArrayList<JsonNode>();
        try {
            for (String line : Files.readAllLines(file)) {
                try {
                    lines.add(SessionJson.MAPPER.readTree(line));
                } catch (JsonProcessingException _) {
                    // Cut off by a crash.
                }
            }
        } catch (IOException e) {
            throw unusable(e);
        }
        return lines;
    }

    private UserException unusable(IOException e) {
        return UserException.failed(
                "The session file " + file + " cannot be read or written",
                e.getClass().getSimpleName() + " " + e.getMessage(),
                "Make it readable and writable; nothing was left changed",
                e);
    }
}
