package dev.understudy.core.tuning;

import dev.understudy.core.tuning.Race.Side;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The trials of one block of a race. A trial that failed, although it was made again, counts as the worst figure of its block: so
 * a failure is data like any other, and since that figure does not depend on which of the two failed, the race's comparison stays
 * as exact as without (see {@link dev.understudy.core.statistics.RandomizedComparison}).
 */
final class RaceBlock {
    private final Direction direction;
    private final Map<Side, List<Double>> measured = new EnumMap<>(Side.class);
    private final Map<Side, Integer> failures = new EnumMap<>(Side.class);
    private String lastFailure = "";

    RaceBlock(Direction direction) {
        this.direction = direction;
        for (Side side : Side.values()) measured.put(side, new ArrayList<>());
    }

    void add(Side side, TrialRecord trial) {
        if (trial.failed()) {
            failures.merge(side, 1, Integer::sum);
            lastFailure = trial.failure();
        } else {
            of(side).add(trial.value().orElseThrow());
        }
    }

    /** One of the two that failed in each of its trials. */
    Optional<Side> withoutFigure() {
        return Arrays.stream(Side.values()).filter(side -> of(side).isEmpty()).findFirst();
    }

    String lastFailure() {
        return lastFailure;
    }

    int failures(Side side) {
        return failures.getOrDefault(side, 0);
    }

    /** The figures of one of the two; there is one of each. */
    List<Double> figures(Side side) {
        var figures = new ArrayList<>(of(side));
        for (int i = 0; i < failures(side); i++) figures.add(worst());
        return figures;
    }

    private double worst() {
        return measured.values().stream()
                .flatMap(List::stream)
                .reduce((a, b) -> direction.isBetter(a, b) ? b : a)
                .orElseThrow();
    }

    private List<Double> of(Side side) {
        List<Double> figures = measured.get(side);
        if (figures == null) throw new IllegalStateException("no list for " + side);
        return figures;
    }
}
