package dev.understudy.core.optimization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import com.sun.net.httpserver.HttpServer;
import dev.understudy.core.config.DataHome;
import dev.understudy.core.optimization.Advice.Change;
import dev.understudy.core.optimization.OptimizationResult.Evaluation;
import dev.understudy.core.optimization.OptimizationResult.Measurements;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.profile.Bounds;
import dev.understudy.core.profile.Leave;
import dev.understudy.core.profile.MetricExpression;
import dev.understudy.core.profile.NamedObjective;
import dev.understudy.core.profile.NamedObjective.Aim;
import dev.understudy.core.profile.OptimizationProfile;
import dev.understudy.core.profile.Weights;
import dev.understudy.core.system.DetectedWorkload;
import dev.understudy.core.tuning.TuningPlan;
import dev.understudy.core.tuning.TuningTime;
import dev.understudy.core.tuning.journal.ParameterJournal;
import dev.understudy.spi.optimization.Candidate;
import dev.understudy.spi.optimization.Dimension.Flag;
import dev.understudy.spi.optimization.Dimension.IntegerRange;
import dev.understudy.spi.optimization.Dimension.Scale;
import dev.understudy.spi.optimization.OptimizerStrategy;
import dev.understudy.spi.optimization.SearchSpace;
import dev.understudy.spi.optimization.Trial;
import dev.understudy.spi.system.SystemSnapshot;
import dev.understudy.spi.system.Workload;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** On a made machine that moves as many bytes as its parameter {@code depth} allows, with noise. */
class MeasuredOptimizationTest {
    private static final Instant NOW = Instant.parse("2026-11-16T09:00:00Z");
    private static final DetectedWorkload DETECTED =
            new DetectedWorkload(Workload.IO_INTENSIVE, 0.9, List.of("dd takes all"), NOW, Set.of());

    private final List<Duration> slept = new ArrayList<>();
    private final Random noise = new Random(7);
    private int passesAfter = Integer.MAX_VALUE;
    private double gain = 1e6;
    private int measurements;
    private FilesTarget target;
    private DataHome home;
    private Path commands;

    @BeforeEach
    void machine(@TempDir Path folder, @TempDir Path data) throws IOException {
        home = DataHome.open(data);
        commands = folder;
        target = new FilesTarget(folder);
        target.has(new IntegerRange("depth", 1, 100, Scale.LINEAR, List.of()), "10");
        target.has(new Flag("eager"), "1");
    }

    /** Goes up in steps of ten, over the bounds and back. */
    private static final class Ladder implements OptimizerStrategy {
        @Override
        public String name() {
            return "LADDER";
        }

        @Override
        public String description() {
            return "Ten steps";
        }

        @Override
        public Search start(SearchSpace space, RandomGenerator random) {
            return new Search() {
                private int asked;

                @Override
                public Candidate ask() {
                    if (asked++ == 0) return space.current().orElseThrow();
                    var values =
                            new LinkedHashMap<>(space.current().orElseThrow().values());
                    values.put("depth", 10L * (asked % 10));
                    if (asked % 10 == 0) values.put("depth", 100L);
                    return space.candidate(values, "ladder");
                }

                @Override
                public void tell(Trial trial) {
                    // It climbs, whatever it finds.
                }
            };
        }
    }

    private Optional<SystemSnapshot> average(Duration window) {
        assertThat(window).isEqualTo(Duration.ofSeconds(10));
        measurements++;
        try {
            double depth = Double.parseDouble(target.read("depth"));
            return Optional.of(Snapshots.of(0.5, 0.5, 1e7 + gain * depth * (1 + 0.01 * noise.nextGaussian()), 0));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private MeasuredOptimization optimization() {
        TuningTime time = new TuningTime() {
            @Override
            public long nanos() {
                return slept.stream().mapToLong(Duration::toNanos).sum();
            }

            @Override
            public void sleep(Duration duration) {
                slept.add(duration);
            }
        };
        return new MeasuredOptimization(
                new MeasuredOptimization.Parts(
                        this::average,
                        () -> measurements < passesAfter ? Workload.IO_INTENSIVE : Workload.GENERAL,
                        name -> name.equals("LADDER") ? Optional.of(new Ladder()) : Optional.empty(),
                        journal(),
                        time,
                        Clock.fixed(NOW, ZoneOffset.UTC),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(10),
                        commands),
                new Parameters(() -> List.of(target)));
    }

    private ParameterJournal journal() {
        return ParameterJournal.in(
                home, (name, _) -> name.equals("files") ? Optional.of(target) : Optional.empty(), Clock.systemUTC());
    }

    private static OptimizationProfile profile(Leave leave, String... parameters) {
        return new OptimizationProfile(
                Workload.IO_INTENSIVE,
                Arrays.stream(parameters)
                        .map(each -> Bounds.parse(each).orElseThrow())
                        .toList(),
                "LADDER",
                40,
                Duration.ofHours(1),
                new Weights(0, 0, 1, 0),
                Optional.empty(),
                leave);
    }

    private OptimizationResult run(OptimizationProfile profile) throws InterruptedException {
        return optimization().run(profile, DETECTED, Snapshots.idle());
    }

    @Nested
    class WithoutLeaveToTry {
        @Test
        void writesNothingAndMeasuresNothing() throws Exception {
            OptimizationResult result = run(profile(Leave.ADVISE, "depth"));
            assertThat(target.written).isEmpty();
            assertThat(measurements).isZero();
            assertThat(result.measured()).isNull();
            assertThat(result.applied()).isEmpty();
        }

        @Test
        void advisesWhatIsCommonlySetWithTheCommands() throws Exception {
            target.has(new IntegerRange("vm.dirty_ratio", 1, 90, Scale.LINEAR, List.of()), "20");
            target.has(new IntegerRange("vm.vfs_cache_pressure", 1, 1000, Scale.LOG, List.of()), "40");
            assertThat(run(profile(Leave.ADVISE, "vm.dirty_ratio", "vm.vfs_cache_pressure"))
                            .advice())
                    .containsExactly(new Advice(
                            "io_intensive-vm.dirty_ratio",
                            Workload.IO_INTENSIVE,
                            List.of(new Change("files", "vm.dirty_ratio", "20", "40")),
                            "more memory for what is to be written lets the disk write in longer runs",
                            List.of(
                                    "vm.dirty_ratio is 20: What the test makes of it",
                                    "dd takes all",
                                    "commonly chosen, not measured here"),
                            "set vm.dirty_ratio 40",
                            "set vm.dirty_ratio 20",
                            NOW));
        }

        @Test
        void advisesNothingOnWhatAnAdministratorHasSet() throws Exception {
            target.has(new IntegerRange("vm.dirty_ratio", 1, 90, Scale.LINEAR, List.of()), "20");
            target.administrators.put("vm.dirty_ratio", "/etc/sysctl.d/90-mine.conf line 3");
            OptimizationResult result = run(profile(Leave.ADVISE, "vm.dirty_ratio"));
            assertThat(result.advice()).isEmpty();
            assertThat(result.summary())
                    .isEqualTo("nothing to advise; vm.dirty_ratio is left alone, since it is set in"
                            + " /etc/sysctl.d/90-mine.conf line 3");
        }

        @Test
        void saysWhereKernelParametersAreUnknown() throws Exception {
            assertThat(run(profile(Leave.ADVISE, "vm.no_such_thing")).summary())
                    .isEqualTo(
                            "none of the profile's parameters is known here; kernel parameters are set on Linux only");
        }
    }

    @Nested
    class WithLeaveToTry {
        @Test
        void advisesWhatTheRaceShowedAndPutsEverythingBack() throws Exception {
            OptimizationResult result = run(profile(Leave.TRY, "depth"));
            assertThat(target.read("depth")).isEqualTo("10");
            assertThat(result.applied()).isEmpty();
            Measurements measured = measured(result);
            assertThat(measured.evaluations()).hasSizeLessThanOrEqualTo(40).hasSize(measurements);
            // The default moves 20 MB/s, which is 50 against itself; with a depth of 100 it moves 110 MB/s.
            assertThat(measured.scoreBefore()).isCloseTo(50, within(1.0));
            assertThat(measured.bestScore()).isCloseTo(100 * 5.48 / 6.48, within(1.0));
            assertThat(measured.best()).containsExactly(new Change("files", "depth", "10", "100"));
            assertThat(result.advice()).singleElement().satisfies(advice -> {
                assertThat(advice.id()).isEqualTo("io_intensive-measured");
                assertThat(advice.apply()).isEqualTo("set depth 100");
                assertThat(advice.undo()).isEqualTo("set depth 10");
                assertThat(advice.reason()).contains("better by");
            });
        }

        @Test
        void letsEachSettingSettleTwoSecondsAndMeasuresTen() throws Exception {
            run(profile(Leave.TRY, "depth"));
            assertThat(slept).hasSize(2 * measurements);
            for (int i = 0; i < slept.size(); i++)
                assertThat(slept.get(i)).isEqualTo(Duration.ofSeconds(i % 2 == 0 ? 2 : 10));
        }

        @Test
        void staysWithinTheProfilesBounds() {
            var space = new Parameters(() -> List.of(target)).look(profile(Leave.TRY, "depth=20..60", "eager"));
            // What is set now lies outside, and so is a value of its own: everything is compared with it.
            assertThat(space.usable())
                    .extracting(Parameters.Found::dimension)
                    .containsExactly(new IntegerRange("depth", 20, 60, Scale.LINEAR, List.of(10L)), new Flag("eager"));
        }

        @Test
        void scoresASettingThatCannotBeAppliedWithMinusAThousand() throws Exception {
            target.refusing.add("depth=100");
            OptimizationResult result = run(profile(Leave.TRY, "depth"));
            assertThat(measured(result).evaluations())
                    .filteredOn(each -> "100".equals(each.values().get("depth")))
                    .isNotEmpty()
                    .allSatisfy(each -> {
                        assertThat(each.score()).isEqualTo(-1000);
                        assertThat(each.failure()).contains("depth refuses 100");
                    });
            assertThat(measured(result).best()).containsExactly(new Change("files", "depth", "10", "90"));
            assertThat(target.read("depth")).isEqualTo("10");
        }

        @Test
        void advisesNothingWhereNothingIsBetter() throws Exception {
            gain = 0;
            OptimizationResult result = run(profile(Leave.TRY, "depth"));
            assertThat(result.advice()).isEmpty();
            assertThat(result.summary()).startsWith("no improvement found, nothing changed");
            assertThat(target.read("depth")).isEqualTo("10");
        }

        @Test
        void givesUpWhereTheWorkPassesAndPutsEverythingBack() throws IOException {
            passesAfter = 3;
            assertThatExceptionOfType(WorkPassedException.class)
                    .isThrownBy(() -> run(profile(Leave.TRY, "depth")))
                    .withMessageContaining("the machine does general by now");
            assertThat(target.written).isNotEmpty();
            assertThat(target.read("depth")).isEqualTo("10");
        }

        @Test
        void triesNothingWhereNothingMayBeChanged() throws Exception {
            target.refusals.put("depth", "depth can be written only by root");
            OptimizationResult result = run(profile(Leave.TRY, "depth"));
            assertThat(measurements).isZero();
            assertThat(result.summary()).contains("nothing was tried, since depth can be written only by root");
        }

        @Test
        void namesTheStrategyThatIsMissing() {
            var profile = new OptimizationProfile(
                    Workload.GENERAL,
                    List.of(Bounds.of("depth")),
                    "ORACLE",
                    40,
                    Duration.ofMinutes(1),
                    new Weights(1, 1, 1, 1),
                    Optional.empty(),
                    Leave.TRY);
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> run(profile))
                    .withMessageContaining("no plugin brings the strategy ORACLE");
        }
    }

    @Test
    void aProfileAlwaysLeavesTheTunerEnoughToSearchWith() {
        assertThat(OptimizationProfile.MIN_EVALUATIONS).isGreaterThanOrEqualTo(TuningPlan.MIN_BUDGET);
    }

    @Nested
    class WithLeaveToApply {
        @Test
        void leavesInPlaceWhatTheRaceShowedAndAPersonCanPutItBack() throws Exception {
            OptimizationResult result = run(profile(Leave.APPLY, "depth"));
            assertThat(target.read("depth")).isEqualTo("100");
            assertThat(result.applied()).containsExactly(new Change("files", "depth", "10", "100"));
            assertThat(result.advice()).isEmpty();
            assertThat(journal().standing()).singleElement().satisfies(standing -> {
                assertThat(standing.before()).isEqualTo("10");
                assertThat(standing.set()).isEqualTo("100");
            });
            journal().restore(Set.of());
            assertThat(target.read("depth")).isEqualTo("10");
        }

        @Test
        void changesNothingWhereNothingIsBetter() throws Exception {
            gain = 0;
            assertThat(run(profile(Leave.APPLY, "depth")).applied()).isEmpty();
            assertThat(target.read("depth")).isEqualTo("10");
            assertThat(journal().standing()).isEmpty();
        }
    }

    @Nested
    class WithoutAMeasureOfProgress {
        @ParameterizedTest
        @EnumSource(
                value = Leave.class,
                names = {"TRY", "APPLY"})
        void advisesOnlyAndSaysWhyWhateverTheLeave(Leave leave) throws Exception {
            target.has(new IntegerRange("vm.dirty_ratio", 1, 90, Scale.LINEAR, List.of()), "20");
            OptimizationResult result = optimization()
                    .run(profile(leave, "vm.dirty_ratio"), DETECTED, Snapshots.withoutPressure(Snapshots.idle()));
            assertThat(target.written).isEmpty();
            assertThat(measurements).isZero();
            assertThat(result.applied()).isEmpty();
            assertThat(result.measured()).isNull();
            assertThat(result.advice()).extracting(Advice::id).containsExactly("io_intensive-vm.dirty_ratio");
            assertThat(result.summary())
                    .startsWith(
                            "one piece of advice; nothing was tried, since nothing here measures progress: this system"
                                    + " has no /proc/pressure")
                    .endsWith("and the profile names no objective");
        }

        @Test
        void triesAllTheSameWhereTheProfileNamesAnObjective() throws Exception {
            OptimizationResult result = optimization()
                    .run(
                            profile(command("cat depth", "", Aim.MAXIMIZE)),
                            DETECTED,
                            Snapshots.withoutPressure(Snapshots.idle()));
            assertThat(measured(result).evaluations()).isNotEmpty();
        }
    }

    @Nested
    class WithAnObjectiveOfItsOwn {
        @ParameterizedTest
        @CsvSource({"MAXIMIZE, 100", "MINIMIZE, 10"})
        void aCommandDecidesInPlaceOfTheMachine(Aim direction, String best) throws Exception {
            target.has(new IntegerRange("depth", 1, 100, Scale.LINEAR, List.of()), "50");
            // The machine moves more with more depth, whatever the person wants of it.
            OptimizationResult result =
                    run(profile(command("sed 's/^/depth is /' depth", "depth is ([0-9]+)", direction)));
            assertThat(measured(result).objective()).contains("depth is").contains("is better");
            assertThat(measured(result).best()).containsExactly(new Change("files", "depth", "50", best));
            assertThat(measured(result).scoreBefore()).isEqualTo(50);
            assertThat(measured(result).bestScore()).isEqualTo(Double.parseDouble(best));
            assertThat(target.read("depth")).isEqualTo(best);
        }

        @Test
        void aCommandThatFailsScoresMinusAThousandAndIsNeverApplied() throws Exception {
            OptimizationResult result =
                    run(profile(command("d=$(cat depth); test $d -le 40 && echo $d", "[0-9]+", Aim.MAXIMIZE)));
            assertThat(measured(result).evaluations())
                    .filteredOn(each -> each.score() == -1000)
                    .isNotEmpty()
                    .allSatisfy(each -> assertThat(each.failure()).contains("it ended with exit code 1"));
            assertThat(target.read("depth")).isEqualTo("40");
        }

        /** Of 100 requests between two looks at its page, a server serves as many as the depth is near to 60. */
        @Test
        void metricsOfAServerTellRequestsThatFailFromThoseThatAreServed() throws Exception {
            var served = new AtomicLong();
            var failed = new AtomicLong();
            var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/metrics", exchange -> {
                long good = Math.max(0, 100 - Math.abs(Long.parseLong(target.read("depth")) - 60));
                byte[] page = """
                        # TYPE http_requests_total counter
                        http_requests_total{code="200"} %d
                        http_requests_total{code="500"} %d
                        """.formatted(served.addAndGet(good), failed.addAndGet(100 - good))
                        .getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, page.length);
                exchange.getResponseBody().write(page);
                exchange.close();
            });
            server.start();
            try {
                OptimizationResult result = run(profile(new NamedObjective.Metrics(
                        URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/metrics"),
                        MetricExpression.parse("http_requests_total{code=\"200\"}")
                                .orElseThrow(),
                        Aim.MAXIMIZE)));
                assertThat(measured(result).best()).extracting(Change::to).containsExactly("60");
                // 50 of 100 before, 100 of 100 now, in ten seconds each.
                assertThat(measured(result).scoreBefore()).isEqualTo(5);
                assertThat(measured(result).bestScore()).isEqualTo(10);
            } finally {
                server.stop(0);
            }
        }
    }

    private static NamedObjective command(String text, String metric, Aim direction) {
        return new NamedObjective.Command(text, metric, direction, Duration.ofSeconds(30));
    }

    private static OptimizationProfile profile(NamedObjective objective) {
        OptimizationProfile without = profile(Leave.APPLY, "depth");
        return new OptimizationProfile(
                without.workload(),
                without.parameters(),
                without.strategy(),
                without.evaluations(),
                without.time(),
                without.weights(),
                Optional.of(objective),
                Leave.APPLY);
    }

    private static Measurements measured(OptimizationResult result) {
        Measurements measured = result.measured();
        assertThat(measured).isNotNull();
        if (measured == null) throw new AssertionError();
        for (Evaluation each : measured.evaluations()) assertThat(each.phase()).isNotBlank();
        return measured;
    }
}
