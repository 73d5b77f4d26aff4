package dev.understudy.core.triggers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** How cron says steps of more minutes than an hour has. */
final class CronSteps {
    private static final int HOUR = 60;
    private static final int DAY = 24 * HOUR;

    /** More expressions than this are no help. */
    private static final int MAX_EXPRESSIONS = 4;

    private CronSteps() {}

    /** The expressions that together fire every so many minutes, counted from midnight; a clause for people. */
    static String everyMinutes(int every) {
        Map<Integer, List<Integer>> hoursByMinute = new LinkedHashMap<>();
        if (every < DAY && DAY % every == 0) {
            for (int time = 0; time < DAY; time += every)
                hoursByMinute
                        .computeIfAbsent(time % HOUR, _ -> new ArrayList<>())
                        .add(time / HOUR);
        }
        if (hoursByMinute.isEmpty() || hoursByMinute.size() > MAX_EXPRESSIONS)
            return "but steps count anew each hour: list the minutes (0,30), or name hours and a minute";
        return "but for every " + every + " minutes there must be "
                + hoursByMinute.entrySet().stream()
                        .map(entry -> "'" + entry.getKey() + " " + hours(entry.getValue()) + " * * *'")
                        .collect(Collectors.joining(" and "))
                + (hoursByMinute.size() > 1 ? ", a trigger each" : "");
    }

    private static String hours(List<Integer> hours) {
        if (hours.size() < 3) return hours.stream().map(String::valueOf).collect(Collectors.joining(","));
        int step = hours.get(1) - hours.get(0);
        boolean all = hours.getFirst() == 0 && hours.getLast() + step >= 24;
        return (all ? "*" : hours.getFirst() + "-" + hours.getLast()) + "/" + step;
    }
}
