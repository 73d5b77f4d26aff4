package dev.understudy.core.automation;

import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.ScriptRunner;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A run that is tried once more where its changes could not be made because somebody else had changed the same files
 * meanwhile. Only for runs that touch nothing but their view of the files: such a try has changed nothing.
 */
final class SecondTry implements ScriptRunner.Run {
    private final ScriptRunner.Run first;
    private final Supplier<ScriptRunner.Run> again;
    private ScriptRunner.@Nullable Run second;
    private boolean cancelled;

    SecondTry(ScriptRunner.Run first, Supplier<ScriptRunner.Run> again) {
        this.first = first;
        this.again = again;
    }

    @Override
    public RunReport await() throws InterruptedException {
        RunReport report = first.await();
        boolean conflict = report.outcome() instanceof RunOutcome.Failed failed
                && failed.cause() == RunOutcome.Failed.Cause.CONFLICT;
        if (!conflict) return report;
        ScriptRunner.Run next;
        synchronized (this) {
            if (second == null && !cancelled) second = again.get();
            next = second;
        }
        return next == null ? report : next.await();
    }

    @Override
    public void cancel() {
        ScriptRunner.Run run;
        synchronized (this) {
            cancelled = true;
            run = second == null ? first : second;
        }
        run.cancel();
    }
}
