package dev.understudy.core.tuning.journal;

/**
 * What became of one changed parameter when it was to be put back.
 *
 * @param target the target's name
 * @param before what it held before it was changed
 * @param set what it was set to last
 * @param found what it held when it was looked at; empty if it could not be read
 * @param reason why it was not put back, one line for people; empty if it holds what it held
 */
public record Restoration(
        String target, String parameter, String before, String set, String found, Outcome outcome, String reason) {

    private static final int LONGEST_SHOWN = 40;

    /** How it ended. */
    public enum Outcome {
        /** It holds again what it held before. */
        RESTORED,
        /** It held already what it held before. */
        UNCHANGED,
        /** Somebody else has set it since; it stays as they set it. */
        CHANGED_BY_OTHERS,
        /** There is nothing left to put back: the machine has started anew, or the parameter is no longer there. */
        GONE,
        /** It could not be put back; it stays in the journal and is tried again. */
        FAILED
    }

    /** One line for people, without a full stop. */
    public String text() {
        return switch (outcome) {
            case RESTORED -> parameter + " is " + shown(before) + " again, it was " + shown(set) + " for tuning";
            case UNCHANGED -> parameter + " is " + shown(before) + ", as it was before tuning";
            case CHANGED_BY_OTHERS -> parameter + " was left as it is: " + reason;
            case GONE -> parameter + " needs nothing: " + reason;
            case FAILED ->
                parameter + " could not be put back to " + shown(before) + ", it was set to " + shown(set)
                        + " for tuning: " + reason;
        };
    }

    /** All values at once, as a person's own command takes them, are too many for one line. */
    private static String shown(String value) {
        return value.length() <= LONGEST_SHOWN ? value : value.substring(0, LONGEST_SHOWN - 1) + "…";
    }
}
