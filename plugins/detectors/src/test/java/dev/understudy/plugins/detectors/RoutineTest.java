package dev.understudy.plugins.detectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.spi.PatternDetector.Settings;
import dev.understudy.spi.Task;
import dev.understudy.spi.TaskPattern;
import dev.understudy.spi.TaskPattern.Sequence;
import dev.understudy.spi.TaskPattern.Step;
import dev.understudy.spi.TaskPattern.Turns;
import dev.understudy.spi.TaskPattern.Variation.Place;
import dev.understudy.spi.testkit.MadeRecordings;
import dev.understudy.spi.testkit.RoutineScore;
import dev.understudy.spi.testkit.UiRecording;
import dev.understudy.spi.testkit.UiRecording.Noise;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Recordings of single steps, from which {@link SequenceDetector} makes routines. */
class RoutineTest {
    private static final Instant START = Instant.parse("2026-11-16T08:00:00Z");

    private final List<Task> events = new ArrayList<>();

    private RoutineTest record(String type, Map<String, Object> parameters) {
        events.add(new Task(
                "event-" + events.size(),
                type,
                "",
                parameters,
                START.plusSeconds(5L * events.size()),
                Duration.ZERO,
                true));
        return this;
    }

    private RoutineTest click(String button) {
        return record("click", Map.of("button", button));
    }

    private static List<TaskPattern> find(List<Task> events) {
        var detection = new SequenceDetector().start(new Settings(3, Duration.ofHours(24), 100_000));
        events.forEach(detection::accept);
        return detection.patterns(events.getLast().timestamp());
    }

    private Sequence onlyOne() {
        List<TaskPattern> found = find(events);
        assertThat(found).hasSize(1);
        return found.getFirst().sequence().orElseThrow();
    }

    private static List<Object> buttons(Sequence sequence) {
        return sequence.steps().stream()
                .map(step -> step.parameters().getOrDefault("button", step.taskType()))
                .toList();
    }

    @Nested
    class ARoutine {
        @Test
        void isOnePatternOfAllItsStepsHoweverMany() {
            for (int execution = 0; execution < 30; execution++)
                for (int step = 0; step < 25; step++) click("b" + (char) ('a' + step));
            assertThat(onlyOne().steps()).hasSize(25);
            assertThat(find(events).getFirst().occurrences()).isEqualTo(30);
        }

        @Test
        void beginsWhereTheRecordingBegins() {
            for (int execution = 0; execution < 20; execution++)
                click("open").click("read").click("answer").click("close");
            assertThat(buttons(onlyOne())).containsExactly("open", "read", "answer", "close");
        }

        @Test
        void hasStepsThatMayBeLeftOut() {
            for (int execution = 0; execution < 30; execution++) {
                click("open").click("read");
                if (execution % 3 > 0) click("flag");
                click("answer").click("close");
            }
            Sequence sequence = onlyOne();
            assertThat(buttons(sequence)).containsExactly("open", "read", "flag", "answer", "close");
            assertThat(List.of(1, 2, 3, 4, 5)).filteredOn(sequence::isOptional).containsExactly(3);
            assertThat(sequence.steps().get(2).share()).isEqualTo(2 / 3.0);
        }

        @Test
        void hasWhatOnlySomeDoBesideIt() {
            for (int execution = 0; execution < 30; execution++) {
                click("open").click("read");
                if (execution % 3 == 0) click("flag");
                click("answer").click("close");
            }
            Sequence sequence = onlyOne();
            assertThat(buttons(sequence)).containsExactly("open", "read", "answer", "close");
            assertThat(sequence.routine().orElseThrow().variations())
                    .singleElement()
                    .satisfies(variation -> {
                        assertThat(variation.place()).isEqualTo(Place.AFTER);
                        assertThat(variation.number()).isEqualTo(2);
                        assertThat(variation.step().parameters()).containsEntry("button", "flag");
                    });
        }

        @Test
        void hasAlternatives() {
            for (int execution = 0; execution < 30; execution++)
                click("open")
                        .click("read")
                        .click(execution % 3 == 0 ? "refuse" : "accept")
                        .click("send")
                        .click("close");
            Sequence sequence = onlyOne();
            assertThat(buttons(sequence)).containsExactly("open", "read", "accept", "send", "close");
            assertThat(sequence.isOptional(3))
                    .as("something is always done here")
                    .isFalse();
            var routine = sequence.routine().orElseThrow();
            assertThat(routine.variations()).singleElement().satisfies(variation -> {
                assertThat(variation.place()).isEqualTo(Place.INSTEAD_OF);
                assertThat(variation.number()).isEqualTo(3);
                assertThat(variation.step().share()).isEqualTo(1 / 3.0);
            });
            assertThat(routine.variants())
                    .extracting(TaskPattern.Variant::times)
                    .containsExactly(20, 10);
        }

        @Test
        void goesThroughALoopOnceAndSaysSo() {
            for (int execution = 0; execution < 30; execution++) {
                click("open");
                for (int turn = 0; turn <= execution % 4; turn++) click("next").click("mark");
                click("save").click("close");
            }
            Sequence sequence = onlyOne();
            assertThat(buttons(sequence)).containsExactly("open", "next", "mark", "save", "close");
            assertThat(sequence.steps())
                    .extracting(Step::turns)
                    .containsExactly(Turns.ONE, Turns.SEVERAL, Turns.SEVERAL, Turns.ONE, Turns.ONE);
        }

        @Test
        void saysWhereAValueComesFromAndWhatVaries() {
            for (int execution = 0; execution < 20; execution++)
                click("new")
                        .record("copy", Map.of("cell", "A" + (execution + 2)))
                        .record("paste", Map.of("field", "name"))
                        .record("copy", Map.of("cell", "B" + (execution + 2)))
                        .record("paste", Map.of("field", "town"))
                        .click("submit");
            Sequence sequence = onlyOne();
            assertThat(sequence.routine().orElseThrow().sources())
                    .containsExactly(new TaskPattern.ValueSource(3, 2), new TaskPattern.ValueSource(5, 4));
            // The same row in both steps is one variable.
            assertThat(sequence.steps().get(1).parameters()).containsEntry("cell", "A{cell}");
            assertThat(sequence.steps().get(3).parameters()).containsEntry("cell", "B{cell}");
        }

        @Test
        void isToldFromAnotherThatBeginsAlike() {
            var random = new Random(3);
            for (int execution = 0; execution < 40; execution++) {
                click("open").click("log in");
                if (random.nextBoolean()) click("orders").click("print orders").click("file orders");
                else click("bills").click("check bills").click("pay bills").click("file bills");
            }
            assertThat(find(events))
                    .extracting(pattern -> buttons(pattern.sequence().orElseThrow()))
                    .containsExactlyInAnyOrder(
                            List.of("open", "log in", "orders", "print orders", "file orders"),
                            List.of("open", "log in", "bills", "check bills", "pay bills", "file bills"));
        }

        @Test
        void isNotCutWhereAStepOfItComesTwice() {
            for (int execution = 0; execution < 20; execution++)
                click("open")
                        .click("ok")
                        .click("write")
                        .click("ok")
                        .click("send")
                        .click("ok");
            assertThat(buttons(onlyOne())).containsExactly("open", "ok", "write", "ok", "send", "ok");
        }
    }

    @Nested
    class Chance {
        @Test
        void makesNoRoutine() {
            var random = new Random(5);
            for (int event = 0; event < 2000; event++) click("b" + (char) ('a' + random.nextInt(14)));
            assertThat(find(events)).isEmpty();
        }

        @Test
        void makesNoRoutineOfTheEventsOfOneInAnotherOrder() {
            for (int execution = 0; execution < 100; execution++)
                for (int step = 0; step < 14; step++) click("b" + (char) ('a' + step));
            List<Task> shuffled = new ArrayList<>(events);
            for (int shuffle = 0; shuffle < 20; shuffle++) {
                Collections.shuffle(shuffled, new Random(shuffle));
                events.clear();
                shuffled.forEach(event -> record(event.type(), event.parameters()));
                assertThat(find(List.copyOf(events))).as("shuffle %d", shuffle).isEmpty();
            }
        }
    }

    @Nested
    class InMadeRecordings {
        /** Other seeds than those on which thresholds were chosen. */
        private static final int SEED = 4_000;

        @ParameterizedTest
        @CsvSource({"0, 0.98, 0.99", "0.2, 0.9, 0.97", "0.4, 0.75, 0.93"})
        void areAsManyExactAndAsLikeAsEverReached(double noise, double exact, double jaccard) {
            double sumExact = 0;
            double sumJaccard = 0;
            int routines = 0;
            for (UiRecording recording : MadeRecordings.all(50, SEED))
                for (Noise kind : noise == 0 ? List.of(Noise.OF_ITS_OWN) : List.of(Noise.values())) {
                    UiRecording noisy = recording.withNoise(noise, kind, SEED);
                    RoutineScore score = RoutineScore.of(noisy, find(noisy.events()));
                    sumExact += score.exact() * score.routines();
                    sumJaccard += score.jaccard() * score.routines();
                    routines += score.routines();
                    assertThat(score.shown()).as(recording.name()).isLessThanOrEqualTo(2 * score.routines());
                }
            assertThat(sumExact / routines).isGreaterThanOrEqualTo(exact);
            assertThat(sumJaccard / routines).isGreaterThanOrEqualTo(jaccard);
        }
    }

    /** On recordings of people's work, with the executions hidden (RPM_Segmentator, Leno et al.). */
    @Nested
    class InRealRecordings {
        private UiRecording recording(String name) throws IOException {
            Path data = Path.of(System.getProperty(
                    "understudy.data",
                    Path.of(System.getProperty("understudy.root", "."))
                            .resolve("../shared/data")
                            .toString()));
            Path file = data.resolve("ui-routines").resolve(name + ".csv");
            assumeTrue(Files.isRegularFile(file), "the real recordings are not on this machine");
            return UiRecording.read(file);
        }

        @ParameterizedTest
        @ValueSource(strings = {"log1", "log4", "reimbursement"})
        void areFoundStepForStepWithAndWithoutNoise(String name) throws IOException {
            UiRecording recording = recording(name);
            for (double share : List.of(0.0, 0.2, 0.4))
                for (Noise kind : Noise.values()) {
                    UiRecording noisy = recording.withNoise(share, kind, 1);
                    RoutineScore score = RoutineScore.of(noisy, find(noisy.events()));
                    assertThat(score.exact()).as("%s of %s", share, kind).isEqualTo(1);
                    assertThat(score.straddling()).isZero();
                    assertThat(score.shown()).isLessThanOrEqualTo(2);
                }
        }

        @Tag("slow")
        @ParameterizedTest
        @ValueSource(strings = {"log1", "log4", "reimbursement"})
        void haveNoneInARandomOrder(String name) throws IOException {
            List<Task> recorded = new ArrayList<>(recording(name).events());
            for (int shuffle = 0; shuffle < 25; shuffle++) {
                Collections.shuffle(recorded, new Random(shuffle));
                events.clear();
                recorded.forEach(event -> record(event.type(), event.parameters()));
                assertThat(find(List.copyOf(events))).as("shuffle %d", shuffle).isEmpty();
            }
        }
    }
}
