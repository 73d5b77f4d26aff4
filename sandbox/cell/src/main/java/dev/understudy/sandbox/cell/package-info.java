/** The worker process in which guest JavaScript and Python run. */
@NullMarked
package dev.understudy.sandbox.cell;

import org.jspecify.annotations.NullMarked;
