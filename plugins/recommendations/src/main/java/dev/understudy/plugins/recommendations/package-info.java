/**
 * Judges how long things take and says what would make them faster: bottlenecks of workflows, series that get worse, and
 * recommendations with what they are expected to bring.
 *
 * <p>Start at {@link dev.understudy.plugins.recommendations.Replay}, which answers how long a recorded execution would have
 * taken if something about it were different; most of the rest rests on it. Nothing here keeps state between calls but
 * {@link dev.understudy.plugins.recommendations.StreamingAnomalies}, which one caller owns.
 */
@NullMarked
package dev.understudy.plugins.recommendations;

import org.jspecify.annotations.NullMarked;
