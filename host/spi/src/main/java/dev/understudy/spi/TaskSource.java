package dev.understudy.spi;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
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

    /** Files that exist on this machine and that {@code learn} reads when it is given none. */
    default List<Path> discover(Path homeDirectory) {
        return List.of();
    }

    /**
     * Reads the whole input in order. What cannot be read goes to {@link TaskSink#skip} and reading goes on.
     *
     * @throws IOException if the stream fails; what was accepted before stays accepted
     */
    void read(Input input, TaskSink sink) throws IOException;

    /**
     * What a source sees of an input before it reads it.
     *
     * @param fileName the last part of the path
     * @param head the first 64 KiB at most, decoded as UTF-8 with U+FFFD for what is malformed; may be empty. A binary
     *     file shows by the NUL characters in it.
     */
    record Probe(String fileName, String head) {}

    /**
     * An input to read.
     *
     * @param path the absolute path, which a source needs for messages and for stable ids only
     * @param stream the bytes; the caller closes it
     * @param lastModified of the file, the base of estimated time stamps
     * @param baseDirectory the absolute folder to which relative paths in the input belong
     */
    record Input(Path path, InputStream stream, Instant lastModified, Path baseDirectory) {}

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
