package dev.understudy.spi.performance;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A step that holds its workflow up.
 *
 * @param detector name of the detector that found it
 * @param workflow the workflow
 * @param step name of the step
 * @param kind stable word for what is wrong, for example {@code slow_step}
 * @param description one sentence with the figures in it, for a person
 * @param impactMillis how many milliseconds of an execution's duration it is held responsible for, on average; not negative
 * @param figures the measured figures behind it, by name with their unit, in the order in which they are worth reading
 */
public record Bottleneck(
        String detector,
        String workflow,
        String step,
        String kind,
        String description,
        double impactMillis,
        Map<String, Double> figures) {
    public Bottleneck {
        if (!(impactMillis >= 0))
            throw new IllegalArgumentException("impactMillis must not be negative, was " + impactMillis);
        figures = Collections.unmodifiableMap(new LinkedHashMap<>(figures));
    }
}
