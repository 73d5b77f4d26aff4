package dev.understudy.core.advice;

import dev.understudy.core.automation.AutomationFile;
import dev.understudy.core.automation.GrantTemplates;
import dev.understudy.core.workflow.Step;
import dev.understudy.sandbox.control.RunRequest.Promise;
import dev.understudy.spi.performance.Recommendation.Change;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which settings of the configuration advice may change, and which it means where it speaks of an automation.
 *
 * <p>A plugin may advise what it likes. What decides what scripts may do, what runs without a person, where the host listens,
 * or how much is remembered is a person's alone, so only what is named here is ever written.
 */
final class AdvisedSettings {
    static final String ACTION = "set_configuration";

    private static final Pattern ALLOWED = Pattern.compile("executor\\.[a-z_]+"
            + "|sandbox\\.max_concurrent_tests"
            + "|host\\.(resident|idle_minutes)"
            + "|workflow_optimization\\.[a-z_]+"
            + "|performance_analysis\\.(bottleneck_threshold_ms|slow_process_threshold_ms|cpu_threshold|memory_threshold)"
            + "|performance_analysis\\.workflows\\.[^.\\p{Cntrl}]+\\.[a-z_]+");

    private AdvisedSettings() {}

    static boolean isAllowed(String setting) {
        return ALLOWED.matcher(setting).matches();
    }

    /** Whether it names settings, and nothing else. */
    static boolean isMeant(List<Change> changes) {
        return !changes.isEmpty()
                && changes.stream().allMatch(each -> each.action().equals(ACTION));
    }

    /** Values by setting; empty if a change names none, or a value that no setting has. */
    static Optional<Map<String, Object>> of(List<Change> changes) {
        var settings = new LinkedHashMap<String, Object>();
        for (Change each : changes) {
            if (!(each.arguments().get("setting") instanceof String setting)) return Optional.empty();
            Object value = each.arguments().get("value");
            if (!(value instanceof Boolean || value instanceof Number || value instanceof String))
                return Optional.empty();
            settings.put(setting, value);
        }
        return Optional.of(settings);
    }

    /**
     * What the executor can do of what is advised for an automation's script.
     *
     * @param settings of the configuration; empty if it can do nothing
     * @param why it cannot, one line for people; empty if it can
     */
    record ForScript(Map<String, Object> settings, String why) {}

    static ForScript of(AutomationFile file, List<Change> changes) {
        var settings = new LinkedHashMap<String, Object>();
        for (Change each : changes) {
            String why = switch (each.action()) {
                case "cache_results" -> cache(file, each.arguments(), settings);
                case "circuit_breaker" -> breaker(each.arguments(), settings);
                default -> "no setting of the executor does this";
            };
            if (!why.isEmpty()) return new ForScript(Map.of(), why);
        }
        return new ForScript(settings, "");
    }

    private static String cache(AutomationFile file, Map<String, Object> arguments, Map<String, Object> settings) {
        String step = String.valueOf(arguments.get("step"));
        if (!file.steps().isEmpty()) {
            Optional<Step> named = file.steps().stream()
                    .filter(each -> each.name().equals(step))
                    .findFirst();
            if (named.isEmpty() || named.get().purity() != Step.Purity.PURE)
                return "only what its author declares pure is kept, and the step " + step
                        + " does not say 'pure = true'";
            settings.put("executor.enable_step_optimization", true);
            return "";
        }
        if (!file.promises().contains(Promise.PURE))
            return "only what its author declares pure is kept, and " + file.id() + " does not say 'pure = true'";
        if (!file.grants().equals(GrantTemplates.NONE))
            return "only results of scripts that are granted nothing are kept, and " + file.id() + " has grants";
        settings.put("executor.enable_cache_optimization", true);
        if (arguments.get("cache_ttl") instanceof Number seconds)
            settings.put("executor.result_cache_ttl_seconds", seconds.longValue());
        return "";
    }

    private static String breaker(Map<String, Object> arguments, Map<String, Object> settings) {
        settings.put("executor.enable_circuit_breaker", true);
        if (arguments.get("failures_to_open") instanceof Number failures)
            settings.put("executor.circuit_breaker_failures", failures.longValue());
        return "";
    }
}
