/**
 * Packages that scripts import: resolved and fetched once from a registry, locked by hash, and shown to runs as they were locked.
 *
 * <p>Start at {@link dev.understudy.core.packages.Packages}. Only pure packages are taken, and nothing of a package is ever run
 * here: no install script, no set-up file. What runs see is a copy below the data home, named by the hash of its lock.
 */
@NullMarked
package dev.understudy.core.packages;

import org.jspecify.annotations.NullMarked;
