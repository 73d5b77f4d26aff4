package dev.understudy.sandbox.control.cells;

import dev.understudy.sandbox.control.Exhausted;
import dev.understudy.sandbox.control.ProcessStarter;
import dev.understudy.sandbox.control.RunIds;
import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunReport.FileChange;
import dev.understudy.sandbox.control.RunReport.Usage;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.RunRequest.Language;
import dev.understudy.sandbox.control.ScriptRunner;
import dev.understudy.sandbox.control.Tier;
import dev.understudy.sandbox.control.files.FileView;
import dev.understudy.sandbox.control.files.FileViewException;
import dev.understudy.sandbox.protocol.FromCell;
import dev.understudy.sandbox.protocol.ToCell;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Runs JavaScript and Python in cells. A run's wall time counts from when its cell has it, so neither waiting for a turn
 * nor starting a cell uses it up.
 */
public final class CellRunner implements ScriptRunner {
    /** For a commit that is under way: a run without its cell has nothing else to do. */
    private static final long CLOSING_SECONDS = 60;

    private final CellLauncher launcher;
    private final RunFiles runFiles;
    private final HostServices services;
    private final CellOptions options;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final CellFactory factory;
    private final CellPool pool;
    private final ScheduledThreadPoolExecutor timer;
    private final ExecutorService runs;

    /**
     * @param starter starts all processes; stays the caller's
     * @param random names runs; must be safe for use by several threads
     */
    public CellRunner(
            CellInstallation installation,
            CellLauncher launcher,
            ProcessStarter starter,
            RunFiles runFiles,
            HostServices services,
            CellOptions options,
            InstantSource clock,
            RandomGenerator random)
            throws IOException {
        this.launcher = launcher;
        this.runFiles = runFiles;
        this.services = services;
        this.options = options;
        this.clock = clock;
        this.random = random;
        timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("cell-timer").factory());
        timer.setRemoveOnCancelPolicy(true);
        var threads = new ThreadPoolExecutor(
                options.maxConcurrentRuns(),
                options.maxConcurrentRuns(),
                30,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name("cell-run-", 1).factory());
        threads.allowCoreThreadTimeOut(true);
        runs = threads;
        factory = new CellFactory(installation, launcher, starter, options);
        pool = new CellPool(factory, timer, options);
    }

    @Override
    public Run start(RunRequest request, RunListener listener) {
        var run = new CellRun(request, listener);
        runs.execute(run);
        return run;
    }

    /**
     * Opens an interactive session with a request's language, isolation, limits, grants and working directory; its
     * source and parameters are not used. Whoever opened it closes it.
     *
     * @throws FileViewException if what the request names cannot be given
     */
    public ReplSession openSession(RunRequest request) throws IOException, FileViewException {
        SessionFiles files = openFiles(request);
        return openSession(request, files, SessionFacts.NONE, files);
    }

    /** As above, on files that it shares with other sessions, and told what the host knows. The files stay the caller's. */
    public ReplSession openSession(RunRequest request, SessionFiles files, SessionFacts facts) {
        return openSession(request, files, facts, () -> {});
    }

    private ReplSession openSession(
            RunRequest request, SessionFiles files, SessionFacts facts, AutoCloseable whatIsItsOwn) {
        refusal(request).ifPresent(refused -> {
            throw new IllegalArgumentException(refused.reason());
        });
        return new CellSession(
                "session " + newRunId(), request, files, pool, services, timer, options.home(), facts, whatIsItsOwn);
    }

    /**
     * Opens the files that the sessions of one person share. Whoever opened them closes them.
     *
     * @throws FileViewException if what the request names cannot be given
     */
    public SessionFiles openFiles(RunRequest request) throws IOException, FileViewException {
        return new SessionFiles(runFiles, this::newRunId, request);
    }

    private String newRunId() {
        return RunIds.at(clock.instant(), random);
    }

    /** Starts a cell for a language in the background, so that a first run finds one. */
    public void warmUp(RunRequest.Language language, long memoryBytes) {
        pool.ensureSpare(CellKey.of(language, memoryBytes));
    }

    /** Starts a cell and ends it again; how long it took to be ready for a run. */
    public Duration timeStart(RunRequest.Language language, long memoryBytes) throws IOException, InterruptedException {
        long start = System.nanoTime();
        Cell cell = factory.start(CellKey.of(language, memoryBytes));
        var taken = Duration.ofNanos(System.nanoTime() - start);
        cell.killAndWait();
        return taken;
    }

    /** Keeps so many cells that nobody uses from now on, at least 1; those that are too many end. */
    public void keepIdle(int cells) {
        if (cells < 1) throw new IllegalArgumentException("cells must be at least 1, was " + cells);
        pool.keepIdle(cells);
    }

    /** How many cells wait for a run. */
    public int idleCells() {
        return pool.idle();
    }

    /** Waits until what makes the starts of languages used so far fast has been made. */
    public void awaitPreparation() throws InterruptedException {
        factory.awaitTraining();
    }

    /**
     * Ends all runs and cells. Returns when nothing of this runner writes any more, but for an AOT cache where the
     * options let that go on.
     */
    @Override
    public void close() {
        runs.shutdownNow();
        timer.shutdownNow();
        pool.shutDown();
        factory.close();
        pool.close();
        try {
            var _ = runs.awaitTermination(CLOSING_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static Optional<RunOutcome.Refused> unfit(RunRequest request) {
        boolean spoken = request.language() == Language.JAVASCRIPT || request.language() == Language.PYTHON;
        if (!spoken || request.runtime() != RunRequest.ScriptRuntime.POLYGLOT)
            return Optional.of(new RunOutcome.Refused(
                    "cells run JavaScript and Python with runtime polyglot, not "
                            + request.language().name().toLowerCase(java.util.Locale.ROOT) + " with runtime "
                            + request.runtime().name().toLowerCase(java.util.Locale.ROOT),
                    "give it to the process jail"));
        return request.isolation().refusal(request.grants());
    }

    private Optional<RunOutcome.Refused> refusal(RunRequest request) {
        Optional<RunOutcome.Refused> unfit = unfit(request);
        boolean wantsPrograms = !request.grants().programs().isEmpty();
        return unfit.isPresent() || !wantsPrograms ? unfit : services.programs().refusal(request);
    }

    /** One run, from the call to its report. */
    private final class CellRun implements Run, Runnable {
        private final RunRequest request;
        private final RunListener listener;
        private final Instant started = clock.instant();
        private final long startedNanos = System.nanoTime();
        private final Conversation.Stopper stopper = new Conversation.Stopper();
        private final CountDownLatch done = new CountDownLatch(1);
        private final OutputCollector output;
        private volatile @Nullable RunReport report;
        private Tier tier = Tier.NONE;
        private Optional<RunReport.Place> place = Optional.empty();

        CellRun(RunRequest request, RunListener listener) {
            this.request = request;
            this.listener = listener;
            output = new OutputCollector(listener, request.limits().outputBytes());
        }

        @Override
        public RunReport await() throws InterruptedException {
            done.await();
            RunReport ended = report;
            if (ended == null) throw new IllegalStateException("the run of " + request.name() + " ended by a bug");
            return ended;
        }

        @Override
        public void cancel() {
            stopper.stop(RunOutcome.Cancelled::new);
        }

        @Override
        public void run() {
            try {
                report = execute();
            } catch (InterruptedException _) {
                report = report(request.runIdFrom(started, random), new RunOutcome.Cancelled(), List.of(), Usage.NONE);
                Thread.currentThread().interrupt();
            } finally {
                done.countDown();
            }
        }

        private RunReport execute() throws InterruptedException {
            String runId = request.runIdFrom(started, random);
            if (stopper.isStopped()) return report(runId, stopper.outcome(), List.of(), Usage.NONE);
            Optional<RunOutcome.Refused> refusal = refusal(request);
            if (refusal.isPresent()) return report(runId, refusal.get(), List.of(), Usage.NONE);
            try (RunFiles.Transaction files = runFiles.open(runId, request)) {
                return execute(runId, files);
            } catch (FileViewException e) {
                return report(
                        runId,
                        new RunOutcome.Refused(String.valueOf(e.getMessage()), "change the grants or the staged files"),
                        List.of(),
                        Usage.NONE);
            } catch (IOException e) {
                String why = Exhausted.behind(e)
                        .map(exhausted -> ": " + exhausted.why())
                        .orElse("");
                return report(
                        runId,
                        new RunOutcome.Failed(
                                "the host could not read or write its own files" + why, String.valueOf(e)),
                        List.of(),
                        Usage.NONE);
            }
        }

        private RunReport execute(String runId, RunFiles.Transaction files) throws IOException, InterruptedException {
            CellKey key = CellKey.of(request.language(), request.limits().memoryBytes());
            Cell cell;
            try {
                cell = pool.acquire(key, request.trustDomain(), request.source(), request.reuse());
            } catch (IOException e) {
                String mend =
                        Exhausted.behind(e).map(Exhausted::mend).orElse("understudy doctor shows what is missing here");
                return report(
                        runId, new RunOutcome.Refused(String.valueOf(e.getMessage()), mend), List.of(), Usage.NONE);
            }
            tier = launcher.tier();
            if (stopper.isStopped()) {
                // Cancelled while the cell was starting: it has seen nothing of this run.
                pool.release(cell);
                return report(runId, stopper.outcome(), List.of(), Usage.NONE);
            }
            FileView view = files.view();
            var conversation = new Conversation(request, cell, output, listener, files, services, timer, stopper);
            var job = new ToCell.Run(
                    cell.nextId(),
                    request.name(),
                    request.source(),
                    request.parametersJson(),
                    request.reuse() == RunRequest.Reuse.SHARED
                            ? ToCell.ContextChoice.SHARED
                            : ToCell.ContextChoice.FRESH,
                    Conversation.terms(request, view, options.home()));
            boolean reusable = false;
            RunOutcome outcome;
            Usage usage;
            try {
                switch (conversation.hold(job)) {
                    case Conversation.Ending.Answered(FromCell message) -> {
                        var ended = (FromCell.Ended) message;
                        place = RunReport.Place.in(request.source(), ended.line(), ended.column());
                        outcome = outcome(ended, view);
                        usage = usage(ended.cpuNanos(), ended.peakMemoryBytes(), conversation, view);
                        reusable =
                                ended.status() == FromCell.Status.SUCCEEDED || ended.status() == FromCell.Status.FAILED;
                    }
                    case Conversation.Ending.Stopped(RunOutcome stopped) -> {
                        outcome = stopped;
                        place = conversation.place();
                        usage = usage(stopped, conversation, view);
                    }
                }
            } finally {
                if (reusable) {
                    pool.release(cell);
                } else {
                    cell.kill();
                    pool.discard(cell);
                    pool.ensureSpare(key);
                }
            }
            return conclude(runId, files, outcome, usage);
        }

        private RunReport conclude(String runId, RunFiles.Transaction files, RunOutcome outcome, Usage usage)
                throws IOException {
            boolean succeeded = outcome instanceof RunOutcome.Succeeded;
            boolean rehearsal = request.mode() == RunRequest.Mode.REHEARSE;
            List<FileChange> changes = succeeded || rehearsal ? files.changes() : List.of();
            if (succeeded && !rehearsal) {
                Optional<RunOutcome.Failed> obstacle = files.commit();
                if (obstacle.isPresent()) return report(runId, obstacle.get(), List.of(), usage);
            }
            return report(runId, outcome, changes, usage);
        }

        private RunOutcome outcome(FromCell.Ended ended, FileView view) {
            Optional<RunOutcome> limit = limitHit(view);
            if (limit.isPresent()) return limit.get();
            long allowed = request.limits().outputBytes();
            long used = output.bytes() + ended.text().length();
            return switch (ended.status()) {
                case SUCCEEDED ->
                    used > allowed
                            ? new RunOutcome.LimitExceeded.Output(allowed, used)
                            : new RunOutcome.Succeeded(ended.text());
                case FAILED, SPOILED -> new RunOutcome.Failed(ended.text(), ended.detail());
                case OUT_OF_MEMORY ->
                    new RunOutcome.LimitExceeded.Memory(
                            request.limits().memoryBytes(),
                            Math.max(request.limits().memoryBytes(), ended.peakMemoryBytes()));
            };
        }

        private static Optional<RunOutcome> limitHit(FileView view) {
            return view.limitHit().map(hit -> switch (hit.resource()) {
                case DISK -> new RunOutcome.LimitExceeded.Disk(hit.limit(), hit.used());
                case OPEN_FILES -> new RunOutcome.LimitExceeded.OpenFiles((int) hit.limit(), (int) hit.used());
            });
        }

        /** What is known of the use of a run whose cell had no chance to say. */
        private Usage usage(RunOutcome stopped, Conversation conversation, FileView view) {
            return switch (stopped) {
                case RunOutcome.LimitExceeded.CpuTime cpu -> usage(cpu.used().toNanos(), 0, conversation, view);
                case RunOutcome.LimitExceeded.Memory memory -> usage(0, memory.usedBytes(), conversation, view);
                default -> usage(0, 0, conversation, view);
            };
        }

        private Usage usage(long cpuNanos, long peakMemoryBytes, Conversation conversation, FileView view) {
            FileView.Use use = view.use();
            return new Usage(
                    Duration.ofNanos(cpuNanos),
                    peakMemoryBytes,
                    output.bytes(),
                    use.diskBytes(),
                    conversation.processes(),
                    use.openFiles(),
                    OptionalLong.of(use.ioBytes() + conversation.programIoBytes()));
        }

        private RunReport report(String runId, RunOutcome outcome, List<FileChange> changes, Usage usage) {
            return new RunReport(
                    runId,
                    outcome,
                    request.isolation(),
                    tier,
                    started,
                    Duration.ofNanos(System.nanoTime() - startedNanos),
                    changes,
                    output.lines(),
                    usage,
                    outcome instanceof RunOutcome.Succeeded ? Optional.empty() : place);
        }
    }
}
