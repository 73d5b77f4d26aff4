/**
 * Built-in optimiser strategies: random, quasi-random, genetic, Bayesian and adaptive.
 *
 * <p>Start at {@link dev.understudy.plugins.optimizerstrategies.AdaptiveStrategy}. {@code Encoding} turns points of a search
 * space into rows of numbers and back, and all else works on such rows. Nothing here measures or judges.
 */
@NullMarked
package dev.understudy.plugins.optimizerstrategies;

import org.jspecify.annotations.NullMarked;
