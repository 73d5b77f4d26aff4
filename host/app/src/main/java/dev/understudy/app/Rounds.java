package dev.understudy.app;

import org.jspecify.annotations.Nullable;

/** What is done at each save of a person's: one round at a time, and one that is under way is given up for the next. */
final class Rounds implements AutoCloseable {
    private final Round round;
    private @Nullable Thread current;
    private boolean closed;

    /** What is done of each save; an interrupt gives it up. */
    @FunctionalInterface
    interface Round {
        void run() throws InterruptedException;
    }

    Rounds(Round round) {
        this.round = round;
    }

    /** Gives up the round that is under way, waits for its end, and begins the next. */
    synchronized void begin() {
        if (closed) return;
        stop();
        current = Thread.ofPlatform().daemon().name("dev").start(this::run);
    }

    private void run() {
        try {
            round.run();
        } catch (InterruptedException _) {
            // Another save, or the end.
        }
    }

    private void stop() {
        if (current == null) return;
        current.interrupt();
        try {
            current.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        stop();
    }
}
