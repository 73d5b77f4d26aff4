package dev.understudy.core.tuning;

import dev.understudy.core.problem.UserException;
import dev.understudy.spi.optimization.OptimizerStrategy;
import java.io.IOException;
import java.util.List;

/**
 * Runs tuning sessions: the default setting first, then what a strategy asks for, a heat among the best few, a race of the best
 * of them against the default, the default once more. Whatever happens, what was in force before is in force after.
 *
 * <p>The same plan, strategy and figures give the same session. So a session that was interrupted goes on by giving it the
 * trials that it had: they are taken in place of measurements, in their order. Sessions run in the caller's thread; one tuner
 * may run several, one after the other.
 */
public final class Tuner {
    private final TuningTime time;

    public Tuner(TuningTime time) {
        this.time = time;
    }

    /**
     * Runs a session.
     *
     * @param objectives one for each machine of the plan
     * @param earlier trials of this session before it was interrupted; empty for a new one
     * @throws UserException if the default setting cannot be applied or measured, or what was in force
     *     cannot be put back
     * @throws InterruptedException if the thread was interrupted; what was in force is back
     */
    public TuningResult tune(
            TuningPlan plan,
            OptimizerStrategy strategy,
            List<Objective> objectives,
            ParameterApplier applier,
            List<TrialRecord> earlier,
            TuningListener listener)
            throws InterruptedException {
        if (objectives.size() != plan.machines())
            throw new IllegalArgumentException(objectives.size() + " objectives for " + plan.machines() + " machines");
        var trials = new Trials(plan, objectives, applier, time, earlier, listener);
        TuningResult result;
        try {
            result = new Session(plan, strategy, trials).run();
        } catch (Throwable e) {
            try {
                applier.restore();
            } catch (IOException unrestored) {
                e.addSuppressed(notRestored(unrestored));
            }
            throw e;
        }
        try {
            applier.restore();
        } catch (IOException e) {
            throw notRestored(e);
        }
        return result;
    }

    /** Runs a session on one machine. */
    public TuningResult tune(
            TuningPlan plan,
            OptimizerStrategy strategy,
            Objective objective,
            ParameterApplier applier,
            List<TrialRecord> earlier,
            TuningListener listener)
            throws InterruptedException {
        return tune(plan, strategy, List.of(objective), applier, earlier, listener);
    }

    private static UserException notRestored(IOException e) {
        return UserException.failed(
                "What was set before the tuning could not be put back",
                String.valueOf(e.getMessage()),
                "Set it by hand, or try 'tune restore'",
                e);
    }
}
