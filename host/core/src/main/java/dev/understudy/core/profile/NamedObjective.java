package dev.understudy.core.profile;

import java.net.URI;
import java.time.Duration;

/** A figure of a person's own that says how well the machine's work goes; it alone decides where a profile names it. */
public sealed interface NamedObjective {
    /** Which figures are better. */
    Aim direction();

    /** What is measured, for people. */
    String purpose();

    /** Which figures are better. */
    enum Aim {
        /** More is better, as with requests answered in a second. */
        MAXIMIZE,
        /** Less is better, as with how long one takes. */
        MINIMIZE
    }

    /**
     * What a command prints after each measurement, read as {@code tune} reads it.
     *
     * @param text as a shell reads it
     * @param metric where the figure stands: a JSON pointer, a regular expression, or empty for how long the command takes, in
     *     seconds
     * @param timeout after which the measurement counts as failed; positive
     */
    record Command(String text, String metric, Aim direction, Duration timeout) implements NamedObjective {
        public Command {
            if (text.isBlank()) throw new IllegalArgumentException("text must not be blank");
            if (!timeout.isPositive()) throw new IllegalArgumentException("timeout must be positive, was " + timeout);
        }

        @Override
        public String purpose() {
            return "what '" + text + "' " + (metric.isEmpty() ? "takes" : "prints");
        }
    }

    /**
     * What a page of metrics in Prometheus' text format tells.
     *
     * @param url of scheme http or https
     */
    record Metrics(URI url, MetricExpression expression, Aim direction) implements NamedObjective {
        @Override
        public String purpose() {
            return expression + " at " + url;
        }
    }
}
