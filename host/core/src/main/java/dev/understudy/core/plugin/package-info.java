/**
 * Plugin jars: approval by content, loading by PF4J, the extensions that they provide.
 *
 * <p>Start at {@link dev.understudy.core.plugin.PluginHost}. A jar runs in our process, so nothing of it is loaded before
 * its SHA-256 has been approved. What a plugin may see is one list, in {@code PluginParentLoader}; what a plugin throws
 * never gets further than a reason beside its name.
 */
@NullMarked
package dev.understudy.core.plugin;

import org.jspecify.annotations.NullMarked;
