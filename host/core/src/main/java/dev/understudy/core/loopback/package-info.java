/**
 * What servers on this machine have in common: how they are opened, and how they tell programs of this machine from pages of
 * other sites in its browser, which can send requests to loopback, too.
 *
 * <p>Start at {@link dev.understudy.core.loopback.BrowserGuard}. What is served belongs to the rooms that serve it.
 */
@NullMarked
package dev.understudy.core.loopback;

import org.jspecify.annotations.NullMarked;
