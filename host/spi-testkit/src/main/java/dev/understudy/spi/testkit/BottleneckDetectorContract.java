package dev.understudy.spi.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.spi.performance.Bottleneck;
import dev.understudy.spi.performance.BottleneckDetector;
import dev.understudy.spi.performance.ExecutionState;
import dev.understudy.spi.performance.StepExecution;
import dev.understudy.spi.performance.Thresholds;
import dev.understudy.spi.performance.WorkflowExecution;
import dev.understudy.spi.performance.WorkflowHistory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What every {@link BottleneckDetector} keeps. An implementer extends this class and gives the detector and a history in
 * which it finds something.
 */
public abstract class BottleneckDetectorContract {
    private static final String HOSTILE = "<b>step</b> \"; $(id) 漢字";

    /** Returns a detector as the host would make it. */
    protected abstract BottleneckDetector detector();

    /** Executions in which at least one step holds the workflow up. */
    protected abstract WorkflowHistory heldUp();

    /** From where on steps are slow in that history. */
    protected abstract Thresholds thresholds();

    private List<Bottleneck> found(WorkflowHistory history) {
        return detector().detect(history, thresholds());
    }

    @Test
    void saysWhichStepOfWhichWorkflowAndWithWhichFigures() {
        WorkflowHistory history = heldUp();
        var steps = history.executions().stream()
                .flatMap(each -> each.steps().stream())
                .map(StepExecution::name)
                .collect(Collectors.toSet());

        assertThat(found(history)).isNotEmpty().allSatisfy(bottleneck -> {
            assertThat(bottleneck.detector()).isEqualTo(detector().name());
            assertThat(bottleneck.workflow()).isEqualTo(history.workflow());
            assertThat(steps).contains(bottleneck.step());
            assertThat(bottleneck.kind()).matches("[a-z][a-z0-9_]*");
            assertThat(bottleneck.description()).isNotBlank().doesNotContain("\n");
            assertThat(bottleneck.figures()).isNotEmpty();
            assertThat(bottleneck.figures().values()).allMatch(Double::isFinite);
        });
    }

    @Test
    void putsTheGreatestImpactFirst() {
        assertThat(found(heldUp()))
                .extracting(Bottleneck::impactMillis)
                .isSortedAccordingTo(Comparator.reverseOrder())
                .allMatch(Double::isFinite);
    }

    @Test
    void saysTheSameWhateverOrderTheExecutionsComeIn() {
        WorkflowHistory history = heldUp();
        var reversed = new ArrayList<>(history.executions());
        Collections.reverse(reversed);

        assertThat(found(new WorkflowHistory(history.workflow(), reversed))).isEqualTo(found(history));
    }

    @Test
    void keepsNothingFromOneCallToTheNextNorBetweenThreads() {
        WorkflowHistory history = heldUp();
        BottleneckDetector shared = detector();
        List<Bottleneck> expected = found(history);

        assertThat(IntStream.range(0, 16)
                        .parallel()
                        .mapToObj(_ -> shared.detect(history, thresholds()))
                        .toList())
                .allMatch(expected::equals);
    }

    @Test
    void findsNothingInAHistoryWithoutExecutionsOrWithoutSteps() {
        WorkflowExecution first = heldUp().executions().getFirst();
        var bare = new WorkflowExecution(
                first.id(), first.workflow(), first.start(), first.end(), ExecutionState.SUCCEEDED, List.of());

        assertThat(found(new WorkflowHistory("empty", List.of()))).isEmpty();
        assertThat(found(new WorkflowHistory(first.workflow(), List.of(bare)))).isEmpty();
    }

    @Test
    void takesStepsThatTookNoTimeAndThatReachBeyondTheirExecution() {
        WorkflowHistory history = heldUp();
        var odd = history.executions().stream()
                .map(each -> new WorkflowExecution(
                        each.id(),
                        each.workflow(),
                        each.start(),
                        each.start(),
                        each.state(),
                        each.steps().stream()
                                .flatMap(step -> Stream.of(step, at(step, step.name() + " (none)")))
                                .toList()))
                .toList();

        assertThat(found(new WorkflowHistory(history.workflow(), odd)))
                .allMatch(bottleneck -> bottleneck.impactMillis() >= 0);
    }

    private static StepExecution at(StepExecution step, String name) {
        return new StepExecution(name, step.start(), step.start(), step.state(), step.attributes(), step.use());
    }

    @Test
    void takesEveryNameForANameOnly() {
        WorkflowHistory history = heldUp();
        var renamed = history.executions().stream()
                .map(each -> new WorkflowExecution(
                        each.id(),
                        each.workflow(),
                        each.start(),
                        each.end(),
                        each.state(),
                        each.steps().stream()
                                .map(step -> new StepExecution(
                                        HOSTILE + step.name(),
                                        step.start(),
                                        step.end(),
                                        step.state(),
                                        step.attributes(),
                                        step.use()))
                                .toList()))
                .toList();

        assertThat(found(new WorkflowHistory(history.workflow(), renamed)))
                .extracting(Bottleneck::step)
                .containsExactlyElementsOf(found(history).stream()
                        .map(bottleneck -> HOSTILE + bottleneck.step())
                        .toList());
    }

    @Test
    void namesItself() {
        assertThat(detector().name()).matches("[a-z][a-z0-9_]*");
    }
}
