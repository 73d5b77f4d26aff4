/** The command line, the REPL and the wiring; the only place that knows every part. */
@NullMarked
package dev.understudy.app;

import org.jspecify.annotations.NullMarked;
