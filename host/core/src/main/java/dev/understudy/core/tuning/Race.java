package dev.understudy.core.tuning;

import dev.understudy.core.statistics.MachineSpread;
import dev.understudy.core.statistics.RandomizedComparison;
import dev.understudy.core.statistics.RandomizedComparison.Block;
import dev.understudy.core.statistics.RandomizedComparison.Finding;
import dev.understudy.core.tuning.RaceResult.AtMachine;
import dev.understudy.core.tuning.RaceResult.Elsewhere;
import dev.understudy.core.tuning.RaceResult.Unit;
import dev.understudy.spi.optimization.Candidate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.DoubleUnaryOperator;
import java.util.random.RandomGenerator;

/**
 * The best candidate against the default, in blocks of about four measurements of each, in an order drawn by lot within each
 * block; a look after each. It ends when the candidate is shown to be better, or looks no better.
 *
 * <p>Where all figures are positive their logarithms are compared, so that the improvement is a share and one slow measurement
 * does not outweigh the rest.
 *
 * <p>On several machines each block is run on one of them, so that only the two settings on the same machine are compared, and the
 * race does not end before each machine has had as many blocks.
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
    private final List<Integer> machines = new ArrayList<>();
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

    /**
     * A block to be run.
     *
     * @param machine where; a block is run on one machine, so that how fast machines are does not count
     * @param order who is measured when
     * @param endsRound whether all machines have had as many blocks when it has ended
     */
    record Turn(int machine, List<Side> order, boolean endsRound) {
        Turn {
            order = List.copyOf(order);
        }
    }

    /** A whole race, block by block; machines take turns. */
    static List<Turn> turns(int planned, int machines, RandomGenerator random) {
        var turns = new ArrayList<Turn>();
        List<Integer> sizes = machines == 1 ? sizes(planned) : sizes(planned, machines);
        for (int i = 0; i < sizes.size(); i++) {
            int size = sizes.get(i);
            // What is left over of odd blocks on several machines goes to the one and to the other by turns.
            int ofCandidate = machines > 1 && i % 2 == 1 ? (size + 1) / 2 : size / 2;
            var order = new ArrayList<Side>();
            for (int k = 0; k < size; k++) order.add(k < ofCandidate ? Side.CANDIDATE : Side.DEFAULT);
            Collections.shuffle(order, java.util.Random.from(random));
            turns.add(new Turn(i % machines, order, i % machines == machines - 1));
        }
        return turns;
    }

    private static List<Integer> sizes(int planned) {
        var sizes = new ArrayList<Integer>();
        int left = planned;
        while (left > 0) {
            int size = left <= LARGEST_BLOCK ? left : left < 2 * BLOCK ? left / 2 : BLOCK;
            sizes.add(size);
            left -= size;
        }
        return sizes;
    }

    private static List<Integer> sizes(int planned, int machines) {
        int blocks = machines * Math.ceilDiv(planned, machines * LARGEST_BLOCK);
        var sizes = new ArrayList<Integer>();
        for (int i = 0; i < blocks; i++) sizes.add(planned / blocks + (i < planned % blocks ? 1 : 0));
        return sizes;
    }

    /** Takes a whole block, in which both have a figure, measured on one machine. */
    void add(RaceBlock block, int machine) {
        machines.add(machine);
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
                byMachine().entrySet().stream()
                        .map(each -> new AtMachine(each.getKey(), improvement(each.getValue(), unit)))
                        .toList(),
                elsewhere(comparison, unit),
                worst(ofDefault),
                worst(ofCandidate));
    }

    /** How far the candidate lies below the default on each machine. */
    private SortedMap<Integer, Double> byMachine() {
        List<Block> blocks = blocks();
        var differences = new TreeMap<Integer, Double>();
        for (int machine : new TreeSet<>(machines)) {
            var ofDefault = new ArrayList<Double>();
            var ofCandidate = new ArrayList<Double>();
            for (int i = 0; i < blocks.size(); i++) {
                if (machines.get(i) != machine) continue;
                ofDefault.addAll(blocks.get(i).reference());
                ofCandidate.addAll(blocks.get(i).candidate());
            }
            differences.put(machine, mean(ofDefault) - mean(ofCandidate));
        }
        return differences;
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }

    private Optional<Elsewhere> elsewhere(RandomizedComparison comparison, Unit unit) {
        List<Double> differences = List.copyOf(byMachine().values());
        MachineSpread spread = switch (unit) {
            case SHARE -> MachineSpread.LIKE_MACHINES;
            case FIGURE -> MachineSpread.UNKNOWN;
        };
        if (!spread.knows(differences.size())) return Optional.empty();
        MachineSpread.Interval interval = spread.elsewhere(differences);
        double low = interval.low();
        double high = interval.high();
        if (differences.size() == 1) {
            // One machine's figure shows nothing of its own error; the race's interval does.
            double middle = differences.getFirst();
            low = middle - Math.hypot(middle - low, comparison.difference() - comparison.low());
            high = middle + Math.hypot(high - middle, comparison.high() - comparison.difference());
        }
        return Optional.of(new Elsewhere(improvement(low, unit), improvement(high, unit)));
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
