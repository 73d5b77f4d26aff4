/**
 * Watching folders for changes of files that a person or a tool writes. {@link dev.understudy.core.watch.FolderWatch} is the
 * main type. The files that triggers watch, of which none may be missed, are the concern of {@code core.triggers}.
 */
@NullMarked
package dev.understudy.core.watch;

import org.jspecify.annotations.NullMarked;
