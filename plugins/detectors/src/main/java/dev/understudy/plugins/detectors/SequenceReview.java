package dev.understudy.plugins.detectors;

import dev.understudy.plugins.detectors.SequenceMiner.Found;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Looks again at a sequence as a whole: every step must belong to it.
 *
 * <p>A sequence that is remarkable as a whole may still hold a step that is there by chance, as a frequent {@code ls}
 * between two steps that belong together. So at each cut what comes after must follow what comes before, and each inner
 * step must stand between its neighbours, at least twice as often as by chance and beyond doubt (the idea of productive
 * patterns: Webb and Vreeken, "Efficient Discovery of the Most Interesting Associations", TKDD 8(3), 2014, section 3).
 */
final class SequenceReview {
    private static final double LOG_DOUBT = Math.log(0.001);

    private final EventOrder order;
    private final ChanceGuard guard;
    private final int[][] places;
    private final Map<List<Integer>, Integer> known = new HashMap<>();

    SequenceReview(EventOrder order, ChanceGuard guard, int[][] places) {
        this.order = order;
        this.guard = guard;
        this.places = places;
    }

    /** Whether every step belongs to the sequence. */
    boolean holdsTogether(Found found) {
        int[] sequence = found.sequence();
        int reach = found.reach();
        int times = count(sequence, 0, sequence.length, reach);
        for (int cut = 1; cut < sequence.length; cut++) {
            int before = count(sequence, 0, cut, reach);
            int after = count(sequence, cut, sequence.length, reach);
            int others = order.size() - order.counts()[sequence[cut - 1]];
            double within = 1 - Math.pow(1 - Math.min(1, after / (double) Math.max(1, others)), reach);
            if (!exceeds(before, within, times)) return false;
        }
        for (int inner = 1; inner < sequence.length - 1; inner++)
            if (!belongs(sequence, inner, reach, times)) return false;
        return true;
    }

    private static boolean exceeds(int trials, double chance, int times) {
        return times >= SequenceMiner.MIN_LIFT * trials * chance
                && ChanceGuard.logTail(trials, chance, times) <= LOG_DOUBT;
    }

    private int count(int[] sequence, int from, int to, int reach) {
        int[] part = Arrays.copyOfRange(sequence, from, to);
        List<Integer> key = new ArrayList<>();
        for (int symbol : part) key.add(symbol);
        key.add(-reach);
        Integer count = known.get(key);
        if (count != null) return count;
        int counted = beginnings(part, reaches(part.length, reach))[part.length - 1].apart();
        known.put(key, counted);
        return counted;
    }

    /** Whether an inner step stands between its neighbours more often than any task would in the room there is. */
    private boolean belongs(int[] sequence, int inner, int reach, int times) {
        int[] without = new int[sequence.length - 1];
        System.arraycopy(sequence, 0, without, 0, inner);
        System.arraycopy(sequence, inner + 1, without, inner, without.length - inner);
        int[] reaches = reaches(without.length, reach);
        reaches[inner] = 2 * reach;
        int[][] all = occurrences(without, reaches);
        if (all.length == 0) return true;
        double room = 0;
        for (int[] one : all) room += one[inner] - one[inner - 1] - 1;
        double share = guard.share(sequence[inner], sequence[inner - 1]);
        return exceeds(all.length, Math.min(1, share * room / all.length), times);
    }

    private static int[] reaches(int length, int reach) {
        int[] reaches = new int[length];
        Arrays.fill(reaches, reach);
        return reaches;
    }

    /** The events of all occurrences that lie apart, in order. */
    int[][] occurrences(int[] sequence, int reach) {
        return occurrences(sequence, reaches(sequence.length, reach));
    }

    /** As {@link #occurrences(int[], int)}, with a reach of its own for each step; that of the first is not used. */
    private int[][] occurrences(int[] sequence, int[] reaches) {
        @Nullable Occurrences[] beginnings = beginnings(sequence, reaches);
        Occurrences whole = beginnings[sequence.length - 1];
        List<int[]> all = new ArrayList<>();
        int last = -1;
        for (int i = 0; whole != null && i < whole.ends().length; i++) {
            if (whole.starts()[i] <= last) continue;
            last = whole.ends()[i];
            int[] events = new int[sequence.length];
            events[sequence.length - 1] = last;
            for (int step = sequence.length - 2; step >= 0; step--) {
                Occurrences beginning = beginnings[step];
                if (beginning == null) throw new IllegalStateException("no beginning of " + step);
                int at = Arrays.binarySearch(beginning.ends(), events[step + 1]);
                events[step] = beginning.ends()[(at < 0 ? -at - 1 : at) - 1];
            }
            all.add(events);
        }
        return all.toArray(int[][]::new);
    }

    private Occurrences[] beginnings(int[] sequence, int[] reaches) {
        var beginnings = new Occurrences[sequence.length];
        beginnings[0] = Occurrences.ofPlaces(places[sequence[0]]);
        for (int step = 1; step < sequence.length; step++)
            beginnings[step] = beginnings[step - 1].followedBy(sequence[step], reaches[step], order);
        return beginnings;
    }
}
