/**
 * The documented shapes in which things are written as JSON, the same for commands with {@code --json} and for the
 * dashboard's programming interface. Fields may be added; none is renamed. Knows nothing of who asks.
 */
@NullMarked
package dev.understudy.app.shape;

import org.jspecify.annotations.NullMarked;
