package dev.understudy.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code understudy bench} prints of what a benchmark measures, and what it leaves behind. */
class BenchMainTest {
    @TempDir
    Path home;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    /** Measures what it is told to. */
    private static class Fake implements Benchmark {
        private final long[] nanos;

        Fake(long... nanos) {
            this.nanos = nanos;
        }

        @Override
        public String name() {
            return "fake";
        }

        @Override
        public String description() {
            return "what it is told";
        }

        @Override
        public void run(Workplace place, Consumer<Row> found) throws IOException {
            found.accept(Row.ofNanos("steps", nanos, Map.of("goal", "1 ms")));
        }
    }

    private int bench(Benchmark benchmark, String... arguments) throws Exception {
        printed.reset();
        return BenchMain.run(
                List.of(arguments), List.of(benchmark), new PrintStream(printed, true, StandardCharsets.UTF_8));
    }

    private String printed() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    private static long[] around(double millis) {
        return DoubleStream.iterate(0.96, each -> each + 0.004)
                .limit(21)
                .mapToLong(each -> Math.round(each * millis * 1e6))
                .toArray();
    }

    @Test
    void printsEachRowWhenItIsThere() throws Exception {
        assertThat(bench(
                        new Fake() {
                            @Override
                            public void run(Workplace place, Consumer<Row> found) {
                                for (String name : List.of("first", "second")) {
                                    found.accept(new Row(name, "ms", 2.5, 2.5, 1, Map.of()));
                                    assertThat(printed()).endsWith("1 ms\n").contains(name);
                                }
                            }
                        },
                        "bench",
                        "fake"))
                .isZero();
    }

    @Test
    void worksInItsHomeAndLeavesOnlyWhatTheNextRunStartsFasterWith() throws Exception {
        assertThat(bench(
                        new Fake() {
                            @Override
                            public void run(Workplace place, Consumer<Row> found) throws IOException {
                                assertThat(place.folder()).startsWith(home).isEmptyDirectory();
                                Files.writeString(place.folder().resolve("data"), "made");
                                Files.createDirectories(place.cells());
                            }
                        },
                        "fake",
                        "--home",
                        home.toString()))
                .isZero();
        if (System.getenv("UNDERSTUDY_CELL_CACHE") == null)
            assertThat(home).isDirectoryNotContaining(file -> !file.endsWith("cells"));
    }

    @Test
    void comparesWithAnEarlierRunWithAnInterval() throws Exception {
        assertThat(bench(new Fake(around(10)), "fake", "--json")).isZero();
        Path earlier = Files.writeString(home.resolve("earlier.json"), printed());

        assertThat(bench(new Fake(around(8)), "fake", "--json", "--against", earlier.toString()))
                .isZero();
        String against =
                new ObjectMapper().readTree(printed()).at("/rows/0/against").asText();
        assertThat(against).matches("0\\.800 x \\(0\\.7\\d+ to 0\\.8\\d+\\)");

        assertThat(bench(new Fake(around(8)), "fake", "--against", earlier.toString()))
                .isZero();
        assertThat(printed()).contains("goal 1 ms").contains("against 0.800 x (");
    }

    @Test
    void refusesAnEarlierRunThatIsNone() throws Exception {
        Path other = Files.writeString(home.resolve("other.json"), "{}");
        assertThat(bench(new Fake(), "fake", "--against", other.toString())).isEqualTo(2);
        assertThat(bench(
                        new Fake(), "fake", "--against", home.resolve("missing").toString()))
                .isEqualTo(2);
    }

    /** Ranks 6 and 15 of 20, as tables of the binomial distribution have it (95.9 %). */
    @Test
    void takesTheIntervalOfTheMedianFromRanks() {
        double[] sorted = DoubleStream.iterate(1, each -> each + 1).limit(20).toArray();
        assertThat(Row.medianInterval(sorted)).hasValueSatisfying(interval -> {
            assertThat(interval.low()).isCloseTo(6, within(1.0));
            assertThat(interval.high()).isCloseTo(15, within(1.0));
        });
        assertThat(Row.medianInterval(Arrays.copyOf(sorted, 5))).isEmpty();
    }
}
