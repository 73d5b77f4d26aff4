package dev.understudy.core.performance;

import java.nio.ByteBuffer;

/**
 * How often values occurred, each to three significant digits: up to 2047 exactly, above that in 1024 buckets for each power of
 * two, as HdrHistogram (Gil Tene, 2012) has it. Unlike its form, ours is as small as the buckets that are used are few, in
 * memory and when written, so that a month of hourly ones is added up in milliseconds. Used by one thread at a time.
 */
final class DurationHistogram {
    private static final int BUCKET_BITS = 10;
    private static final int BUCKETS = (Long.SIZE - BUCKET_BITS) << BUCKET_BITS;

    /** Buckets lie in blocks, which come into being when one of theirs is used. */
    private static final int BLOCK_BITS = 7;

    private static final int BLOCK = 1 << BLOCK_BITS;

    private final long[][] blocks = new long[BUCKETS >> BLOCK_BITS][];
    private int usedBuckets;
    private long count;

    /** @param value not negative */
    void add(long value) {
        add(bucket(value), 1);
    }

    private void add(int bucket, long times) {
        long[] block = blocks[bucket >> BLOCK_BITS];
        if (block == null) {
            block = new long[BLOCK];
            blocks[bucket >> BLOCK_BITS] = block;
        }
        int place = bucket & (BLOCK - 1);
        if (block[place] == 0) usedBuckets++;
        block[place] += times;
        count += times;
    }

    private static int bucket(long value) {
        int shift = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(value) - BUCKET_BITS - 1);
        return (shift << BUCKET_BITS) + (int) (value >> shift);
    }

    /** The middle of what falls into a bucket. */
    private static double middle(int bucket) {
        int shift = Math.max(0, (bucket >> BUCKET_BITS) - 1);
        long lowest = (long) (bucket - (shift << BUCKET_BITS)) << shift;
        return lowest + ((1L << shift) - 1) / 2.0;
    }

    /** The value at a percentile by the nearest rank; 0 if there is none. */
    double percentile(double percent) {
        long rank = Math.max(1, (long) Math.ceil(percent / 100 * count));
        long seen = 0;
        for (int i = 0; i < blocks.length; i++) {
            long[] block = blocks[i];
            if (block == null) continue;
            for (int place = 0; place < BLOCK; place++) {
                seen += block[place];
                if (seen >= rank) return middle((i << BLOCK_BITS) + place);
            }
        }
        return 0;
    }

    /** How many bytes {@link #write} takes at most. */
    int maxBytes() {
        return Varint.MAX_BYTES + usedBuckets * (3 + Varint.MAX_BYTES);
    }

    /** Writes the number of used buckets, and of each its distance from the one before and its count. */
    void write(ByteBuffer bytes) {
        Varint.write(bytes, usedBuckets);
        int last = 0;
        for (int i = 0; i < blocks.length; i++) {
            long[] block = blocks[i];
            if (block == null) continue;
            for (int place = 0; place < BLOCK; place++) {
                if (block[place] == 0) continue;
                int bucket = (i << BLOCK_BITS) + place;
                Varint.write(bytes, bucket - last);
                Varint.write(bytes, block[place]);
                last = bucket;
            }
        }
    }

    /** Takes all in that {@link #write} wrote. */
    void add(ByteBuffer bytes) {
        int bucket = 0;
        for (long left = Varint.read(bytes); left > 0; left--) {
            bucket += Math.toIntExact(Varint.read(bytes));
            add(bucket, Varint.read(bytes));
        }
    }
}
