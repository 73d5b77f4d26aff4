package dev.understudy.core.automation;

import dev.understudy.core.config.DataHome;
import dev.understudy.core.problem.UserException;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Has the runs of one automation follow each other, those of other processes on this data home included: whose turn it is holds
 * a locked file, and the system frees the lock when the host ends, however it ends. Safe for use by several threads.
 */
final class Turns {
    private final Path folder;
    /** Automations whose turn this process has, or waits for at the file. */
    private final Set<String> own = new HashSet<>();

    Turns(Path folder) {
        this.folder = folder;
    }

    Turn of(String automationId) {
        return new Turn(automationId);
    }

    /** A turn of one run: to be taken once, and to be released. */
    final class Turn {
        private final String automationId;
        private @Nullable FileChannel channel;
        private boolean owns;
        private boolean taken;
        private boolean cancelled;

        private Turn(String automationId) {
            this.automationId = automationId;
        }

        /** Takes it if no other run has it. */
        boolean takeNow() {
            synchronized (Turns.this) {
                if (!own.add(automationId)) return false;
                owns = true;
            }
            try {
                FileChannel file = open();
                taken = file.tryLock() != null;
            } catch (IOException e) {
                release();
                throw unusable(e);
            }
            if (!taken) release();
            return taken;
        }

        /** Waits for it; false if it was cancelled meanwhile. */
        boolean take() throws InterruptedException {
            synchronized (Turns.this) {
                while (!cancelled && own.contains(automationId)) Turns.this.wait();
                if (cancelled) return false;
                owns = own.add(automationId);
            }
            try {
                FileChannel file = open();
                file.lock();
                synchronized (Turns.this) {
                    taken = !cancelled;
                }
            } catch (FileLockInterruptionException _) {
                release();
                throw new InterruptedException();
            } catch (AsynchronousCloseException _) {
                taken = false;
            } catch (IOException e) {
                release();
                throw unusable(e);
            }
            if (!taken) release();
            return taken;
        }

        private FileChannel open() throws IOException {
            // Never deleted: who waits at a file that is gone would not see who locks the next of its name.
            Path file = folder.resolve(automationId + ".turn");
            DataHome.createPrivateFile(file);
            FileChannel opened = FileChannel.open(file, StandardOpenOption.WRITE);
            synchronized (Turns.this) {
                channel = opened;
                if (cancelled) opened.close();
            }
            return opened;
        }

        /** Ends the wait for it; no effect once it is taken. */
        void cancel() {
            synchronized (Turns.this) {
                if (taken) return;
                cancelled = true;
                Turns.this.notifyAll();
                closeChannel();
            }
        }

        /** Lets the next have it; no effect if it was not taken. */
        void release() {
            synchronized (Turns.this) {
                closeChannel();
                if (owns) own.remove(automationId);
                owns = false;
                Turns.this.notifyAll();
            }
        }

        private void closeChannel() {
            FileChannel open = channel;
            channel = null;
            try {
                if (open != null) open.close();
            } catch (IOException e) {
                throw unusable(e);
            }
        }

        private UserException unusable(IOException e) {
            return UserException.failed(
                    "The automation " + automationId + " does not run",
                    "whether another run of it is under way cannot be found out: "
                            + e.getClass().getSimpleName() + " " + e.getMessage(),
                    "Make the data home writable, or name another one with --home",
                    e);
        }
    }
}
