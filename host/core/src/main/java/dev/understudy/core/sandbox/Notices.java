package dev.understudy.core.sandbox;

/** Hears what the sandbox has to tell a person beside what a run reports. Called by several threads. */
public interface Notices {
    /** Hears nothing. */
    Notices SILENT = new Notices() {};

    /** Something takes long for a reason, for example the first start of a language. */
    default void progress(String line) {}

    /** Something that the person should know, for example what was mended after a crash. */
    default void warning(String line) {}

    /**
     * For a person who looks for a mistake in a plugin of their own.
     *
     * @param stack where it happened, in the form of a stack trace
     */
    default void trace(String line, String stack) {}
}
