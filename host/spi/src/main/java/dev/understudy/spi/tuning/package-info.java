/**
 * What a tuning session may change: a {@link dev.understudy.spi.tuning.ParameterTarget} reads and writes the parameters of the
 * machine, of a program, or of Understudy itself. What is tried comes from {@link dev.understudy.spi.optimization}.
 */
@NullMarked
package dev.understudy.spi.tuning;

import org.jspecify.annotations.NullMarked;
