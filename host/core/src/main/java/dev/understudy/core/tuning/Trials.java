package dev.understudy.core.tuning;

import dev.understudy.core.problem.UserException;
import dev.understudy.spi.optimization.Candidate;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Makes the trials of one session and keeps them; those that an interrupted session had come first. */
final class Trials {
    private final TuningPlan plan;
    private final List<Objective> objectives;
    private final ParameterApplier applier;
    private final TuningTime time;
    private final TuningListener listener;
    private final Deque<TrialRecord> earlier;
    private final List<TrialRecord> ended = new ArrayList<>();
    private Duration spent = Duration.ZERO;
    private int mishaps;
    private String lastMishap = "";

    Trials(
            TuningPlan plan,
            List<Objective> objectives,
            ParameterApplier applier,
            TuningTime time,
            List<TrialRecord> earlier,
            TuningListener listener) {
        this.plan = plan;
        this.objectives = List.copyOf(objectives);
        this.applier = applier;
        this.time = time;
        this.earlier = new ArrayDeque<>(earlier);
        this.listener = listener;
    }

    List<TrialRecord> ended() {
        return ended;
    }

    Duration spent() {
        return spent;
    }

    /**
     * Whether there is time for so many trials more, if they take as long as those before. Goes by what trials took, not by the
     * clock on the wall, so that a resumed session decides as it would have.
     */
    boolean timeFor(int more) {
        if (ended.isEmpty()) return true;
        Duration mean = spent.dividedBy(ended.size());
        return spent.plus(mean.multipliedBy(more)).compareTo(plan.maxTime()) <= 0;
    }

    /** The earlier session's next trial, if it is one of this phase and machine and, as it need not be in a search, of this candidate. */
    private Optional<TrialRecord> recorded(Phase phase, Candidate candidate, int machine) {
        TrialRecord next = earlier.peekFirst();
        if (next == null) return Optional.empty();
        boolean fits = next.phase() == phase
                && next.machine() == machine
                && (phase == Phase.SEARCH || next.candidate().values().equals(candidate.values()));
        // The strategy is of another version and chose otherwise: what was measured for its earlier choice is of no
        // use.
        if (!fits) earlier.clear();
        else earlier.removeFirst();
        return fits ? Optional.of(next) : Optional.empty();
    }

    /** Makes a trial. In a search it may be of another candidate: one that the interrupted session tried at this place. */
    TrialRecord make(Phase phase, Candidate candidate, int machine) throws InterruptedException {
        Optional<TrialRecord> recorded = recorded(phase, candidate, machine);
        TrialRecord trial = recorded.isPresent() ? recorded.get() : measured(phase, candidate, machine);
        ended.add(trial);
        spent = spent.plus(trial.took());
        if (recorded.isEmpty()) listener.ended(trial);
        return trial;
    }

    private TrialRecord measured(Phase phase, Candidate candidate, int machine) throws InterruptedException {
        if (Thread.interrupted()) throw new InterruptedException();
        listener.progress(status(phase));
        long started = time.nanos();
        var figures = new ArrayList<Double>();
        String failure = "";
        try {
            applier.apply(candidate.values());
            if (plan.settle().isPositive()) time.sleep(plan.settle());
            for (int replicate = 0; replicate < plan.repeats() && failure.isEmpty(); replicate++) {
                switch (measure(candidate, machine, replicate)) {
                    case Objective.Measured measured -> figures.add(measured.value());
                    case Objective.Failed failed -> failure = failed.reason();
                }
            }
        } catch (IOException e) {
            // An interrupt closes files under the hands of who writes them; that is no failure of the candidate.
            if (Thread.interrupted()) throw new InterruptedException();
            failure = "it could not be applied: " + e.getMessage();
        }
        return new TrialRecord(
                phase,
                candidate,
                failure.isEmpty() ? figures : List.of(),
                failure,
                Duration.ofNanos(time.nanos() - started),
                machine);
    }

    /** Measures, and once more if there is no figure: a mishap says nothing about the setting. */
    private Objective.Outcome measure(Candidate candidate, int machine, int replicate) throws InterruptedException {
        Objective objective = objectives.get(machine);
        Objective.Outcome first = objective.measure(candidate.values(), replicate);
        if (!(first instanceof Objective.Failed failed) || failed.retry() == Objective.Retry.POINTLESS) return first;
        Objective.Outcome second = objective.measure(candidate.values(), replicate);
        if (second instanceof Objective.Measured) {
            mishaps++;
            lastMishap = failed.reason();
        }
        return second;
    }

    /** What failed once and not again, a sentence; empty if nothing did. */
    Optional<String> mishaps() {
        return mishaps == 0
                ? Optional.empty()
                : Optional.of((mishaps == 1 ? "One measurement" : mishaps + " measurements")
                        + " failed and gave a figure when made again, the last time because " + lastMishap + ".");
    }

    /** Makes a trial of the default setting on the first machine, without which there is nothing to compare with. */
    TrialRecord makeDefault(Phase phase) throws InterruptedException {
        TrialRecord trial = make(phase, plan.defaultSetting(), 0);
        if (phase == Phase.DEFAULT && trial.failed())
            throw UserException.failed(
                    "The default setting cannot be measured",
                    trial.failure(),
                    "The first trial is " + words(plan.defaultSetting().values())
                            + "; run the objective by hand with these values and mend what it says");
        return trial;
    }

    static String words(Map<String, Object> values) {
        var text = new StringBuilder();
        values.forEach((name, value) -> text.append(text.isEmpty() ? "" : ", ")
                .append(name)
                .append(" = ")
                .append(value));
        return text.toString();
    }

    private TuningStatus status(Phase phase) {
        Optional<TrialRecord> best = ended.stream()
                // Figures of machines that differ in speed cannot be compared.
                .filter(trial -> !trial.failed() && trial.machine() == 0)
                .reduce((a, b) -> plan.direction()
                                .isBetter(b.value().orElseThrow(), a.value().orElseThrow())
                        ? b
                        : a);
        return new TuningStatus(
                phase,
                ended.size(),
                plan.budget(),
                ended.isEmpty() ? OptionalDouble.empty() : ended.getFirst().value(),
                best.map(TrialRecord::candidate),
                best.map(TrialRecord::value).orElse(OptionalDouble.empty()),
                spent,
                left());
    }

    private Optional<Duration> left() {
        if (ended.isEmpty()) return Optional.empty();
        Duration byBudget = spent.dividedBy(ended.size()).multipliedBy(Math.max(0, plan.budget() - ended.size()));
        Duration byTime = plan.maxTime().minus(spent);
        return Optional.of(byTime.compareTo(byBudget) < 0 && !byTime.isNegative() ? byTime : byBudget);
    }
}
