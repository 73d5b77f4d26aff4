package dev.understudy.core.automation;

import dev.understudy.core.problem.UserException;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.ScriptRunner;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A run that begins when its turn has come; whoever awaits it first waits for that. */
final class RunInTurn implements ScriptRunner.Run {
    private final Turns.Turn turn;
    private final Supplier<ScriptRunner.Run> start;
    private final Supplier<RunReport> notStarted;
    private final FutureTask<RunReport> whole = new FutureTask<>(this::runWhole);
    private ScriptRunner.@Nullable Run started;
    private boolean cancelled;

    /**
     * @param start starts the run once the turn is taken
     * @param notStarted the report of a run that was cancelled before
     */
    RunInTurn(Turns.Turn turn, Supplier<ScriptRunner.Run> start, Supplier<RunReport> notStarted) {
        this.turn = turn;
        this.start = start;
        this.notStarted = notStarted;
    }

    /** A run that has begun; the turn is given on at its end. */
    static RunInTurn started(Turns.Turn turn, ScriptRunner.Run run) {
        var inTurn = new RunInTurn(turn, () -> run, () -> {
            throw new IllegalStateException("it was started");
        });
        inTurn.started = run;
        return inTurn;
    }

    private RunReport runWhole() throws InterruptedException {
        ScriptRunner.Run run = begun();
        if (run == null) return notStarted.get();
        RunReport report = run.await();
        turn.release();
        return report;
    }

    private ScriptRunner.@Nullable Run begun() throws InterruptedException {
        synchronized (this) {
            if (started != null) return started;
        }
        if (!turn.take()) return null;
        try {
            ScriptRunner.Run run = start.get();
            synchronized (this) {
                started = run;
                if (cancelled) run.cancel();
            }
            return run;
        } catch (RuntimeException e) {
            turn.release();
            throw e;
        }
    }

    @Override
    public RunReport await() throws InterruptedException {
        whole.run();
        try {
            return whole.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case UserException refused -> throw refused;
                case InterruptedException _ -> throw new InterruptedException();
                case null, default -> throw new IllegalStateException("a run ended by a bug", e);
            }
        }
    }

    @Override
    public void cancel() {
        ScriptRunner.Run run;
        synchronized (this) {
            cancelled = true;
            run = started;
        }
        if (run != null) run.cancel();
        else turn.cancel();
    }
}
