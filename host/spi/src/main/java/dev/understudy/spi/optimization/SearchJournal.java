package dev.understudy.spi.optimization;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGeneratorFactory;

/**
 * A search that can be saved and resumed: it writes down every call, and calling the same again on a fresh search with the
 * same seed brings back the same state. To save a search, keep its strategy's name, its seed and {@link #events()}.
 *
 * <p>Resuming costs what the asks cost the first time, so seconds for hundreds of trials. Used by one thread at a time.
 */
public final class SearchJournal implements OptimizerStrategy.Search {
    // Part of the JDK's list of generators that every JDK has; its sequence for a seed is specified.
    private static final String GENERATOR = "L64X128MixRandom";

    private final OptimizerStrategy.Search search;
    private final List<Event> events = new ArrayList<>();

    /** One call of a search. */
    public sealed interface Event {
        /** A candidate was handed out. */
        record Asked(Candidate candidate) implements Event {}

        /** A trial was taken in. */
        record Told(Trial trial) implements Event {}
    }

    private SearchJournal(OptimizerStrategy.Search search) {
        this.search = search;
    }

    /** Starts a search that has seen nothing. */
    public static SearchJournal start(OptimizerStrategy strategy, SearchSpace space, long seed) {
        return new SearchJournal(
                strategy.start(space, RandomGeneratorFactory.of(GENERATOR).create(seed)));
    }

    /**
     * Brings a search back to where it was.
     *
     * <p>If the strategy now answers otherwise than it did, since it is of another version, a new search is told the same
     * trials in the same order: nothing measured is lost, but it may go on another way.
     *
     * @param events as {@link #events()} gave them
     */
    public static SearchJournal resume(OptimizerStrategy strategy, SearchSpace space, long seed, List<Event> events) {
        SearchJournal journal = start(strategy, space, seed);
        if (!journal.replays(events)) {
            journal = start(strategy, space, seed);
            for (Event event : events) if (event instanceof Event.Told told) journal.search.tell(told.trial());
        }
        journal.events.addAll(events);
        return journal;
    }

    private boolean replays(List<Event> events) {
        for (Event event : events) {
            switch (event) {
                case Event.Asked asked -> {
                    if (!search.ask().values().equals(asked.candidate().values())) return false;
                }
                case Event.Told told -> search.tell(told.trial());
            }
        }
        return true;
    }

    /** All calls so far, in their order. */
    public List<Event> events() {
        return List.copyOf(events);
    }

    /** The trials told so far, in their order. */
    public List<Trial> trials() {
        return events.stream()
                .filter(Event.Told.class::isInstance)
                .map(event -> ((Event.Told) event).trial())
                .toList();
    }

    /**
     * The candidates that were handed out and not told since, in their order: after a resume these were perhaps never
     * measured, so measure them first.
     */
    public List<Candidate> pending() {
        List<Candidate> pending = new ArrayList<>();
        for (Event event : events) {
            switch (event) {
                case Event.Asked asked -> pending.add(asked.candidate());
                case Event.Told told ->
                    removeFirst(pending, told.trial().candidate().values());
            }
        }
        return pending;
    }

    private static void removeFirst(List<Candidate> candidates, Map<String, Object> values) {
        for (int i = 0; i < candidates.size(); i++) {
            if (candidates.get(i).values().equals(values)) {
                candidates.remove(i);
                return;
            }
        }
    }

    @Override
    public Candidate ask() {
        Candidate candidate = search.ask();
        events.add(new Event.Asked(candidate));
        return candidate;
    }

    @Override
    public void tell(Trial trial) {
        search.tell(trial);
        events.add(new Event.Told(trial));
    }

    @Override
    public Optional<Candidate> recommended() {
        return search.recommended();
    }

    @Override
    public Map<String, Double> importance() {
        return search.importance();
    }
}
