package dev.understudy.sandbox.cell;

import dev.understudy.sandbox.protocol.Frames;
import dev.understudy.sandbox.protocol.FromCell;
import dev.understudy.sandbox.protocol.ToCell;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SeekableByteChannel;
import java.util.Arrays;

/**
 * An open file of the host's view. Reads ahead and writes behind by the chunk, since each question costs a round trip;
 * what is written behind reaches the host before any other question does, so nobody in the run sees a difference.
 */
final class RemoteChannel implements SeekableByteChannel {
    private static final byte[] NOTHING = {};

    private final GuestFiles files;
    private final int handle;
    private final String path;
    private final Place place;
    private long position;
    private boolean open = true;

    private byte[] ahead = NOTHING;
    private long aheadAt;

    private byte[] behind = NOTHING;
    private long behindAt;
    private int behindLength;

    /** Where writes go. */
    enum Place {
        FREE,
        APPEND
    }

    RemoteChannel(GuestFiles files, int handle, String path, Place place) {
        this.files = files;
        this.handle = handle;
        this.path = path;
        this.place = place;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        requireOpen();
        if (!target.hasRemaining()) return 0;
        long offset = position - aheadAt;
        if (behindLength > 0 || offset < 0 || offset >= ahead.length) {
            var answer = (ToCell.Bytes) files.ask(new FromCell.Read(handle, position, Frames.CHUNK_BYTES), path);
            ahead = answer.value();
            aheadAt = position;
            offset = 0;
        }
        int count = Math.min(target.remaining(), ahead.length - (int) offset);
        if (count == 0) return -1;
        target.put(ahead, (int) offset, count);
        position += count;
        return count;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        requireOpen();
        // Wherever it was set to meanwhile.
        if (place == Place.APPEND) position = behindLength == 0 ? size() : behindAt + behindLength;
        if (behindLength > 0 && position != behindAt + behindLength) flush();
        int count = source.remaining();
        while (source.hasRemaining()) {
            if (behindLength == 0) behindAt = position;
            int room = Math.min(source.remaining(), Frames.CHUNK_BYTES - behindLength);
            if (behind.length < behindLength + room)
                behind = Arrays.copyOf(
                        behind, Math.min(Frames.CHUNK_BYTES, Math.max(behindLength + room, behind.length * 2)));
            source.get(behind, behindLength, room);
            behindLength += room;
            position += room;
            if (behindLength == Frames.CHUNK_BYTES) flush();
        }
        files.wrote(path);
        return count;
    }

    /** Sends what was written behind. */
    void flush() throws IOException {
        if (behindLength == 0) return;
        byte[] bytes = Arrays.copyOf(behind, behindLength);
        behindLength = 0;
        files.ask(new FromCell.Write(handle, behindAt, bytes), path);
    }

    @Override
    public long position() throws IOException {
        requireOpen();
        return position;
    }

    @Override
    public SeekableByteChannel position(long newPosition) throws IOException {
        requireOpen();
        if (newPosition < 0) throw new IllegalArgumentException("negative position " + newPosition);
        position = newPosition;
        return this;
    }

    @Override
    public long size() throws IOException {
        requireOpen();
        return ((ToCell.Length) files.ask(new FromCell.Size(handle), path)).value();
    }

    /** As the system does, and Python has it, not as Java's channels: it lengthens, too, and the position stays where it is. */
    @Override
    public SeekableByteChannel truncate(long size) throws IOException {
        requireOpen();
        if (size != size()) {
            files.ask(new FromCell.Truncate(handle, size), path);
            files.wrote(path);
        }
        return this;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void close() throws IOException {
        if (!open) return;
        open = false;
        files.forget(this);
        flush();
        files.ask(new FromCell.Close(handle), path);
    }

    void forgetAhead(String written) {
        if (path.equals(written)) forgetAhead();
    }

    void forgetAhead() {
        ahead = NOTHING;
    }

    /** Closes without telling the host, which closes all that a run left open. */
    void abandon() {
        open = false;
    }

    private void requireOpen() throws ClosedChannelException {
        if (!open) throw new ClosedChannelException();
    }
}
