/**
 * Advice that is followed by Understudy itself: versions of automations, settings of the configuration, parameters of the
 * machine, each with its undo and measured by what comes after.
 *
 * <p>Start at {@link dev.understudy.core.advice.AdviceService}. What nobody here runs or sets is left to a person as a patch.
 */
@NullMarked
package dev.understudy.core.advice;

import org.jspecify.annotations.NullMarked;
