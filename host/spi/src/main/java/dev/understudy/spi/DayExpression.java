package dev.understudy.spi;

import java.time.LocalDate;
import java.time.temporal.IsoFields;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A text that depends on the day: {@code {today}}, {@code {yesterday:%Y%m%d}}, {@code {month}}.
 *
 * <p>Days are {@code today}, {@code yesterday}, {@code tomorrow}, {@code last_workday} (the last Monday to Friday before
 * today), {@code week} and {@code last_week} (ISO 8601), {@code month} and {@code last_month}; {@code today-2} and
 * {@code today+2} count days. The form after the colon is made of {@code %Y %m %d %y %j} and, for the week and its year,
 * {@code %V %G}, as strftime(3) has them, and of marks and letters; without one it is {@code %Y-%m-%d},
 * {@code %G-W%V} or {@code %Y-%m}.
 *
 * @param day the name of the day, as above
 * @param form how it is written
 */
public record DayExpression(String day, String form) {
    private static final Pattern WRITTEN = Pattern.compile("\\{([a-z_]+(?:[+-][0-9]{1,3})?)(?::([^{}]+))?}");
    private static final Pattern FORM =
            Pattern.compile("(?:%[YmdyjVG]|[^%{}\\p{Cntrl}])*%[YmdyjVG](?:%[YmdyjVG]|[^%{}\\p{Cntrl}])*");
    private static final Pattern COUNTED = Pattern.compile("today([+-][0-9]{1,3})");

    private static final String OF_A_DAY = "%Y-%m-%d";
    private static final String OF_A_WEEK = "%G-W%V";
    private static final String OF_A_MONTH = "%Y-%m";

    private static final Map<String, UnaryOperator<LocalDate>> DAYS = days();

    public DayExpression {
        if (date(day, LocalDate.EPOCH).isEmpty()) throw new IllegalArgumentException("no day is called '" + day + "'");
        if (!FORM.matcher(form).matches()) throw new IllegalArgumentException("no form of a day: '" + form + "'");
    }

    private static Map<String, UnaryOperator<LocalDate>> days() {
        var days = new LinkedHashMap<String, UnaryOperator<LocalDate>>();
        days.put("today", today -> today);
        days.put("yesterday", today -> today.minusDays(1));
        days.put(
                "last_workday",
                today -> today.minusDays(
                        switch (today.getDayOfWeek()) {
                            case MONDAY -> 3;
                            case SUNDAY -> 2;
                            case TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY -> 1;
                        }));
        days.put("tomorrow", today -> today.plusDays(1));
        days.put("week", today -> today);
        days.put("last_week", today -> today.minusWeeks(1));
        days.put("month", today -> today);
        days.put("last_month", today -> today.minusMonths(1));
        return days;
    }

    /** The names of days. */
    public static List<String> names() {
        return List.copyOf(DAYS.keySet());
    }

    /** Reads one as it is written; empty if the text is none. */
    public static Optional<DayExpression> parse(String text) {
        Matcher written = WRITTEN.matcher(text);
        if (!written.matches() || date(written.group(1), LocalDate.EPOCH).isEmpty()) return Optional.empty();
        String form = written.group(2) == null ? usualForm(written.group(1)) : written.group(2);
        return FORM.matcher(form).matches() ? Optional.of(new DayExpression(written.group(1), form)) : Optional.empty();
    }

    private static String usualForm(String day) {
        return day.endsWith("week") ? OF_A_WEEK : day.endsWith("month") ? OF_A_MONTH : OF_A_DAY;
    }

    private static Optional<LocalDate> date(String day, LocalDate today) {
        UnaryOperator<LocalDate> known = DAYS.get(day);
        if (known != null) return Optional.of(known.apply(today));
        Matcher counted = COUNTED.matcher(day);
        return counted.matches() ? Optional.of(today.plusDays(Integer.parseInt(counted.group(1)))) : Optional.empty();
    }

    /** What it stands for on a day. */
    public String on(LocalDate today) {
        LocalDate date = date(day, today).orElseThrow();
        var text = new StringBuilder();
        for (int at = 0; at < form.length(); at++) {
            char c = form.charAt(at);
            if (c != '%') {
                text.append(c);
                continue;
            }
            text.append(
                    switch (form.charAt(++at)) {
                        case 'Y' -> padded(date.getYear(), 4);
                        case 'y' -> padded(Math.floorMod(date.getYear(), 100), 2);
                        case 'm' -> padded(date.getMonthValue(), 2);
                        case 'd' -> padded(date.getDayOfMonth(), 2);
                        case 'j' -> padded(date.getDayOfYear(), 3);
                        case 'G' -> padded(date.get(IsoFields.WEEK_BASED_YEAR), 4);
                        case 'V' -> padded(date.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR), 2);
                        default -> throw new IllegalStateException("no letter of a form: " + form);
                    });
        }
        return text.toString();
    }

    private static String padded(int number, int length) {
        String digits = Integer.toString(number);
        return "0".repeat(Math.max(0, length - digits.length())) + digits;
    }

    /** Whether a text has the form, so that it may stand in its place. */
    public boolean hasForm(String text) {
        String pattern = Pattern.compile("%.|[^%]+")
                .matcher(form)
                .results()
                .map(part -> switch (part.group()) {
                    case "%Y", "%G" -> "[0-9]{4}";
                    case "%m" -> "(?:0[1-9]|1[0-2])";
                    case "%d" -> "(?:0[1-9]|[12][0-9]|3[01])";
                    case "%V" -> "(?:0[1-9]|[1-4][0-9]|5[0-3])";
                    case "%y" -> "[0-9]{2}";
                    case "%j" -> "[0-3][0-9]{2}";
                    case String literal -> Pattern.quote(literal);
                })
                .collect(Collectors.joining());
        return text.matches(pattern);
    }

    /** As it is written: {@link #parse} gives the same again. */
    public String written() {
        return "{" + day + (form.equals(usualForm(day)) ? "" : ":" + form) + "}";
    }
}
