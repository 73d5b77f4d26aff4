package dev.understudy.sandbox.control;

import java.util.Locale;

/** Which wall stood around a run. Decided once at start, named in every outcome. */
public enum Tier {
    /** A jail of namespaces, seccomp filter and limits around the process (bubblewrap). */
    ISOLATED,
    /** Landlock and seccomp only, or macOS {@code sandbox-exec}: no private process ids, no kill-all. */
    REDUCED,
    /** A process of its own with the language's own sandbox, and no wall of the operating system around it. */
    PROCESS,
    /** Nothing was started. */
    NONE;

    /** The name in JSON and in what {@code doctor} prints. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
