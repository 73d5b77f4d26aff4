package dev.understudy.core.performance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.understudy.core.performance.AcceptedAdvice.Effect;
import dev.understudy.core.performance.AcceptedAdvice.Verdict;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.store.Database;
import dev.understudy.spi.performance.ExecutionState;
import dev.understudy.spi.performance.Interval;
import dev.understudy.spi.performance.Recommendation;
import dev.understudy.spi.performance.Recommendation.Grade;
import dev.understudy.spi.performance.Recommendation.Objective;
import dev.understudy.spi.performance.WorkflowExecution;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AcceptedAdviceTest {
    private static final Instant DAY = PerformanceHistoryTest.DAY;
    private static final Instant ACCEPTED = DAY.plus(Duration.ofDays(5));

    @TempDir
    Path folder;

    private Database database;
    private PerformanceHistory history;
    private AcceptedAdvice advice;

    @BeforeEach
    void open() {
        database = Database.open(folder.resolve("store.db"));
        history = new PerformanceHistory(database, PerformanceHistoryTest.THRESHOLDS, 100, 10_000);
        advice = new AcceptedAdvice(database, history);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static Recommendation expecting(double percent) {
        return new Recommendation(
                "caching:deploy:build",
                "caching",
                "deploy",
                "caching",
                "Keep the results.",
                new Interval(percent, percent, percent),
                Objective.EXECUTION_TIME,
                Grade.LOW,
                Grade.LOW,
                List.of(),
                Map.of());
    }

    private static WorkflowExecution lasting(String id, Instant start, double millis) {
        return new WorkflowExecution(
                id, "deploy", start, start.plusNanos(Math.round(millis * 1e6)), ExecutionState.SUCCEEDED, List.of());
    }

    /** Two an hour over ten days, accepted after five. */
    private void record(double before, double after) {
        var random = new Random(3);
        var executions = new ArrayList<WorkflowExecution>();
        for (int i = 0; i < 480; i++) {
            Instant start = DAY.plus(Duration.ofMinutes(30L * i));
            double level = start.isBefore(ACCEPTED) ? before : after;
            executions.add(lasting("e" + i, start, level * (1 + 0.05 * random.nextGaussian())));
        }
        history.recordExecutions(executions);
    }

    private Effect effect() {
        return advice.effects().getFirst();
    }

    @Test
    void isMeasuredAgainstWhatWasBefore() {
        record(1000, 800);
        advice.accept(expecting(25), ACCEPTED);

        assertThat(effect().verdict()).isEqualTo(Verdict.IMPROVED);
        assertThat(effect().actual()).isCloseTo(20, within(1.5));
        assertThat(effect().low()).isGreaterThan(17);
        assertThat(effect().high()).isLessThan(23);
        // 240 executions since, each 200 ms faster.
        assertThat(effect().savedMillis()).isCloseTo(240 * 200, within(2500.0));
        // 1 - |25 - 20| / 25
        assertThat(effect().accuracy()).isCloseTo(0.8, within(0.06));
    }

    @Test
    void isSaidToHaveHarmedIfItDid() {
        record(1000, 1200);
        advice.accept(expecting(25), ACCEPTED);

        assertThat(effect().verdict()).isEqualTo(Verdict.HARMED);
        assertThat(effect().high()).isNegative();
        assertThat(effect().savedMillis()).isNegative();
    }

    @Test
    void isSaidToMakeNoDifferenceIfItMakesNone() {
        record(1000, 1000);
        advice.accept(expecting(25), ACCEPTED);

        assertThat(effect().verdict()).isEqualTo(Verdict.NO_DIFFERENCE);
    }

    @Test
    void waitsForEnoughExecutions() {
        record(1000, 800);
        advice.accept(expecting(25), DAY.plus(Duration.ofMinutes(30 * 477)));

        assertThat(effect().verdict()).isEqualTo(Verdict.TOO_EARLY);
    }

    @Test
    void isNotCreditedWithALighterLoad() {
        // Busy hours of eight take twice as long as quiet ones of one; before, most are busy; afterwards, most are
        // quiet.
        var executions = new ArrayList<WorkflowExecution>();
        for (int hour = 0; hour < 240; hour++) {
            boolean early = hour < 120;
            boolean busy = early ? hour % 4 != 0 : hour % 4 == 0;
            for (int k = 0; k < (busy ? 8 : 1); k++)
                executions.add(lasting(
                        hour + "-" + k,
                        DAY.plus(Duration.ofHours(hour)).plus(Duration.ofMinutes(7L * k)),
                        busy ? 2000 : 1000));
        }
        history.recordExecutions(executions);
        advice.accept(expecting(25), ACCEPTED);

        assertThat(effect().actual()).isCloseTo(0, within(1e-9));
        assertThat(effect().verdict()).isEqualTo(Verdict.NO_DIFFERENCE);
    }

    @Test
    void correctsWhatItsRuleExpectsNext() {
        record(1000, 900);
        advice.accept(expecting(40), ACCEPTED);

        // A quarter of what was expected, with two imagined cases of all of it: (2 + 0.25) / 3.
        assertThat(advice.calibrations().get("caching")).isCloseTo(0.75, within(0.02));
        assertThat(AcceptedAdvice.calibrated(expecting(40), advice.calibrations())
                        .expectedImprovement()
                        .estimate())
                .isCloseTo(30, within(1.0));
    }

    @Test
    void teachesItsRuleWhatItExpectedItself() {
        record(1000, 900);
        advice.accept(expecting(40), ACCEPTED);
        Recommendation second = new Recommendation(
                "caching:deploy:test",
                "caching",
                "deploy",
                "caching",
                "Keep the results.",
                new Interval(30, 30, 30),
                Objective.EXECUTION_TIME,
                Grade.LOW,
                Grade.LOW,
                List.of(),
                Map.of());
        advice.accept(second, ACCEPTED);

        // Both were expected to bring 40 %, the second corrected to 30 %, and brought 10 %: (2 + 0.25 + 0.25) / 4.
        assertThat(advice.calibrations().get("caching")).isCloseTo(0.625, within(0.02));
    }

    @Test
    void isAcceptedOnce() {
        advice.accept(expecting(25), ACCEPTED);

        assertThatExceptionOfType(UserException.class)
                .isThrownBy(() -> advice.accept(expecting(25), ACCEPTED))
                .withMessageContaining("it was accepted before");
    }
}
