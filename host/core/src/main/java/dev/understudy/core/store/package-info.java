/**
 * The SQLite store under the data home: connections, transactions and migrations.
 *
 * <p>Start at {@link dev.understudy.core.store.Database}. Tables belong to the packages that use them; this one knows
 * none.
 */
@NullMarked
package dev.understudy.core.store;

import org.jspecify.annotations.NullMarked;
