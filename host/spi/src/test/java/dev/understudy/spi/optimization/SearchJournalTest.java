package dev.understudy.spi.optimization;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SearchJournalTest {
    private static final SearchSpace SPACE =
            SearchSpace.builder().integer("n", 0, 1_000_000_000).build();

    /** Draws, moved on by what it was told, so that a call left out shows. */
    private static final class Drawing implements OptimizerStrategy {
        private final int version;
        private final List<Trial> told = new ArrayList<>();

        Drawing(int version) {
            this.version = version;
        }

        @Override
        public String name() {
            return "DRAWING";
        }

        @Override
        public String description() {
            return "draws";
        }

        @Override
        public Search start(SearchSpace space, RandomGenerator random) {
            told.clear();
            return new Search() {
                @Override
                public Candidate ask() {
                    return Candidate.of(Map.of("n", random.nextLong(1_000_000) + 1_000_000L * version));
                }

                @Override
                public void tell(Trial trial) {
                    told.add(trial);
                    if (trial.outcome() instanceof Trial.Value(double value))
                        for (int i = 0; i < value; i++) random.nextLong();
                }

                @Override
                public Optional<Candidate> recommended() {
                    return told.stream().map(Trial::candidate).findFirst();
                }
            };
        }
    }

    private static SearchJournal measured(OptimizerStrategy strategy) {
        SearchJournal journal = SearchJournal.start(strategy, SPACE, 7);
        for (int i = 0; i < 5; i++) {
            Candidate first = journal.ask();
            Candidate second = journal.ask();
            journal.tell(Trial.of(second, i));
            if (i < 4) journal.tell(Trial.of(first, 1));
        }
        return journal;
    }

    @Nested
    class AResumedSearch {
        @Test
        void goesOnAsIfNothingHadHappened() {
            SearchJournal whole = measured(new Drawing(1));
            SearchJournal resumed = SearchJournal.resume(new Drawing(1), SPACE, 7, whole.events());
            assertThat(resumed.events()).isEqualTo(whole.events());
            assertThat(resumed.ask()).isEqualTo(whole.ask());
            assertThat(resumed.recommended()).isEqualTo(whole.recommended()).isPresent();
        }

        @Test
        void knowsWhichCandidatesWereNeverTold() {
            SearchJournal whole = measured(new Drawing(1));
            SearchJournal resumed = SearchJournal.resume(new Drawing(1), SPACE, 7, whole.events());
            assertThat(resumed.pending())
                    .containsExactly(((SearchJournal.Event.Asked) whole.events().get(16)).candidate());
        }

        @Test
        void learnsEveryTrialOnceThoughItsStrategyNowAnswersOtherwise() {
            SearchJournal whole = measured(new Drawing(1));
            var changed = new Drawing(2);
            SearchJournal.resume(changed, SPACE, 7, whole.events());
            assertThat(changed.told).isEqualTo(whole.trials()).hasSize(9);
        }
    }
}
