package dev.understudy.app.web;

import dev.understudy.core.Understudy;
import dev.understudy.core.performance.Analytics;
import dev.understudy.core.problem.UserException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Keeps what was made of the history until the history has changed, and then gives the old until the new is there: made by a
 * thread of its own, and not all the time while traces pour in. Safe for use by several threads.
 */
final class AnalyticsCache implements AutoCloseable {
    /** The periods that may be asked for; each costs a computation. */
    static final List<String> PERIODS = List.of("1h", "24h", "7d", "30d", "90d");

    static final String DEFAULT_PERIOD = "30d";

    /** Of the time, this share at most goes into making it anew. */
    private static final int PAUSE_FACTOR = 10;

    private final Understudy understudy;
    private final Runnable news;
    private final ExecutorService worker = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("analytics").factory());
    private final Map<String, Entry> entries = new HashMap<>();

    private static final class Entry {
        CompletableFuture<Analytics> made = new CompletableFuture<>();
        boolean making;
        long nextNanos;
    }

    /** @param news is told, by the worker, whenever something was made anew */
    AnalyticsCache(Understudy understudy, Runnable news) {
        this.understudy = understudy;
        this.news = news;
    }

    /** What is known of this period; waits for the first time only. */
    Analytics get(String period) {
        CompletableFuture<Analytics> made;
        synchronized (this) {
            made = refreshed(period).made;
        }
        try {
            return made.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof UserException cause) throw cause;
            throw e;
        }
    }

    /** What is known of this period now; has it made if nothing is. */
    synchronized Optional<Analytics> peek(String period) {
        CompletableFuture<Analytics> made = refreshed(period).made;
        return made.isDone() && !made.isCompletedExceptionally() ? Optional.of(made.join()) : Optional.empty();
    }

    /** Has what is known made anew where the history has changed. */
    synchronized void refresh() {
        List.copyOf(entries.keySet()).forEach(this::refreshed);
    }

    private Entry refreshed(String period) {
        Entry entry = entries.computeIfAbsent(period, _ -> new Entry());
        if (!entry.making && needsMaking(entry)) {
            entry.making = true;
            worker.execute(() -> make(period, entry));
        }
        return entry;
    }

    private boolean needsMaking(Entry entry) {
        if (!entry.made.isDone() || entry.made.isCompletedExceptionally()) return true;
        if (System.nanoTime() - entry.nextNanos < 0) return false;
        return !entry.made.join().stamp().equals(understudy.performance().stamp());
    }

    private void make(String period, Entry entry) {
        long began = System.nanoTime();
        try {
            Analytics analytics = understudy.analytics(period);
            boolean first;
            synchronized (this) {
                first = !entry.made.isDone();
                if (first) entry.made.complete(analytics);
                else entry.made = CompletableFuture.completedFuture(analytics);
                end(entry, began);
            }
            if (!first) news.run();
        } catch (RuntimeException e) {
            synchronized (this) {
                CompletableFuture<Analytics> waiting = entry.made;
                entry.made = new CompletableFuture<>();
                end(entry, began);
                waiting.completeExceptionally(e);
            }
        }
    }

    private static void end(Entry entry, long began) {
        long now = System.nanoTime();
        entry.nextNanos = now + PAUSE_FACTOR * (now - began);
        entry.making = false;
    }

    @Override
    public void close() {
        worker.shutdownNow();
    }
}
