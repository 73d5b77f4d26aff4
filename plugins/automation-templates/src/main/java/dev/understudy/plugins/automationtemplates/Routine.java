package dev.understudy.plugins.automationtemplates;

import dev.understudy.spi.DayExpression;
import dev.understudy.spi.TaskPattern;
import dev.understudy.spi.TaskPattern.Variable;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a pattern's calendar gives its automation: defaults that are the day of the run, and a proposed time to start. */
final class Routine {
    private static final String DATE = "date";

    private Routine() {}

    /** The day that a variable is; empty if it is none. */
    static Optional<DayExpression> day(TaskPattern pattern, String variable) {
        return pattern.variables().stream()
                .filter(each -> each.name().equals(variable))
                .findFirst()
                .flatMap(Variable::day);
    }

    /** Letters and marks of a day that mean nothing to a shell, not even in a replacement. */
    private static final Pattern PLAIN = Pattern.compile("[\\w %.,:+-]+");

    /** Whether all that varies in a value are days in plain letters, and no other brace stands in it. */
    static boolean areDays(TaskPattern pattern, Value value) {
        return value.variables().stream()
                        .allMatch(variable -> day(pattern, variable)
                                .filter(day -> PLAIN.matcher(day.form()).matches())
                                .isPresent())
                && Value.shapes(value).stream()
                        .noneMatch(shape -> shape.anyLiteral(text -> text.contains("{") || text.contains("}")));
    }

    /** A parameter's table as it is, or as that of the day which a variable is. */
    static Map<String, Object> parameter(TaskPattern pattern, String name, Map<String, Object> table) {
        Object type = table.get("type");
        boolean text = "string".equals(type) || "path".equals(type);
        day(pattern, name).filter(_ -> text && table.containsKey("default")).ifPresent(day -> {
            table.put("type", DATE);
            table.put("default", day.written());
            table.put("description", "The day, as it is when this runs; pass another one with -p " + name + "=…");
        });
        return table;
    }

    /**
     * The line of the metadata that proposes when to start; it does nothing before a person has approved the automation.
     * None where a parameter varies with something else than the day: nobody would be there to give it.
     *
     * @param varying the types of the parameters that differ from task to task
     */
    static List<String> triggers(TaskPattern pattern, Collection<String> varying) {
        if (!varying.stream().allMatch(DATE::equals)) return List.of();
        return pattern.recurrence()
                .flatMap(recurrence -> recurrence.cron())
                .map(cron -> List.of("triggers = [{ cron = " + Toml.string(cron) + " }]"))
                .orElse(List.of());
    }
}
