package dev.understudy.core.automation;

import dev.understudy.core.automation.RehearsalCase.Recorded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What an observed task left on the disk, where that is still there and the times say that it belongs to what is there
 * of its inputs.
 *
 * @param output the file
 * @param bytes what is in it
 * @param age whether it is of the task's own time
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared as a whole.
record RecordedResult(Path output, byte[] bytes, Age age) {
    /** A larger one is not read. */
    private static final long MAX_BYTES = 8L << 20;

    private static final int MAX_LOOKED_AT = 1000;

    /** Histories keep whole seconds, and shells write them when the command starts or when it has ended. */
    private static final Duration SLACK = Duration.ofMinutes(1);

    enum Age {
        /** Written while the task ran: nobody else made it. */
        OF_THE_TASK,
        /** Written later than its input and than the task, as by a repetition or a restored backup, or by another hand. */
        LATER
    }

    /**
     * What is there of a task.
     *
     * @param all of the same automation: of several with one output only the latest left it
     */
    static Optional<RecordedResult> of(Recorded recorded, List<Recorded> all, Surroundings surroundings) {
        Path output = surroundings.resolve(recorded.output());
        boolean overwritten = all.stream()
                .anyMatch(other -> other.started().isAfter(recorded.started())
                        && surroundings.resolve(other.output()).equals(output));
        List<Path> inputs =
                recorded.inputs().stream().map(surroundings::resolve).toList();
        if (overwritten || inputs.isEmpty() || inputs.contains(output)) return Optional.empty();
        try {
            if (!Files.isRegularFile(output, LinkOption.NOFOLLOW_LINKS) || Files.size(output) > MAX_BYTES)
                return Optional.empty();
            Instant written = modified(output);
            if (written.isBefore(recorded.started().minus(SLACK))) return Optional.empty();
            for (Path input : inputs) if (!isOlder(input, written)) return Optional.empty();
            boolean later =
                    written.isAfter(recorded.started().plus(recorded.took()).plus(SLACK));
            return Optional.of(
                    new RecordedResult(output, Files.readAllBytes(output), later ? Age.LATER : Age.OF_THE_TASK));
        } catch (IOException _) {
            // What cannot be read is no evidence.
            return Optional.empty();
        }
    }

    /** Whether it is there and nothing in it has changed since a time. */
    private static boolean isOlder(Path input, Instant time) throws IOException {
        if (!Files.exists(input)) return false;
        try (Stream<Path> entries = Files.walk(input)) {
            List<Path> looked = entries.limit(MAX_LOOKED_AT + 1L).toList();
            if (looked.size() > MAX_LOOKED_AT) return false;
            for (Path entry : looked) if (modified(entry).isAfter(time)) return false;
            return true;
        }
    }

    private static Instant modified(Path path) throws IOException {
        return Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS).toInstant();
    }
}
