package dev.understudy.core.audit;

import java.util.List;
import java.util.Optional;

/**
 * What a look at the whole audit log showed.
 *
 * @param entries how many there are
 * @param newestHash of the newest entry; 64 zeros if there is none. Who keeps it elsewhere can tell later that nothing
 *     up to it was altered, even by somebody who can write every file here.
 * @param problem the first thing that is wrong, if anything is
 * @param remarks what is not wrong, but limits what the log proves
 */
public record Verification(long entries, String newestHash, Optional<Problem> problem, List<String> remarks) {
    public Verification {
        remarks = List.copyOf(remarks);
    }

    /**
     * The first entry that is not as it was written.
     *
     * @param entry its number
     * @param kind whether only a hand can have done it
     * @param what is wrong with it, in one line
     */
    public record Problem(long entry, Kind kind, String what) {
        /** What a problem shows. */
        public enum Kind {
            /** Entries were changed, inserted, or taken from among others. */
            TAMPERED,
            /** All that is there follows, but it ends too early: somebody's doing, an older store, or a lost part of it. */
            ENDS_EARLY
        }
    }

    public boolean isIntact() {
        return problem.isEmpty();
    }
}
