/**
 * The host's side of the sandbox: what a run is, how it is limited and how it ended.
 *
 * <p>Start at {@link dev.understudy.sandbox.control.RunRequest} and {@link dev.understudy.sandbox.control.RunOutcome}.
 * Rooms below: {@code files} (runs as transactions on files), {@code cells} (JavaScript and Python in worker processes)
 * and {@code jail} (what the operating system puts around a process). Nothing here knows plugins, storage or people.
 */
@NullMarked
package dev.understudy.sandbox.control;

import org.jspecify.annotations.NullMarked;
