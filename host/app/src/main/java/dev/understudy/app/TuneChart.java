package dev.understudy.app;

import dev.understudy.core.tuning.Direction;
import dev.understudy.core.tuning.Phase;
import dev.understudy.core.tuning.TrialRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Convergence and importance of parameters as lines of text. */
final class TuneChart {
    private static final int HEIGHT = 8;
    private static final int BAR = 30;

    private TuneChart() {}

    /** One trial as it is drawn. */
    record Point(int number, double value, double best, Phase phase) {}

    /** Trials on the first machine, since others may be slower, that did not fail, each with the best figure until then. */
    static List<Point> points(List<TrialRecord> trials, Direction direction) {
        var points = new ArrayList<Point>();
        for (int i = 0; i < trials.size(); i++) {
            if (trials.get(i).failed() || trials.get(i).machine() != 0) continue;
            double value = trials.get(i).value().orElseThrow();
            double best = points.isEmpty()
                            || direction.isBetter(value, points.getLast().best())
                    ? value
                    : points.getLast().best();
            points.add(new Point(i + 1, value, best, trials.get(i).phase()));
        }
        return points;
    }

    /** Trials from left to right: {@code ·} what was measured, {@code ━} the best so far. */
    static List<String> convergence(List<TrialRecord> trials, Direction direction, int width) {
        List<Point> points = points(trials, direction);
        if (points.size() < 2) return List.of();
        double low = points.stream().mapToDouble(Point::value).min().orElse(0);
        double high = points.stream().mapToDouble(Point::value).max().orElse(0);
        if (high - low <= 0) return List.of();
        int columns = Math.min(width - 14, trials.size());
        var rows = new char[HEIGHT][columns];
        for (char[] row : rows) java.util.Arrays.fill(row, ' ');
        for (Point point : points) rows[row(point.value(), low, high)][column(point, trials.size(), columns)] = '·';
        for (Point point : points) rows[row(point.best(), low, high)][column(point, trials.size(), columns)] = '━';
        var lines = new ArrayList<String>();
        for (int i = 0; i < HEIGHT; i++) {
            String label = i == 0 ? TuneView.figure(high) : i == HEIGHT - 1 ? TuneView.figure(low) : "";
            lines.add("%10s │%s".formatted(label, new String(rows[i]).stripTrailing()));
        }
        lines.add(" ".repeat(11) + "└" + "─".repeat(columns));
        lines.add(" ".repeat(12) + "1" + " ".repeat(Math.max(1, columns - 1 - digits(trials.size()))) + trials.size());
        return lines;
    }

    private static int row(double value, double low, double high) {
        return Math.clamp(Math.round((high - value) / (high - low) * (HEIGHT - 1)), 0, HEIGHT - 1);
    }

    private static int column(Point point, int trials, int columns) {
        return Math.clamp((long) (point.number() - 1) * columns / trials, 0, columns - 1);
    }

    private static int digits(int number) {
        return Integer.toString(number).length();
    }

    /** A bar for each parameter, the most important first. */
    static List<String> importance(Map<String, Double> importance) {
        int name = importance.keySet().stream().mapToInt(String::length).max().orElse(0);
        return importance.entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .map(entry -> ("%-" + Math.max(1, name) + "s  %s %d %%")
                        .formatted(
                                entry.getKey(),
                                "█".repeat((int) Math.round(entry.getValue() * BAR)),
                                Math.round(entry.getValue() * 100)))
                .toList();
    }
}
