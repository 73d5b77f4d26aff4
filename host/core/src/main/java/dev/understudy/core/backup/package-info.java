/**
 * Backups of a data home: one file with all that Understudy has learnt and been told, and putting it back.
 *
 * <p>Start at {@link dev.understudy.core.backup.Backup}. Secrets, before-images for undo and what the machine was set to
 * are left out: the first must not travel, the others tell of files and a machine as they are now.
 */
@NullMarked
package dev.understudy.core.backup;

import org.jspecify.annotations.NullMarked;
