package dev.understudy.sandbox.control.cells;

import dev.understudy.sandbox.control.RunRequest.Reuse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The cells that live. A cell belongs to the first trust domain that it served until it ends; one spare that has served
 * nobody is kept for each kind that was used, so that the next domain need not wait for a start. Safe for several threads.
 */
@SuppressWarnings("try") // Who closes it waits for what it is making, and may be interrupted.
final class CellPool implements AutoCloseable {
    private final CellFactory factory;
    private final ScheduledExecutorService timer;
    private final int maxIdle;
    private final Duration idleTime;

    /** Oldest first. */
    private final Deque<Cell> idle = new ArrayDeque<>();

    private final Set<Cell> busy = new HashSet<>();
    private final Map<CellKey, Thread> sparesUnderWay = new HashMap<>();
    private boolean reaping;
    private boolean closed;

    CellPool(CellFactory factory, ScheduledExecutorService timer, CellOptions options) {
        this.factory = factory;
        this.timer = timer;
        maxIdle = options.maxConcurrentRuns() + 1;
        idleTime = options.idleTime();
    }

    /** A cell of this kind that no other domain has used; starts one if there is none. */
    Cell acquire(CellKey key, String trustDomain, String source, Reuse reuse) throws IOException, InterruptedException {
        Cell cell = takeIdle(key, trustDomain, source, reuse);
        if (cell == null) {
            cell = factory.start(key);
            synchronized (this) {
                if (closed) {
                    cell.kill();
                    throw new IOException("the host is closing");
                }
                busy.add(cell);
            }
        }
        cell.assign(trustDomain, source);
        return cell;
    }

    private synchronized @Nullable Cell takeIdle(CellKey key, String trustDomain, String source, Reuse reuse) {
        Cell best = null;
        for (Iterator<Cell> cells = idle.iterator(); cells.hasNext(); ) {
            Cell cell = cells.next();
            if (!cell.usable()) {
                cells.remove();
                cell.kill();
                continue;
            }
            if (!cell.key().equals(key) || !cell.serves(trustDomain)) continue;
            // A run that shares wants the cell that has its context, the newest; one that does not wants the one
            // that has had the longest time to make a context ready.
            boolean better = best == null || (cell.ranLast(source) && (reuse == Reuse.SHARED || !best.ranLast(source)));
            if (better) best = cell;
        }
        if (best != null) {
            idle.remove(best);
            busy.add(best);
        }
        return best;
    }

    /** Gives a cell back that has done its job. */
    void release(Cell cell) {
        Cell surplus = null;
        synchronized (this) {
            busy.remove(cell);
            cell.idleNow();
            if (closed) {
                surplus = cell;
            } else {
                idle.addLast(cell);
                if (idle.size() > maxIdle) surplus = idle.pollFirst();
                scheduleReaping();
            }
        }
        if (surplus != null) surplus.kill();
    }

    /** Forgets a cell that was ended. */
    synchronized void discard(Cell cell) {
        busy.remove(cell);
    }

    /** Starts, in the background, a cell that has served nobody, unless there is one. */
    void ensureSpare(CellKey key) {
        synchronized (this) {
            if (closed || sparesUnderWay.containsKey(key)) return;
            for (Cell cell : idle) if (cell.key().equals(key) && cell.serves("")) return;
            Thread thread = Thread.ofPlatform().daemon().name("cell-spare").unstarted(() -> startSpare(key));
            sparesUnderWay.put(key, thread);
            thread.start();
        }
    }

    private void startSpare(CellKey key) {
        try {
            Cell spare = factory.start(key);
            release(spare);
        } catch (IOException _) {
            // The run that needs it will start one itself, and report why that does not work.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            synchronized (this) {
                sparesUnderWay.remove(key);
            }
        }
    }

    private void scheduleReaping() {
        if (reaping) return;
        reaping = true;
        var _ = timer.schedule(this::reap, idleTime.toNanos() + 1, TimeUnit.NANOSECONDS);
    }

    private void reap() {
        List<Cell> ended = new ArrayList<>();
        synchronized (this) {
            reaping = false;
            idle.removeIf(cell -> cell.idleFor(idleTime) && ended.add(cell));
            if (!idle.isEmpty() && !closed) scheduleReaping();
        }
        ended.forEach(Cell::kill);
    }

    /** Gives no more cells, and ends those that live. */
    void shutDown() {
        List<Cell> all = new ArrayList<>();
        synchronized (this) {
            closed = true;
            all.addAll(idle);
            all.addAll(busy);
            idle.clear();
        }
        all.forEach(Cell::kill);
        all.forEach(Cell::killAndWait);
    }

    /** Returns when no cell lives and none is being started; the factory must have been closed. */
    @Override
    public void close() {
        shutDown();
        List<Thread> spares;
        synchronized (this) {
            spares = List.copyOf(sparesUnderWay.values());
        }
        try {
            for (Thread spare : spares) spare.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
