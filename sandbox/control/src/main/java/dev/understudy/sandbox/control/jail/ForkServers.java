package dev.understudy.sandbox.control.jail;

import dev.understudy.sandbox.control.Grants;
import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.RunRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The fork servers that live, each for one automation with one set of grants.
 *
 * <p>Which runs are fast: from an automation's second run within a while on, if its grants are the same as the last time
 * (so, not where a parameter names another file each time), no file of the host is granted in its root folder, and the
 * system has a CPython with ctypes. All others get a jail of their own, built from nothing, as safe and several times as
 * slow. A run that was stopped takes its server with it.
 *
 * <p>Safe for use by several threads.
 */
final class ForkServers implements AutoCloseable {
    private static final int MAX_IDLE = 4;
    private static final int MAX_KNOWN = 256;
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final JailKit kit;
    private final int runsBefore;
    private final Optional<Cpython> python;
    private final ScheduledThreadPoolExecutor timer;
    private final Deque<Idle> idle = new ArrayDeque<>();

    /** How many runs of a kind there have been; those that no server can be had for, by a negative number. */
    private final Map<Key, Integer> known = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Integer> eldest) {
            return size() > MAX_KNOWN;
        }
    };

    private @Nullable Boolean holds;
    private boolean closed;

    /** What runs must have in common to share a server. */
    record Key(
            String trustDomain,
            RunRequest.Language language,
            IsolationLevel isolation,
            Grants grants,
            @Nullable Path workingDirectory,
            boolean inMemory) {}

    private record Idle(
            Key key, ForkServer server, List<JailCommand.Mount> shown, List<Object> identities, long since) {}

    /** @param runsBefore so many runs of a kind get jails of their own before a server is started for the next */
    ForkServers(JailKit kit, int runsBefore) throws IOException {
        this.kit = kit;
        this.runsBefore = runsBefore;
        Optional<Path> program = SystemFiles.realProgram("python3");
        python = program.isPresent() ? Optional.of(Cpython.at(program.get(), kit.architecture())) : Optional.empty();
        timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("fork-server-timer").factory());
        timer.setKeepAliveTime(1, TimeUnit.SECONDS);
        timer.allowCoreThreadTimeOut(true);
    }

    /** A place for a run: its folders, and perhaps a server to run it. */
    Seat seat(RunRequest request) throws IOException, InterruptedException {
        boolean inMemory = kit.fitsInMemory(request.limits().diskBytes());
        Key key = new Key(
                request.trustDomain(),
                request.language(),
                request.isolation(),
                request.grants(),
                request.workingDirectory(),
                inMemory);
        if (mayFork(request.limits())) {
            Idle found = takeIdle(key);
            if (found != null) return new Seat(key, found, null, found.server().space());
            if (isDue(key) && holds()) {
                ForkServer.Folder folder = new ForkServer.Folder(kit, inMemory);
                return new Seat(key, null, folder, folder.space());
            }
        }
        return new Seat(key, null, null, kit.open(inMemory));
    }

    private boolean mayFork(Limits limits) {
        int room = ForkServerJail.MOST - 32;
        return python.isPresent() && limits.processes() <= room && limits.openFiles() <= room;
    }

    private synchronized boolean isDue(Key key) {
        int runs = known.merge(key, 1, (before, one) -> before < 0 ? before : before + one);
        return !closed && runs > runsBefore;
    }

    /** Whether forks are as safe as jails of their own: tried once, by the same canary, before the first is used. */
    private synchronized boolean holds() throws InterruptedException {
        Boolean known = holds;
        if (known != null) return known;
        try {
            boolean tried =
                    new Canary(kit).askInFork(python.orElseThrow()).deviation().isEmpty();
            holds = tried;
            return tried;
        } catch (IOException failure) {
            // Without a server, runs are slower and as safe; doctor tells why there is none.
            holds = false;
            return false;
        }
    }

    private synchronized @Nullable Idle takeIdle(Key key) throws IOException {
        for (var each = idle.descendingIterator(); each.hasNext(); ) {
            Idle found = each.next();
            if (!found.key().equals(key)) continue;
            each.remove();
            if (found.server().isAlive()) return found;
            found.server().close();
        }
        return null;
    }

    private void giveBack(Idle server) throws IOException {
        Idle surplus = server;
        synchronized (this) {
            if (!closed) {
                idle.addLast(server);
                surplus = idle.size() > MAX_IDLE ? idle.pollFirst() : null;
                var _ = timer.schedule(this::reap, IDLE_NANOS, TimeUnit.NANOSECONDS);
            }
        }
        if (surplus != null) surplus.server().close();
    }

    private void reap() {
        List<Idle> ended = new ArrayList<>();
        synchronized (this) {
            long now = System.nanoTime();
            idle.removeIf(each -> now - each.since() >= IDLE_NANOS && ended.add(each));
        }
        ended.forEach(ForkServers::close);
    }

    private static void close(Idle server) {
        try {
            server.server().close();
        } catch (IOException _) {
            // A folder that stays behind is removed when the next host starts.
            return;
        }
    }

    @Override
    public void close() {
        List<Idle> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(idle);
            idle.clear();
        }
        timer.shutdownNow();
        all.forEach(ForkServers::close);
    }

    /** Where one run takes place. Used by one thread. */
    final class Seat implements AutoCloseable {
        private final Key key;
        private final JailSpace space;
        private final ForkServer.@Nullable Folder folder;
        private @Nullable Idle used;
        private boolean usable;

        private Seat(Key key, @Nullable Idle used, ForkServer.@Nullable Folder folder, JailSpace space) {
            this.key = key;
            this.used = used;
            this.folder = folder;
            this.space = space;
        }

        JailSpace space() {
            return space;
        }

        /** Whether {@link #server} is worth asking. */
        boolean mayFork() {
            return used != null || folder != null;
        }

        /**
         * The server for this run; empty if it cannot be had, and the run is to have a jail of its own.
         *
         * @param source of the script, whose modules a new server imports
         * @param runtime what the jail shows of the system
         * @param shown what stays the same from run to run
         */
        Optional<ForkServer> server(
                Dialect.Fork fork, String source, List<JailCommand.Mount> runtime, List<JailCommand.Mount> shown)
                throws IOException, InterruptedException {
            List<Object> identities = ForkMounts.identities(shown);
            Idle idle = used;
            if (idle != null) {
                // Its jail still shows what the grants led to when it was started.
                usable = idle.shown().equals(shown) && idle.identities().equals(identities);
                return usable ? Optional.of(idle.server()) : Optional.empty();
            }
            if (folder == null) return Optional.empty();
            try {
                ForkServer started =
                        ForkServer.start(folder, python.orElseThrow(), fork, Cpython.modulesIn(source), runtime, shown);
                used = new Idle(key, started, shown, identities, 0);
                usable = true;
                return Optional.of(started);
            } catch (ForkServer.Fault _) {
                avoid();
                return Optional.empty();
            }
        }

        /** No server can run this. */
        void avoid() {
            usable = false;
            synchronized (ForkServers.this) {
                known.put(key, Integer.MIN_VALUE);
            }
        }

        /** Removes the run's folders; keeps the server if it can take another run. */
        @Override
        public void close() throws IOException {
            try {
                space.close();
            } finally {
                leave();
            }
        }

        private void leave() throws IOException {
            Idle server = used;
            if (server == null) {
                if (folder != null) folder.close();
            } else if (usable && server.server().isAlive()) {
                giveBack(new Idle(key, server.server(), server.shown(), server.identities(), System.nanoTime()));
            } else {
                server.server().close();
                synchronized (ForkServers.this) {
                    // The next run of a kind that breaks its servers is not worth a new one.
                    known.computeIfPresent(key, (_, runs) -> Math.min(runs, 0));
                }
            }
        }
    }
}
