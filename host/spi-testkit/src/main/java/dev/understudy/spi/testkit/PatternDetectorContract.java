package dev.understudy.spi.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.understudy.spi.PatternDetector;
import dev.understudy.spi.PatternDetector.Calendar;
import dev.understudy.spi.PatternDetector.Detection;
import dev.understudy.spi.PatternDetector.Settings;
import dev.understudy.spi.Task;
import dev.understudy.spi.TaskPattern;
import dev.understudy.spi.TaskPattern.Observation;
import dev.understudy.spi.TaskPattern.Variable;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every {@link PatternDetector} keeps. An implementer extends this class and gives the detector; tests of what it
 * finds are the implementer's own.
 */
public abstract class PatternDetectorContract {
    private static final Instant START = Instant.parse("2026-11-16T08:00:00Z");
    private static final Instant END = START.plus(Duration.ofDays(7));
    private static final int ALL = 10_000;

    /** Returns a detector as the host would make it. */
    protected abstract PatternDetector detector();

    /**
     * Returns the tasks of one occurrence of what this detector finds, all of one pattern: the first at the given time, the
     * others less than a second after it, ids of their own for each number. One task unless overridden.
     */
    protected List<Task> occurrence(int number, Instant time) {
        return List.of(
                new Task("simple-" + number, "backup", "", Map.of("what", "all"), time, Duration.ofSeconds(1), true));
    }

    /** By what a detector takes what it finds for repeated. */
    protected enum Counting {
        /** So many times within {@link Settings#timeWindow}. */
        WITHIN_WINDOW,
        /** On so many days, as {@link Settings#calendar} says, and only where there is one. */
        BY_CALENDAR
    }

    /** By what this detector counts. By the window unless overridden. */
    protected Counting counting() {
        return Counting.WITHIN_WINDOW;
    }

    private Settings settings(int maxTasks) {
        Duration day = Duration.ofHours(24);
        return switch (counting()) {
            case WITHIN_WINDOW -> new Settings(3, day, maxTasks);
            case BY_CALENDAR -> new Settings(3, day, maxTasks, Optional.of(new Calendar(3, ZoneOffset.UTC)));
        };
    }

    /**
     * Returns what was done before all else, among which nothing repeats, for a detector that compares with what is usual.
     * Nothing unless overridden.
     */
    protected List<Task> background(Instant before) {
        return List.of();
    }

    /** Returns a week in which much repeats, in the order of time, with ids, types and values of many kinds. */
    private List<Task> week(long seed) {
        var random = new Random(seed);
        List<Task> tasks = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            String name =
                    List.of("a", "b", "notes", "report-2026", "ünï", "x{y}").get(random.nextInt(6))
                            + random.nextInt(40);
            Map<String, Object> parameters = new LinkedHashMap<>();
            String type = switch (random.nextInt(10)) {
                case 0, 1 -> shell(parameters, "cp", List.of("~/" + name + ".txt", "/bak/" + name + ".txt"));
                case 2 -> shell(parameters, "rm", words(random, name));
                case 3 -> shell(parameters, "git commit", List.of("-m", "Fix " + name + " in two places"));
                case 4 -> shell(parameters, "ls", List.of());
                case 5 -> shell(parameters, "tar", words(random, "czf", name + ".tgz"));
                case 6 -> {
                    parameters.put("month", "2026-" + (10 + random.nextInt(3)));
                    parameters.put("copies", (long) random.nextInt(4));
                    parameters.put("draft", random.nextBoolean());
                    parameters.put("inputs", words(random, name + ".csv"));
                    parameters.put("options", Map.of("level", random.nextDouble(), "name", name));
                    yield "export_report";
                }
                case 7 -> {
                    parameters.put("message", "user " + name + " logged in from 10.0.0." + random.nextInt(255));
                    yield "log";
                }
                case 8 -> {
                    parameters.put("steps", List.of(Map.of("do", name, "times", (long) random.nextInt(9))));
                    parameters.put("empty", "");
                    yield "nested";
                }
                default -> "type " + random.nextInt(50);
            };
            tasks.add(new Task(
                    "task-" + seed + "-" + i,
                    type,
                    "",
                    parameters,
                    START.plusSeconds(i * 900L),
                    Duration.ofMillis(random.nextInt(3) * 400L),
                    random.nextInt(20) > 0));
            if (i % 20 == 10) tasks.addAll(occurrence(i, START.plusSeconds(i * 900L + 60)));
        }
        return tasks;
    }

    private static String shell(Map<String, Object> parameters, String type, List<String> words) {
        String typed = words.stream()
                .map(word -> word.contains(" ") ? "\"" + word + "\"" : word)
                .collect(Collectors.joining(" "));
        parameters.put(Task.COMMAND, typed.isEmpty() ? type : type + " " + typed);
        parameters.put(Task.ARGUMENTS, words);
        parameters.put(Task.WORKING_DIRECTORY, "/home/u/" + words.size());
        return type;
    }

    private static List<String> words(Random random, String... first) {
        List<String> words = new ArrayList<>(List.of(first));
        int more = random.nextInt(4);
        for (int i = 0; i < more; i++) words.add("w" + random.nextInt(9));
        return words;
    }

    private List<TaskPattern> patterns(List<Task> tasks, Settings settings) {
        Detection detection = detector().start(settings);
        tasks.forEach(detection::accept);
        return detection.patterns(END);
    }

    /** The background, and an occurrence at each time. */
    private List<Task> at(Instant... times) {
        List<Task> tasks = new ArrayList<>(background(START));
        for (int i = 0; i < times.length; i++) tasks.addAll(occurrence(i, times[i]));
        return tasks;
    }

    @Nested
    class ADetection {
        @ParameterizedTest
        @ValueSource(longs = {1, 2, 3})
        void givesTheSameHoweverOftenItIsAskedMeanwhile(long seed) {
            List<Task> tasks = week(seed);
            Detection asked = detector().start(settings(ALL));
            for (int i = 0; i < tasks.size(); i++) {
                asked.accept(tasks.get(i));
                if (i % 7 == 0) asked.patterns(tasks.get(i).timestamp());
            }
            assertThat(asked.patterns(END)).isEqualTo(patterns(tasks, settings(ALL)));
            assertThat(asked.patterns(END)).isEqualTo(asked.patterns(END));
        }

        @ParameterizedTest
        @ValueSource(longs = {4, 5})
        void findsTheSamePatternsInAnyOrderOfTheTasks(long seed) {
            List<Task> tasks = week(seed);
            List<Task> shuffled = new ArrayList<>(tasks);
            Collections.shuffle(shuffled, new Random(seed));
            assertThat(occurrencesById(patterns(shuffled, settings(ALL))))
                    .isEqualTo(occurrencesById(patterns(tasks, settings(ALL))));
        }

        @Test
        void isApartFromOthersOfTheSameDetector() {
            PatternDetector detector = detector();
            Detection first = detector.start(settings(ALL));
            Detection second = detector.start(settings(ALL));
            week(6).forEach(first::accept);
            assertThat(second.patterns(END)).isEmpty();
        }

        @Test
        void findsNothingInNothing() {
            assertThat(patterns(List.of(), settings(ALL))).isEmpty();
        }

        private Map<String, Integer> occurrencesById(List<TaskPattern> patterns) {
            return patterns.stream().collect(Collectors.toMap(TaskPattern::id, TaskPattern::occurrences));
        }
    }

    @Nested
    class Patterns {
        @Test
        void areOrderedByPotentialWithNoIdTwice() {
            List<TaskPattern> patterns = patterns(week(7), settings(ALL));
            assertThat(patterns).isNotEmpty();
            assertThat(patterns)
                    .extracting(pattern -> -pattern.potential().total())
                    .isSorted();
            assertThat(patterns).extracting(TaskPattern::id).doesNotHaveDuplicates();
            assertThat(patterns)
                    .extracting(TaskPattern::detector)
                    .containsOnly(detector().name());
        }

        @Test
        void keepTheirIdsWhenMoreOfTheSameHappens() {
            List<Task> tasks = week(8);
            Set<String> early = ids(patterns(tasks.subList(0, 2 * tasks.size() / 3), settings(ALL)));
            Set<String> late = ids(patterns(tasks, settings(ALL)));
            early.removeAll(late);
            assertThat(early).as("ids that went away").isEmpty();
        }

        private Set<String> ids(List<TaskPattern> patterns) {
            return patterns.stream().map(TaskPattern::id).collect(Collectors.toCollection(HashSet::new));
        }

        @Test
        void nameTheirVariablesApartAndCountTheirValues() {
            for (TaskPattern pattern : patterns(week(9), settings(ALL))) {
                assertThat(pattern.variables()).extracting(Variable::name).doesNotHaveDuplicates();
                for (Variable variable : pattern.variables()) {
                    assertThat(variable.values()).doesNotHaveDuplicates().isNotEmpty();
                    assertThat(variable.distinctValues())
                            .isGreaterThanOrEqualTo(2)
                            .isLessThanOrEqualTo(pattern.occurrences());
                    assertThat(variable.values()).hasSize(Math.min(variable.distinctValues(), Variable.MAX_VALUES));
                }
            }
        }

        @Test
        void showTheirLatestTasksFirst() {
            for (TaskPattern pattern : patterns(week(10), settings(ALL))) {
                assertThat(pattern.observations())
                        .hasSize(Math.min(pattern.occurrences(), TaskPattern.MAX_OBSERVATIONS));
                assertThat(pattern.observations())
                        .extracting(observation -> observation.task().timestamp())
                        .isSortedAccordingTo(Collections.reverseOrder());
                assertThat(pattern.observations().getFirst().task().timestamp()).isEqualTo(pattern.last());
                assertThat(pattern.observations())
                        .allSatisfy(observation ->
                                assertThat(observation.task().type()).isEqualTo(pattern.taskType()));
            }
        }

        @ParameterizedTest
        @ValueSource(longs = {11, 12, 13, 14})
        void giveBackEachTaskWhenItsBindingsAreFilledIn(long seed) {
            for (TaskPattern pattern : patterns(week(seed), settings(ALL))) {
                Set<String> names =
                        pattern.variables().stream().map(Variable::name).collect(Collectors.toSet());
                for (Observation observation : pattern.observations()) {
                    // Of a routine, an execution may lack steps; then it says nothing of what varies.
                    if (observation.bindings().isEmpty() && isRoutine(pattern)) continue;
                    assertThat(observation.bindings()).containsOnlyKeys(names);
                    assertThat(PatternText.fill(pattern.parameters(), observation.bindings()))
                            .as("%s of %s", observation.bindings(), pattern.parameters())
                            .isEqualTo(PatternText.written(observation.task().parameters()));
                }
            }
        }

        private boolean isRoutine(TaskPattern pattern) {
            return pattern.sequence().flatMap(TaskPattern.Sequence::routine).isPresent();
        }

        @Test
        void countTheirTasksAndHowTheyWent() {
            for (TaskPattern pattern : patterns(week(15), settings(ALL))) {
                if (pattern.occurrences() > TaskPattern.MAX_OBSERVATIONS) continue;
                long succeeded = pattern.observations().stream()
                        .filter(observation -> observation.task().success())
                        .count();
                assertThat(pattern.successRate()).isEqualTo(succeeded / (double) pattern.occurrences());
                assertThat(pattern.observations().getLast().task().timestamp()).isEqualTo(pattern.first());
            }
        }
    }

    @Nested
    class Limits {
        @TestFactory
        Stream<DynamicTest> leaveOutWhatDoesNotRepeatEnough() {
            return switch (counting()) {
                case WITHIN_WINDOW ->
                    Stream.of(
                            dynamicTest("what happens too seldom", this::seldom),
                            dynamicTest("what is spread over more than the window", this::spread),
                            dynamicTest("nothing else once some fall within the window", this::allOnceSome),
                            dynamicTest("not a late task", this::late));
                case BY_CALENDAR ->
                    Stream.of(
                            dynamicTest("what happens on too few days", this::fewDays),
                            dynamicTest("all where no calendar is given", this::noCalendar),
                            dynamicTest("not a late task", this::lateDay));
            };
        }

        private void fewDays() {
            assertThat(patterns(at(START, START.plusSeconds(60), days(1)), settings(ALL)))
                    .as("three times on two days, where three days are asked for")
                    .isEmpty();
            assertThat(patterns(at(START, days(1), days(2)), settings(ALL)))
                    .as("three times on three days in a row")
                    .singleElement()
                    .extracting(TaskPattern::occurrences)
                    .isEqualTo(3);
        }

        private void noCalendar() {
            assertThat(patterns(at(START, days(1), days(2)), new Settings(3, Duration.ofHours(1), ALL)))
                    .as("without a calendar in the settings, nothing repeats by it")
                    .isEmpty();
        }

        private void lateDay() {
            assertThat(patterns(at(days(2), START, days(1)), settings(ALL)))
                    .singleElement()
                    .extracting(TaskPattern::first, TaskPattern::last)
                    .containsExactly(START, days(2));
        }

        private static Instant days(int number) {
            return START.plus(Duration.ofDays(number));
        }

        private void seldom() {
            List<Task> twice = at(START, START.plusSeconds(60));
            assertThat(patterns(twice, new Settings(3, Duration.ZERO, 10_000))).isEmpty();
            assertThat(patterns(twice, new Settings(2, Duration.ZERO, 10_000)))
                    .singleElement()
                    .extracting(TaskPattern::occurrences)
                    .isEqualTo(2);
        }

        private void spread() {
            List<Task> spread = at(START, START.plus(Duration.ofHours(13)), START.plus(Duration.ofHours(26)));
            assertThat(patterns(spread, new Settings(3, Duration.ofHours(25), 10_000)))
                    .isEmpty();
            assertThat(patterns(spread, new Settings(3, Duration.ofHours(26), 10_000)))
                    .hasSize(1);
            assertThat(patterns(spread, new Settings(3, Duration.ZERO, 10_000))).hasSize(1);
        }

        private void allOnceSome() {
            Instant day4 = START.plus(Duration.ofDays(4));
            List<Task> tasks = at(
                    START,
                    START.plus(Duration.ofDays(1)),
                    START.plus(Duration.ofDays(2)),
                    START.plus(Duration.ofDays(3)),
                    day4,
                    day4.plusSeconds(1),
                    day4.plusSeconds(2));
            assertThat(patterns(tasks, new Settings(3, Duration.ofHours(1), 10_000)))
                    .singleElement()
                    .extracting(TaskPattern::occurrences, TaskPattern::first)
                    .containsExactly(7, START);
        }

        private void late() {
            List<Task> tasks = at(START.plusSeconds(120), START, START.plusSeconds(60));
            assertThat(patterns(tasks, new Settings(3, Duration.ofMinutes(2), 10_000)))
                    .singleElement()
                    .extracting(TaskPattern::first, TaskPattern::last)
                    .containsExactly(START, START.plusSeconds(120));
        }

        @Test
        void forgetAllButTheLatestTasks() {
            List<Task> tasks = week(16);
            Settings latest = settings(200);
            assertThat(patterns(tasks, latest))
                    .isEqualTo(patterns(tasks.subList(tasks.size() - 200, tasks.size()), settings(ALL)));
        }
    }
}
