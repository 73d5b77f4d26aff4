/**
 * Settings for what the machine does: when to look for better ones, what to advise, and whether to keep what was found.
 *
 * <p>Start at {@link dev.understudy.core.optimization.ContinuousOptimizer}. Advice is the rule: without a profile's leave,
 * nothing here writes a parameter, and no write goes past the journal of changed parameters.
 */
@NullMarked
package dev.understudy.core.optimization;

import org.jspecify.annotations.NullMarked;
