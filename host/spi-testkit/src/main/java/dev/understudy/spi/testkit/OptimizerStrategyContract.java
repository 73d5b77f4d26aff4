package dev.understudy.spi.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.spi.optimization.Candidate;
import dev.understudy.spi.optimization.OptimizerStrategy;
import dev.understudy.spi.optimization.OptimizerStrategy.Search;
import dev.understudy.spi.optimization.SearchJournal;
import dev.understudy.spi.optimization.SearchSpace;
import dev.understudy.spi.optimization.Trial;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What every {@link OptimizerStrategy} keeps. An implementer extends this class and gives the strategy; how good its
 * candidates are is the implementer's own to test.
 */
public abstract class OptimizerStrategyContract {
    private static final int TRIALS = 25;

    /** Returns a strategy as the host would make it. */
    protected abstract OptimizerStrategy strategy();

    /** Spaces of every kind. */
    protected enum Space {
        /** Two real dimensions. */
        REAL {
            @Override
            SearchSpace.Builder builder() {
                return SearchSpace.builder().real("x", -5, 10).logReal("y", 1e-3, 1e3);
            }

            @Override
            Map<String, Object> current() {
                return Map.of("x", 1.5, "y", 0.25);
            }
        },
        /** Every kind of dimension, special values, a condition and a constraint. */
        MIXED {
            @Override
            SearchSpace.Builder builder() {
                return SearchSpace.builder()
                        .real("ratio", 0, 1)
                        .logInteger("workers", 1, 256, 0L)
                        .integer("depth", -3, 12)
                        .ordinal("size", "small", "medium", "large", "huge")
                        .categorical("method", "sync", "async", "direct")
                        .logReal("delay", 0.1, 100)
                        .onlyIf("method", "async", "direct")
                        .flag("compress")
                        .integer("level", 1, 9)
                        .onlyIf("compress", true)
                        .constraint(
                                "depth <= 6 unless method is sync",
                                values -> Objects.equals(values.get("method"), "sync")
                                        || (values.get("depth") instanceof Long depth && depth <= 6));
            }

            @Override
            Map<String, Object> current() {
                return Map.of(
                        "ratio",
                        0.5,
                        "workers",
                        0L,
                        "depth",
                        7L,
                        "size",
                        "small",
                        "method",
                        "sync",
                        "compress",
                        true,
                        "level",
                        6L);
            }
        },
        /** Six points, fewer than trials. */
        TINY {
            @Override
            SearchSpace.Builder builder() {
                return SearchSpace.builder().flag("on").categorical("kind", "a", "b", "c");
            }

            @Override
            Map<String, Object> current() {
                return Map.of("on", false, "kind", "b");
            }
        };

        abstract SearchSpace.Builder builder();

        abstract Map<String, Object> current();

        SearchSpace space() {
            return builder().build();
        }

        SearchSpace withCurrent() {
            return builder().current(current()).build();
        }
    }

    /** A figure that depends on every value, a few of them failing. */
    private static Trial measure(Candidate candidate, Random noise) {
        double sum = 0;
        for (Object value : candidate.values().values())
            sum += switch (value) {
                case Double number -> Math.abs(number - 0.3);
                case Long number -> Math.abs(number - 3) / 10.0;
                case Boolean truth -> truth ? 0.5 : 0;
                default -> value.toString().length() / 4.0;
            };
        double figure = sum + 0.05 * noise.nextGaussian();
        return switch (noise.nextInt(8)) {
            case 0 -> new Trial(candidate, new Trial.Failed("it crashed"));
            case 1 -> new Trial(candidate, Trial.Repeated.of(List.of(figure, figure + 0.1, figure - 0.1)));
            default -> Trial.of(candidate, figure);
        };
    }

    private SearchJournal started(SearchSpace space) {
        return SearchJournal.start(strategy(), space, 42);
    }

    /** Asks and tells, with up to three candidates out at a time. */
    private static void run(Search search, int trials, long seed) {
        var random = new Random(seed);
        List<Candidate> out = new ArrayList<>();
        for (int told = 0; told < trials; told++) {
            int wanted = 1 + random.nextInt(3);
            while (out.size() < wanted) out.add(search.ask());
            search.tell(measure(out.remove(random.nextInt(out.size())), random));
        }
    }

    @Test
    void hasANameForTheConfigurationAndALineForPeople() {
        assertThat(strategy().name()).matches("[A-Z][A-Z0-9_]*");
        assertThat(strategy().description()).isNotBlank().doesNotContain("\n");
    }

    @Nested
    class Candidates {
        @ParameterizedTest
        @EnumSource(Space.class)
        void lieInTheSpaceAndAreAllowed(Space kind) {
            SearchSpace space = kind.space();
            SearchJournal journal = started(space);
            run(journal, TRIALS, 1);
            for (SearchJournal.Event event : journal.events())
                if (event instanceof SearchJournal.Event.Asked asked)
                    assertThat(space.problems(asked.candidate())).isEmpty();
        }

        @ParameterizedTest
        @EnumSource(Space.class)
        void beginWithTheCurrentSetting(Space kind) {
            Candidate first = started(kind.withCurrent()).ask();
            assertThat(first.values()).isEqualTo(kind.current());
        }

        @ParameterizedTest
        @EnumSource(
                value = Space.class,
                names = {"REAL", "MIXED"})
        void thatAreOutTogetherDiffer(Space kind) {
            Search search = started(kind.space());
            run(search, TRIALS, 2);
            Set<Map<String, Object>> out = new HashSet<>();
            for (int i = 0; i < 4; i++) out.add(search.ask().values());
            assertThat(out).hasSize(4);
        }

        @Test
        void areStillGivenWhenEveryPointOfTheSpaceIsKnown() {
            SearchSpace space = Space.TINY.space();
            Search search = started(space);
            run(search, 2 * TRIALS, 3);
            assertThat(space.problems(search.ask())).isEmpty();
        }

        @Test
        void areStillGivenWhenEveryTrialFails() {
            SearchSpace space = Space.MIXED.space();
            Search search = started(space);
            Set<Map<String, Object>> asked = new HashSet<>();
            for (int i = 0; i < TRIALS; i++) {
                Candidate candidate = search.ask();
                asked.add(candidate.values());
                search.tell(new Trial(candidate, new Trial.Failed("it crashed")));
            }
            assertThat(asked).hasSizeGreaterThan(TRIALS / 2);
            assertThat(search.recommended()).isEmpty();
        }

        @Test
        void areStillGivenWhenEveryValueIsTheSame() {
            SearchSpace space = Space.REAL.space();
            Search search = started(space);
            for (int i = 0; i < TRIALS; i++) search.tell(Trial.of(search.ask(), 1e9));
            assertThat(space.problems(search.ask())).isEmpty();
        }

        @Test
        void cannotBeGivenWhereNothingIsAllowed() {
            Search search = started(
                    Space.REAL.builder().constraint("nothing", _ -> false).build());
            assertThatThrownBy(search::ask)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("nothing");
        }
    }

    @Nested
    class ASeed {
        @ParameterizedTest
        @EnumSource(Space.class)
        void repeatsTheSearch(Space kind) {
            SearchJournal first = started(kind.space());
            SearchJournal second = started(kind.space());
            run(first, TRIALS, 4);
            run(second, TRIALS, 4);
            assertThat(second.events()).isEqualTo(first.events());
            assertThat(second.recommended()).isEqualTo(first.recommended());
            assertThat(second.importance()).isEqualTo(first.importance());
        }

        @Test
        void makesADifference() {
            SearchJournal other = SearchJournal.start(strategy(), Space.REAL.space(), 43);
            SearchJournal journal = started(Space.REAL.space());
            run(other, TRIALS, 4);
            run(journal, TRIALS, 4);
            assertThat(other.events()).isNotEqualTo(journal.events());
        }
    }

    @Nested
    class ASearch {
        @ParameterizedTest
        @EnumSource(Space.class)
        void goesOnAfterAResumeAsIfNothingHadHappened(Space kind) {
            SearchJournal whole = started(kind.withCurrent());
            run(whole, TRIALS, 5);
            SearchJournal resumed = SearchJournal.resume(strategy(), kind.withCurrent(), 42, whole.events());
            run(whole, 3, 6);
            run(resumed, 3, 6);
            assertThat(resumed.events()).isEqualTo(whole.events());
        }

        @Test
        void isApartFromOthersOfTheSameStrategy() {
            OptimizerStrategy strategy = strategy();
            SearchJournal alone = SearchJournal.start(strategy, Space.REAL.space(), 42);
            run(alone, TRIALS, 7);
            SearchJournal first = SearchJournal.start(strategy, Space.REAL.space(), 42);
            SearchJournal beside = SearchJournal.start(strategy, Space.MIXED.space(), 42);
            var random = new Random(8);
            run(beside, 5, 8);
            beside.tell(measure(beside.ask(), random));
            run(first, TRIALS, 7);
            assertThat(first.events()).isEqualTo(alone.events());
        }

        @Test
        void learnsFromPointsThatItNeverAskedFor() {
            Search search = started(Space.MIXED.space());
            search.tell(new Trial(
                    Space.MIXED.space().candidate(Space.MIXED.current(), ""), Trial.Repeated.of(List.of(1.0, 1.1))));
            assertThat(search.recommended().map(Candidate::values).orElse(Space.MIXED.current()))
                    .isEqualTo(Space.MIXED.current());
            assertThat(Space.MIXED.space().problems(search.ask())).isEmpty();
        }

        @Test
        void refusesATrialOfAnotherSpace() {
            Search search = started(Space.REAL.space());
            assertThatThrownBy(() -> search.tell(Trial.of(Candidate.of(Map.of("x", 0.5, "z", 1.0)), 1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'z' is no dimension");
        }

        @ParameterizedTest
        @EnumSource(Space.class)
        void recommendsOnlyWhatSucceeded(Space kind) {
            SearchJournal journal = started(kind.space());
            run(journal, TRIALS, 9);
            List<Map<String, Object>> succeeded = journal.trials().stream()
                    .filter(trial -> !(trial.outcome() instanceof Trial.Failed))
                    .map(trial -> trial.candidate().values())
                    .toList();
            journal.recommended().ifPresent(best -> assertThat(succeeded).contains(best.values()));
        }

        @ParameterizedTest
        @EnumSource(Space.class)
        void givesTheImportanceOfDimensionsAsShares(Space kind) {
            SearchJournal journal = started(kind.space());
            run(journal, TRIALS, 10);
            Map<String, Double> importance = journal.importance();
            if (importance.isEmpty()) return;
            assertThat(importance).hasSameSizeAs(kind.space().dimensions());
            kind.space()
                    .dimensions()
                    .forEach(dimension -> assertThat(importance).containsKey(dimension.name()));
            assertThat(importance.values())
                    .allSatisfy(share -> assertThat(share).isBetween(0.0, 1.0));
        }
    }
}
