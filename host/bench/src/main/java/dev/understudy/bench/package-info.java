/** Benchmarks behind {@code understudy bench}; never shipped. */
@NullMarked
package dev.understudy.bench;

import org.jspecify.annotations.NullMarked;
