package dev.understudy.spi.optimization;

import java.util.List;

/** A candidate and how measuring it ended. */
public record Trial(Candidate candidate, Outcome outcome) {

    /** How measuring a candidate ended. Lower values are better. */
    public sealed interface Outcome {}

    /** One measurement; a finite number. */
    public record Value(double value) implements Outcome {
        public Value {
            if (!Double.isFinite(value)) throw new IllegalArgumentException("value must be finite, was " + value);
        }
    }

    /**
     * Several measurements of the same candidate.
     *
     * @param mean their mean, finite
     * @param standardDeviation of one measurement (n - 1 in the denominator), at least 0
     * @param count how many, at least 2
     */
    public record Repeated(double mean, double standardDeviation, int count) implements Outcome {
        public Repeated {
            if (!Double.isFinite(mean)) throw new IllegalArgumentException("mean must be finite, was " + mean);
            if (!(standardDeviation >= 0) || Double.isInfinite(standardDeviation))
                throw new IllegalArgumentException(
                        "standardDeviation must be finite and not negative, was " + standardDeviation);
            if (count < 2) throw new IllegalArgumentException("count must be at least 2, was " + count);
        }

        /** Sums up measurements, of which there are at least two. */
        public static Repeated of(List<Double> measurements) {
            int count = measurements.size();
            double mean = measurements.stream()
                    .mapToDouble(Double::doubleValue)
                    .average()
                    .orElse(Double.NaN);
            double squares = measurements.stream()
                    .mapToDouble(value -> (value - mean) * (value - mean))
                    .sum();
            return new Repeated(mean, Math.sqrt(squares / Math.max(1, count - 1)), count);
        }
    }

    /**
     * The candidate could not be measured: it was refused, crashed, hung or gave no number.
     *
     * @param reason one line for people
     */
    public record Failed(String reason) implements Outcome {}

    /** A trial with one measurement. */
    public static Trial of(Candidate candidate, double value) {
        return new Trial(candidate, new Value(value));
    }
}
