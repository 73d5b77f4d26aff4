package dev.understudy.core.plugin;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.pf4j.DefaultVersionManager;

/**
 * Compares versions as people write them, by the rules of Semantic Versioning 2.0.0: numbers that are left out are 0, a word
 * after the numbers makes a pre-release ({@code 1.1.1.RC1} comes before {@code 1.1.1}), and a fourth number, or a word that marks
 * a release ({@code Final}), counts for nothing.
 */
final class PluginVersions extends DefaultVersionManager {
    private static final Pattern WRITTEN =
            Pattern.compile("[vV]?(\\d{1,18})(?:\\.(\\d{1,18}))?(?:\\.(\\d{1,18}))?(?:[.+_-]?(.*))?");
    private static final Pattern RELEASE = Pattern.compile("(?i)final|release|ga|\\d.*");

    /** @throws IllegalArgumentException that says why the version cannot be compared */
    @Override
    public boolean checkVersionConstraint(String version, String constraint) {
        return super.checkVersionConstraint(semantic(version), constraint);
    }

    /** @throws IllegalArgumentException that says why a version cannot be compared */
    @Override
    public int compareVersions(String one, String other) {
        return super.compareVersions(semantic(one), semantic(other));
    }

    static String semantic(String version) {
        Matcher parts = WRITTEN.matcher(version);
        if (!parts.matches())
            throw new IllegalArgumentException("the version '" + version + "' is no row of numbers like 1.0.0");
        String numbers = Stream.of(1, 2, 3)
                .map(group -> parts.group(group) == null ? "0" : String.valueOf(Long.parseLong(parts.group(group))))
                .collect(Collectors.joining("."));
        String rest = parts.group(4) == null ? "" : parts.group(4);
        boolean isRelease = rest.isEmpty()
                || version.startsWith("+", version.length() - rest.length() - 1)
                || RELEASE.matcher(rest).matches();
        return isRelease
                ? numbers
                : numbers + "-" + rest.replaceAll("\\+.*", "").replaceAll("[^0-9A-Za-z-]+", "-");
    }
}
