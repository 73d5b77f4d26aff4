package dev.understudy.plugins.tasksources;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Times as shells write them: seconds since 1970, none of which lies before a shell wrote such a thing. */
final class EpochSeconds {

    /** 1 January 2000. Less is a number that was cut short, a zero for an unknown time, or no time at all. */
    private static final long FIRST = 946_684_800;

    private static final int MAX_DIGITS = 11;

    private EpochSeconds() {}

    /** The time, or null if the text holds something else. */
    static @Nullable Instant parse(String text) {
        if (text.isEmpty() || text.length() > MAX_DIGITS) return null;
        long seconds = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') return null;
            seconds = seconds * 10 + (c - '0');
        }
        return seconds < FIRST ? null : Instant.ofEpochSecond(seconds);
    }
}
