/**
 * What plugins need to judge how long things take: metrics of processes, executions of workflows, and what was found in them.
 *
 * <p>Start at {@link dev.understudy.spi.performance.WorkflowExecution}, {@link dev.understudy.spi.performance.BottleneckDetector},
 * {@link dev.understudy.spi.performance.DegradationPredictor} and {@link dev.understudy.spi.performance.RecommendationRule}. Every
 * value is immutable and checks itself; nothing here knows where the figures are kept.
 */
@NullMarked
package dev.understudy.spi.performance;

import org.jspecify.annotations.NullMarked;
