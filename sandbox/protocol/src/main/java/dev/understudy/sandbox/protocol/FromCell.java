package dev.understudy.sandbox.protocol;

import java.util.List;

/** What a cell tells the host. The host trusts none of it. */
@SuppressWarnings("ArrayRecordComponent") // bulk data on its way through a pipe; never compared, never shared
public sealed interface FromCell extends Message {

    /** Sent once, when the cell can take a run. */
    record Ready(int version) implements FromCell {}

    /** Bytes that the script printed or logged, in UTF-8, cut anywhere. */
    record Output(Channel channel, byte[] bytes) implements FromCell {}

    enum Channel {
        STDOUT,
        STDERR,
        DEBUG,
        INFO,
        WARN,
        ERROR
    }

    /** The share done, from 0.0 to 1.0. */
    record Progress(double share, String text) implements FromCell {}

    /** The cell saw its run go beyond a limit, and stops answering. */
    record Exceeded(Resource resource, long used) implements FromCell {}

    enum Resource {
        CPU_NANOS,
        MEMORY_BYTES
    }

    /**
     * A run has ended.
     *
     * @param text the result as JSON if it succeeded, else the error in one line
     * @param detail the script's own stack, or empty
     * @param line of the script where it failed, counted from 1; 0 if that is not known
     * @param column of that line, likewise
     * @param cpuNanos used by the guest's thread
     * @param peakMemoryBytes the most live guest data seen
     */
    record Ended(
            int id,
            Status status,
            String text,
            String detail,
            int line,
            int column,
            long cpuNanos,
            long peakMemoryBytes)
            implements FromCell {}

    enum Status {
        SUCCEEDED,
        FAILED,
        /** The script failed in a way that may have left the process unfit for another. */
        SPOILED,
        /** The script ran out of memory and the runtime survived it. */
        OUT_OF_MEMORY
    }

    /**
     * An evaluation has ended.
     *
     * @param text the value as the language prints it, empty for none; or the error in one line
     */
    record Evaluated(int id, Evaluation evaluation, String text, String detail, long cpuNanos) implements FromCell {}

    enum Evaluation {
        VALUE,
        /** The input is the beginning of something longer. */
        INCOMPLETE,
        FAILED
    }

    /**
     * A value of an evaluation that is a list of records.
     *
     * @param columns at least one
     * @param cells row by row, as many in each as there are columns
     * @param more how many rows there are beside these
     */
    record Rows(List<String> columns, List<String> cells, long more) implements FromCell {
        public Rows {
            columns = List.copyOf(columns);
            cells = List.copyOf(cells);
        }
    }

    /** A value of an evaluation that is a list of numbers, and how the language writes it. */
    record Series(String text, List<Double> numbers) implements FromCell {
        public Series {
            numbers = List.copyOf(numbers);
        }
    }

    /** Something that only the host can do. The cell waits for the answer. */
    sealed interface Ask extends FromCell {}

    record Stat(String path, LinkChoice links) implements Ask {}

    enum LinkChoice {
        FOLLOW,
        NOFOLLOW
    }

    record ListNames(String path) implements Ask {}

    /** {@code modes} is a set of the {@code MODE_} bits. */
    record Open(String path, int modes) implements Ask {
        public static final int MODE_READ = 1;
        public static final int MODE_WRITE = 2;
        public static final int MODE_CREATE = 4;
        public static final int MODE_CREATE_NEW = 8;
        public static final int MODE_TRUNCATE = 16;
        public static final int MODE_ALL = 31;
    }

    record Read(int handle, long position, int length) implements Ask {}

    record Write(int handle, long position, byte[] bytes) implements Ask {}

    record Size(int handle) implements Ask {}

    record Truncate(int handle, long size) implements Ask {}

    record Close(int handle) implements Ask {}

    record MakeDirectory(String path) implements Ask {}

    record Delete(String path) implements Ask {}

    record Move(String from, String to, ExistingChoice existing) implements Ask {}

    /** Copies a file, a link or a folder with all that is in it. */
    record Copy(String from, String to, FollowChoice follow, KeepChoice keep) implements Ask {}

    /** Which links are copied as what they lead to. */
    enum FollowChoice {
        NONE,
        NAMED,
        ALL
    }

    /** What a copy has of its original beside its content. */
    enum KeepChoice {
        CONTENT,
        ATTRIBUTES,
        ALL
    }

    /** Gives a file or folder the permissions, owner and time of another. */
    record CopyAttributes(String from, String to) implements Ask {}

    enum ExistingChoice {
        FAIL,
        REPLACE
    }

    record MakeLink(String link, String target) implements Ask {}

    /** One more name (a hard link) for a file. */
    record MakeName(String name, String existing) implements Ask {}

    record ReadLink(String link) implements Ask {}

    /** {@code modifiedNanos} is {@link #KEEP}, or {@code posixMode} -1, for what is to stay as it is. */
    record SetAttributes(String path, long modifiedNanos, int posixMode) implements Ask {
        public static final long KEEP = Long.MIN_VALUE;
        public static final int KEEP_MODE = -1;
    }

    record RealPath(String path) implements Ask {}

    /** What the host knows of itself under this name, for a person's session; answered with JSON as bytes. */
    record Facts(String name) implements Ask {}

    /** A secret that the run was granted; answered with its value as bytes, in UTF-8. */
    record Secret(String name) implements Ask {}

    /** {@code directory} is where the program starts, an absolute path. */
    record RunProgram(String program, List<String> arguments, byte[] standardInput, String directory) implements Ask {
        public RunProgram {
            arguments = List.copyOf(arguments);
        }
    }

    /**
     * A request for the network.
     *
     * @param headers names and values in turn
     * @param timeoutMillis for all of it; 0 leaves it to the host
     */
    record Http(String method, String url, List<String> headers, byte[] body, long timeoutMillis) implements Ask {
        public Http {
            headers = List.copyOf(headers);
        }
    }
}
