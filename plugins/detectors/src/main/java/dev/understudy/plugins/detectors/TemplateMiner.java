package dev.understudy.plugins.detectors;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Groups masked texts (see {@link TextMask}) by the template from which they were made.
 *
 * <p>Texts with the same number of words are split at the position with the fewest different words, as long as these
 * are few enough to be part of the template; what remains varies (the partitioning of Makanju et al., "Clustering Event
 * Logs Using Iterative Partitioning", KDD 2009, with the rule for constants of Yu et al., "Brain: Log Parsing with
 * Bidirectional Parallel Tree", IEEE TSC 2023, section 3.3). We differ in three ways: the first word is taken as
 * constant to begin with, as in Drain; a name after a noun such as "user" needs less evidence to be taken as a variable;
 * and templates that in the end differ at one position only are joined where that position holds many words. The result
 * depends on the set of distinct texts only, not on their order.
 */
final class TemplateMiner {
    /** Up to so many different words at one position are parts of different templates. */
    private static final int MAX_CONSTANTS = 3;

    /** The same after a noun that names a kind of thing. */
    private static final int MAX_CONSTANTS_AFTER_NOUN = 2;

    /** The same for verbs, and for the first word of a text, which mostly is one. */
    private static final int MAX_VERBS = 10;

    private static final int MAX_ROUNDS = 3;

    private static final Set<String> NOUNS = Set.of(
            "user",
            "username",
            "account",
            "login",
            "owner",
            "host",
            "hostname",
            "node",
            "server",
            "client",
            "device",
            "interface",
            "thread",
            "process",
            "job",
            "task",
            "file",
            "path",
            "directory",
            "folder",
            "queue",
            "topic",
            "table",
            "database",
            "bucket",
            "container",
            "pod",
            "service");

    private static final int VALUE_WORD = 0;

    private final Map<String, Integer> wordIds = new HashMap<>();
    private final List<String> wordTexts = new ArrayList<>();
    private final List<Template> templates = new ArrayList<>();
    private int[] seen = new int[64];
    private int stamp;

    /** A group in the making. */
    private static final class Template {
        final int[] words;
        final List<Integer> members;
        private final long hash;

        Template(int[] words, List<Integer> members) {
            this.words = words;
            this.members = members;
            long sum = words.length;
            for (int c = 0; c < words.length; c++) sum += Hash.combine(c, words[c]);
            hash = sum;
        }

        /** A hash that leaves out one position. */
        long hashWithout(int column) {
            return hash - Hash.combine(column, words[column]);
        }
    }

    /** Returns for each of the distinct masked texts a hash of its template, the same for all of one group. */
    static long[] group(List<String> maskedTexts) {
        return new TemplateMiner().run(maskedTexts);
    }

    private long[] run(List<String> texts) {
        idOf(String.valueOf(TextMask.VALUE));
        int n = texts.size();
        int[][] rows = new int[n][];
        Map<Long, List<Integer>> buckets = new HashMap<>();
        for (int i = 0; i < n; i++) {
            rows[i] = words(texts.get(i));
            long key = ((long) rows[i].length << 32) | rows[i][0];
            buckets.computeIfAbsent(key, _ -> new ArrayList<>()).add(i);
        }
        seen = new int[wordTexts.size()];
        for (List<Integer> bucket : buckets.values()) split(rows, bucket);
        joinSiblings();
        long[] groups = new long[n];
        for (Template template : templates) {
            long hash = hashOf(template);
            for (int i : template.members) groups[i] = hash;
        }
        return groups;
    }

    private long hashOf(Template template) {
        long hash = template.words.length;
        for (int word : template.words) hash = Hash.combine(hash, Hash.of(wordTexts.get(word)));
        return hash;
    }

    private int idOf(String word) {
        return wordIds.computeIfAbsent(word, w -> {
            wordTexts.add(w);
            return wordTexts.size() - 1;
        });
    }

    private int[] words(String text) {
        int count = 1;
        for (int i = 0; i < text.length(); i++) if (text.charAt(i) == ' ') count++;
        int[] words = new int[count];
        int start = 0;
        for (int i = 0; i < count; i++) {
            int end = text.indexOf(' ', start);
            if (end < 0) end = text.length();
            words[i] = idOf(text.substring(start, end));
            start = end + 1;
        }
        return words;
    }

    private void split(int[][] rows, List<Integer> members) {
        int[] first = rows[members.getFirst()];
        int best = -1;
        int bestDistinct = Integer.MAX_VALUE;
        int leftmost = -1;
        int varying = 0;
        int constant = 0;
        for (int c = 0; c < first.length; c++) {
            int distinct = distinct(rows, members, c);
            if (distinct == 1) {
                if (hasLetter(first[c])) constant++;
                continue;
            }
            varying++;
            if (leftmost < 0) leftmost = c;
            if (distinct < bestDistinct) {
                bestDistinct = distinct;
                best = c;
            }
        }
        boolean leaf = varying == 0;
        if (!leaf && varying == 1) {
            leaf = bestDistinct > maxConstants(rows, members, best) || holdsValue(rows, members, best);
        } else if (!leaf && bestDistinct > maxConstants(rows, members, best)) {
            leaf = constant >= varying;
            best = leftmost;
        }
        if (leaf) {
            templates.add(template(rows, members));
            return;
        }
        Map<Integer, List<Integer>> parts = new HashMap<>();
        for (int i : members)
            parts.computeIfAbsent(rows[i][best], _ -> new ArrayList<>()).add(i);
        for (List<Integer> part : parts.values()) split(rows, part);
    }

    /** The word that is nothing but a value, if the others end in the same punctuation as it does; else -1. */
    private int valueAmong(Set<Integer> words) {
        for (int word : words) {
            String text = wordTexts.get(word);
            if (text.charAt(0) != TextMask.VALUE || text.length() > 2) continue;
            String end = text.substring(1);
            boolean alike = end.isEmpty()
                    || words.stream().allMatch(other -> wordTexts.get(other).endsWith(end));
            if (alike && (end.isEmpty() || !Character.isLetterOrDigit(end.charAt(0)))) return word;
        }
        return -1;
    }

    private int distinct(int[][] rows, List<Integer> members, int column) {
        stamp++;
        int distinct = 0;
        for (int i : members) {
            int word = rows[i][column];
            if (seen[word] != stamp) {
                seen[word] = stamp;
                distinct++;
            }
        }
        return distinct;
    }

    private static boolean holdsValue(int[][] rows, List<Integer> members, int column) {
        for (int i : members) if (rows[i][column] == VALUE_WORD) return true;
        return false;
    }

    private boolean hasLetter(int word) {
        String text = wordTexts.get(word);
        for (int i = 0; i < text.length(); i++) if (Character.isLetter(text.charAt(i))) return true;
        return false;
    }

    /** Whether a word is a verb as in "Starting" or "stopped", which names no thing. */
    private boolean isVerb(int word) {
        String text = wordTexts.get(word);
        int end = text.length();
        while (end > 0 && !Character.isLetter(text.charAt(end - 1))) end--;
        return end > 4 && (text.startsWith("ed", end - 2) || text.startsWith("ing", end - 3));
    }

    /** How many different words at a position are parts of different templates. */
    private int maxConstants(int[][] rows, List<Integer> members, int column) {
        if (column == 0) return MAX_VERBS;
        Set<Integer> words = new HashSet<>();
        Set<Integer> before = new HashSet<>();
        for (int i : members) {
            words.add(rows[i][column]);
            before.add(rows[i][column - 1]);
        }
        return maxConstants(words, before);
    }

    private int maxConstants(Set<Integer> words, Set<Integer> before) {
        int verbs = 0;
        for (int word : words) if (isVerb(word)) verbs++;
        if (2 * verbs > words.size()) return MAX_VERBS;
        boolean afterNoun = before.size() == 1
                && NOUNS.contains(wordTexts.get(before.iterator().next()));
        return afterNoun ? MAX_CONSTANTS_AFTER_NOUN : MAX_CONSTANTS;
    }

    private static Template template(int[][] rows, List<Integer> members) {
        int[] words = rows[members.getFirst()].clone();
        for (int i : members) for (int c = 0; c < words.length; c++) if (rows[i][c] != words[c]) words[c] = VALUE_WORD;
        return new Template(words, members);
    }

    /** Joins templates that are equal but for one position, where that position holds many words. */
    private void joinSiblings() {
        int longest = 0;
        for (Template template : templates) longest = Math.max(longest, template.words.length);
        boolean changed = true;
        for (int round = 0; changed && round < MAX_ROUNDS; round++) {
            changed = false;
            for (int column = 0; column < longest; column++) changed |= joinAt(column);
        }
    }

    private boolean joinAt(int column) {
        Map<Long, List<Template>> families = new HashMap<>();
        for (Template template : templates)
            if (column < template.words.length)
                families.computeIfAbsent(template.hashWithout(column), _ -> new ArrayList<>())
                        .add(template);
        Set<Template> gone = new HashSet<>();
        List<Template> joined = new ArrayList<>();
        for (List<Template> family : families.values()) {
            if (family.size() < 2) continue;
            int[] words = family.getFirst().words.clone();
            Set<Integer> held = new HashSet<>();
            for (Template template : family) held.add(template.words[column]);
            int most = column == 0 ? MAX_VERBS : maxConstants(held, Set.of(words[column - 1]));
            int value = valueAmong(held);
            if (value < 0 && held.size() <= most) continue;
            words[column] = Math.max(value, VALUE_WORD);
            List<Integer> members = new ArrayList<>();
            for (Template template : family) members.addAll(template.members);
            joined.add(new Template(words, members));
            gone.addAll(family);
        }
        if (joined.isEmpty()) return false;
        templates.removeIf(gone::contains);
        templates.addAll(joined);
        return true;
    }
}
