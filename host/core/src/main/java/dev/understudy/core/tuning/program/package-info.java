/**
 * Tuning of what a person names: a command or a script is measured, and a command, a script or a plugin's target takes the values.
 *
 * <p>Start at {@link dev.understudy.core.tuning.program.TuningService}, which makes a session of a
 * {@link dev.understudy.core.tuning.program.TuningProfile}, keeps its file and resumes it. How sessions search and judge is not
 * decided here, but by the {@link dev.understudy.core.tuning.Tuner}.
 */
@NullMarked
package dev.understudy.core.tuning.program;

import org.jspecify.annotations.NullMarked;
