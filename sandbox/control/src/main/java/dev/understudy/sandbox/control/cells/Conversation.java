package dev.understudy.sandbox.control.cells;

import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.Secrets;
import dev.understudy.sandbox.control.files.FileView;
import dev.understudy.sandbox.protocol.Frames;
import dev.understudy.sandbox.protocol.FromCell;
import dev.understudy.sandbox.protocol.ProtocolException;
import dev.understudy.sandbox.protocol.ToCell;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The talk with a cell while it does one job: passes on output, answers questions, and ends the cell at a limit, at a
 * cancellation and at any frame that is not as it must be.
 */
final class Conversation {
    /** When the first look at the process's own CPU time is taken; runs that are over by then need none. */
    private static final long FIRST_LOOK_MILLIS = 50;

    private static final long LOOK_MILLIS = 250;

    /** How long a script that is beyond a limit may take to say where it was; it is given nothing any more. */
    private static final long LAST_WORDS_MILLIS = 300;

    private final RunRequest request;
    private final Cell cell;
    private final OutputCollector output;
    private final RunListener listener;
    private final ViewDesk desk;
    private final ServiceDesk services;
    private final ScheduledExecutorService timer;
    private final Stopper stopper;
    private final SessionFacts facts;
    private final long startedNanos = System.nanoTime();
    private volatile int jobId;
    private final int frameBound;
    private long cpuAtFirstLook = -1;
    private final AtomicReference<@Nullable RunOutcome> limit = new AtomicReference<>();
    private Optional<RunReport.Place> place = Optional.empty();

    /** How the talk ended. */
    sealed interface Ending {
        /** The cell did its job and can do another. */
        record Answered(FromCell message) implements Ending {}

        /** The cell is gone. */
        record Stopped(RunOutcome outcome) implements Ending {}
    }

    Conversation(
            RunRequest request,
            Cell cell,
            OutputCollector output,
            RunListener listener,
            RunFiles.Transaction files,
            HostServices services,
            ScheduledExecutorService timer,
            Stopper stopper) {
        this(request, cell, output, listener, files, services, timer, stopper, SessionFacts.NONE);
    }

    Conversation(
            RunRequest request,
            Cell cell,
            OutputCollector output,
            RunListener listener,
            RunFiles.Transaction files,
            HostServices services,
            ScheduledExecutorService timer,
            Stopper stopper,
            SessionFacts facts) {
        this.facts = facts;
        this.request = request;
        this.cell = cell;
        this.output = output;
        this.listener = listener;
        this.desk = new ViewDesk(files.view());
        this.services = new ServiceDesk(request, files, services, output);
        this.timer = timer;
        this.stopper = stopper;
        // JSON may take a few bytes for a character that the limit counts as one; beyond that a frame is a lie.
        long bound = Frames.USUAL_BOUND
                + 4 * request.limits().outputBytes()
                + (request.isolation() == IsolationLevel.FULL ? 0 : Frames.BODY_BYTES);
        frameBound = (int) Math.min(bound, 1 << 30);
    }

    static ToCell.Terms terms(RunRequest request, FileView view, Path home) {
        Path workspace = view.workspace();
        Path directory = request.workingDirectory() == null ? workspace : request.workingDirectory();
        Path packages = request.grants().packages();
        return new ToCell.Terms(
                request.isolation().id(),
                workspace.toString(),
                directory.toString(),
                home.toString(),
                packages == null ? "" : packages.toString(),
                request.limits().outputBytes(),
                request.limits().memoryBytes(),
                request.limits().cpuTime().toNanos());
    }

    /** Gives the job and talks until it is done. */
    Ending hold(ToCell job) throws InterruptedException {
        Limits limits = request.limits();
        jobId = switch (job) {
            case ToCell.Run run -> run.id();
            case ToCell.Evaluate evaluate -> evaluate.id();
            case ToCell other -> throw new IllegalArgumentException("no job: " + other);
        };
        stopper.attach(cell, services);
        ScheduledFuture<?> wall = timer.schedule(
                () -> exceeded(new RunOutcome.LimitExceeded.WallTime(limits.wallTime(), elapsed())),
                limits.wallTime().toNanos(),
                TimeUnit.NANOSECONDS);
        ScheduledFuture<?> looks =
                timer.scheduleWithFixedDelay(this::look, FIRST_LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        try {
            return talk(job);
        } finally {
            wall.cancel(false);
            looks.cancel(false);
            services.close();
            output.end();
        }
    }

    private Ending talk(ToCell job) throws InterruptedException {
        try {
            cell.frames().write(job);
            while (true) {
                FromCell message = cell.frames().readFromCell(frameBound);
                switch (message) {
                    case FromCell.Output printed -> print(printed);
                    case FromCell.Progress progress -> listener.progress(progress.share(), progress.text());
                    case FromCell.Rows rows -> {
                        count(rows.columns());
                        count(rows.cells());
                        if (!stopper.isStopped()) listener.rows(rows.columns(), rows.cells(), rows.more());
                    }
                    case FromCell.Series series -> {
                        count(List.of(series.text()));
                        if (!stopper.isStopped()) listener.series(series.text(), series.numbers());
                    }
                    case FromCell.Exceeded exceeded
                    when exceeded.resource() == FromCell.Resource.CPU_NANOS -> exceeded(outcome(exceeded));
                    case FromCell.Exceeded exceeded -> stopper.stop(() -> outcome(exceeded));
                    case FromCell.Ask ask -> {
                        stopIfExceeded();
                        cell.frames().write(answer(ask));
                    }
                    case FromCell.Ended _, FromCell.Evaluated _ -> {
                        requireAnswerTo(job, message);
                        if (message instanceof FromCell.Ended ended && limit.get() != null)
                            place = RunReport.Place.in(request.source(), ended.line(), ended.column());
                        stopIfExceeded();
                        return stopper.finish() ? new Ending.Answered(message) : stopped();
                    }
                    case FromCell.Ready _ -> throw new ProtocolException("a cell is ready only once");
                }
            }
        } catch (ProtocolException e) {
            stopper.stop(() -> new RunOutcome.Failed("the cell broke the protocol", String.valueOf(e.getMessage())));
        } catch (IOException _) {
            boolean outOfMemory = cell.endedOutOfMemory();
            String last = cell.errorTail();
            stopper.stop(() -> outOfMemory
                    ? new RunOutcome.LimitExceeded.Memory(
                            request.limits().memoryBytes(), request.limits().memoryBytes())
                    : new RunOutcome.Failed("the cell ended unexpectedly", last, RunOutcome.Failed.Cause.HOST));
        }
        return stopped();
    }

    /** A limit of time is exceeded: that is the outcome now. The script is asked to stop, to hear at which line, and then made to. */
    private void exceeded(RunOutcome outcome) {
        if (!limit.compareAndSet(null, outcome)) return;
        try {
            var _ = timer.schedule(this::stopIfExceeded, LAST_WORDS_MILLIS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException _) {
            stopIfExceeded();
        }
        cell.interrupt(jobId);
    }

    private void stopIfExceeded() {
        RunOutcome outcome = limit.get();
        if (outcome != null) stopper.stop(() -> outcome);
    }

    /** Where in the script a limit was hit, if it could say. */
    Optional<RunReport.Place> place() {
        return place;
    }

    private Ending stopped() {
        cell.killAndWait();
        return new Ending.Stopped(stopper.outcome());
    }

    private static void requireAnswerTo(ToCell job, FromCell message) throws ProtocolException {
        boolean fits = switch (message) {
            case FromCell.Ended ended -> job instanceof ToCell.Run run && run.id() == ended.id();
            case FromCell.Evaluated evaluated ->
                job instanceof ToCell.Evaluate evaluate && evaluate.id() == evaluated.id();
            default -> false;
        };
        if (!fits) throw new ProtocolException("an answer to another job");
    }

    private void print(FromCell.Output printed) {
        output.add(printed);
        checkOutput();
    }

    /** What a session shows of a value is output as what it prints is. */
    private void count(List<String> texts) {
        texts.forEach(text -> output.count(text.length()));
        checkOutput();
    }

    private void checkOutput() {
        long limit = request.limits().outputBytes();
        long used = output.bytes();
        if (used > limit) stopper.stop(() -> new RunOutcome.LimitExceeded.Output(limit, used));
    }

    private ToCell.Answer answer(FromCell.Ask ask) throws InterruptedException {
        return switch (ask) {
            case FromCell.RunProgram run ->
                switch (services.run(run)) {
                    case ServiceDesk.Reply.Answer(ToCell.Answer answer) -> answer;
                    case ServiceDesk.Reply.Stop(RunOutcome outcome) -> {
                        stopper.stop(() -> outcome);
                        yield new ToCell.Done();
                    }
                };
            case FromCell.Http http -> services.http(http);
            case FromCell.Facts asked -> facts(asked.name());
            case FromCell.Secret asked -> secret(asked.name());
            default -> desk.answer(ask);
        };
    }

    private ToCell.Answer secret(String name) {
        return request.grants()
                .secrets()
                .value(name)
                .<ToCell.Answer>map(value -> new ToCell.Bytes(value.getBytes(StandardCharsets.UTF_8)))
                .orElseGet(() -> new ToCell.Refused(ToCell.Reason.NOT_GRANTED, Secrets.notGranted(name)));
    }

    /** A script on its own has no person who asks, and is told nothing of the host. */
    private ToCell.Answer facts(String name) {
        return facts.json(name)
                .<ToCell.Answer>map(json -> new ToCell.Bytes(json.getBytes(StandardCharsets.UTF_8)))
                .orElseGet(() ->
                        new ToCell.Refused(ToCell.Reason.NOT_GRANTED, "the host tells a script nothing of itself"));
    }

    /** What the programs that the run started have read and written, as far as that was counted. */
    long programIoBytes() {
        return services.programIoBytes();
    }

    /** The most processes that the run had at once, its script as one. */
    int processes() {
        return services.processes();
    }

    private RunOutcome outcome(FromCell.Exceeded exceeded) {
        Limits limits = request.limits();
        return switch (exceeded.resource()) {
            case CPU_NANOS -> new RunOutcome.LimitExceeded.CpuTime(limits.cpuTime(), Duration.ofNanos(exceeded.used()));
            case MEMORY_BYTES -> new RunOutcome.LimitExceeded.Memory(limits.memoryBytes(), exceeded.used());
        };
    }

    /**
     * Checks the CPU time of the whole process, in case the cell does not report its own. It counts the collector and
     * the compiler too, so it is lenient; the cell's own count of the guest's thread is the exact one.
     */
    private void look() {
        long cpu = cpuNanos();
        if (cpuAtFirstLook < 0) cpuAtFirstLook = cpu;
        long used = cpu - cpuAtFirstLook;
        long limit = request.limits().cpuTime().toNanos();
        if (used > limit + limit / 2 + TimeUnit.SECONDS.toNanos(1))
            stopper.stop(
                    () -> new RunOutcome.LimitExceeded.CpuTime(request.limits().cpuTime(), Duration.ofNanos(used)));
    }

    private long cpuNanos() {
        ProcessHandle handle = cell.handle();
        long total = handle.info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
        return handle.descendants()
                .mapToLong(each ->
                        each.info().totalCpuDuration().map(Duration::toNanos).orElse(0L))
                .reduce(total, Long::sum);
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - startedNanos);
    }

    /** Decides once how a run ends, and ends its cell if it is not by the cell's own answer. Safe for several threads. */
    static final class Stopper {
        private final AtomicReference<@Nullable Decision> decision = new AtomicReference<>();
        private volatile @Nullable Running running;

        /** {@code outcome} is what it was stopped with; null if the cell's own answer is the end. */
        private record Decision(@Nullable RunOutcome outcome) {}

        /** What a stop ends. */
        private record Running(Cell cell, ServiceDesk services) {
            void end() {
                cell.kill();
                services.close();
            }
        }

        /** Names what a stop is to end; one that was asked for before ends it at once. */
        void attach(Cell cell, ServiceDesk services) {
            var started = new Running(cell, services);
            running = started;
            if (isStopped()) started.end();
        }

        /** Stops with an outcome unless the end is decided already. */
        void stop(Supplier<RunOutcome> outcome) {
            if (decision.get() == null && decision.compareAndSet(null, new Decision(outcome.get()))) {
                Running started = running;
                if (started != null) started.end();
            }
        }

        /** Whether the cell's own answer is the end. */
        boolean finish() {
            return decision.compareAndSet(null, new Decision(null));
        }

        boolean isStopped() {
            Decision decided = decision.get();
            return decided != null && decided.outcome != null;
        }

        RunOutcome outcome() {
            Decision decided = decision.get();
            if (decided == null || decided.outcome == null) throw new IllegalStateException("nothing stopped this run");
            return decided.outcome;
        }
    }
}
