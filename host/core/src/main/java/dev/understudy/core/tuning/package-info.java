/**
 * Measured tuning: finds better values for parameters by experiments, and tells honestly whether they are better.
 *
 * <p>Start at {@link dev.understudy.core.tuning.Tuner}, which measures by an {@link dev.understudy.core.tuning.Objective}, puts
 * values in force by a {@link dev.understudy.core.tuning.ParameterApplier} and ends with a
 * {@link dev.understudy.core.tuning.Verdict}. It never leaves a value in force that was not there before, unless it was asked to and the race says so.
 */
@NullMarked
package dev.understudy.core.tuning;

import org.jspecify.annotations.NullMarked;
