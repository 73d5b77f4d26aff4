/** The SQLite store under the data home. */
@NullMarked
package dev.understudy.core.store;

import org.jspecify.annotations.NullMarked;
