/**
 * What keeps a machine from being left changed: a {@link dev.understudy.core.tuning.journal.ParameterJournal} writes down
 * what a parameter held, and syncs that to the disk, before it is changed. What stands in it is put back when the session
 * ends, at the next start after a crash, or on demand. Nothing else in the host may call a parameter target's write.
 */
@NullMarked
package dev.understudy.core.tuning.journal;

import org.jspecify.annotations.NullMarked;
