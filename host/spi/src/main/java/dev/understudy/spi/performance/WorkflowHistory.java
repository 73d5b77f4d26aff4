package dev.understudy.spi.performance;

import java.util.Comparator;
import java.util.List;

/**
 * The kept executions of one workflow.
 *
 * @param workflow its name
 * @param executions oldest first
 */
public record WorkflowHistory(String workflow, List<WorkflowExecution> executions) {
    public WorkflowHistory {
        for (WorkflowExecution execution : executions) {
            if (!execution.workflow().equals(workflow))
                throw new IllegalArgumentException(
                        "execution " + execution.id() + " is one of " + execution.workflow() + ", not of " + workflow);
        }
        executions = executions.stream()
                .sorted(Comparator.comparing(WorkflowExecution::start))
                .toList();
    }

    /**
     * Whether these are the metrics of a process, which come as executions of one step that has the name of the whole. What it used is in
     * percent of the cores that it ran on and of the machine's memory: nothing is allotted to it alone.
     */
    public boolean isOfProcess() {
        return !executions.isEmpty()
                && executions.stream()
                        .allMatch(each -> each.steps().size() == 1
                                && each.steps().getFirst().name().equals(workflow));
    }
}
