package dev.understudy.sandbox.control.jail;

import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.Tier;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What tier {@code reduced} cannot show a jailed process: without a mount namespace each path is the host's own, so there
 * is no copy-on-write view. Scripts in cells have theirs, since it reaches them through the pipe.
 */
final class ReducedViews {
    private static final String MEND =
            "write the script in JavaScript or Python for a cell, or " + PackageManager.hint("bubblewrap");

    private ReducedViews() {}

    /** Why a jailed run's files cannot be shown; empty if they can. */
    static Optional<RunOutcome.Refused> refusal(Jail jail, RunRequest request, List<Path> hostOwn) {
        if (jail.tier() != Tier.REDUCED) return Optional.empty();
        if (!request.grants().writes().isEmpty())
            return refused("a copy-on-write view of granted files cannot be mounted");
        if (!request.stagedFiles().isEmpty() || !request.stagedFolders().isEmpty())
            return refused("files that only the rehearsal has cannot be shown");
        for (Path own : hostOwn) {
            for (Path granted : request.grants().reads()) {
                if (own.startsWith(granted))
                    return refused("the host's own " + own + " cannot be hidden in " + granted);
            }
        }
        return Optional.empty();
    }

    /** Why scripts in cells get no programs; empty if they do. */
    static Optional<RunOutcome.Refused> refusalOfPrograms(Jail jail) {
        return jail.tier() == Tier.REDUCED
                ? refused("a program cannot be shown the script's view of its files")
                : Optional.empty();
    }

    private static Optional<RunOutcome.Refused> refused(String what) {
        return Optional.of(new RunOutcome.Refused("not at tier reduced: " + what + " without a mount namespace", MEND));
    }
}
