/**
 * The audit log: what was run, approved, granted, changed and undone, each entry chained to the last by its hash.
 *
 * <p>Start at {@link dev.understudy.core.audit.AuditLog}. It knows nothing of automations; who changes something says so
 * here, in the same transaction. Nothing here alters or removes an entry.
 */
@NullMarked
package dev.understudy.core.audit;

import org.jspecify.annotations.NullMarked;
