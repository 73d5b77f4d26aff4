package dev.understudy.app.resident;

import java.io.IOException;
import java.io.InterruptedIOException;
import org.jspecify.annotations.Nullable;

/**
 * The terminal of a command that is served. Its own process keeps it: it sets the modes, tells of another size and of signals,
 * and puts it right again when the command ends, however it does.
 */
public final class CallerTerminal {
    /** The process answers at once, or has gone. */
    private static final long PATIENCE_MILLIS = 10_000;

    private final CallerInput.Asking asking;
    private @Nullable TerminalState state;
    private boolean answered;
    private int mode;
    private Listener listener = new Listener() {};

    /** Hears what happens at the terminal; by another thread than the command's. */
    public interface Listener {
        /** It has another size. */
        default void resized() {}

        /** A signal that a key sends, or that says that the process goes on after it was stopped: INT or CONT. */
        default void signal(String name) {}
    }

    CallerTerminal(CallerInput.Asking asking) {
        this.asking = asking;
    }

    /**
     * Takes it over, once.
     *
     * @throws IOException if there is none that can be taken
     */
    public synchronized TerminalState open(Listener listener) throws IOException {
        this.listener = listener;
        asking.ask(new Frame(Frame.TERMINAL));
        long until = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
        while (!answered) {
            long left = (until - System.nanoTime()) / 1_000_000;
            if (left <= 0) break;
            try {
                wait(left);
            } catch (InterruptedException _) {
                throw new InterruptedIOException("the command was interrupted");
            }
        }
        TerminalState found = state;
        if (found == null) throw new IOException("the command has no terminal");
        mode = found.mode();
        return found;
    }

    /** As it is now. */
    public synchronized int mode() {
        return mode;
    }

    /** Sets it, a bit for each {@link TerminalState.Flag} that is on; what is shown before was meant for the old one. */
    public synchronized void mode(int mode) throws IOException {
        if (mode == this.mode) return;
        asking.ask(new Frame(Frame.MODE, (byte) mode));
        this.mode = mode;
    }

    public synchronized int columns() {
        return state == null ? 0 : state.columns();
    }

    public synchronized int rows() {
        return state == null ? 0 : state.rows();
    }

    /** What the process says of it. */
    void hear(Frame frame) throws IOException {
        Listener told;
        synchronized (this) {
            told = listener;
            switch (frame.kind()) {
                case Frame.TERMINAL -> {
                    if (frame.content().length > 0) state = TerminalState.decoded(frame.text());
                    answered = true;
                    notifyAll();
                    return;
                }
                case Frame.SIZE -> {
                    if (state == null) return;
                    state = new TerminalState(frame.number(0), frame.number(1), state.settings());
                }
                default -> {
                    // A signal, told below.
                }
            }
        }
        if (frame.kind() == Frame.SIZE) told.resized();
        else told.signal(frame.text());
    }

    /** Nobody answers any more. */
    synchronized void close() {
        answered = true;
        notifyAll();
    }
}
