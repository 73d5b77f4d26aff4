package dev.understudy.sandbox.control.cells;

import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunOutcome.LimitExceeded;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.cells.HostServices.ServiceException;
import dev.understudy.sandbox.protocol.FromCell;
import dev.understudy.sandbox.protocol.ToCell;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Answers a cell's questions about the world outside its files: checks level and grants, and counts what programs use
 * against the run's limits. Used by the run's thread; {@link #close} may come from any.
 */
final class ServiceDesk implements AutoCloseable {
    /** What a run can still be given is never less, so that a value that exists is valid. */
    private static final Duration LEAST_TIME = Duration.ofMillis(1);

    private final RunRequest request;
    private final RunFiles.Transaction files;
    private final HostServices services;
    private final OutputCollector output;
    private final long startedNanos = System.nanoTime();
    private final Object opening = new Object();
    private HostServices.@Nullable ProgramsOfRun programs;
    private HostServices.@Nullable HttpOfRun http;
    private boolean closed;
    private Duration programCpu = Duration.ZERO;
    private volatile int processes = 1;
    private long programIoBytes;

    /** What came of a question. */
    sealed interface Reply {
        record Answer(ToCell.Answer answer) implements Reply {}

        /** A limit of the run was hit. */
        record Stop(RunOutcome outcome) implements Reply {}
    }

    ServiceDesk(RunRequest request, RunFiles.Transaction files, HostServices services, OutputCollector output) {
        this.request = request;
        this.files = files;
        this.services = services;
        this.output = output;
    }

    /** The most processes at once, the script itself as one. */
    int processes() {
        return processes;
    }

    /** What the programs that it started have read and written, as far as that was counted. */
    long programIoBytes() {
        return programIoBytes;
    }

    Reply run(FromCell.RunProgram ask) throws InterruptedException {
        if (request.isolation() == IsolationLevel.FULL) return refused(IsolationLevel.FULL.noPrograms());
        if (!request.grants().programs().contains(ask.program()))
            return refused("not allowed: program '" + ask.program() + "' is not granted; grants.programs = [\""
                    + ask.program() + "\"] would allow it");
        Limits limits = request.limits();
        if (limits.processes() < 2) return new Reply.Stop(new LimitExceeded.Processes(limits.processes(), 2));
        try {
            Path directory = Path.of(ask.directory());
            if (!directory.isAbsolute())
                return new Reply.Answer(
                        new ToCell.Refused(ToCell.Reason.INVALID, "not an absolute path: " + directory));
            var program = new HostServices.Program(
                    ask.program(), ask.arguments(), ask.standardInput(), directory.normalize());
            long printed = output.bytes();
            return switch (programs().run(program, left(limits))) {
                case HostServices.ProgramEnd.Ended ended -> ended(ended);
                case HostServices.ProgramEnd.Stopped(RunOutcome stopped) ->
                    new Reply.Stop(ofWholeRun(stopped, limits, printed));
            };
        } catch (ServiceException e) {
            return new Reply.Answer(new ToCell.Refused(reason(e.kind()), e.reason()));
        } catch (InvalidPathException _) {
            return new Reply.Answer(new ToCell.Refused(ToCell.Reason.INVALID, "not a path"));
        }
    }

    private Reply ended(HostServices.ProgramEnd.Ended ended) {
        programCpu = programCpu.plus(ended.cpuTime());
        processes = Math.max(processes, 1 + ended.processes());
        programIoBytes += ended.ioBytes().orElse(0);
        output.count(ended.standardOutput().length + ended.standardError().length);
        if (programCpu.compareTo(request.limits().cpuTime()) > 0)
            return new Reply.Stop(new LimitExceeded.CpuTime(request.limits().cpuTime(), programCpu));
        return new Reply.Answer(new ToCell.ProgramEnded(
                ended.exitCode(),
                ended.standardOutput(),
                ended.standardError(),
                ended.cpuTime().toNanos()));
    }

    private Limits left(Limits limits) {
        return limits.withWallTime(atLeast(limits.wallTime().minus(elapsed())))
                .withCpuTime(atLeast(limits.cpuTime().minus(programCpu)))
                .withProcesses(limits.processes() - 1)
                .withOutputBytes(Math.max(0, limits.outputBytes() - output.bytes()))
                .withDiskBytes(
                        Math.max(0, limits.diskBytes() - files.view().use().diskBytes()));
    }

    private static Duration atLeast(Duration left) {
        return left.compareTo(LEAST_TIME) < 0 ? LEAST_TIME : left;
    }

    /** What was hit of what was left, told as the run's own limit. */
    private RunOutcome ofWholeRun(RunOutcome stopped, Limits limits, long printed) {
        return switch (stopped) {
            case LimitExceeded.WallTime _ -> new LimitExceeded.WallTime(limits.wallTime(), elapsed());
            case LimitExceeded.CpuTime cpu -> new LimitExceeded.CpuTime(limits.cpuTime(), programCpu.plus(cpu.used()));
            case LimitExceeded.Processes many -> new LimitExceeded.Processes(limits.processes(), many.used() + 1);
            case LimitExceeded.Output much ->
                new LimitExceeded.Output(limits.outputBytes(), printed + much.usedBytes());
            case LimitExceeded.Disk much ->
                new LimitExceeded.Disk(limits.diskBytes(), files.view().use().diskBytes() + much.usedBytes());
            default -> stopped;
        };
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - startedNanos);
    }

    ToCell.Answer http(FromCell.Http ask) {
        if (request.isolation() != IsolationLevel.MINIMAL)
            return new ToCell.Refused(
                    ToCell.Reason.NOT_GRANTED, request.isolation().noNetwork());
        try {
            HostServices.HttpResult result = http().send(new HostServices.HttpRequest(
                    ask.method(),
                    ask.url(),
                    ask.headers(),
                    ask.body(),
                    ask.timeoutMillis() == 0 ? Optional.empty() : Optional.of(Duration.ofMillis(ask.timeoutMillis()))));
            return new ToCell.HttpAnswer(result.status(), result.headers(), result.body(), result.charset());
        } catch (ServiceException e) {
            return new ToCell.Refused(reason(e.kind()), e.reason());
        }
    }

    private HostServices.ProgramsOfRun programs() throws ServiceException {
        synchronized (opening) {
            if (programs == null) {
                programs = services.programs().open(request, files);
                if (closed) programs.close();
            }
            return programs;
        }
    }

    private HostServices.HttpOfRun http() throws ServiceException {
        synchronized (opening) {
            if (http == null) {
                http = services.http().open(request);
                if (closed) http.close();
            }
            return http;
        }
    }

    private static Reply refused(String message) {
        return new Reply.Answer(new ToCell.Refused(ToCell.Reason.NOT_GRANTED, message));
    }

    private static ToCell.Reason reason(ServiceException.Kind kind) {
        return switch (kind) {
            case NOT_ALLOWED -> ToCell.Reason.NOT_GRANTED;
            case TIMED_OUT -> ToCell.Reason.TIMED_OUT;
            case NETWORK_FAILED -> ToCell.Reason.NETWORK_FAILED;
            case FAILED -> ToCell.Reason.INPUT_OUTPUT;
        };
    }

    /** Ends what is under way; what is asked for later ends at once. */
    @Override
    public void close() {
        HostServices.ProgramsOfRun openPrograms;
        HostServices.HttpOfRun openHttp;
        synchronized (opening) {
            closed = true;
            openPrograms = programs;
            openHttp = http;
        }
        if (openPrograms != null) openPrograms.close();
        if (openHttp != null) openHttp.close();
    }
}
