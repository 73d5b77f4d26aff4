package dev.understudy.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The score of the Numenta Anomaly Benchmark (Lavin and Ahmad, "Evaluating Real-time Anomaly Detection Algorithms", ICMLA
 * 2015, section II): an early alarm in a window counts most, one after it less than nothing, and of several in one window the best counts. 0 is what a
 * detector gets that never alarms, 100 a perfect one.
 */
final class NumentaScore {
    /** What a false alarm and a missed window cost. */
    enum Profile {
        STANDARD(0.11, 1),
        REWARD_LOW_FALSE_POSITIVES(0.22, 1),
        REWARD_LOW_FALSE_NEGATIVES(0.11, 2);

        final double falsePositive;
        final double falseNegative;

        Profile(double falsePositive, double falseNegative) {
            this.falsePositive = falsePositive;
            this.falseNegative = falseNegative;
        }
    }

    /**
     * The stretch in which something was wrong.
     *
     * @param first index of its first value
     * @param last index of its last value
     */
    record Window(int first, int last) {}

    private final Profile profile;
    private double raw;
    private int windows;

    NumentaScore(Profile profile) {
        this.profile = profile;
    }

    /** Adds the alarms of one series. */
    void add(int length, List<Window> truth, List<Integer> alarms) {
        int probation = (int) Math.min(Math.floor(0.15 * length), 0.15 * 5000);
        double[] best = new double[truth.size()];
        Arrays.fill(best, -profile.falseNegative);
        for (int alarm : alarms) {
            if (alarm < probation) continue;
            int before = -1;
            int within = -1;
            for (int k = 0; k < truth.size(); k++) {
                Window window = truth.get(k);
                if (window.last() < alarm) before = k;
                else if (window.first() <= alarm) within = k;
            }
            if (within >= 0) {
                Window window = truth.get(within);
                double position = -(window.last() - alarm + 1) / (double) (window.last() - window.first() + 1);
                best[within] = Math.max(best[within], sigmoid(position) / sigmoid(-1));
            } else if (before < 0) raw -= profile.falsePositive;
            else {
                Window window = truth.get(before);
                double position = (alarm - window.last()) / (double) (window.last() - window.first());
                raw += profile.falsePositive * sigmoid(position);
            }
        }
        raw += Arrays.stream(best).sum();
        windows += truth.size();
    }

    private static double sigmoid(double position) {
        return position > 3 ? -1 : 2 / (1 + Math.exp(5 * position)) - 1;
    }

    /** The score of all that was added. */
    double score() {
        double never = -profile.falseNegative * windows;
        return 100 * (raw - never) / (windows - never);
    }

    /** The windows that the times name, in a series with these times. */
    static List<Window> windows(List<String> times, List<List<String>> named) {
        var windows = new ArrayList<Window>();
        for (List<String> each : named) {
            // The windows are written with fractions of a second, the times without; both sort as text.
            String from = each.getFirst().substring(0, 19);
            String to = each.getLast().substring(0, 19);
            int first = -1;
            int last = -1;
            for (int i = 0; i < times.size(); i++) {
                if (times.get(i).compareTo(from) < 0 || times.get(i).compareTo(to) > 0) continue;
                if (first < 0) first = i;
                last = i;
            }
            if (first >= 0) windows.add(new Window(first, last));
        }
        return windows;
    }
}
