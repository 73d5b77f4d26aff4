package dev.understudy.sandbox.control.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunOutcome.LimitExceeded;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.conformance.Attack.Meets;
import dev.understudy.sandbox.control.conformance.ConformancePage.Row;
import dev.understudy.sandbox.control.conformance.ConformancePage.Shown;
import dev.understudy.sandbox.control.tester.LimitName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The same limit means the same and reads the same in every language, at every level. */
@Tag("slow")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LimitConformanceTest {
    private static final ConformancePage PAGE = new ConformancePage();
    private static RealRunners runners;

    @BeforeAll
    static void open() throws Exception {
        runners = RealRunners.open();
    }

    @AfterAll
    static void close() throws Exception {
        runners.close();
        PAGE.writeJson(Path.of("target", "conformance.json"));
    }

    /** The whole matrix, or with {@code -Dconformance.only=NAME} the rows of one runtime. */
    static Stream<Arguments> matrix() {
        String only = System.getProperty("conformance.only", "");
        var cells = new ArrayList<Arguments>();
        for (GuestRuntime runtime : GuestRuntime.values())
            if (only.isEmpty() || runtime.name().equals(only))
                for (IsolationLevel level : IsolationLevel.values())
                    for (LimitName limit : LimitName.values()) cells.add(Arguments.of(limit, runtime, level));
        return cells.stream();
    }

    @ParameterizedTest(name = "{0}, {1}, {2}")
    @MethodSource("matrix")
    @Order(1)
    void eachLimitHoldsInEachLanguageAtEachLevel(LimitName limit, GuestRuntime runtime, IsolationLevel level)
            throws Exception {
        var shown = new ArrayList<Shown>();
        List<Attack> attacks = Attacks.of(limit, runtime);
        for (Attack attack : level == IsolationLevel.FULL ? attacks : attacks.subList(0, 1))
            shown.add(new Shown(attack.name(), attacked(attack, level)));
        PAGE.add(new Row(limit, runtime, level, shown));
    }

    private static String attacked(Attack attack, IsolationLevel level) throws Exception {
        Limits limits = limits(attack.limit());
        RunReport report = runners.run(attack.runtime(), attack.body(), level, limits);
        runners.assumeInstalled(attack.runtime(), report);

        assertThat(report.isolation()).isEqualTo(level);
        String met = met(attack, level, limits, report.outcome());
        runners.assertNothingIsLeft(attack.runtime());
        assertThat(runners.harmless(attack.runtime(), level))
                .as("the next run after %s", attack.name())
                .isEqualTo(new RunOutcome.Succeeded("1"));
        return met;
    }

    private static String met(Attack attack, IsolationLevel level, Limits limits, RunOutcome outcome) {
        var description = "%s at %s by %s".formatted(attack.runtime().title, level.id(), attack.name());
        switch (attack.meets()) {
            case LIMIT -> {
                assertThat(outcome).as(description).isInstanceOf(LimitExceeded.class);
                assertExceeded(description, attack.limit(), limits, (LimitExceeded) outcome);
            }
            case REFUSAL ->
                assertThat(outcome)
                        .as(description)
                        .isInstanceOfSatisfying(
                                RunOutcome.Failed.class,
                                failed -> assertThat(failed.error())
                                        .startsWith("not allowed at isolation " + level.id()));
            case ERROR -> assertThat(outcome).as(description).isInstanceOf(RunOutcome.Failed.class);
            case NOTHING -> assertThat(outcome).as(description).isEqualTo(new RunOutcome.Succeeded("1"));
        }
        return words(attack.meets());
    }

    /** Which limit, what it allows, and at least as much used. */
    private static void assertExceeded(String description, LimitName limit, Limits limits, LimitExceeded exceeded) {
        switch (exceeded) {
            case LimitExceeded.WallTime it -> {
                assertThat(limit).as(description).isEqualTo(LimitName.WALL);
                assertThat(it.limit()).isEqualTo(limits.wallTime());
                assertThat(it.used()).isGreaterThanOrEqualTo(it.limit());
            }
            case LimitExceeded.CpuTime it -> {
                assertThat(limit).as(description).isEqualTo(LimitName.CPU);
                assertThat(it.limit()).isEqualTo(limits.cpuTime());
                assertThat(it.used()).isGreaterThan(it.limit());
            }
            case LimitExceeded.Memory it -> {
                assertThat(limit).as(description).isEqualTo(LimitName.MEMORY);
                assertThat(it.limitBytes()).isEqualTo(limits.memoryBytes());
                assertThat(it.usedBytes()).isGreaterThanOrEqualTo(it.limitBytes());
            }
            case LimitExceeded.Processes it -> {
                assertThat(limit).as(description).isEqualTo(LimitName.PROCESSES);
                assertThat(it.limit()).isEqualTo(limits.processes());
                assertThat(it.used()).isGreaterThanOrEqualTo(it.limit());
            }
            case LimitExceeded.Output it -> {
                assertThat(limit).as(description).isEqualTo(LimitName.OUTPUT);
                assertThat(it.limitBytes()).isEqualTo(limits.outputBytes());
                assertThat(it.usedBytes()).isGreaterThan(it.limitBytes());
            }
            case LimitExceeded.Disk it -> {
                assertThat(limit).as(description).isEqualTo(LimitName.DISK);
                assertThat(it.limitBytes()).isEqualTo(limits.diskBytes());
                assertThat(it.usedBytes()).isGreaterThanOrEqualTo(it.limitBytes());
            }
            case LimitExceeded.OpenFiles it -> {
                assertThat(limit).as(description).isEqualTo(LimitName.FILES);
                assertThat(it.limit()).isEqualTo(limits.openFiles());
                assertThat(it.used()).isGreaterThanOrEqualTo(it.limit());
            }
        }
    }

    private static String words(Meets meets) {
        return switch (meets) {
            case LIMIT -> "exceeded";
            case REFUSAL -> "refused";
            case ERROR -> "error";
            case NOTHING -> "no effect";
        };
    }

    /** The limit that is attacked is small, so that the attack is soon over; the others are out of its way. */
    private static Limits limits(LimitName limit) {
        Limits wide = RealRunners.USUAL.withWallTime(Duration.ofSeconds(25)).withProcesses(64);
        return switch (limit) {
            case WALL -> wide.withWallTime(Duration.ofMillis(400));
            case CPU -> wide.withCpuTime(Duration.ofMillis(200));
            case MEMORY -> wide;
            // A dozen interpreters together use more memory than one: the processes must be what they run into.
            case PROCESSES -> wide.withProcesses(12).withMemoryBytes(512L << 20);
            case OUTPUT -> wide.withOutputBytes(10_000);
            case DISK -> wide.withDiskBytes(2L << 20);
            case FILES -> wide.withOpenFiles(20);
        };
    }

    @Test
    @Order(2)
    void thePageSaysWhatTheRunShowed() throws Exception {
        assumeTrue(
                PAGE.size()
                        == LimitName.values().length * GuestRuntime.values().length * IsolationLevel.values().length,
                "some of the matrix did not run here, so the page cannot be compared with it");
        if (Boolean.getBoolean("conformance.write")) Files.writeString(ConformancePage.PAGE, PAGE.markdown());
        assertThat(ConformancePage.committed())
                .as("sandbox/control/CONFORMANCE.md differs from what this run showed; make it anew with: "
                        + ConformancePage.REGENERATE)
                .isEqualTo(PAGE.markdown());
    }
}
