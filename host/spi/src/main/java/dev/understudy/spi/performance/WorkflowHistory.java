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
}
