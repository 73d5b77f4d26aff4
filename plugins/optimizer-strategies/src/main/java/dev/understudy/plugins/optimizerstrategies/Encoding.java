package dev.understudy.plugins.optimizerstrategies;

import dev.understudy.spi.optimization.Candidate;
import dev.understudy.spi.optimization.Condition;
import dev.understudy.spi.optimization.Constraint;
import dev.understudy.spi.optimization.Dimension;
import dev.understudy.spi.optimization.Dimension.Categorical;
import dev.understudy.spi.optimization.Dimension.Flag;
import dev.understudy.spi.optimization.Dimension.IntegerRange;
import dev.understudy.spi.optimization.Dimension.Ordinal;
import dev.understudy.spi.optimization.Dimension.RealRange;
import dev.understudy.spi.optimization.SearchSpace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Turns points of a search space into rows of numbers and back.
 *
 * <p>A numeric or ordinal dimension is a column from 0 to 1, a categorical or boolean one a nominal column of choice
 * numbers. A dimension with special values has a nominal column more, which says whether it is in its range (0) or at which
 * special value (1, 2, …). A row is canonical if every number stands for exactly its value: integers lie at their cells'
 * centres (Garrido-Merchán and Hernández-Lobato, "Dealing with categorical and integer-valued variables in Bayesian
 * optimization with Gaussian processes", Neurocomputing 380, 2020: the model must see what is measured), and what does not
 * count is at the middle, or 0 if nominal. So two rows are equal if their points are. All rows that other classes see are
 * canonical. Immutable.
 */
final class Encoding {
    /** The share of drawn points at which a dimension has one of its special values. */
    private static final double SPECIAL_SHARE = 0.2;

    private static final int MAX_DRAWS = 10_000;

    private final SearchSpace space;
    private final List<Part> parts = new ArrayList<>();
    private final int columns;
    private final boolean[] nominal;
    private final int[] levels;

    /**
     * One dimension.
     *
     * @param column its first column
     * @param specialColumn the column of its special values, or the same as {@code column} if it has none
     * @param parent the part that its condition looks at, or itself if it has no condition
     */
    private record Part(Dimension dimension, int column, int specialColumn, int parent) {
        boolean hasSpecial() {
            return specialColumn != column;
        }
    }

    Encoding(SearchSpace space) {
        this.space = space;
        List<Integer> levelsOfColumn = new ArrayList<>();
        List<Boolean> nominalColumns = new ArrayList<>();
        Map<String, Integer> indexes = new LinkedHashMap<>();
        for (Dimension dimension : space.dimensions()) {
            int column = levelsOfColumn.size();
            int specials = 0;
            switch (dimension) {
                case RealRange range -> {
                    specials = range.specialValues().size();
                    levelsOfColumn.add(0);
                }
                case IntegerRange range -> {
                    specials = range.specialValues().size();
                    levelsOfColumn.add((int) Math.min(1 << 20, range.high() - range.low() + 1));
                }
                case Ordinal ordinal -> levelsOfColumn.add(ordinal.levels().size());
                case Categorical categorical ->
                    levelsOfColumn.add(categorical.choices().size());
                case Flag _ -> levelsOfColumn.add(2);
            }
            nominalColumns.add(dimension instanceof Categorical || dimension instanceof Flag);
            if (specials > 0) {
                levelsOfColumn.add(specials + 1);
                nominalColumns.add(true);
            }
            Condition condition = space.conditions().get(dimension.name());
            int index = parts.size();
            Integer parent = condition == null ? null : indexes.get(condition.parent());
            parts.add(new Part(dimension, column, specials > 0 ? column + 1 : column, parent == null ? index : parent));
            indexes.put(dimension.name(), index);
        }
        columns = levelsOfColumn.size();
        levels = levelsOfColumn.stream().mapToInt(Integer::intValue).toArray();
        nominal = new boolean[columns];
        for (int i = 0; i < columns; i++) nominal[i] = nominalColumns.get(i);
    }

    SearchSpace space() {
        return space;
    }

    int columns() {
        return columns;
    }

    boolean isNominal(int column) {
        return nominal[column];
    }

    /** The squared difference of two rows in one column: 1 between any two choices of a nominal one. */
    double square(int column, double[] one, double[] other) {
        double difference = one[column] - other[column];
        if (nominal[column]) return difference == 0 ? 0 : 1;
        return difference * difference;
    }

    /** How many values a column has; 0 if any number from 0 to 1. */
    int levels(int column) {
        return levels[column];
    }

    /** Whether any small step along a column leads to another point. */
    boolean isContinuous(int column) {
        return levels[column] == 0;
    }

    /**
     * A part of the space that has columns which count only there, or lies beside one that has: a choice on which other dimensions
     * depend, a special value or the range beside it.
     *
     * @param part the number of the dimension
     * @param column its nominal column
     * @param choice the number in that column
     * @param ownColumns how many columns count only there
     */
    record Branch(int part, int column, int choice, int ownColumns) {}

    /** All branches; none in a space without conditions and special values. */
    List<Branch> branches() {
        List<Branch> branches = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            if (part.hasSpecial())
                for (int choice = 0; choice < levels[part.specialColumn()]; choice++)
                    branches.add(new Branch(i, part.specialColumn(), choice, choice == 0 ? 1 : 0));
            else if (nominal[part.column()] && hasChildren(i))
                for (int choice = 0; choice < levels[part.column()]; choice++)
                    branches.add(new Branch(i, part.column(), choice, children(i, choice)));
        }
        return branches;
    }

    private boolean hasChildren(int index) {
        for (int i = 0; i < parts.size(); i++) if (i != index && parts.get(i).parent() == index) return true;
        return false;
    }

    /** How many dimensions count where a nominal one has this choice. */
    private int children(int index, int choice) {
        double[] row = new double[columns];
        row[parts.get(index).column()] = choice;
        Object value = value(parts.get(index), row);
        int children = 0;
        for (int i = 0; i < parts.size(); i++) {
            Condition condition =
                    space.conditions().get(parts.get(i).dimension().name());
            if (i != index
                    && parts.get(i).parent() == index
                    && condition != null
                    && condition.values().contains(value)) children++;
        }
        return children;
    }

    boolean isIn(Branch branch, double[] row) {
        return row[branch.column()] == branch.choice() && isActive(parts.get(branch.part()), row);
    }

    /** Puts a row into a branch, as far as the choices on which that depends can be made; canonical. */
    double[] into(Branch branch, double[] row) {
        int index = branch.part();
        while (!isActive(parts.get(index), row)) {
            Part part = parts.get(index);
            Condition condition = space.conditions().get(part.dimension().name());
            Part parent = parts.get(part.parent());
            if (condition == null || !nominal[parent.column()]) break;
            for (int choice = 0; choice < levels[parent.column()]; choice++) {
                row[parent.column()] = choice;
                if (condition.values().contains(value(parent, row))) break;
            }
            index = part.parent();
        }
        row[branch.column()] = branch.choice();
        return canonical(row);
    }

    /** The columns of a dimension, by its number in the space. */
    int[] columnsOf(int dimension) {
        Part part = parts.get(dimension);
        return part.hasSpecial() ? new int[] {part.column(), part.specialColumn()} : new int[] {part.column()};
    }

    /** Returns the row of a point of the space. */
    double[] encode(Candidate candidate) {
        double[] row = new double[columns];
        for (Part part : parts) {
            Object value = candidate.values().get(part.dimension().name());
            int column = part.column();
            if (value == null) {
                inactive(part, row);
                continue;
            }
            switch (part.dimension()) {
                case RealRange range -> {
                    double number = (Double) value;
                    int special = range.specialValues().indexOf(number);
                    if (part.hasSpecial()) row[part.specialColumn()] = special + 1;
                    row[column] = special >= 0 ? 0.5 : position(range, number);
                }
                case IntegerRange range -> {
                    long number = (Long) value;
                    int special = range.specialValues().indexOf(number);
                    if (part.hasSpecial()) row[part.specialColumn()] = special + 1;
                    row[column] = special >= 0 ? 0.5 : position(range, number);
                }
                case Ordinal ordinal -> {
                    row[column] = (ordinal.levels().indexOf((String) value) + 0.5)
                            / ordinal.levels().size();
                }
                case Categorical categorical ->
                    row[column] = categorical.choices().indexOf((String) value);
                case Flag _ -> row[column] = (Boolean) value ? 1 : 0;
            }
        }
        return row;
    }

    /** Returns the point that a row stands for. */
    Candidate decode(double[] row, String origin) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (Part part : parts)
            if (isActive(part, row)) values.put(part.dimension().name(), value(part, row));
        return new Candidate(values, origin);
    }

    /** Makes a row canonical: any number is allowed in a numeric column, any choice number in a nominal one. */
    double[] canonical(double[] row) {
        for (Part part : parts) {
            if (!isActive(part, row)) {
                inactive(part, row);
                continue;
            }
            int column = part.column();
            if (part.hasSpecial() && row[part.specialColumn()] > 0) {
                row[column] = 0.5;
                continue;
            }
            if (nominal[column]) continue;
            row[column] = Math.clamp(row[column], 0, 1);
            if (part.dimension() instanceof IntegerRange range) row[column] = position(range, (Long) value(part, row));
            else if (part.dimension() instanceof Ordinal ordinal)
                row[column] = (cell(row[column], ordinal.levels().size()) + 0.5)
                        / ordinal.levels().size();
        }
        return row;
    }

    /** Returns the row at a place of the unit cube, such that evenly spread places give evenly spread points. */
    double[] fromUnitCube(double[] place) {
        double[] row = place.clone();
        for (Part part : parts) {
            if (nominal[part.column()]) row[part.column()] = cell(place[part.column()], levels[part.column()]);
            if (!part.hasSpecial()) continue;
            double above = place[part.specialColumn()] - (1 - SPECIAL_SHARE);
            row[part.specialColumn()] =
                    above < 0 ? 0 : 1 + cell(above / SPECIAL_SHARE, levels[part.specialColumn()] - 1);
        }
        return canonical(row);
    }

    /** Draws a point evenly, whether allowed or not. */
    double[] draw(RandomGenerator random) {
        double[] place = new double[columns];
        for (int i = 0; i < columns; i++) place[i] = random.nextDouble();
        return fromUnitCube(place);
    }

    /** Whether the constraints allow a point. */
    boolean allows(double[] row) {
        return space.constraints().isEmpty() || space.allows(decode(row, "").values());
    }

    /**
     * Returns the first allowed row.
     *
     * @throws IllegalStateException if there is none in a long row of draws
     */
    double[] firstAllowed(Supplier<double[]> draws) {
        for (int i = 0; i < MAX_DRAWS; i++) {
            double[] row = draws.get();
            if (allows(row)) return row;
        }
        throw new IllegalStateException("None of " + MAX_DRAWS + " points drawn was allowed by the constraints: "
                + space.constraints().stream().map(Constraint::description).collect(Collectors.joining("; "))
                + ". Loosen them, or narrow the bounds to where they hold.");
    }

    private boolean isActive(Part part, double[] row) {
        Condition condition = space.conditions().get(part.dimension().name());
        if (condition == null) return true;
        Part parent = parts.get(part.parent());
        return isActive(parent, row) && condition.values().contains(value(parent, row));
    }

    private void inactive(Part part, double[] row) {
        row[part.column()] = nominal[part.column()] ? 0 : 0.5;
        if (part.hasSpecial()) row[part.specialColumn()] = 0;
    }

    private Object value(Part part, double[] row) {
        double at = row[part.column()];
        int special = part.hasSpecial() ? (int) row[part.specialColumn()] - 1 : -1;
        return switch (part.dimension()) {
            case RealRange range -> special >= 0 ? range.specialValues().get(special) : realAt(range, at);
            case IntegerRange range -> special >= 0 ? range.specialValues().get(special) : integerAt(range, at);
            case Ordinal ordinal ->
                ordinal.levels().get(cell(at, ordinal.levels().size()));
            case Categorical categorical -> categorical.choices().get((int) at);
            case Flag _ -> at > 0;
        };
    }

    private static int cell(double at, int cells) {
        return Math.clamp((int) (at * cells), 0, cells - 1);
    }

    private static double realAt(RealRange range, double at) {
        double value = switch (range.scale()) {
            case LINEAR -> range.low() + at * (range.high() - range.low());
            case LOG -> range.low() * Math.pow(range.high() / range.low(), at);
        };
        return Math.clamp(value, range.low(), range.high());
    }

    private static double position(RealRange range, double value) {
        return switch (range.scale()) {
            case LINEAR -> (value - range.low()) / (range.high() - range.low());
            case LOG -> Math.log(value / range.low()) / Math.log(range.high() / range.low());
        };
    }

    // Half a step is added at both ends, so that the outermost integers have a whole cell too.
    private static long integerAt(IntegerRange range, double at) {
        double low = range.low() - 0.5;
        double high = range.high() + 0.5;
        double value = switch (range.scale()) {
            case LINEAR -> low + at * (high - low);
            case LOG -> low * Math.pow(high / low, at);
        };
        return Math.clamp(Math.round(value), range.low(), range.high());
    }

    private static double position(IntegerRange range, long value) {
        double low = range.low() - 0.5;
        double high = range.high() + 0.5;
        return switch (range.scale()) {
            case LINEAR -> (value - low) / (high - low);
            case LOG -> Math.log(value / low) / Math.log(high / low);
        };
    }
}
