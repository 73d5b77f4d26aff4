/** Built-in task sources: JSON Lines; bash, zsh and fish history. */
@NullMarked
package dev.understudy.plugins.tasksources;

import org.jspecify.annotations.NullMarked;
