/**
 * Tells whether two runs have left the same: files, links, folders, their modes and times, and what is in archives. The
 * main type is {@link dev.understudy.core.comparison.TreeComparison}. It looks only at what it is given and runs nothing.
 */
@NullMarked
package dev.understudy.core.comparison;

import org.jspecify.annotations.NullMarked;
