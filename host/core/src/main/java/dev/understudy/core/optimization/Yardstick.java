package dev.understudy.core.optimization;

import dev.understudy.core.tuning.Direction;
import dev.understudy.core.tuning.Objective.Outcome;
import java.time.Duration;

/** Measures how well the machine's work goes. Used by one thread. */
interface Yardstick {
    /** Which figures are better. */
    Direction direction();

    /** What its figures are, for people. */
    String purpose();

    /** Begins a measurement. */
    void begin() throws InterruptedException;

    /** Ends it, so much later. */
    Outcome end(Duration passed) throws InterruptedException;
}
