package dev.understudy.core.automation;

import java.util.Optional;

/**
 * Why a run is started.
 *
 * @param by who or what starts it, for the log: {@link Actor#PERSON}, or which trigger
 * @param runId its id, where the one who starts it must know it before it begins
 * @param repeats the id of the run that a crash cut short and that this one does again
 */
public record Occasion(String by, Optional<String> runId, Optional<String> repeats) {
    /** A person asks for it. */
    public static final Occasion PERSON = by(Actor.PERSON.by());

    /** It is started once, and its id does not matter. */
    public static Occasion by(String by) {
        return new Occasion(by, Optional.empty(), Optional.empty());
    }
}
