package dev.understudy.core.tuning.program;

import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number as programs print it for people: with a comma for the decimal point, with groups of three, in colours.
 *
 * <p>A pattern such as {@code ([0-9.]+)} takes {@code 0} out of {@code 0,83} and {@code 1.5} out of {@code 1.5e-05}; a search by
 * such figures looks like any other and is worth nothing. So what a pattern found is read together with what belongs to it.
 */
final class PrintedNumber {
    /** Control sequences of terminals (ECMA-48, 5.4) and titles. */
    private static final Pattern COLOURS =
            Pattern.compile("\u001b(?:\\[[0-?]*[ -/]*[@-~]|\\][^\u0007\u001b]*(?:\u0007|\u001b\\\\))");

    /** Between digits, what parts groups of three: blanks that do not break, and the Swiss apostrophe. */
    private static final Pattern GROUP = Pattern.compile("(?<=\\d)[\u00a0\u202f'\u2019](?=\\d{3}(?!\\d))");

    private static final Pattern REST =
            Pattern.compile("(?:[.,\u00a0\u202f'\u2019]?\\d)*(?:[eE][-+]?\\d+(?![\\w.,]))?");
    private static final Pattern GROUPS_BY_COMMA =
            Pattern.compile("[-+]?[1-9]\\d{0,2}(?:,\\d{3})+(?:\\.\\d*)?(?:[eE].*)?");
    private static final Pattern GROUPS_BY_POINT = Pattern.compile("[-+]?\\d{1,3}(?:\\.\\d{3})+,\\d+(?:[eE].*)?");
    private static final Pattern DECIMAL_COMMA = Pattern.compile("[-+]?\\d*,\\d+(?:[eE].*)?");
    private static final Pattern EITHER = Pattern.compile("[-+]?[1-9]\\d{0,2},\\d{3}");

    private PrintedNumber() {}

    static String withoutColours(String text) {
        return text.indexOf('\u001b') < 0 ? text : COLOURS.matcher(text).replaceAll("");
    }

    /**
     * The last that a pattern finds, its first group or all of it, with what else belongs to the number; empty if it finds nothing.
     * Where the pattern itself goes on behind the group, it says what follows, and nothing is added.
     */
    static Optional<String> last(String text, Pattern pattern) {
        Matcher found = pattern.matcher(text);
        int group = Math.min(found.groupCount(), 1);
        Optional<String> last = Optional.empty();
        int end = 0;
        while (found.find()) {
            // A second match within a number is a part of it: of '0,83' the pattern finds 0, and then 83.
            if (found.start(group) < end) continue;
            end = found.end(group) < found.end() ? found.end(group) : end(text, found.start(group), found.end(group));
            last = Optional.of((isNegative(text, found, group) ? "-" : "") + text.substring(found.start(group), end));
        }
        return last;
    }

    private static int end(String text, int start, int end) {
        if (end == start || !Character.isDigit(text.charAt(end - 1))) return end;
        Matcher rest = REST.matcher(text).region(end, text.length());
        return rest.lookingAt() ? rest.end() : end;
    }

    private static boolean isNegative(String text, MatchResult found, int group) {
        int start = found.start(group);
        return start == found.start()
                && start > 0
                && text.charAt(start - 1) == '-'
                && (start == 1 || !Character.isLetterOrDigit(text.charAt(start - 2)));
    }

    /**
     * A number in the form that Java reads.
     *
     * @throws NumberFormatException with a clause that says why it is none, or could be two
     */
    static double parse(String text) {
        String plain = GROUP.matcher(text.strip()).replaceAll("");
        if (EITHER.matcher(plain).matches())
            throw new NumberFormatException("its figure is '" + plain + "', which may be " + plain.replace(",", "")
                    + " or " + plain.replace(',', '.') + ": let it print without the comma, for example with LC_ALL=C");
        if (GROUPS_BY_COMMA.matcher(plain).matches()) plain = plain.replace(",", "");
        else if (GROUPS_BY_POINT.matcher(plain).matches())
            plain = plain.replace(".", "").replace(',', '.');
        else if (DECIMAL_COMMA.matcher(plain).matches()) plain = plain.replace(',', '.');
        try {
            return Double.parseDouble(plain);
        } catch (NumberFormatException _) {
            throw new NumberFormatException("its figure is '" + text.strip() + "', which is no number");
        }
    }
}
