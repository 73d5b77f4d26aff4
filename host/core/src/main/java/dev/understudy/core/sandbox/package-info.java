/**
 * The sandbox as the host uses it: one place that puts cells, jail and file transactions together from the configuration.
 *
 * <p>Start at {@link dev.understudy.core.sandbox.Sandbox}. How isolation works is the business of the sandbox modules.
 */
@NullMarked
package dev.understudy.core.sandbox;

import org.jspecify.annotations.NullMarked;
