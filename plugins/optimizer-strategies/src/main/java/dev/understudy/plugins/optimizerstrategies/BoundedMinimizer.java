package dev.understudy.plugins.optimizerstrategies;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * Minimises a smooth function within bounds from a start: limited-memory BFGS (Nocedal and Wright, "Numerical Optimization",
 * 2006, algorithm 7.4) over the coordinates that no bound holds, along a path projected onto the bounds (Bertsekas,
 * "Projected Newton methods", SIAM Journal on Control and Optimization 20, 1982), with backtracking.
 */
final class BoundedMinimizer {
    private static final int MEMORY = 6;
    private static final int MAX_HALVINGS = 12;
    private static final double SUFFICIENT = 1e-4;

    private BoundedMinimizer() {}

    /** A function with its gradient. */
    interface Smooth {
        /** Returns the value at a point, not finite where there is none, and writes the gradient. */
        double at(double[] point, double[] gradient);
    }

    /**
     * The best point found.
     *
     * @param value as far as it is finite; not finite only if the start's was not
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Minimum(double[] point, double value) {}

    /** A step of the path: how far it went, how the gradient changed, and one over their product. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Step(double[] moved, double[] changed, double inverse) {}

    /**
     * Returns the lowest point found.
     *
     * @param firstStep the length of the first step, in the coordinates' unit
     * @param maxEvaluations how often the function may be called, at least 1
     */
    static Minimum minimize(
            Smooth function, double[] start, double[] low, double[] high, double firstStep, int maxEvaluations) {
        int n = start.length;
        double[] x = start.clone();
        for (int i = 0; i < n; i++) x[i] = Math.clamp(x[i], low[i], high[i]);
        double[] gradient = new double[n];
        double value = function.at(x, gradient);
        int evaluations = 1;
        if (!Double.isFinite(value)) return new Minimum(x, value);
        Deque<Step> steps = new ArrayDeque<>();
        double[] next = new double[n];
        double[] nextGradient = new double[n];
        while (evaluations < maxEvaluations) {
            double[] direction = direction(x, gradient, low, high, steps, firstStep);
            double slope = dot(direction, gradient);
            if (!(slope < 0)) break;
            double length = 1;
            double nextValue = Double.NaN;
            boolean isLower = false;
            for (int i = 0; i < MAX_HALVINGS && evaluations < maxEvaluations && !isLower; i++) {
                double gained = 0;
                for (int j = 0; j < n; j++) {
                    next[j] = Math.clamp(x[j] + length * direction[j], low[j], high[j]);
                    gained += (next[j] - x[j]) * gradient[j];
                }
                nextValue = function.at(next, nextGradient);
                evaluations++;
                isLower = nextValue <= value + SUFFICIENT * gained;
                if (!isLower) length *= Double.isFinite(nextValue) ? 0.4 : 0.1;
            }
            if (!isLower) break;
            remember(steps, x, next, gradient, nextGradient);
            boolean isFlat = value - nextValue < 1e-9 * (1 + Math.abs(value));
            System.arraycopy(next, 0, x, 0, n);
            System.arraycopy(nextGradient, 0, gradient, 0, n);
            value = nextValue;
            if (isFlat) break;
        }
        return new Minimum(x, value);
    }

    private static double[] direction(
            double[] x, double[] gradient, double[] low, double[] high, Deque<Step> steps, double firstStep) {
        int n = x.length;
        double[] direction = new double[n];
        for (int i = 0; i < n; i++) {
            boolean held = (x[i] <= low[i] && gradient[i] > 0) || (x[i] >= high[i] && gradient[i] < 0);
            direction[i] = held ? 0 : -gradient[i];
        }
        if (steps.isEmpty()) return scaled(direction, firstStep);
        double[] free = direction.clone();
        double[] weights = new double[steps.size()];
        int k = 0;
        for (Step step : steps) {
            weights[k] = dot(step.moved(), direction) * step.inverse();
            add(direction, -weights[k++], step.changed());
        }
        Step latest = steps.getFirst();
        double scale = 1 / (latest.inverse() * dot(latest.changed(), latest.changed()));
        for (int i = 0; i < n; i++) direction[i] *= scale;
        for (Iterator<Step> oldest = steps.descendingIterator(); oldest.hasNext(); ) {
            Step step = oldest.next();
            add(direction, weights[--k] - dot(step.changed(), direction) * step.inverse(), step.moved());
        }
        for (int i = 0; i < n; i++) if (free[i] == 0) direction[i] = 0;
        if (dot(direction, gradient) < 0) return direction;
        steps.clear();
        return scaled(free, firstStep);
    }

    private static double[] scaled(double[] direction, double length) {
        double norm = Math.sqrt(dot(direction, direction));
        if (norm > length) for (int i = 0; i < direction.length; i++) direction[i] *= length / norm;
        return direction;
    }

    private static void remember(
            Deque<Step> steps, double[] x, double[] next, double[] gradient, double[] nextGradient) {
        double[] moved = new double[x.length];
        double[] changed = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            moved[i] = next[i] - x[i];
            changed[i] = nextGradient[i] - gradient[i];
        }
        double product = dot(moved, changed);
        if (product <= 1e-10 * dot(moved, moved)) return;
        steps.addFirst(new Step(moved, changed, 1 / product));
        if (steps.size() > MEMORY) steps.removeLast();
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) sum += a[i] * b[i];
        return sum;
    }

    private static void add(double[] a, double factor, double[] b) {
        for (int i = 0; i < a.length; i++) a[i] += factor * b[i];
    }
}
