package dev.understudy.plugins.detectors;

import dev.understudy.spi.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Decides which of an event's parameters say what is done, as the name of a field, and which are only what it is done
 * with, as the number of a row.
 *
 * <p>What says what is done can be foretold from the event before it; what it is done with cannot, or is what it was a
 * moment ago. So for each type of event and each parameter, of three ways that one is taken with which the recording has
 * the shortest description: the parameter as it is belongs to the kind of the event; its text without digits does, as the
 * column of {@code A17}; or it does not. The description is the kinds, each foretold from the one before, and beside them
 * what they leave open, foretold from the latest value of that parameter or how often a value came so far (minimum
 * description length by adaptive codes: Rissanen, "Universal Coding, Information, Prediction, and Estimation", IEEE
 * Transactions on Information Theory 30(4), 1984).
 */
final class RoutineKinds {
    private static final int MAX_READ = 3_000;
    private static final int MAX_TYPES = 60;
    private static final int WHOLE = 0;
    private static final int WITHOUT_DIGITS = 1;
    private static final int OPEN = 2;
    private static final int WAYS = 3;
    private static final double NEW_VALUE_BITS = 12;

    private final Map<String, Integer> numbers = new HashMap<>();
    /** By event, its type. */
    private final int[] types;
    /** By event, its parameters by their numbers, in order. */
    private final int[][] names;
    /** By event and parameter, the whole value and its text without digits. */
    private final int[][][] values;
    /** By type, the way of each parameter. */
    private final Map<Long, Integer> ways = new HashMap<>();

    private final int events;

    private RoutineKinds(List<Task> tasks) {
        events = tasks.size();
        types = new int[events];
        names = new int[events][];
        values = new int[events][][];
        for (int event = 0; event < events; event++) read(event, tasks.get(event));
    }

    /**
     * The kind of each task.
     *
     * @param tasks in the order of time
     * @return a hash for each, the same for tasks of one kind in every run with the same decisions
     */
    static long[] of(List<Task> tasks) {
        var kinds = new RoutineKinds(tasks);
        kinds.decide();
        String[] texts = new String[kinds.numbers.size()];
        kinds.numbers.forEach((text, number) -> texts[number] = text);
        long[] hashes = new long[tasks.size()];
        for (int event = 0; event < hashes.length; event++) {
            long hash = Hash.of(texts[kinds.types[event]]);
            for (int at = 0; at < kinds.names[event].length; at++) {
                int way = kinds.way(event, at);
                if (way == OPEN) continue;
                hash = Hash.combine(hash, Hash.of(texts[kinds.names[event][at]]));
                hash = Hash.combine(hash, Hash.of(texts[kinds.values[event][at][way]]));
            }
            hashes[event] = hash;
        }
        return hashes;
    }

    private int number(String text) {
        Integer known = numbers.putIfAbsent(text, numbers.size());
        return known == null ? numbers.size() - 1 : known;
    }

    private void read(int event, Task task) {
        types[event] = number(task.type());
        Map<String, String> texts = new TreeMap<>();
        task.parameters().forEach((name, value) -> {
            if (!name.equals(Task.WORKING_DIRECTORY) && !name.equals(Task.EFFECTS)) collect(name, value, texts);
        });
        names[event] = new int[texts.size()];
        values[event] = new int[texts.size()][];
        int at = 0;
        for (var each : texts.entrySet()) {
            names[event][at] = number(each.getKey());
            String value = each.getValue();
            values[event][at++] =
                    new int[] {number(value), number(value.replaceAll("[0-9]+", "#")), number(digits(value))};
        }
    }

    /** The numbers in a text, each once: {@code C17:F17} is about the same row as {@code A17}. */
    private static String digits(String text) {
        return Arrays.stream(text.split("[^0-9]+"))
                .filter(number -> !number.isEmpty())
                .distinct()
                .collect(Collectors.joining(" "));
    }

    private static void collect(String name, Object value, Map<String, String> texts) {
        switch (value) {
            case Map<?, ?> fields -> fields.forEach((key, field) -> collect(name + "." + key, field, texts));
            default -> {
                String text = String.valueOf(value);
                if (!text.isEmpty()) texts.put(name, text);
            }
        }
    }

    private static long pair(int first, int second) {
        return ((long) first << 32) | second;
    }

    private int way(int event, int at) {
        return ways.getOrDefault(pair(types[event], names[event][at]), WITHOUT_DIGITS);
    }

    private void decide() {
        int read = Math.min(events, MAX_READ);
        Map<Long, Map<Integer, Integer>> whole = new LinkedHashMap<>();
        Map<Long, Map<Integer, Integer>> plain = new HashMap<>();
        for (int event = 0; event < read; event++)
            for (int at = 0; at < names[event].length; at++) {
                long key = pair(types[event], names[event][at]);
                whole.computeIfAbsent(key, _ -> new HashMap<>()).merge(values[event][at][WHOLE], 1, Integer::sum);
                plain.computeIfAbsent(key, _ -> new HashMap<>())
                        .merge(values[event][at][WITHOUT_DIGITS], 1, Integer::sum);
            }
        List<Long> undecided = new ArrayList<>();
        whole.forEach((key, counts) -> {
            int times = counts.values().stream().mapToInt(Integer::intValue).sum();
            int plainly = plain.getOrDefault(key, Map.of()).size();
            int way = 5 * counts.size() <= times ? WHOLE : 5 * plainly <= times ? WITHOUT_DIGITS : OPEN;
            if (counts.size() == 1) way = WHOLE;
            ways.put(key, way);
            if (counts.size() > 1 && times >= 5) undecided.add(key);
        });
        undecided.sort((one, other) -> Integer.compare(total(whole, other), total(whole, one)));
        double best = bits(read);
        for (int round = 0; round < 2; round++)
            for (long key : undecided.subList(0, Math.min(undecided.size(), MAX_TYPES))) {
                int kept = ways.getOrDefault(key, OPEN);
                int chosen = kept;
                for (int way = 0; way < WAYS; way++) {
                    if (way == kept || !recurs(way, key, whole, plain)) continue;
                    ways.put(key, way);
                    double bits = bits(read);
                    if (bits < best) {
                        best = bits;
                        chosen = way;
                    }
                }
                ways.put(key, chosen);
            }
    }

    /** Whether what a way makes of a parameter comes again: what is new nearly every time says nothing of what is done. */
    private static boolean recurs(
            int way, long key, Map<Long, Map<Integer, Integer>> whole, Map<Long, Map<Integer, Integer>> plain) {
        if (way == OPEN) return true;
        int different =
                (way == WHOLE ? whole : plain).getOrDefault(key, Map.of()).size();
        return 2 * different <= total(whole, key);
    }

    private static int total(Map<Long, Map<Integer, Integer>> counts, long key) {
        return counts.getOrDefault(key, Map.of()).values().stream()
                .mapToInt(Integer::intValue)
                .sum();
    }

    /** How long the description is with the ways as they stand. */
    private double bits(int read) {
        Map<Long, Integer> kinds = new HashMap<>();
        Map<Integer, Followers> after = new HashMap<>();
        int[] ranks = new int[Followers.OTHER + 1];
        Arrays.fill(ranks, 1);
        var singles = new Counts();
        var open = new Counts();
        Map<Integer, Integer> latest = new HashMap<>();
        int[] same = {1, 1};
        double bits = 0;
        int before = -1;
        for (int event = 0; event < read; event++) {
            long hash = types[event];
            double left = 0;
            for (int at = 0; at < names[event].length; at++) {
                int way = way(event, at);
                if (way != OPEN) hash = Hash.combine(hash, pair(names[event][at], values[event][at][way]));
                if (way == WHOLE) continue;
                int value = values[event][at][way == OPEN ? WHOLE : 2];
                left += open(pair(types[event], names[event][at]), names[event][at], value, open, latest, same);
            }
            int known = kinds.size();
            Integer kind = kinds.putIfAbsent(hash, known);
            int its = kind == null ? known : kind;
            double base = (singles.of(its) + 0.5) / (event + 0.5 * (known + 1));
            Followers followers = after.computeIfAbsent(before, _ -> new Followers());
            int rank = followers.rank(its);
            bits -= Math.log(ranks[rank] / (double) (event + ranks.length)) / Math.log(2);
            if (rank == Followers.OTHER) bits -= Math.log(base) / Math.log(2);
            ranks[rank]++;
            followers.add(its);
            // A kind that is new must be described.
            if (kind == null) bits += NEW_VALUE_BITS;
            singles.add(its);
            bits += left;
            before = its;
        }
        return bits;
    }

    private static double open(long key, int name, int value, Counts counts, Map<Integer, Integer> latest, int[] same) {
        Integer last = latest.put(name, value);
        boolean again = last != null && last == value;
        double bits = -Math.log(same[again ? 1 : 0] / (double) (same[0] + same[1])) / Math.log(2);
        if (last == null) bits = 0;
        else same[again ? 1 : 0]++;
        long known = Hash.combine(key, value);
        int times = counts.of(known);
        if (!again) {
            int all = counts.of(key);
            int different = counts.of(~key);
            double share = (times == 0 ? different + 0.5 : times) / (double) (all + different + 1);
            bits -= Math.log(share) / Math.log(2);
            if (times == 0) bits += NEW_VALUE_BITS;
        }
        counts.add(key);
        counts.add(known);
        if (times == 0) counts.add(~key);
        return bits;
    }

    /**
     * What followed a kind so far. Which place the next one has among the commonest is foretold with few examples; the
     * frequency of each pair would take as many as there are pairs, the more so with noise.
     */
    private static final class Followers {
        /** The rank of what is not among the commonest. */
        static final int OTHER = 3;

        private final Map<Integer, int[]> counts = new HashMap<>();
        private final int[] commonest = {-1, -1, -1};

        int rank(int kind) {
            for (int rank = 0; rank < OTHER; rank++) if (commonest[rank] == kind) return rank;
            return OTHER;
        }

        void add(int kind) {
            int count = ++counts.computeIfAbsent(kind, _ -> new int[1])[0];
            int rank = rank(kind);
            if (rank == OTHER) {
                if (commonest[OTHER - 1] >= 0 && count <= count(commonest[OTHER - 1])) return;
                rank = OTHER - 1;
                commonest[rank] = kind;
            }
            for (; rank > 0 && (commonest[rank - 1] < 0 || count > count(commonest[rank - 1])); rank--) {
                commonest[rank] = commonest[rank - 1];
                commonest[rank - 1] = kind;
            }
        }

        private int count(int kind) {
            int[] count = counts.get(kind);
            return count == null ? 0 : count[0];
        }
    }

    /** How often something was seen. */
    private static final class Counts {
        private final Map<Long, int[]> counts = new HashMap<>();

        int of(long key) {
            int[] count = counts.get(key);
            return count == null ? 0 : count[0];
        }

        void add(long key) {
            counts.computeIfAbsent(key, _ -> new int[1])[0]++;
        }
    }
}
