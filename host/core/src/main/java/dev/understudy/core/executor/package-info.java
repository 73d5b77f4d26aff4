/**
 * What takes a run request to a cell or jail and brings its report back: a chain of stages, each behind a switch of its
 * own, around the runners that the sandbox gives. {@link dev.understudy.core.executor.Executor} puts it together; with every
 * switch off it is not there at all. It decides when, where and whether a script runs, and must never loosen what its run may do.
 */
@NullMarked
package dev.understudy.core.executor;

import org.jspecify.annotations.NullMarked;
