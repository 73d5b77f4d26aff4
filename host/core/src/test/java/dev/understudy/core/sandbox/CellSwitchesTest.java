package dev.understudy.core.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.core.config.Config;
import dev.understudy.sandbox.control.cells.CellOptions;
import dev.understudy.sandbox.control.cells.CellOptions.Keeping;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What the switches of the executor mean for cells. */
class CellSwitchesTest {
    private static CellOptions options(String executor) {
        return Sandbox.cellOptions(
                Config.parse("config.yaml", "executor: { " + executor + " }"),
                Path.of("/home/me"),
                CellOptions.Preparation.ENDS_WITH_HOST,
                _ -> {});
    }

    @Test
    void areNoneWhereNothingIsSwitchedOn() {
        CellOptions options = options("object_pool_size: 100, memory_idle_seconds: 5, concurrency_limit: 9");
        assertThat(options.keeping()).isEqualTo(Keeping.LATEST);
        assertThat(options.idleTime()).isEqualTo(Duration.ofMinutes(10));
        assertThat(options.maxConcurrentRuns()).isEqualTo(3);
    }

    @Test
    void thePoolIsCleanedUpFromItsThresholdOn() {
        assertThat(options("enable_object_pool: true, object_pool_size: 100, object_pool_cleanup_threshold: 0.75")
                        .keeping()
                        .idleContexts())
                .isEqualTo(OptionalInt.of(75));
    }

    @Test
    void contextsAreKeptForAsLongAsConfigured() {
        assertThat(options("enable_context_optimization: true, context_cache_size: 7, context_ttl_seconds: 60")
                        .keeping())
                .isEqualTo(new Keeping(OptionalInt.empty(), 7, Duration.ofMinutes(1)));
    }

    @Test
    void idleCellsEndSooner() {
        assertThat(options("enable_memory_optimization: true, memory_idle_seconds: 20")
                        .idleTime())
                .isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void cellsLetThroughWhatTheGateDoes() {
        assertThat(options("enable_concurrency_optimization: true, concurrency_limit: 9")
                        .maxConcurrentRuns())
                .isEqualTo(9);
        assertThat(options("enable_automatic_optimization: true, automatic_max_concurrent: 12")
                        .maxConcurrentRuns())
                .isEqualTo(12);
    }
}
