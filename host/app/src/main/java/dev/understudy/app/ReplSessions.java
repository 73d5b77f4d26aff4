package dev.understudy.app;

import dev.understudy.core.problem.UserException;
import dev.understudy.core.sandbox.Sandbox;
import dev.understudy.sandbox.control.RunReport.FileChange;
import dev.understudy.sandbox.control.cells.ReplSession;
import dev.understudy.sandbox.control.cells.SessionFacts;
import dev.understudy.sandbox.control.cells.SessionFiles;
import dev.understudy.sandbox.control.files.FileViewException;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One person's sessions: one in each language that was used, on files that all of them share. Each begins when it is used.
 * Safe for use by several threads, of which one at a time uses a session.
 */
final class ReplSessions implements AutoCloseable {
    private final Sandbox sandbox;
    private final SessionFacts facts;
    private final Map<ReplLanguage, Opening> elsewhere;
    private final Map<ReplLanguage, ReplSession> open = new EnumMap<>(ReplLanguage.class);
    private volatile ReplTerms terms;
    private volatile ReplLanguage language;
    private @Nullable SessionFiles files;
    private volatile @Nullable ReplSession current;

    /** @param elsewhere how sessions are begun that are not in the sandbox */
    ReplSessions(
            Sandbox sandbox,
            SessionFacts facts,
            ReplTerms terms,
            ReplLanguage language,
            Map<ReplLanguage, Opening> elsewhere) {
        this.elsewhere = Map.copyOf(elsewhere);
        this.sandbox = sandbox;
        this.facts = facts;
        this.terms = terms;
        this.language = language;
    }

    /** Begins a session. */
    interface Opening {
        ReplSession session() throws IOException;
    }

    /** Whether what is typed now runs in the host's own process, without a sandbox. */
    boolean isTrusted() {
        return elsewhere.containsKey(language);
    }

    /** What is done with a session. */
    interface Use<T> {
        T of(ReplSession session) throws IOException, InterruptedException;
    }

    synchronized <T> T use(Use<T> use) throws IOException, InterruptedException {
        // Another thread may change it meanwhile.
        ReplLanguage spoken = language;
        ReplSession session = open.get(spoken);
        if (session == null) {
            Opening opening = elsewhere.get(spoken);
            session = opening != null ? opening.session() : sandbox.openSession(terms.request(spoken), files(), facts);
            open.put(spoken, session);
        }
        current = session;
        return use.of(session);
    }

    /** Begins to start what the first entry needs, so that the person types meanwhile. */
    void warmUp() {
        Thread.ofPlatform().daemon().name("repl-warm-up").start(() -> {
            try {
                var _ = use(session -> session.members(""));
            } catch (IOException | UserException _) {
                // The first entry meets the same, and tells it.
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private SessionFiles files() throws InterruptedException {
        SessionFiles opened = files;
        if (opened == null) {
            opened = sandbox.openSessionFiles(terms.request(ReplLanguage.JAVASCRIPT));
            files = opened;
        }
        return opened;
    }

    ReplTerms terms() {
        return terms;
    }

    /**
     * Takes other terms for all that follows.
     *
     * @return whether a session lost its state by it
     * @throws UserException if there are changes that were not committed, or what is granted cannot be given
     */
    synchronized ReplSession.State change(ReplTerms other) throws IOException, InterruptedException {
        int pending = changes().size();
        if (pending > 0)
            throw UserException.notAllowed(
                    "Nothing was granted or limited otherwise",
                    pending + (pending == 1 ? " change is" : " changes are") + " not committed",
                    "Write %commit or %discard first");
        try {
            if (files != null) files.reopen(other.request(ReplLanguage.JAVASCRIPT));
        } catch (FileViewException e) {
            throw UserException.notAllowed("Nothing was changed", String.valueOf(e.getMessage()), "Choose another");
        }
        terms = other;
        var state = ReplSession.State.KEPT;
        for (Map.Entry<ReplLanguage, ReplSession> each : open.entrySet())
            if (each.getValue().use(other.request(each.getKey())) == ReplSession.State.LOST)
                state = ReplSession.State.LOST;
        return state;
    }

    ReplLanguage language() {
        return language;
    }

    void speak(ReplLanguage other) {
        language = other;
    }

    /** What was changed and not committed. */
    synchronized List<FileChange> changes() throws IOException {
        return files == null ? List.of() : files.changes();
    }

    synchronized SessionFiles.Committed commit() throws IOException, InterruptedException {
        try {
            return files().commit();
        } catch (FileViewException e) {
            return new SessionFiles.Committed.Refused(String.valueOf(e.getMessage()));
        }
    }

    synchronized void discard() throws IOException, InterruptedException {
        try {
            files().reopen(terms.request(ReplLanguage.JAVASCRIPT));
        } catch (FileViewException e) {
            throw UserException.failed("Nothing was discarded", String.valueOf(e.getMessage()), "End the REPL instead");
        }
    }

    /** Ends the evaluation under way, from another thread. */
    void interrupt() {
        ReplSession session = current;
        if (session != null) session.interrupt();
    }

    @Override
    public synchronized void close() throws IOException {
        for (ReplSession session : open.values()) session.close();
        if (files != null) files.close();
    }
}
