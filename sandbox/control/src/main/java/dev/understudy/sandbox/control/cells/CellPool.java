package dev.understudy.sandbox.control.cells;

import dev.understudy.sandbox.control.RunRequest.Reuse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The cells that live. A cell belongs to the first trust domain that it served until it ends; one spare that has served
 * nobody is kept for each kind that was used, so that the next domain need not wait for a start. Safe for several threads.
 */
@SuppressWarnings("try") // Who closes it waits for what it is making, and may be interrupted.
final class CellPool implements AutoCloseable {
    /** Of the machine's memory, which must be free for more than the usual number of cells to be kept. */
    private static final double FREE_SHARE = 0.25;

    private final CellFactory factory;
    private final ScheduledExecutorService timer;
    private final OptionalInt idleContexts;
    private final Duration idleTime;
    private int maxIdle;

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
        idleContexts = options.keeping().idleContexts();
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
        List<Cell> surplus;
        synchronized (this) {
            busy.remove(cell);
            cell.idleNow();
            if (closed) {
                surplus = List.of(cell);
            } else {
                idle.addLast(cell);
                surplus = takeSurplus();
                scheduleReaping();
            }
        }
        surplus.forEach(Cell::kill);
    }

    /** Keeps so many idle cells from now on, whatever the options say. */
    void keepIdle(int cells) {
        List<Cell> surplus;
        synchronized (this) {
            maxIdle = cells;
            surplus = takeSurplus();
        }
        surplus.forEach(Cell::kill);
    }

    /** How many cells wait for a run. */
    synchronized int idle() {
        return idle.size();
    }

    /** The oldest of the idle cells that are too many. */
    private List<Cell> takeSurplus() {
        var surplus = new ArrayList<Cell>();
        while (idle.size() > maxIdle
                && (idleContexts.isEmpty() || contextsReady() > idleContexts.getAsInt() || isScarce()))
            surplus.add(idle.pollFirst());
        return surplus;
    }

    /** Whether others may want the memory that cells beyond the usual number hold; where that cannot be told, they may. */
    private static boolean isScarce() {
        try {
            Map<String, Long> kibibytes = Files.readAllLines(Path.of("/proc/meminfo")).stream()
                    .map(line -> line.split(":?\\s+"))
                    .filter(words -> words.length > 1)
                    .collect(Collectors.toMap(words -> words[0], words -> Long.parseLong(words[1]), (one, _) -> one));
            return kibibytes.getOrDefault("MemAvailable", 0L) < FREE_SHARE * kibibytes.getOrDefault("MemTotal", 1L);
        } catch (IOException _) {
            return true;
        }
    }

    private int contextsReady() {
        return idle.stream()
                .mapToInt(cell -> CellOptions.contextsReady(cell.key().language()))
                .sum();
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
