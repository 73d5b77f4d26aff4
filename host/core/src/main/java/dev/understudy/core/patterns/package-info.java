/**
 * Detectors run over the history, and what they find in one list.
 *
 * <p>Start at {@link dev.understudy.core.patterns.PatternService}. It judges no pattern itself: what counts as repetition
 * is the detectors' business, what is worth an automation the automation package's.
 */
@NullMarked
package dev.understudy.core.patterns;

import org.jspecify.annotations.NullMarked;
