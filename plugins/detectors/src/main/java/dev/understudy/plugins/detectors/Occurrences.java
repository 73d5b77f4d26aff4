package dev.understudy.plugins.detectors;

import java.util.Arrays;

/**
 * Where the beginnings of a sequence occur: at each place where one can end, with the latest place where it can have
 * started (a minimal occurrence: Mannila, Toivonen and Verkamo, "Discovery of Frequent Episodes in Event Sequences", Data
 * Mining and Knowledge Discovery 1, 1997, section 4). Both are in ascending order.
 */
final class Occurrences {
    private final int[] ends;
    private final int[] starts;

    Occurrences(int[] ends, int[] starts) {
        this.ends = ends;
        this.starts = starts;
    }

    int[] ends() {
        return ends;
    }

    int[] starts() {
        return starts;
    }

    /** The occurrences of one kind of task alone. */
    static Occurrences ofPlaces(int[] places) {
        return new Occurrences(places, places);
    }

    /**
     * How many there are of which no two share an event or lie in one another (Laxman, Sastry and Unnikrishnan,
     * "Discovering Frequent Episodes and Learning Hidden Markov Models", TKDE 17(11), 2005, section 3).
     */
    int apart() {
        int count = 0;
        int last = -1;
        for (int i = 0; i < ends.length; i++) {
            if (starts[i] <= last) continue;
            count++;
            last = ends[i];
        }
        return count;
    }

    /** The last event that may follow an end: within reach, in the same session, and not nearer to a later end. */
    int lastAfter(int index, int reach, EventOrder order) {
        int end = ends[index];
        int last = Math.min(order.lastInSession()[end], end + reach);
        return index + 1 < ends.length ? Math.min(last, ends[index + 1]) : last;
    }

    /** Those that go on with a kind of task within reach. */
    Occurrences followedBy(int symbol, int reach, EventOrder order) {
        int[] nextEnds = new int[ends.length * reach];
        int[] nextStarts = new int[nextEnds.length];
        int size = 0;
        for (int i = 0; i < ends.length; i++) {
            int last = lastAfter(i, reach, order);
            for (int at = ends[i] + 1; at <= last; at++) {
                if (order.symbols()[at] != symbol) continue;
                nextEnds[size] = at;
                nextStarts[size++] = starts[i];
            }
        }
        return new Occurrences(Arrays.copyOf(nextEnds, size), Arrays.copyOf(nextStarts, size));
    }
}
