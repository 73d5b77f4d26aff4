package dev.understudy.core.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.spi.optimization.Dimension;
import dev.understudy.spi.optimization.Dimension.IntegerRange;
import dev.understudy.spi.optimization.Dimension.RealRange;
import dev.understudy.spi.optimization.Dimension.Scale;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BoundsTest {
    private static Bounds bounds(String text) {
        return Bounds.parse(text).orElseThrow();
    }

    @Test
    void areANameWithOrWithoutAnInterval() {
        assertThat(bounds("vm.swappiness=1..60")).isEqualTo(new Bounds("vm.swappiness", 1, 60));
        assertThat(bounds("ratio=0.25..0.5")).isEqualTo(new Bounds("ratio", 0.25, 0.5));
        assertThat(bounds("vm.swappiness")).isEqualTo(Bounds.of("vm.swappiness"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a=", "a=1", "a=1..", "a=5..1", "a=3..3", "a=x..y", "a b", "a=-1..5"})
    void areNothingElse(String text) {
        assertThat(Bounds.parse(text)).isEmpty();
    }

    @Test
    void neverLeaveThoseOfTheTarget() {
        Dimension swappiness = new IntegerRange("vm.swappiness", 0, 100, Scale.LINEAR, List.of());
        assertThat(bounds("vm.swappiness=10..500").cut(swappiness))
                .contains(new IntegerRange("vm.swappiness", 10, 100, Scale.LINEAR, List.of()));
        assertThat(bounds("vm.swappiness").cut(swappiness)).contains(swappiness);
        assertThat(bounds("vm.swappiness=200..500").cut(swappiness)).isEmpty();
        assertThat(bounds("x=0.2..3").cut(new RealRange("x", 0.5, 2, Scale.LOG, List.of())))
                .contains(new RealRange("x", 0.5, 2, Scale.LOG, List.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "vm.swappiness,         vm.swappiness,         true",
        "vm.swappiness,         vm_swappiness,         false",
        "block.*.read_ahead_kb, block.vda.read_ahead_kb, true",
        "block.*.read_ahead_kb, block.vda.b.read_ahead_kb, false",
        "block.*.read_ahead_kb, block..read_ahead_kb,  false"
    })
    void meanAParameterByItsNameOrByAStarForOnePart(String bounds, String name, boolean means) {
        assertThat(bounds(bounds).names(name)).isEqualTo(means);
    }
}
