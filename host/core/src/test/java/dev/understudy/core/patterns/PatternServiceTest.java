package dev.understudy.core.patterns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.spi.AutomationPotential;
import dev.understudy.spi.PatternDetector;
import dev.understudy.spi.Task;
import dev.understudy.spi.TaskPattern;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class PatternServiceTest {
    private static final PatternDetector.Settings SETTINGS = new PatternDetector.Settings(3, Duration.ofHours(24), 100);
    private static final Instant MONDAY = Instant.parse("2026-11-09T09:00:00Z");

    private static Task task(String type, Instant timestamp) {
        return new Task(type + timestamp, type, "", Map.of(), timestamp, Duration.ZERO, true);
    }

    /** Reports one pattern a task that it took, as often as it says. */
    private record Counting(String name, int occurrences, Instant[] askedAsOf) implements PatternDetector {
        @Override
        public Detection start(Settings settings) {
            var taken = new ArrayList<Task>();
            return new Detection() {
                @Override
                public void accept(Task task) {
                    if (task.type().equals("poison")) throw new IllegalStateException("bad plugin");
                    taken.add(task);
                }

                @Override
                public List<TaskPattern> patterns(Instant asOf) {
                    askedAsOf[0] = asOf;
                    return taken.stream().map(Counting.this::pattern).toList();
                }
            };
        }

        private TaskPattern pattern(Task task) {
            return new TaskPattern(
                    name + "-" + task.type(),
                    name,
                    task.type(),
                    occurrences,
                    task.timestamp(),
                    task.timestamp(),
                    Duration.ZERO,
                    1,
                    Map.of(),
                    List.of(),
                    AutomationPotential.of(occurrences, Duration.ZERO, Duration.ZERO),
                    List.of());
        }
    }

    private static Counting detector(String name, int occurrences) {
        return new Counting(name, occurrences, new Instant[1]);
    }

    @Nested
    class WithSeveralDetectors {
        @Test
        void listsWhatAllOfThemFoundHighestPotentialFirst() {
            var service = new PatternService(List.of(detector("weak", 3), detector("strong", 9)), SETTINGS);
            service.accept(task("cp", MONDAY));
            assertThat(service.patterns()).extracting(TaskPattern::id).containsExactly("strong-cp", "weak-cp");
        }

        @Test
        void countsRecencyFromTheNewestTask() {
            var detector = detector("one", 3);
            var service = new PatternService(List.of(detector), SETTINGS);
            service.accept(task("cp", MONDAY.plusSeconds(60)));
            service.accept(task("late", MONDAY));
            service.patterns();
            assertThat(detector.askedAsOf()[0]).isEqualTo(MONDAY.plusSeconds(60));
        }
    }

    @Nested
    class WhenADetectorThrows {
        @Test
        void namesItAndCarriesOnWithTheOthers() {
            PatternDetector careful = new PatternDetector() {
                @Override
                public String name() {
                    return "careful";
                }

                @Override
                public Detection start(Settings settings) {
                    throw new NoClassDefFoundError("gone");
                }
            };
            var service = new PatternService(List.of(careful, detector("one", 3)), SETTINGS);
            service.accept(task("cp", MONDAY));
            assertThat(service.patterns()).extracting(TaskPattern::id).containsExactly("one-cp");
            assertThat(service.problems()).singleElement().asString().contains("careful", "gone");
        }

        @Test
        void asksItNoMore() {
            var service = new PatternService(List.of(detector("one", 3)), SETTINGS);
            service.accept(task("poison", MONDAY));
            service.accept(task("cp", MONDAY));
            assertThat(service.patterns()).isEmpty();
            assertThat(service.problems()).hasSize(1);
        }
    }

    @Nested
    class WithoutTasks {
        @Test
        void findsNothing() {
            assertThat(new PatternService(List.of(detector("one", 3)), SETTINGS).patterns())
                    .isEmpty();
        }
    }
}
