/**
 * What is remembered of tests. {@link dev.understudy.core.testing.StoredTests} keeps the latest results in the store; it
 * runs nothing and knows no automation but by name.
 */
@NullMarked
package dev.understudy.core.testing;

import org.jspecify.annotations.NullMarked;
