package dev.understudy.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SuccessDropTest {
    private static final int LIVES = 2000;
    private static final int LONG_LIFE = 500;

    @Nested
    class AVersionThatNeverChanges {
        @Test
        void isTakenForOneThatGotWorseInAtMostOneLifeOfAHundredWhateverItsRate() {
            for (double rate : new double[] {0.5, 0.8, 0.95, 0.99}) {
                var random = new Random(17);
                long alarms = IntStream.range(0, LIVES)
                        .filter(_ -> alarm(random, LONG_LIFE, _ -> rate).isPresent())
                        .count();
                // Three standard deviations above 1 % of 2000: 20 + 3 * sqrt(19.8).
                assertThat(alarms).as("success rate " + rate).isLessThanOrEqualTo(33);
            }
        }
    }

    @Nested
    class AVersionThatGetsWorse {
        @Test
        void isFoundWithinFortyRunsInNineOfTenLives() {
            var random = new Random(18);
            int before = 200;
            long found = IntStream.range(0, LIVES)
                    .mapToObj(_ -> alarm(random, before + 40, run -> run < before ? 0.98 : 0.5))
                    .filter(alarm -> alarm.isPresent() && alarm.getAsInt() >= before)
                    .count();
            assertThat(found / (double) LIVES).isGreaterThan(0.9);
        }

        @Test
        void isFoundWithTheFiguresBehindIt() {
            // 60 good runs, then 4 failures. The three before the newest lie among the 63 earlier places; that all of
            // them
            // are among the last 4 of these has the chance C(4,3) / C(63,3) = 4 / 39711; allowed are 0.01 / (4 * 5) /
            // 3.
            var last = new ArrayList<>(Collections.nCopies(4, true));
            last.addAll(Collections.nCopies(16, false));
            assertThat(SuccessDrop.look(64, 4, last)).hasValueSatisfying(drop -> {
                assertThat(drop.window()).isEqualTo(5);
                assertThat(drop.windowFailures()).isEqualTo(4);
                assertThat(drop.earlier()).isEqualTo(59);
                assertThat(drop.earlierFailures()).isZero();
                assertThat(drop.pValue()).isCloseTo(4 / 39711.0, within(1e-9));
                assertThat(drop.allowed()).isCloseTo(0.05 / 60, within(1e-12));
            });
        }
    }

    @Nested
    class IsNotLookedAt {
        @Test
        void afterARunThatSucceeded() {
            var last = new ArrayList<>(List.of(false));
            last.addAll(Collections.nCopies(19, true));
            assertThat(SuccessDrop.look(1000, 19, last)).isEmpty();
        }

        @Test
        void beforeThereIsARecord() {
            assertThat(SuccessDrop.look(14, 5, Collections.nCopies(14, true))).isEmpty();
        }
    }

    /** Runs one version; the number of the run, from 0, at which it was taken for one that got worse. */
    private static OptionalInt alarm(RandomGenerator random, int runs, IntToDoubleFunction rate) {
        var last = new ArrayDeque<Boolean>();
        long failures = 0;
        for (int run = 0; run < runs; run++) {
            boolean failed = random.nextDouble() >= rate.applyAsDouble(run);
            if (failed) failures++;
            last.addFirst(failed);
            if (last.size() > 20) last.removeLast();
            if (failed && SuccessDrop.look(run + 1, failures, List.copyOf(last)).isPresent())
                return OptionalInt.of(run);
        }
        return OptionalInt.empty();
    }
}
