package dev.understudy.core.executor.tuning;

/** What is measured of the executor. */
public enum Measure {
    /** From a call to its report, one run after the other, in milliseconds. */
    EXECUTION_TIME("execution time", "ms"),
    /** What the cells hold when the runs are over, in MiB. */
    MEMORY("memory", "MiB"),
    /** Of several callers at once: milliseconds a run, so that less is better here, too. */
    THROUGHPUT("concurrent throughput", "ms/run"),
    /** The same calls once more, in milliseconds. */
    CACHE("cache", "ms"),
    /** Calls of several automations by turns, in milliseconds. */
    CONTEXTS("context handling", "ms");

    private final String title;
    private final String unit;

    Measure(String title, String unit) {
        this.title = title;
        this.unit = unit;
    }

    /** For people. */
    public String title() {
        return title;
    }

    /** Of its figures, of which less is better. */
    public String unit() {
        return unit;
    }
}
