package dev.understudy.core.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the known word that a person probably meant. */
public final class NearestWord {
    private NearestWord() {}

    /**
     * The nearest known word, if at most a third of the letters differ; one may in a short word, two in any other. A word
     * of which at least the first three letters were written is near, too.
     */
    public static Optional<String> to(String word, Collection<String> known) {
        int allowed = word.length() <= 3 ? 1 : Math.max(2, word.length() / 3);
        return known.stream()
                .filter(candidate -> distance(word, candidate) <= allowed)
                .min(Comparator.comparingInt(candidate -> distance(word, candidate)));
    }

    /** Edits between two words (Levenshtein); upper case and a hyphen for an underscore cost nothing. */
    private static int distance(String left, String right) {
        String a = left.toLowerCase(Locale.ROOT).replace('-', '_');
        String b = right.toLowerCase(Locale.ROOT).replace('-', '_');
        if (a.length() >= 3 && b.startsWith(a)) return b.length() == a.length() ? 0 : 1;
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) previous[j] = j;
        for (int i = 1; i <= a.length(); i++) {
            int[] current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replace = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replace, 1 + Math.min(previous[j], current[j - 1]));
            }
            previous = current;
        }
        return previous[b.length()];
    }
}
