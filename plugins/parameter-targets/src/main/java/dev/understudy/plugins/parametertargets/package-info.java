/**
 * The built-in parameter targets. {@link dev.understudy.plugins.parametertargets.SysctlTarget} knows an allow-list of Linux
 * kernel parameters with bounds and meaning; what is not on it is never touched. Nothing here keeps a journal: the host does.
 */
@NullMarked
package dev.understudy.plugins.parametertargets;

import org.jspecify.annotations.NullMarked;
