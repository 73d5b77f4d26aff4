/**
 * What is remembered of tests and concluded from runs. {@link dev.understudy.core.testing.StoredTests} keeps the latest results in the store,
 * {@link dev.understudy.core.testing.MeasuredUse} makes limits of what runs used. Nothing here runs anything or knows an
 * automation but by name.
 */
@NullMarked
package dev.understudy.core.testing;

import org.jspecify.annotations.NullMarked;
