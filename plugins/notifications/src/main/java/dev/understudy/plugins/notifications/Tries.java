package dev.understudy.plugins.notifications;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Sends something, and again after each of some pauses while it does not get through. Immutable.
 *
 * @param pauses before each further try
 */
record Tries(List<Duration> pauses) {
    Tries {
        pauses = List.copyOf(pauses);
    }

    /** One try. */
    @FunctionalInterface
    interface Attempt {
        /**
         * @throws Rejected if another try would end like this one
         * @throws IOException if another may get through
         */
        void make() throws IOException, InterruptedException;
    }

    /** The other side does not want it, however often it is sent. */
    static final class Rejected extends IOException {
        private static final long serialVersionUID = 1;

        Rejected(String message) {
            super(message);
        }

        Rejected(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** @throws IOException that says with what the last try ended, and how many there were if more than one was of use */
    void send(Attempt attempt) throws IOException, InterruptedException {
        for (int tried = 1; ; tried++) {
            try {
                attempt.make();
                return;
            } catch (Rejected e) {
                throw e;
            } catch (IOException e) {
                if (tried > pauses.size()) throw new IOException(e.getMessage() + " (tried " + tried + " times)", e);
            }
            Thread.sleep(pauses.get(tried - 1));
        }
    }
}
