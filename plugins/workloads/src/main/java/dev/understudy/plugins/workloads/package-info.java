/** The built-in workload detector: knows programs by their names and work by its figures. */
@NullMarked
package dev.understudy.plugins.workloads;

import org.jspecify.annotations.NullMarked;
