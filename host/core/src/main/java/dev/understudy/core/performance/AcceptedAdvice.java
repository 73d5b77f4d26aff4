package dev.understudy.core.performance;

import dev.understudy.core.problem.UserException;
import dev.understudy.core.store.Database;
import dev.understudy.spi.performance.ExecutionState;
import dev.understudy.spi.performance.Interval;
import dev.understudy.spi.performance.Recommendation;
import dev.understudy.spi.performance.Recommendation.Objective;
import dev.understudy.spi.performance.WorkflowExecution;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Advice that a person said they followed, and what it really brought. Safe for use by several threads and processes.
 *
 * <p>The executions since are compared with as many before at the same load: executions are put into classes by how many
 * others began in the same hour (powers of two), and each class counts as often as it does afterwards. The interval is a
 * bootstrap over executions within their classes (Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13), 90 %.
 */
public final class AcceptedAdvice {
    /** Later than any record, and within what the store can write. */
    private static final Instant END = Instant.parse("9999-12-31T00:00:00Z");

    private static final int MIN_EXECUTIONS = 5;
    private static final int MAX_EXECUTIONS = 1000;
    private static final int RESAMPLES = 1000;
    private static final long SEED = 20_262;

    /** So many imagined cases in which a rule was right: one lucky or unlucky case does not make a calibration. */
    private static final double PRIOR_CASES = 2;

    private final Database database;
    private final PerformanceHistory history;

    public AcceptedAdvice(Database database, PerformanceHistory history) {
        this.database = database;
        this.history = history;
    }

    /** How an accepted recommendation turned out. */
    public enum Verdict {
        /** Too few executions since, or of equal load before. */
        TOO_EARLY,
        IMPROVED,
        NO_DIFFERENCE,
        HARMED
    }

    /**
     * What became of one.
     *
     * @param recommendationId which
     * @param workflow of which workflow
     * @param rule that made it
     * @param description what was advised
     * @param acceptedAt when the person said so
     * @param expected improvement in percent
     * @param actual improvement in percent; NaN while it is too early
     * @param low lower end of the 90 % interval of {@code actual}
     * @param high upper end of it
     * @param accuracy how close the two are, from 0.0 to 1.0; NaN while it is too early
     * @param executionsSince how many executions it rests on
     * @param verdict what that means
     * @param savedMillis what those executions would have taken longer together, less than 0 if they would have been faster;
     *     0 while it is too early, and if it was not about time
     */
    public record Effect(
            String recommendationId,
            String workflow,
            String rule,
            String description,
            Instant acceptedAt,
            double expected,
            double actual,
            double low,
            double high,
            double accuracy,
            int executionsSince,
            Verdict verdict,
            double savedMillis) {}

    private record Kept(
            String id,
            String workflow,
            String rule,
            Objective objective,
            String description,
            double expected,
            double calibration,
            Instant acceptedAt,
            @Nullable Long experimentId,
            @Nullable Instant endedAt) {}

    /**
     * Marks the moment from which a recommendation counts as followed.
     *
     * @param recommendation as it was shown, with its expectation {@linkplain #calibrations corrected}
     * @throws UserException if it was accepted before
     */
    public void accept(Recommendation recommendation, Instant now) {
        accept(recommendation, now, null);
    }

    /**
     * The same of advice that was applied as the second version of an experiment: that measures it, and not the executions before
     * and since.
     */
    public void acceptCompared(Recommendation recommendation, Instant now, long experimentId) {
        accept(recommendation, now, experimentId);
    }

    /**
     * Refuses what was accepted before.
     *
     * @throws UserException if it was
     */
    public void requireNew(String recommendationId) {
        if (kept().stream().anyMatch(each -> each.id().equals(recommendationId) && each.endedAt() == null))
            throw acceptedBefore(recommendationId);
    }

    private static UserException acceptedBefore(String recommendationId) {
        return UserException.badInput(
                "The recommendation " + recommendationId + " cannot be accepted",
                "it was accepted before",
                "'recommend effects' shows what it has brought");
    }

    private void accept(Recommendation recommendation, Instant now, @Nullable Long experimentId) {
        double calibration = calibrations().getOrDefault(recommendation.rule(), 1.0);
        int added = database.write(handle -> handle.execute(
                "INSERT INTO accepted_recommendation (id, workflow, rule, objective, description, expected,"
                        + " expected_low, expected_high, calibration, accepted_at, experiment_id)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
                        + " expected = excluded.expected, expected_low = excluded.expected_low,"
                        + " expected_high = excluded.expected_high, calibration = excluded.calibration,"
                        + " accepted_at = excluded.accepted_at, experiment_id = excluded.experiment_id, ended_at = NULL"
                        + " WHERE ended_at IS NOT NULL",
                recommendation.recommendationId(),
                recommendation.workflow(),
                recommendation.rule(),
                recommendation.objective().name(),
                recommendation.description(),
                recommendation.expectedImprovement().estimate(),
                recommendation.expectedImprovement().low(),
                recommendation.expectedImprovement().high(),
                calibration,
                PerformanceHistory.micros(now),
                experimentId));
        if (added == 0) throw acceptedBefore(recommendation.recommendationId());
    }

    /**
     * Marks the moment from which a recommendation no longer counts as followed: what it brought until then stays known, and it
     * may be accepted again.
     */
    public void end(String recommendationId, Instant now) {
        database.write(handle -> handle.execute(
                "UPDATE accepted_recommendation SET ended_at = ? WHERE id = ? AND ended_at IS NULL",
                PerformanceHistory.micros(now),
                recommendationId));
    }

    /** What became of all, latest first. */
    public List<Effect> effects() {
        return kept().stream().map(this::effect).toList();
    }

    private List<Kept> kept() {
        return database.read(handle -> handle.createQuery(
                        "SELECT id, workflow, rule, objective, description, expected,"
                                + " calibration, accepted_at, experiment_id, ended_at FROM accepted_recommendation ORDER BY accepted_at DESC")
                .map((row, _) -> new Kept(
                        // Before ids could be typed, they were kept as the rules had made them.
                        RecommendationIds.typable(row.getString(1)),
                        row.getString(2),
                        row.getString(3),
                        Objective.valueOf(row.getString(4)),
                        row.getString(5),
                        row.getDouble(6),
                        row.getDouble(7),
                        PerformanceHistory.instant(row.getLong(8)),
                        row.getObject(9) == null ? null : row.getLong(9),
                        row.getObject(10) == null ? null : PerformanceHistory.instant(row.getLong(10))))
                .list());
    }

    private Effect effect(Kept kept) {
        Long experiment = kept.experimentId();
        if (experiment != null) {
            List<double[][]> arms = List.<double[][]>of(new double[][] {
                figures(experiment, "version_a", kept.objective()), figures(experiment, "version_b", kept.objective())
            });
            int before = arms.getFirst()[0].length;
            int since = arms.getFirst()[1].length;
            return Math.min(before, since) < MIN_EXECUTIONS ? tooEarly(kept, since) : effect(kept, arms, since);
        }
        List<WorkflowExecution> all = executions(kept.workflow());
        List<WorkflowExecution> before = all.stream()
                .filter(each -> each.start().isBefore(kept.acceptedAt()))
                .toList();
        List<WorkflowExecution> after = all.stream()
                .filter(each -> !each.start().isBefore(kept.acceptedAt()))
                .filter(each -> kept.endedAt() == null || each.start().isBefore(kept.endedAt()))
                .toList();
        before = before.subList(Math.max(0, before.size() - MAX_EXECUTIONS), before.size());
        after = after.subList(Math.max(0, after.size() - MAX_EXECUTIONS), after.size());
        List<double[][]> classes = classes(all, before, after, figure(kept.objective()));
        int comparable = classes.stream().mapToInt(each -> each[1].length).sum();
        return comparable < MIN_EXECUTIONS ? tooEarly(kept, after.size()) : effect(kept, classes, comparable);
    }

    /** Of the runs of one version in an experiment, oldest first. */
    private double[] figures(long experiment, String version, Objective objective) {
        boolean failures = objective == Objective.ERROR_RATE;
        String figure = failures ? "outcome <> 'succeeded'" : "duration_millis";
        String counted = failures ? "" : " AND outcome = 'succeeded'";
        return array(database.read(handle -> handle.createQuery("SELECT " + figure + " FROM automation_run"
                        + " WHERE experiment_id = :id AND version = (SELECT " + version
                        + " FROM experiment WHERE id = :id)" + counted + " ORDER BY rowid")
                .bind("id", experiment)
                .mapTo(Double.class)
                .list()));
    }

    private static Effect tooEarly(Kept kept, int executions) {
        return new Effect(
                kept.id(),
                kept.workflow(),
                kept.rule(),
                kept.description(),
                kept.acceptedAt(),
                kept.expected(),
                Double.NaN,
                Double.NaN,
                Double.NaN,
                Double.NaN,
                executions,
                Verdict.TOO_EARLY,
                0);
    }

    private static Effect effect(Kept kept, List<double[][]> classes, int comparable) {
        Interval actual = improvement(classes);
        Verdict verdict =
                actual.low() > 0 ? Verdict.IMPROVED : actual.high() < 0 ? Verdict.HARMED : Verdict.NO_DIFFERENCE;
        double scale = Math.max(Math.abs(kept.expected()), Math.abs(actual.estimate()));
        double accuracy = scale == 0 ? 1 : Math.max(0, 1 - Math.abs(kept.expected() - actual.estimate()) / scale);
        return new Effect(
                kept.id(),
                kept.workflow(),
                kept.rule(),
                kept.description(),
                kept.acceptedAt(),
                kept.expected(),
                actual.estimate(),
                actual.low(),
                actual.high(),
                accuracy,
                comparable,
                verdict,
                kept.objective() == Objective.EXECUTION_TIME ? before(classes) - after(classes) : 0);
    }

    private List<WorkflowExecution> executions(String workflow) {
        List<WorkflowExecution> found =
                history.executions(workflow, Instant.EPOCH, END).executions();
        return found.isEmpty()
                ? history.metricsAsExecutions(workflow, Instant.EPOCH, END).executions()
                : found;
    }

    private static ToDoubleFunction<WorkflowExecution> figure(Objective objective) {
        return switch (objective) {
            case EXECUTION_TIME -> WorkflowExecution::durationMillis;
            case ERROR_RATE -> each -> each.state() == ExecutionState.FAILED ? 1 : 0;
            // What is allotted is not recorded: what can be seen is whether the executions suffered.
            case RESOURCE_COST -> WorkflowExecution::durationMillis;
        };
    }

    /** Of each class of load that occurs on both sides, the figures before and after. */
    private static List<double[][]> classes(
            List<WorkflowExecution> all,
            List<WorkflowExecution> before,
            List<WorkflowExecution> after,
            ToDoubleFunction<WorkflowExecution> figure) {
        var perHour = new TreeMap<Long, Integer>();
        for (WorkflowExecution each : all) perHour.merge(hour(each), 1, Integer::sum);
        var beforeByLoad = new TreeMap<Integer, List<Double>>();
        var afterByLoad = new TreeMap<Integer, List<Double>>();
        for (WorkflowExecution each : before)
            beforeByLoad
                    .computeIfAbsent(load(perHour, each), _ -> new ArrayList<>())
                    .add(figure.applyAsDouble(each));
        for (WorkflowExecution each : after)
            afterByLoad
                    .computeIfAbsent(load(perHour, each), _ -> new ArrayList<>())
                    .add(figure.applyAsDouble(each));
        var classes = new ArrayList<double[][]>();
        afterByLoad.forEach((load, figures) -> {
            List<Double> earlier = beforeByLoad.get(load);
            if (earlier != null) classes.add(new double[][] {array(earlier), array(figures)});
        });
        return classes;
    }

    private static long hour(WorkflowExecution execution) {
        return Math.floorDiv(execution.start().getEpochSecond(), 3600);
    }

    private static int load(Map<Long, Integer> perHour, WorkflowExecution execution) {
        return 32 - Integer.numberOfLeadingZeros(perHour.getOrDefault(hour(execution), 0));
    }

    private static double[] array(List<Double> figures) {
        return figures.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static Interval improvement(List<double[][]> classes) {
        var random = new SplittableRandom(SEED);
        double estimate = percent(classes);
        double[] resampled = new double[RESAMPLES];
        for (int k = 0; k < RESAMPLES; k++)
            resampled[k] = percent(classes.stream()
                    .map(each -> new double[][] {resample(each[0], random), resample(each[1], random)})
                    .toList());
        Arrays.sort(resampled);
        return new Interval(
                estimate,
                Math.min(estimate, resampled[RESAMPLES / 20]),
                Math.max(estimate, resampled[RESAMPLES - 1 - RESAMPLES / 20]));
    }

    private static double[] resample(double[] figures, SplittableRandom random) {
        double[] drawn = new double[figures.length];
        for (int i = 0; i < drawn.length; i++) drawn[i] = figures[random.nextInt(figures.length)];
        return drawn;
    }

    /** The improvement with the classes of load weighted as they occur afterwards. */
    private static double percent(List<double[][]> classes) {
        double before = before(classes);
        return before <= 0 ? 0 : 100 * (before - after(classes)) / before;
    }

    /** What the executions since would have come to if they had been as those before. */
    private static double before(List<double[][]> classes) {
        return classes.stream()
                .mapToDouble(each ->
                        each[1].length * Arrays.stream(each[0]).average().orElse(0))
                .sum();
    }

    private static double after(List<double[][]> classes) {
        return classes.stream()
                .mapToDouble(each -> Arrays.stream(each[1]).sum())
                .sum();
    }

    /**
     * By which factor what each rule expects was right so far, from 0.0 to 2.0, by the rule's name; rules of which nothing is
     * known are not in it.
     */
    public Map<String, Double> calibrations() {
        var sums = new TreeMap<String, double[]>();
        for (Kept kept : kept()) {
            Effect effect = effect(kept);
            if (effect.verdict() == Verdict.TOO_EARLY || effect.expected() <= 0) continue;
            double[] sum = sums.computeIfAbsent(effect.rule(), _ -> new double[] {PRIOR_CASES, PRIOR_CASES});
            // Of what the rule itself expected, before it was corrected by what had been learnt until then.
            sum[0] += Math.clamp(kept.calibration() * effect.actual() / effect.expected(), 0, 2);
            sum[1]++;
        }
        var factors = new TreeMap<String, Double>();
        sums.forEach((rule, sum) -> factors.put(rule, sum[0] / sum[1]));
        return factors;
    }

    /** The recommendation with an id that can be typed, and its expectation corrected by what its rule's earlier ones brought. */
    static Recommendation calibrated(Recommendation recommendation, Map<String, Double> calibrations) {
        double factor = calibrations.getOrDefault(recommendation.rule(), 1.0);
        Interval expected = recommendation.expectedImprovement();
        return new Recommendation(
                RecommendationIds.typable(recommendation.recommendationId()),
                recommendation.rule(),
                recommendation.workflow(),
                recommendation.type(),
                recommendation.description(),
                new Interval(expected.estimate() * factor, expected.low() * factor, expected.high() * factor),
                recommendation.objective(),
                recommendation.effort(),
                recommendation.risk(),
                recommendation.specificChanges(),
                recommendation.evidence());
    }
}
