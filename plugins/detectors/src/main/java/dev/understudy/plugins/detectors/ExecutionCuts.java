package dev.understudy.plugins.detectors;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * Cuts a recording without noise into executions: wherever one of the kinds comes with which an execution starts.
 *
 * <p>The first such kind is the one with which the recording begins. Others are those that come where it comes, after the
 * same kinds, unless what they begin always follows, or is always followed by, one and the same of the other pieces: then
 * it is a part of that execution (as what comes after an OK that is pressed twice in each). A kind that the rest knows
 * nothing of starts executions of its own. That an execution returns to its start is the idea of Leno et al.,
 * "Identifying Candidate Routines for Robotic Process Automation from Unsegmented UI Logs", ICPM 2020, section III.B; they
 * take it from the back edges of a graph, which noise makes everywhere.
 */
final class ExecutionCuts {
    private static final int MIN_TIMES = 3;
    private static final double MOSTLY = 0.9;
    private static final double LOG_DOUBT = Math.log(0.001);

    /** Longest pieces that are no routine by themselves, but an end that some executions have. */
    private static final int MAX_TAIL = 2;

    /** How many steps further the first execution may begin. */
    private static final int NEAR = 4;

    private static final int MAX_MORE = 20;

    /** Bits that it costs to believe that a recording begins in the middle of an execution: the first event was seen. */
    private static final double SEEN_FIRST = 45;

    /** The same where there is noise in its place. */
    private static final double GUESSED_FIRST = 30;

    private static final int MAX_LEADERS = 40;

    private final int[] kinds;
    private final boolean[] breaks;
    private final boolean[] seen;
    private final int[][] follows;
    private final int[] counts;

    /**
     * @param kinds by step, its kind
     * @param breaks by step, whether a long pause is before it
     * @param seen by step, whether it was recorded; else it is what must have been where noise is
     */
    ExecutionCuts(int[] kinds, boolean[] breaks, int kindCount, boolean[] seen) {
        this.seen = seen;
        this.kinds = kinds;
        this.breaks = breaks;
        counts = new int[kindCount];
        follows = new int[kindCount][kindCount];
        for (int at = 0; at < kinds.length; at++) {
            counts[kinds[at]]++;
            if (at > 0 && !breaks[at]) follows[kinds[at - 1]][kinds[at]]++;
        }
    }

    /**
     * Where executions begin, in order; the first step is always among them. Of the kinds that are near the beginning of the
     * recording, and those with which it would go on after its end, the one is taken with which the pieces have the
     * shortest description: the recording need not begin with a whole execution, and its first event may be noise.
     */
    int[] beginnings() {
        int[] best = new int[0];
        int likeliest = likeliest(0);
        double fewest = Double.POSITIVE_INFINITY;
        for (int start : candidates(0)) {
            BitSet starts = new BitSet();
            starts.set(start);
            addThoseThatComeWhereTheseDo(starts);
            for (int more = 0; more < MAX_MORE; more++) {
                int unknown = unknown(starts);
                if (unknown < 0) break;
                addBest(starts, unknown);
            }
            int[] cuts = joined(cut(starts));
            double bits = bits(cuts) + (start == likeliest ? 0 : seen[0] ? SEEN_FIRST : GUESSED_FIRST);
            if (bits < fewest - 1e-9) {
                fewest = bits;
                best = cuts;
            }
        }
        return best;
    }

    /** Adds the kind with which what the rest knows nothing of begins, and those that come where it does. */
    private void addBest(BitSet starts, int from) {
        BitSet best = new BitSet();
        double fewest = Double.POSITIVE_INFINITY;
        int likeliest = likeliest(from);
        for (int start : candidates(from)) {
            if (starts.get(start)) continue;
            BitSet more = (BitSet) starts.clone();
            more.set(start);
            addThoseThatComeWhereTheseDo(more);
            double bits = bits(joined(cut(more)))
                    + (start == likeliest ? 0 : from > 0 && seen[from - 1] ? SEEN_FIRST : GUESSED_FIRST);
            if (bits < fewest - 1e-9) {
                fewest = bits;
                best = more;
            }
        }
        if (best.isEmpty()) starts.set(kinds[from]);
        else starts.or(best);
    }

    /** The kinds that may be a beginning near a step: the first of them, what comes before these, and what follows the last. */
    private List<Integer> candidates(int from) {
        var found = new LinkedHashSet<Integer>();
        for (int at = from; at < Math.min(kinds.length, from + NEAR); at++)
            if (counts[kinds[at]] >= MIN_TIMES) found.add(kinds[at]);
        for (int kind : List.copyOf(found))
            for (int before = 0; before < counts.length; before++)
                if (2 * follows[before][kind] > counts[kind]) found.add(before);
        if (from == 0)
            for (int after = 0; after < counts.length; after++)
                if (linked(kinds[kinds.length - 1], after)) found.add(after);
        found.add(likeliest(from));
        return List.copyOf(found);
    }

    /**
     * The kind with which an execution begins near a step, if the executions around it are whole: the one that is there, or
     * where that is noise, what usually follows the last of them.
     */
    private int likeliest(int from) {
        if (from == 0 || seen[from - 1]) return kinds[from];
        int last = lastOfItsKinds(from);
        if (seen[last]) {
            int next = -1;
            for (int after = 0; after < counts.length; after++)
                if (2 * follows[kinds[last]][after] > counts[kinds[last]]) next = after;
            if (next >= 0) return next;
        }
        for (int before = 0; before < counts.length; before++)
            if (2 * follows[before][kinds[from]] > counts[kinds[from]]) return before;
        return kinds[from];
    }

    /** The last step of those that lead from a step to the same again, wherever that is done for the last time. */
    private int lastOfItsKinds(int from) {
        var its = new BitSet();
        for (int at = from; at < kinds.length && (at == from || kinds[at] != kinds[from]); at++) its.set(kinds[at]);
        int last = from;
        for (int at = from; at < kinds.length; at++) if (kinds[at] == kinds[from]) last = at;
        while (last + 1 < kinds.length && !breaks[last + 1] && its.get(kinds[last + 1])) last++;
        return last;
    }

    private int[] cut(BitSet starts) {
        int[] cuts = new int[kinds.length];
        int size = 0;
        for (int at = 0; at < kinds.length; at++) if (at == 0 || breaks[at] || starts.get(kinds[at])) cuts[size++] = at;
        return Arrays.copyOf(cuts, size);
    }

    /** The same cuts without those after a short piece that always leads to the next one: it is how some begin. */
    private int[] joined(int[] cuts) {
        Map<Integer, Map<Integer, Integer>> next = new HashMap<>();
        for (int piece = 0; piece + 1 < cuts.length; piece++)
            if (cuts[piece + 1] - cuts[piece] <= MAX_TAIL && !breaks[cuts[piece + 1]])
                next.computeIfAbsent(kinds[cuts[piece]], _ -> new HashMap<>())
                        .merge(kinds[cuts[piece + 1]], 1, Integer::sum);
        int[] kept = new int[cuts.length];
        int size = 0;
        for (int piece = 0; piece < cuts.length; piece++) {
            if (piece > 0 && !breaks[cuts[piece]] && cuts[piece] - cuts[piece - 1] <= MAX_TAIL) {
                Map<Integer, Integer> its = next.getOrDefault(kinds[cuts[piece - 1]], Map.of());
                int all = its.values().stream().mapToInt(Integer::intValue).sum();
                if (its.getOrDefault(kinds[cuts[piece]], 0) >= MOSTLY * all && all >= MIN_TIMES) continue;
            }
            kept[size++] = cuts[piece];
        }
        return Arrays.copyOf(kept, size);
    }

    /**
     * How long the description of the pieces is: each says which variant it is, and each variant is described by itself, or
     * by what it has otherwise than a commoner one.
     */
    private double bits(int[] cuts) {
        Map<List<Integer>, Integer> times = new HashMap<>();
        for (int piece = 0; piece < cuts.length; piece++) {
            int end = piece + 1 < cuts.length ? cuts[piece + 1] : kinds.length;
            times.merge(Arrays.stream(kinds, cuts[piece], end).boxed().toList(), 1, Integer::sum);
        }
        List<Map.Entry<List<Integer>, Integer>> variants = new ArrayList<>(times.entrySet());
        variants.sort(Map.Entry.<List<Integer>, Integer>comparingByValue().reversed());
        double step = Math.log(counts.length) / Math.log(2);
        double bits = 0;
        List<int[]> leaders = new ArrayList<>();
        for (var variant : variants) {
            int[] its = variant.getKey().stream().mapToInt(Integer::intValue).toArray();
            double cheapest = (its.length + 1) * step;
            for (int[] leader : leaders) {
                if (Math.abs(leader.length - its.length) * step >= cheapest) continue;
                int changes = leader.length + its.length - 2 * StepTable.common(its, leader);
                cheapest = Math.min(cheapest, 2 + changes * (step + Math.log(leader.length + 1) / Math.log(2)));
            }
            bits += cheapest;
            bits -= variant.getValue() * Math.log(variant.getValue() / (double) cuts.length) / Math.log(2);
            if (leaders.size() < MAX_LEADERS) leaders.add(its);
        }
        return bits;
    }

    private boolean linked(int before, int after) {
        int times = follows[before][after];
        return times >= MIN_TIMES && (times >= 0.03 * counts[before] || times >= 0.2 * counts[after]);
    }

    private void addThoseThatComeWhereTheseDo(BitSet starts) {
        BitSet candidates = new BitSet();
        for (int start = starts.nextSetBit(0); start >= 0; start = starts.nextSetBit(start + 1))
            for (int end = 0; end < counts.length; end++) {
                if (!linked(end, start)) continue;
                for (int other = 0; other < counts.length; other++)
                    if (!starts.get(other) && linked(end, other)) candidates.set(other);
            }
        while (!candidates.isEmpty()) {
            BitSet all = (BitSet) starts.clone();
            all.or(candidates);
            int worst = mostDependent(all, candidates);
            if (worst < 0) break;
            candidates.clear(worst);
        }
        starts.or(candidates);
    }

    /** The candidate whose pieces are least on their own; -1 if all are executions of their own. */
    private int mostDependent(BitSet starts, BitSet candidates) {
        int[] cuts = cut(starts);
        int[][] next = new int[counts.length][counts.length];
        int[] pieces = new int[counts.length];
        int[] lengths = new int[counts.length];
        int links = 0;
        for (int piece = 0; piece < cuts.length; piece++) {
            int kind = kinds[cuts[piece]];
            pieces[kind]++;
            lengths[kind] += (piece + 1 < cuts.length ? cuts[piece + 1] : kinds.length) - cuts[piece];
            if (piece > 0 && !breaks[cuts[piece]]) {
                next[kinds[cuts[piece - 1]]][kind]++;
                links++;
            }
        }
        int worst = -1;
        double strongest = 0;
        for (int kind = candidates.nextSetBit(0); kind >= 0; kind = candidates.nextSetBit(kind + 1)) {
            double strength = 0;
            if (pieces[kind] < MIN_TIMES || lengths[kind] <= MAX_TAIL * pieces[kind]) strength = 1000;
            for (int other = 0; other < counts.length; other++) {
                if (other == kind || pieces[other] == 0) continue;
                // A short piece may be no more than how some executions begin.
                if (!candidates.get(other) && lengths[other] <= MAX_TAIL * pieces[other]) continue;
                strength = Math.max(strength, dependence(next[other][kind], pieces[kind], pieces[other], links));
                strength = Math.max(strength, dependence(next[kind][other], pieces[kind], pieces[other], links));
                // What is always followed by this kind's pieces is no execution without them.
                strength = Math.max(strength, dependence(next[other][kind], pieces[other], pieces[kind], links));
            }
            if (strength > strongest) {
                strongest = strength;
                worst = kind;
            }
        }
        return worst;
    }

    /** How sure it is that pieces of one kind stand beside those of another because they belong together; 0 for not. */
    private static double dependence(int together, int pieces, int others, int all) {
        if (together < MOSTLY * pieces || together < MIN_TIMES) return 0;
        double log = ChanceGuard.logTail(pieces, others / (double) Math.max(1, all), together);
        return log <= LOG_DOUBT ? -log : 0;
    }

    /** The first of a kind that comes often, but in hardly any of the executions: what it belongs to is something else; or -1. */
    private int unknown(BitSet starts) {
        int[] cuts = cut(starts);
        int[] holders = new int[counts.length];
        int[] lastHolder = new int[counts.length];
        Arrays.fill(lastHolder, -1);
        for (int piece = 0; piece < cuts.length; piece++) {
            int end = piece + 1 < cuts.length ? cuts[piece + 1] : kinds.length;
            for (int at = cuts[piece]; at < end; at++) {
                if (lastHolder[kinds[at]] == piece) continue;
                lastHolder[kinds[at]] = piece;
                holders[kinds[at]]++;
            }
        }
        List<Integer> found = new ArrayList<>();
        for (int kind = 0; kind < counts.length; kind++)
            if (counts[kind] >= 5 && holders[kind] <= 0.1 * counts[kind]) found.add(kind);
        if (found.size() <= MAX_TAIL) return -1;
        for (int at = 0; at < kinds.length; at++) if (found.contains(kinds[at]) && !starts.get(kinds[at])) return at;
        return -1;
    }
}
