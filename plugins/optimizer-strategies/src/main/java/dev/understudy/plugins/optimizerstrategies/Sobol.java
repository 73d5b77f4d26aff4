package dev.understudy.plugins.optimizerstrategies;

import java.util.random.RandomGenerator;
import org.hipparchus.random.SobolSequenceGenerator;

/**
 * A scrambled Sobol sequence in the unit cube: even, and another one for each seed.
 *
 * <p>The scrambling is Owen's nested uniform scrambling ("Randomly permuted (t,m,s)-nets and (t,s)-sequences", 1995), by
 * hashing as in Burley, "Practical hash-based Owen scrambling", Journal of Computer Graphics Techniques 9(4), 2020.
 */
final class Sobol {
    /** The most dimensions for which there are direction numbers; further columns are drawn. */
    private static final int MAX_DIMENSIONS = 1000;

    private final RandomGenerator random;
    private final SobolSequenceGenerator sequence;
    private final int[] seeds;

    Sobol(int dimensions, RandomGenerator random) {
        this.random = random;
        seeds = new int[dimensions];
        for (int i = 0; i < dimensions; i++) seeds[i] = random.nextInt();
        sequence = new SobolSequenceGenerator(Math.min(dimensions, MAX_DIMENSIONS));
    }

    double[] next() {
        double[] plain = sequence.nextVector();
        double[] place = new double[seeds.length];
        for (int i = 0; i < place.length; i++)
            place[i] = i < plain.length ? scramble(plain[i], seeds[i]) : random.nextDouble();
        return place;
    }

    private static double scramble(double value, int seed) {
        int bits = Integer.reverse((int) (long) (value * 0x1p32));
        // Each step lets a bit depend on those below it only, which after the reversal are the more significant ones.
        bits += seed;
        bits ^= bits * 0x6c50b47c;
        bits ^= bits * 0xb82f1e52;
        bits ^= bits * 0xc7afe638;
        bits ^= bits * 0x8d22f6e6;
        return (Integer.toUnsignedLong(Integer.reverse(bits)) + 0.5) * 0x1p-32;
    }
}
