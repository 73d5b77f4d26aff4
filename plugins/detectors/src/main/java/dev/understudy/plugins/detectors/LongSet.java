package dev.understudy.plugins.detectors;

/** A set of hashes, by open addressing; it does not grow. */
final class LongSet {
    private final long[] slots;
    private final int mask;
    private boolean holdsZero;
    private int size;

    /** Makes an empty set for at most so many hashes. */
    LongSet(int capacity) {
        slots = new long[Integer.highestOneBit(Math.max(capacity, 1)) * 4];
        mask = slots.length - 1;
    }

    /** Adds a hash and returns whether it was new. */
    boolean add(long hash) {
        if (hash == 0) {
            if (holdsZero) return false;
            holdsZero = true;
            size++;
            return true;
        }
        int at = (int) hash & mask;
        while (slots[at] != 0) {
            if (slots[at] == hash) return false;
            at = at + 1 & mask;
        }
        slots[at] = hash;
        size++;
        return true;
    }

    int size() {
        return size;
    }
}
