package dev.understudy.core.tuning.journal;

import dev.understudy.core.tuning.journal.Restoration.Outcome;
import dev.understudy.core.tuning.journal.SessionFile.Changed;
import dev.understudy.core.tuning.journal.SessionFile.ParameterKey;
import dev.understudy.spi.tuning.ParameterTarget;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Puts parameters back as they were before a session. */
final class Restorer {
    private final boolean restarted;

    /** @param restarted whether the machine has started anew since the parameters were changed */
    Restorer(boolean restarted) {
        this.restarted = restarted;
    }

    /**
     * Puts parameters back, in the order given, unless somebody else has set them meanwhile.
     *
     * @return what became of each, in the same order
     */
    List<Restoration> restore(List<Changed> changes, Function<ParameterKey, Optional<ParameterTarget>> targets) {
        // All are judged before any is written, and written ones are looked at again after all are: to put back a block
        // device's scheduler sets the length of its queue anew, which nobody else has done.
        var done = new ArrayList<Restoration>();
        for (Changed changed : changes) done.add(judge(changed, targets.apply(changed.key())));
        for (int round = 0; round < 2; round++)
            for (int i = 0; i < done.size(); i++)
                if (done.get(i).outcome() == Outcome.RESTORED || done.get(i).outcome() == Outcome.UNCHANGED)
                    done.set(
                            i,
                            write(
                                    changes.get(i),
                                    done.get(i),
                                    targets.apply(changes.get(i).key()).orElseThrow()));
        return done;
    }

    /** Says what is to become of a parameter. */
    private Restoration judge(Changed changed, Optional<ParameterTarget> target) {
        if (target.isEmpty())
            return result(
                    changed,
                    "",
                    Outcome.FAILED,
                    "there is no parameter target '" + changed.key().target() + "' now");
        try {
            return judge(changed, target.get());
        } catch (Exception | LinkageError e) {
            return result(changed, "", Outcome.FAILED, reason(e));
        }
    }

    private Restoration judge(Changed changed, ParameterTarget target) throws IOException {
        if (restarted && !target.outlastsRestart())
            return result(changed, "", Outcome.GONE, "the machine has started anew since, which has undone it");
        String found;
        try {
            found = target.read(changed.key().parameter());
        } catch (IllegalArgumentException e) {
            return result(changed, "", Outcome.GONE, "it is no longer there: " + reason(e));
        }
        if (SessionFile.same(found, changed.original())) return result(changed, found, Outcome.UNCHANGED, "");
        return changed.isOurs(found)
                ? result(changed, found, Outcome.RESTORED, "")
                : result(
                        changed,
                        found,
                        Outcome.CHANGED_BY_OTHERS,
                        "somebody else has set it to " + found + " since; it stays so");
    }

    /** Sees to it that a parameter holds what it held; says so if it does not. */
    private static Restoration write(Changed changed, Restoration judged, ParameterTarget target) {
        String name = changed.key().parameter();
        try {
            if (SessionFile.same(target.read(name), changed.original())) return judged;
            target.write(name, changed.original());
            String now = target.read(name);
            return SessionFile.same(now, changed.original())
                    ? judged
                    : result(changed, now, Outcome.FAILED, "it holds " + now + " even after it was set back");
        } catch (Exception | LinkageError e) {
            return result(changed, judged.found(), Outcome.FAILED, reason(e));
        }
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
