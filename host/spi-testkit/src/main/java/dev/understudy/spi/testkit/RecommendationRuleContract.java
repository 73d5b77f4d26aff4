package dev.understudy.spi.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.spi.performance.Bottleneck;
import dev.understudy.spi.performance.ExecutionState;
import dev.understudy.spi.performance.Recommendation;
import dev.understudy.spi.performance.RecommendationRule;
import dev.understudy.spi.performance.Thresholds;
import dev.understudy.spi.performance.WorkflowExecution;
import dev.understudy.spi.performance.WorkflowHistory;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What every {@link RecommendationRule} keeps. An implementer extends this class and gives the rule and a history that it
 * knows how to make better.
 */
public abstract class RecommendationRuleContract {
    /** Returns a rule as the host would make it. */
    protected abstract RecommendationRule rule();

    /** Executions of a workflow for which the rule has advice. */
    protected abstract WorkflowHistory improvable();

    /** What holds that workflow up. */
    protected List<Bottleneck> bottlenecks() {
        return List.of();
    }

    /** From where on something counts as slow there. */
    protected abstract Thresholds thresholds();

    private List<Recommendation> advice() {
        return rule().evaluate(improvable(), bottlenecks(), thresholds());
    }

    @Test
    void saysWhatToChangeInWhichWorkflowAndWhy() {
        assertThat(advice()).isNotEmpty().allSatisfy(advice -> {
            assertThat(advice.rule()).isEqualTo(rule().name());
            assertThat(advice.workflow()).isEqualTo(improvable().workflow());
            assertThat(advice.type()).matches("[a-z][a-z0-9_]*");
            assertThat(advice.description()).isNotBlank().doesNotContain("\n");
            assertThat(advice.evidence()).isNotEmpty();
            assertThat(advice.evidence().values()).allMatch(Double::isFinite);
            assertThat(advice.expectedImprovement().high())
                    .as("in percent")
                    .isPositive()
                    .isLessThanOrEqualTo(100);
        });
    }

    @Test
    void givesChangesThatAMachineCanRead() {
        assertThat(advice()).flatExtracting(Recommendation::specificChanges).isNotEmpty();
        assertThat(advice()).flatExtracting(Recommendation::specificChanges).allSatisfy(change -> {
            assertThat(change.action()).matches("[a-z][a-z0-9_]*");
            assertThat(change.arguments().keySet()).allMatch(key -> key.matches("[a-z][a-z0-9_]*"));
            assertThat(change.arguments().values()).allMatch(RecommendationRuleContract::isPlain);
        });
    }

    private static boolean isPlain(Object value) {
        return value instanceof String
                || value instanceof Number
                || value instanceof Boolean
                || (value instanceof Collection<?> all && all.stream().allMatch(RecommendationRuleContract::isPlain));
    }

    @Test
    void givesTheSameAdviceTheSameIdAndOtherAdviceAnother() {
        assertThat(advice()).extracting(Recommendation::recommendationId).doesNotHaveDuplicates();
        assertThat(advice()).isEqualTo(advice());
    }

    @Test
    void keepsNothingFromOneCallToTheNextNorBetweenThreads() {
        RecommendationRule shared = rule();
        List<Recommendation> expected = advice();

        assertThat(IntStream.range(0, 8)
                        .parallel()
                        .mapToObj(_ -> shared.evaluate(improvable(), bottlenecks(), thresholds()))
                        .toList())
                .allMatch(expected::equals);
    }

    @Test
    void putsTheBestFirst() {
        assertThat(advice())
                .extracting(advice -> advice.expectedImprovement().estimate())
                .isSortedAccordingTo(Comparator.reverseOrder());
    }

    @Test
    void hasNothingToSayOfAHistoryWithoutExecutionsOrWithoutSteps() {
        WorkflowExecution first = improvable().executions().getFirst();
        var bare = new WorkflowExecution(
                first.id(), first.workflow(), first.start(), first.end(), ExecutionState.SUCCEEDED, List.of());

        assertThat(rule().evaluate(new WorkflowHistory("empty", List.of()), List.of(), thresholds()))
                .isEmpty();
        assertThat(rule().evaluate(new WorkflowHistory(first.workflow(), List.of(bare)), List.of(), thresholds()))
                .isEmpty();
    }

    @Test
    void namesItselfAndItsPriority() {
        assertThat(rule().name()).matches("[a-z][a-z0-9_]*");
        assertThat(rule().priority()).isBetween(1, 10);
    }
}
