/**
 * The host while it stays: triggers, the background cycle, what is told to people.
 *
 * <p>Start at {@link dev.understudy.core.engine.Engine}. One engine runs on a data home; other processes may change it
 * meanwhile, and the engine notices. It prints nothing: what happens is an {@link dev.understudy.core.engine.EngineEvent}.
 */
@NullMarked
package dev.understudy.core.engine;

import org.jspecify.annotations.NullMarked;
