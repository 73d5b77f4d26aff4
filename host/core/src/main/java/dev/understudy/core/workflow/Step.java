package dev.understudy.core.workflow;

import java.util.List;

/**
 * One step of a workflow: a function of the script that its name names.
 *
 * @param name a function's name, {@code [a-z][a-z0-9_]*}
 * @param after the steps that must have ended before it starts; steps that do not wait for one another run side by side
 * @param onError what its failure means for the rest
 * @param retries how often it is tried again when it has failed, from 0 to {@value #MAX_RETRIES}
 * @param purity whether what it was given decides what it gives
 */
public record Step(String name, List<String> after, OnError onError, int retries, Purity purity) {
    public static final int MAX_RETRIES = 10;

    /** What the failure of a step means. */
    public enum OnError {
        /** No further step starts, and the workflow has failed. */
        STOP,
        /** The others go on, without a result of this one. */
        CONTINUE;

        /** The name in metadata. */
        public String id() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** What its author promises. */
    public enum Purity {
        NONE,
        /** What it returns depends on its parameters and the results of the steps before it alone, and it does nothing else. */
        PURE
    }

    /** A step of which nothing is promised. */
    public Step(String name, List<String> after, OnError onError, int retries) {
        this(name, after, onError, retries, Purity.NONE);
    }

    public Step {
        if (!name.matches("[a-z][a-z0-9_]*"))
            throw new IllegalArgumentException("name must be a lower-case identifier, was '" + name + "'");
        if (retries < 0 || retries > MAX_RETRIES)
            throw new IllegalArgumentException("retries must be from 0 to " + MAX_RETRIES + ", was " + retries);
        after = List.copyOf(after);
    }
}
