package dev.understudy.core.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.core.executor.ControlLaw.Change;
import dev.understudy.core.executor.ControlLaw.Seen;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** A clock that the test moves: each look is a second after the one before it. */
class ControlLawTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final int MOST = 32;

    private final ControlLaw law = new ControlLaw(3, MOST);
    private final List<Change> changes = new ArrayList<>();

    private void look(int wanted, double cpuStalled) {
        law.look(new Seen(wanted, cpuStalled, 0, 0.5), SECOND).ifPresent(changes::add);
    }

    /** How often the limit turned from rising to falling or back. */
    private int turns() {
        int turns = 0;
        for (int i = 1; i < changes.size(); i++) {
            boolean rises = changes.get(i).to() > changes.get(i).from();
            boolean rose = changes.get(i - 1).to() > changes.get(i - 1).from();
            if (rises != rose) turns++;
        }
        return turns;
    }

    @Nested
    class OnAMachineWithRoom {
        @Test
        void givesAtOnceWhatIsAskedFor() {
            look(9, 0);
            assertThat(changes).containsExactly(new Change(3, 9, "9 runs wanted to be under way at once"));
        }

        @Test
        void neverGivesMoreThanThePersonAllows() {
            look(1000, 0);
            assertThat(law.limit()).isEqualTo(MOST);
        }

        @Test
        void standsStillOnASquareWave() {
            for (int second = 0; second < 1800; second++) look(second / 10 % 2 == 0 ? 12 : 2, 0.1);
            changes.removeIf(change -> change.from() == 3);
            assertThat(changes).isEmpty();
        }

        @Test
        void followsARampUpAndDownWithOneTurn() {
            for (int second = 0; second < 300; second++) look(1 + second / 15, 0.1);
            assertThat(law.limit()).isEqualTo(20);
            for (int second = 0; second < 1200; second++) look(Math.max(1, 20 - second / 15), 0.1);
            assertThat(law.limit()).isLessThanOrEqualTo(2);
            assertThat(turns()).isLessThanOrEqualTo(2);
        }

        @Test
        void hardlyMovesOnNoise() {
            var random = new Random(7);
            for (int second = 0; second < 60; second++) look(5 + random.nextInt(4), 0.1);
            changes.clear();
            for (int second = 0; second < 1800; second++) look(5 + random.nextInt(4), 0.1);
            assertThat(changes).isEmpty();
        }

        @Test
        void givesBackWhatNobodyAsksForAnyMore() {
            look(12, 0);
            for (int second = 0; second < 600; second++) look(0, 0);
            assertThat(law.limit()).isEqualTo(1);
        }
    }

    @Nested
    class WhereOthersWorkToo {
        @Test
        void makesRoomWhileWorkWaitsForProcessors() {
            look(10, 0);
            for (int second = 0; second < 10; second++) look(10, 0.9);
            assertThat(law.limit()).isEqualTo(1);
            assertThat(changes.get(1)).isEqualTo(new Change(10, 7, "work waits for processors"));
        }

        @Test
        void makesRoomWhereMemoryIsShort() {
            look(10, 0);
            law.look(new Seen(10, 0, 0, 0.05), SECOND).ifPresent(changes::add);
            law.look(new Seen(10, 0, 0.2, 0.5), SECOND).ifPresent(changes::add);
            assertThat(changes.subList(1, 3))
                    .containsExactly(
                            new Change(10, 7, "little memory is left"), new Change(7, 4, "work waits for memory"));
        }

        @Test
        void comesBackSlowlyWhenTheyAreGone() {
            look(10, 0);
            for (int second = 0; second < 10; second++) look(10, 0.9);
            look(10, 0);
            assertThat(law.limit()).isEqualTo(1);
            for (int second = 0; second < 3600; second++) look(10, 0);
            assertThat(law.limit()).isEqualTo(10);
        }
    }

    /** The more runs, the more of them wait for the two processors: what the law does comes back to it. */
    @Nested
    class WhereItsOwnRunsFillTheMachine {
        private static double stalled(int runs) {
            return Math.clamp(1 - 2.0 / Math.max(1, runs), 0, 1);
        }

        @Test
        void settlesAndProbesMoreAndMoreSeldom() {
            for (int second = 0; second < 1800; second++) look(16, stalled(law.limit()));
            assertThat(law.limit()).isBetween(2, 5);
            changes.clear();
            for (int second = 0; second < 1800; second++) look(16, stalled(law.limit()));
            assertThat(turns()).isLessThanOrEqualTo(6);
        }

        @Test
        void settlesUnderNoise() {
            var random = new Random(3);
            for (int second = 0; second < 1800; second++) noisy(random);
            changes.clear();
            for (int second = 0; second < 1800; second++) noisy(random);
            assertThat(turns()).isLessThanOrEqualTo(8);
            assertThat(law.limit()).isBetween(1, 6);
        }

        private void noisy(Random random) {
            double seen = stalled(law.limit()) + 0.1 * random.nextGaussian();
            look(12 + random.nextInt(8), Math.clamp(seen, 0, 1));
        }
    }
}
