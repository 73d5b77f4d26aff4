package dev.understudy.core.performance;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * What has been recorded, so that what is sent or imported again does not count again, also when it is no longer kept. The
 * latest half million to a million are known.
 */
final class RecordedIds {
    static final int GENERATION = 500_000;

    private final PreparedBatch batch;
    private final Handle handle;
    private final long generation;

    RecordedIds(Handle handle) {
        this.handle = handle;
        generation = handle.createQuery("SELECT generation FROM performance_state")
                .mapTo(Long.class)
                .one();
        batch = handle.prepareBatch(
                "INSERT OR IGNORE INTO recorded (generation, at, hash) SELECT :generation, :at, :hash"
                        + " WHERE NOT EXISTS (SELECT 1 FROM recorded WHERE generation = :generation - 1 AND at = :at AND hash = :hash)");
    }

    /** @param atMicros when it happened, which it says the same each time */
    void add(String id, long atMicros) {
        batch.bind("generation", generation)
                .bind("at", atMicros)
                .bind("hash", hash(id))
                .add();
    }

    /** Of each that was added, in their order: 1 if it is new, else 0. */
    int[] write() {
        if (batch.size() == 0) return new int[0];
        int[] isNew = batch.execute();
        int added = Arrays.stream(isNew).sum();
        if (added > 0) grow(added);
        return isNew;
    }

    private void grow(int added) {
        int size = handle.createQuery(
                        "UPDATE performance_state SET in_generation = in_generation + ? RETURNING in_generation")
                .bind(0, added)
                .mapTo(Integer.class)
                .one();
        if (size < GENERATION) return;
        handle.execute("UPDATE performance_state SET generation = generation + 1, in_generation = 0");
        handle.execute("DELETE FROM recorded WHERE generation < ?", generation);
    }

    /** FNV-1a with 64 bits; together with the time, two ids are never taken for one by accident. */
    private static long hash(String id) {
        long hash = 0xcbf29ce484222325L;
        for (byte each : id.getBytes(StandardCharsets.UTF_8)) hash = (hash ^ (each & 0xff)) * 0x100000001b3L;
        return hash;
    }
}
