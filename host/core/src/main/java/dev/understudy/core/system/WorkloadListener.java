package dev.understudy.core.system;

import dev.understudy.spi.system.SystemSnapshot;

/** Hears that the machine does another kind of work. Called by the watch's thread; must return soon. */
@FunctionalInterface
public interface WorkloadListener {
    /** @param statistics the averages that show it */
    void changed(DetectedWorkload before, DetectedWorkload now, SystemSnapshot statistics);
}
