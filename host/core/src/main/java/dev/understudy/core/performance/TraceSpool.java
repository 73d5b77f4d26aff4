package dev.understudy.core.performance;

import dev.understudy.core.config.DataHome;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * Requests that were acknowledged and whose traces are not in the store yet, on the disk: a kill loses none of them. Files
 * that are only added to, each to be deleted once nothing in it is needed. Appending and the rest are for one thread each.
 */
final class TraceSpool implements AutoCloseable {
    private static final long SEGMENT_BYTES = 16 << 20;
    private static final int HEADER_BYTES = Integer.BYTES + Integer.BYTES + 1;
    private static final String SUFFIX = ".otlp";

    private final Path folder;
    private final SortedMap<Long, Path> segments = new TreeMap<>();
    private final long first;
    private long newest;
    private FileChannel channel;

    private TraceSpool(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
        try (Stream<Path> files = Files.list(folder)) {
            files.filter(file -> file.getFileName().toString().matches("\\d{1,18}" + SUFFIX))
                    .forEach(file -> segments.put(number(file), file));
        }
        first = segments.isEmpty() ? 1 : segments.lastKey() + 1;
        newest = first;
        channel = create(first);
    }

    /** Opens the spool in a folder; what an earlier process left there waits for {@link #replay}. */
    static TraceSpool open(Path folder) throws IOException {
        return new TraceSpool(folder);
    }

    private static long number(Path file) {
        String name = file.getFileName().toString();
        return Long.parseLong(name.substring(0, name.length() - SUFFIX.length()));
    }

    private FileChannel create(long number) throws IOException {
        Path file = folder.resolve(number + SUFFIX);
        DataHome.createPrivateFile(file);
        FileChannel created = FileChannel.open(file, StandardOpenOption.WRITE);
        synchronized (segments) {
            segments.put(number, file);
        }
        return created;
    }

    /**
     * Adds requests; they are on the disk when this returns.
     *
     * @return the number of the file that they are in
     */
    long append(List<OtlpRequest> requests) throws IOException {
        if (channel.size() >= SEGMENT_BYTES) {
            FileChannel next = create(newest + 1);
            channel.close();
            channel = next;
            newest++;
        }
        long start = channel.position();
        try {
            for (OtlpRequest request : requests) {
                byte[] body = request.body();
                ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES)
                        .putInt(body.length)
                        .putInt(checksum(body))
                        .put(request.form().mark())
                        .flip();
                ByteBuffer[] both = {header, ByteBuffer.wrap(body)};
                while (both[1].hasRemaining() || header.hasRemaining()) channel.write(both);
            }
            channel.force(false);
            return newest;
        } catch (IOException e) {
            // What was not acknowledged must not stand before what will be.
            channel.truncate(start);
            throw e;
        }
    }

    private static int checksum(byte[] body) {
        var crc = new CRC32();
        crc.update(body);
        return (int) crc.getValue();
    }

    /** Gives all that an earlier process left, oldest first. What it was writing when it was killed was not acknowledged. */
    void replay(BiConsumer<OtlpRequest, Long> taker) throws IOException {
        for (var segment : new TreeMap<>(segments.headMap(first)).entrySet()) {
            try (InputStream stream = Files.newInputStream(segment.getValue());
                    var data = new DataInputStream(new BufferedInputStream(stream, 1 << 16))) {
                long left = Files.size(segment.getValue());
                while (left >= HEADER_BYTES) {
                    int length = data.readInt();
                    int checksum = data.readInt();
                    Optional<OtlpRequest.Form> form = OtlpRequest.Form.of(data.readByte());
                    left -= HEADER_BYTES;
                    if (length < 0 || length > left || form.isEmpty()) break;
                    byte[] body = data.readNBytes(length);
                    left -= length;
                    if (checksum(body) != checksum) break;
                    taker.accept(new OtlpRequest(form.get(), body), segment.getKey());
                }
            } catch (EOFException _) {
                // It has become shorter than it was a moment ago; what is there was read.
            }
        }
    }

    /** The bytes that lie in it. */
    long bytes() {
        long sum = 0;
        synchronized (segments) {
            for (Path file : segments.values()) sum += file.toFile().length();
        }
        return sum;
    }

    /** Deletes the files before the one of this number. */
    void release(long before) {
        synchronized (segments) {
            SortedMap<Long, Path> done = segments.headMap(before);
            for (Path file : done.values()) delete(file);
            done.clear();
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes all files: nothing in them is needed any more. */
    void clear() throws IOException {
        channel.close();
        release(Long.MAX_VALUE);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
