package dev.understudy.core.sandbox;

import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.ScriptRunner;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A runner that is opened by its first run. */
final class LazyRunner implements ScriptRunner {
    private final Opener opener;
    private final Consumer<RunRequest> heard;
    private @Nullable ScriptRunner opened;

    /** @param heard of each request, by the thread that starts it */
    LazyRunner(Opener opener, Consumer<RunRequest> heard) {
        this.opener = opener;
        this.heard = heard;
    }

    /** Opens the runner; called once. */
    interface Opener {
        ScriptRunner open() throws InterruptedException;
    }

    @Override
    public Run start(RunRequest request, RunListener listener) {
        heard.accept(request);
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
