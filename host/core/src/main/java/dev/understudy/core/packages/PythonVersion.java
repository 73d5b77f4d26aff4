package dev.understudy.core.packages;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A version by PEP 440.
 *
 * @param release without zeros at its end
 * @param pre {@code a1}, {@code b1} or {@code rc1} as the letter's place and its number
 */
record PythonVersion(
        BigInteger epoch,
        List<BigInteger> release,
        @Nullable Pre pre,
        @Nullable BigInteger post,
        @Nullable BigInteger dev)
        implements Comparable<PythonVersion> {
    private static final Pattern FORM = Pattern.compile(
            "v?(?:(\\d+)!)?(\\d+(?:\\.\\d+)*)(?:[-_.]?(a|b|c|rc|alpha|beta|pre|preview)[-_.]?(\\d*))?"
                    + "(?:-(\\d+)|[-_.]?(?:post|rev|r)[-_.]?(\\d*))?(?:([-_.]?dev)[-_.]?(\\d*))?(?:\\+[a-z0-9]+(?:[-_.][a-z0-9]+)*)?");
    private static final Pattern POST = Pattern.compile("[-_.]?(?:post|rev|r)");

    record Pre(int phase, BigInteger number) implements Comparable<Pre> {
        @Override
        public int compareTo(Pre other) {
            return phase != other.phase ? Integer.compare(phase, other.phase) : number.compareTo(other.number);
        }
    }

    PythonVersion {
        release = List.copyOf(release);
    }

    static Optional<PythonVersion> parse(String text) {
        String lower = text.strip().toLowerCase(Locale.ROOT);
        Matcher form = FORM.matcher(lower);
        if (lower.length() > 100 || !form.matches()) return Optional.empty();
        var release = new ArrayList<BigInteger>();
        Arrays.stream(form.group(2).split("\\.", -1)).map(BigInteger::new).forEach(release::add);
        while (release.size() > 1 && release.getLast().signum() == 0) release.removeLast();
        Pre pre = form.group(3) == null ? null : new Pre(phase(form.group(3)), number(form.group(4)));
        BigInteger post = form.group(5) != null
                ? number(form.group(5))
                : form.group(6) != null && POST.matcher(lower).find() ? number(form.group(6)) : null;
        BigInteger dev = form.group(7) == null ? null : number(form.group(8));
        return Optional.of(new PythonVersion(number(form.group(1)), release, pre, post, dev));
    }

    private static int phase(String word) {
        return word.startsWith("a") ? 0 : word.startsWith("b") ? 1 : 2;
    }

    private static BigInteger number(@Nullable String text) {
        return text == null || text.isEmpty() ? BigInteger.ZERO : new BigInteger(text);
    }

    boolean isPrerelease() {
        return pre != null || dev != null;
    }

    /** Without what stands behind its release. */
    PythonVersion base() {
        return new PythonVersion(epoch, release, null, null, null);
    }

    /** Whether it begins with the numbers of another, which is written with this many. */
    boolean beginsWith(PythonVersion prefix, int numbers) {
        if (!epoch.equals(prefix.epoch)) return false;
        for (int i = 0; i < numbers; i++) {
            if (!at(release, i).equals(at(prefix.release, i))) return false;
        }
        return true;
    }

    private static BigInteger at(List<BigInteger> numbers, int index) {
        return index < numbers.size() ? numbers.get(index) : BigInteger.ZERO;
    }

    @Override
    public int compareTo(PythonVersion other) {
        int compared = epoch.compareTo(other.epoch);
        for (int i = 0; compared == 0 && i < Math.max(release.size(), other.release.size()); i++)
            compared = at(release, i).compareTo(at(other.release, i));
        if (compared == 0) compared = Integer.compare(rank(), other.rank());
        if (compared == 0 && pre != null && other.pre != null) compared = pre.compareTo(other.pre);
        if (compared == 0) compared = absentFirst(post, other.post);
        return compared == 0 ? -absentFirst(negated(dev), negated(other.dev)) : compared;
    }

    /** Development of a release comes first, then its candidates, then itself. */
    private int rank() {
        if (pre != null) return 1;
        return dev != null && post == null ? 0 : 2;
    }

    private static @Nullable BigInteger negated(@Nullable BigInteger number) {
        return number == null ? null : number.negate();
    }

    private static int absentFirst(@Nullable BigInteger a, @Nullable BigInteger b) {
        if (a == null || b == null) return Boolean.compare(a != null, b != null);
        return a.compareTo(b);
    }
}
