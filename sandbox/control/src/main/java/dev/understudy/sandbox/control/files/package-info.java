/** Runs as transactions on files: a copy-on-write view of granted paths, the changes made in it, and their commit under a journal. */
@NullMarked
package dev.understudy.sandbox.control.files;

import org.jspecify.annotations.NullMarked;
