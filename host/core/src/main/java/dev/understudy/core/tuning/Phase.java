package dev.understudy.core.tuning;

import java.util.Locale;

/** What a trial of a session is for, in the order of the session. */
public enum Phase {
    /** The default setting, before anything else. */
    DEFAULT,
    /** What the strategy asks for. */
    SEARCH,
    /** The best few once more, since the best of many single measurements was lucky, too. */
    HEAT,
    /** The best against the default, interleaved. */
    RACE,
    /** The default setting again, to see drift. */
    LAST;

    /** As written in session files and JSON. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
