package dev.understudy.core.workflow;

import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunOutcome.LimitExceeded;

/** The names of outcomes in JSON and in the store, and limits in words. */
public final class Outcomes {
    private Outcomes() {}

    /** {@code succeeded}, {@code failed}, {@code limit_exceeded}, {@code refused} or {@code cancelled}. */
    public static String id(RunOutcome outcome) {
        return switch (outcome) {
            case RunOutcome.Succeeded _ -> "succeeded";
            case RunOutcome.Failed _ -> "failed";
            case LimitExceeded _ -> "limit_exceeded";
            case RunOutcome.Refused _ -> "refused";
            case RunOutcome.Cancelled _ -> "cancelled";
        };
    }

    /** Which limit, what was allowed and what was used, in one line. */
    public static String describe(LimitExceeded exceeded) {
        Limit limit = limit(exceeded);
        return limit.name() + " " + limit.used() + " of " + limit.allowed();
    }

    /** Which limit was exceeded. */
    public static Limit limit(LimitExceeded exceeded) {
        return switch (exceeded) {
            case LimitExceeded.WallTime it -> new Limit("wall", millis(it.limit()), millis(it.used()));
            case LimitExceeded.CpuTime it -> new Limit("cpu", millis(it.limit()), millis(it.used()));
            case LimitExceeded.Memory it -> new Limit("memory", it.limitBytes() + "B", it.usedBytes() + "B");
            case LimitExceeded.Processes it -> new Limit("processes", "" + it.limit(), "" + it.used());
            case LimitExceeded.Output it -> new Limit("output", it.limitBytes() + "B", it.usedBytes() + "B");
            case LimitExceeded.Disk it -> new Limit("disk", it.limitBytes() + "B", it.usedBytes() + "B");
            case LimitExceeded.OpenFiles it -> new Limit("files", "" + it.limit(), "" + it.used());
        };
    }

    private static String millis(java.time.Duration time) {
        return time.toMillis() + "ms";
    }

    /** A limit by its name in metadata, with its unit. */
    public record Limit(String name, String allowed, String used) {}
}
