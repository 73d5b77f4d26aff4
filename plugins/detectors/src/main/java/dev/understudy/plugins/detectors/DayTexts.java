package dev.understudy.plugins.detectors;

import dev.understudy.spi.DayExpression;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds out whether texts are the day on which they were used, or one that lies at the same distance from it. */
final class DayTexts {
    private static final int SHORTEST = 3;
    private static final int LONGEST = 10;

    /** Further back or ahead, a day is more probably a date of its own. */
    private static final int MOST_DAYS = 7;

    private static final List<Known> KNOWN = known();

    /** One that may be found, and how long its texts are. */
    private record Known(DayExpression expression, int length) {
        Known(String day, String form) {
            this(
                    new DayExpression(day, form),
                    new DayExpression(day, form).on(LocalDate.EPOCH).length());
        }

        boolean is(String text, LocalDate day) {
            return text.length() == length && expression.on(day).equals(text);
        }

        boolean isPeriod() {
            return expression.day().equals("month") || expression.day().equals("week");
        }
    }

    /** What may be a month or a week in a text that is always the same. */
    private static final Pattern PERIOD =
            Pattern.compile("(?<![0-9A-Za-z])(?:[0-9]{4}[-_./]?[0-9]{2}|[0-9]{4}[-_]?W[0-9]{2}|[0-9]{2}[-.][0-9]{4})"
                    + "(?![0-9A-Za-z]|[-_./][0-9])");

    /** What may be a day, a week or a month in any text. */
    private static final Pattern ANY =
            Pattern.compile("(?<![0-9])(?:[0-9]{4}([-_./]?)[0-9]{2}\\1[0-9]{2}|[0-9]{2}([-_./])[0-9]{2}\\2[0-9]{4}"
                    + "|[0-9]{4}[-_./]?W?[0-9]{2}|(?<![A-Za-z])K?W[0-9]{2}|[0-9]{6})(?![0-9])");

    private DayTexts() {}

    private static List<Known> known() {
        var days = new ArrayList<>(List.of("today", "yesterday", "last_workday", "tomorrow"));
        for (int back = 2; back <= MOST_DAYS; back++) days.add("today-" + back);
        for (int ahead = 2; ahead <= MOST_DAYS; ahead++) days.add("today+" + ahead);
        var known = new ArrayList<Known>();
        for (String day : days)
            for (String form : List.of(
                    "%Y-%m-%d",
                    "%Y%m%d",
                    "%Y/%m/%d",
                    "%Y_%m_%d",
                    "%Y.%m.%d",
                    "%d-%m-%Y",
                    "%d.%m.%Y",
                    "%d/%m/%Y",
                    "%d_%m_%Y",
                    "%d%m%Y",
                    "%m-%d-%Y",
                    "%m/%d/%Y",
                    "%m%d%Y",
                    "%y%m%d",
                    "%y-%m-%d",
                    "%d%m%y",
                    "%d.%m.%y",
                    "%d-%m-%y",
                    "%Y-%j")) known.add(new Known(day, form));
        for (String week : List.of("week", "last_week"))
            for (String form : List.of("%G-W%V", "%GW%V", "%G_W%V", "%G-%V", "W%V", "w%V", "KW%V", "kw%V", "CW%V"))
                known.add(new Known(week, form));
        for (String month : List.of("month", "last_month"))
            for (String form : List.of("%Y-%m", "%Y%m", "%Y/%m", "%Y_%m", "%Y.%m", "%m-%Y", "%m.%Y"))
                known.add(new Known(month, form));
        return known;
    }

    /** What all texts are on their days; the days are not all the same. */
    static Optional<DayExpression> of(List<String> texts, List<LocalDate> days) {
        if (texts.isEmpty()) return Optional.empty();
        if (!mayBeDay(texts.getFirst())) return Optional.empty();
        for (Known each : KNOWN) {
            int row = 0;
            while (row < texts.size() && each.is(texts.get(row), days.get(row))) row++;
            if (row == texts.size()) return Optional.of(each.expression());
        }
        return Optional.empty();
    }

    private static boolean mayBeDay(String text) {
        if (text.length() < SHORTEST || text.length() > LONGEST) return false;
        return WordShape.isDigit(text.charAt(text.length() - 1));
    }

    /** Where a text that was the same on all these days has their month or week. */
    static Optional<Period> periodIn(String text, List<LocalDate> days) {
        Matcher found = PERIOD.matcher(text);
        while (found.find()) {
            String period = found.group();
            for (Known each : KNOWN)
                if (each.isPeriod() && days.stream().allMatch(day -> each.is(period, day)))
                    return Optional.of(new Period(found.start(), found.end()));
        }
        return Optional.empty();
    }

    /** A part of a text. */
    record Period(int start, int end) {}

    /** The text with all that reads as a date replaced, so that the same command on another day is the same text. */
    static String masked(String text) {
        return ANY.matcher(text).replaceAll("\u0001");
    }
}
