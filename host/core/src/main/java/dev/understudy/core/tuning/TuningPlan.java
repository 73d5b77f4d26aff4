package dev.understudy.core.tuning;

import dev.understudy.spi.optimization.Candidate;
import dev.understudy.spi.optimization.SearchSpace;
import java.time.Duration;

/**
 * What a session may try, and how long.
 *
 * @param space its current setting is the default, to which all is compared
 * @param direction which figures are better
 * @param budget trials in all, with those of the default setting and of the race; at least {@link #MIN_BUDGET}
 * @param maxTime after which no more is tried; the race's share is kept free. Positive.
 * @param seed makes it repeatable
 * @param repeats measurements of each trial, at least 1; their mean counts
 * @param settle how long values are left to take effect before they are measured
 * @param machines on how many machines it measures, at least 1: the first has the search, the best few run the heat on others, too,
 *     and the race is run on each. The budget is at least {@link #minBudget} of it.
 */
public record TuningPlan(
        SearchSpace space,
        Direction direction,
        int budget,
        Duration maxTime,
        long seed,
        int repeats,
        Duration settle,
        int machines) {

    /** Fewer leave nothing to search with beside the race. */
    public static final int MIN_BUDGET = 16;

    public static final int DEFAULT_BUDGET = 60;

    /** The share of the budget that the race has at most. */
    private static final double RACE_SHARE = 0.15;

    /** With fewer measurements than this, nothing can be shown at the race's error rate with some power. */
    private static final int MIN_RACE = 9;

    /** Above it, the share falls: so many find an effect of a third of the noise. */
    private static final int MAX_RACE = 120;

    /** A race that is divided among machines needs some more: each machine's part is drawn by lot for itself. */
    private static final int MIN_DIVIDED_RACE = 12;

    /** With two, five machines had so few orders that a 10 % gain at 5 % noise was found in 59 of 100 sessions. */
    private static final int RACE_FOR_EACH_MACHINE = 3;

    private static final int MIN_BUDGET_DIVIDED = 30;
    private static final int BUDGET_FOR_EACH_MACHINE = 10;

    private static final int RACERS = 3;
    /** On more machines than this the few that run the heat need not be seen; the race sees the best of them on all. */
    private static final int HEAT_MACHINES = 3;

    private static final int BUDGET_FOR_EACH_HEAT_MACHINE = 20;
    private static final int MIN_SEARCH_WITH_HEAT = 12;

    public TuningPlan {
        if (space.current().isEmpty()) throw new IllegalArgumentException("space must name its current setting");
        if (machines < 1) throw new IllegalArgumentException("machines must be at least 1, was " + machines);
        if (budget < minBudget(machines))
            throw new IllegalArgumentException("budget must be at least " + minBudget(machines) + ", was " + budget);
        if (!maxTime.isPositive()) throw new IllegalArgumentException("maxTime must be positive, was " + maxTime);
        if (repeats < 1) throw new IllegalArgumentException("repeats must be at least 1, was " + repeats);
        if (settle.isNegative()) throw new IllegalArgumentException("settle must not be negative, was " + settle);
    }

    /** A plan for one machine. */
    public TuningPlan(
            SearchSpace space,
            Direction direction,
            int budget,
            Duration maxTime,
            long seed,
            int repeats,
            Duration settle) {
        this(space, direction, budget, maxTime, seed, repeats, settle, 1);
    }

    /** The smallest budget that leaves something to search with beside a race on so many machines. */
    public static int minBudget(int machines) {
        return machines == 1 ? MIN_BUDGET : Math.max(MIN_BUDGET_DIVIDED, BUDGET_FOR_EACH_MACHINE * machines);
    }

    /** One measurement a trial, no time to settle, a day at most, less is better. */
    public static TuningPlan of(SearchSpace space, int budget, long seed) {
        return new TuningPlan(space, Direction.MINIMIZE, budget, Duration.ofDays(1), seed, 1, Duration.ZERO);
    }

    /** The default setting. */
    public Candidate defaultSetting() {
        return space.current().orElseThrow();
    }

    /** Trials of the race at most. */
    public int raceTrials() {
        int alone = Math.clamp(Math.round(RACE_SHARE * budget), MIN_RACE, MAX_RACE);
        return machines == 1 ? alone : Math.max(alone, Math.max(MIN_DIVIDED_RACE, RACE_FOR_EACH_MACHINE * machines));
    }

    /** How many run the heat; none does where the search has too little to spend. */
    int racers() {
        return searchTrials() < MIN_SEARCH_WITH_HEAT ? 1 : RACERS;
    }

    /** How often each of them runs it; the heat is part of what the search may spend. */
    int heatRounds() {
        if (racers() == 1) return 0;
        int alone = Math.clamp(budget / DEFAULT_BUDGET, 1, 5);
        int seen = Math.min(machines, HEAT_MACHINES);
        return Math.max(alone, Math.clamp(budget / BUDGET_FOR_EACH_HEAT_MACHINE, 1, seen));
    }

    /** Trials of the search, the heat among them. */
    int searchTrials() {
        return budget - 2 - raceTrials();
    }
}
