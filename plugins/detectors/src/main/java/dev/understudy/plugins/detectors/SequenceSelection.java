package dev.understudy.plugins.detectors;

import dev.understudy.plugins.detectors.SequenceMiner.Found;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Chooses among sequences those that say something of their own.
 *
 * <p>Closed sequences only: one that a longer one contains is left out unless enough of its occurrences lie outside that
 * one's, and are no chance by themselves. The same holds for the later turns of a loop (build, edit, build beside edit,
 * build) and for a sequence that two of another's occurrences in a row make.
 */
final class SequenceSelection {
    /** A person reads no longer list; the most certain are kept. */
    private static final int MAX_SEQUENCES = 200;

    /** How many of the most certain are looked at closely. */
    private static final int MAX_REVIEWED = 2_000;

    /** A sequence with the events of its occurrences. */
    static final class Kept {
        private final EventOrder order;
        private final ChanceGuard guard;
        private final int[] sequence;
        private final int reach;
        private final double logChance;
        private final int[][] places;

        Kept(EventOrder order, ChanceGuard guard, int[] sequence, int reach, double logChance, int[][] places) {
            this.order = order;
            this.guard = guard;
            this.sequence = sequence;
            this.reach = reach;
            this.logChance = logChance;
            this.places = places;
        }

        EventOrder order() {
            return order;
        }

        ChanceGuard guard() {
            return guard;
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

        int[][] places() {
            return places;
        }

        int length() {
            return sequence.length;
        }
    }

    private final int minOccurrences;
    private final double logChance;
    private final List<Kept> reviewed = new ArrayList<>();

    SequenceSelection(int minOccurrences, double logChance) {
        this.minOccurrences = minOccurrences;
        this.logChance = logChance;
    }

    /** Reviews what was found in one order; of the same sequence with several reaches the longest that holds is kept. */
    void add(EventOrder order, ChanceGuard guard, int[][] places, List<Found> found) {
        var review = new SequenceReview(order, guard, places);
        Map<List<Integer>, List<Found>> bySequence = new LinkedHashMap<>();
        found.stream()
                .sorted(Comparator.comparingDouble(Found::logChance))
                .limit(MAX_REVIEWED)
                .forEach(each -> bySequence
                        .computeIfAbsent(Arrays.stream(each.sequence()).boxed().toList(), _ -> new ArrayList<>())
                        .add(each));
        for (List<Found> same : bySequence.values()) {
            same.sort(Comparator.comparingInt(Found::reach).reversed());
            for (Found each : same) {
                if (!review.holdsTogether(each)) continue;
                int[][] occurrences = review.occurrences(each.sequence(), each.reach());
                reviewed.add(new Kept(order, guard, each.sequence(), each.reach(), each.logChance(), occurrences));
                break;
            }
        }
    }

    /** The chosen ones, the most certain first. */
    List<Kept> select() {
        reviewed.sort(Comparator.comparingDouble(Kept::logChance)
                .thenComparing(Comparator.comparingInt(Kept::length).reversed()));
        List<Kept> certain = uncovered(inTheirCommonestOrder(reviewed));
        certain.sort(Comparator.comparingInt(Kept::length).reversed().thenComparingDouble(Kept::logChance));
        List<Kept> closed = uncovered(certain);
        closed.sort(Comparator.comparingDouble(Kept::logChance));
        return closed.subList(0, Math.min(closed.size(), MAX_SEQUENCES));
    }

    /** The same steps in another order are the turns of a loop, or steps that may as well be swapped. */
    private static List<Kept> inTheirCommonestOrder(List<Kept> all) {
        Map<EventOrder, Set<List<Integer>>> seen = new LinkedHashMap<>();
        return all.stream()
                .filter(each -> seen.computeIfAbsent(each.order, _ -> new HashSet<>())
                        .add(Arrays.stream(each.sequence).sorted().boxed().toList()))
                .toList();
    }

    /** Those that the ones before them do not explain. */
    private List<Kept> uncovered(List<Kept> all) {
        List<Kept> kept = new ArrayList<>();
        List<Cover> covers = new ArrayList<>();
        for (Kept each : all) {
            List<int[]> left = new ArrayList<>();
            for (int[] places : each.places) {
                boolean covered = false;
                for (Cover cover : covers) covered = covered || cover.holds(places);
                if (!covered) left.add(places);
            }
            boolean stands = left.size() == each.places.length || standsAlone(each, left);
            if (!stands) continue;
            kept.add(each);
            covers.add(Cover.of(each.places));
        }
        return kept;
    }

    /** Whether the occurrences that are left are no chance by themselves, with the reach that they have or a shorter one. */
    private boolean standsAlone(Kept kept, List<int[]> left) {
        int explained = kept.places.length - left.size();
        for (int reach = 1; reach <= kept.reach; reach++) {
            int within = 0;
            for (int[] places : left) if (longestStep(places) <= reach) within++;
            if (within >= minOccurrences
                    && kept.guard.logChance(kept.sequence, kept.length(), reach, within, explained) <= logChance)
                return true;
        }
        return false;
    }

    private static int longestStep(int[] places) {
        int longest = 0;
        for (int step = 1; step < places.length; step++) longest = Math.max(longest, places[step] - places[step - 1]);
        return longest;
    }

    /** The events of a sequence's occurrences, and where each occurrence begins. */
    private static final class Cover {
        private final BitSet events;
        private final int[] starts;

        Cover(BitSet events, int[] starts) {
            this.events = events;
            this.starts = starts;
        }

        static Cover of(int[][] places) {
            var events = new BitSet();
            int[] starts = new int[places.length];
            for (int i = 0; i < places.length; i++) {
                starts[i] = places[i][0];
                for (int place : places[i]) events.set(place);
            }
            return new Cover(events, starts);
        }

        /** Whether all events are those of one occurrence, or of two in a row. */
        boolean holds(int[] places) {
            for (int place : places) if (!events.get(place)) return false;
            return occurrence(places[places.length - 1]) - occurrence(places[0]) <= 1;
        }

        private int occurrence(int place) {
            int at = Arrays.binarySearch(starts, place);
            return at < 0 ? -at - 2 : at;
        }
    }
}
