/**
 * Automations: their files, versions, life, rehearsals and runs.
 *
 * <p>Start at {@link dev.understudy.core.automation.AutomationService}. {@link dev.understudy.core.automation.Lifecycle} and
 * {@link dev.understudy.core.automation.AutomationRuns} hold the one rule that matters: what was generated runs for real
 * only at a version that passed its rehearsal and that a person approved, with exactly the bytes that were approved. How a
 * script runs is the sandbox's business; nothing here starts one by itself.
 */
@NullMarked
package dev.understudy.core.automation;

import org.jspecify.annotations.NullMarked;
