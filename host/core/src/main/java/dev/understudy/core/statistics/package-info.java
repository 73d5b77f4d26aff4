/**
 * Tests on the outcomes of runs: has a success rate fallen, is one version better than another.
 *
 * <p>Start at {@link dev.understudy.core.statistics.SuccessDrop} and {@link dev.understudy.core.statistics.Comparison}.
 * Pure functions of figures; nothing here knows of automations or of the store.
 */
@NullMarked
package dev.understudy.core.statistics;

import org.jspecify.annotations.NullMarked;
