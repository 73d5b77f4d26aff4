package dev.understudy.core.packages;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A version by Semantic Versioning 2.0.0; what stands behind a {@code +} counts for nothing. */
record NpmVersion(long major, long minor, long patch, List<String> pre) implements Comparable<NpmVersion> {
    private static final Pattern FORM =
            Pattern.compile("[v=]*(\\d{1,15})\\.(\\d{1,15})\\.(\\d{1,15})(?:-([0-9A-Za-z.-]+))?(?:\\+[0-9A-Za-z.-]+)?");

    NpmVersion {
        pre = List.copyOf(pre);
    }

    static Optional<NpmVersion> parse(String text) {
        Matcher form = FORM.matcher(text.strip());
        if (!form.matches()) return Optional.empty();
        return Optional.of(new NpmVersion(
                Long.parseLong(form.group(1)),
                Long.parseLong(form.group(2)),
                Long.parseLong(form.group(3)),
                identifiers(form.group(4))));
    }

    static List<String> identifiers(String text) {
        return text == null || text.isEmpty() ? List.of() : List.of(text.split("\\.", -1));
    }

    boolean isPrerelease() {
        return !pre.isEmpty();
    }

    boolean hasSameNumbers(NpmVersion other) {
        return major == other.major && minor == other.minor && patch == other.patch;
    }

    @Override
    public int compareTo(NpmVersion other) {
        int numbers = Long.compare(major, other.major);
        if (numbers == 0) numbers = Long.compare(minor, other.minor);
        if (numbers == 0) numbers = Long.compare(patch, other.patch);
        if (numbers != 0) return numbers;
        if (pre.isEmpty() || other.pre.isEmpty()) return Boolean.compare(pre.isEmpty(), other.pre.isEmpty());
        for (int i = 0; i < Math.min(pre.size(), other.pre.size()); i++) {
            int compared = compare(pre.get(i), other.pre.get(i));
            if (compared != 0) return compared;
        }
        return Integer.compare(pre.size(), other.pre.size());
    }

    private static int compare(String a, String b) {
        boolean numberA = a.matches("\\d+");
        boolean numberB = b.matches("\\d+");
        if (numberA && numberB) return new BigInteger(a).compareTo(new BigInteger(b));
        return numberA || numberB ? Boolean.compare(numberB, numberA) : a.compareTo(b);
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + patch + (pre.isEmpty() ? "" : "-" + String.join(".", pre));
    }
}
