package dev.understudy.core.sandbox;

import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.ScriptRunner;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A runner that is opened by its first run. */
final class LazyRunner implements ScriptRunner {
    private final Opener opener;
    private @Nullable ScriptRunner opened;

    LazyRunner(Opener opener) {
        this.opener = opener;
    }

    /** Opens the runner; called once. */
    interface Opener {
        ScriptRunner open() throws InterruptedException;
    }

    @Override
    public Run start(RunRequest request, RunListener listener) {
        return opened().start(request, listener);
    }

    /** The runner itself. */
    synchronized ScriptRunner opened() {
        ScriptRunner runner = opened;
        if (runner == null) {
            try {
                runner = opener.open();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while the sandbox was being opened", e);
            }
            opened = runner;
        }
        return runner;
    }

    /** The runner itself, unless nobody has needed it yet. */
    synchronized Optional<ScriptRunner> ifOpened() {
        return Optional.ofNullable(opened);
    }

    @Override
    public synchronized void close() {
        if (opened != null) opened.close();
    }
}
