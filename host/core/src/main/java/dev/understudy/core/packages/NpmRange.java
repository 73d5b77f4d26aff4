package dev.understudy.core.packages;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which versions would do, in the language of node-semver: {@code ^1.2}, {@code ~1.2.3 || 2.x}, {@code >=1 <3}, {@code 1 - 2}. */
final class NpmRange {
    private static final Pattern PARTIAL = Pattern.compile(
            "(\\^|~>?|>=|<=|>|<|=)?\\s*[v=]*([xX*]|\\d{1,15})?(?:\\.([xX*]|\\d{1,15}))?(?:\\.([xX*]|\\d{1,15}))?(?:-([0-9A-Za-z.-]+))?(?:\\+[0-9A-Za-z.-]+)?");
    /** Below every version with these numbers, prereleases too. */
    private static final List<String> LEAST = List.of("0");

    private final List<List<Bound>> alternatives = new ArrayList<>();

    private record Bound(String operator, NpmVersion version) {
        boolean holds(NpmVersion other) {
            int compared = other.compareTo(version);
            return switch (operator) {
                case ">=" -> compared >= 0;
                case ">" -> compared > 0;
                case "<" -> compared < 0;
                case "<=" -> compared <= 0;
                default -> compared == 0;
            };
        }
    }

    private record Partial(String operator, long major, long minor, long patch, List<String> pre) {
        NpmVersion filled() {
            return new NpmVersion(Math.max(major, 0), Math.max(minor, 0), Math.max(patch, 0), pre);
        }

        /** The first version after all that it stands for, counted in the last number that it has. */
        NpmVersion after() {
            return minor < 0 ? version(major + 1, 0, 0) : version(major, minor + 1, 0);
        }
    }

    private static NpmVersion version(long major, long minor, long patch) {
        return new NpmVersion(major, minor, patch, LEAST);
    }

    private NpmRange() {}

    /** @throws IllegalArgumentException if it is none */
    static NpmRange parse(String text) {
        var range = new NpmRange();
        for (String alternative : text.split("\\|\\|", -1)) range.alternatives.add(bounds(alternative.strip()));
        return range;
    }

    private static List<Bound> bounds(String text) {
        var bounds = new ArrayList<Bound>();
        String[] ends = text.split("\\s+-\\s+", -1);
        if (ends.length == 2) {
            bounds.add(new Bound(">=", partial(ends[0]).filled()));
            add(bounds, partial("<=" + ends[1]));
            return bounds;
        }
        for (String each : text.replaceAll("([<>=~^])\\s+", "$1").split("\\s+", -1)) add(bounds, partial(each));
        return bounds;
    }

    private static Partial partial(String text) {
        Matcher form = PARTIAL.matcher(text);
        if (!form.matches()) throw new IllegalArgumentException("'" + text + "' is no range of versions");
        long major = number(form.group(2));
        long minor = major < 0 ? -1 : number(form.group(3));
        long patch = minor < 0 ? -1 : number(form.group(4));
        String operator = form.group(1) == null ? "=" : form.group(1).replace("~>", "~");
        return new Partial(
                operator, major, minor, patch, patch < 0 ? List.of() : NpmVersion.identifiers(form.group(5)));
    }

    private static long number(String text) {
        return text == null || text.matches("[xX*]") ? -1 : Long.parseLong(text);
    }

    private static void add(List<Bound> bounds, Partial partial) {
        NpmVersion filled = partial.filled();
        if (partial.major() < 0) {
            // Of any version none is larger or smaller than all.
            boolean none = partial.operator().equals(">") || partial.operator().equals("<");
            bounds.add(none ? new Bound("<", version(0, 0, 0)) : new Bound(">=", version(0, 0, 0)));
            return;
        }
        boolean whole = partial.patch() >= 0;
        switch (partial.operator()) {
            case "^" -> {
                bounds.add(new Bound(">=", filled));
                boolean byMajor = partial.major() > 0 || partial.minor() < 0;
                boolean byMinor = partial.minor() > 0 || partial.patch() < 0;
                bounds.add(new Bound(
                        "<",
                        byMajor
                                ? version(partial.major() + 1, 0, 0)
                                : byMinor ? version(0, partial.minor() + 1, 0) : version(0, 0, partial.patch() + 1)));
            }
            case "~" -> {
                bounds.add(new Bound(">=", filled));
                bounds.add(new Bound("<", partial.after()));
            }
            case ">" -> bounds.add(whole ? new Bound(">", filled) : new Bound(">=", partial.after()));
            case ">=" -> bounds.add(new Bound(">=", filled));
            case "<" ->
                bounds.add(new Bound("<", whole ? filled : new NpmVersion(filled.major(), filled.minor(), 0, LEAST)));
            case "<=" -> bounds.add(whole ? new Bound("<=", filled) : new Bound("<", partial.after()));
            default -> {
                if (whole) {
                    bounds.add(new Bound("=", filled));
                } else {
                    bounds.add(new Bound(">=", filled));
                    bounds.add(new Bound("<", partial.after()));
                }
            }
        }
    }

    boolean allows(NpmVersion version) {
        return alternatives.stream()
                .anyMatch(bounds -> bounds.stream().allMatch(bound -> bound.holds(version))
                        && (!version.isPrerelease() || bounds.stream().anyMatch(bound -> names(bound, version))));
    }

    /** A prerelease is meant only where one with its numbers is named. */
    private static boolean names(Bound bound, NpmVersion version) {
        return bound.version().isPrerelease()
                && !bound.version().pre().equals(LEAST)
                && bound.version().hasSameNumbers(version);
    }
}
