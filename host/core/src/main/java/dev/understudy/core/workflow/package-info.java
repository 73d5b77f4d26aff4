/**
 * Runs automations that consist of steps: each step is a run of its own, and a file transaction of its own.
 *
 * <p>Start at {@link dev.understudy.core.workflow.WorkflowRunner}. What each step gave is kept in the store, so that a
 * workflow that failed goes on after its last good step. Nothing here reads automation files or knows who may run what.
 */
@NullMarked
package dev.understudy.core.workflow;

import org.jspecify.annotations.NullMarked;
