package dev.understudy.plugins.detectors;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Tells what a person was doing from what else was recorded: a hidden Markov model in which each state is one kind of
 * event and shows either that kind, or noise in its place, or waits while noise comes in between.
 *
 * <p>Which states there are comes from the events themselves: kinds that follow, or are followed by, another one far more
 * often than by chance. The transitions are learnt by expectation and maximisation (Baum-Welch; Rabiner, "A Tutorial on
 * Hidden Markov Models", Proceedings of the IEEE 77(2), 1989, section III), with those that few events need taken away,
 * and the best path by Viterbi's algorithm says for each event what it was. Unlike there, how often noise replaces a step
 * and how often it comes in between is shared by all states, so that twenty executions are enough to learn it.
 */
final class NoisyChain {
    /** What an event was. */
    enum Role {
        /** The state's own kind. */
        STEP,
        /** Noise where the state's own kind should have been. */
        REPLACED,
        /** Noise between two steps. */
        BETWEEN
    }

    /** For each event its state, the kind that the state shows, and its role; of noise between steps the state before it. */
    @SuppressWarnings("ArrayRecordComponent") // never compared, and written by nobody once it is made
    record Path(int[] states, int stateCount, int[] kinds, Role[] roles) {}

    /** The kind of all that is seldom, which is no step. */
    static final int SELDOM = 0;

    private static final int MAX_STATES = 250;
    private static final int ROUNDS = 12;
    private static final int MAX_SPLITS = 8;
    private static final int ROUNDS_AFTER_SPLIT = 4;

    /** How many steps further on it must show that it matters where a person came from. */
    private static final int OUTLOOK = 5;

    /** Of what could be known of such a step, how much must be known from where the person came. */
    private static final double FORETOLD = 0.4;

    /** How much more often than by chance two kinds must be neighbours to be linked at first. */
    private static final double MIN_LIFT = 1.5;

    private static final double LOG_DOUBT = Math.log(0.02);

    /** Of transitions: to any state, where nothing that was learnt fits. */
    private static final double LEAP = 0.01;

    private static final double MIN_SHARE = 1e-3;

    private final int[] events;
    private final boolean[] starts;
    private int[] stateKinds;
    private double[][] transitions;
    private int[][] from;
    private double[] leap;
    private final double[] noise;
    private double replaced = 0.15;
    private double between = 0.1;

    private NoisyChain(int[] events, boolean[] starts, int[] stateKinds, double[][] transitions, int kinds) {
        this.events = events;
        this.starts = starts;
        this.stateKinds = stateKinds;
        this.transitions = transitions;
        leap = new double[stateKinds.length];
        noise = new double[kinds];
        from = new int[0][];
    }

    /**
     * Reads a recording.
     *
     * @param events by event, its kind; {@link #SELDOM} for what is seldom
     * @param starts by event, whether a long pause is before it
     * @param kinds how many kinds there are
     * @return an empty path if no kinds belong together
     */
    static Path read(int[] events, boolean[] starts, int kinds) {
        int[] counts = new int[kinds];
        for (int kind : events) counts[kind]++;
        double[][] links = links(events, starts, counts);
        int[] states = states(links, counts);
        if (states.length < 2) return new Path(new int[0], 0, new int[0], new Role[0]);
        double[][] transitions = new double[states.length][states.length];
        for (int a = 0; a < states.length; a++)
            for (int b = 0; b < states.length; b++) transitions[a][b] = links[states[a]][states[b]];
        var chain = new NoisyChain(events, starts, states, transitions, kinds);
        double total = events.length;
        for (int state = 0; state < states.length; state++) chain.leap[state] = counts[states[state]] / total;
        chain.normalize();
        for (int kind = 0; kind < kinds; kind++) chain.noise[kind] = counts[kind] / total;
        for (int round = 0; round < ROUNDS; round++) chain.learn(counts);
        Path path = chain.best();
        for (int split = 0; split < MAX_SPLITS; split++) {
            if (!chain.split(path)) break;
            for (int round = 0; round < ROUNDS_AFTER_SPLIT; round++) chain.learn(counts);
            path = chain.best();
        }
        return path;
    }

    /** How often each kind comes right after another, beyond chance; 0 where that may be chance. */
    private static double[][] links(int[] events, boolean[] starts, int[] counts) {
        int kinds = counts.length;
        double[][] links = new double[kinds][kinds];
        for (int at = 1; at < events.length; at++) if (!starts[at]) links[events[at - 1]][events[at]]++;
        for (int a = 0; a < kinds; a++)
            for (int b = 0; b < kinds; b++) {
                double times = links[a][b];
                double share = counts[b] / (double) events.length;
                double expected = counts[a] * share;
                boolean linked = a != SELDOM
                        && b != SELDOM
                        && times >= 3
                        && times >= MIN_LIFT * expected
                        && ChanceGuard.logTail(counts[a], share, (int) times) <= LOG_DOUBT;
                links[a][b] = linked ? times - expected : 0;
            }
        return links;
    }

    private static int[] states(double[][] links, int[] counts) {
        List<Integer> states = new ArrayList<>();
        for (int kind = 0; kind < counts.length; kind++) {
            boolean linked = false;
            for (int other = 0; other < counts.length && !linked; other++)
                linked = links[kind][other] > 0 || links[other][kind] > 0;
            if (linked) states.add(kind);
        }
        if (states.size() > MAX_STATES) {
            states.sort((one, other) -> Integer.compare(counts[other], counts[one]));
            states = states.subList(0, MAX_STATES);
        }
        return states.stream().mapToInt(Integer::intValue).sorted().toArray();
    }

    private void normalize() {
        int size = stateKinds.length;
        int[][] into = new int[size][];
        for (int to = 0; to < size; to++) {
            int count = 0;
            for (int state = 0; state < size; state++) if (transitions[state][to] > 0) count++;
            into[to] = new int[count];
        }
        int[] filled = new int[size];
        for (int state = 0; state < size; state++) {
            double sum = 0;
            for (double share : transitions[state]) sum += share;
            for (int to = 0; to < size; to++) {
                if (transitions[state][to] <= 0) continue;
                transitions[state][to] /= sum;
                into[to][filled[to]++] = state;
            }
        }
        from = into;
    }

    private double shown(int state, int kind) {
        double own = stateKinds[state] == kind ? 1 - replaced : 0;
        return own + replaced * noise[kind];
    }

    /** One round of expectation and maximisation. */
    private void learn(int[] counts) {
        int size = stateKinds.length;
        int length = events.length;
        double[][] forward = new double[length][size];
        double[] scale = new double[length];
        for (int at = 0; at < length; at++) {
            double sum = 0;
            for (int state = 0; state < size; state++) {
                double shown = shown(state, events[at]);
                double before;
                if (at == 0 || starts[at]) before = leap[state] * shown;
                else {
                    double moved = LEAP * leap[state];
                    for (int old : from[state]) moved += (1 - LEAP) * forward[at - 1][old] * transitions[old][state];
                    before = (1 - between) * moved * shown + between * forward[at - 1][state] * noise[events[at]];
                }
                forward[at][state] = before;
                sum += before;
            }
            scale[at] = Math.max(sum, Double.MIN_NORMAL);
            for (int state = 0; state < size; state++) forward[at][state] /= scale[at];
        }
        double[][] expected = new double[size][size];
        double[] asNoise = new double[noise.length];
        double stay = 0;
        double moves = 0;
        double wrong = 0;
        double[] backward = new double[size];
        Arrays.fill(backward, 1);
        for (int at = length - 1; at >= 0; at--) {
            double[] next = new double[size];
            boolean first = at == 0 || starts[at];
            double leaping = 0;
            for (int state = 0; state < size; state++) {
                double after = backward[state] / scale[at];
                double shown = shown(state, events[at]);
                double replacing = replaced * noise[events[at]] / Math.max(shown, Double.MIN_NORMAL);
                double moved;
                if (first) moved = leap[state] * shown * after;
                else {
                    double held = forward[at - 1][state] * between * noise[events[at]] * after;
                    stay += held;
                    asNoise[events[at]] += held;
                    next[state] += between * noise[events[at]] * after;
                    double step = (1 - between) * shown * after;
                    leaping += step * LEAP * leap[state];
                    moved = step * LEAP * leap[state];
                    if (moved > 1e-3) addLeaps(forward[at - 1], state, moved, expected);
                    for (int old : from[state]) {
                        double through = step * (1 - LEAP) * transitions[old][state];
                        next[old] += through;
                        double used = through * forward[at - 1][old];
                        expected[old][state] += used;
                        moved += used;
                    }
                }
                moves += moved;
                wrong += moved * replacing;
                asNoise[events[at]] += moved * replacing;
            }
            if (!first) for (int state = 0; state < size; state++) next[state] += leaping;
            else Arrays.fill(next, 1);
            backward = next;
        }
        maximize(expected, asNoise, counts);
        replaced = Math.clamp(wrong / Math.max(moves, 1), MIN_SHARE, 0.8);
        between = Math.clamp(stay / length, MIN_SHARE, 0.8);
    }

    /** A leap that happens again and again becomes a transition of its own. */
    private static void addLeaps(double[] before, int to, double moved, double[][] expected) {
        for (int old = 0; old < before.length; old++) if (before[old] > 0.1) expected[old][to] += moved * before[old];
    }

    private void maximize(double[][] expected, double[] asNoise, int[] counts) {
        for (int state = 0; state < expected.length; state++) {
            double out = 0;
            for (double share : expected[state]) out += share;
            // A transition that fewer than about two events in all need, or a hundredth of those that leave, is none.
            double least = Math.max(1.5, 0.01 * out);
            double kept = 0;
            for (int to = 0; to < expected.length; to++) {
                double share = expected[state][to] < least ? 0 : expected[state][to] - 0.5;
                transitions[state][to] = share;
                kept += share;
            }
            if (kept <= 0) System.arraycopy(leap, 0, transitions[state], 0, leap.length);
        }
        normalize();
        double sum = 0;
        for (double share : asNoise) sum += share;
        double total = events.length;
        for (int kind = 0; kind < noise.length; kind++)
            noise[kind] = (asNoise[kind] + 20 * counts[kind] / total) / (sum + 20);
    }

    private Path best() {
        int size = stateKinds.length;
        int length = events.length;
        // Where each best path comes from: the state before, or the same with the sign that it waited.
        int[][] back = new int[length][size];
        double[] last = new double[size];
        double[][] log = new double[size][size];
        for (int state = 0; state < size; state++)
            for (int to = 0; to < size; to++) log[state][to] = Math.log((1 - LEAP) * transitions[state][to]);
        for (int at = 0; at < length; at++) {
            double[] now = new double[size];
            int top = 0;
            for (int state = 1; state < size; state++) if (last[state] > last[top]) top = state;
            boolean first = at == 0 || starts[at];
            for (int state = 0; state < size; state++) {
                double shown = Math.log(shown(state, events[at]));
                int best = top;
                double score = last[top] + Math.log(LEAP * leap[state]);
                if (!first)
                    for (int old : from[state]) {
                        double through = last[old] + log[old][state];
                        if (through > score) {
                            score = through;
                            best = old;
                        }
                    }
                score += shown + Math.log(1 - between);
                back[at][state] = best;
                if (!first) {
                    double waited = last[state] + Math.log(between) + Math.log(noise[events[at]]);
                    if (waited > score) {
                        score = waited;
                        back[at][state] = -1;
                    }
                }
                now[state] = score;
            }
            last = now;
        }
        int state = 0;
        for (int each = 1; each < size; each++) if (last[each] > last[state]) state = each;
        int[] kinds = new int[length];
        int[] states = new int[length];
        Role[] roles = new Role[length];
        for (int at = length - 1; at >= 0; at--) {
            kinds[at] = stateKinds[state];
            states[at] = state;
            if (back[at][state] < 0) roles[at] = Role.BETWEEN;
            else {
                roles[at] = stateKinds[state] == events[at] ? Role.STEP : Role.REPLACED;
                state = back[at][state];
            }
        }
        return new Path(states, size, kinds, roles);
    }

    /**
     * Makes several states of one whose kind means different things, as an OK in the middle and one at the end: where it
     * is told by what came before what will come after.
     *
     * @return whether any was split
     */
    private boolean split(Path path) {
        int length = events.length;
        int[] moves = new int[length];
        int size = 0;
        for (int at = 0; at < length; at++) if (path.roles[at] != Role.BETWEEN) moves[size++] = at;
        int states = stateKinds.length;
        List<Map<Integer, Integer>> groupOf = new ArrayList<>();
        List<Integer> kindsOfStates =
                new ArrayList<>(Arrays.stream(stateKinds).boxed().toList());
        boolean any = false;
        List<List<Integer>> places = new ArrayList<>();
        for (int state = 0; state < states; state++) places.add(new ArrayList<>());
        for (int move = 1; move < size; move++)
            if (!starts[moves[move]]) places.get(path.states[moves[move]]).add(move);
        for (int state = 0; state < states; state++) {
            Map<Integer, Integer> groups = groups(places.get(state), moves, size, path);
            Map<Integer, Integer> named = new HashMap<>();
            int more = new HashSet<>(groups.values()).size() - 1;
            if (more > 0 && kindsOfStates.size() + more <= MAX_STATES) {
                any = true;
                Map<Integer, Integer> numbers = new HashMap<>();
                for (var each : groups.entrySet()) {
                    Integer number = numbers.get(each.getValue());
                    if (number == null) {
                        number = numbers.isEmpty() ? state : kindsOfStates.size();
                        if (!numbers.isEmpty()) kindsOfStates.add(stateKinds[state]);
                        numbers.put(each.getValue(), number);
                    }
                    named.put(each.getKey(), number);
                }
            }
            groupOf.add(named);
        }
        if (!any) return false;
        int count = kindsOfStates.size();
        double[][] counted = new double[count][count];
        double[] often = new double[count];
        int before = -1;
        int beforeThat = -1;
        for (int move = 0; move < size; move++) {
            int old = path.states[moves[move]];
            boolean first = move == 0 || starts[moves[move]];
            int now = first ? old : groupOf.get(old).getOrDefault(beforeThat, old);
            often[now]++;
            if (!first) counted[before][now]++;
            before = now;
            beforeThat = old;
        }
        stateKinds = kindsOfStates.stream().mapToInt(Integer::intValue).toArray();
        transitions = counted;
        leap = new double[count];
        for (int state = 0; state < count; state++) leap[state] = (often[state] + 0.1) / (size + 0.1 * count);
        normalize();
        return true;
    }

    /** By state from which a person came, which of several meanings a state has; of one meaning if that does not matter. */
    private Map<Integer, Integer> groups(List<Integer> places, int[] moves, int size, Path path) {
        Map<Integer, Integer> froms = new TreeMap<>();
        for (int move : places) froms.merge(path.states[moves[move - 1]], 1, Integer::sum);
        froms.values().removeIf(times -> times < 3 || times < 0.04 * places.size());
        if (froms.size() < 2) return Map.of();
        double strongest = FORETOLD;
        Map<Integer, Integer> best = Map.of();
        for (int ahead = 1; ahead <= OUTLOOK; ahead++) {
            Map<Integer, Map<Integer, Integer>> table = new TreeMap<>();
            Map<Integer, Integer> columns = new TreeMap<>();
            Map<Integer, Integer> rows = new TreeMap<>();
            int all = 0;
            for (int move : places) {
                int from = path.states[moves[move - 1]];
                if (move + ahead >= size || !froms.containsKey(from)) continue;
                if (path.roles[moves[move - 1]] != Role.STEP || path.roles[moves[move + ahead]] != Role.STEP) continue;
                int to = path.states[moves[move + ahead]];
                table.computeIfAbsent(from, _ -> new TreeMap<>()).merge(to, 1, Integer::sum);
                columns.merge(to, 1, Integer::sum);
                rows.merge(from, 1, Integer::sum);
                all++;
            }
            if (rows.size() < 2 || columns.size() < 2) continue;
            double known = 0;
            for (var row : table.entrySet())
                for (var cell : row.getValue().entrySet()) {
                    double times = cell.getValue();
                    double expected =
                            rows.getOrDefault(row.getKey(), 1) * (double) columns.getOrDefault(cell.getKey(), 1) / all;
                    known += times * Math.log(times / expected);
                }
            double could = Math.min(entropy(rows, all), entropy(columns, all));
            int freedom = (rows.size() - 1) * (columns.size() - 1);
            // The likelihood ratio, of which chance makes the degrees of freedom on average, with a wide margin.
            if (2 * known < 2 * freedom + 20 || known / all <= strongest * could) continue;
            strongest = known / all / could;
            Map<Integer, Integer> meanings = new TreeMap<>();
            table.forEach((from, its) -> its.entrySet().stream()
                    .max(Map.Entry.comparingByValue())
                    .ifPresent(most -> meanings.put(from, most.getKey())));
            best = meanings;
        }
        return best;
    }

    private static double entropy(Map<Integer, Integer> counts, int all) {
        double entropy = 0;
        for (int count : counts.values()) entropy -= count / (double) all * Math.log(count / (double) all);
        return entropy;
    }
}
