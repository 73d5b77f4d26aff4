package dev.understudy.plugins.detectors;

import java.util.Arrays;

/**
 * Tasks in the order of time as small numbers, one for each kind of task; the same task done again at once is one event.
 */
final class EventOrder {
    private final int[] symbols;
    private final int[] counts;
    private final int[] lastInSession;

    EventOrder(int[] symbols, int[] counts, int[] lastInSession) {
        this.symbols = symbols;
        this.counts = counts;
        this.lastInSession = lastInSession;
    }

    /** By event, the kind. */
    int[] symbols() {
        return symbols;
    }

    /** By kind, the number of its events. */
    int[] counts() {
        return counts;
    }

    /** By event, the last event that no long pause separates from it. */
    int[] lastInSession() {
        return lastInSession;
    }

    int size() {
        return symbols.length;
    }

    /** Where each kind occurs, in order. */
    int[][] places() {
        int[][] places = new int[counts.length][];
        int[] filled = new int[counts.length];
        for (int symbol = 0; symbol < places.length; symbol++) places[symbol] = new int[counts[symbol]];
        for (int at = 0; at < symbols.length; at++) places[symbols[at]][filled[symbols[at]]++] = at;
        return places;
    }

    /** Whether two orders tell the same events apart. */
    boolean sameKinds(EventOrder other) {
        if (counts.length != other.counts.length) return false;
        int[] twin = new int[counts.length];
        Arrays.fill(twin, -1);
        for (int at = 0; at < symbols.length; at++) {
            int known = twin[symbols[at]];
            if (known >= 0 && known != other.symbols[at]) return false;
            twin[symbols[at]] = other.symbols[at];
        }
        return true;
    }
}
