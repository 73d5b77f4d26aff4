package dev.understudy.sandbox.control;

import java.util.Locale;
import java.util.Optional;

/** How much a script may do. Each level allows all that the one before it allows. */
public enum IsolationLevel {
    /** Reads and writes in its workspace and granted paths. */
    FULL,
    /** Also starts granted programs, through the jail. */
    PARTIAL,
    /** Also speaks to granted hosts. */
    MINIMAL;

    /** The name in metadata, configuration and JSON. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What is said to a script that starts a program at a level that allows none. */
    public String noPrograms() {
        return "not allowed at isolation " + id() + ": starting programs (isolation partial would allow it)";
    }

    /** What is said to a script that reaches for the network at a level that allows none. */
    public String noNetwork() {
        return "not allowed at isolation " + id() + ": network (isolation minimal would allow it)";
    }

    /** Why a run that asks for these grants is not even started at this level; empty if the level can give them. */
    public Optional<RunOutcome.Refused> refusal(Grants grants) {
        if (this == FULL && !grants.programs().isEmpty())
            return Optional.of(new RunOutcome.Refused(
                    noPrograms(),
                    "set isolation to partial, or grant no programs (granted are "
                            + String.join(", ", grants.programs()) + ")"));
        if (this != MINIMAL && !grants.hosts().isEmpty())
            return Optional.of(new RunOutcome.Refused(
                    noNetwork(),
                    "set isolation to minimal, or grant no hosts (granted are " + String.join(", ", grants.hosts())
                            + ")"));
        return Optional.empty();
    }
}
