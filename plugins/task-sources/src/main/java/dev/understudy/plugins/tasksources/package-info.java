/**
 * Built-in task sources: JSON Lines, and the histories of bash, zsh, fish, tcsh and ksh.
 *
 * <p>Each source is an extension ({@link dev.understudy.plugins.tasksources.JsonLinesSource},
 * {@link dev.understudy.plugins.tasksources.BashSource} and its like); the shells share a tokenizer that reads words as
 * the POSIX shell grammar does. Histories in other languages are refused by name. Nothing here runs a command, expands a variable, looks at a file that a task names or removes a secret.
 */
@NullMarked
package dev.understudy.plugins.tasksources;

import org.jspecify.annotations.NullMarked;
