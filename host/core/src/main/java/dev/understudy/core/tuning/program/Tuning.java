package dev.understudy.core.tuning.program;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.core.config.DataHome;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.tuning.Objective;
import dev.understudy.core.tuning.ParameterApplier;
import dev.understudy.core.tuning.TrialRecord;
import dev.understudy.core.tuning.Tuner;
import dev.understudy.core.tuning.TuningListener;
import dev.understudy.core.tuning.TuningPlan;
import dev.understudy.core.tuning.TuningResult;
import dev.understudy.core.tuning.TuningStatus;
import dev.understudy.core.tuning.Verdict;
import dev.understudy.spi.optimization.Candidate;
import dev.understudy.spi.optimization.OptimizerStrategy;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A session that is ready to run, new or resumed. While it is open no other process tunes from this data home. Used by one
 * thread.
 */
public final class Tuning implements AutoCloseable {
    private final String id;
    private final TuningProfile profile;
    private final Setting setting;
    private final TuningPlan plan;
    private final Parts parts;
    private final List<TrialRecord> earlier;

    /** What a session works with. */
    record Parts(
            Tuner tuner,
            OptimizerStrategy strategy,
            List<Objective> objectives,
            ParameterApplier applier,
            Optional<JournalApplier> keeper,
            Advice advice,
            SessionLog log,
            DataHome.Lock lock) {}

    Tuning(String id, TuningProfile profile, Setting setting, TuningPlan plan, Parts parts, List<TrialRecord> earlier) {
        this.id = id;
        this.profile = profile;
        this.setting = setting;
        this.plan = plan;
        this.parts = parts;
        this.earlier = List.copyOf(earlier);
    }

    /** For 'tune --resume'. */
    public String id() {
        return id;
    }

    public TuningProfile profile() {
        return profile;
    }

    public TuningPlan plan() {
        return plan;
    }

    /** The strategy's name. */
    public String strategy() {
        return parts.strategy().name();
    }

    /** Where it is measured, for people: {@code here}, or the host commands that were given. */
    public List<String> machines() {
        return profile.hosts().stream().map(HostCommand::text).toList();
    }

    /** Trials that it had before it was interrupted. */
    public List<TrialRecord> earlier() {
        return earlier;
    }

    /** Sentences for people about what was taken for granted. */
    public List<String> notes() {
        return setting.notes();
    }

    /**
     * Runs it to its verdict. What was in force before is in force after.
     *
     * @throws UserException if the default setting cannot be measured
     * @throws InterruptedException if the thread was interrupted; the session can be resumed
     */
    public TuningResult run(TuningListener listener) throws InterruptedException {
        try {
            TuningResult result = parts.tuner()
                    .tune(
                            plan,
                            parts.strategy(),
                            parts.objectives(),
                            parts.applier(),
                            earlier,
                            new Recording(listener, parts.log()));
            parts.log().append(end(result));
            return result;
        } catch (UserException e) {
            parts.log()
                    .append(SessionJson.MAPPER
                            .createObjectNode()
                            .put("verdict", "failed")
                            .put("reason", e.getMessage()));
            throw e;
        }
    }

    /** Writes each trial down before anybody else hears of it. */
    private record Recording(TuningListener listener, SessionLog log) implements TuningListener {
        @Override
        public void progress(TuningStatus status) {
            listener.progress(status);
        }

        @Override
        public void ended(TrialRecord trial) {
            log.append(SessionJson.trial(trial));
            listener.ended(trial);
        }
    }

    private static ObjectNode end(TuningResult result) {
        ObjectNode line = SessionJson.MAPPER.createObjectNode();
        switch (result.verdict()) {
            case Verdict.Improved improved -> {
                line.put("verdict", "improved");
                line.put("improvement", improved.race().improvement());
                line.put("unit", improved.race().unit().name());
                line.set(
                        "values",
                        SessionJson.MAPPER.valueToTree(improved.candidate().values()));
            }
            case Verdict.NoImprovement none ->
                line.put("verdict", "no improvement").put("reason", none.reason());
        }
        return line;
    }

    /** Whether there is something that {@link #keep} can put in force. */
    public boolean canKeep() {
        return parts.keeper().isPresent();
    }

    /**
     * Puts a candidate's values in force to stay; 'tune restore' undoes it.
     *
     * @throws UserException if they are refused
     */
    public void keep(Candidate candidate) throws InterruptedException {
        JournalApplier keeper =
                parts.keeper().orElseThrow(() -> new IllegalStateException("there is nothing that applies values"));
        try {
            keeper.keep(candidate.values());
        } catch (IOException e) {
            throw UserException.failed(
                    "The best setting could not be applied",
                    String.valueOf(e.getMessage()),
                    "What was set before is back; try again by hand");
        }
    }

    /** Commands that a person would type to put a candidate in force, or to run with it. */
    public List<String> commands(Candidate candidate) {
        return parts.advice().commands(candidate.values());
    }

    /** Gives commands for values. */
    interface Advice {
        List<String> commands(Map<String, Object> values);
    }

    @Override
    public void close() {
        parts.lock().close();
    }
}
