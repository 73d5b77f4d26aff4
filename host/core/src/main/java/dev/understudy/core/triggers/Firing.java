package dev.understudy.core.triggers;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One time that a trigger fired.
 *
 * @param id counted up in the order of firing
 * @param cause what must start the automation once only, for people too: {@code cron 2026-11-16T09:00:00Z}
 * @param parameters as a person would type them
 * @param chain the automations whose output led here, and this one: none of them may be started by what it writes
 * @param repeats the run that a crash cut short and that this firing's next run does again; empty if there was none
 */
public record Firing(
        long id,
        String automationId,
        String cause,
        Map<String, String> parameters,
        Instant at,
        Set<String> chain,
        Optional<String> repeats) {
    /** Separates what people read of a cause from what makes it unique. */
    static final String DETAIL = " @ ";

    public Firing {
        parameters = Map.copyOf(parameters);
        chain = Set.copyOf(chain);
    }

    /** The cause without what only tells it from others of its kind. */
    public String causeText() {
        return causeText(cause);
    }

    static String causeText(String cause) {
        int detail = cause.lastIndexOf(DETAIL);
        return detail < 0 ? cause : cause.substring(0, detail);
    }
}
