package dev.understudy.bench;

import dev.understudy.bench.NumentaScore.Window;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * VUS-PR, how well scores tell the values within windows from the others at every threshold and for every tolerance at the windows' edges
 * (Paparrizos et al., "Volume Under the Surface: A New Accuracy Evaluation Measure for Time-Series Anomaly Detection", PVLDB
 * 15(11), 2022, sections 4 and 5). 1 is perfect; scores by lot reach about the share of values within windows. Unlike the
 * Numenta score it asks nothing of the threshold at which an alarm is raised, and gives nothing for being early.
 */
final class VolumeUnderSurface {
    private static final int STEPS = 10;

    private VolumeUnderSurface() {}

    /**
     * The mean area under the curve of precision over recall for buffers from none to the widest, in equal steps.
     *
     * @param scores one a value, higher for what is stranger
     * @param truth at least one window, within the scores, in order and without overlap
     * @param widest buffer around each window, in values, half of it on either side
     */
    static double precisionRecall(double[] scores, List<Window> truth, int widest) {
        int[] order = IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer each) -> scores[each])
                        .reversed())
                .mapToInt(Integer::intValue)
                .toArray();
        return IntStream.rangeClosed(0, STEPS)
                .mapToDouble(step -> area(scores, order, truth, step * widest / (double) STEPS))
                .average()
                .orElseThrow();
    }

    private static double area(double[] scores, int[] order, List<Window> truth, double buffer) {
        double[] labels = new double[scores.length];
        int[] nearest = new int[scores.length];
        double all = 0;
        for (int i = 0; i < labels.length; i++) {
            nearest[i] = -1;
            for (int k = 0; k < truth.size(); k++) {
                double label = label(truth.get(k), i, buffer);
                if (label > labels[i]) {
                    labels[i] = label;
                    nearest[i] = k;
                }
            }
            // Of the buffers half count, or a wider one would make recall harder than precision becomes easier.
            all += (labels[i] + (labels[i] == 1 ? 1 : 0)) / 2;
        }
        boolean[] met = new boolean[truth.size()];
        int windows = 0;
        double hits = 0;
        double recall = 0;
        double area = 0;
        for (int i = 0; i < order.length; i++) {
            hits += labels[order[i]];
            int window = nearest[order[i]];
            if (window >= 0 && !met[window]) {
                met[window] = true;
                windows++;
            }
            if (i + 1 < order.length && scores[order[i + 1]] == scores[order[i]]) continue;
            double reached = Math.min(1, hits / all) * windows / truth.size();
            area += (reached - recall) * hits / (i + 1);
            recall = reached;
        }
        return area;
    }

    private static double label(Window window, int index, double buffer) {
        int distance = Math.max(window.first() - index, index - window.last());
        if (distance <= 0) return 1;
        return distance <= buffer / 2 ? Math.sqrt(1 - distance / buffer) : 0;
    }
}
