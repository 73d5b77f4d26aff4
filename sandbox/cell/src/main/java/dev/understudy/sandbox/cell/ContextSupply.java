package dev.understudy.sandbox.cell;

import java.nio.file.Path;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.graalvm.polyglot.Engine;
import org.jspecify.annotations.Nullable;

/** Makes contexts ready ahead of their runs, and closes used ones, on a thread of its own. */
final class ContextSupply {
    private final Language language;
    private final Engine engine;
    private final Path resources;
    private final HostLink host;
    private final BlockingQueue<GuestContext> ready;
    private final BlockingQueue<Runnable> work = new LinkedBlockingQueue<>();
    private final CountDownLatch first = new CountDownLatch(1);
    private volatile @Nullable Script expected;

    /** @param count how many to hold ready, at least 1 */
    ContextSupply(Language language, Engine engine, Path resources, HostLink host, int count) {
        this.language = language;
        this.engine = engine;
        this.resources = resources;
        this.host = host;
        ready = new ArrayBlockingQueue<>(count);
        Thread thread = new Thread(this::keepWorking, "contexts");
        thread.setDaemon(true);
        thread.start();
        refill();
    }

    /** Waits until there is one. */
    void awaitFirst() throws InterruptedException {
        first.await();
    }

    /** Takes a context that no script has run in; waits for one if need be. */
    GuestContext take(Script script) throws InterruptedException {
        expected = script;
        GuestContext context = ready.take();
        context.prepareFor(script);
        return context;
    }

    /** Makes up for contexts taken; called when a run has ended, so that it does not compete with it. */
    void refill() {
        work.add(this::make);
    }

    void dispose(GuestContext context) {
        work.add(context::dispose);
    }

    private void make() {
        while (ready.remainingCapacity() > 0) {
            GuestContext context = language.context(engine, resources, host);
            Script script = expected;
            if (script != null) context.prepareFor(script);
            ready.add(context);
            first.countDown();
        }
    }

    private void keepWorking() {
        try {
            while (true) work.take().run();
        } catch (InterruptedException | RuntimeException | Error e) {
            // Without contexts the cell is of no use; the host sees the end and the reason on standard error.
            e.printStackTrace();
            Runtime.getRuntime().halt(70);
        }
    }
}
