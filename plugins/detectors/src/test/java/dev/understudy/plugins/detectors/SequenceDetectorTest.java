package dev.understudy.plugins.detectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.spi.PatternDetector.Settings;
import dev.understudy.spi.Task;
import dev.understudy.spi.TaskPattern;
import dev.understudy.spi.TaskPattern.CarriedOver;
import dev.understudy.spi.testkit.UnixUserHistory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SequenceDetectorTest {
    private static final Settings SETTINGS = new Settings(3, Duration.ofHours(24), 100_000);
    private static final Instant START = Instant.parse("2026-11-16T08:00:00Z");

    private final List<String> commands = new ArrayList<>();
    private final Random random = new Random(7);

    private SequenceDetectorTest type(String... typed) {
        commands.addAll(List.of(typed));
        return this;
    }

    /** Commands of many kinds, the frequent ones much more frequent than the rest. */
    private SequenceDetectorTest noise(int count) {
        for (int i = 0; i < count; i++)
            commands.add(
                    switch (random.nextInt(10)) {
                        case 0, 1, 2, 3 -> "ls";
                        case 4, 5 -> "cat notes";
                        default -> "tool" + random.nextInt(40) + " x";
                    });
        return this;
    }

    private static List<Task> tasks(List<String> lines, Duration apart) {
        List<Task> tasks = new ArrayList<>();
        for (String line : lines) {
            List<String> words = List.of(line.split(" "));
            boolean two = words.getFirst().equals("git");
            Map<String, Object> parameters = new LinkedHashMap<>();
            parameters.put(Task.COMMAND, line);
            parameters.put(Task.ARGUMENTS, words.subList(two ? 2 : 1, words.size()));
            String type = two ? "git " + words.get(1) : words.getFirst();
            tasks.add(new Task(
                    "t" + tasks.size(),
                    type,
                    line,
                    parameters,
                    START.plus(apart.multipliedBy(tasks.size())),
                    Duration.ZERO,
                    true));
        }
        return tasks;
    }

    private static List<TaskPattern> find(List<Task> tasks, double chance) {
        var detection = new SequenceDetection(SETTINGS, chance);
        tasks.forEach(detection::accept);
        return detection.patterns(tasks.getLast().timestamp());
    }

    private List<TaskPattern> found() {
        return find(tasks(commands, Duration.ofSeconds(10)), ChanceGuard.DEFAULT_CHANCE);
    }

    @Nested
    class ARoutine {
        @Test
        void isFoundWithWhatCarriesOverFromStepToStep() {
            for (int i = 0; i < 8; i++)
                noise(15).type("tar czf out/site-" + i + ".tgz site", "scp out/site-" + i + ".tgz web:backup");
            TaskPattern pattern = found().getFirst();
            assertThat(pattern.taskType()).isEqualTo("tar → scp");
            assertThat(pattern.occurrences()).isEqualTo(8);
            var sequence = pattern.sequence().orElseThrow();
            assertThat(sequence.steps())
                    .extracting(step -> step.parameters().getOrDefault(Task.ARGUMENTS, List.of()))
                    .containsExactly(
                            List.of("czf", "out/site-{number}.tgz", "site"),
                            List.of("out/site-{number}.tgz", "web:backup"));
            assertThat(sequence.carriedOver()).containsExactly(new CarriedOver("out/site-{number}.tgz", List.of(1, 2)));
            assertThat(pattern.observations().getFirst().steps())
                    .extracting(Task::type)
                    .containsExactly("tar", "scp");
        }

        @Test
        void isFoundWithOtherTasksBetweenItsSteps() {
            for (int i = 0; i < 12; i++)
                noise(12)
                        .type("mkdir new" + i)
                        .noise(random.nextInt(3))
                        .type("cp form.txt new" + i)
                        .noise(random.nextInt(4))
                        .type("zip new" + i + ".zip new" + i);
            assertThat(found().getFirst())
                    .extracting(TaskPattern::taskType, TaskPattern::occurrences)
                    .containsExactly("mkdir → cp → zip", 12);
        }

        @Test
        void hasOneVariableForANameAndThePathThatHoldsIt() {
            for (String name : List.of("spring.tgz", "summer.tgz", "autumn.tgz", "winter.tgz", "year.tgz"))
                noise(20).type("pack /srv/" + name.length() + "/" + name + " all", "publish " + name);
            var sequence = found().getFirst().sequence().orElseThrow();
            assertThat(sequence.carriedOver()).hasSize(1);
            assertThat(sequence.carriedOver().getFirst().steps()).containsExactly(1, 2);
        }

        @Test
        void isToldApartByTheWordsThatSayWhatIsDone() {
            for (int i = 0; i < 6; i++) noise(15).type("make clean", "make", "make install");
            assertThat(found())
                    .extracting(pattern -> pattern.sequence().orElseThrow().steps().stream()
                            .map(step -> step.parameters().get(Task.COMMAND))
                            .toList())
                    .contains(List.of("make clean", "make", "make install"));
        }

        @Test
        void isListedOnceAndNotByItsParts() {
            for (int i = 0; i < 10; i++) noise(15).type("fetch a.csv", "clean a.csv", "load a.csv", "report a.csv");
            assertThat(found()).extracting(TaskPattern::taskType).containsExactly("fetch → clean → load → report");
        }

        @Test
        void isListedBesideALongerOneIfItIsOftenDoneAlone() {
            for (int i = 0; i < 10; i++)
                noise(12).type("fetch a.csv", "clean a.csv").noise(12).type("fetch a.csv", "clean a.csv", "load a.csv");
            assertThat(found()).extracting(TaskPattern::taskType).contains("fetch → clean", "fetch → clean → load");
        }

        @Test
        void isListedOnceIfItIsALoop() {
            for (int i = 0; i < 5; i++) {
                noise(20);
                for (int turn = 0; turn < 6; turn++) type("edit a.c", "build a.c", "try a");
            }
            assertThat(found()).hasSize(1);
        }

        @Test
        void isNoRoutineAcrossALongPause() {
            for (int i = 0; i < 8; i++) noise(15).type("tar czf a.tgz site", "scp a.tgz web:");
            assertThat(find(tasks(commands, Duration.ofMinutes(61)), ChanceGuard.DEFAULT_CHANCE))
                    .isEmpty();
        }
    }

    @Nested
    class Chance {
        @Test
        void makesNoRoutineOfFrequentCommands() {
            assertThat(noise(5000).found()).isEmpty();
        }

        @Test
        void makesNoStepOfAFrequentCommandBetweenTwoThatBelongTogether() {
            for (int i = 0; i < 30; i++)
                noise(20).type("tar czf a.tgz site").noise(2).type("scp a.tgz web:");
            assertThat(found()).extracting(TaskPattern::taskType).containsExactly("tar → scp");
        }

        @ParameterizedTest
        @ValueSource(doubles = {0.3, ChanceGuard.DEFAULT_CHANCE})
        void showsARoutineInNoMoreShufflesThanIsAllowed(double allowed) {
            for (int i = 0; i < 40; i++)
                noise(15).type("tar czf a.tgz site", "scp a.tgz web:").noise(10).type("mkdir b", "cp c b", "zip b");
            List<String> lines = new ArrayList<>(commands);
            int shuffles = 100;
            int shown = 0;
            for (int i = 0; i < shuffles; i++) {
                Collections.shuffle(lines, new Random(i));
                if (!find(tasks(lines, Duration.ofSeconds(10)), allowed).isEmpty()) shown++;
            }
            // At 0.3, more than 45 of 100 come with a probability below 0.1 % (binomial).
            assertThat(shown).isLessThanOrEqualTo(allowed == ChanceGuard.DEFAULT_CHANCE ? 0 : 45);
        }

        @Test
        void isBoundedAsHoeffdingBoundsIt() {
            // Of 10 fair coins at least 9 heads: exp(-10 (0.9 ln 1.8 + 0.1 ln 0.2)) = 0.0252; exactly 11/1024 = 0.0107.
            assertThat(Math.exp(ChanceGuard.logTail(10, 0.5, 9))).isCloseTo(0.0252, within(0.0001));
            assertThat(ChanceGuard.logTail(10, 0.5, 5)).isZero();
            assertThat(Math.exp(ChanceGuard.logTail(3, 0.1, 3))).isCloseTo(0.001, within(1e-12));
        }
    }

    /** On the histories of four real Unix users (UCI KDD archive, "UNIX user data"). */
    @Nested
    class RealUsers {
        private final Path data = Path.of(System.getProperty(
                "understudy.data",
                Path.of(System.getProperty("understudy.root", "."))
                        .resolve("../shared/data")
                        .toString()));

        private List<String> history(String user) throws IOException {
            Path file = data.resolve("unix-users").resolve(user + ".txt");
            assumeTrue(Files.isRegularFile(file), "the real histories are not on this machine");
            return UnixUserHistory.toShellHistory(Files.readString(file, StandardCharsets.ISO_8859_1))
                    .lines()
                    .toList();
        }

        @ParameterizedTest
        @CsvSource({
            "user0, cd name → ls → vi name",
            "user1, date → at name → at -l name",
            "user2, latex name → bibtex name → latex name → xdvi name",
            "user3, vi name → gcc name → a.out → more name",
        })
        void haveRoutinesThatMakeSense(String user, String routine) throws IOException {
            List<TaskPattern> found = find(tasks(history(user), Duration.ofSeconds(1)), ChanceGuard.DEFAULT_CHANCE);
            assertThat(found)
                    .extracting(pattern -> pattern.sequence().orElseThrow().steps().stream()
                            .map(step -> String.valueOf(step.parameters().get(Task.COMMAND)))
                            .collect(Collectors.joining(TaskPattern.THEN)))
                    .contains(routine);
            assertThat(found).hasSizeLessThanOrEqualTo(100);
        }

        @Tag("slow")
        @ParameterizedTest
        @ValueSource(strings = {"user0", "user1", "user2", "user3"})
        void haveNoneInARandomOrder(String user) throws IOException {
            List<String> lines = new ArrayList<>(history(user));
            for (int i = 0; i < 100; i++) {
                Collections.shuffle(lines, new Random(i));
                assertThat(find(tasks(lines, Duration.ofSeconds(1)), ChanceGuard.DEFAULT_CHANCE))
                        .as("shuffle %d", i)
                        .isEmpty();
            }
        }
    }
}
