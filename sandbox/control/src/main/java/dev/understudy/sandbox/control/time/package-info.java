/**
 * The machine's own time zone, as the C library sees it and as Java's zones name it. Main type: {@link
 * dev.understudy.sandbox.control.time.MachineZone}. Must not read anything but the machine's settings.
 */
@NullMarked
package dev.understudy.sandbox.control.time;

import org.jspecify.annotations.NullMarked;
