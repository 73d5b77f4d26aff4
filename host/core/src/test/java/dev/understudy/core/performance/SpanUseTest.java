package dev.understudy.core.performance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.spi.performance.ResourceUse;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SpanUseTest {
    private static ResourceUse use(Map<String, String> span, Map<String, String> resource) {
        return SpanUse.of(span, resource, 2);
    }

    @Test
    void takesSharesAsTheyAre() {
        assertThat(use(
                        Map.of("container.cpu.utilization", "0.25"),
                        Map.of("k8s.container.memory_limit_utilization", "0.5")))
                .isEqualTo(new ResourceUse(25, 50));
    }

    @Test
    void takesAmountsAgainstTheirLimits() {
        // Three of four cores; 90 of 120 MB.
        assertThat(use(
                        Map.of("container.cpu.usage", "3", "container.memory.usage", "90000000"),
                        Map.of("container.cpu.limit", "4", "container.memory.limit", "120000000")))
                .isEqualTo(new ResourceUse(75, 75));
    }

    @Test
    void takesProcessorTimeThatFitsIntoTheSpan() {
        assertThat(use(Map.of("process.cpu.time", "0.5"), Map.of()).cpuPercent())
                .isEqualTo(25);
        // Longer than the span: it counts since the process began.
        assertThat(use(Map.of("process.cpu.time", "100"), Map.of()).cpuPercent())
                .isNaN();
    }

    @Test
    void addsWhatTheSpanReadAndWrote() {
        assertThat(use(Map.of("process.disk.io", "4096"), Map.of()).ioBytes()).isEqualTo(4096);
        assertThat(use(Map.of("process.disk.io.read", "100", "process.disk.io.write", "20"), Map.of())
                        .ioBytes())
                .isEqualTo(120);
        // Of the whole process it counts since that began.
        assertThat(use(Map.of(), Map.of("process.disk.io", "4096")).ioBytes()).isNaN();
    }

    @Test
    void leavesUnknownWhatIsNoShareOfAnythingKnown() {
        assertThat(use(
                                Map.of(
                                        "process.cpu.utilization", "85",
                                        "process.memory.usage", "1000",
                                        "container.cpu.usage", "many"),
                                Map.of())
                        .isKnown())
                .isFalse();
    }
}
