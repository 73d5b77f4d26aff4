package dev.understudy.sandbox.control.jail;

import java.util.BitSet;
import java.util.OptionalInt;

/**
 * The uids that jails run under when the host is root: one for each jail at a time, from a range that no distribution
 * gives to accounts (systemd's table of uids leaves 60578-61183 unused, and it lies below 65536, so that it exists in
 * containers that map no more). No account is needed. Safe for use by several threads.
 */
final class JailUids {
    private static final int FIRST = 60600;
    private static final int COUNT = 256;

    private final BitSet taken = new BitSet(COUNT);
    private int next;
    private int turn;

    /** @param start where to begin, so that two hosts on one machine seldom meet */
    JailUids(long start) {
        this.next = (int) Math.floorMod(start, (long) COUNT);
    }

    /** A uid that no running jail of this host has; empty if all are taken. */
    synchronized OptionalInt take() {
        for (int tries = 0; tries < COUNT; tries++) {
            int index = (next + tries) % COUNT;
            if (!taken.get(index)) {
                taken.set(index);
                next = index + 1;
                return OptionalInt.of(FIRST + index);
            }
        }
        return OptionalInt.empty();
    }

    /** The next uid in turn from a range of its own, for jails whose end nobody tells. */
    synchronized int next() {
        turn = (turn + 1) % COUNT;
        return FIRST + COUNT + turn;
    }

    synchronized void release(int uid) {
        taken.clear(uid - FIRST);
    }
}
