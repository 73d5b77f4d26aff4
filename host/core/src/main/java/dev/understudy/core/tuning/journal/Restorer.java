package dev.understudy.core.tuning.journal;

import dev.understudy.core.tuning.journal.Restoration.Outcome;
import dev.understudy.core.tuning.journal.SessionFile.Changed;
import dev.understudy.spi.tuning.ParameterTarget;
import java.util.Optional;

/** Puts parameters back as they were before a session. */
final class Restorer {
    private final boolean restarted;

    /** @param restarted whether the machine has started anew since the parameters were changed */
    Restorer(boolean restarted) {
        this.restarted = restarted;
    }

    /** Puts one back, unless somebody else has set it meanwhile. */
    Restoration restore(Changed changed, Optional<ParameterTarget> target) {
        if (target.isEmpty())
            return result(
                    changed,
                    "",
                    Outcome.FAILED,
                    "there is no parameter target '" + changed.key().target() + "' now");
        try {
            return restore(changed, target.get());
        } catch (Exception | LinkageError e) {
            return result(changed, "", Outcome.FAILED, reason(e));
        }
    }

    private Restoration restore(Changed changed, ParameterTarget target) throws Exception {
        if (restarted && !target.outlastsRestart())
            return result(changed, "", Outcome.GONE, "the machine has started anew since, which has undone it");
        String name = changed.key().parameter();
        String found;
        try {
            found = target.read(name);
        } catch (IllegalArgumentException e) {
            return result(changed, "", Outcome.GONE, "it is no longer there: " + reason(e));
        }
        if (SessionFile.same(found, changed.original())) return result(changed, found, Outcome.UNCHANGED, "");
        if (!changed.isOurs(found))
            return result(
                    changed,
                    found,
                    Outcome.CHANGED_BY_OTHERS,
                    "somebody else has set it to " + found + " since; it stays so");
        target.write(name, changed.original());
        String now = target.read(name);
        return SessionFile.same(now, changed.original())
                ? result(changed, found, Outcome.RESTORED, "")
                : result(changed, now, Outcome.FAILED, "it holds " + now + " even after it was set back");
    }

    private static Restoration result(Changed changed, String found, Outcome outcome, String reason) {
        return new Restoration(
                changed.key().target(),
                changed.key().parameter(),
                changed.original(),
                changed.last(),
                found,
                outcome,
                reason);
    }

    private static String reason(Throwable e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message.replaceAll("\\R+", " ");
    }
}
