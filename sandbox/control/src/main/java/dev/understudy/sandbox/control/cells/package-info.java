/** Cells: worker processes that run JavaScript and Python, the pool that keeps some ready, and their side of the protocol. */
@NullMarked
package dev.understudy.sandbox.control.cells;

import org.jspecify.annotations.NullMarked;
