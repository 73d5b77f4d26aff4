package dev.understudy.core.automation;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A script that a program has handed in. All but what a person decides about it stays as it was handed in.
 *
 * @param number by which people name it, counted from 1
 * @param automationId the id that its metadata says
 * @param by who proposed it
 * @param script its whole text
 * @param rehearsal how its tests went, away from the person's own files
 * @param version of the automation that it became; empty unless it was taken
 */
public record Proposal(
        long number,
        String automationId,
        String by,
        Instant at,
        String script,
        String sha256,
        Rehearsed rehearsal,
        State state,
        Optional<Integer> version) {

    /** What a person has decided. */
    public enum State {
        WAITING,
        TAKEN,
        REJECTED;

        /** The name in JSON. */
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How its tests went. */
    public record Rehearsed(List<Case> cases) {
        public Rehearsed {
            cases = List.copyOf(cases);
        }

        public long passed() {
            return cases.stream()
                    .filter(each -> each.outcome() == Outcome.PASSED)
                    .count();
        }
    }

    /** How a case went. */
    public enum Outcome {
        PASSED,
        FAILED,
        /** It would have touched what is a person's own. */
        LEFT
    }

    /**
     * One case.
     *
     * @param problems what was not as expected, or why it was left for the person to rehearse
     * @param changes of files, each with its kind and path, and its diff if it has one
     */
    public record Case(String name, Outcome outcome, List<String> problems, List<String> output, List<Change> changes) {
        public Case {
            problems = List.copyOf(problems);
            output = List.copyOf(output);
            changes = List.copyOf(changes);
        }
    }

    /** A file that a case has changed. */
    public record Change(String path, String kind, String diff) {}
}
