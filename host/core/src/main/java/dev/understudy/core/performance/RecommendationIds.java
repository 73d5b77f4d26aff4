package dev.understudy.core.performance;

import java.util.regex.Pattern;

/** Ids of advice that a person can type: without blanks, and without what a shell would take for its own. */
final class RecommendationIds {
    private static final Pattern UNTYPABLE = Pattern.compile("[^A-Za-z0-9._:+/@-]+");

    private RecommendationIds() {}

    /**
     * The id itself if it can be typed, and otherwise the same with a hyphen for each stretch that cannot; a sum of the whole
     * at the end tells two apart that would become one.
     */
    static String typable(String id) {
        String typable = UNTYPABLE.matcher(id).replaceAll("-");
        return typable.equals(id) ? id : typable + "." + Integer.toHexString(id.hashCode());
    }
}
