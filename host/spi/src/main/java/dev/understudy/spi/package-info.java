/**
 * All that a plugin compiles against: extension points and the values they exchange.
 *
 * <p>Start at {@link dev.understudy.spi.TaskSource}, {@link dev.understudy.spi.PatternDetector} and
 * {@link dev.understudy.spi.AutomationTemplate}. Nothing here depends on the host, on JSON or on a sandbox; every value
 * is immutable, and what is public stays.
 */
@NullMarked
package dev.understudy.spi;

import org.jspecify.annotations.NullMarked;
