package dev.understudy.core.executor.tuning;

import dev.understudy.core.config.ExecutorSettings;
import dev.understudy.core.config.ExecutorSettings.Switch;
import dev.understudy.core.executor.tuning.KeepRule.Judgement;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Settings of the executor as a person keeps them: a section of the configuration, with what was measured beside each value. */
public final class TunedText {
    private TunedText() {}

    /**
     * A section of the configuration.
     *
     * @param head lines of comment that say where it comes from
     * @param settings whose switches that are on are written
     * @param evidence what was found of each switch
     */
    public static String of(List<String> head, ExecutorSettings settings, Map<Switch, Judgement> evidence) {
        var text = new StringBuilder();
        head.forEach(line -> text.append("# ").append(line).append('\n'));
        if (settings.on().isEmpty()) return text.append("executor: {}\n").toString();
        text.append("executor:\n");
        for (Switch each : Switch.values()) {
            if (!settings.isOn(each)) continue;
            Judgement judgement = evidence.get(each);
            text.append("  ").append(each.key()).append(": true");
            if (judgement != null) text.append("   # ").append(judgement.reason());
            text.append('\n');
            if (judgement != null)
                for (Comparison row : judgement.comparisons())
                    text.append("  #   ").append(line(row)).append('\n');
            settings.parameters(each)
                    .forEach((key, value) -> text.append("  ")
                            .append(key)
                            .append(": ")
                            .append(value)
                            .append("   # as it was; not searched\n"));
        }
        return text.toString();
    }

    /** A measure in one line. */
    public static String line(Comparison row) {
        return String.format(
                Locale.ROOT,
                "%s: %.3f → %.3f %s, %s (95 %%: %s to %s)",
                row.measure().title(),
                row.baseline(),
                row.changed(),
                row.measure().unit(),
                KeepRule.signed(row.improvement()),
                KeepRule.signed(row.low()),
                KeepRule.signed(row.high()));
    }
}
