package dev.understudy.core.triggers;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One field of a cron expression. */
enum CronField {
    MINUTE("minute", 0, 59, "", 0),
    HOUR("hour", 0, 23, "", 0),
    DAY_OF_MONTH("day of month", 1, 31, "", 0),
    MONTH("month", 1, 12, "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC", 1),
    DAY_OF_WEEK("day of week", 0, 7, "SUN MON TUE WED THU FRI SAT", 0);

    private static final Pattern ITEM = Pattern.compile("(\\*|\\w+)(?:-(\\w+))?(?:/(\\d{1,4}))?");

    private final String label;
    private final int min;
    private final int max;
    private final String names;
    private final int firstName;

    CronField(String label, int min, int max, String names, int firstName) {
        this.label = label;
        this.min = min;
        this.max = max;
        this.names = names;
        this.firstName = firstName;
    }

    /** The values that a field lists, as bits. */
    long parse(String field) throws CronMistake {
        long values = 0;
        for (String item : field.split(",", -1)) values |= parseItem(item);
        return values;
    }

    private long parseItem(String item) throws CronMistake {
        Matcher match = ITEM.matcher(item);
        if (!match.matches()) throw mistake("'" + item + "'");
        String step = match.group(3);
        int from;
        int to;
        if (match.group(1).equals("*")) {
            if (match.group(2) != null) throw mistake("'" + item + "'");
            from = min;
            to = max;
        } else {
            from = value(match.group(1));
            String end = match.group(2);
            to = end != null ? value(end) : step != null ? max : from;
        }
        if (from > to) throw mistake("'" + item + "', a range that ends before it starts");
        int every = step == null ? 1 : Integer.parseInt(step);
        if (every == 0) throw mistake("'" + item + "', a step of 0");
        // crontab(1) refuses it, too: it would be the first value alone, which nobody means who writes */90.
        if (every > max)
            throw new CronMistake(
                    "has in its " + label + " field '" + item + "', a step of " + every + " where the highest value is "
                            + max + ", which would be " + from + " alone",
                    insteadOf(every));
        long values = 0;
        for (int value = from; value <= to; value += every) values |= 1L << value;
        return values;
    }

    private int value(String word) throws CronMistake {
        int name = List.of(names.split(" ")).indexOf(word.toUpperCase(Locale.ROOT));
        if (name >= 0) return firstName + name;
        if (!word.matches("\\d{1,4}")) throw mistake("'" + word + "'");
        int value = Integer.parseInt(word);
        if (value < min || value > max) throw mistake("'" + word + "'");
        return value;
    }

    /** What a step beyond the field was probably meant to be. */
    private String insteadOf(int every) {
        return switch (this) {
            case MINUTE -> CronSteps.everyMinutes(every);
            case HOUR ->
                every % 24 == 0
                        ? "but for every " + every / 24 + " days there must be '0 0 */" + every / 24 + " * *'"
                        : "but steps count anew each day: list the hours (0,12), or name days and an hour";
            case DAY_OF_MONTH, MONTH, DAY_OF_WEEK -> "but must be at most " + max + ": steps count anew each time";
        };
    }

    private CronMistake mistake(String found) {
        String named = names.isEmpty() ? "" : " or " + names.replace(' ', ',');
        return new CronMistake(
                "has in its " + label + " field " + found,
                "but there must be * or values from " + min + " to " + max + named
                        + ", in lists (a,b), ranges (a-b) and steps (*/n)");
    }
}
