package dev.understudy.bench;

import dev.understudy.spi.optimization.SearchSpace;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * A function to minimise whose lowest value is known.
 *
 * @param function of the values of a candidate
 * @param minimum its lowest value in the space
 * @param noise standard deviation of the normal noise that makes its noisy variant
 */
record Problem(
        String name, SearchSpace space, ToDoubleFunction<Map<String, Object>> function, double minimum, double noise) {

    /** A function of real numbers only, which it takes in the order of their dimensions x0, x1, … */
    static Problem real(
            String name,
            int dimensions,
            double low,
            double high,
            ToDoubleFunction<double[]> function,
            double minimum,
            double noise) {
        SearchSpace.Builder space = SearchSpace.builder();
        for (int i = 0; i < dimensions; i++) space.real("x" + i, low, high);
        return new Problem(name, space.build(), values -> function.applyAsDouble(reals(values)), minimum, noise);
    }

    /** The real values among those of a candidate, in their order. */
    static double[] reals(Map<String, Object> values) {
        return values.values().stream()
                .filter(Double.class::isInstance)
                .mapToDouble(value -> (Double) value)
                .toArray();
    }

    /** An integer value. */
    static long integer(Map<String, Object> values, String name) {
        if (values.get(name) instanceof Long number) return number;
        throw new IllegalArgumentException("no integer '" + name + "' in " + values);
    }

    /** The number of a categorical value, which ends with it. */
    static int choice(Map<String, Object> values, String name) {
        if (values.get(name) instanceof String text) return Integer.parseInt(text.substring(1));
        throw new IllegalArgumentException("no choice '" + name + "' in " + values);
    }
}
