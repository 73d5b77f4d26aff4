package dev.understudy.sandbox.cell;

import dev.understudy.sandbox.protocol.FromCell;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;

/** What a script prints on one channel, sent by the line or by the chunk, whichever is more. */
final class GuestOutput extends OutputStream {
    private static final int CHUNK_BYTES = 8 * 1024;
    private static final long FLUSH_NANOS = 20_000_000;

    private final HostLink host;
    private final FromCell.Channel channel;
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream(256);
    private long lastFlushNanos;

    GuestOutput(HostLink host, FromCell.Channel channel) {
        this.host = host;
        this.channel = channel;
    }

    @Override
    public synchronized void write(int value) {
        pending.write(value);
        if (value == '\n') flushIfDue();
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
        int at = offset;
        int left = length;
        while (left > 0) {
            int part = Math.min(left, CHUNK_BYTES);
            pending.write(bytes, at, part);
            at += part;
            left -= part;
            if (pending.size() >= CHUNK_BYTES) sendPending();
        }
        if (length > 0 && bytes[offset + length - 1] == '\n') flushIfDue();
    }

    /** The guest flushes after every print; the host hears of it within the interval or at the end of the run. */
    @Override
    public synchronized void flush() {
        flushIfDue();
    }

    synchronized void sendPending() {
        if (pending.size() == 0) return;
        byte[] bytes = pending.toByteArray();
        pending.reset();
        lastFlushNanos = System.nanoTime();
        host.send(new FromCell.Output(channel, bytes));
    }

    private void flushIfDue() {
        if (System.nanoTime() - lastFlushNanos > FLUSH_NANOS) sendPending();
    }
}
