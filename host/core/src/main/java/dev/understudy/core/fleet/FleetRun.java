package dev.understudy.core.fleet;

/**
 * The fleet's record of a run, which alone says whether its effect happened.
 *
 * @param request what was asked for
 * @param node that has it, or had it last
 * @param instance the process of that host: another one after a restart
 * @param runId in that host's log
 * @param attempt counted from 1
 * @param outcome how it ended, as the log says it; empty before
 * @param resultJson what the script gave; empty if nothing, or too long
 * @param note why it did not succeed, or what is not known of it; one line, empty if there is nothing to say
 * @param maybeTwice whether more than one attempt may have had its effect
 * @param atMillis when this was written, by that host's clock
 */
public record FleetRun(
        FleetRequest request,
        State state,
        String node,
        String instance,
        String runId,
        int attempt,
        String outcome,
        String resultJson,
        String note,
        boolean maybeTwice,
        long atMillis) {

    /** How far it is. */
    public enum State {
        /** A host begins it, or has begun it: it may have happened. */
        STARTED,
        /** Its host knows that nothing has happened: whoever gets it may begin it. */
        RELEASED,
        /** It succeeded, and what it changed stands. */
        COMMITTED,
        /** It has ended otherwise. */
        ENDED,
        /** Its host was lost in mid-run: nobody here knows whether it happened. */
        UNSURE;

        /** Whether nobody is to run it any more. */
        boolean isFinal() {
            return this == COMMITTED || this == ENDED || this == UNSURE;
        }

        /** The name in JSON. */
        public String id() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    FleetRun with(State next, long now) {
        return new FleetRun(request, next, node, instance, runId, attempt, outcome, resultJson, note, maybeTwice, now);
    }

    FleetRun ended(State next, String how, String result, String why, long now) {
        return new FleetRun(request, next, node, instance, runId, attempt, how, result, why, maybeTwice, now);
    }

    FleetRun perhapsTwice(String why) {
        return new FleetRun(
                request, state, node, instance, runId, attempt, outcome, resultJson, join(note, why), true, atMillis);
    }

    private static String join(String one, String other) {
        return one.isEmpty() ? other : one + "; " + other;
    }
}
