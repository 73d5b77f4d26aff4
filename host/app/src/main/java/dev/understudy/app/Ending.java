package dev.understudy.app;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * How a command hears that it shall end: by Ctrl-C or another signal, or by the word of the command that a host serves. What
 * has nothing to put in order need not listen.
 */
final class Ending {
    private final CountDownLatch done = new CountDownLatch(1);
    private final List<Runnable> actions = new ArrayList<>();
    private boolean asked;
    private boolean listened;
    private @Nullable Thread hook;

    /** Something to do when the command shall end, until closed. */
    final class Watch implements AutoCloseable {
        private final Runnable action;

        private Watch(Runnable action) {
            this.action = action;
        }

        @Override
        public void close() {
            synchronized (Ending.this) {
                actions.remove(action);
            }
        }
    }

    /** Of this process: signals ask it, and the process ends once the command is done if it had something to put in order. */
    static Ending ofProcess() {
        var ending = new Ending();
        ending.hook = new Thread(ending::endProcess, "ending");
        return ending;
    }

    private void endProcess() {
        if (!ask()) return;
        try {
            done.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Has the action done, by another thread, when the command shall end; at once if that is so already. */
    synchronized Watch whenAsked(Runnable action) {
        if (!listened && hook != null) {
            try {
                Runtime.getRuntime().addShutdownHook(hook);
            } catch (IllegalStateException _) {
                asked = true;
            }
        }
        listened = true;
        actions.add(action);
        if (asked) action.run();
        return new Watch(action);
    }

    /** Asks it to end; false if it has nothing to put in order. */
    synchronized boolean ask() {
        asked = true;
        List.copyOf(actions).forEach(Runnable::run);
        return !actions.isEmpty();
    }

    synchronized boolean asked() {
        return asked;
    }

    /** The command has said all that it has to say. */
    void done() {
        done.countDown();
    }
}
