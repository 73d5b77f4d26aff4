/** Plugin jars: approval, loading by PF4J, extensions. */
@NullMarked
package dev.understudy.core.plugin;

import org.jspecify.annotations.NullMarked;
