package dev.understudy.sandbox.control.jail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.OptionalInt;
import java.util.stream.Stream;

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

    /** Whether this process's user namespace has them all. Root of a rootless container often has one id, or a few. */
    static boolean exist() throws IOException {
        return mappings().anyMatch(ids -> ids[0] <= FIRST && ids[0] + ids[2] >= FIRST + 2L * COUNT);
    }

    /** Whether to be root in here may mean to be root of the machine; outside of the outermost namespace nobody knows. */
    static boolean mayBeRootOutside() throws IOException {
        return mappings().anyMatch(ids -> ids[0] == 0 && ids[1] == 0);
    }

    /** First id inside, first id outside, how many. */
    private static Stream<long[]> mappings() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/uid_map")).stream()
                .map(line -> Stream.of(line.strip().split("\\s+"))
                        .mapToLong(Long::parseLong)
                        .toArray());
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
