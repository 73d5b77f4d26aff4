package dev.understudy.core.tuning;

import dev.understudy.spi.optimization.Candidate;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How far a session is.
 *
 * @param phase of the next trial
 * @param done trials that have ended
 * @param budget trials in all at most
 * @param defaultValue the first measurement of the default setting
 * @param best what was measured to be best so far, whatever luck was in it
 * @param bestValue its figure
 * @param spent in trials so far
 * @param left at most, as far as can be told
 */
public record TuningStatus(
        Phase phase,
        int done,
        int budget,
        OptionalDouble defaultValue,
        Optional<Candidate> best,
        OptionalDouble bestValue,
        Duration spent,
        Optional<Duration> left) {}
