package dev.understudy.plugins.detectors;

/**
 * Tells a sequence from what frequent tasks in a random order look like.
 *
 * <p>The question is how probable it is that the same tasks in a shuffled order show the sequence as often. An occurrence
 * starts at one of the n tasks of the first kind; the chance that the next kind follows within the reach of w tasks is at
 * most w times its share, so that all follow with at most the product λ of these. The number of occurrences is then at
 * least m with a probability of at most {@code exp(-n D(m/n ‖ λ))}, where D is the relative entropy of two coins
 * (Hoeffding, "Probability Inequalities for Sums of Bounded Random Variables", JASA 58, 1963, theorem 1; by section 6
 * it holds for draws without replacement, as a shuffle is). The test by expected counts in a random order of the same
 * events follows Gwadera, Atallah and Szpankowski, "Reliable Detection of Episodes in Event Sequences", KAIS 7(4), 2005.
 *
 * <p>Many sequences are looked at, so each bound is multiplied by how many there could be: the number of kinds of task to
 * the power of the length, and by 2 to the length minus 1, so that all lengths together keep to the chance that is allowed
 * (layered critical values: Webb, "Layered Critical Values", Machine Learning 71, 2008, section 3).
 */
final class ChanceGuard {
    /** How probable it may be that a shuffled history shows any sequence at all. */
    static final double DEFAULT_CHANCE = 0.001;

    private final int[] symbols;
    private final int[] counts;
    private final double logCandidates;
    private final double logLooks;

    /**
     * @param minOccurrences below which a kind of task is in no sequence
     * @param looks how often the same tasks are looked at, with another reach or other kinds
     */
    ChanceGuard(EventOrder order, int minOccurrences, int looks) {
        symbols = order.symbols();
        counts = order.counts();
        int candidates = 0;
        for (int count : counts) if (count >= minOccurrences) candidates++;
        logCandidates = Math.log(Math.max(candidates, 1));
        logLooks = Math.log(looks);
    }

    /** The share of a kind among the tasks that can follow another: no event follows one of its own kind. */
    double share(int symbol, int before) {
        return counts[symbol] / (double) Math.max(1, symbols.length - counts[before]);
    }

    /** How probable it is at most that these kinds follow one another at a given place. */
    double chainChance(int[] sequence, int length, int reach) {
        double chance = 1;
        for (int i = 1; i < length; i++) chance *= Math.min(1, reach * share(sequence[i], sequence[i - 1]));
        return chance;
    }

    /** How many occurrences a random order has at most, on average. */
    double expected(int[] sequence, int reach) {
        return counts[sequence[0]] * chainChance(sequence, sequence.length, reach);
    }

    /** The logarithm of the chance of so many occurrences, corrected for all sequences that there could be. */
    double logChance(int[] sequence, int length, int reach, int occurrences) {
        return logChance(sequence, length, reach, occurrences, 0);
    }

    /** The same for what is left when so many of the first step's tasks belong to something else. */
    double logChance(int[] sequence, int length, int reach, int occurrences, int explained) {
        return logTail(counts[sequence[0]] - explained, chainChance(sequence, length, reach), occurrences)
                + length * logCandidates
                + (length - 1) * Math.log(2)
                + logLooks;
    }

    /** The logarithm of a bound of the probability of at least so many successes in so many trials. */
    static double logTail(int trials, double chance, int successes) {
        if (successes > trials || chance >= 1) return 0;
        double share = successes / (double) trials;
        if (share <= chance) return 0;
        double entropy = share * Math.log(share / chance);
        if (share < 1) entropy += (1 - share) * Math.log((1 - share) / (1 - chance));
        return -trials * entropy;
    }
}
