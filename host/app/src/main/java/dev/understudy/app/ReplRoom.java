package dev.understudy.app;

import dev.understudy.core.Understudy;
import java.io.IOException;
import java.util.Map;

/**
 * The sessions of one REPL, at which more than one terminal may sit: what one grants, sets or changes, all have. Closed by each
 * of them; the sessions and their cells end with the last.
 */
final class ReplRoom implements AutoCloseable {
    private final ReplFacts facts;
    private final ReplSessions sessions;
    private int guests = 1;
    private Runnable afterwards = () -> {};

    ReplRoom(Understudy understudy, ReplTerms terms, ReplLanguage language) {
        this(understudy, terms, language, Map.of());
    }

    /** @param elsewhere how sessions are begun that are not in the sandbox */
    ReplRoom(
            Understudy understudy,
            ReplTerms terms,
            ReplLanguage language,
            Map<ReplLanguage, ReplSessions.Opening> elsewhere) {
        facts = new ReplFacts(understudy);
        sessions = new ReplSessions(understudy.sandbox(), facts, terms, language, elsewhere);
    }

    ReplSessions sessions() {
        return sessions;
    }

    /** How many sit at it; none once it is closed. */
    synchronized int guests() {
        return guests;
    }

    /** False if it is closed. */
    synchronized boolean enter() {
        if (guests == 0) return false;
        guests++;
        return true;
    }

    /** Has something done when the last has gone. */
    synchronized void afterwards(Runnable action) {
        afterwards = action;
    }

    @Override
    public void close() throws IOException {
        synchronized (this) {
            guests--;
            if (guests > 0) return;
        }
        try (facts;
                sessions) {
            // All of it, whatever fails.
        } finally {
            afterwards.run();
        }
    }
}
