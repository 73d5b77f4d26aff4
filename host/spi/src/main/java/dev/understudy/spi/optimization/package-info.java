/**
 * What an optimiser is asked with and what it answers: a space of parameters, candidates to measure, trials measured.
 *
 * <p>Start at {@link dev.understudy.spi.optimization.OptimizerStrategy} and
 * {@link dev.understudy.spi.optimization.SearchSpace}; {@link dev.understudy.spi.optimization.SearchJournal} saves and
 * resumes a search. Nothing here measures, applies or judges: that is the host's.
 */
@NullMarked
package dev.understudy.spi.optimization;

import org.jspecify.annotations.NullMarked;
