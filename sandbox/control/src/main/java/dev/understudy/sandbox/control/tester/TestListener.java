package dev.understudy.sandbox.control.tester;

/** Hears of tests as they go. Called by one thread at a time; must return at once. */
@FunctionalInterface
public interface TestListener {
    /** Hears nothing. */
    TestListener SILENT = (result, done, total) -> {};

    /** A case has ended; {@code done} of {@code total} have. */
    void finished(CaseResult result, int done, int total);
}
