package dev.understudy.plugins.optimizerstrategies;

import dev.understudy.spi.optimization.Candidate;
import dev.understudy.spi.optimization.SearchSpace;
import dev.understudy.spi.optimization.Trial;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All that a search was told, measurements of one point put together, and what is still out. Used by one thread. */
final class Observations {
    private static final double ROUNDING = 1e-9;

    private final Encoding encoding;
    private final Map<Map<String, Object>, Point> points = new LinkedHashMap<>();
    private final List<Candidate> pending = new ArrayList<>();
    private final List<Point> measured = new ArrayList<>();
    private final List<Point> failed = new ArrayList<>();

    /** A point that was told. */
    static final class Point {
        private final Candidate candidate;
        private final double[] row;
        private int count;
        private double mean;
        /** Of the measurements about their mean. */
        private double squares;

        private int failures;

        private Point(Candidate candidate, double[] row) {
            this.candidate = candidate;
            this.row = row;
        }

        Candidate candidate() {
            return candidate;
        }

        double[] row() {
            return row;
        }

        /** How often it was measured. */
        int count() {
            return count;
        }

        double mean() {
            return mean;
        }

        /** The sum of squares of its measurements about their mean. */
        double squares() {
            return squares;
        }

        /** Chan, Golub and LeVeque, "Algorithms for computing the sample variance", The American Statistician 37, 1983. */
        private void add(double otherMean, double otherSquares, int otherCount) {
            double difference = otherMean - mean;
            int total = count + otherCount;
            squares += otherSquares + difference * difference * count * otherCount / total;
            mean += difference * otherCount / total;
            count = total;
        }
    }

    Observations(Encoding encoding) {
        this.encoding = encoding;
    }

    /** Takes a trial and returns its point. */
    Point tell(Trial trial) {
        SearchSpace space = encoding.space();
        Candidate candidate =
                space.candidate(trial.candidate().values(), trial.candidate().origin());
        for (int i = 0; i < pending.size(); i++) {
            if (pending.get(i).values().equals(candidate.values())) {
                pending.remove(i);
                break;
            }
        }
        Point point = points.computeIfAbsent(candidate.values(), _ -> new Point(candidate, encoding.encode(candidate)));
        boolean isFirst = point.count == 0;
        switch (trial.outcome()) {
            case Trial.Value value -> point.add(value.value(), 0, 1);
            case Trial.Repeated repeated -> {
                double deviation = repeated.standardDeviation();
                point.add(repeated.mean(), deviation * deviation * (repeated.count() - 1), repeated.count());
            }
            case Trial.Failed _ -> {
                if (point.failures++ == 0) failed.add(point);
            }
        }
        if (isFirst && point.count > 0) measured.add(point);
        return point;
    }

    /** Notes that a candidate went out. */
    Candidate out(Candidate candidate) {
        pending.add(candidate);
        return candidate;
    }

    List<Candidate> pending() {
        return pending;
    }

    /** The rows of what is out. */
    List<double[]> pendingRows() {
        return pending.stream().map(encoding::encode).toList();
    }

    /** The points that were measured at least once, in the order in which they first were. */
    List<Point> measured() {
        return measured;
    }

    /** The points that failed at least once. */
    List<Point> failed() {
        return failed;
    }

    /** Whether any point was measured more than once. */
    boolean hasRepeats() {
        return measured.stream().anyMatch(point -> point.count > 1);
    }

    /** Whether some were measured more than once, and every measurement of a point was the same. */
    boolean areExact() {
        return hasRepeats() && measured.stream().allMatch(point -> point.squares == 0);
    }

    /** Whether a row was told or is out, but for rounding. */
    boolean knows(double[] row) {
        for (Point point : points.values()) if (isSame(point.row, row)) return true;
        for (Candidate candidate : pending) if (isSame(encoding.encode(candidate), row)) return true;
        return false;
    }

    private static boolean isSame(double[] one, double[] other) {
        for (int i = 0; i < one.length; i++) if (Math.abs(one[i] - other[i]) > ROUNDING) return false;
        return true;
    }

    /** The measured points, lowest mean first, equals in the order of measurement. */
    List<Point> ranked() {
        return measured.stream().sorted(Comparator.comparingDouble(Point::mean)).toList();
    }

    /** The candidate with the lowest mean. */
    Optional<Candidate> lowest() {
        return ranked().stream().findFirst().map(Point::candidate);
    }
}
