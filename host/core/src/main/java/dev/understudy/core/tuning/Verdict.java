package dev.understudy.core.tuning;

import dev.understudy.spi.optimization.Candidate;
import java.util.Optional;

/** What a session found. */
public sealed interface Verdict {

    /**
     * The race shows that a candidate is better than the default on the machines where it was run. If it were not, the chance of this would be at most 5 %.
     *
     * @param candidate the one
     * @param race how it was shown
     */
    record Improved(Candidate candidate, RaceResult race) implements Verdict {}

    /**
     * Nothing is shown to be better, so nothing is changed.
     *
     * @param reason a clause for people
     * @param race of the best candidate, if there was one
     */
    record NoImprovement(String reason, Optional<RaceResult> race) implements Verdict {}
}
