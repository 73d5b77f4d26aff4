package dev.understudy.sandbox.control;

import java.util.List;

/** Hears of a run while it runs. Called from the sandbox's threads; must return at once. */
public interface RunListener {
    /** Hears nothing. */
    RunListener SILENT = new RunListener() {};

    /** The run begins when another one of the same automation has ended. */
    default void waiting(String automationId) {}

    default void output(RunReport.OutputLine line) {}

    /** A session's value is a list of records: as many cells in each row as there are columns, and rows beside these. */
    default void rows(List<String> columns, List<String> cells, long more) {}

    /** A session's value is a list of numbers; the text is how its language writes it. */
    default void series(String text, List<Double> numbers) {}

    /** The share done, from 0.0 to 1.0, and what is being done. */
    default void progress(double share, String text) {}
}
