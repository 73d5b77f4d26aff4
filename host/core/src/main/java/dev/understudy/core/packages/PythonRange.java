package dev.understudy.core.packages;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which versions would do, by PEP 440: {@code >=1.2,<2}, {@code ==1.4.*}, {@code ~=2.2}; an empty text for any. */
final class PythonRange {
    private static final Pattern CLAUSE = Pattern.compile("(===|==|!=|~=|<=|>=|<|>)\\s*([^\\s,;)]+)");

    private final List<Clause> clauses = new ArrayList<>();

    /** @param numbers with how many its release is written */
    private record Clause(String operator, PythonVersion version, int numbers, boolean prefix) {
        boolean holds(PythonVersion other) {
            int compared = other.compareTo(version);
            return switch (operator) {
                case "==", "===" -> isEqual(other);
                case "!=" -> !isEqual(other);
                case "~=" -> compared >= 0 && other.beginsWith(version, numbers - 1);
                case "<=" -> compared <= 0;
                case ">=" -> compared >= 0;
                // What comes before or after a release as a part of it is not meant by it.
                case "<" ->
                    compared < 0
                            && (version.isPrerelease()
                                    || !(other.isPrerelease() && other.base().compareTo(version.base()) == 0));
                default ->
                    compared > 0
                            && (version.post() != null
                                    || other.post() == null
                                    || other.base().compareTo(version.base()) != 0);
            };
        }

        private boolean isEqual(PythonVersion other) {
            return prefix ? other.beginsWith(version, numbers) : other.compareTo(version) == 0;
        }
    }

    private PythonRange() {}

    /** @throws IllegalArgumentException if it is none */
    static PythonRange parse(String text) {
        var range = new PythonRange();
        if (text.isBlank()) return range;
        for (String each : text.split(",", -1)) {
            if (each.isBlank()) continue;
            Matcher form = CLAUSE.matcher(each.strip());
            if (!form.matches()) throw new IllegalArgumentException("'" + each.strip() + "' is no range of versions");
            range.clauses.add(clause(form.group(1), form.group(2)));
        }
        return range;
    }

    private static Clause clause(String operator, String version) {
        boolean prefix = version.endsWith(".*");
        String plain = prefix ? version.substring(0, version.length() - 2) : version;
        int numbers =
                plain.replaceFirst("^v?(\\d+!)?", "").split("[^\\d.]", -1)[0].split("\\.", -1).length;
        if ((prefix && !operator.equals("==") && !operator.equals("!=")) || (operator.equals("~=") && numbers < 2))
            throw new IllegalArgumentException("'" + operator + version + "' is no range of versions");
        return new Clause(
                operator,
                PythonVersion.parse(plain)
                        .orElseThrow(() -> new IllegalArgumentException("'" + version + "' is no version")),
                numbers,
                prefix);
    }

    /** Prereleases are meant only where one is named. */
    boolean allows(PythonVersion version) {
        return clauses.stream().allMatch(clause -> clause.holds(version))
                && (!version.isPrerelease()
                        || clauses.stream().anyMatch(clause -> clause.version().isPrerelease()));
    }
}
