package dev.understudy.spi;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.pf4j.ExtensionPoint;

/**
 * Reads tasks from a file or stream of one format.
 *
 * <p>The host calls it from one thread at a time per input. Implementations are stateless: one object may read several
 * inputs, one after the other or side by side. Secrets need no care here: the host removes them before it stores.
 */
public interface TaskSource extends ExtensionPoint {

    /** Stable name as written on the command line, for example {@code jsonl} or {@code bash}. */
    String name();

    /** One line for people that says which files this reads. */
    String description();

    /**
     * Tells how sure this source is that it can read the input, from 0.0 (cannot) to 1.0 (certain). Of several sources
     * the surest reads; none reads an input for which all say 0.
     */
    double confidence(Probe probe);

    /**
     * Tells that the input is of a kind which this source knows and which cannot be read, so that no other source takes it
     * for something that it is not. Asked before {@link #confidence}.
     */
    default Optional<Refusal> refusal(Probe probe) {
        return Optional.empty();
    }

    /** Files that exist on this machine and that {@code learn} reads when it is given none. */
    default List<Path> discover(Path homeDirectory) {
        return List.of();
    }

    /**
     * The same where variables may name other places, for example {@code XDG_DATA_HOME} or {@code ZDOTDIR}. The host
     * calls this one.
     *
     * @param environment the variables of this process; what it holds is for finding files only
     */
    default List<Path> discover(Path homeDirectory, Map<String, String> environment) {
        return discover(homeDirectory);
    }

    /**
     * Reads the whole input in order. What cannot be read goes to {@link TaskSink#skip} and reading goes on.
     *
     * @throws RefusedException if the input cannot be read as it is or with these options; nothing of it is taken then
     * @throws IOException if the stream fails
     */
    void read(Input input, TaskSink sink) throws IOException;

    /**
     * What a source sees of an input before it reads it.
     *
     * @param path the absolute path, whose folders may tell whose file it is
     * @param head the first 64 KiB at most, decoded as UTF-8 (or UTF-16, where it is that) with U+FFFD for what is
     *     malformed; may be empty. A binary file shows by the NUL characters in it.
     * @param tables what is in it if it is an SQLite database: its first bytes need not tell
     */
    record Probe(Path path, String head, Optional<Tables> tables) {
        /** An input that is no database. */
        public Probe(Path path, String head) {
            this(path, head, Optional.empty());
        }

        /** An input whose folder tells nothing. */
        public Probe(String fileName, String head) {
            this(Path.of("/", fileName), head);
        }

        /** The last part of the path; empty for a root. */
        public String fileName() {
            Path name = path.getFileName();
            return name == null ? "" : name.toString();
        }
    }

    /**
     * Why an input cannot be read.
     *
     * @param reason what it is, as the end of a sentence, for example "it is the history of PowerShell, …"
     * @param mend what one can do instead, as a sentence without its full stop
     */
    record Refusal(String reason, String mend) {}

    /** An input that turns out on reading to be none that the source can read. */
    final class RefusedException extends IOException {
        private static final long serialVersionUID = 1;

        private final transient Refusal refusal;

        /** Refuses an input for a reason that a person can mend. */
        public RefusedException(Refusal refusal) {
            super(refusal.reason());
            this.refusal = refusal;
        }

        /** Why, and what one can do instead. */
        public Refusal refusal() {
            return refusal;
        }
    }

    /** The options that {@link Input#options} may hold for this source, by name, with a line for people each. */
    default Map<String, String> options() {
        return Map.of();
    }

    /**
     * An input to read.
     *
     * @param path the absolute path, which a source needs for messages and for stable ids only
     * @param stream the bytes, in UTF-8 where the file is text in UTF-16; the caller closes it
     * @param lastModified of the file, the base of estimated time stamps
     * @param baseDirectory the absolute folder to which relative paths in the input belong
     * @param options what the person said about the input, by names of {@link #options}; empty for nothing
     * @param tables what is in it if it is an SQLite database, which the host reads for its sources; usable until {@link #read}
     *     returns
     */
    record Input(
            Path path,
            InputStream stream,
            Instant lastModified,
            Path baseDirectory,
            Map<String, String> options,
            Optional<Tables> tables) {
        public Input {
            options = Map.copyOf(options);
        }

        /** An input that is no database. */
        public Input(
                Path path, InputStream stream, Instant lastModified, Path baseDirectory, Map<String, String> options) {
            this(path, stream, lastModified, baseDirectory, options, Optional.empty());
        }

        /** An input of which the person said nothing. */
        public Input(Path path, InputStream stream, Instant lastModified, Path baseDirectory) {
            this(path, stream, lastModified, baseDirectory, Map.of());
        }
    }

    /** The tables of an SQLite database as they were when reading began. */
    interface Tables {
        /**
         * The names of a table's columns, in their order; none if there is no such table.
         *
         * @throws IOException if the database is damaged
         */
        List<String> columns(String table) throws IOException;

        /**
         * Gives the rows of a table, each with its values in the order of the columns that were asked for: {@code Long},
         * {@code Double}, {@code String}, {@code byte[]} or null.
         *
         * @param columns of the table
         * @param order columns by which the rows are sorted; none for the order in which they were written
         * @throws IOException if the database is damaged, or there is no such table or column
         */
        void rows(String table, List<String> columns, List<String> order, Consumer<List<@Nullable Object>> row)
                throws IOException;
    }

    /** Takes what a source reads. */
    interface TaskSink {
        /** Takes the next task. */
        void accept(Task task);

        /**
         * Notes an entry that could not be read.
         *
         * @param line its first line, counted from 1
         * @param reason one line for people, without the entry's text (it may hold a secret)
         */
        void skip(long line, String reason);

        /** Notes something worth knowing about the whole input, for example that time stamps are estimates. */
        void note(String text);
    }
}
