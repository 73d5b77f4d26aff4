/**
 * What hostile or broken bytes reach first, each as a target for a coverage-guided fuzzer: a class with a method
 * {@code fuzzerTestOneInput(byte[])}, which libFuzzer and Jazzer look for by that name. A target throws whatever no reader of
 * untrusted bytes may throw; refusals that the reader's documentation names are its way to say no, and end an input quietly.
 */
@NullMarked
package dev.understudy.bench.fuzz;

import org.jspecify.annotations.NullMarked;
