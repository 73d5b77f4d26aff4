/**
 * Task history: import from sources, removal of secrets, retention.
 *
 * <p>Start at {@link dev.understudy.core.history.TaskHistory}. Every task that enters passes
 * {@link dev.understudy.core.history.SecretRedactor} first. Nothing here knows a file format, which is a source's work, or
 * looks for patterns, which is a listener's.
 */
@NullMarked
package dev.understudy.core.history;

import org.jspecify.annotations.NullMarked;
