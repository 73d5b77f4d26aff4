package dev.understudy.core.triggers;

import dev.understudy.core.problem.Mistake;
import java.util.List;

/**
 * All that an automation says of its triggers.
 *
 * @param overlap what happens while a run is under way
 * @param unsourced a mistake for each trigger that gives no value to a parameter without a default: no hindrance to a run
 *     by hand, but to approval
 */
public record Triggers(List<Trigger> all, Overlap overlap, List<Mistake> unsourced) {
    /** Only a person starts it. */
    public static final Triggers NONE = new Triggers(List.of(), Overlap.QUEUE, List.of());

    public Triggers {
        all = List.copyOf(all);
        unsourced = List.copyOf(unsourced);
    }
}
