package dev.understudy.core.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.core.automation.AutomationFile;
import dev.understudy.core.config.Config;
import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.Tier;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class MeasuredUseTest {
    private static RunReport report(long wallMillis, RunReport.Usage usage) {
        return new RunReport(
                "run",
                new RunOutcome.Succeeded("null"),
                IsolationLevel.FULL,
                Tier.ISOLATED,
                Instant.EPOCH,
                Duration.ofMillis(wallMillis),
                List.of(),
                List.of(),
                usage);
    }

    private static RunReport.Usage usage(
            long cpuMillis, long memory, long output, long disk, int processes, int files) {
        return new RunReport.Usage(
                Duration.ofMillis(cpuMillis), memory, output, disk, processes, files, OptionalLong.empty());
    }

    @Test
    void proposesTheMostThatAnyRunUsedWithAMargin() {
        var use = MeasuredUse.of(
                List.of(
                        report(700, usage(210, 20 << 20, 5000, 3 << 20, 3, 40)),
                        report(900, usage(100, 50 << 20, 100, 0, 2, 11))),
                Limits.DEFAULT);
        // 3 x 900 ms, 3 x 210 ms, 2 x 50 MiB, 1.5 x 3 processes, 2 x 5000 B, 2 x 3 MiB, 1.5 x 40 files.
        assertThat(use.metadataLine())
                .isEqualTo("limits = { wall = \"3s\", cpu = \"700ms\", memory = \"100MiB\", processes = 5,"
                        + " output = \"10KiB\", disk = \"6MiB\", files = 60 }");
    }

    @Test
    void leavesRoomWhereAScriptUsedNextToNothing() {
        var use = MeasuredUse.of(List.of(report(3, usage(1, 1000, 0, 0, 1, 0))), Limits.DEFAULT);
        assertThat(use.metadataLine())
                .isEqualTo("limits = { wall = \"1s\", cpu = \"500ms\", memory = \"32MiB\", processes = 2,"
                        + " output = \"4KiB\", disk = \"64KiB\", files = 16 }");
    }

    @Test
    void keepsTheMemoryLimitWhereTheRuntimeCannotTell() {
        var use = MeasuredUse.of(List.of(report(3, RunReport.Usage.NONE)), Limits.DEFAULT.withMemoryBytes(48 << 20));
        assertThat(use.metadataLine()).contains("memory = \"48MiB\"");
    }

    @Test
    void proposesWhatTheMetadataCanHold() {
        var use = MeasuredUse.of(List.of(report(80_000_000, usage(90_000, 1L << 30, 1, 999, 9000, 5))), Limits.DEFAULT);
        String script = "# /// automation\n# id = \"x\"\n# description = \"x\"\n# language = \"python\"\n# "
                + use.metadataLine() + "\n# ///\n";
        assertThat(AutomationFile.parse("x.py", script, Config.DEFAULT.sandbox())
                        .limits()
                        .wallTime())
                .isEqualTo(Duration.ofHours(24));
    }
}
