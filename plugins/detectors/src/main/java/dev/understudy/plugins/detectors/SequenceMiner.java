package dev.understudy.plugins.detectors;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Grows sequences step by step at their end (prefix growth: Pei et al., "Mining Sequential Patterns by Pattern-Growth: The
 * PrefixSpan Approach", TKDE 16(11), 2004), each step only where it follows more often than by chance.
 *
 * <p>The reach says how far the next step may be: 1 is the very next event, and then a kind of task may come twice in a
 * sequence; with gaps each kind comes once, so that a loop does not grow into all its combinations.
 */
final class SequenceMiner {
    static final int MAX_LENGTH = 10;

    /** How often a step must follow, compared with a random order, to be worth a further look. */
    static final double MIN_LIFT = 2;

    /** The bound of the chance that a step follows so often, above which it is not looked at further. */
    private static final double LOG_CHANCE_OF_A_STEP = Math.log(0.05);

    /** Events looked at, by the number of events, after which no longer sequences are tried. */
    private static final int MAX_LOOKS_PER_EVENT = 100;

    /** A sequence of kinds that no random order explains. */
    static final class Found {
        private final int[] sequence;
        private final int reach;
        private final double logChance;

        Found(int[] sequence, int reach, double logChance) {
            this.sequence = sequence;
            this.reach = reach;
            this.logChance = logChance;
        }

        int[] sequence() {
            return sequence;
        }

        int reach() {
            return reach;
        }

        double logChance() {
            return logChance;
        }
    }

    private final EventOrder order;
    private final ChanceGuard guard;
    private final int minOccurrences;
    private final int reach;
    private final double logChance;
    private final List<Found> found = new ArrayList<>();
    private final int[] sequence = new int[MAX_LENGTH];
    private final int[] following;
    private final int[] slot;
    private long looks;

    SequenceMiner(EventOrder order, ChanceGuard guard, int minOccurrences, int reach, double chance) {
        this.order = order;
        this.guard = guard;
        this.minOccurrences = minOccurrences;
        this.reach = reach;
        logChance = Math.log(chance);
        following = new int[order.counts().length];
        slot = new int[order.counts().length];
    }

    /** All sequences that are found, in no order. */
    List<Found> mine(int[][] places) {
        for (int symbol = 0; symbol < places.length; symbol++) {
            if (places[symbol].length < minOccurrences) continue;
            sequence[0] = symbol;
            looks = 0;
            grow(1, Occurrences.ofPlaces(places[symbol]), (long) MAX_LOOKS_PER_EVENT * places[symbol].length);
        }
        return found;
    }

    private void grow(int length, Occurrences occurrences, long maxLooks) {
        if (length == MAX_LENGTH || looks > maxLooks) return;
        int[] candidates = countFollowing(length, occurrences);
        if (candidates.length == 0) return;
        int count = occurrences.apart();
        Occurrences[] next = collect(occurrences, candidates);
        for (int i = 0; i < candidates.length; i++) {
            int times = next[i].apart();
            if (times < minOccurrences || !follows(length, candidates[i], count, times)) continue;
            sequence[length] = candidates[i];
            double chance = guard.logChance(sequence, length + 1, reach, times);
            if (chance <= logChance && !isLoop(sequence, length + 1))
                found.add(new Found(Arrays.copyOf(sequence, length + 1), reach, chance));
            grow(length + 1, next[i], maxLooks);
        }
    }

    /** The kinds that come within reach often enough; {@link #following} holds for each how many places there are. */
    private int[] countFollowing(int length, Occurrences occurrences) {
        int[] ends = occurrences.ends();
        int[] symbols = order.symbols();
        int[] touched = new int[16];
        int size = 0;
        for (int i = 0; i < ends.length; i++) {
            int last = occurrences.lastAfter(i, reach, order);
            looks += last - ends[i];
            for (int at = ends[i] + 1; at <= last; at++) {
                int symbol = symbols[at];
                if (following[symbol]++ > 0) continue;
                if (size == touched.length) touched = Arrays.copyOf(touched, 2 * size);
                touched[size++] = symbol;
            }
        }
        int kept = 0;
        for (int i = 0; i < size; i++) {
            int symbol = touched[i];
            if (following[symbol] >= minOccurrences && mayFollow(length, symbol)) touched[kept++] = symbol;
            else following[symbol] = 0;
        }
        int[] candidates = Arrays.copyOf(touched, kept);
        Arrays.sort(candidates);
        return candidates;
    }

    private boolean mayFollow(int length, int symbol) {
        if (reach == 1) return true;
        for (int i = 0; i < length; i++) if (sequence[i] == symbol) return false;
        return true;
    }

    private Occurrences[] collect(Occurrences occurrences, int[] candidates) {
        var next = new Occurrences[candidates.length];
        for (int i = 0; i < candidates.length; i++) {
            int places = following[candidates[i]];
            next[i] = new Occurrences(new int[places], new int[places]);
            slot[candidates[i]] = i;
        }
        int[] filled = new int[candidates.length];
        int[] ends = occurrences.ends();
        int[] symbols = order.symbols();
        for (int i = 0; i < ends.length; i++) {
            int last = occurrences.lastAfter(i, reach, order);
            for (int at = ends[i] + 1; at <= last; at++) {
                if (following[symbols[at]] == 0) continue;
                int to = slot[symbols[at]];
                next[to].ends()[filled[to]] = at;
                next[to].starts()[filled[to]++] = occurrences.starts()[i];
            }
        }
        for (int candidate : candidates) following[candidate] = 0;
        return next;
    }

    /** Whether a step follows what is before it more often than by chance. */
    private boolean follows(int length, int symbol, int count, int times) {
        double share = guard.share(symbol, sequence[length - 1]);
        double within = 1 - Math.pow(1 - Math.min(1, share), reach);
        return times >= MIN_LIFT * count * within && ChanceGuard.logTail(count, within, times) <= LOG_CHANCE_OF_A_STEP;
    }

    /** Whether it is nothing but the turns of a loop, as edit, build, edit. */
    static boolean isLoop(int[] sequence, int length) {
        for (int period = 1; period < length; period++) {
            int at = period;
            while (at < length && sequence[at] == sequence[at - period]) at++;
            if (at == length) return true;
        }
        return false;
    }
}
