/**
 * The built-in notification sinks: a window on the desktop, a POST request, a mail.
 *
 * <p>Start at any of the three; they share nothing. None keeps a notification: what cannot be delivered is reported and
 * gone.
 */
@NullMarked
package dev.understudy.plugins.notifications;

import org.jspecify.annotations.NullMarked;
