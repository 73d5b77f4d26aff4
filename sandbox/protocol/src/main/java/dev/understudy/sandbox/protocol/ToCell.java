package dev.understudy.sandbox.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the host tells a cell. */
@SuppressWarnings("ArrayRecordComponent") // bulk data on its way through a pipe; never compared, never shared
public sealed interface ToCell extends Message {

    /**
     * What a run may do and use; the host enforces it, the cell needs it to answer well and early.
     *
     * @param isolation the level's name, {@code full}, {@code partial} or {@code minimal}
     * @param workspace the run's private folder
     * @param workingDirectory to which relative paths belong
     * @param home what {@code ~} stands for
     * @param packages the folder in which modules are found by their names; empty if there is none
     * @param outputBytes of output and result together
     * @param memoryBytes of live guest data
     * @param cpuNanos of the guest's thread
     */
    record Terms(
            String isolation,
            String workspace,
            String workingDirectory,
            String home,
            String packages,
            long outputBytes,
            long memoryBytes,
            long cpuNanos) {}

    /**
     * Run a script to its end.
     *
     * @param id repeated in {@link FromCell.Ended}
     * @param context whether a context that has run this script may run it again
     */
    record Run(int id, String name, String source, String parametersJson, ContextChoice context, Terms terms)
            implements ToCell {}

    enum ContextChoice {
        FRESH,
        SHARED
    }

    /** Do something with one input of an interactive session in its lasting context. */
    record Evaluate(int id, Purpose purpose, String input, Terms terms) implements ToCell {}

    /** What an input is for. */
    enum Purpose {
        /** Evaluate it. */
        ENTRY,
        /** Say whether it goes on in the next line; nothing of it runs. */
        WHOLENESS,
        /** List what can be written behind a dotted path, or all names in scope for an empty one, one a line; nothing of it runs. */
        MEMBERS,
        /** Describe what a dotted path leads to; nothing of it runs. */
        EXPLANATION,
        /** Run it over and over and say how long it takes: how many times in a round, and the nanoseconds of each round. */
        TIMING
    }

    /**
     * End what is being done, if it still is.
     *
     * @param id of the job that is meant: one that has begun meanwhile goes on
     */
    record Interrupt(int id) implements ToCell {}

    /** The host's answer to a {@link FromCell.Ask}. */
    sealed interface Answer extends ToCell {}

    record Done() implements Answer {}

    record Opened(int handle) implements Answer {}

    record Bytes(byte[] value) implements Answer {}

    record Length(long value) implements Answer {}

    record Names(List<String> value) implements Answer {
        public Names {
            value = List.copyOf(value);
        }
    }

    record Place(String path) implements Answer {}

    /** Times are in nanoseconds since 1970; {@code names} is more than one with hard links. */
    record FileInfo(
            FileKind kind,
            long size,
            long modifiedNanos,
            long createdNanos,
            int posixMode,
            int uid,
            int gid,
            String fileKey,
            int names)
            implements Answer {}

    enum FileKind {
        FILE,
        DIRECTORY,
        SYMBOLIC_LINK,
        OTHER
    }

    /** {@code cpuNanos} is what the program used, and the run with it. */
    record ProgramEnded(int exitCode, byte[] standardOutput, byte[] standardError, long cpuNanos) implements Answer {}

    /**
     * What a server answered.
     *
     * @param headers names and values in turn
     * @param body as it was sent
     * @param charset the name of the character set in which the body is text
     */
    record HttpAnswer(int status, List<String> headers, byte[] body, String charset) implements Answer {
        public HttpAnswer {
            headers = List.copyOf(headers);
        }
    }

    /** It did not work; the reason is for the script to see. */
    record Refused(Reason reason, String message) implements Answer {}

    /** Why something did not work. */
    enum Reason {
        NOT_FOUND,
        ALREADY_EXISTS,
        NOT_GRANTED,
        NOT_A_DIRECTORY,
        IS_A_DIRECTORY,
        DIRECTORY_NOT_EMPTY,
        NOT_A_LINK,
        TOO_MANY_LINKS,
        BAD_HANDLE,
        LIMIT_EXCEEDED,
        INVALID,
        INPUT_OUTPUT,
        TIMED_OUT,
        NETWORK_FAILED,
        NAME_TOO_LONG;

        /** The reason at a place in the order of declaration, or null if there is none. */
        public static @Nullable Reason of(int ordinal) {
            return ordinal >= 0 && ordinal < values().length ? values()[ordinal] : null;
        }
    }
}
