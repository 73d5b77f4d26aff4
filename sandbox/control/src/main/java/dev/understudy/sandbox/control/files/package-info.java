/**
 * Runs as transactions on files: a copy-on-write view of granted paths, the changes made in it, and their commit under a
 * journal.
 *
 * <p>Start at {@link dev.understudy.sandbox.control.files.FileTransactions}: it gives a run its
 * {@link dev.understudy.sandbox.control.files.CopyOnWriteView view} (or takes what a jailed process wrote into an
 * overlay or a copy), whose {@link dev.understudy.sandbox.control.files.ChangeSet changes} it commits all or nothing,
 * and undoes. A rehearsal is the same without the commit. Nothing here starts a guest, and no guest's path reaches the
 * system before it has been resolved name by name and checked against the grants.
 *
 * <p>What a commit checks: every file that the run read through the view, changed, deleted or replaced is as it was
 * when the run first touched it, and what it created is still absent. Listings are not checked: a file that appears in
 * a folder that the run merely listed is no conflict.
 */
@NullMarked
package dev.understudy.sandbox.control.files;

import org.jspecify.annotations.NullMarked;
