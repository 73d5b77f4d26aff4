package dev.understudy.spi.system;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What kind of work a machine mostly does. */
public enum Workload {
    /** Answers queries from a store of its own, on disk or in memory. */
    DATABASE,
    /** Answers requests over the network, or passes them on. */
    WEB_SERVER,
    /** Computes, with little else. */
    HPC_COMPUTE,
    /** Moves data to and from disks, with little else. */
    IO_INTENSIVE,
    /** Anything else, and nothing much. */
    GENERAL;

    /** The name in configuration and JSON, for example {@code web_server}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Finds a workload by its {@link #id}. */
    public static Optional<Workload> of(String id) {
        return Arrays.stream(values()).filter(each -> each.id().equals(id)).findFirst();
    }
}
