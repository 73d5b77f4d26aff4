/**
 * What a machine does, and what kind of work that is: a {@link dev.understudy.spi.system.SystemSnapshot} says how busy its
 * parts and its processes are, a {@link dev.understudy.spi.system.WorkloadDetector} names the
 * {@link dev.understudy.spi.system.Workload}. Nothing here measures or changes anything: that is the host's.
 */
@NullMarked
package dev.understudy.spi.system;

import org.jspecify.annotations.NullMarked;
