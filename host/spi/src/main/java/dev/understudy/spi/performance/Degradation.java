package dev.understudy.spi.performance;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A figure that gets worse, or will.
 *
 * @param predictor name of the predictor that found it
 * @param series name of the series
 * @param kind stable word for what happens, for example {@code execution_time_increasing}
 * @param description one sentence with the figures in it, for a person
 * @param probability that it is no accident, from 0.0 to 1.0
 * @param since when it began
 * @param crossing when the series' threshold will be crossed if it goes on like this; absent if it will not, has been, or
 *     there is no threshold
 * @param figures the measured figures behind it, by name with their unit, in the order in which they are worth reading
 */
public record Degradation(
        String predictor,
        String series,
        String kind,
        String description,
        double probability,
        Instant since,
        Optional<Instant> crossing,
        Map<String, Double> figures) {
    public Degradation {
        if (!(probability >= 0 && probability <= 1))
            throw new IllegalArgumentException("probability must be from 0 to 1, was " + probability);
        figures = Collections.unmodifiableMap(new LinkedHashMap<>(figures));
    }
}
