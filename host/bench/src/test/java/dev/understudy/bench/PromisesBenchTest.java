package dev.understudy.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.core.statistics.MachineSpread;
import dev.understudy.core.tuning.Direction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromisesBenchTest {
    @TempDir
    Path folder;

    /** Ten machines on which every setting takes half of the default's time, but for what a deviation says. */
    private static LikeMachines made(int settings, double deviation, long seed) {
        var random = new Random(seed);
        List<String> machines = IntStream.range(0, 10).mapToObj(String::valueOf).toList();
        Map<String, Double> byDefault = new LinkedHashMap<>();
        for (String machine : machines) byDefault.put(machine, 100.0);
        Map<String, Map<String, Double>> all = new LinkedHashMap<>();
        for (int i = 0; i < settings; i++) {
            Map<String, Double> figures = new LinkedHashMap<>();
            for (String machine : machines) figures.put(machine, 50 * Math.exp(deviation * random.nextGaussian()));
            all.put("s" + i, figures);
        }
        return new LikeMachines("made " + seed, Direction.MINIMIZE, machines, byDefault, all);
    }

    @Nested
    class ATuning {
        @Test
        void isReadWithTheDefaultFirstAndWithoutWhatWasNotMeasuredEverywhere() throws IOException {
            Files.writeString(folder.resolve("shop-tpcc.csv"), """
                    run,suggestion,setting,worker,performance
                    0,0,d,0,100
                    0,0,d,1,110
                    0,1,a,0,200
                    0,2,b,1,250
                    0,3,a,1,0.0
                    """);
            List<LikeMachines> read = LikeMachines.read(folder);
            assertThat(read)
                    .containsExactly(new LikeMachines(
                            "shop-tpcc",
                            Direction.MAXIMIZE,
                            List.of("0", "1"),
                            Map.of("0", 100.0, "1", 110.0),
                            Map.of("a", Map.of("0", 200.0, "1", 0.0))));
            assertThat(read.getFirst().factor("a", List.of("0"))).isEqualTo(2);
            assertThat(LikeMachines.figure(Map.of("1", 0.0), "1")).isEmpty();
        }

        @Test
        void saysWhichLineIsNoMeasurement() throws IOException {
            Files.writeString(folder.resolve("x.csv"), "run,suggestion,setting,worker,performance\n0,0,d,0,fast\n");
            assertThatThrownBy(() -> LikeMachines.read(folder))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("no measurement: 0,0,d,0,fast");
        }
    }

    @Nested
    class AReplay {
        @Test
        void holdsThePromiseAgainstTheMachinesThatItHasNotSeen() throws InterruptedException {
            PromisesBench.Replay replay = PromisesBench.replay(made(10, 0, 1), 3, MachineSpread.LIKE_MACHINES, 1)
                    .orElseThrow();
            assertThat(replay.measured()).isCloseTo(2, within(1e-9));
            assertThat(replay.truth()).isCloseTo(2, within(1e-9));
            assertThat(replay.promised()).isBetween(1.5, 2.0);
            assertThat(replay.kept()).isEqualTo(1);
            assertThat(replay.trials()).isLessThanOrEqualTo(60);
        }

        @Test
        void promisesNothingWhereNothingIsBetter() throws InterruptedException {
            LikeMachines tuning = made(10, 0, 1);
            Map<String, Map<String, Double>> alike = new LinkedHashMap<>();
            tuning.settings().keySet().forEach(each -> alike.put(each, tuning.byDefault()));
            assertThat(PromisesBench.replay(
                            new LikeMachines("alike", Direction.MINIMIZE, tuning.machines(), tuning.byDefault(), alike),
                            3,
                            MachineSpread.LIKE_MACHINES,
                            1))
                    .isEmpty();
        }
    }

    @Test
    void findsTheSpreadThatWasPutIn() {
        List<LikeMachines> tunings = new ArrayList<>();
        for (int i = 0; i < 8; i++) tunings.add(made(40, 0.06, i));
        // Equal everywhere, it is known for certain.
        MachineSpread spread = LikeMachines.spread(tunings);
        assertThat(spread.deviation()).isCloseTo(0.06, within(0.005));
        assertThat(spread.degrees()).isGreaterThan(6);
    }

    @Test
    void saysSoWithoutTheData() throws Exception {
        assertThat(Measured.rows(new PromisesBench(), Optional.empty()))
                .singleElement()
                .satisfies(row -> assertThat(row.extra()).containsEntry("note", "the data set is not on this machine"));
    }

    @Test
    void refusesWhatIsNoNumberOfDraws() {
        assertThat(new PromisesBench().option("--draws", "many")).isPresent();
        assertThat(new PromisesBench().option("--seeds", "3")).isPresent();
        assertThat(new PromisesBench().option("--draws", "3")).isEmpty();
    }

    @Test
    void keepsItsPromisesInRealTunings() throws Exception {
        Path data = Path.of(System.getProperty(
                "understudy.data",
                Path.of(System.getProperty("understudy.root", "."))
                        .resolve("../shared/data")
                        .toString()));
        assumeTrue(Files.isDirectory(data.resolve("tuning-noise")), "the tunings are not on this machine");
        List<LikeMachines> tunings = LikeMachines.read(data.resolve("tuning-noise"));
        assertThat(LikeMachines.spread(tunings)).satisfies(spread -> {
            assertThat(spread.degrees()).isCloseTo(MachineSpread.LIKE_MACHINES.degrees(), within(0.05));
            assertThat(spread.deviation()).isCloseTo(MachineSpread.LIKE_MACHINES.deviation(), within(0.0005));
        });
        var bench = new PromisesBench();
        assertThat(bench.option("--draws", "15")).isEmpty();
        List<Row> rows = bench.run(tunings, List.of(1, 5));
        Row five = row(rows, "5 machines, what is promised for others");
        assertThat(five.p50()).isLessThanOrEqualTo(0.02);
        assertThat((Double) five.extra().get("held_on_others")).isBetween(0.85, 0.95);
        assertThat((Double) five.extra().get("trials")).isLessThanOrEqualTo(60);
        Row one = row(rows, "one machine, what is promised for others");
        assertThat((Double) one.extra().get("held_on_others")).isBetween(0.85, 0.95);
    }

    private static Row row(List<Row> rows, String name) {
        return rows.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
