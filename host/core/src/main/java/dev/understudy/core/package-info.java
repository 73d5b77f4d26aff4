/**
 * The engine as a library: what {@link dev.understudy.core.Understudy} gives to a program that embeds it.
 *
 * <p>A room per package below. {@link dev.understudy.core.problem.UserException} is the one kind of error that a person can
 * mend. Nothing here prints: that is the application's work.
 */
@NullMarked
package dev.understudy.core;

import org.jspecify.annotations.NullMarked;
