package dev.understudy.spi.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.spi.Task;
import dev.understudy.spi.TaskSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What holds for every {@link TaskSource}. Extend it, name a source and a sample, and the tests below are yours.
 */
public abstract class TaskSourceContract {

    private static final Path PATH = Path.of("/home/ada/sample");
    private static final Instant LAST_MODIFIED = Instant.parse("2026-11-16T12:00:00Z");

    /**
     * An input of the source's format.
     *
     * @param fileName as such a file is usually called
     * @param text all of it, with at least two tasks and nothing that cannot be read
     * @param tasks how many tasks it holds
     * @param charset in which its bytes are written
     */
    public record Sample(String fileName, String text, int tasks, Charset charset) {
        /** A sample whose bytes are UTF-8. */
        public Sample(String fileName, String text, int tasks) {
            this(fileName, text, tasks, StandardCharsets.UTF_8);
        }

        /** The bytes of such a file. */
        public byte[] bytes() {
            return text.getBytes(charset);
        }
    }

    /** All that a source said of one input. */
    public record Reading(List<Task> tasks, List<Long> skippedLines, List<String> reasons, List<String> notes) {}

    /** The source under test. */
    protected abstract TaskSource source();

    /** An input of its format. */
    protected abstract Sample sample();

    /** Reads bytes as the host does. */
    protected final Reading read(byte[] bytes) throws IOException {
        return read(bytes, PATH);
    }

    /** Reads text as the host reads its UTF-8 bytes. */
    protected final Reading read(String text) throws IOException {
        return read(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Reads bytes as if they lay at a path. */
    protected final Reading read(byte[] bytes, Path path) throws IOException {
        return read(new ByteArrayInputStream(bytes), path);
    }

    private Reading read(InputStream stream, Path path) throws IOException {
        var reading = new Reading(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        Path folder = path.getParent() == null ? path : path.getParent();
        source().read(new TaskSource.Input(path, stream, LAST_MODIFIED, folder), new TaskSource.TaskSink() {
            @Override
            public void accept(Task task) {
                reading.tasks().add(task);
            }

            @Override
            public void skip(long line, String reason) {
                reading.skippedLines().add(line);
                reading.reasons().add(reason);
            }

            @Override
            public void note(String text) {
                reading.notes().add(text);
            }
        });
        return reading;
    }

    private double confidence(String fileName, byte[] bytes) {
        return source().confidence(new TaskSource.Probe(fileName, new String(bytes, StandardCharsets.UTF_8)));
    }

    @Test
    void hasANameForTheCommandLineAndALineForPeople() {
        assertThat(source().name()).matches("[a-z][a-z0-9_-]*");
        assertThat(source().description()).isNotBlank().doesNotContain("\n");
    }

    @Test
    void isSureOfItsSample() {
        assertThat(confidence(sample().fileName(), sample().bytes())).isBetween(0.5, 1.0);
    }

    @Test
    void claimsNoBinaryFile() {
        byte[] binary = {0x7F, 'E', 'L', 'F', 0, 0, 0, 1, (byte) 0xFF, (byte) 0xFE, 0, '\n', 0};
        assertThat(confidence(sample().fileName(), binary)).isZero();
        assertThat(confidence("a.out", binary)).isZero();
    }

    @Test
    void readsEveryTaskOfItsSample() throws IOException {
        Reading reading = read(sample().bytes());
        assertThat(reading.tasks()).hasSize(sample().tasks());
        assertThat(reading.reasons()).isEmpty();
    }

    @Test
    void givesEveryTaskAnIdOfItsOwn() throws IOException {
        assertThat(read(sample().bytes()).tasks()).extracting(Task::id).doesNotHaveDuplicates();
    }

    @Test
    void givesTheSameTasksAgain() throws IOException {
        assertThat(read(sample().bytes())).isEqualTo(read(sample().bytes()));
    }

    @Test
    void givesTheSameTasksHoweverTheStreamIsCut() throws IOException {
        var oneByteAtATime = new ByteArrayInputStream(sample().bytes()) {
            @Override
            public synchronized int read(byte[] target, int offset, int length) {
                return super.read(target, offset, Math.min(1, length));
            }
        };
        assertThat(read(oneByteAtATime, PATH)).isEqualTo(read(sample().bytes()));
    }

    @Test
    void keepsTheIdsOfTasksWhenTheFileGrows() throws IOException {
        byte[] sample = sample().bytes();
        var grown = new byte[sample.length * 2];
        System.arraycopy(sample, 0, grown, 0, sample.length);
        System.arraycopy(sample, 0, grown, sample.length, sample.length);
        List<String> before = read(sample).tasks().stream().map(Task::id).toList();
        assertThat(read(grown).tasks()).extracting(Task::id).startsWith(before.toArray(new String[0]));
    }

    @Test
    void saysNothingOfAnEmptyInput() throws IOException {
        assertThat(read(new byte[0])).isEqualTo(new Reading(List.of(), List.of(), List.of(), List.of()));
    }

    @Test
    void goesOnAfterWhatItCannotRead() throws IOException {
        byte[] garbage = "\u0001\"'`${(<<<\n".getBytes(StandardCharsets.UTF_8);
        var bytes = new byte[garbage.length + sample().bytes().length];
        System.arraycopy(garbage, 0, bytes, 0, garbage.length);
        System.arraycopy(sample().bytes(), 0, bytes, garbage.length, sample().bytes().length);
        Reading reading = read(bytes);
        assertThat(reading.tasks().size()).isGreaterThanOrEqualTo(sample().tasks() - 1);
        assertThat(reading.reasons()).noneMatch(reason -> reason.contains("\u0001") || reason.contains("\n"));
        assertThat(reading.skippedLines()).allMatch(line -> line >= 1);
    }

    @Test
    void survivesInvalidUtf8() throws IOException {
        byte[] bytes = sample().bytes().clone();
        bytes[bytes.length / 2] = (byte) 0xFF;
        Reading reading = read(bytes);
        assertThat(reading.tasks().size() + reading.reasons().size()).isPositive();
    }

    @Test
    void tellsAStreamThatFails() {
        var failing = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the disk is gone");
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                return read();
            }
        };
        assertThatThrownBy(() -> read(failing, PATH))
                .isInstanceOf(IOException.class)
                .hasMessage("the disk is gone");
    }

    @Test
    void discoversNothingInAnEmptyHome(@TempDir Path home) {
        assertThat(source().discover(home, Map.of())).isEmpty();
    }
}
