package dev.understudy.plugins.detectors;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds what is done several times in a row inside executions, and how often each time. What nearly all do equally often
 * is no loop, but so many steps.
 */
final class Loops {
    private static final int MAX_LENGTH = 12;
    private static final double EQUALLY_OFTEN = 0.8;

    /** The first turn of each loop stands for all; for every step that is kept, its places in the execution. */
    @SuppressWarnings("ArrayRecordComponent") // never compared, and written by nobody once it is made
    record Folded(int[] kinds, int[][] places) {}

    private record Run(int length, int turns) {}

    /** By body, with the kind before it at the end, how often it is gone through. */
    private final Map<List<Integer>, Map<Integer, Integer>> turnsByBody = new HashMap<>();

    /** @param executions by execution, the kinds of its steps */
    Loops(List<int[]> executions) {
        for (int[] kinds : executions)
            for (int at = 0; at < kinds.length; ) {
                Run run = run(kinds, at);
                if (run.turns > 1) turnsByBody.putIfAbsent(key(kinds, at, run.length), new HashMap<>());
                at += run.length * run.turns;
            }
        for (var each : turnsByBody.entrySet())
            for (int[] kinds : executions) countTurns(kinds, each.getKey(), each.getValue());
        turnsByBody.values().removeIf(turns -> {
            int all = turns.values().stream().mapToInt(Integer::intValue).sum();
            int most = turns.values().stream().mapToInt(Integer::intValue).max().orElse(0);
            return most >= EQUALLY_OFTEN * all;
        });
    }

    private static List<Integer> key(int[] kinds, int at, int length) {
        List<Integer> key = new ArrayList<>(body(kinds, at, length));
        key.add(at == 0 ? -1 : kinds[at - 1]);
        return key;
    }

    private static List<Integer> body(int[] kinds, int at, int length) {
        return Arrays.stream(kinds, at, at + length).boxed().toList();
    }

    /** The run that begins at a place and covers most, of the shortest body; one turn of one step where nothing repeats. */
    private static Run run(int[] kinds, int at) {
        var best = new Run(1, 1);
        for (int length = 1; length <= MAX_LENGTH && at + 2 * length <= kinds.length; length++) {
            int turns = turns(kinds, at, length);
            if (turns > 1 && turns * length > best.turns * best.length) best = new Run(length, turns);
        }
        return best;
    }

    private static int turns(int[] kinds, int at, int length) {
        int end = at + length;
        while (end < kinds.length && kinds[end] == kinds[end - length]) end++;
        return (end - at) / length;
    }

    private static void countTurns(int[] kinds, List<Integer> key, Map<Integer, Integer> counts) {
        int length = key.size() - 1;
        for (int at = 0; at + length <= kinds.length; ) {
            if (!key(kinds, at, length).equals(key)) {
                at++;
                continue;
            }
            int turns = turns(kinds, at, length);
            counts.merge(turns, 1, Integer::sum);
            at += turns * length;
        }
    }

    /** An execution with each loop gone through once. */
    Folded fold(int[] kinds) {
        List<Integer> kept = new ArrayList<>();
        List<List<Integer>> places = new ArrayList<>();
        for (int at = 0; at < kinds.length; ) {
            Run run = run(kinds, at);
            boolean loop = run.turns > 1 && turnsByBody.containsKey(key(kinds, at, run.length));
            int turns = loop ? run.turns : 1;
            int length = loop ? run.length : 1;
            for (int step = 0; step < length; step++) {
                List<Integer> all = new ArrayList<>();
                for (int turn = 0; turn < turns; turn++) all.add(at + turn * length + step);
                kept.add(kinds[at + step]);
                places.add(all);
            }
            at += turns * length;
        }
        return new Folded(
                kept.stream().mapToInt(Integer::intValue).toArray(),
                places.stream()
                        .map(all -> all.stream().mapToInt(Integer::intValue).toArray())
                        .toArray(int[][]::new));
    }
}
