package dev.understudy.sandbox.control.time;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.Month;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneOffsetTransitionRule;
import java.time.zone.ZoneOffsetTransitionRule.TimeDefinition;
import java.time.zone.ZoneRules;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A rule such as {@code EST5EDT,M3.2.0,M11.1.0}, as POSIX.1 has it for the variable TZ (chapter 8.3) and RFC 9636 for the
 * last line of a zone's file. Java 25 reads no further than the offset, so that summers are an hour out.
 *
 * <p>Not known: zero-based days of the year, which count the 29 February, and changes beyond one day (RFC 9636's
 * extension); such a rule is none.
 */
final class PosixRule {
    private static final String NAME = "(?:<[A-Za-z0-9+-]+>|[A-Za-z]{3,})";
    private static final String OFFSET = "([+-]?\\d{1,2}(?::\\d{2}){0,2})";
    private static final String DAY = "(J\\d{1,3}|M\\d{1,2}\\.\\d\\.\\d)(?:/(\\d{1,2}(?::\\d{2}){0,2}))?";
    private static final Pattern RULE =
            Pattern.compile(NAME + OFFSET + "(?:" + NAME + OFFSET + "?(?:," + DAY + "," + DAY + ")?)?");
    private static final Pattern HAS_SUMMER = Pattern.compile(NAME + "[+-]?[\\d:]+" + NAME + ".*");

    /** What glibc takes where a rule names summer time but no days: those of the United States. */
    private static final String USUAL_START = "M3.2.0";

    private static final String USUAL_END = "M11.1.0";

    /** Before all that matters; {@link ZoneRules} applies its last rules from a first change on only. */
    private static final int FIRST_YEAR = 1900;

    private static final int LAST_WEEK = 5;

    private PosixRule() {}

    /** The rules, or nothing if the text is no such rule. */
    static Optional<ZoneRules> parse(String text) {
        Matcher matcher = RULE.matcher(text);
        if (!matcher.matches()) return Optional.empty();
        try {
            return Optional.of(rules(matcher, HAS_SUMMER.matcher(text).matches()));
        } catch (java.time.DateTimeException _) {
            return Optional.empty();
        }
    }

    private static ZoneRules rules(Matcher matcher, boolean hasSummer) {
        ZoneOffset standard = offset(matcher.group(1));
        if (!hasSummer) return ZoneRules.of(standard);
        ZoneOffset summer = matcher.group(2) != null
                ? offset(matcher.group(2))
                : ZoneOffset.ofTotalSeconds(
                        standard.getTotalSeconds() + (int) Duration.ofHours(1).toSeconds());
        ZoneOffsetTransitionRule start =
                change(orElse(matcher.group(3), USUAL_START), matcher.group(4), standard, standard, summer);
        ZoneOffsetTransitionRule end =
                change(orElse(matcher.group(5), USUAL_END), matcher.group(6), standard, summer, standard);
        // South of the equator the year begins in summer, and Java wants the changes in the order of the year.
        List<ZoneOffsetTransitionRule> yearly = Stream.of(start, end)
                .sorted(Comparator.comparing(rule -> rule.createTransition(FIRST_YEAR)))
                .toList();
        List<ZoneOffsetTransition> first =
                yearly.stream().map(rule -> rule.createTransition(FIRST_YEAR)).toList();
        return ZoneRules.of(standard, first.getFirst().getOffsetBefore(), List.of(), first, yearly);
    }

    private static String orElse(@Nullable String given, String usual) {
        return given == null ? usual : given;
    }

    /** POSIX counts to the west. */
    private static ZoneOffset offset(String text) {
        boolean east = text.startsWith("-");
        int seconds = seconds(text.replaceFirst("^[+-]", ""));
        return ZoneOffset.ofTotalSeconds(east ? seconds : -seconds);
    }

    private static int seconds(String time) {
        String[] parts = time.split(":", -1);
        int seconds = 0;
        for (int i = 0; i < 3; i++) seconds = seconds * 60 + (i < parts.length ? Integer.parseInt(parts[i]) : 0);
        return seconds;
    }

    private static ZoneOffsetTransitionRule change(
            String day, @Nullable String at, ZoneOffset standard, ZoneOffset before, ZoneOffset after) {
        int seconds = at == null ? (int) Duration.ofHours(2).toSeconds() : seconds(at);
        boolean midnightAtEnd = seconds == Duration.ofDays(1).toSeconds();
        LocalTime time = midnightAtEnd ? LocalTime.MIDNIGHT : LocalTime.ofSecondOfDay(seconds);
        Month month;
        int dayOfMonth;
        @Nullable DayOfWeek dayOfWeek = null;
        if (day.startsWith("J")) {
            // Counted as if there were no 29 February, so that any year without one tells the date.
            LocalDate date = LocalDate.ofYearDay(FIRST_YEAR + 1, Integer.parseInt(day.substring(1)));
            month = date.getMonth();
            dayOfMonth = date.getDayOfMonth();
        } else {
            String[] parts = day.substring(1).split("\\.", -1);
            month = Month.of(Integer.parseInt(parts[0]));
            int week = Integer.parseInt(parts[1]);
            dayOfMonth = week == LAST_WEEK ? -1 : (week - 1) * 7 + 1;
            int weekday = Integer.parseInt(parts[2]);
            dayOfWeek = DayOfWeek.of(weekday == 0 ? 7 : weekday);
        }
        return ZoneOffsetTransitionRule.of(
                month, dayOfMonth, dayOfWeek, time, midnightAtEnd, TimeDefinition.WALL, standard, before, after);
    }

    /** The offset at an instant, in seconds to the east. */
    static int offsetAt(ZoneRules rules, long epochSecond) {
        return rules.getOffset(Instant.ofEpochSecond(epochSecond)).getTotalSeconds();
    }
}
