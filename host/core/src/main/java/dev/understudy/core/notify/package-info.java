/**
 * Tells a person who is not looking what has happened, by the sinks that plugins bring.
 *
 * <p>Start at {@link dev.understudy.core.notify.Notifications}. A sink that fails is named and stops nothing. What is
 * worth telling is decided elsewhere.
 */
@NullMarked
package dev.understudy.core.notify;

import org.jspecify.annotations.NullMarked;
