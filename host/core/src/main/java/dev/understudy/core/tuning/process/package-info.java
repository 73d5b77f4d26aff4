/**
 * Who gets the processor and the disks first: {@link dev.understudy.core.tuning.process.ProcessPriorities} is the parameter
 * target for it. It lies in the host, not in a plugin, because it needs the C library, which the host has by JNA already. It
 * decides nothing: whoever sets a priority does so by way of the parameter journal.
 */
@NullMarked
package dev.understudy.core.tuning.process;

import org.jspecify.annotations.NullMarked;
