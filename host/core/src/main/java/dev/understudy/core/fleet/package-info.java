/**
 * Many hosts as one: what was published by one is run by whichever can, and each effect happens once or is said to be
 * unsure. Start at {@link dev.understudy.core.fleet.FleetNode}, which takes runs, and
 * {@link dev.understudy.core.fleet.FleetDesk}, which asks for them; both speak to a
 * {@link dev.understudy.core.fleet.Fleet}, of which one lives in the process and one on a server. Nothing here decides by
 * what a queue says: it delivers again what was done long ago.
 */
@NullMarked
package dev.understudy.core.fleet;

import org.jspecify.annotations.NullMarked;
