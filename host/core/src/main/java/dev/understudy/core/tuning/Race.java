package dev.understudy.core.tuning;

import dev.understudy.core.statistics.RandomizedComparison;
import dev.understudy.core.statistics.RandomizedComparison.Block;
import dev.understudy.core.statistics.RandomizedComparison.Finding;
import dev.understudy.core.tuning.RaceResult.Unit;
import dev.understudy.spi.optimization.Candidate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.random.RandomGenerator;

/**
 * The best candidate against the default, in blocks of about four measurements of each, in an order drawn by lot within each
 * block; a look after each. It ends when the candidate is shown to be better, or looks no better.
 *
 * <p>Where all figures are positive their logarithms are compared, so that the improvement is a share and one slow measurement
 * does not outweigh the rest.
 */
final class Race {
    /** Smaller blocks leave too few orders to show anything early; in larger ones drift counts for more. */
    private static final int BLOCK = 8;

    /** The last block takes what is left over up to this. */
    private static final int LARGEST_BLOCK = 11;

    private final Candidate candidate;
    private final Direction direction;
    private final int planned;
    private final List<List<Double>> defaults = new ArrayList<>();
    private final List<List<Double>> candidates = new ArrayList<>();
    private int moreFailures;

    Race(Candidate candidate, Direction direction, int planned) {
        this.candidate = candidate;
        this.direction = direction;
        this.planned = planned;
    }

    /** Which of the two is measured. */
    enum Side {
        DEFAULT,
        CANDIDATE
    }

    /** The order of a whole race, block by block. */
    static List<List<Side>> order(int planned, RandomGenerator random) {
        var blocks = new ArrayList<List<Side>>();
        int left = planned;
        while (left > 0) {
            int size = left <= LARGEST_BLOCK ? left : left < 2 * BLOCK ? left / 2 : BLOCK;
            var block = new ArrayList<Side>();
            for (int i = 0; i < size; i++) block.add(i < size / 2 ? Side.CANDIDATE : Side.DEFAULT);
            Collections.shuffle(block, java.util.Random.from(random));
            blocks.add(block);
            left -= size;
        }
        return blocks;
    }

    /** Takes a whole block, in which both have a figure. */
    void add(RaceBlock block) {
        defaults.add(block.figures(Side.DEFAULT));
        candidates.add(block.figures(Side.CANDIDATE));
        moreFailures += block.failures(Side.CANDIDATE) - block.failures(Side.DEFAULT);
    }

    /** Whether the candidate failed more often than the default, and not by one mishap only. */
    boolean failsMoreOften() {
        return moreFailures > 1;
    }

    /** Whether the blocks so far show that the candidate is better. */
    Finding finding() {
        return RandomizedComparison.finding(blocks(), planned);
    }

    /** Whether to stop: it is shown, or the candidate looks no better. */
    boolean decided() {
        return finding() == Finding.SHOWN || RandomizedComparison.difference(blocks()) <= 0;
    }

    /** How it stands; there is at least one block. */
    RaceResult result() {
        RandomizedComparison comparison = RandomizedComparison.of(blocks(), planned);
        Unit unit = unit();
        List<Double> ofDefault = all(defaults);
        List<Double> ofCandidate = all(candidates);
        return new RaceResult(
                candidate,
                unit,
                improvement(comparison.difference(), unit),
                improvement(comparison.low(), unit),
                improvement(comparison.high(), unit),
                ofDefault,
                ofCandidate,
                worst(ofDefault),
                worst(ofCandidate));
    }

    private Unit unit() {
        boolean positive = all(defaults).stream().allMatch(value -> value > 0)
                && all(candidates).stream().allMatch(value -> value > 0);
        return positive ? Unit.SHARE : Unit.FIGURE;
    }

    private List<Block> blocks() {
        DoubleUnaryOperator cost = switch (unit()) {
            case SHARE -> value -> direction.cost(Math.log(value));
            case FIGURE -> direction::cost;
        };
        var blocks = new ArrayList<Block>();
        for (int i = 0; i < defaults.size(); i++)
            blocks.add(new Block(mapped(defaults.get(i), cost), mapped(candidates.get(i), cost)));
        return blocks;
    }

    private double improvement(double difference, Unit unit) {
        return switch (unit) {
            case FIGURE -> difference;
            case SHARE ->
                switch (direction) {
                    case MINIMIZE -> -Math.expm1(-difference);
                    case MAXIMIZE -> Math.expm1(difference);
                };
        };
    }

    private double worst(List<Double> values) {
        return values.stream()
                .reduce((a, b) -> direction.isBetter(a, b) ? b : a)
                .orElseThrow();
    }

    private static List<Double> all(List<List<Double>> blocks) {
        return blocks.stream().flatMap(List::stream).toList();
    }

    private static List<Double> mapped(List<Double> values, DoubleUnaryOperator cost) {
        return values.stream().map(cost::applyAsDouble).toList();
    }
}
