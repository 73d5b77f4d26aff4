/**
 * The YAML configuration as records, and what else a person writes and we read: quantities, marked text, data home.
 *
 * <p>Start at {@link dev.understudy.core.config.Config#load}. Every mistake of a file is reported at once with its file,
 * line, key, what was found and what is allowed. This package reads; it decides nothing.
 */
@NullMarked
package dev.understudy.core.config;

import org.jspecify.annotations.NullMarked;
