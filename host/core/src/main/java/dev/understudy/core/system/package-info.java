/**
 * What this machine does: one sample a second, rolling averages, what kind of work it is, and samples of named processes.
 *
 * <p>Start at {@link dev.understudy.core.system.SystemWatch}. Nothing here changes anything on the machine.
 */
@NullMarked
package dev.understudy.core.system;

import org.jspecify.annotations.NullMarked;
