/**
 * Finds out which of the executor's switches pay for somebody's work: {@link dev.understudy.core.executor.tuning.SwitchTuner}
 * measures each of them on and off by turns, {@link dev.understudy.core.executor.tuning.KeepRule} judges, and nothing is switched on
 * that was not shown to pay. Must have no effect but on files of its own.
 */
@NullMarked
package dev.understudy.core.executor.tuning;

import org.jspecify.annotations.NullMarked;
