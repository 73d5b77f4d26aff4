package dev.understudy.core;

/** Hears how far learning has come; called by the thread that learns. */
@FunctionalInterface
public interface LearnListener {
    /** Hears nothing. */
    LearnListener SILENT = _ -> {};

    /** What is being done now, in a few words. */
    void step(String what);
}
