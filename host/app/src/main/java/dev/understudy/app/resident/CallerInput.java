package dev.understudy.app.resident;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Arrays;
import java.util.Objects;

/**
 * The standard input of a command that is served, read by its own process as it is asked for here: nothing is read there that
 * was not, so that what the command leaves is there for whoever comes next. One thread at a time reads; others may give and
 * close.
 */
public final class CallerInput extends InputStream {
    /** More is asked for again. */
    static final int MOST = 1 << 16;

    private static final byte[] NOTHING = {};

    private final Asking asking;
    private byte[] held = NOTHING;
    private int taken;
    private boolean asked;
    private boolean ended;
    private boolean touched;
    private int available = -1;

    /** Sends a question to the command's process. */
    interface Asking {
        void ask(Frame question) throws IOException;
    }

    CallerInput(Asking asking) {
        this.asking = asking;
    }

    /** Of a command that has none. */
    public static CallerInput none() {
        var input = new CallerInput(_ -> {});
        input.close();
        return input;
    }

    /** Whether anything of it was asked for, so that its own process would find less. */
    public synchronized boolean isTouched() {
        return touched;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public synchronized int read(byte[] bytes, int from, int length) throws IOException {
        Objects.checkFromIndexSize(from, length, bytes.length);
        if (length == 0) return 0;
        if (!await(length, 0) || left() == 0) return -1;
        int count = Math.min(left(), length);
        System.arraycopy(held, taken, bytes, from, count);
        taken += count;
        return count;
    }

    /**
     * Waits until a byte, or the end, is there to be read.
     *
     * @param most to ask for, where none is there
     * @param millis to wait at most; 0 for as long as it takes
     * @return false if nothing came
     * @throws InterruptedIOException if the thread was interrupted, which it is then no more; nothing is lost by that
     */
    public synchronized boolean await(int most, long millis) throws IOException {
        long until = System.nanoTime() + millis * 1_000_000;
        try {
            while (left() == 0 && !ended) {
                if (!asked) {
                    touched = true;
                    asked = true;
                    asking.ask(Frame.of(Frame.READ, Math.min(most, MOST)));
                    // Whoever is asked may have answered already.
                    continue;
                }
                long wait = (until - System.nanoTime() + 999_999) / 1_000_000;
                if (millis > 0 && wait <= 0) return false;
                wait(millis > 0 ? wait : 0);
            }
            return true;
        } catch (InterruptedException _) {
            throw interrupted();
        }
    }

    private static InterruptedIOException interrupted() {
        return new InterruptedIOException("the command was interrupted");
    }

    private int left() {
        return held.length - taken;
    }

    /** As the command's own process would be told. */
    @Override
    public synchronized int available() throws IOException {
        if (left() > 0 || ended) return left();
        // The process has its hands full with the read that waits.
        if (asked) return 0;
        available = -1;
        asking.ask(new Frame(Frame.AVAILABLE));
        try {
            while (available < 0 && !ended) wait();
        } catch (InterruptedException _) {
            throw interrupted();
        }
        return Math.max(0, available);
    }

    /** What the process has read; nothing for its end. */
    synchronized void give(byte[] content) {
        asked = false;
        if (content.length == 0) ended = true;
        else if (!ended) {
            byte[] more = Arrays.copyOfRange(held, taken, held.length + content.length);
            System.arraycopy(content, 0, more, left(), content.length);
            taken = 0;
            held = more;
        }
        notifyAll();
    }

    synchronized void giveAvailable(int count) {
        available = Math.max(0, count);
        notifyAll();
    }

    /** Ends it for whoever reads. */
    @Override
    public synchronized void close() {
        ended = true;
        notifyAll();
    }
}
