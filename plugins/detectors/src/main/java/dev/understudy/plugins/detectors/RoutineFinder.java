package dev.understudy.plugins.detectors;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Finds routines in a recording: cleans it of noise ({@link NoisyChain}), cuts it into executions ({@link
 * ExecutionCuts}), and makes one routine of those with the same aim ({@link StepTable}).
 */
final class RoutineFinder {
    /** Which part of the shorter of two executions is in the other, in its order, if they have the same aim. */
    private static final double SAME_AIM = 0.7;

    /** The same of both together, so that a fragment is not taken for the whole. */
    private static final double SAME_SIZE = 0.55;

    /** Which part of a fragment is in a whole execution. */
    private static final double FRAGMENT = 0.8;

    /** Which part of an execution must have been recorded. */
    private static final double SEEN = 0.3;

    /** Of how often steps are recorded on average, the part below which a kind is no step. */
    private static final double UNSEEN = 0.4;

    /** How many of the commonest variants may be the one that is shown first. */
    private static final int CENTRAL = 12;

    /**
     * A step of a routine.
     *
     * @param kinds what it may be, the commonest first
     * @param counts by kind, in how many executions
     * @param main whether the commonest variant has it
     * @param repeated whether some executions do it several times
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared, and written by nobody once it is made
    record Step(int[] kinds, int[] counts, boolean main, boolean repeated) {

        int count() {
            return Arrays.stream(counts).sum();
        }
    }

    /**
     * One execution.
     *
     * @param from its first event
     * @param to its last event
     * @param steps by step of the routine, the event that was it; -1 where it was left out, or noise was in its place
     * @param kinds by step of the routine, the kind it was or must have been; -1 where it was left out
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared, and written by nobody once it is made
    record Execution(int from, int to, int[] steps, int[] kinds) {}

    /**
     * A way of going through a routine.
     *
     * @param kinds of its steps, as one after the other
     * @param times how many executions went so
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared, and written by nobody once it is made
    record Variant(int[] kinds, int times) {}

    /** A routine, its executions in order and its variants, the commonest first. */
    record Routine(List<Step> steps, List<Execution> executions, List<Variant> variants) {}

    /** A piece of the recording between two cuts. */
    @SuppressWarnings("ArrayRecordComponent") // never compared, and written by nobody once it is made
    private record Piece(int[] places, Loops.Folded folded) {}

    private final int kinds;
    private final int minOccurrences;
    private final NoisyChain.Path path;
    private final List<Integer> at = new ArrayList<>();

    private RoutineFinder(int[] events, boolean[] starts, int kinds, int minOccurrences) {
        this.kinds = kinds;
        this.minOccurrences = minOccurrences;
        path = NoisyChain.read(events, starts, kinds);
    }

    /**
     * The routines of a recording, the one that explains most events first.
     *
     * @param events by event, its kind
     * @param starts by event, whether a long pause is before it
     */
    static List<Routine> find(int[] events, boolean[] starts, int kinds, int minOccurrences) {
        return new RoutineFinder(events, starts, kinds, minOccurrences).find(starts);
    }

    private List<Routine> find(boolean[] starts) {
        boolean pause = false;
        List<Boolean> pauses = new ArrayList<>();
        for (int event = 0; event < path.kinds().length; event++) {
            pause |= starts[event];
            if (path.roles()[event] == NoisyChain.Role.BETWEEN) continue;
            at.add(event);
            pauses.add(pause);
            pause = false;
        }
        if (at.size() < 2 * minOccurrences) return List.of();
        int[] steps = at.stream().mapToInt(event -> path.kinds()[event]).toArray();
        boolean[] breaks = new boolean[steps.length];
        for (int step = 0; step < steps.length; step++) breaks[step] = pauses.get(step);
        int[] states = at.stream().mapToInt(event -> path.states()[event]).toArray();
        boolean[] seen = new boolean[steps.length];
        for (int step = 0; step < steps.length; step++) seen[step] = path.roles()[at.get(step)] == NoisyChain.Role.STEP;
        int[] cuts = new ExecutionCuts(states, breaks, path.stateCount(), seen).beginnings();
        List<int[]> pieces = new ArrayList<>();
        for (int cut = 0; cut < cuts.length; cut++)
            pieces.add(Arrays.copyOfRange(steps, cuts[cut], cut + 1 < cuts.length ? cuts[cut + 1] : steps.length));
        var loops = new Loops(pieces);
        List<Piece> all = new ArrayList<>();
        for (int cut = 0; cut < cuts.length; cut++) {
            int[] places = new int[pieces.get(cut).length];
            for (int step = 0; step < places.length; step++) places[step] = at.get(cuts[cut] + step);
            if (isSeen(places)) all.add(new Piece(places, loops.fold(pieces.get(cut))));
        }
        return group(all).stream()
                .map(this::routine)
                .sorted(Comparator.comparingInt((Routine each) -> -each.executions.size() * each.steps.size()))
                .toList();
    }

    /** Whether enough of a piece was recorded: the rest is what must have been where noise is. */
    private boolean isSeen(int[] places) {
        int seen = 0;
        for (int place : places) if (path.roles()[place] == NoisyChain.Role.STEP) seen++;
        return seen >= 2 && seen >= SEEN * places.length;
    }

    /** Pieces with the same aim, those with the commonest variant first. */
    private List<List<Piece>> group(List<Piece> pieces) {
        Map<List<Integer>, List<Piece>> byVariant = new LinkedHashMap<>();
        for (Piece piece : pieces)
            byVariant
                    .computeIfAbsent(Arrays.stream(piece.folded.kinds()).boxed().toList(), _ -> new ArrayList<>())
                    .add(piece);
        List<List<Piece>> variants = new ArrayList<>(byVariant.values());
        variants.sort(Comparator.comparingInt((List<Piece> each) -> -each.size())
                .thenComparing(Comparator.comparingInt(
                        (List<Piece> each) -> -each.getFirst().folded.kinds().length)));
        List<List<Piece>> groups = new ArrayList<>();
        for (List<Piece> variant : variants) {
            int[] steps = variant.getFirst().folded.kinds();
            List<Piece> best = null;
            double nearest = 0;
            for (List<Piece> group : groups) {
                int[] leader = group.getFirst().folded.kinds();
                double common = StepTable.common(steps, leader);
                double part = common / Math.min(steps.length, leader.length);
                double both = 2 * common / (steps.length + leader.length);
                if (part >= SAME_AIM && both >= SAME_SIZE && part + both > nearest) {
                    nearest = part + both;
                    best = group;
                }
            }
            if (best == null) groups.add(new ArrayList<>(variant));
            else best.addAll(variant);
        }
        groups.removeIf(group ->
                group.size() < minOccurrences || group.getFirst().folded.kinds().length < 2);
        groups.sort(Comparator.comparingInt(
                (List<Piece> each) -> -each.size() * each.getFirst().folded.kinds().length));
        List<List<Piece>> whole = new ArrayList<>();
        for (List<Piece> group : groups) {
            int[] steps = group.getFirst().folded.kinds();
            boolean fragment = whole.stream()
                    .anyMatch(other ->
                            StepTable.common(steps, other.getFirst().folded.kinds()) >= FRAGMENT * steps.length
                                    && group.size() < 0.25 * other.size());
            if (!fragment) whole.add(group);
        }
        return whole;
    }

    private Routine routine(List<Piece> pieces) {
        List<Piece> group = withoutUnseen(pieces);
        var table = new StepTable(kinds);
        Map<List<Integer>, List<Piece>> byVariant = new LinkedHashMap<>();
        for (Piece piece : group)
            byVariant
                    .computeIfAbsent(Arrays.stream(piece.folded.kinds()).boxed().toList(), _ -> new ArrayList<>())
                    .add(piece);
        for (List<Piece> variant : byVariant.values())
            table.add(variant.getFirst().folded.kinds(), variant.size());
        List<Variant> variants = new ArrayList<>();
        for (List<Piece> variant : byVariant.values())
            variants.add(new Variant(variant.getFirst().folded.kinds(), variant.size()));
        variants.addFirst(variants.remove(central(variants)));
        boolean[] main = new boolean[table.size()];
        for (int column : table.place(variants.getFirst().kinds)) if (column >= 0) main[column] = true;
        boolean[] repeated = new boolean[table.size()];
        List<Execution> executions = new ArrayList<>();
        for (Piece piece : group) executions.add(execution(piece, table, repeated));
        executions.sort(Comparator.comparingInt(Execution::from));
        List<Step> steps = new ArrayList<>();
        for (int column = 0; column < table.size(); column++) {
            int index = column;
            int[] these = IntStream.range(0, kinds)
                    .filter(kind -> table.count(index, kind) > 0)
                    .boxed()
                    .sorted(Comparator.comparingInt(kind -> -table.count(index, kind)))
                    .mapToInt(Integer::intValue)
                    .toArray();
            int[] counts =
                    Arrays.stream(these).map(kind -> table.count(index, kind)).toArray();
            steps.add(new Step(these, counts, main[column], repeated[column]));
        }
        return new Routine(steps, executions, variants);
    }

    /**
     * The pieces without the kinds that were hardly ever recorded in them: noise hides each step equally often, so what it
     * seems to hide nearly always is no step.
     */
    private List<Piece> withoutUnseen(List<Piece> group) {
        int[] times = new int[kinds];
        int[] seen = new int[kinds];
        int all = 0;
        int allSeen = 0;
        for (Piece piece : group)
            for (int step = 0; step < piece.folded.kinds().length; step++) {
                int kind = piece.folded.kinds()[step];
                times[kind]++;
                all++;
                for (int turn : piece.folded.places()[step]) {
                    if (path.roles()[piece.places[turn]] != NoisyChain.Role.STEP) continue;
                    seen[kind]++;
                    allSeen++;
                    break;
                }
            }
        double usual = allSeen / (double) all;
        List<Piece> kept = new ArrayList<>();
        for (Piece piece : group) {
            int[] steps = IntStream.range(0, piece.folded.kinds().length)
                    .filter(step -> {
                        int kind = piece.folded.kinds()[step];
                        return seen[kind] >= UNSEEN * usual * times[kind];
                    })
                    .toArray();
            kept.add(new Piece(
                    piece.places,
                    new Loops.Folded(
                            Arrays.stream(steps)
                                    .map(step -> piece.folded.kinds()[step])
                                    .toArray(),
                            Arrays.stream(steps)
                                    .mapToObj(step -> piece.folded.places()[step])
                                    .toArray(int[][]::new))));
        }
        return kept;
    }

    /**
     * Of the commonest variants, the number of the one that has most in common with all: where noise has made many of one,
     * the commonest may be there by chance.
     */
    private static int central(List<Variant> variants) {
        int best = 0;
        double nearest = Double.NEGATIVE_INFINITY;
        for (int variant = 0; variant < Math.min(variants.size(), CENTRAL); variant++) {
            int[] its = variants.get(variant).kinds;
            double near = 0;
            for (Variant other : variants)
                near -= other.times
                        * (double) (its.length + other.kinds.length - 2 * StepTable.common(its, other.kinds));
            if (near > nearest + 1e-9) {
                nearest = near;
                best = variant;
            }
        }
        return best;
    }

    private Execution execution(Piece piece, StepTable table, boolean[] repeated) {
        int[] columns = table.place(piece.folded.kinds());
        int[] events = new int[table.size()];
        int[] its = new int[table.size()];
        Arrays.fill(events, -1);
        Arrays.fill(its, -1);
        for (int step = 0; step < columns.length; step++) {
            if (columns[step] < 0) continue;
            its[columns[step]] = piece.folded.kinds()[step];
            int[] turns = piece.folded.places()[step];
            if (turns.length > 1) repeated[columns[step]] = true;
            for (int turn = turns.length - 1; turn >= 0; turn--) {
                int event = piece.places[turns[turn]];
                if (path.roles()[event] == NoisyChain.Role.STEP) events[columns[step]] = event;
            }
        }
        int from = Integer.MAX_VALUE;
        int to = -1;
        for (int place : piece.places) {
            if (path.roles()[place] != NoisyChain.Role.STEP) continue;
            from = Math.min(from, place);
            to = place;
        }
        return new Execution(from, to, events, its);
    }
}
