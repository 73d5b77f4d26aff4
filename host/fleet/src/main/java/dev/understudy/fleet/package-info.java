/**
 * A fleet on a NATS server with JetStream. Start at {@link dev.understudy.fleet.NatsFleet}. It only carries what
 * {@code dev.understudy.core.fleet} decides, and nothing that an ordinary command does may load it.
 */
@NullMarked
package dev.understudy.fleet;

import org.jspecify.annotations.NullMarked;
