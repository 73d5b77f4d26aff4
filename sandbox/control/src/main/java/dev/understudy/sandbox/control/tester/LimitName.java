package dev.understudy.sandbox.control.tester;

import dev.understudy.sandbox.control.RunOutcome.LimitExceeded;
import java.util.Locale;

/** The limits, by their names in an automation's metadata. */
public enum LimitName {
    WALL,
    CPU,
    MEMORY,
    PROCESSES,
    OUTPUT,
    DISK,
    FILES;

    /** The name in metadata. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    static LimitName of(LimitExceeded exceeded) {
        return switch (exceeded) {
            case LimitExceeded.WallTime _ -> WALL;
            case LimitExceeded.CpuTime _ -> CPU;
            case LimitExceeded.Memory _ -> MEMORY;
            case LimitExceeded.Processes _ -> PROCESSES;
            case LimitExceeded.Output _ -> OUTPUT;
            case LimitExceeded.Disk _ -> DISK;
            case LimitExceeded.OpenFiles _ -> FILES;
        };
    }
}
