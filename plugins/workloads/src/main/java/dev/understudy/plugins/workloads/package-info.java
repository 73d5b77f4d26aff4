/** The built-in workload detectors: one knows programs by their names and by what each does, one the machine's figures alone. */
@NullMarked
package dev.understudy.plugins.workloads;

import org.jspecify.annotations.NullMarked;
