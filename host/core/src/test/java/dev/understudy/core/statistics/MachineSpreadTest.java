package dev.understudy.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class MachineSpreadTest {
    @Nested
    class WhereNothingIsKnownBeforehand {
        @Test
        void isTheUsualPredictionOfOneMore() {
            // Mean 0.2, deviation 0.1, Student's t with 2 degrees 2.920 at 95 %.
            MachineSpread.Interval interval = MachineSpread.UNKNOWN.elsewhere(List.of(0.1, 0.2, 0.3));
            assertThat(interval.low()).isCloseTo(0.2 - 2.919986 * 0.1 * Math.sqrt(4 / 3.0), within(1e-5));
            assertThat(interval.high()).isCloseTo(0.2 + 2.919986 * 0.1 * Math.sqrt(4 / 3.0), within(1e-5));
        }

        @Test
        void saysNothingOfOneMachine() {
            assertThat(MachineSpread.UNKNOWN.knows(1)).isFalse();
            assertThatThrownBy(() -> MachineSpread.UNKNOWN.elsewhere(List.of(0.1)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Nested
    class WhereLikeMachinesAreKnown {
        @Test
        void widensWhatOneMachineShowed() {
            MachineSpread.Interval interval = MachineSpread.LIKE_MACHINES.elsewhere(List.of(0.5));
            assertThat(0.5 - interval.low()).isBetween(0.15, 0.25);
            assertThat(interval.high() - 0.5).isBetween(0.15, 0.25);
        }

        @Test
        void promisesMoreTheMoreMachinesAgree() {
            double before = MachineSpread.LIKE_MACHINES.elsewhere(List.of(0.5)).low();
            for (int machines = 2; machines <= 6; machines++) {
                List<Double> alike = IntStream.range(0, machines)
                        .mapToObj(each -> 0.5 + 0.01 * (each % 2 == 0 ? 1 : -1))
                        .toList();
                double low = MachineSpread.LIKE_MACHINES.elsewhere(alike).low();
                assertThat(low).as("%d machines", machines).isGreaterThan(before);
                before = low;
            }
        }

        @Test
        void promisesLittleWhereMachinesDisagree() {
            assertThat(MachineSpread.LIKE_MACHINES
                            .elsewhere(List.of(0.8, 0.1, 0.75, 0.8, 0.05))
                            .low())
                    .isNegative();
        }

        /** Drawn from the very distribution that is believed beforehand, it must hold as often as its formula says. */
        @Test
        void holdsAsOftenAsItSays() {
            var spread = new MachineSpread(4, 0.05);
            var random = new Random(5);
            int below = 0;
            int draws = 20_000;
            for (int draw = 0; draw < draws; draw++) {
                double squares = 0;
                for (int i = 0; i < 4; i++) squares += Math.pow(random.nextGaussian(), 2);
                double deviation = 0.05 * Math.sqrt(4 / squares);
                List<Double> seen = IntStream.range(0, 3)
                        .mapToObj(_ -> deviation * random.nextGaussian())
                        .toList();
                if (deviation * random.nextGaussian() < spread.elsewhere(seen).low()) below++;
            }
            assertThat(below / (double) draws).isCloseTo(0.05, within(0.006));
        }
    }
}
