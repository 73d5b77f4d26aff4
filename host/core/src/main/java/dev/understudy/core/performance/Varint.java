package dev.understudy.core.performance;

import java.nio.ByteBuffer;

/** Numbers that are not negative, seven bits a byte, the lowest first; the highest bit says that more follow. */
final class Varint {
    static final int MAX_BYTES = 9;

    private Varint() {}

    static void write(ByteBuffer bytes, long value) {
        long rest = value;
        while (rest > 0x7f) {
            bytes.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        bytes.put((byte) rest);
    }

    static long read(ByteBuffer bytes) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = bytes.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) return value;
        }
    }
}
