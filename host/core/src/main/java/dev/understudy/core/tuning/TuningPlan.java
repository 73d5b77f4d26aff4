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
 */
public record TuningPlan(
        SearchSpace space, Direction direction, int budget, Duration maxTime, long seed, int repeats, Duration settle) {

    /** Fewer leave nothing to search with beside the race. */
    public static final int MIN_BUDGET = 16;

    public static final int DEFAULT_BUDGET = 60;

    /** The share of the budget that the race has at most. */
    private static final double RACE_SHARE = 0.15;

    /** With fewer measurements than this, nothing can be shown at the race's error rate with some power. */
    private static final int MIN_RACE = 9;

    /** Above it, the share falls: so many find an effect of a third of the noise. */
    private static final int MAX_RACE = 120;

    private static final int RACERS = 3;
    private static final int MIN_SEARCH_WITH_HEAT = 12;

    public TuningPlan {
        if (space.current().isEmpty()) throw new IllegalArgumentException("space must name its current setting");
        if (budget < MIN_BUDGET)
            throw new IllegalArgumentException("budget must be at least " + MIN_BUDGET + ", was " + budget);
        if (!maxTime.isPositive()) throw new IllegalArgumentException("maxTime must be positive, was " + maxTime);
        if (repeats < 1) throw new IllegalArgumentException("repeats must be at least 1, was " + repeats);
        if (settle.isNegative()) throw new IllegalArgumentException("settle must not be negative, was " + settle);
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
        return Math.clamp(Math.round(RACE_SHARE * budget), MIN_RACE, MAX_RACE);
    }

    /** How many run the heat; none does where the search has too little to spend. */
    int racers() {
        return searchTrials() < MIN_SEARCH_WITH_HEAT ? 1 : RACERS;
    }

    /** How often each of them runs it; the heat is part of what the search may spend. */
    int heatRounds() {
        return racers() == 1 ? 0 : Math.clamp(budget / DEFAULT_BUDGET, 1, 5);
    }

    /** Trials of the search, the heat among them. */
    int searchTrials() {
        return budget - 2 - raceTrials();
    }
}
