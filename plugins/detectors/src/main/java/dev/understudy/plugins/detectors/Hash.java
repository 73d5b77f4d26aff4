package dev.understudy.plugins.detectors;

/**
 * 64-bit hashes of texts: FNV-1a (Fowler, Noll and Vo, IETF draft-eastlake-fnv) with the finalizer of SplitMix64 (Steele,
 * Lea and Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014), the same in every run.
 */
final class Hash {
    private static final long OFFSET = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    private Hash() {}

    static long of(CharSequence text) {
        return of(text, 0, text.length());
    }

    static long of(CharSequence text, int start, int end) {
        long hash = OFFSET;
        for (int i = start; i < end; i++) hash = (hash ^ text.charAt(i)) * PRIME;
        return mix(hash);
    }

    /** Combines two hashes; the order matters. */
    static long combine(long first, long second) {
        return mix(first * 31 + second);
    }

    private static long mix(long value) {
        long z = value + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
