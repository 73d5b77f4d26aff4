package dev.understudy.app;

import java.util.concurrent.CountDownLatch;

/**
 * Lets Ctrl-C, or another signal that asks the process to end, interrupt the thread that opened this, and the process end only
 * when that has put everything in order and closed this.
 */
final class Interruption implements AutoCloseable {
    private final Thread worker = Thread.currentThread();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean asked;
    private final Thread hook = new Thread(this::end, "interruption");

    Interruption() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Called when the process is asked to end. */
    private void end() {
        asked = true;
        worker.interrupt();
        try {
            closed.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
    }

    /** Whether the process was asked to end. */
    boolean asked() {
        return asked;
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // The process is ending, and the hook waits for this.
        }
        closed.countDown();
    }
}
