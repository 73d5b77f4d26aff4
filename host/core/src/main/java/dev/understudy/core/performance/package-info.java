/**
 * How long things took, what holds them up, and what would make them faster.
 *
 * <p>Start at {@link dev.understudy.core.performance.PerformanceHistory}, which keeps metrics and executions, and at
 * {@link dev.understudy.core.performance.PerformanceService}, which asks the plugins about them. Nothing here judges by
 * itself but the score; what a bottleneck or a good advice is, the plugins say.
 */
@NullMarked
package dev.understudy.core.performance;

import org.jspecify.annotations.NullMarked;
