package dev.understudy.core.comparison;

import dev.understudy.core.comparison.Contents.Difference;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One member of an archive.
 *
 * @param kind {@code file}, {@code folder}, {@code link} or what else the format has, by its own letter
 * @param mode the lowest twelve bits
 * @param seconds of the time of its last change, as the format keeps it
 * @param target of a link; empty for others
 * @param digest of its bytes; empty for what has none
 */
record Member(String name, String kind, int mode, long seconds, String target, String digest) {

    /** The first member that differs; their order is free. */
    static Optional<Difference> difference(List<Member> expected, List<Member> actual) {
        Map<String, Member> left = byName(expected);
        Map<String, Member> right = byName(actual);
        var names = new TreeSet<>(left.keySet());
        names.addAll(right.keySet());
        for (String name : names) {
            Member theirs = left.get(name);
            Member ours = right.get(name);
            if (theirs == null || ours == null)
                return Optional.of(new Difference(
                        ", member " + name, theirs == null ? "none" : theirs.kind, ours == null ? "none" : ours.kind));
            if (!theirs.equals(ours))
                return Optional.of(new Difference(", member " + name, theirs.unlike(ours), ours.unlike(theirs)));
        }
        return Optional.empty();
    }

    /** A folder is the same with and without a slash at its end, which formats write as they like. */
    private static Map<String, Member> byName(List<Member> members) {
        var byName = new TreeMap<String, Member>();
        for (Member each : members) {
            String name = each.name.endsWith("/") ? each.name.substring(0, each.name.length() - 1) : each.name;
            // The time of a folder comes about by what is put in it, and that of a link is never kept by itself.
            long seconds = each.kind.equals("file") ? each.seconds : 0;
            byName.put(name, new Member(name, each.kind, each.mode, seconds, each.target, each.digest));
        }
        return byName;
    }

    private String unlike(Member other) {
        if (!kind.equals(other.kind)) return "a " + kind;
        if (!target.equals(other.target)) return "a link to " + target;
        if (mode != other.mode) return String.format(Locale.ROOT, "mode %04o", mode);
        if (seconds != other.seconds) return "the time " + seconds + " s";
        return "other contents";
    }
}
